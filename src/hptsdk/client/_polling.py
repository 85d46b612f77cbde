"""Polling of a tuning job with growing pauses until it has ended."""

from __future__ import annotations

import importlib
import random
import shlex
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, SupportsFloat

import attrs

from hptsdk import errors
from hptsdk._validation import ENDED, shown
from hptsdk.transport import read_missing_programs, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hptsdk.client._calls import Calls
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["Clock", "wait_note", "wait_until_ended"]

# While nothing changes, each pause is longer than the last by this factor, up to this multiple of the first pause. Each
# pause is changed at random by up to a quarter.
_GROWTH, _MAX_GROWTH, _JITTER = 1.5, 6, 0.25

# Members that change while a job runs although its status does not.
_CHANGING = frozenset({"consumed_resources", "last_modified_time"})

# Failed calls in a row that a wait tolerates, in addition to botocore's own retries.
_MAX_FAILURES = 5


class Clock(Protocol):
    """A clock that measures time and sleeps, such as the module `time`. A test can use one that does not really sleep.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import PretendClock, StubTransport
        >>> client = hptsdk.TuningClient(transport=StubTransport(), clock=PretendClock())
    """

    def monotonic(self) -> float:
        """Return the seconds since a fixed point in time."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Sleep for a number of seconds."""
        ...


def wait_until_ended(  # noqa: PLR0913 - the options of a wait
    describe: Callable[[], DescribeHyperParameterTuningJobResponse],
    *,
    job_name: str,
    clock: Clock,
    poll: float,
    timeout: float | None,
    on_change: Callable[[DescribeHyperParameterTuningJobResponse], object],
    on_response: Callable[[DescribeHyperParameterTuningJobResponse], object],
    on_tick: Callable[[], object] | None = None,
) -> DescribeHyperParameterTuningJobResponse:
    """Poll until the job has ended, and return the last response.

    Args:
        describe: makes the call.
        job_name: the tuning job.
        clock: the clock of the client.
        poll: the seconds between the first two calls.
        timeout: the maximum number of seconds; None for no limit.
        on_change: called with the first response and each that differs from the one before in more than its times.
        on_response: called with every response, after `on_change`.
        on_tick: called about once a second between the responses.

    Raises:
        TypeError: `poll` or `timeout` is not a number.
        ValueError: `poll` is not above 0, or `timeout` is NaN.
        WaitTimeout: the job did not end in time.
        ServiceError: the service responded with an error that a retry does not solve, or with too many in a row.
        TransportError: too many calls in a row had no response.
    """
    poll = _seconds(poll, "poll")
    if not poll > 0:
        raise ValueError(f"poll: expected a number of seconds above 0, got {shown(poll)}")
    timeout = None if timeout is None else _seconds(timeout, "timeout")
    # a point in time, since a sum of pauses may never reach the time-out exactly
    deadline = None if timeout is None else clock.monotonic() + timeout
    last: DescribeHyperParameterTuningJobResponse | None = None
    pause, failures = poll, 0
    while True:
        try:
            response = describe()
        except (errors.ServiceError, errors.TransportError) as error:
            failures += 1
            if failures > _MAX_FAILURES or not _is_worth_a_retry(error):
                raise
        else:
            failures = 0
            if last is None or _differ(last, response):
                pause = poll
                on_change(response)
            on_response(response)
            last = response
            if response.hyper_parameter_tuning_job_status in ENDED:
                return response
        now = clock.monotonic()
        if deadline is not None and now >= deadline:
            raise errors.WaitTimeout(job_name, timeout=timeout or 0, response=without_secrets(last) if last else None)
        jittered = pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads calls; not a secret
        _sleep_until(clock, now + jittered if deadline is None else min(now + jittered, deadline), on_tick)
        pause = min(pause * _GROWTH, poll * _MAX_GROWTH)


def _seconds(value: object, option: str) -> float:
    """Return the number of seconds that was passed as an option.

    Raises:
        TypeError: the value is not a number.
        ValueError: the value is NaN.
    """
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        hint = "; use its total_seconds()" if hasattr(value, "total_seconds") else ""
        raise TypeError(f"{option}: expected a number of seconds, got {shown(value)}{hint}")
    seconds = float(value)
    if isnan(seconds):
        raise ValueError(f"{option}: expected a number of seconds, got nan")
    return seconds


def wait_note(error: BaseException, job_name: str, calls: Calls, *, progress: object) -> str:
    """Return the note for the error that ended a wait: how to continue it, or why the job does not go on.

    Args:
        error: a KeyboardInterrupt or a WaitTimeout.
        job_name: the tuning job.
        calls: the calls of the client.
        progress: the `progress` of the wait.
    """
    if isinstance(error, KeyboardInterrupt):
        return _interruption_note(job_name, calls.command_options, calls.local_root, progress=progress)
    missing = read_missing_programs(Path(calls.local_root)) if calls.local_root is not None else []
    names = [program.image or program.algorithm or "" for program in missing if job_name in program.tuning_jobs]
    head = f"The tuning job {job_name} starts no training jobs: the local service has no program for"
    return f"{head} {', '.join(names)}. Add it with service.add_program(...)." if names else ""


def _interruption_note(
    job_name: str, options: Sequence[str] | None, local_root: str | None, *, progress: object
) -> str:
    """Return how to continue an interrupted wait."""
    again = f"client.get({job_name!r}).wait({f'progress={progress!r}' if progress else ''})"
    watch = shlex.join(["hptsdk", "watch", job_name, *options]) if options is not None else ""
    if local_root is not None:
        # from a higher layer, which the code that opened the local service has imported
        serve = importlib.import_module("hptsdk.local").serve_command(local_root)
        return (
            f"The tuning job {job_name} goes on while its local service is open. Wait for it again with {again}. After "
            f"this program has ended, open the service again with the command:\n  {serve}\nand watch the tuning job in "
            f"another terminal with:\n  {watch}"
        )
    note = f"The tuning job {job_name} goes on. Wait for it again with {again}"
    return f"{note}, or with the command:\n  {watch}" if watch else f"{note}."


def _differ(one: DescribeHyperParameterTuningJobResponse, other: DescribeHyperParameterTuningJobResponse) -> bool:
    """Check whether two responses differ in more than the members that always change while a job runs."""
    names = [field.name for field in attrs.fields(type(other)) if field.name not in _CHANGING]
    return any(getattr(one, name) != getattr(other, name) for name in names)


def _sleep_until(clock: Clock, end: float, on_tick: Callable[[], object] | None) -> None:
    """Sleep until a point in time, with a tick after each second."""
    now = clock.monotonic()
    while now < end:
        # a sleep may end a little early because of rounding; the remaining time is exact
        clock.sleep(min(1.0, end - now) if on_tick else end - now)
        if on_tick:
            on_tick()
        before, now = now, clock.monotonic()
        if now <= before:  # the clock does not advance, so the loop would not end
            return


def _is_worth_a_retry(error: errors.ServiceError | errors.TransportError) -> bool:
    """Check whether the same call of Describe may succeed later."""
    return error.is_retry_safe if isinstance(error, errors.ServiceError) else error.attempts > 0
