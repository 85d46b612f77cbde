"""Polling of a tuning job with growing pauses until it has ended."""

from __future__ import annotations

import importlib
import logging
import math
import random
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, SupportsFloat

import attrs

from hptsdk import errors
from hptsdk._validation import ENDED, format_value
from hptsdk.client._logs import MAX_FAILURES, MAX_PAUSE, LogReader, is_worth_a_retry
from hptsdk.progress import create_display, job_status, status_text
from hptsdk.transport import read_missing_programs, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk.client._calls import Calls
    from hptsdk.client._logs import LogEvent
    from hptsdk.progress import Display, Form
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["Clock", "Wait"]

# While nothing changes, each pause is longer than the last by this factor, up to this multiple of the first pause. Each
# pause is changed at random by up to a quarter.
_GROWTH, _MAX_GROWTH, _JITTER = 1.5, 6, 0.25

# Members that change while a job runs although its status does not.
_CHANGING = frozenset({"consumed_resources", "last_modified_time"})

_log = logging.getLogger("hptsdk")


class Clock(Protocol):
    """A clock that measures time and sleeps, such as the module `time`. Tests can use `hptsdk.testing.PretendClock`.

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


@attrs.frozen(kw_only=True)
class Wait:
    """A wait for the end of a tuning job, with the arguments of `TuningJob.wait`.

    Attributes:
        describe: the function that describes the tuning job.
        on_event: called with each log event; None to read no logs.
    """

    job_name: str
    describe: Callable[[], DescribeHyperParameterTuningJobResponse]
    calls: Calls
    timeout: float | None
    poll: float | None
    on_update: Callable[[DescribeHyperParameterTuningJobResponse], object] | None
    progress: bool | Form
    on_event: Callable[[LogEvent], object] | None

    def run(self) -> DescribeHyperParameterTuningJobResponse:
        """Wait until the tuning job has ended, and return the last response. See `TuningJob.wait` for the errors."""
        display = create_display(progress=self.progress)
        try:
            return self._poll(display)
        except (errors.WaitTimeout, KeyboardInterrupt) as error:
            if note := self._missing_programs() if isinstance(error, errors.WaitTimeout) else self._how_to_continue():
                error.add_note(note)
            raise
        finally:
            if display:
                display.close()

    def _poll(self, display: Display | None) -> DescribeHyperParameterTuningJobResponse:
        """Call Describe with growing pauses until the tuning job has ended, and return the last response."""
        clock = self.calls.clock
        poll = _seconds(self.calls.poll if self.poll is None else self.poll, "poll")
        if not poll > 0:
            raise ValueError(f"poll: expected a number of seconds above 0, got {format_value(poll)}")
        timeout = math.inf if self.timeout is None else _seconds(self.timeout, "timeout")
        # a point in time, because the sum of the pauses can differ from the time-out by rounding
        deadline = clock.monotonic() + timeout
        last: DescribeHyperParameterTuningJobResponse | None = None
        reader = LogReader(self.calls, self.job_name) if self.on_event else None
        pause, failures = poll, 0
        while True:
            try:
                response = self._describe()
                self._read_logs(reader, response, display)
            except (errors.ServiceError, errors.TransportError) as error:
                failures += 1
                if failures > MAX_FAILURES or not is_worth_a_retry(error):
                    raise
            else:
                failures = 0
                has_changed = last is None or _differ(last, response)
                pause = poll if has_changed else pause
                self._show(response, display, has_changed=has_changed)
                last = response
                if response.hyper_parameter_tuning_job_status in ENDED:
                    return response
            now = clock.monotonic()
            if now >= deadline:
                redacted = without_secrets(last) if last else None
                raise errors.WaitTimeout(self.job_name, timeout=timeout, response=redacted)
            jittered = pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads calls; not a secret
            _sleep_until(clock, min(now + jittered, deadline), display.tick if display else None)
            pause = min(pause * _GROWTH, poll * _MAX_GROWTH, MAX_PAUSE if reader else math.inf)

    def _describe(self) -> DescribeHyperParameterTuningJobResponse:
        """Describe the job. A KeyboardInterrupt is raised without the frames of botocore, which would hide its note."""
        try:
            return self.describe()
        except KeyboardInterrupt as interrupt:
            raise interrupt.with_traceback(None) from None

    def _show(
        self, response: DescribeHyperParameterTuningJobResponse, display: Display | None, *, has_changed: bool
    ) -> None:
        """Update the display. If the response has changed, also log it and call `on_update`."""
        status = job_status(response)
        if has_changed:
            if display:
                display.clear()
            _log.info("%s", status_text(status))
            if self.on_update:
                self.on_update(response)
        if display:
            display.show(status)

    def _read_logs(
        self, reader: LogReader | None, response: DescribeHyperParameterTuningJobResponse, display: Display | None
    ) -> None:
        """Call `on_event` with each new log event."""
        if reader and self.on_event:
            reader.start_from(response.creation_time)
            for event in reader.new_events():
                if display:
                    display.clear()
                self.on_event(event)

    def _missing_programs(self) -> str:
        """Return a note about the missing programs of a local tuning job; empty text if no program is missing."""
        root = self.calls.local_root
        missing = read_missing_programs(Path(root)) if root is not None else []
        problems = "; ".join(program.problem for program in missing if self.job_name in program.tuning_jobs)
        head = f"The tuning job {self.job_name} starts no training jobs"
        return f"{head}: {problems}. Add a program with service.add_program(...)." if problems else ""

    def _how_to_continue(self) -> str:
        """Return how to continue an interrupted wait, in Python and on the command line if it can call the service."""
        options, root = self.calls.command_options, self.calls.local_root
        again = f"client.get({self.job_name!r}).wait({f'progress={self.progress!r}' if self.progress else ''})"
        watch = shlex.join(["hptsdk", "watch", self.job_name, *options]) if options is not None else ""
        if root is not None:
            # from a higher layer, which the code that opened the local service has imported
            serve = importlib.import_module("hptsdk.local").serve_command(root)
            return (
                f"The tuning job {self.job_name} continues while its local service is open. Wait for it again with "
                f"{again}. After this program has ended, open the service again with the command:\n  {serve}\n"
                f"and watch the tuning job in another terminal with:\n  {watch}"
            )
        note = f"The tuning job {self.job_name} continues. Wait for it again with {again}"
        return f"{note}, or with the command:\n  {watch}" if watch else f"{note}."


def _seconds(value: object, option: str) -> float:
    """Return the number of seconds that was passed as an option.

    Raises:
        TypeError: the value is not a number.
        ValueError: the value is NaN.
    """
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        hint = "; use its total_seconds()" if hasattr(value, "total_seconds") else ""
        raise TypeError(f"{option}: expected a number of seconds, got {format_value(value)}{hint}")
    seconds = float(value)
    if math.isnan(seconds):
        raise ValueError(f"{option}: expected a number of seconds, got nan")
    return seconds


def _differ(one: DescribeHyperParameterTuningJobResponse, other: DescribeHyperParameterTuningJobResponse) -> bool:
    """Check whether two responses differ in more than the members that always change while a job runs."""
    names = [field.name for field in attrs.fields(type(other)) if field.name not in _CHANGING]
    return any(getattr(one, name) != getattr(other, name) for name in names)


def _sleep_until(clock: Clock, end: float, on_tick: Callable[[], object] | None) -> None:
    """Sleep until a point in time. If `on_tick` is set, call it after each second."""
    now = clock.monotonic()
    while now < end:
        # a sleep may end a little early because of rounding; the remaining time is exact
        clock.sleep(min(1.0, end - now) if on_tick else end - now)
        if on_tick:
            on_tick()
        before, now = now, clock.monotonic()
        if now <= before:  # the clock does not advance, so the loop would not end
            return
