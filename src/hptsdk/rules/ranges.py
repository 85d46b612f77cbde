"""Rules of parameter ranges: their bounds, scaling, categorical values and names, and their number."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, placeholder_hint, rule, shortened
from hptsdk.rules import duplicates, repeated
from hptsdk.rules.range_values import count_ranges, parse_number, range_names, ranges_by_member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.shapes import (
        AutoParameter,
        CategoricalParameterRange,
        ContinuousParameterRange,
        IntegerParameterRange,
        ParameterRanges,
    )

    NumericRange = ContinuousParameterRange | IntegerParameterRange
    AnyRange = NumericRange | CategoricalParameterRange | AutoParameter

# The highest number of integer, continuous and categorical ranges together.
MAX_RANGES = 30

_BOUNDS = ("min_value", "max_value")


@lru_cache(maxsize=1024)
def _is_whole(text: str) -> bool:
    value = parse_number(text)
    return value is None or value == value.to_integral_value()


@rule("bounds-are-numbers", "C043", "C044", source="API_ContinuousParameterRange", basis="inferred")
def bounds_are_numbers(numeric: NumericRange) -> list[Problem] | None:
    """The bounds of a numeric range are finite numbers in decimal notation.

    The API transports bounds as text and its model accepts any. "nan" and "inf" are not bounds of an interval.
    AWS calls the bounds numbers.

    Example:
        `MinValue` "low", `MaxValue` "1".
    """
    if parse_number(numeric.min_value) is not None and parse_number(numeric.max_value) is not None:
        return None
    return [
        Problem(
            name,
            expected="a finite number as decimal text",
            got=format_value(getattr(numeric, name)),
            hint=placeholder_hint(getattr(numeric, name)) or "write a number, such as '1'",
        )
        for name in _BOUNDS
        if parse_number(getattr(numeric, name)) is None
    ]


@rule("minimum-below-maximum", "C035", "C036", "C037", source="aws/amazon-sagemaker-feedback#195", basis="observed")
def minimum_below_maximum(numeric: NumericRange) -> Problem | None:
    """MinValue is less than MaxValue; the two are compared as numbers.

    The service rejects a range with a single value, and no value is in an interval with reversed bounds. The bounds
    are not compared as text, in which "9" is greater than "10".

    Example:
        `MinValue` "1", `MaxValue` "0"; also `MinValue` "1", `MaxValue` "1.0".
    """
    low, high = parse_number(numeric.min_value), parse_number(numeric.max_value)
    if low is None or high is None or low < high:
        return None
    return Problem(
        "max_value",
        expected=f"a number above MinValue {shortened(numeric.min_value.strip())}",
        got=format_value(numeric.max_value),
        hint="exchange the bounds" if low > high else "make it a static hyperparameter",
    )


@rule("integer-bounds-are-whole", "C042", source="API_IntegerParameterRange", basis="inferred")
def integer_bounds_are_whole(numeric: IntegerParameterRange) -> list[Problem] | None:
    """The bounds of an integer range are integers.

    Training jobs receive integers from such a range, so a fraction cannot be its first or last value. A
    bound with the value of an integer, such as "1e2", is valid.

    Example:
        `MinValue` "0.5", `MaxValue` "3".
    """
    if _is_whole(numeric.min_value) and _is_whole(numeric.max_value):
        return None
    return [
        Problem(
            name,
            expected="an integer",
            got=format_value(getattr(numeric, name)),
            hint="round it, or use a continuous range",
        )
        for name in _BOUNDS
        if not _is_whole(getattr(numeric, name))
    ]


@rule("logarithmic-needs-positive-bounds", "C039", source="API_ContinuousParameterRange", needs=("scaling_type",))
def logarithmic_needs_positive_bounds(numeric: NumericRange) -> Problem | None:
    """A range with Logarithmic scaling has only values above 0.

    The search is uniform in the logarithm of the value, which exists only above 0. AWS documents this
    condition.

    Example:
        `MinValue` "0", `MaxValue` "1", `ScalingType` "Logarithmic".
    """
    if numeric.scaling_type != "Logarithmic":
        return None
    low = parse_number(numeric.min_value)
    if low is None or low > 0:
        return None
    return Problem(
        "min_value",
        expected="a number above 0 with Logarithmic scaling",
        got=format_value(numeric.min_value),
        hint="increase it, or use Linear scaling",
    )


@rule("reverse-logarithmic-needs-unit-interval", "C040", source="API_ContinuousParameterRange", needs=("scaling_type",))
def reverse_logarithmic_needs_unit_interval(numeric: ContinuousParameterRange) -> list[Problem] | None:
    """A range with ReverseLogarithmic scaling has only values of at least 0 and below 1.

    The search is uniform in the logarithm of 1 - x, which exists only below 1. AWS documents this condition.

    Example:
        `MinValue` "0.9", `MaxValue` "1", `ScalingType` "ReverseLogarithmic".
    """
    if numeric.scaling_type != "ReverseLogarithmic":
        return None
    return [
        Problem(
            name,
            expected="a number of at least 0 and below 1 with ReverseLogarithmic scaling",
            got=format_value(getattr(numeric, name)),
            hint="change it, or use Linear scaling",
        )
        for name in _BOUNDS
        if (value := parse_number(getattr(numeric, name))) is not None and not 0 <= value < 1
    ]


@rule("integers-scale-forwards", "C041", source="dg/automatic-model-tuning-define-ranges", needs=("scaling_type",))
def integers_scale_forwards(numeric: IntegerParameterRange) -> Problem | None:
    """An integer range does not have ReverseLogarithmic scaling.

    The scaling is for values of at least 0 and below 1, of which only 0 is an integer. AWS documents that integer
    ranges do not support it.
    """
    if numeric.scaling_type != "ReverseLogarithmic":
        return None
    return Problem(
        "scaling_type",
        expected="Auto, Linear or Logarithmic for an integer range",
        got="'ReverseLogarithmic'",
        hint="use Auto scaling, or a continuous range",
    )


@rule("categories-differ", "C038", source="aws/amazon-sagemaker-feedback#195", basis="observed")
def categories_differ(categories: CategoricalParameterRange) -> list[Problem] | None:
    """The values of a categorical range differ.

    The service rejects a value that occurs twice, so a value cannot be made more probable by repetition. Values
    are compared as text: "1" and "1.0" differ.

    Example:
        `Values` ["sgd", "adam", "sgd"].
    """
    return duplicates(categories.values, "values", noun="value", hint="remove it")


@rule("range-names-differ", "C045", source="API_ParameterRanges", basis="inferred")
def range_names_differ(ranges: ParameterRanges) -> list[Problem] | None:
    """A hyperparameter has at most one range.

    Each training job receives one value for each name. Two ranges with the same name, of one type or of different
    types, are ambiguous. The names in AutoParameters must also differ.

    Example:
        "depth" in `IntegerParameterRanges` and in `CategoricalParameterRanges`.
    """
    names, auto = range_names(ranges), [item.name for item in ranges.auto_parameters or ()]
    if len(set(names)) == len(names) and len(set(auto)) == len(auto):
        return None
    places = [(member, index, item.name) for member, index, item in ranges_by_member(ranges)]
    return _repeated(places) + _repeated([("auto_parameters", index, name) for index, name in enumerate(auto)])


def _repeated(places: Sequence[tuple[str, int, str]]) -> list[Problem]:
    return [
        Problem(
            *places[order][:2],
            "name",
            expected="a hyperparameter without another range",
            got=format_value(name),
            hint="remove one of the two ranges",
        )
        for order, name in repeated([name for _, _, name in places])
    ]


@rule(
    "auto-parameters-have-no-range", "C109", source="API_ParameterRanges", basis="inferred", needs=("auto_parameters",)
)
def auto_parameters_have_no_range(ranges: ParameterRanges) -> list[Problem] | None:
    """A hyperparameter of AutoParameters has no range.

    Autotune chooses the ranges of these hyperparameters, so another range with the same name is a contradiction.
    The SageMaker Python SDK separates the two before it sends a request.

    Example:
        "depth" in `AutoParameters` and in `IntegerParameterRanges`.
    """
    names = set(range_names(ranges))
    return [
        Problem(
            "auto_parameters",
            index,
            "name",
            expected="a hyperparameter without a range",
            got=format_value(item.name),
            hint="remove this item, or the range",
        )
        for index, item in enumerate(ranges.auto_parameters or ())
        if item.name in names
    ]


@rule("at-most-thirty-ranges", "C047", source="API_ParameterRanges")
def at_most_thirty_ranges(ranges: ParameterRanges) -> Problem | None:
    """A structure of ranges has at most 30 integer, continuous and categorical ranges together.

    The API model limits each of the three lists to 30 items, but AWS documents that the limit is for their sum.
    AutoParameters do not count here.

    Example:
        20 items of `IntegerParameterRanges` and 11 of `ContinuousParameterRanges`.
    """
    total = count_ranges(ranges) - len(ranges.auto_parameters or ())
    if total <= MAX_RANGES:
        return None
    return Problem(
        expected=f"at most {MAX_RANGES} ranges in total", got=f"{total}", hint="make some hyperparameters static"
    )


@advice("range-has-a-name", "F139", source="API_ParameterRanges", basis="inferred")
def range_has_a_name(any_range: AnyRange) -> Problem | None:
    """The name of a hyperparameter is not empty.

    The API model accepts empty text, but no algorithm has a hyperparameter with this name.
    """
    if any_range.name:
        return None
    return Problem("name", expected="the name of a hyperparameter", got="empty text", hint="set the name")


CONTINUOUS = (
    bounds_are_numbers,
    minimum_below_maximum,
    logarithmic_needs_positive_bounds,
    reverse_logarithmic_needs_unit_interval,
    range_has_a_name,
)
INTEGER = (
    bounds_are_numbers,
    minimum_below_maximum,
    logarithmic_needs_positive_bounds,
    integers_scale_forwards,
    integer_bounds_are_whole,
    range_has_a_name,
)
CATEGORICAL = (categories_differ, range_has_a_name)
AUTO = (range_has_a_name,)
PARAMETER_RANGES = (range_names_differ, auto_parameters_have_no_range, at_most_thirty_ranges)
