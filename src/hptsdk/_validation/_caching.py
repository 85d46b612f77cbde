"""A cache for values that are computed from a class."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cache_by_class"]

ClassT = TypeVar("ClassT", bound=type)
T = TypeVar("T")


def cache_by_class(function: Callable[[ClassT], T]) -> Callable[[ClassT], T]:
    """Cache the results of a function of a class; mypy rejects the class of a shape for `functools.cache`."""
    results: dict[ClassT, T] = {}

    @wraps(function)
    def cached(cls: ClassT) -> T:
        if cls not in results:
            results[cls] = function(cls)
        return results[cls]

    return cached
