"""Strategies for the choices in a draft, cached because they are created slowly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from hptsdk import schema
from hptsdk._validation import cache_by_class
from hptsdk.rules.facts.accounts import dns_suffix
from hptsdk.rules.places import partition_of
from hptsdk.testing.strategies._profile import RARELY_OMITTED, SHARES
from hptsdk.testing.strategies._shares import Shares
from hptsdk.testing.strategies._texts import bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk._validation import Shape
    from hptsdk.schema import TypeInfo

__all__ = ["Slot", "chance", "index", "localized", "scalars", "sizes", "slots", "subsets"]


class Slot(NamedTuple):
    """A choice of optional members; the alternatives are sets of them."""

    number: int
    sets: Shares


@cache_by_class
def slots(cls: type[Shape]) -> Mapping[str, Slot] | None:
    """Return the choices of plausible optional members by member; None if the profile has no such class."""
    declared = SHARES.get(cls.__name__)
    if declared is None:
        return None
    result: dict[str, Slot] = {}
    for number, members in enumerate(declared):
        sets = {tuple(names.split()): share for names, share in members.items()}
        none = {(): 100 - sum(sets.values())}
        # the simplest instance has the members that almost all instances have
        shares = sets | none if none[()] <= RARELY_OMITTED else none | sets
        slot = Slot(number, Shares.of({members: share for members, share in shares.items() if share > 0}))
        result |= {name: slot for names in sets for name in names}
    return result


@cache
def chance(percent: int) -> Shares:
    """Return the shares of False and True."""
    return Shares.of({False: 100 - percent, True: percent})


@cache
def index(count: int) -> st.SearchStrategy[int]:
    """Create a strategy for the index of one of so many values; the first one is the simplest."""
    return st.integers(0, count - 1)


def localized(value: Any, region: str) -> Any:  # noqa: ANN401 - values of any type
    """Insert the region and its partition and domain into a text; return other values as they are."""
    return _localized(value, region) if isinstance(value, str) and "{" in value else value


@lru_cache(maxsize=1024)
def _localized(text: str, region: str) -> str:
    return text.format(region=region, partition=partition_of(region), suffix=dns_suffix(region))


@cache_by_class
def subsets(cls: type[Shape]) -> tuple[tuple[str, ...] | None, ...]:
    """Return sets of none, one or two optional members, and several times None for any number of them."""
    names = [member.attribute for member in schema.of(cls).members if not member.required]
    pairs = 2 if len(names) <= 6 else 1  # noqa: PLR2004 - larger classes have too many pairs
    few = [subset for size in range(1, pairs + 1) for subset in combinations(names, size)]
    # sorted by the last member that a set has, so that a set shrinks to one member
    few.sort(key=lambda subset: [name in subset for name in reversed(names)])
    return ((), *few, *[None] * (max(1, len(few) // 4) if names else 0))


@cache
def sizes(info: TypeInfo) -> tuple[int, ...]:
    """Return numbers of items of a list or of entries of a map, repeated as often as they are drawn."""
    low, high = bounds(info, "entries" if info.kind == "map" else "items")
    most = low + 4 if high is None else high
    return tuple(min(size, most) for size in (low, low, low + 1, low + 2, low + 3, most, most))


@cache
def scalars(info: TypeInfo) -> st.SearchStrategy[Any]:
    """Create a strategy for numbers, booleans and times."""
    if info.kind == "number":
        return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
    if info.kind == "boolean":
        return st.booleans()
    zones = st.just(UTC) | st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    return st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=zones)  # noqa: DTZ001 - zones adds it
