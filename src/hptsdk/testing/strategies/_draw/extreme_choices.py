"""Extreme instances: everything that the model and the rules allow, at both ends of every bound.

Members have the values that their types and constraints allow. Rules connect some of them: the function of their class
in `EXTREME` draws these first, so that no filter is needed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from hypothesis import strategies as st

from hptsdk._validation import Shape, cache_by_class
from hptsdk.rules.range_values import parse_number
from hptsdk.rules.ranges import MAX_RANGES
from hptsdk.testing.strategies._draw.choices import EXTREME, MAX_INTEGER, Choices, Document, Shares, composes
from hptsdk.testing.strategies._draw.definition_parts import tuned_names
from hptsdk.testing.strategies._draw.texts import bounds, distinct, draw_text, info_of, members_by_name, repeat_distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hypothesis.strategies import SearchStrategy

    from hptsdk.schema import TypeInfo

Value = Any
"""A member in wire form, which may have any type."""

T = TypeVar("T")

# The items of a list, and the entries of a map, that are drawn; longer ones repeat them.
_DRAWN_ITEMS = 2
_BOOLEANS = st.booleans()


class Extreme(Choices):
    """The choices of an extreme request or of one part of it.

    Attributes:
        allows_marketplace: whether the algorithm may be from AWS Marketplace.
    """

    functions: ClassVar = EXTREME
    is_plausible: ClassVar = False
    # one definition is most frequent, because it is fast
    forms: ClassVar = Shares.of({(1, False): 9, (1, True): 1, (2, True): 2, (3, True): 1, (10, True): 1})
    max_definitions: ClassVar = 2
    mode: str | None = None
    channel_mode: str | None = None
    allows_marketplace = True
    needs_max_resource = False

    def decide(self, name: str) -> None:
        """Draw nothing: each instance draws its own optional members."""

    def optional(self, cls: type[Shape], document: Document) -> list[str]:
        """Draw the optional members of a class: mostly none, one or two, sometimes many of them."""
        subset = self.choice(_subsets(cls))
        if subset is None:
            subset = tuple(
                name for name, info in members_by_name(cls).items() if not info.required and self.draw(_BOOLEANS)
            )
        return [name for name in subset if name not in document]

    def add(self, cls: type[Shape], document: Document, names: Sequence[str]) -> None:
        for name in names:
            document[name] = self.value(info_of(cls, name))

    def number(self, cls: type[Shape], name: str, low: int, high: int | None = None) -> int:  # noqa: ARG002 - as of the base class
        return self.integer(low, MAX_INTEGER if high is None else high)

    def integer(self, low: int, high: int = MAX_INTEGER) -> int:
        """Draw an integer, often one of the bounds."""
        bound = self.choice((low, high, None))
        return self.draw(st.integers(low, high)) if bound is None else bound

    def value(self, info: TypeInfo, reserved: Iterable[str] = ()) -> Value:
        """Draw a member; the keys of the items of a list differ from each other and from the reserved ones."""
        if info.shape is not None:
            return self.instance(info.shape)
        if info.key is not None and info.item is not None:
            return self._map(info, info.key, info.item)
        if info.item is not None:
            size = self.size(info)
            return repeat_distinct(
                [self.value(info.item) for _ in range(min(size, _DRAWN_ITEMS))], size, info.item, reserved
            )
        if info.kind == "text":
            return draw_text(self.draw, info, unknown=self.context.unknown_instance_types)
        if info.kind == "integer":
            low, high = bounds(info, "range")
            return self.integer(low, MAX_INTEGER if high is None else high)
        return self.draw(_scalars(info))

    def size(self, info: TypeInfo) -> int:
        """Draw the number of items of a list or of entries of a map."""
        return self.choice(_sizes(info))

    def _map(self, info: TypeInfo, key: TypeInfo, item: TypeInfo) -> dict[str, str]:
        size = self.size(info)
        drawn = [(draw_text(self.draw, key), draw_text(self.draw, item)) for _ in range(min(size, _DRAWN_ITEMS))]
        entries = [drawn[number % len(drawn)] for number in range(size)]
        return dict(zip(distinct([name for name, _ in entries], key), (value for _, value in entries), strict=True))


class Minimal(Extreme):
    """The choices of an instance with only the members that it needs."""

    def optional(self, cls: type[Shape], document: Document) -> list[str]:  # noqa: ARG002 - as of the base class
        return []


@cache_by_class
def _subsets(cls: type[Shape]) -> tuple[tuple[str, ...] | None, ...]:
    """Return sets of at most two optional members, and None several times, which is for any number of them."""
    names = [name for name, member in members_by_name(cls).items() if not member.required]
    pairs = 2 if len(names) <= 6 else 1  # noqa: PLR2004 - larger classes have too many pairs
    few = [subset for size in range(1, pairs + 1) for subset in combinations(names, size)]
    # sorted by the last member that a set has, so that a set shrinks to one member
    few.sort(key=lambda subset: [name in subset for name in reversed(names)])
    return ((), *few, *[None] * (max(1, len(few) // 4) if names else 0))


@cache
def _sizes(info: TypeInfo) -> tuple[int, ...]:
    """Return numbers of items of a list or of entries of a map; those that are drawn more often are repeated."""
    low, high = bounds(info, "entries" if info.kind == "map" else "items")
    most = low + 4 if high is None else high
    return tuple(min(size, most) for size in (low, low, low + 1, low + 2, low + 3, most, most))


@cache
def _scalars(info: TypeInfo) -> SearchStrategy[Any]:
    if info.kind == "number":
        return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
    if info.kind == "boolean":
        return st.booleans()
    zones = st.just(UTC) | st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    return st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=zones)  # noqa: DTZ001 - zones adds it


# The maximum number of characters of a bound, and its maximum number of units of a decimal place.
_MAX_LENGTH, _UNITS = 256, 10**6
_PLACES, _INTEGER_PLACES = (0, -1, -3, -6, 2), (0, 0, 1, 3)
_INTEGERS, _CONTINUOUS = "IntegerParameterRanges", "ContinuousParameterRanges"
_CATEGORICAL, _AUTO = "CategoricalParameterRanges", "AutoParameters"
_SCALINGS = ("Auto", "Linear", "Logarithmic", "ReverseLogarithmic")


# Notations of a number of units of a decimal place, the simplest first.
_NOTATIONS: tuple[Callable[[int, int], str], ...] = (
    lambda units, place: f"{Decimal(units).scaleb(place):f}",
    lambda units, place: f"{units}e{place}",
    lambda units, place: f"{units}.0E{place:+}",
    lambda units, place: f"{units:+}e{place:+03}",
    lambda units, place: f"{Decimal(units).scaleb(place):012f}",
    lambda units, place: f"{'-' if units < 0 else '+'}.{abs(units):09}e{place + 9}",
    lambda units, place: f" {units}.e{place} ",
    lambda units, place: f"{Decimal(units).scaleb(place):0{_MAX_LENGTH}f}",
    lambda units, place: f"{Decimal(units).scaleb(place):>{_MAX_LENGTH}f}",
)


@composes("ContinuousParameterRange", "IntegerParameterRange", extreme=True)
def _range(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw a scaling type and bounds that it allows, in many notations."""
    is_integer = cls.__name__ == "IntegerParameterRange"
    optional = choices.optional(cls, document)
    low, high = (parse_number(document[name]) if document.get(name) else None for name in ("MinValue", "MaxValue"))
    if "ScalingType" in optional:
        allowed = {
            "Logarithmic": (low is None or low > 0) and (high is None or high > int(is_integer)),
            "ReverseLogarithmic": (low is None or 0 <= low < 1) and (high is None or 0 < high < 1) and not is_integer,
        }
        document["ScalingType"] = choices.choice([name for name in _SCALINGS if allowed.get(name, True)])
    scaling = document.get("ScalingType")
    with localcontext(prec=_MAX_LENGTH):
        if low is None and high is None:
            place, start, end = _units(choices, scaling, is_integer=is_integer)
            for name, units in (("MinValue", start), ("MaxValue", end)):
                document.setdefault(name, choices.choice(_NOTATIONS)(units, place))
        elif high is None and low is not None:
            above = (low + 1) / 2 if scaling == "ReverseLogarithmic" else low.to_integral_value() + 2
            document.setdefault("MaxValue", f"{above:f}")
        elif low is None and high is not None:
            below = high / 2 if scaling in _SCALINGS[2:] else high.to_integral_value() - 2
            document.setdefault("MinValue", "1" if is_integer and scaling == "Logarithmic" else f"{below:f}")
    return choices.complete(cls, document, optional)


