"""Which training jobs are stopped before their end: by the median rule, or by asynchronous halving.

The k-th value of the objective that a training job prints is its k-th epoch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Halving", "MedianRule", "Stopping"]

# The median rule needs so many training jobs that have ended, and looks from this epoch on.
_ENDED, _FROM = 3, 2

# At a rung of the halving the best of so many go on, and the rungs are so far apart.
_FACTOR = 3


class Stopping(ABC):
    """Looks at each value of the objective as it is printed.

    Args:
        minimizes: whether smaller is better.
    """

    def __init__(self, *, minimizes: bool) -> None:
        self._sign = 1 if minimizes else -1

    @abstractmethod
    def should_stop(self, name: str, epoch: int, value: float) -> bool:
        """Look at a value of a training job; epochs count from 1."""

    def ended(self, name: str, values: Sequence[float]) -> None:  # noqa: B027 - need not learn
        """Learn of all values of a training job that has ended."""


class MedianRule(Stopping):
    """Stops what is worse than the median of the running means of those that ended before, at the same epoch."""

    def __init__(self, *, minimizes: bool) -> None:
        super().__init__(minimizes=minimizes)
        # for each epoch, the means of those that came so far
        self._means: list[list[float]] = []

    def should_stop(self, name: str, epoch: int, value: float) -> bool:  # noqa: ARG002 - the seam's
        """Compare with the median."""
        if epoch < _FROM or epoch > len(self._means) or len(self._means[epoch - 1]) < _ENDED:
            return False
        return self._sign * value > self._sign * median(self._means[epoch - 1])

    def ended(self, name: str, values: Sequence[float]) -> None:  # noqa: ARG002 - the seam's
        """Keep its running means."""
        for epoch, total in enumerate(accumulate(values), start=1):
            if epoch > len(self._means):
                self._means.append([])
            self._means[epoch - 1].append(total / epoch)


class Halving(Stopping):
    """Stops what is not among the best third at a rung, and everything at the largest resource.

    Args:
        minimizes: whether smaller is better.
        least: epochs before which nothing is stopped, the first rung.
        most: epochs at which everything is stopped.
    """

    def __init__(self, *, minimizes: bool, least: int, most: int) -> None:
        super().__init__(minimizes=minimizes)
        self._most = most
        self._rungs: dict[int, dict[str, float]] = {}
        rung = max(least, 1)
        while rung < most:
            self._rungs[rung] = {}
            rung *= _FACTOR

    def should_stop(self, name: str, epoch: int, value: float) -> bool:
        """Compare with those that reached this rung."""
        if epoch >= self._most:
            return True
        rung = self._rungs.get(epoch)
        if rung is None:
            return False
        rung[name] = self._sign * value
        places = sorted(rung.values())
        return rung[name] > places[max(1, len(places) // _FACTOR) - 1] and len(places) >= _FACTOR

    def ended(self, name: str, values: Sequence[float]) -> None:
        """Keep what it had at the rungs."""
        for epoch, rung in self._rungs.items():
            if epoch <= len(values):
                rung[name] = self._sign * values[epoch - 1]
