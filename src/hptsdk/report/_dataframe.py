"""Training jobs as a pandas DataFrame."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hptsdk.report._study import Parameter, Row, Study

__all__ = ["data_frame"]

_PREFIX = "hyperparameter "

# Integers are exact in a column of integers below the one, and in a column of floats up to the other.
_INT64, _EXACT = 2**63, 2**53


class _Pandas(Protocol):
    """What is used of pandas."""

    def DataFrame(self, data: Mapping[str, object]) -> object: ...  # noqa: N802 - its name

    def Series(self, data: Sequence[object], *, dtype: str) -> object: ...  # noqa: N802 - its name

    def to_datetime(self, data: Sequence[object], *, utc: bool) -> object: ...


def data_frame(study: Study) -> object:
    """Make one row for each training job.

    Raises:
        ImportError: pandas is not installed, or can't be imported.
    """
    try:
        found = importlib.import_module("pandas")
    except ModuleNotFoundError as error:
        if error.name != "pandas":
            raise
        text = "a DataFrame is made with pandas, which is not installed: pip install pandas"
        raise ModuleNotFoundError(text, name=error.name) from error
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
    parameters = _parameters(study)
    names = {parameter.name for parameter in parameters}
    titled = [(_title(parameter.name, columns.keys(), names), parameter) for parameter in parameters]
    return pandas.DataFrame(columns | {title: _column(pandas, parameter, rows) for title, parameter in titled})


def _title(name: str, told: Collection[str], names: Collection[str]) -> str:
    """Give a hyperparameter's column a name that no other has."""
    if name not in told:
        return name
    title = f"{_PREFIX}{name}"
    while title in names:
        title = f"{_PREFIX}{title}"
    return title


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
    if parameter.kind == "integer":
        whole = [_whole(row, parameter.name) for row in rows]
        if None not in whole and all(-_INT64 <= cast("int", number) < _INT64 for number in whole):
            return pandas.Series(whole, dtype="int64")
        if any(number is not None and abs(number) > _EXACT for number in whole):
            return pandas.Series(whole, dtype="object")
    return pandas.Series([row.numbers.get(parameter.name) for row in rows], dtype="float64")


def _whole(row: Row, name: str) -> int | None:
    """Read an integer to its last digit; None where there is none."""
    number = row.numbers.get(name)
    if number is None or not number.is_integer():
        return None
    try:
        return int(row.tried[name])
    except ValueError:  # written with a point or an exponent
        return int(number)
