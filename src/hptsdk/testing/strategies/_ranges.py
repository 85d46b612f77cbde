"""Draw functions for ranges: bounds in order and allowed by the scaling type, in many notations; names that differ."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from hptsdk.rules.range_values import parse_number
from hptsdk.rules.ranges import MAX_RANGES
from hptsdk.shapes import CategoricalParameterRange
from hptsdk.testing.strategies._draft import draws
from hptsdk.testing.strategies._texts import distinct, repeat_distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hptsdk.testing.strategies._draft import Draft

__all__ = ["factors"]

# The maximum number of characters of a bound.
_MAX_LENGTH = 256

# A bound is a number of units of a decimal place: at most so many, and the range at most as wide.
_UNITS = 10**6
_PLACES = (0, -1, -3, -6, 2)
_INTEGER_PLACES = (0, 0, 1, 3)

# The maximum number of values of a categorical range.
_MAX_VALUES = 30

_INTEGERS, _CONTINUOUS = "integer_parameter_ranges", "continuous_parameter_ranges"
_CATEGORICAL, _AUTO = "categorical_parameter_ranges", "auto_parameters"
_RANGES = (_INTEGERS, _CONTINUOUS, _CATEGORICAL)


def _plain(value: Decimal) -> str:
    """Format a number without an exponent."""
    return format(value, "f")


def _padded(units: int, place: int, zeros: str, width: int = 0) -> str:
    """Format a number with zeros in front of its digits."""
    return f"{'-' if units < 0 else ''}{zeros}{_plain(abs(Decimal(units).scaleb(place))):0>{width}}"


# Notations of a number of units of a decimal place, the simplest first.
_NOTATIONS: tuple[Callable[[int, int], str], ...] = (
    lambda units, place: _plain(Decimal(units).scaleb(place)),
    lambda units, place: f"{units}e{place}",
    lambda units, place: f"{units}.0E{place:+}",
    lambda units, place: f"{units:+}e{place:+03}",
    lambda units, place: _padded(units, place, "000"),
    lambda units, place: f"{'-' if units < 0 else '+'}.{abs(units):09}e{place + 9}",
    lambda units, place: f" {units}.e{place} ",
    lambda units, place: _padded(units, place, "", 255)[:_MAX_LENGTH],
    lambda units, place: f"{_plain(Decimal(units).scaleb(place)):>{_MAX_LENGTH}}",
)


@draws("ContinuousParameterRange")
def continuous(draft: Draft) -> None:
    """Draw a scaling type and bounds that it allows."""
    _draw_range(draft, ("Auto", "Linear", "Logarithmic", "ReverseLogarithmic"), is_integer=False)


@draws("IntegerParameterRange")
def integer(draft: Draft) -> None:
    """Draw a scaling type and integer bounds that it allows."""
    _draw_range(draft, ("Auto", "Linear", "Logarithmic"), is_integer=True)


def _draw_range(draft: Draft, scalings: tuple[str, ...], *, is_integer: bool) -> None:
    low, high = (parse_number(draft[name]) if draft[name] else None for name in ("min_value", "max_value"))
    allowed = {
        "Logarithmic": (low is None or low > 0) and (high is None or high > int(is_integer)),
        "ReverseLogarithmic": (low is None or 0 <= low < 1) and (high is None or 0 < high < 1),
    }
    scaling = draft.choose("scaling_type", tuple(name for name in scalings if allowed.get(name, True)))
    if draft["min_value"] is None and draft["max_value"] is None:
        place, start, end = _units(draft, scaling, is_integer=is_integer)
        draft.set("min_value", draft.choice(_NOTATIONS)(start, place))
        draft.set("max_value", draft.choice(_NOTATIONS)(end, place))
    elif draft["max_value"] is None and low is not None:
        draft.set("max_value", _above(low, scaling))
    elif draft["min_value"] is None and high is not None:
        draft.set("min_value", _below(high, scaling, is_integer=is_integer))


def _units(draft: Draft, scaling: str | None, *, is_integer: bool) -> tuple[int, int, int]:
    """Draw a decimal place and two numbers of its units, in order."""
    if scaling == "ReverseLogarithmic":
        place = draft.choice((-1, -3, -6))
        start = draft.integer(0, 10**-place - 2)
        return place, start, draft.integer(start + 1, 10**-place - 1)
    place = draft.choice(_INTEGER_PLACES if is_integer else _PLACES)
    if scaling == "Logarithmic":
        start = draft.integer(1, _UNITS)
    else:
        start = draft.integer(0, _UNITS) - draft.choice((0, 0, _UNITS))
    return place, start, start + draft.integer(1, _UNITS)


def _above(low: Decimal, scaling: str | None) -> str:
    with localcontext(prec=_MAX_LENGTH):
        return _plain((low + 1) / 2 if scaling == "ReverseLogarithmic" else low.to_integral_value() + 2)


def _below(high: Decimal, scaling: str | None, *, is_integer: bool) -> str:
    with localcontext(prec=_MAX_LENGTH):
        if scaling == "ReverseLogarithmic":
            return "0"
        if scaling == "Logarithmic":
            return "1" if is_integer else _plain(high / 2)
        return _plain(high.to_integral_value() - 2)


@draws("CategoricalParameterRange")
def categorical(draft: Draft) -> None:
    """Draw values that differ."""
    if draft.is_unset("values"):
        draft.set("values", tuple(distinct(draft.require("values"), draft.item_type("values"))))


@draws("ParameterRanges")
def parameter_ranges(draft: Draft) -> None:
    """Draw lists of ranges that the strategy allows, with names that differ and at most thirty ranges in total."""
    context = draft.context
    if context.grid_jobs is not None and (grid := _grid_of(context.grid_jobs, context.reserved_names)):
        draft.set(_CATEGORICAL, grid)
        draft.omit(_AUTO)
    if context.strategy == "Grid":
        draft.omit(_INTEGERS, _CONTINUOUS)
    if not context.allows_autotune:
        draft.omit(_AUTO)
    names = {*context.reserved_names, *(item.name for name in (*_RANGES, _AUTO) for item in draft[name] or ())}
    if context.needs_continuous_range and draft.is_unset(_CONTINUOUS):
        _draw_one(draft, _CONTINUOUS, names)
    included = [name for name in (*_RANGES, _AUTO) if draft.includes(name)]
    # the first list may use up the hyperparameters that are allowed, so any list may be the first
    first = draft.choice(included) if included else None
    for name in sorted(included, key=lambda name: name != first):
        _draw_list(draft, name, names)
    if context.needs_range and not any(draft[name] for name in (*_RANGES, _AUTO)):
        allowed = (_CATEGORICAL,) if context.strategy == "Grid" else _RANGES
        if unfixed := [name for name in allowed if not draft.is_fixed(name)]:
            _draw_one(draft, unfixed[0], names)


def _draw_list(draft: Draft, name: str, names: set[str]) -> None:
    """Draw the ranges of one list, and add their names to those in use."""
    items = draft.items(name, names)
    ranges = sum(len(draft[other] or ()) for other in _RANGES)
    allowed = draft.context.max_hyperparameters - ranges - len(draft[_AUTO] or ())
    if name in _RANGES:
        allowed = min(allowed, MAX_RANGES - ranges)
    draft.set(name, items[: max(0, allowed)])
    names.update(item.name for item in draft[name])


def _draw_one(draft: Draft, name: str, names: set[str]) -> None:
    """Draw a list with one range, and add its name to those in use."""
    draft.set(name, repeat_distinct([draft.item(name)], 1, names))
    names.update(item.name for item in draft[name])


def factors(jobs: int) -> list[int] | None:
    """Return numbers of values whose product is a number of jobs; None if there are none."""
    sizes: list[int] = []
    for size in range(_MAX_VALUES, 1, -1):
        while jobs % size == 0:
            sizes.append(size)
            jobs //= size
    return (sizes or [1]) if jobs == 1 else None


def _grid_of(jobs: int, reserved: Iterable[str]) -> tuple[Any, ...]:
    """Create categorical ranges with this number of combinations; none if that is impossible."""
    ranges = [
        CategoricalParameterRange(name=f"n{number}", values=[str(value) for value in range(size)])
        for number, size in enumerate(factors(jobs) or ())
    ]
    return repeat_distinct(ranges, len(ranges), reserved)
