"""The training jobs of a tuning job as a DataFrame of pandas or polars, and typed hyperparameters."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Literal

from hptsdk._validation import format_value
from hptsdk.report._results import job_results

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hptsdk.report._results import JobResults, Parameter, Row
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

_LIBRARIES = ("pandas", "polars")
_PREFIX = "hyperparameter "

_Type = Literal["text", "number", "integer", "time", "object"]

# Integers from here on are too large for a column of 64-bit integers, or are rounded in a column of floats.
_INT64, _EXACT = 2**63, 2**53


def data_frame(results: JobResults, library: str) -> object:
    """Create a DataFrame of pandas or polars with a row for each training job; see `TuningJob.to_dataframe`."""
    if library not in _LIBRARIES:
        raise ValueError(f"library: expected 'pandas' or 'polars', got {format_value(library)}")
    try:
        module: Any = importlib.import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        text = f"a DataFrame requires {library}, which is not installed: pip install {library}"
        raise ModuleNotFoundError(text, name=error.name) from error
    rows = results.rows
    columns: dict[str, tuple[Sequence[object], _Type]] = {
        "name": ([row.name for row in rows], "text"),
        "status": ([row.status for row in rows], "text"),
        "objective": ([row.value for row in rows], "number"),
        "start": ([row.start for row in rows], "time"),
        "end": ([row.end for row in rows], "time"),
        "seconds": ([row.seconds for row in rows], "number"),
        "definition": ([row.definition or None for row in rows], "text"),
        "reason": ([row.reason or None for row in rows], "text"),
    }
    parameters = _parameters(results)
    titles = {name: _title(name, columns.keys(), parameters) for name in parameters}
    columns |= {titles[name]: _column(parameter, rows) for name, parameter in parameters.items()}
    return module.DataFrame({title: _series(module, library, *column) for title, column in columns.items()})


def _series(module: Any, library: str, values: Sequence[object], kind: _Type) -> object:  # noqa: ANN401 - not installed
    """Create a column."""
    integers = [value for value in values if isinstance(value, int)]
    if kind == "integer" and not all(-_INT64 <= integer < _INT64 for integer in integers):
        kind = "object"
    if library == "polars":
        time = module.Datetime("us", "UTC")
        dtypes = {"text": module.String, "number": module.Float64, "integer": module.Int64, "time": time}
        return module.Series(values, dtype=dtypes.get(kind, module.Object))
    if kind == "time":
        return module.to_datetime(values, utc=True)
    if kind == "integer" and len(integers) < len(values):
        # a column of 64-bit integers has no missing values
        kind = "object" if any(abs(integer) > _EXACT for integer in integers) else "number"
    return module.Series(values, dtype={"number": "float64", "integer": "int64"}.get(kind, "object"))


def _title(name: str, columns: Collection[str], parameters: Collection[str]) -> str:
    """Return a unique title for the column of a hyperparameter: its name, if no other column has it."""
    if name not in columns:
        return name
    title = f"{_PREFIX}{name}"
    while title in parameters:
        title = f"{_PREFIX}{title}"
    return title


def _parameters(results: JobResults) -> dict[str, Parameter]:
    """Return the hyperparameters by their names. One that is a category in any definition is text."""
    parameters = [parameter for definition in results.definitions for parameter in definition.parameters]
    by_name: dict[str, Parameter] = {}
    for parameter in parameters:
        if parameter.name not in by_name or parameter.kind == "category":
            by_name[parameter.name] = parameter
    return by_name


def _column(parameter: Parameter, rows: Sequence[Row]) -> tuple[Sequence[object], _Type]:
    """Return the values of a hyperparameter, one for each row, and their type."""
    values = [row.value_of(parameter) for row in rows]
    if parameter.kind == "integer":
        integers = [_integer(row, parameter.name) for row in rows]
        if integers.count(None) == values.count(None):
            return integers, "integer"
    return values, "text" if parameter.kind == "category" else "number"


def _integer(row: Row, name: str) -> int | None:
    """Return the value of a hyperparameter as an integer with all its digits; None if it is not an integer."""
    number = row.numbers.get(name)
    if number is None or not number.is_integer():
        return None
    try:
        return int(row.tuned[name])
    except ValueError:  # with a decimal point or an exponent
        return int(number)


def typed_hyperparameters(
    response: DescribeHyperParameterTuningJobResponse, summary: HyperParameterTrainingJobSummary
) -> dict[str, int | float | str]:
    """Return the tuned hyperparameters of a training job, with the types of their ranges.

    Args:
        response: the response of Describe for the tuning job.
        summary: the summary of the training job.
    """
    definition = next(each for each in job_results(response, [summary]).definitions if each.rows)
    (row,) = definition.rows
    typed: dict[str, int | float | str] = {**row.tuned}
    for name, number in row.numbers.items():
        kind = definition.kinds[name]
        if kind != "category":
            integer = _integer(row, name) if kind == "integer" else None
            typed[name] = number if integer is None else integer
    return typed
