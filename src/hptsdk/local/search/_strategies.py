"""Values to try: Random and Grid, each a function of the seed and of how many there were before.

So they are the same again after a restart, and whatever the order in which training jobs end.
"""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Literal, Protocol

import attrs

from hptsdk.rules.range_values import count_combinations, effective_scaling, parse_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from hptsdk.shapes import ContinuousParameterRange, IntegerParameterRange, ParameterRanges

__all__ = [
    "Categories",
    "Dimension",
    "GridSearch",
    "Integers",
    "RandomSearch",
    "Reals",
    "Sampler",
    "Search",
    "dimensions_of",
]

Sampler = Literal["tpe", "gp"]
"""The samplers of Bayesian searches."""

# So many draws that were there before, and a value that was not is looked for one by one.
_DRAWS = 100


class Dimension(Protocol):
    """One hyperparameter to search."""

    @property
    def name(self) -> str:
        """The hyperparameter."""
        ...

    @property
    def size(self) -> int | None:
        """How many values there are; None where they are endless."""
        ...

    def at(self, share: float) -> str:
        """Give the value this share, from 0 to below 1, of the way through."""
        ...

    def nth(self, index: int) -> str:
        """Give a value by its place, where they can be counted."""
        ...


@attrs.frozen
class Categories:
    """Named values, each as likely."""

    name: str
    values: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.values)

    def at(self, share: float) -> str:
        """Give the value at a share of the way."""
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]

    def nth(self, index: int) -> str:
        """Give the value at a place."""
        return self.values[index]


@attrs.frozen
class Integers:
    """Whole numbers between two bounds, both included."""

    name: str
    low: int
    high: int
    logarithmic: bool

    @property
    def size(self) -> int:
        """How many there are."""
        return self.high - self.low + 1

    def at(self, share: float) -> str:
        """Give the number at a share of the way; each end has as much room as the numbers between."""
        if not self.logarithmic:
            return str(self.low + min(int(share * self.size), self.size - 1))
        found = round(_by_magnitude(self.low - 0.5, self.high + 0.5, share))
        return str(min(max(found, self.low), self.high))

    def nth(self, index: int) -> str:
        """Give the number at a place."""
        return str(self.low + index)


@attrs.frozen
class Reals:
    """Real numbers between two bounds."""

    name: str
    low: float
    high: float
    scaling: str

    size: None = None

    def at(self, share: float) -> str:
        """Give the number at a share of the way, as the shortest text that reads back equal."""
        match self.scaling:
            case "Logarithmic":
                found = _by_magnitude(self.low, self.high, share)
            case "ReverseLogarithmic":
                found = 1 - _by_magnitude(1 - self.low, 1 - self.high, share)
            case _:
                # not low + share * (high - low), which overflows between the ends of what a double holds
                found = self.low * (1 - share) + self.high * share
        return repr(min(max(found, self.low), self.high))

    def nth(self, index: int) -> str:
        """Refuse: they can't be counted."""
        raise TypeError(f"the values of {self.name} between {self.low} and {self.high} can't be counted, so no {index}")


def _by_magnitude(low: float, high: float, share: float) -> float:
    return math.exp(math.log(low) * (1 - share) + math.log(high) * share)


def dimensions_of(ranges: ParameterRanges | None) -> tuple[Dimension, ...]:
    """Read the ranges of a request: categories first, then whole and real numbers, each as declared."""
    if ranges is None:
        return ()
    return (
        *(Categories(r.name, tuple(dict.fromkeys(r.values))) for r in ranges.categorical_parameter_ranges or ()),
        *(_integers(r) for r in ranges.integer_parameter_ranges or ()),
        *(_reals(r) for r in ranges.continuous_parameter_ranges or ()),
    )


def _bounds(numeric: IntegerParameterRange | ContinuousParameterRange) -> tuple[Decimal, Decimal]:
    low, high = parse_number(numeric.min_value), parse_number(numeric.max_value)
    if low is None or high is None:
        raise ValueError(f"the bounds of {numeric.name} are no numbers")
    return low, high


