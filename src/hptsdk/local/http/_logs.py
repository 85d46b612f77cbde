"""The operations of CloudWatch Logs that read the logs of training jobs.

The log group of SageMaker has a stream for each training job, with the output of its last attempt. Events are sorted by
time, stream and position, so that a page can begin after any event.
"""

from __future__ import annotations

import heapq
import json
import re
from contextlib import ExitStack, closing, suppress
from itertools import takewhile
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from hptsdk.local.http._requests import check_by_model
from hptsdk.local.jobs import ACCOUNT
from hptsdk.local.process import Line, LogLines
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from hptsdk.local.http._lists import Tokens
    from hptsdk.local.jobs import Row, ServiceConfig, Store

Body = dict[str, Any]
# The position of an event: its time, its stream, and its position in the log.
_Position = tuple[int, str, int]

_GROUP = "/aws/sagemaker/TrainingJobs"

# The bounds of a page: its events, their bytes, and the bytes of the events of which they are filtered.
_MAX_EVENTS, _MAX_BYTES, _MAX_SEARCHED = 10_000, 1 << 20, 16 << 20

# The bytes that CloudWatch Logs counts for each event in addition to its message.
_EVENT_BYTES = 26

_MAX_STREAMS = 50

_LATEST = 1 << 62

# A term of a filter pattern: one that must be contained, an optional one (?), or one that must not be contained (-).
_TERM = re.compile(r'\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"{}\[\]%]+))(?=\s|$)')


class _Stream(NamedTuple):
    """The log stream of a training job. Times are in milliseconds since 1970; `ended` is None while it runs."""

    name: str
    job: Row
    created: int
    ended: int | None

    def event(self, line: Line) -> Body:
        identifier = f"{line.time:020}{self.job['id']:016}{line.begin:020}"
        return {"logStreamName": self.name, **_event(line), "eventId": identifier}


