"""The search strategies: which one a tuning job uses, and random and grid search.

Random and grid search return the same values for the same seed and index, so that a tuning job continues with the same
values after a restart, in any order in which its training jobs end.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Literal

from typing_extensions import override

from hptsdk.local.search._dimensions import Reals, dimensions_of
from hptsdk.rules.range_values import count_combinations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local.search._dimensions import Dimension
    from hptsdk.shapes import ParameterRanges

__all__ = ["GridSearch", "RandomSearch", "Sampler", "Search", "create_search"]

Sampler = Literal["tpe", "gp"]
"""The samplers of Bayesian searches."""

# The difference between the seeds of a tuning job's definitions.
_SEED_STEP = 1_000_003

# After this many draws of values that were used before, unused values are searched in order.
_DRAWS = 100


class Search:
    """A search strategy, which proposes the values of training jobs.

    It proposes values for one index after another, from 0. By default it does not use results.
    """

    def propose(self, index: int) -> dict[str, str] | None:
        """Return the values of the training job with an index; None if there are no more."""
        raise NotImplementedError

    def record_result(self, index: int, values: Mapping[str, str], objective: float | None) -> None:
        """Record the result of a training job.

        Args:
            index: the index of the training job.
            values: its values.
            objective: its objective; None if it failed.
        """

    def restore(self, index: int, values: Mapping[str, str], objective: float | None, *, is_running: bool) -> None:
        """Record a training job that was created before the service was opened, in the order of the indices.

        Args:
            index: the index of the training job.
            values: its values.
            objective: its objective; None if it has none.
            is_running: whether it has not ended.
        """

    def standardize(self) -> None:
        """Compare objectives by their distance from the mean of their tuning job, in standard deviations."""

    def add_parent_result(self, values: Mapping[str, str], objective: float) -> None:
        """Record the result of a training job of a parent of a warm start."""


def create_search(
    strategy: str | None,
    ranges: ParameterRanges | None,
    *,
    seeds: tuple[int, int],
    minimizes: bool,
    sampler: Sampler,
) -> Search:
    """Create the search of a training job definition.

    Args:
        strategy: the Strategy of the request. Hyperband draws values at random, because it stops training jobs early.
        ranges: the ranges of the definition.
        seeds: the seed of the tuning job, and the index of the definition.
        minimizes: whether a smaller objective is better.
        sampler: the sampler of Bayesian searches.
    """
    seed, index = seeds
    match strategy:
        case "Grid":
            return GridSearch(ranges)
        case "Bayesian":
            from hptsdk.local.search._bayesian import BayesianSearch  # Optuna takes long to import

            return BayesianSearch(ranges, seed + index * _SEED_STEP, minimizes=minimizes, sampler=sampler)
        case _:
            return RandomSearch(ranges, f"{seed}/{index}")


class GridSearch(Search):
    """Grid search: each combination once; the last hyperparameter changes fastest.

    Attributes:
        size: the number of combinations.
    """

    def __init__(self, ranges: ParameterRanges | None) -> None:
        self._dimensions = dimensions_of(ranges)
        self.size = math.prod(dimension.size or 0 for dimension in self._dimensions)

    @override
    def propose(self, index: int) -> dict[str, str] | None:
        return _combination(self._dimensions, index) if index < self.size else None


def _combination(dimensions: tuple[Dimension, ...], index: int) -> dict[str, str]:
    values: dict[str, str] = {}
    for dimension in reversed(dimensions):
        if not isinstance(dimension, Reals):
            index, place = divmod(index, dimension.size)
            values[dimension.name] = dimension.nth(place)
    return {dimension.name: values[dimension.name] for dimension in dimensions}


class RandomSearch(Search):
    """Random search with independent draws. If the combinations are countable, each is drawn once.

    Args:
        ranges: the ranges to search.
        seed: the same seed produces the same values.
    """

    def __init__(self, ranges: ParameterRanges | None, seed: str) -> None:
        self._dimensions = dimensions_of(ranges)
        self._seed = seed
        self._size = count_combinations(ranges) if ranges else None
        self._drawn: list[dict[str, str]] = []
        self._used: set[tuple[str, ...]] = set()

    @override
    def propose(self, index: int) -> dict[str, str] | None:
        if not self._dimensions:
            return None
        if self._size is None:
            return self._draw(index, 0)
        if index >= self._size:
            return None
        # earlier values are drawn first, because none of them may be drawn again
        while len(self._drawn) <= index:
            values = self._draw_unused(len(self._drawn), self._size)
            self._used.add(tuple(values.values()))
            self._drawn.append(values)
        return self._drawn[index]

    def _generator(self, draw: str) -> random.Random:
        return random.Random(f"{self._seed}/{draw}")  # noqa: S311 - reproducible, not secret

    def _draw(self, index: int, attempt: int) -> dict[str, str]:
        generator = self._generator(f"{index}/{attempt}")
        return {dimension.name: dimension.at(generator.random()) for dimension in self._dimensions}

    def _draw_unused(self, index: int, size: int) -> dict[str, str]:
        """Return a combination that was not drawn before."""
        for attempt in range(_DRAWS):
            values = self._draw(index, attempt)
            if tuple(values.values()) not in self._used:
                return values
        first = self._generator(f"{index}").randrange(size)
        # fewer combinations are used than exist, so this ends
        steps = (_combination(self._dimensions, (first + step) % size) for step in range(size))
        return next(values for values in steps if tuple(values.values()) not in self._used)