def _scaling(numeric: IntegerParameterRange | ContinuousParameterRange) -> str:
    return effective_scaling(numeric.scaling_type, *_bounds(numeric))


def _integers(numeric: IntegerParameterRange) -> Integers:
    low, high = _bounds(numeric)
    return Integers(numeric.name, math.ceil(low), math.floor(high), _scaling(numeric) == "Logarithmic")


def _reals(numeric: ContinuousParameterRange) -> Reals:
    low, high = _bounds(numeric)
    return Reals(numeric.name, float(low), float(high), _scaling(numeric))


class Search(ABC):
    """Says what to try next. It is asked for one index after another, and told what came of each."""

    @abstractmethod
    def values(self, index: int) -> dict[str, str] | None:
        """Give the values of the training job of this index, from 0; None when there are no more."""

    def ended(self, index: int, values: Mapping[str, str], objective: float | None) -> None:  # noqa: B027 - need not learn
        """Learn of the end of a training job; without an objective it failed."""

    def restore(self, index: int, values: Mapping[str, str], objective: float | None, *, runs: bool) -> None:  # noqa: B027 - likewise
        """Learn of a training job that there was before the service opened, in the order of their indices."""

    def standardize(self) -> None:  # noqa: B027 - likewise
        """Compare values by how far they are from the mean of their tuning job; for what is observed so already."""

    def observe(self, values: Mapping[str, str], objective: float) -> None:  # noqa: B027 - likewise
        """Learn of a training job of a parent of a warm start."""


class GridSearch(Search):
    """Every combination once: the last hyperparameter changes fastest."""

    def __init__(self, ranges: ParameterRanges | None) -> None:
        self._dimensions = dimensions_of(ranges)
        self.size = math.prod(d.size or 0 for d in self._dimensions)

    def values(self, index: int) -> dict[str, str] | None:
        """Give a combination by its place."""
        return _combination(self._dimensions, index) if index < self.size else None


def _combination(dimensions: tuple[Dimension, ...], index: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for dimension in reversed(dimensions):
        index, place = divmod(index, dimension.size or 1)
        found[dimension.name] = dimension.nth(place)
    return {dimension.name: found[dimension.name] for dimension in dimensions}


class RandomSearch(Search):
    """Independent draws; of what can be counted, no combination twice.

    Args:
        ranges: what to search.
        seed: the same seed gives the same values.
    """

    def __init__(self, ranges: ParameterRanges | None, seed: str) -> None:
        self._dimensions = dimensions_of(ranges)
        self._seed = seed
        self._size = count_combinations(ranges) if ranges else None
        self._drawn: list[dict[str, str]] = []
        self._taken: set[tuple[str, ...]] = set()

    def values(self, index: int) -> dict[str, str] | None:
        """Draw; where repeats are avoided, those before it are drawn first."""
        if not self._dimensions:
            return None
        if self._size is None:
            return self._draw(index, 0)
        if index >= self._size:
            return None
        while len(self._drawn) <= index:
            found = self._new(len(self._drawn))
            self._taken.add(tuple(found.values()))
            self._drawn.append(found)
        return self._drawn[index]

    def _draw(self, index: int, attempt: int) -> dict[str, str]:
        chance = random.Random(f"{self._seed}/{index}/{attempt}")  # noqa: S311 - to be repeated, not to be secret
        return {dimension.name: dimension.at(chance.random()) for dimension in self._dimensions}

    def _new(self, index: int) -> dict[str, str]:
        for attempt in range(_DRAWS):
            found = self._draw(index, attempt)
            if tuple(found.values()) not in self._taken:
                return found
        size = self._size or 1
        begin = random.Random(f"{self._seed}/{index}").randrange(size)  # noqa: S311 - likewise
        # at most one more than were taken is looked at
        for step in range(size):
            found = _combination(self._dimensions, (begin + step) % size)
            if tuple(found.values()) not in self._taken:
                return found
        raise RuntimeError("all combinations are taken, though there are more than were drawn")
