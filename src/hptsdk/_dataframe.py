"""Training jobs as a pandas DataFrame."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.plots._frame import Parameter, Row, Study

__all__ = ["frame_of"]


class _Pandas(Protocol):
    """What is used of pandas."""

    def DataFrame(self, data: Mapping[str, object]) -> object: ...  # noqa: N802 - its name

    def Series(self, data: Sequence[object], *, dtype: str) -> object: ...  # noqa: N802 - its name

    def to_datetime(self, data: Sequence[object], *, utc: bool) -> object: ...


def frame_of(study: Study) -> object:
    """Make one row for each training job.

    Raises:
        ImportError: pandas is not installed.
    """
    try:
        found = importlib.import_module("pandas")
    except ImportError as error:
        raise ImportError("a DataFrame is made with pandas, which is not installed: pip install pandas") from error
    pandas = cast("_Pandas", found)
    rows = study.rows
    columns: dict[str, object] = {
        "name": pandas.Series([row.name for row in rows], dtype="object"),
        "status": pandas.Series([row.status for row in rows], dtype="object"),
        "objective": pandas.Series([row.value for row in rows], dtype="float64"),
        "start": pandas.to_datetime([row.begin for row in rows], utc=True),
        "end": pandas.to_datetime([row.end for row in rows], utc=True),
        "seconds": pandas.Series([row.seconds for row in rows], dtype="float64"),
        "definition": pandas.Series([row.definition or None for row in rows], dtype="object"),
        "reason": pandas.Series([row.reason or None for row in rows], dtype="object"),
    }
    for parameter in _parameters(study):
        name = f"hyperparameter {parameter.name}" if parameter.name in columns else parameter.name
        columns[name] = _column(pandas, parameter, rows)
    return pandas.DataFrame(columns)


def _parameters(study: Study) -> list[Parameter]:
    """Give each hyperparameter once; where definitions differ in what it is, as text."""
    found: dict[str, Parameter] = {}
    for group in study.groups:
        for parameter in group.parameters:
            known = found.setdefault(parameter.name, parameter)
            if "category" in {known.kind, parameter.kind} and known.kind != parameter.kind:
                found[parameter.name] = known if known.kind == "category" else parameter
    return list(found.values())


def _column(pandas: _Pandas, parameter: Parameter, rows: Sequence[Row]) -> object:
    if parameter.kind == "category":
        return pandas.Series([row.tried.get(parameter.name) for row in rows], dtype="object")
    numbers = [row.numbers.get(parameter.name) for row in rows]
    are_whole = parameter.kind == "integer" and all(number is not None and number.is_integer() for number in numbers)
    return pandas.Series(numbers, dtype="int64" if are_whole else "float64")
