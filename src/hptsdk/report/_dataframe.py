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

__all__ = ["data_frame", "typed_hyperparameters"]

_LIBRARIES = ("pandas", "polars")
_PREFIX = "hyperparameter "

_Type = Literal["text", "number", "integer", "time", "object"]

# Integers from here on are too large for a column of 64-bit integers, or are rounded in a column of floats.
_INT64, _EXACT = 2**63, 2**53


def data_frame(results: JobResults, library: str) -> object:
    """Create a DataFrame of pandas or polars with one row for each training job.

    Times are in UTC. Missing values are NaN, NaT or None in pandas, and null in polars. `TuningJob.to_dataframe` has
    the columns and the errors.
    """
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
    series = _polars_series if library == "polars" else _pandas_series
    return module.DataFrame({title: series(module, *column) for title, column in columns.items()})


def _pandas_series(pandas: Any, values: Sequence[object], kind: _Type) -> object:  # noqa: ANN401 - not installed
    """Create a column of pandas."""
    if kind == "time":
        return pandas.to_datetime(values, utc=True)
    present = [value for value in values if isinstance(value, int)]
    if kind == "integer" and not _are_64_bits(present):
        kind = "object"
    elif kind == "integer" and len(present) < len(values):
        # a column of 64-bit integers has no missing values
        kind = "object" if any(abs(value) > _EXACT for value in present) else "number"
    dtypes = {"text": "object", "number": "float64", "integer": "int64", "object": "object"}
    return pandas.Series(values, dtype=dtypes[kind])


def _polars_series(polars: Any, values: Sequence[object], kind: _Type) -> object:  # noqa: ANN401 - not installed
    """Create a column of polars."""
    if kind == "integer" and not _are_64_bits([value for value in values if isinstance(value, int)]):
        kind = "object"
    dtypes = {
        "text": polars.String,
        "number": polars.Float64,
        "integer": polars.Int64,
        "time": polars.Datetime("us", "UTC"),
        "object": polars.Object,
    }
    return polars.Series(values, dtype=dtypes[kind])


def _are_64_bits(integers: Sequence[int]) -> bool:
    return all(-_INT64 <= integer < _INT64 for integer in integers)


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
    parameters: dict[str, Parameter] = {}
    for definition in results.definitions:
        for parameter in definition.parameters:
            first = parameters.setdefault(parameter.name, parameter)
            if parameter.kind == "category" and first.kind != "category":
                parameters[parameter.name] = parameter
    return parameters


def _column(parameter: Parameter, rows: Sequence[Row]) -> tuple[Sequence[object], _Type]:
    """Return the values of a hyperparameter, one for each row, and their type."""
    if parameter.kind == "integer":
        integers = [_integer(row, parameter.name) for row in rows]
        if all(
            integer is not None or row.value_of(parameter) is None for integer, row in zip(integers, rows, strict=True)
        ):
            return integers, "integer"
    return [row.value_of(parameter) for row in rows], "text" if parameter.kind == "category" else "number"


def typed_hyperparameters(
    response: DescribeHyperParameterTuningJobResponse, summary: HyperParameterTrainingJobSummary
) -> dict[str, int | float | str]:
    """Return the tuned hyperparameters of a training job, with the types of their ranges.

    Args:
        response: the response of Describe for the tuning job.
        summary: the summary of the training job.
    """
    results = job_results(response, [summary])
    definition = next(definition for definition in results.definitions if definition.rows)
    (row,) = definition.rows
    typed: dict[str, int | float | str] = {}
    for name, value in row.tuned.items():
        kind, number = definition.kinds[name], row.numbers.get(name)
        integer = _integer(row, name) if kind == "integer" else None
        typed[name] = value if kind == "category" or number is None else number if integer is None else integer
    return typed


def _integer(row: Row, name: str) -> int | None:
    """Parse the value of a hyperparameter as an integer with all its digits; None if it is not an integer."""
    number = row.numbers.get(name)
    if number is None or not number.is_integer():
        return None
    try:
        return int(row.tuned[name])
    except ValueError:  # with a decimal point or an exponent
        return int(number)