def _units(choices: Extreme, scaling: str | None, *, is_integer: bool) -> tuple[int, int, int]:
    """Draw a decimal place and two numbers of its units, in order."""
    if scaling == "ReverseLogarithmic":
        place = choices.choice((-1, -3, -6))
        start = choices.integer(0, 10**-place - 2)
        return place, start, choices.integer(start + 1, 10**-place - 1)
    place = choices.choice(_INTEGER_PLACES if is_integer else _PLACES)
    if scaling == "Logarithmic":
        start = choices.integer(1, _UNITS)
    else:
        start = choices.integer(0, _UNITS) - choices.choice((0, 0, _UNITS))
    return place, start, start + choices.integer(1, _UNITS)


@composes("CategoricalParameterRange", extreme=True)
def _categorical(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    info = info_of(cls, "Values")
    if "Values" not in document and info.item is not None:
        document["Values"] = distinct(choices.value(info), info.item)
    return choices.complete(cls, document)


@composes("ParameterRanges", extreme=True)
def _ranges(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw lists of ranges that the strategy allows, with names that differ and at most thirty ranges in total."""
    numeric = (_INTEGERS, _CONTINUOUS)
    optional = choices.optional(cls, document)
    is_grid = choices.strategy == "Grid"
    needs_continuous = choices.jobs is not None and not is_grid
    if is_grid and choices.jobs and (sizes := sizes_of_grid(choices.jobs)) and _CATEGORICAL not in document:
        info = info_of(cls, _CATEGORICAL).item
        grid = [
            {"Name": f"n{number}", "Values": [str(value) for value in range(size)]} for number, size in enumerate(sizes)
        ]
        document |= {_CATEGORICAL: repeat_distinct(grid, len(grid), info, choices.reserved_names), _AUTO: None}
        optional = []
    if is_grid:
        optional = [name for name in optional if name not in numeric]
    if not choices.autotune and choices.is_in_request:
        optional = [name for name in optional if name != _AUTO]
    if needs_continuous and _CONTINUOUS not in document:
        optional = [_CONTINUOUS, *(name for name in optional if name != _CONTINUOUS)]
    elif optional:
        # the first list may use up the hyperparameters that are allowed, so any list may be the first
        first = choices.choice(optional)
        optional.sort(key=lambda name: name != first)
    names = {*choices.reserved_names, *tuned_names(document)}
    for name in optional:
        tuned = sum(len(document.get(other) or ()) for other in (*numeric, _CATEGORICAL))
        allowed = choices.max_hyperparameters - tuned - len(document.get(_AUTO) or ())
        most = allowed if name == _AUTO else min(allowed, MAX_RANGES - tuned)
        document[name] = choices.value(info_of(cls, name), names)[: max(0, most)]
        names |= {item["Name"] for item in document[name]}
    required = _CONTINUOUS if needs_continuous else _CATEGORICAL if is_grid else _INTEGERS
    has_none = not any(document.get(name) for name in (*numeric, _CATEGORICAL, _AUTO))
    if (choices.needs_ranges and has_none) or (needs_continuous and not document.get(_CONTINUOUS)):
        info = info_of(cls, required).item
        if info is not None and not document.get(required):
            document[required] = repeat_distinct([choices.value(info)], 1, info, names)
    return choices.complete(cls, document, ())


_MAX_VALUES = 30


def sizes_of_grid(jobs: int) -> list[int]:
    """Return numbers of values whose product is a number of jobs; none if that is impossible."""
    sizes: list[int] = []
    for size in range(_MAX_VALUES, 1, -1):
        while jobs % size == 0:
            sizes.append(size)
            jobs //= size
    return (sizes or [1]) if jobs == 1 else []