class Logs:
    """The operations DescribeLogStreams, FilterLogEvents and GetLogEvents of CloudWatch Logs."""

    def __init__(self, store: Store, config: ServiceConfig, tokens: Tokens) -> None:
        self._store = store
        self._config = config
        self._tokens = tokens
        self._operations: dict[str, Callable[[Body], Body]] = {
            "DescribeLogStreams": self._describe_streams,
            "FilterLogEvents": self._filter_events,
            "GetLogEvents": self._get_events,
        }

    def call(self, operation: str, body: Mapping[str, object]) -> Body:
        """Return the response of an operation.

        Raises:
            Refusal: the request is invalid, or the operation, the log group or the stream does not exist.
            StoreUnavailableError: the store cannot be read now.
        """
        if operation not in self._operations:
            raise Refusal(
                "UnknownOperationException", f"The local service has no operation {operation} of CloudWatch Logs."
            )
        try:
            request = check_by_model(operation, body, "logs")
        except Refusal as error:
            raise _invalid(error.message) from error
        group = request.get("logGroupName") or str(request.get("logGroupIdentifier", "")).rpartition(":log-group:")[2]
        if group.removesuffix(":*") != _GROUP:
            raise Refusal("ResourceNotFoundException", "The specified log group does not exist.")
        maximum = _MAX_STREAMS if operation == "DescribeLogStreams" else _MAX_EVENTS
        if request.get("limit", 0) > maximum:
            raise _invalid(
                f"1 validation error detected: Value '{request['limit']}' at 'limit' failed to satisfy constraint: "
                f"Member must have value less than or equal to {maximum}"
            )
        return self._operations[operation](request)

    def _streams(self, condition: str, *values: object) -> Iterator[_Stream]:
        """Yield the streams of the training jobs that satisfy an SQL condition."""
        query = f"SELECT id, name, created, ended FROM training_jobs WHERE {condition}"  # noqa: S608 - constants only
        for row in self._store.all(query, *values):
            created = int(row["created"] * 1000)
            ended = None if row["ended"] is None else int(row["ended"] * 1000)
            yield _Stream(f"{row['name']}/algo-1-{created // 1000}", row, created, ended)

    def _lines(self, stream: _Stream) -> LogLines:
        return LogLines(self._config.jobs_folder / stream.job["name"] / "log.txt", stream.created, stream.ended)

    def _describe_streams(self, request: Body) -> Body:
        prefix, by_time = request.get("logStreamNamePrefix", ""), request.get("orderBy") == "LastEventTime"
        if prefix and by_time:
            raise _invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
        direction = "DESC" if request.get("descending") else "ASC"
        order = f"{'coalesce(ended, 1e99)' if by_time else 'name'} {direction}, name {direction}"
        query, limit = json.dumps([prefix, order]), request.get("limit", _MAX_STREAMS)
        (first,) = self._position(query, request, [0])
        streams = list(self._streams(f"{_NAMED} ORDER BY {order} LIMIT {limit + 1} OFFSET {first}", *_names(prefix)))
        response: Body = {
            "logStreams": [each for stream in streams[:limit] for each in self._description(stream, prefix)]
        }
        if len(streams) > limit:
            response["nextToken"] = self._tokens.create(query, [first + limit])
        return response

    def _description(self, stream: _Stream, prefix: str) -> Iterator[Body]:
        """Yield the description of a stream that has the prefix and a log."""
        if not stream.name.startswith(prefix):
            return
        with suppress(OSError), closing(self._lines(stream)) as lines:
            arn = f"arn:aws:logs:{self._config.region}:{ACCOUNT}:log-group:{_GROUP}:log-stream:{stream.name}"
            description: Body = {"logStreamName": stream.name, "creationTime": stream.created, "arn": arn}
            if (first := next(lines.after(0), None)) is not None:
                last = lines.last_time
                description |= {
                    "firstEventTimestamp": first.time,
                    "lastEventTimestamp": last,
                    "lastIngestionTime": last,
                }
            yield description

    def _filter_events(self, request: Body) -> Body:
        matches = _pattern(request.get("filterPattern", ""))
        query = json.dumps([request.get(name) for name in _FILTERS])
        time, name, begin = self._position(query, request, [request.get("startTime", 0), "", -1])
        after = (time, name, begin)
        events: list[Body] = []
        size = searched = 0
        limit, last = request.get("limit", _MAX_EVENTS), None
        with closing(self._merged(request, after)) as merged:
            for stream, line in merged:
                cost = len(line.text.encode()) + _EVENT_BYTES
                is_full = len(events) >= limit or (events and size + cost > _MAX_BYTES) or searched > _MAX_SEARCHED
                if is_full and last is not None:
                    token = self._tokens.create(query, [last[1].time, last[0].name, last[1].begin])
                    return {"events": events, "nextToken": token}
                last, searched = (stream, line), searched + cost
                if matches(line.text):
                    events.append(stream.event(line))
                    size += cost
        return {"events": events}

    def _merged(self, request: Body, after: _Position) -> Generator[tuple[_Stream, Line]]:
        """Yield the lines of a request after a position, until its endTime, by time, stream and position."""
        start, end = (min(time, _LATEST) for time in (after[0], request.get("endTime", _LATEST)))
        with ExitStack() as stack:
            streams = [
                stack.enter_context(closing(self._lines_from(stream, after)))
                for stream in self._searched(request, start, end)
            ]
            for position, stream, line in heapq.merge(*streams, key=itemgetter(0)):
                if position[0] > end:
                    return
                if line is not None and position > after:
                    yield stream, line

    def _lines_from(self, stream: _Stream, after: _Position) -> Generator[tuple[_Position, _Stream, Line | None]]:
        """Yield positions and lines of a stream from `after` or a little before; no lines if its log cannot be read.

        The first position is the creation of the stream, without a line, so that a merge opens the log only when a line
        of it can be the next one.
        """
        yield (stream.created, "", 0), stream, None
        time, name, begin = after
        with suppress(OSError), closing(self._lines(stream)) as log:
            for line in log.after(begin if name == stream.name else log.position_at(time)):
                yield (line.time, stream.name, line.begin), stream, line

    def _searched(self, request: Body, start: int, end: int) -> list[_Stream]:
        names, prefix = request.get("logStreamNames", []), request.get("logStreamNamePrefix", "")
        if names and prefix:
            raise _invalid("The parameters logStreamNames and logStreamNamePrefix are mutually exclusive.")
        overlap = f"{_NAMED} AND created * 1000 <= ? AND (ended IS NULL OR ended * 1000 >= ?)"
        streams: list[_Stream] = []
        for name in dict.fromkeys(names or [prefix]):
            searched = self._streams(overlap, *_names(name), end, start - 1)
            streams += [each for each in searched if each.name == name or (not names and each.name.startswith(name))]
        return streams

    def _get_events(self, request: Body) -> Body:
        name = request["logStreamName"]
        stream = next((each for each in self._streams(_NAMED, *_names(name)) if each.name == name), None)
        try:
            if stream is None:
                raise FileNotFoundError(name)
            log = self._lines(stream)
        except OSError:
            raise Refusal("ResourceNotFoundException", "The specified log stream does not exist.") from None
        start, end = request.get("startTime", 0), request.get("endTime", _LATEST)
        limit: int = request.get("limit", _MAX_EVENTS)
        token = str(request.get("nextToken", ""))
        events: list[Line] = []
        with closing(log):
            if token and not re.fullmatch(r"[fb]/[0-9]{1,18}", token):
                raise _invalid("The specified nextToken is invalid.")
            # a position after the end is that of an earlier attempt
            position = int(token[2:]) if token else 0
            position = 0 if position > log.end else position
            is_forward = token.startswith("f") or (not token and request.get("startFromHead", False))
            if is_forward:
                first, size = position if token else log.position_at(start), 0
                for line in log.after(first):
                    size += len(line.text.encode()) + _EVENT_BYTES
                    if line.time >= end or len(events) >= limit or (events and size > _MAX_BYTES):
                        break
                    if line.time >= start:
                        events.append(line)
            else:
                last = position if token else log.end
                first = log.line_before(max(0, last - _MAX_BYTES // 2))
                before = takewhile(lambda line: line.begin < last, log.after(first))
                events = [line for line in before if start <= line.time < end]
                first = events[-limit].begin if len(events) > limit else first
                events = events[-limit:]
        begin = events[0].begin if events and is_forward else first
        following = events[-1].end if events else first
        return {
            "events": [_event(line) for line in events],
            "nextForwardToken": f"f/{following:018}",
            "nextBackwardToken": f"b/{begin:018}",
        }

    def _position(self, query: str, request: Body, first: list[Any]) -> list[Any]:
        """Return the position in the nextToken of a request; `first` if the request has none."""
        try:
            return self._tokens.read(query, request["nextToken"]) if "nextToken" in request else first
        except Refusal:
            raise _invalid("The specified nextToken is invalid.") from None


# The SQL condition for the names of training jobs between those that `_names` returns.
_NAMED = "name >= ? AND name <= ?"
_FILTERS = ("logStreamNames", "logStreamNamePrefix", "startTime", "endTime", "filterPattern")


def _event(line: Line) -> Body:
    return {"timestamp": line.time, "message": line.text, "ingestionTime": line.time}


def _names(prefix: str) -> tuple[str, str]:
    """Return the first and the last possible name of a training job whose stream has a prefix."""
    name, slash, _ = prefix.partition("/")
    return name, name if slash else f"{name}\U0010ffff"


def _pattern(pattern: str) -> Callable[[str], bool]:
    """Return the function that checks whether a message matches a filter pattern of terms.

    See https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    terms: dict[str, list[str]] = {"": [], "?": [], "-": []}
    position, text = 0, pattern.rstrip()
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None:
            forms = 'word, "a phrase", ?optional, -excluded'
            raise _invalid(f"filterPattern: the local service supports only these terms: {forms}.")
        terms[match[1]].append(match[3] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2]))
        position = match.end()

    def matches(message: str) -> bool:
        return (
            all(term in message for term in terms[""])
            and not any(term in message for term in terms["-"])
            and (not terms["?"] or any(term in message for term in terms["?"]))
        )

    return matches


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidParameterException", message)
