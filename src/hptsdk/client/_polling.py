"""Waiting for a tuning job: polls with back-off and jitter until the job has ended."""

from __future__ import annotations

import importlib
import random
import shlex
import time
from math import isnan
from typing import TYPE_CHECKING, Protocol, SupportsFloat

import attrs

from hptsdk import errors
from hptsdk._validation import ENDED, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["Clock", "SystemClock", "interruption_note", "wait_until_ended"]

# A wait that sees no change lengthens by this factor, up to this many times its first length, give or take a quarter.
_GROWTH, _LONGEST, _JITTER = 1.5, 6, 0.25

# Members that change while a job runs and nothing else happens.
_MOVING = frozenset({"consumed_resources", "last_modified_time"})

# Failures of the service or the network in a row that a wait sits out, beyond botocore's own retries.
_SAT_OUT = 5


class Clock(Protocol):
    """Tells time and sleeps; a test can give one that only pretends."""

    def monotonic(self) -> float:
        """Give seconds from some fixed point."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let this many seconds pass."""
        ...


class SystemClock:
    """The real time."""

    def monotonic(self) -> float:
        """Give seconds from some fixed point."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let this many seconds pass."""
        time.sleep(seconds)


def wait_until_ended(  # noqa: PLR0913 - what a wait depends on
    describe: Callable[[], DescribeHyperParameterTuningJobResponse],
    *,
    job_name: str,
    clock: Clock,
    poll: float,
    timeout: float | None,
    on_response: Callable[[DescribeHyperParameterTuningJobResponse, bool], object],
    on_tick: Callable[[], object] | None = None,
) -> DescribeHyperParameterTuningJobResponse:
    """Poll until the job has ended, and give the last response.

    `on_response` is called with every response, and with whether it is the first one or differs from the one before in
    more than its times; `on_tick` about once a second between the responses.

    Raises:
        TypeError: `poll` or `timeout` is no number.
        ValueError: `poll` is not above 0, or `timeout` is NaN.
        WaitTimeout: the job did not end in time.
        ServiceError: the service refused a call, or failed too often in a row.
        TransportError: no answer came, too often in a row.
    """
    poll = _seconds(poll, "poll")
    if not poll > 0:
        raise ValueError(f"poll: expected a number of seconds above 0, got {shown(poll)}")
    timeout = None if timeout is None else _seconds(timeout, "timeout")
    # a point in time, since a difference that is added up again may never reach the time-out
    until = None if timeout is None else clock.monotonic() + timeout
    seen: DescribeHyperParameterTuningJobResponse | None = None
    pause, failures = poll, 0
    while True:
        try:
            response = describe()
        except (errors.ServiceError, errors.TransportError) as error:
            failures += 1
            if failures > _SAT_OUT or not _passes(error):
                raise
        else:
            failures = 0
            has_changed = seen is None or _differ(seen, response)
            pause = poll if has_changed else pause
            on_response(response, has_changed)
            seen = response
            if response.hyper_parameter_tuning_job_status in ENDED:
                return response
        now = clock.monotonic()
        if until is not None and now >= until:
            from hptsdk.transport import without_secrets  # on first use only

            redacted = without_secrets(seen) if seen else None
            raise errors.WaitTimeout(job_name, timeout=timeout or 0, response=redacted)
        jittered = pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - only spreads calls
        _sleep(clock, now + jittered if until is None else min(now + jittered, until), on_tick)
        pause = min(pause * _GROWTH, poll * _LONGEST)


def _seconds(value: object, option: str) -> float:
    """Return a number of seconds that was passed as an option.

    Raises:
        TypeError: the value is no number.
        ValueError: the value is NaN.
    """
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        hint = "; use its total_seconds()" if hasattr(value, "total_seconds") else ""
        raise TypeError(f"{option}: expected a number of seconds, got {shown(value)}{hint}")
    seconds = float(value)
    if isnan(seconds):
        raise ValueError(f"{option}: expected a number of seconds, got nan")
    return seconds


def interruption_note(job_name: str, options: Sequence[str] | None, local_root: str | None, *, progress: object) -> str:
    """Return how to go on after an interrupted wait.

    Args:
        job_name: the tuning job that was waited for.
        options: those of `hptsdk watch` that the client's service needs; None if the command line cannot call it.
        local_root: the root of the local service that runs the job; None for a job elsewhere.
        progress: the `progress` of the wait.
    """
    again = f"client.get({job_name!r}).wait({f'progress={progress!r}' if progress else ''})"
    watch = shlex.join(["hptsdk", "watch", job_name, *options]) if options is not None else ""
    if local_root is not None:
        # from a layer above, which whoever opened the local service has imported
        serve = importlib.import_module("hptsdk.local").serve_command(local_root)
        return (
            f"The tuning job {job_name} goes on while its local service is open. Wait for it again with {again}. After "
            f"this program has ended, open the service again with the command:\n  {serve}\nand watch the tuning job in "
            f"another terminal with:\n  {watch}"
        )
    note = f"The tuning job {job_name} goes on. Wait for it again with {again}"
    return f"{note}, or with the command:\n  {watch}" if watch else f"{note}."


def _differ(one: DescribeHyperParameterTuningJobResponse, other: DescribeHyperParameterTuningJobResponse) -> bool:
    """Check whether two responses differ in more than the times that move while a job runs."""
    names = [field.name for field in attrs.fields(type(other)) if field.name not in _MOVING]
    return any(getattr(one, name) != getattr(other, name) for name in names)


def _sleep(clock: Clock, end: float, on_tick: Callable[[], object] | None) -> None:
    """Sleep until a point in time, in pieces of a second at most where somebody wants to know."""
    now = clock.monotonic()
    while now < end:
        # a sleep may fall short by its rounding; what is left then is exact
        clock.sleep(min(1.0, end - now) if on_tick else end - now)
        if on_tick:
            on_tick()
        before, now = now, clock.monotonic()
        if now <= before:  # time that stands still has no end
            return


def _passes(error: errors.ServiceError | errors.TransportError) -> bool:
    """Tell whether a failed Describe may well work the next time."""
    if isinstance(error, errors.ServiceError):
        return error.is_retry_safe
    return error.attempts > 0
