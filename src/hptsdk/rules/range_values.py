"""The values of parameter ranges: bounds as numbers, scaling, and the number of ranges and combinations."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.shapes import (
        CategoricalParameterRange,
        ContinuousParameterRange,
        IntegerParameterRange,
        ParameterRanges,
    )

    AnyRange = ContinuousParameterRange | IntegerParameterRange | CategoricalParameterRange

_NUMBER = r"(?a)\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,5})?\s*"

# A range whose bounds have at least this ratio is searched, and plotted, on a logarithmic scale by default.
_LOGARITHMIC_FROM = 100

# The integers of a range with a bound of more digits are not counted, because conversion of 1e99999 takes long.
_DIGITS = 19


@lru_cache(maxsize=1024)
def parse_number(text: str) -> Decimal | None:
    """Parse a bound of a range.

    Args:
        text: the bound in decimal notation, as in `"0.1"` or `"1e-5"`; blanks around it are ignored.

    Returns:
        The number; None if the text is not a finite number, or its exponent has more than five digits.

    Example:
        >>> parse_number(" 1e-5")
        Decimal('0.00001')
    """
    return Decimal(text.strip()) if re.fullmatch(_NUMBER, text) else None


def has_ranges(ranges: ParameterRanges | None) -> bool:
    """Check whether there is any range, or any hyperparameter whose range Autotune chooses.

    Example:
        >>> from hptsdk import shapes
        >>> has_ranges(shapes.ParameterRanges(integer_parameter_ranges=[]))
        False
    """
    return ranges is not None and bool(
        ranges.continuous_parameter_ranges
        or ranges.integer_parameter_ranges
        or ranges.categorical_parameter_ranges
        or ranges.auto_parameters
    )


def count_ranges(ranges: ParameterRanges | None) -> int:
    """Return the number of ranges of all types, with those that Autotune chooses.

    Example:
        >>> from hptsdk import shapes
        >>> eta = shapes.ContinuousParameterRange(name="eta", min_value="0.1", max_value="0.5")
        >>> count_ranges(shapes.ParameterRanges(continuous_parameter_ranges=[eta]))
        1
    """
    if ranges is None:
        return 0
    return (
        len(ranges.continuous_parameter_ranges or ())
        + len(ranges.integer_parameter_ranges or ())
        + len(ranges.categorical_parameter_ranges or ())
        + len(ranges.auto_parameters or ())
    )


def grid_size(ranges: ParameterRanges | None) -> int | None:
    """Return the number of combinations of categorical ranges; None if there is no range, or one of another type.

    Example:
        >>> from hptsdk import shapes
        >>> booster = shapes.CategoricalParameterRange(name="booster", values=["gbtree", "dart"])
        >>> depth = shapes.CategoricalParameterRange(name="depth", values=["4", "6", "8"])
        >>> grid_size(shapes.ParameterRanges(categorical_parameter_ranges=[booster, depth]))
        6
    """
    return None if ranges is None or ranges.integer_parameter_ranges else count_combinations(ranges)


def count_combinations(ranges: ParameterRanges) -> int | None:
    """Return the number of combinations of the values of integer and categorical ranges.

    Returns:
        The number of combinations; None if there is no range, a continuous range, one that Autotune chooses, a bound
        that is not a number or has more than 19 digits before the point, or a minimum above its maximum.

    Example:
        >>> from hptsdk import shapes
        >>> depth = shapes.IntegerParameterRange(name="depth", min_value="3", max_value="6")
        >>> count_combinations(shapes.ParameterRanges(integer_parameter_ranges=[depth]))
        4
    """
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
    """Return the number of integers in a range; None if `count_combinations` returns None for it."""
    low, high = parse_number(integers.min_value), parse_number(integers.max_value)
    if low is None or high is None or low > high or max(low.adjusted(), high.adjusted()) >= _DIGITS:
        return None
    return math.floor(high) - math.ceil(low) + 1


def effective_scaling(scaling_type: str | None, low: Decimal, high: Decimal) -> str:
    """Return the scaling with which a range is searched and plotted.

    Args:
        scaling_type: the ScalingType of the range, or None.
        low: the lowest value.
        high: the highest value.

    Returns:
        The ScalingType itself; for `Auto` and None `Logarithmic` if the lowest value is above 0 and the highest one is
        at least 100 times as large, else `Linear`.

    Example:
        >>> effective_scaling("Auto", parse_number("0.001"), parse_number("1"))
        'Logarithmic'
    """
    if scaling_type not in {None, "Auto"}:
        return str(scaling_type)
    return "Logarithmic" if low > 0 and high / low >= _LOGARITHMIC_FROM else "Linear"


def ranges_by_member(ranges: ParameterRanges) -> list[tuple[str, int, AnyRange]]:
    """Return each continuous, integer and categorical range with its place.

    Returns:
        The attribute that has the range, such as `"integer_parameter_ranges"`, the index in it, and the range. Those
        that Autotune chooses are omitted.
    """
    return [
        (member, index, item)
        for member in ("continuous_parameter_ranges", "integer_parameter_ranges", "categorical_parameter_ranges")
        for index, item in enumerate(getattr(ranges, member) or ())
    ]


def range_names(ranges: ParameterRanges) -> list[str]:
    """Return the name of each integer, continuous and categorical range."""
    lists = ranges.integer_parameter_ranges, ranges.continuous_parameter_ranges, ranges.categorical_parameter_ranges
    return [item.name for items in lists for item in items or ()]


def tuned_names(ranges: ParameterRanges | None) -> set[str]:
    """Return the names of the hyperparameters that have a range or are left to Autotune.

    Example:
        >>> from hptsdk import shapes
        >>> tuned_names(shapes.ParameterRanges(auto_parameters=[shapes.AutoParameter(name="eta", value_hint="0.3")]))
        {'eta'}
    """
    if ranges is None:
        return set()
    return {*range_names(ranges), *(item.name for item in ranges.auto_parameters or ())}
