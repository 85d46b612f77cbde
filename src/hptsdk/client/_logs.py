"""The log events of training jobs, from CloudWatch Logs or the local service."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from hptsdk import errors
from hptsdk._validation import ENDED, aware_datetime, format_value, is_list, is_mapping, number, text
from hptsdk.progress import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hptsdk.client._calls import Calls
    from hptsdk.transport import Redaction

_GROUP = "/aws/sagemaker/TrainingJobs"

# Seconds between two calls. An account can make five calls of FilterLogEvents in a second in all regions:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
_BETWEEN_CALLS = 0.5

# Seconds for which an event of one stream can arrive after later events of others. The local service reads the logs of
# its training jobs ten times in a second.
_LATENESS, _LOCAL_LATENESS = 30, 1

# The number of events whose IDs are stored, so that none is returned twice.
_MAX_SEEN = 10_000

# The bounds of the pause in seconds while logs are followed, and its growth while there are no new events. A local
# service uses the processors of the training jobs for each call.
_MIN_PAUSE, MAX_PAUSE, _GROWTH = 0.5, 5.0, 1.5

# Failed calls in a row that are tolerated, in addition to botocore's own retries.
MAX_FAILURES = 5


@attrs.frozen
class LogEvent:
    """A line of the output of a training job.

    Attributes:
        time: the time of the event, in UTC.
        training_job: the name of the training job.
        instance: the instance that printed the line, such as "algo-1".
        message: the line. It can contain control characters, and secrets that the program prints.
    """

    time: datetime
    training_job: str
    instance: str
    message: str


def log_line(event: LogEvent, redaction: Redaction) -> str:
    """Return a log event as a line for a terminal, with its secrets redacted and without control characters."""
    message = printable(redaction.apply(event.message)).rstrip()
    return f"{event.time:%Y-%m-%d %H:%M:%S} {event.training_job}/{event.instance} {message}"


def start_time(since: datetime | timedelta | None) -> float:
    """Return the time from which to read, in seconds since 1970; 0 for None. See `TuningJob.logs` for the errors."""
    if since is None:
        return 0.0
    if isinstance(since, timedelta):
        if since < timedelta():
            raise ValueError(f"since: expected a duration of at least 0, got {since.total_seconds():.15g} seconds")
        return max(0.0, datetime.now(UTC).timestamp() - since.total_seconds())
    # the types of arguments are only checked here
    if not isinstance(since, datetime):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"since: expected a datetime or a timedelta, got {format_value(since)}")
    if since.tzinfo is None:
        hint = "use since.astimezone() if it is in local time, or since.replace(tzinfo=datetime.UTC)"
        raise ValueError(f"since: expected an aware datetime, got one without a time zone; {hint}")
    return max(0.0, since.timestamp())


class LogReader:
    """A reader of log events, which continues after the last event that it has returned.

    A call of FilterLogEvents searches all streams with a prefix, so that the number of calls does not depend on the
    number of training jobs.

    Args:
        calls: the calls of the client.
        tuning_job: the name of the tuning job.
        training_job: the name of one of its training jobs. Defaults to None, for all.
        start: the time of the first event, in seconds since 1970. Defaults to 0. Events before the creation
            of the job are not read, because they are those of a deleted job with the same name.
    """

    def __init__(self, calls: Calls, tuning_job: str, training_job: str | None = None, start: float = 0.0) -> None:
        self._calls = calls
        self._tuning_job = tuning_job
        self._training_job = training_job
        # other tuning jobs can have longer names that begin with the name of this one
        name = re.escape(training_job) if training_job else rf"{re.escape(tuning_job)}-[0-9]+-[0-9a-z]+"
        self._stream = re.compile(rf"({name})/(.+?)(?:-[0-9]+)?")
        self._prefix = f"{training_job}/" if training_job else f"{tuning_job}-"
        self._start = round(start * 1000)
        self._seen: dict[str, int] = {}
        self._latest = 0
        self._next_call = 0.0

    def has_ended(self) -> bool:
        """Check whether the job has ended, so that it has no more events. Skip events before its creation."""
        if self._training_job is None:
            tuning_job = self._calls.describe(self._tuning_job)
            created, status = tuning_job.creation_time, tuning_job.hyper_parameter_tuning_job_status
        else:
            training_job = self._calls.describe_training_job(self._training_job)
            created, status = training_job.creation_time, training_job.training_job_status
        self.start_from(created)
        return status in ENDED

    def start_from(self, created: object) -> None:
        """Skip events before the creation of the job, if its time is known."""
        if (time := aware_datetime(created)) is not None:
            self._start = max(self._start, int(time.timestamp() * 1000))

    def all_events(self) -> Iterator[LogEvent]:
        """Yield the events so far."""
        self.has_ended()
        yield from self.new_events()

    def new_events(self) -> Iterator[LogEvent]:
        """Yield the events since the last call, page by page; none if there is no log group yet."""
        request: dict[str, object] = {"logGroupName": _GROUP, "logStreamNamePrefix": self._prefix}
        request["startTime"] = self._start
        while True:
            try:
                page = self._call(request)
            except errors.ResourceNotFoundError:
                return
            events = page.get("events")
            for event in events if is_list(events) else ():
                if is_mapping(event) and (parsed := self._new_event(event)) is not None:
                    yield parsed
            token = page.get("nextToken")
            if not token:
                break
            if token == request.get("nextToken"):
                message = "the service returned the same nextToken again"
                raise errors.ServiceError(message, code="InvalidNextToken", operation="FilterLogEvents")
            request["nextToken"] = token
        lateness = _LATENESS if self._calls.local_root is None else _LOCAL_LATENESS
        self._start = max(self._start, self._latest - 1000 * lateness)

    def follow(self, is_wanted: Callable[[], bool] | None = None) -> Iterator[LogEvent]:
        """Yield events when they arrive, until the job has ended, or `is_wanted` returns False after a pause."""
        pause = shortest = max(_MIN_PAUSE, min(self._calls.poll, MAX_PAUSE))
        longest, failures, has_events = min(5 * shortest, MAX_PAUSE), 0, False
        while True:
            has_ended = False
            try:
                # described first, so that the events before the end are read; not needed while there are new events
                has_ended = not has_events and self.has_ended()
                has_events = False
                for event in self.new_events():
                    has_events = True
                    yield event
            except (errors.ServiceError, errors.TransportError) as error:
                failures += 1
                if failures > MAX_FAILURES or not is_worth_a_retry(error):
                    raise
                has_ended = False
            else:
                failures = 0
            if has_ended:
                return
            self._calls.clock.sleep(pause)
            if is_wanted is not None and not is_wanted():
                return
            pause = shortest if has_events else min(pause * _GROWTH, longest)

    def _call(self, request: Mapping[str, object]) -> Mapping[str, object]:
        """Call FilterLogEvents. Calls of CloudWatch Logs are at least `_BETWEEN_CALLS` apart."""
        clock = self._calls.clock
        if (wait := self._next_call - clock.monotonic()) > 0:
            clock.sleep(wait)
        if self._calls.local_root is None:
            self._next_call = clock.monotonic() + _BETWEEN_CALLS
        return self._calls.transport.call("FilterLogEvents", request)

    def _new_event(self, event: Mapping[str, object]) -> LogEvent | None:
        """Return an event; None if it was returned before, is of another job, or its time is out of range."""
        stream, message = text(event.get("logStreamName")), text(event.get("message"))
        match = self._stream.fullmatch(stream)
        try:
            milliseconds = int(number(event.get("timestamp")) or 0)
            time = datetime.fromtimestamp(milliseconds / 1000, UTC)
        except (ValueError, OverflowError, OSError):  # not a time
            return None
        identifier = text(event.get("eventId")) or f"{stream} {milliseconds} {message}"
        if match is None or identifier in self._seen:
            return None
        self._seen[identifier] = milliseconds
        if len(self._seen) > _MAX_SEEN:
            first = next(iter(self._seen))
            # events that are no longer known are not requested again
            self._start = max(self._start, self._seen.pop(first) + 1)
        self._latest = max(self._latest, milliseconds)
        return LogEvent(time, match[1], match[2], message)


def is_worth_a_retry(error: errors.ServiceError | errors.TransportError) -> bool:
    """Check whether the same call may succeed later."""
    return error.is_retry_safe if isinstance(error, errors.ServiceError) else error.attempts > 0
