"""Drawers of the ranges: bounds in order and in the space of their scaling, written in many ways; names that differ."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from hptsdk.rules.range_values import parse_number
from hptsdk.rules.ranges import MAX_RANGES
from hptsdk.shapes import CategoricalParameterRange
from hptsdk.testing.strategies._draft import drawer, spread
from hptsdk.testing.strategies._texts import distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hptsdk.testing.strategies._draft import Drawing

__all__ = ["LONGEST", "factors"]

LONGEST = 256
"""Characters that a bound has at most."""

# Units of the last place: a bound is so many of them, a range as wide at most.
_UNITS = 10**6
_PLACES = (0, -1, -3, -6, 2)
_WHOLE_PLACES = (0, 0, 1, 3)
# Values that a categorical range has at most.
_VALUES = 30

_NAMED = ("integer_parameter_ranges", "continuous_parameter_ranges", "categorical_parameter_ranges")

# Ways to write a number of so many units at a place, the plainest first.
_SPELLINGS: tuple[Callable[[int, int], str], ...] = (
    lambda units, place: plainly(Decimal(units).scaleb(place)),
    lambda units, place: f"{units}e{place}",
    lambda units, place: f"{units}.0E{place:+}",
    lambda units, place: f"{units:+}e{place:+03}",
    lambda units, place: f"{'-' if units < 0 else ''}000{plainly(abs(Decimal(units).scaleb(place)))}",
    lambda units, place: f"{'-' if units < 0 else '+'}.{abs(units):09}e{place + 9}",
    lambda units, place: f" {units}.e{place} ",
    lambda units, place: f"{'-' if units < 0 else ''}{plainly(abs(Decimal(units).scaleb(place))):0>255}"[:LONGEST],
    lambda units, place: f"{plainly(Decimal(units).scaleb(place)):>{LONGEST}}",
)


def plainly(value: Decimal) -> str:
    """Write a number without an exponent."""
    return format(value, "f")


@drawer("ContinuousParameterRange")
def continuous(drawing: Drawing) -> None:
    """Draw a scaling and bounds within its space."""
    scaling = drawing.pick("scaling_type", _scalings(drawing, ("Auto", "Linear", "Logarithmic", "ReverseLogarithmic")))
    _bounds(drawing, scaling, whole=False)


@drawer("IntegerParameterRange")
def integer(drawing: Drawing) -> None:
    """Draw a scaling and whole bounds within its space."""
    scaling = drawing.pick("scaling_type", _scalings(drawing, ("Auto", "Linear", "Logarithmic")))
    _bounds(drawing, scaling, whole=True)


def _scalings(drawing: Drawing, all_: tuple[str, ...]) -> tuple[str, ...]:
    """Give the scalings whose space has the bounds that are given."""
    low, high = (parse_number(drawing[name]) if drawing[name] else None for name in ("min_value", "max_value"))
    least = 1 if len(all_) < 4 else 0  # noqa: PLR2004 - integers have three
    fits = {
        "Logarithmic": (low is None or low > 0) and (high is None or high > least),
        "ReverseLogarithmic": (low is None or 0 <= low < 1) and (high is None or 0 < high < 1),
    }
    return tuple(name for name in all_ if fits.get(name, True))


def _bounds(drawing: Drawing, scaling: str | None, *, whole: bool) -> None:
    low, high = drawing["min_value"], drawing["max_value"]
    if low is None and high is None:
        place, start, end = _units(drawing, scaling, whole=whole)
        drawing.put("min_value", drawing.choice(_SPELLINGS)(start, place))
        drawing.put("max_value", drawing.choice(_SPELLINGS)(end, place))
    elif high is None and (value := parse_number(low)) is not None:
        drawing.put("max_value", _above(value, scaling))
    elif low is None and (value := parse_number(high)) is not None:
        drawing.put("min_value", _below(value, scaling, whole=whole))


def _units(drawing: Drawing, scaling: str | None, *, whole: bool) -> tuple[int, int, int]:
    """Draw two numbers of units in order, and their place."""
    if scaling == "ReverseLogarithmic":
        place = drawing.choice((-1, -3, -6))
        start = drawing.integer(0, 10**-place - 2)
        return place, start, drawing.integer(start + 1, 10**-place - 1)
    place = drawing.choice(_WHOLE_PLACES if whole else _PLACES)
    start = (
        drawing.integer(1, _UNITS)
        if scaling == "Logarithmic"
        else drawing.integer(0, _UNITS) - drawing.choice((0, 0, _UNITS))
    )
    return place, start, start + drawing.integer(1, _UNITS)


def _above(low: Decimal, scaling: str | None) -> str:
    with localcontext(prec=LONGEST):
        return plainly((low + 1) / 2 if scaling == "ReverseLogarithmic" else low.to_integral_value() + 2)


def _below(high: Decimal, scaling: str | None, *, whole: bool) -> str:
    with localcontext(prec=LONGEST):
        if scaling == "ReverseLogarithmic":
            return "0"
        if scaling == "Logarithmic":
            return "1" if whole else plainly(high / 2)
        return plainly(high.to_integral_value() - 2)


@drawer("CategoricalParameterRange")
def categorical(drawing: Drawing) -> None:
    """Draw values that differ."""
    if drawing.is_open("values"):
        values = drawing.need("values")
        drawing.put("values", tuple(distinct(values, drawing.type_of("values"))))


@drawer("ParameterRanges")
def parameter_ranges(drawing: Drawing) -> None:
    """Draw lists of ranges that a strategy takes, thirty in all at most, of names that differ."""
    setting = drawing.setting
    if setting.jobs is not None and (made := _grid_of(setting.jobs, setting.taken)):
        drawing.put("categorical_parameter_ranges", made)
        drawing.leave_out("auto_parameters")
    if setting.strategy == "Grid":
        drawing.leave_out("integer_parameter_ranges", "continuous_parameter_ranges")
    if not setting.autotune:
        drawing.leave_out("auto_parameters")
    taken = set(setting.taken)
    for name in (*_NAMED, "auto_parameters"):
        taken.update(item.name for item in drawing[name] or ())
    if setting.real and drawing.is_open("continuous_parameter_ranges"):
        _put_one(drawing, "continuous_parameter_ranges", taken)
    for name in _in_any_order(drawing):
        _put_several(drawing, name, taken)
    if setting.searches and not any(drawing[name] for name in (*_NAMED, "auto_parameters")):
        names = ("categorical_parameter_ranges",) if setting.strategy == "Grid" else _NAMED
        free = [name for name in names if not drawing.is_given(name)]
        if free:
            _put_one(drawing, free[0], taken)


def _in_any_order(drawing: Drawing) -> list[str]:
    """Give the lists that are to be drawn, any of them first, since it takes what room there is."""
    wanted = [name for name in (*_NAMED, "auto_parameters") if drawing.wants(name)]
    first = drawing.choice(wanted) if wanted else None
    return sorted(wanted, key=lambda name: name != first)


def _put_several(drawing: Drawing, name: str, taken: set[str]) -> None:
    """Draw one list, whose names are then taken too."""
    found = drawing.items(name, taken)
    named = sum(len(drawing[other] or ()) for other in _NAMED)
    room = drawing.setting.room - named - len(drawing["auto_parameters"] or ())
    if name in _NAMED:
        room = min(room, MAX_RANGES - named)
    drawing.put(name, found[: max(0, room)])
    taken.update(item.name for item in drawing[name])


def _put_one(drawing: Drawing, name: str, taken: set[str]) -> None:
    """Draw a list of one."""
    drawing.put(name, spread([drawing.item(name)], 1, taken))
    taken.update(item.name for item in drawing[name])


def factors(jobs: int) -> list[int] | None:
    """Give numbers of values whose product is a number of jobs; None where there are no such."""
    sizes: list[int] = []
    for size in range(_VALUES, 1, -1):
        while jobs % size == 0:
            sizes.append(size)
            jobs //= size
    return (sizes or [1]) if jobs == 1 else None


def _grid_of(jobs: int, taken: Iterable[str]) -> tuple[CategoricalParameterRange, ...]:
    """Make categorical ranges of so many combinations, if there are any such."""
    made = [
        CategoricalParameterRange(name=f"n{index}", values=[str(value) for value in range(size)])
        for index, size in enumerate(factors(jobs) or ())
    ]
    return spread(made, len(made), taken)
