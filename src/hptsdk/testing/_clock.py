"""A clock for tests, whose time advances without waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PretendClock"]

_30_DAYS = 30 * 24 * 3600.0


class PretendClock:
    """A clock whose time advances only by `sleep`, which returns at once; for `TuningClient(clock=...)`.

    Args:
        limit: the time in seconds after which `sleep` raises, so that an endless loop ends. Defaults to 30 days.
        on_sleep: called after each sleep with the time in seconds.

    Attributes:
        now: the time in seconds; it starts at 0.
        slept: the durations of all sleeps, in seconds.

    Example:
        >>> clock = PretendClock()
        >>> clock.sleep(90)
        >>> clock.monotonic()
        90.0
    """

    def __init__(self, *, limit: float = _30_DAYS, on_sleep: Callable[[float], object] | None = None) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._limit = limit
        self._on_sleep = on_sleep

    def monotonic(self) -> float:
        """Return the time in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Advance the time.

        Args:
            seconds: the duration, 0 or more.

        Raises:
            ValueError: the duration is negative, as for `time.sleep`.
            AssertionError: the time is after the limit.
        """
        if not seconds >= 0:
            raise ValueError(f"seconds: expected 0 seconds or more, got {seconds!r}")
        self.slept.append(seconds)
        self.now += seconds
        if self.now > self._limit:
            text = f"slept past {self._limit:g} seconds, in {len(self.slept)} sleeps; check that the loop ends"
            raise AssertionError(text)
        if self._on_sleep:
            self._on_sleep(self.now)
