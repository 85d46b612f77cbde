"""The training jobs of a tuning job as a pandas DataFrame."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from hptsdk.report._results import job_results

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hptsdk.report._results import JobResults, Parameter, Row
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["data_frame", "typed_hyperparameters"]

_PREFIX = "hyperparameter "

# Integers from here on are too large for a column of 64-bit integers, or are rounded in a column of floats.
_INT64, _EXACT = 2**63, 2**53


def data_frame(results: JobResults) -> object:
    """Create a DataFrame with one row for each training job.

    The columns are `name`, `status`, `objective`, `start`, `end`, `seconds`, `definition` and `reason`, and one for
    each tuned hyperparameter.

    Args:
        results: the table of the training jobs.

    Returns:
        A `pandas.DataFrame`. Times are in UTC, and missing values are NaN, NaT or None.

    Raises:
        ImportError: pandas is not installed, or cannot be imported.
    """
    try:
        pandas: Any = importlib.import_module("pandas")
    except ModuleNotFoundError as error:
        if error.name != "pandas":
            raise
        text = "a DataFrame requires pandas, which is not installed: pip install pandas"
        raise ModuleNotFoundError(text, name=error.name) from error
    rows = results.rows
    columns: dict[str, object] = {
        "name": pandas.Series([row.name for row in rows], dtype="object"),
        "status": pandas.Series([row.status for row in rows], dtype="object"),
        "objective": pandas.Series([row.value for row in rows], dtype="float64"),
        "start": pandas.to_datetime([row.start for row in rows], utc=True),
        "end": pandas.to_datetime([row.end for row in rows], utc=True),
        "seconds": pandas.Series([row.seconds for row in rows], dtype="float64"),
        "definition": pandas.Series([row.definition or None for row in rows], dtype="object"),
        "reason": pandas.Series([row.reason or None for row in rows], dtype="object"),
    }
    parameters = _parameters(results)
    titles = {name: _title(name, columns.keys(), parameters) for name in parameters}
    for name, parameter in parameters.items():
        values, dtype = _column(parameter, rows)
        columns[titles[name]] = pandas.Series(values, dtype=dtype)
    return pandas.DataFrame(columns)


def _title(name: str, columns: Collection[str], parameters: Collection[str]) -> str:
    """Return a unique title for the column of a hyperparameter.

    Args:
        name: the name of the hyperparameter. It is the title if no other column has it.
        columns: the titles of the other columns.
        parameters: the names of all hyperparameters.
    """
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


def _column(parameter: Parameter, rows: Sequence[Row]) -> tuple[Sequence[object], str]:
    """Return the values of a hyperparameter, one for each row, and the pandas dtype of their column."""
    if parameter.kind == "integer":
        integers = [_integer(row, parameter.name) for row in rows]
        present = [integer for integer in integers if integer is not None]
        if len(present) == len(integers) and all(-_INT64 <= integer < _INT64 for integer in present):
            return integers, "int64"
        if any(abs(integer) > _EXACT for integer in present):
            return integers, "object"
    return [row.value_of(parameter) for row in rows], "object" if parameter.kind == "category" else "float64"


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
