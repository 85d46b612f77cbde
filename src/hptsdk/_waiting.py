"""Waiting for a tuning job: polls with back-off and jitter until the job has ended."""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING, Protocol, cast

from hptsdk import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, TrainingJobStatusCounters

__all__ = ["Clock", "SystemClock", "print_progress", "wait_until_ended"]

# Statuses that do not change any more.
ENDED = frozenset({"Completed", "Failed", "Stopped", "DeleteFailed"})

# A wait that sees no change lengthens by this factor, up to this many times its first length, give or take a quarter.
_GROWTH, _LONGEST, _JITTER = 1.5, 6, 0.25

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
    on_update: Callable[[DescribeHyperParameterTuningJobResponse], object] | None,
) -> DescribeHyperParameterTuningJobResponse:
    """Poll until the job has ended, and give the last response.

    `on_update` is called with the first response and with each that differs from the one before.

    Raises:
        WaitTimeout: the job did not end in time.
        ServiceError: the service refused a call, or failed too often in a row.
        TransportError: no answer came, too often in a row.
    """
    if not poll > 0:
        raise ValueError(f"poll is a number of seconds above 0, not {poll!r}")
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
            if response != seen:
                pause = poll
                if on_update:
                    on_update(response)
            seen = response
            if response.hyper_parameter_tuning_job_status in ENDED:
                return response
        left = None if until is None else until - clock.monotonic()
        if left is not None and left <= 0:
            raise errors.WaitTimeout(job_name, timeout=timeout or 0, response=seen)
        jittered = pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - only spreads calls
        clock.sleep(jittered if left is None else min(jittered, left))
        pause = min(pause * _GROWTH, poll * _LONGEST)


def _passes(error: errors.ServiceError | errors.TransportError) -> bool:
    """Tell whether a failed Describe may well work the next time."""
    if isinstance(error, errors.ServiceError):
        return error.is_retry_safe
    return error.attempts > 0


def print_progress(response: DescribeHyperParameterTuningJobResponse) -> None:
    """Write a line on standard error."""
    # the service sends these always; a stand-in for it may not
    counters = cast("TrainingJobStatusCounters | None", response.training_job_status_counters)
    parts = [
        f"{response.hyper_parameter_tuning_job_name}: {response.hyper_parameter_tuning_job_status}",
        f"{counters.completed or 0} completed, {counters.in_progress or 0} running" if counters is not None else "",
    ]
    best = response.best_training_job
    metric = best.final_hyper_parameter_tuning_job_objective_metric if best else None
    parts.append(f"best {metric.metric_name} {metric.value}" if metric else "")
    print(", ".join(part for part in parts if part), file=sys.stderr)  # noqa: T201 - what was asked for
