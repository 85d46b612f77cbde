"""Alternatives with their shares."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Shares"]


class Shares(NamedTuple):
    """Alternatives, and the sums of their shares up to each one, in the largest unit: small numbers shrink faster."""

    alternatives: tuple[Any, ...]
    sums: tuple[int, ...]

    @classmethod
    def of(cls, shares: Mapping[Any, int]) -> Shares:
        """Create it from a mapping to shares."""
        unit = gcd(*shares.values())
        return cls(tuple(shares), tuple(total // unit for total in accumulate(shares.values())))

    @property
    def total(self) -> int:
        """The number of units."""
        return self.sums[-1]

    def at(self, unit: int) -> Any:  # noqa: ANN401 - alternatives have any type
        """Return the alternative to which a unit belongs, from 0 for the first one."""
        return self.alternatives[bisect_right(self.sums, unit)]

    def among(self, allowed: Iterable[Any]) -> Shares | None:
        """Return those of the alternatives that are allowed; None if none is."""
        return _among(self, tuple(allowed))


@lru_cache(maxsize=1024)
def _among(shares: Shares, allowed: tuple[Any, ...]) -> Shares | None:
    sizes = {
        alternative: total - before
        for alternative, total, before in zip(shares.alternatives, shares.sums, (0, *shares.sums), strict=False)
    }
    left = {alternative: sizes[alternative] for alternative in allowed if alternative in sizes}
    return Shares.of(left) if left else None
