"""What several rules read from a request: its definitions with their paths, and what their ranges come to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hptsdk.rules.ranges import number

if TYPE_CHECKING:
    from decimal import Decimal

    from hptsdk._validation import Step
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterTrainingJobDefinition,
        IntegerParameterRange,
        ParameterRanges,
    )

# Bounds this far apart are searched, and drawn, on a logarithmic scale unless the range names another one.
_LOGARITHMIC_FROM = 100

# A bound of more digits than this makes more combinations than any job has training jobs.
_DIGITS = 18


def definitions_of(
    request: CreateHyperParameterTuningJobRequest,
) -> list[tuple[tuple[Step, ...], HyperParameterTrainingJobDefinition]]:
    """Give the definitions with their paths, the single one and those of the list."""
    found: list[tuple[tuple[Step, ...], HyperParameterTrainingJobDefinition]] = []
    if request.training_job_definition is not None:
        found.append((("training_job_definition",), request.training_job_definition))
    if request.training_job_definitions is not None:
        for index, definition in enumerate(request.training_job_definitions):
            found.append((("training_job_definitions", index), definition))
    return found


def searches(ranges: ParameterRanges | None) -> bool:
    """Tell whether there is anything in the ranges, be it only what Autotune chooses."""
    return ranges is not None and bool(
        ranges.continuous_parameter_ranges
        or ranges.integer_parameter_ranges
        or ranges.categorical_parameter_ranges
        or ranges.auto_parameters
    )


def size_of(ranges: ParameterRanges | None) -> int:
    """Count the entries of all lists."""
    if ranges is None:
        return 0
    return (
        len(ranges.continuous_parameter_ranges or ())
        + len(ranges.integer_parameter_ranges or ())
        + len(ranges.categorical_parameter_ranges or ())
        + len(ranges.auto_parameters or ())
    )


def grid_size(ranges: ParameterRanges) -> int | None:
    """Count the combinations of categories; None where there are other ranges, or no categories."""
    if (
        not ranges.categorical_parameter_ranges
        or ranges.continuous_parameter_ranges
        or ranges.integer_parameter_ranges
        or ranges.auto_parameters
    ):
        return None
    return math.prod(len(set(item.values)) for item in ranges.categorical_parameter_ranges)


def combinations(ranges: ParameterRanges) -> int | None:
    """Count the combinations of categories and whole numbers; None where they are endless or can't be counted."""
    if ranges.continuous_parameter_ranges or ranges.auto_parameters:
        return None
    total = 1
    for integers in ranges.integer_parameter_ranges or ():
        count = _whole_numbers(integers)
        if count is None:
            return None
        total *= count
    for categories in ranges.categorical_parameter_ranges or ():
        total *= len(set(categories.values))
    return total if ranges.integer_parameter_ranges or ranges.categorical_parameter_ranges else None


def _whole_numbers(integers: IntegerParameterRange) -> int | None:
    """Count the whole numbers in a range; None where its bounds are faulty, or too far apart to be worth counting."""
    low, high = number(integers.min_value), number(integers.max_value)
    if low is None or high is None or low > high or max(low.adjusted(), high.adjusted()) > _DIGITS:
        return None
    return math.floor(high) - math.ceil(low) + 1


def scaling_of(scaling_type: str | None, low: Decimal, high: Decimal) -> str:
    """Return the scaling of a range: its own, or for Auto and None the one that its bounds suggest."""
    if scaling_type not in {None, "Auto"}:
        return str(scaling_type)
    return "Logarithmic" if low > 0 and high / low >= _LOGARITHMIC_FROM else "Linear"
