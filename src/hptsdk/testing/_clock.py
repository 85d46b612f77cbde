"""A clock that only pretends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PretendClock"]

_MONTH = 30 * 24 * 3600.0


class PretendClock:
    """Time that passes only by sleeping, at once; for `TuningClient(clock=...)`.

    Args:
        limit: seconds after which a sleeper is told that it sleeps for ever.
        on_sleep: called after every sleep with the time, so that what is waited for can go on.

    Attributes:
        now: seconds that have passed.
        slept: how long each sleep was.

    Example:
        >>> clock = PretendClock()
        >>> clock.sleep(90)
        >>> clock.monotonic()
        90.0
    """

    def __init__(self, *, limit: float = _MONTH, on_sleep: Callable[[float], object] | None = None) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._limit = limit
        self._on_sleep = on_sleep

    def monotonic(self) -> float:
        """Give the seconds that have passed."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: the time is negative, which `time.sleep` refuses too.
            AssertionError: the limit is passed.
        """
        if not seconds >= 0:
            raise ValueError(f"a sleep is 0 seconds or more, not {seconds!r}")
        self.slept.append(seconds)
        self.now += seconds
        if self.now > self._limit:
            raise AssertionError(f"slept past {self._limit:g} seconds, in {len(self.slept)} sleeps: does it ever end?")
        if self._on_sleep:
            self._on_sleep(self.now)
