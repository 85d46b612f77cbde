"""Rules of the parameter ranges."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, repeated, rule, shortened, shown
from hptsdk.rules.range_values import parse_number

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

# All range lists together.
MOST_RANGES = 30


@lru_cache(maxsize=1024)
def _is_whole(text: str) -> bool:
    value = parse_number(text)
    return value is None or value == value.to_integral_value()


@rule("bounds-are-numbers", "C043", "C044", source="API_ContinuousParameterRange", basis="inferred")
def bounds_are_numbers(numeric: NumericRange) -> list[Breach] | None:
    """The bounds of a numeric range are finite numbers, written as decimal text."""
    if parse_number(numeric.min_value) is not None and parse_number(numeric.max_value) is not None:
        return None
    wrong = [name for name in ("min_value", "max_value") if parse_number(getattr(numeric, name)) is None]
    return [
        Breach(name, expected="a finite number as decimal text", got=shown(getattr(numeric, name)), hint="as in '0.1'")
        for name in wrong
    ] or None


@rule("minimum-below-maximum", "C035", "C036", "C037", source="aws/amazon-sagemaker-feedback#195", basis="observed")
def minimum_below_maximum(numeric: NumericRange) -> Breach | None:
    """The smallest value of a range lies below its largest; bounds compare as numbers."""
    low, high = parse_number(numeric.min_value), parse_number(numeric.max_value)
    if low is None or high is None or low < high:
        return None
    return Breach(
        "max_value",
        expected=f"a number above MinValue {shortened(numeric.min_value.strip())}",
        got=shown(numeric.max_value),
        hint="exchange the bounds" if low > high else "make it a static hyperparameter",
    )


@rule("integer-bounds-are-whole", "C042", source="API_IntegerParameterRange", basis="inferred")
def integer_bounds_are_whole(numeric: IntegerParameterRange) -> list[Breach] | None:
    """The bounds of an integer range are whole numbers."""
    if _is_whole(numeric.min_value) and _is_whole(numeric.max_value):
        return None
    return [
        Breach(name, expected="a whole number", got=shown(getattr(numeric, name)), hint="use a continuous range")
        for name in ("min_value", "max_value")
        if not _is_whole(getattr(numeric, name))
    ]


@rule("logarithmic-needs-positive-bounds", "C039", source="API_ContinuousParameterRange", needs=("scaling_type",))
def logarithmic_needs_positive_bounds(numeric: NumericRange) -> Breach | None:
    """Logarithmic scaling takes only values above 0."""
    if numeric.scaling_type != "Logarithmic":
        return None
    low = parse_number(numeric.min_value)
    if low is None or low > 0:
        return None
    return Breach(
        "min_value",
        expected="a number above 0 with Logarithmic scaling",
        got=shown(numeric.min_value),
        hint="raise it, or use Linear",
    )


@rule(
    "reverse-logarithmic-needs-unit-interval",
    "C040",
    source="API_ContinuousParameterRange",
    needs=("scaling_type",),
)
def reverse_logarithmic_needs_unit_interval(numeric: ContinuousParameterRange) -> list[Breach] | None:
    """ReverseLogarithmic scaling takes only values from 0 up to and without 1."""
    if numeric.scaling_type != "ReverseLogarithmic":
        return None
    found = [(name, parse_number(getattr(numeric, name))) for name in ("min_value", "max_value")]
    return [
        Breach(
            name,
            expected="a number of at least 0 and below 1 with ReverseLogarithmic scaling",
            got=shown(getattr(numeric, name)),
            hint="change it, or use Linear",
        )
        for name, value in found
        if value is not None and not 0 <= value < 1
    ] or None


@rule(
    "integers-scale-forwards",
    "C041",
    source="dg/automatic-model-tuning-define-ranges",
    needs=("scaling_type",),
)
def integers_scale_forwards(numeric: IntegerParameterRange) -> Breach | None:
    """An integer range has no ReverseLogarithmic scaling."""
    if numeric.scaling_type != "ReverseLogarithmic":
        return None
    return Breach(
        "scaling_type",
        expected="Auto, Linear or Logarithmic for integers",
        got="'ReverseLogarithmic'",
        hint="use Logarithmic, or a continuous range",
    )


@rule("categories-differ", "C038", source="aws/amazon-sagemaker-feedback#195", basis="observed")
def categories_differ(categories: CategoricalParameterRange) -> list[Breach] | None:
    """The values of a categorical range differ."""
    values = categories.values
    if isinstance(values, str | bytes) or len(set(values)) == len(values):
        return None
    return [
        Breach("values", index, expected="a value not given before", got=shown(value), hint="drop it")
        for index, value in repeated(values)
    ]


@rule("range-names-differ", "C045", source="API_ParameterRanges", basis="inferred")
def range_names_differ(ranges: ParameterRanges) -> list[Breach] | None:
    """A hyperparameter has one range."""
    whole = ranges.integer_parameter_ranges or ()
    real = ranges.continuous_parameter_ranges or ()
    kinds = ranges.categorical_parameter_ranges or ()
    hinted = ranges.auto_parameters or ()
    names = [item.name for items in (whole, real, kinds) for item in items]
    if len(set(names)) == len(names) and (not hinted or len({item.name for item in hinted}) == len(hinted)):
        return None
    lists: dict[str, Sequence[AnyRange]] = {
        "integer_parameter_ranges": whole,
        "continuous_parameter_ranges": real,
        "categorical_parameter_ranges": kinds,
    }
    places = [(where, index, item.name) for where, items in lists.items() for index, item in enumerate(items)]
    return _repeated(places) + _repeated([("auto_parameters", index, item.name) for index, item in enumerate(hinted)])


def _repeated(places: Sequence[tuple[str, int, str]]) -> list[Breach]:
    return [
        Breach(*places[order][:2], "name", expected="a name without another range", got=shown(name), hint="drop one")
        for order, name in repeated(name for _, _, name in places)
    ]


@rule(
    "auto-parameters-have-no-range", "C109", source="API_ParameterRanges", basis="inferred", needs=("auto_parameters",)
)
def auto_parameters_have_no_range(ranges: ParameterRanges) -> list[Breach] | None:
    """A hyperparameter whose range Autotune chooses has none of its own."""
    own = {
        item.name
        for where in (
            ranges.integer_parameter_ranges,
            ranges.continuous_parameter_ranges,
            ranges.categorical_parameter_ranges,
        )
        for item in where or ()
    }
    return [
        Breach(
            "auto_parameters", index, "name", expected="a name without a range", got=shown(item.name), hint="drop one"
        )
        for index, item in enumerate(ranges.auto_parameters or ())
        if item.name in own
    ] or None


@rule("at-most-thirty-ranges", "C047", source="API_ParameterRanges")
def at_most_thirty_ranges(ranges: ParameterRanges) -> Breach | None:
    """A job searches at most 30 hyperparameters, all kinds of range together."""
    total = len(ranges.integer_parameter_ranges or ())
    total += len(ranges.continuous_parameter_ranges or ())
    total += len(ranges.categorical_parameter_ranges or ())
    if total <= MOST_RANGES:
        return None
    return Breach(expected=f"{MOST_RANGES} ranges in all", got=f"{total}", hint="make some of them static")


@advice("range-has-a-name", "F139", source="API_ParameterRanges", basis="inferred")
def range_has_a_name(any_range: AnyRange) -> Breach | None:
    """A range's hyperparameter has a name."""
    return None if any_range.name else Breach("name", expected="the hyperparameter's name", got="empty text")
