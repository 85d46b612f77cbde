"""The log of a training job: the metrics in it, which are read while its program runs, and its lines with their times.

The first match of a metric's regex in each line of the log is used: the value of its first group, if that is a finite
number. The service stores the times at which it reads the log.
"""

from __future__ import annotations

import math
import os
import re
import struct
import time
from bisect import bisect_left
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import regex

from hptsdk.local._files import open_log, open_regular
from hptsdk.rules.facts.regexes import expanded_size

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from hptsdk.shapes import MetricDefinition

# The bytes that are read at a time, and the longest line.
_LARGE_BLOCK, _MAX_LINE = 1 << 20, 1 << 16
_LINE_ENDS = re.compile(r"[\r\n]+")

# The regex engine expands counted repeats: (a{1000}){1000} takes gigabytes. The API allows at most 500 characters.
_MAX_EXPANDED = 2_000

# A tab in the logs of SageMaker, which the regexes of its own algorithms match.
_TAB_CODE = "#011"

# Seconds after which a search in one line is aborted.
_TIMEOUT = 0.25


class MetricValue(NamedTuple):
    """One value of a metric, and the time at which it was read, in seconds since 1970."""

    name: str
    value: float
    time: float


class CompiledMetric(NamedTuple):
    """A metric and its compiled regex. With `has_tab_code`, it is searched in lines in which a tab is `#011`."""

    name: str
    pattern: regex.Pattern[str]
    has_tab_code: bool = False


def compile_metrics(definitions: Iterable[MetricDefinition]) -> tuple[CompiledMetric, ...]:
    """Compile the regexes of metrics.

    Raises:
        ValueError: a regex is invalid or too large.
    """
    metrics: list[CompiledMetric] = []
    for definition in definitions:
        if expanded_size(definition.regex) > _MAX_EXPANDED:
            raise ValueError(
                f"The regex of metric {definition.name} cannot be used: with its counted repeats expanded it can have"
                f" more than {_MAX_EXPANDED:,} characters. Use smaller counts, or + or * instead."
            )
        try:
            pattern = regex.compile(definition.regex, cache_pattern=False)
            metrics.append(CompiledMetric(definition.name, pattern, _TAB_CODE in definition.regex))
        except regex.error as error:
            raise ValueError(f"The regex of metric {definition.name} cannot be used: {error}") from error
    return tuple(metrics)


def _lines(text: str) -> Iterator[str]:
    """Return the lines of a log; lines of more than 65,536 characters are returned in parts."""
    for line in _LINE_ENDS.split(text):
        for begin in range(0, len(line), _MAX_LINE):
            yield line[begin : begin + _MAX_LINE]


class LogReader:
    """A reader of a growing log, which continues at the position where it stopped.

    Args:
        file: the open log; a program that replaces the file has no effect on it.
        metrics: the metrics to search.
        times: receives the times at which the log is read. Defaults to None.

    Attributes:
        disabled: the names of metrics whose regex took too long; they are no longer searched.
    """

    def __init__(self, file: BinaryIO, metrics: Iterable[CompiledMetric], times: LogTimes | None = None) -> None:
        self._file = file
        self._metrics = list(metrics)
        self._times = times
        self._offset = 0
        self._incomplete = b""
        self.disabled: list[str] = []

    def read(self, *, has_ended: bool = False) -> tuple[list[MetricValue], bool]:
        """Read at most the next MiB.

        Args:
            has_ended: whether the program has ended, so that the last line is complete without a line end. Defaults
                to False.

        Returns:
            The metric values in its complete lines, and whether more may be read now.

        Raises:
            OSError: the log cannot be read.
        """
        block = os.pread(self._file.fileno(), _LARGE_BLOCK, self._offset)
        self._offset += len(block)
        if block and self._times is not None:
            self._times.add(self._offset, time.time())
        more = len(block) == _LARGE_BLOCK
        content = self._incomplete + block
        end = max(content.rfind(b"\n"), content.rfind(b"\r")) + 1
        if (has_ended and not more) or len(content) - end > _MAX_LINE:
            end = len(content)
        self._incomplete = content[end:]
        return self._values(content[:end].decode(errors="replace")), more

    def _values(self, text: str) -> list[MetricValue]:
        at, values = round(time.time(), 3), list[MetricValue]()
        for line in _lines(text) if self._metrics else ():
            coded = line.replace("\t", _TAB_CODE)
            for metric in tuple(self._metrics):
                if (value := self._value(metric, coded if metric.has_tab_code else line)) is not None:
                    values.append(MetricValue(metric.name, value, at))
        return values

    def _value(self, metric: CompiledMetric, line: str) -> float | None:
        """Return the value of a metric in a line; None if there is none. A regex that takes too long is disabled."""
        try:
            match = metric.pattern.search(line, timeout=_TIMEOUT, concurrent=True)
        except TimeoutError:
            self._metrics.remove(metric)
            self.disabled.append(metric.name)
            return None
        if match is None or not match.re.groups or match.group(1) is None:
            return None
        try:
            value = float(match.group(1))
        except ValueError:
            return None
        return value if math.isfinite(value) else None


# One record for each part of a log that was read: where it ends, and the time in milliseconds since 1970.
_RECORD = struct.Struct("<qq")

# The bytes that are read at a time. A longer line is returned in parts.
_BLOCK = 1 << 16
_LATEST = 1 << 42  # in the year 2109
_LINE = re.compile(rb"([^\r\n]+)([\r\n]?)")


def _times_file(log: Path) -> Path:
    return log.with_suffix(".times")


class LogTimes:
    """The file with the times of a growing log, in place of that of an earlier attempt. Write errors are ignored."""

    def __init__(self, log: Path) -> None:
        self._path = _times_file(log)
        self._last = 0
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def add(self, end: int, time: float) -> None:
        """Add a part of the log that was read now.

        Args:
            end: the position in the log at which it ends, in bytes.
            time: the time, in seconds since 1970.
        """
        # a system time that is set back does not change the order of the lines
        self._last = max(self._last, round(time * 1000))
        with suppress(OSError):
            descriptor = open_log(self._path)
            try:
                os.write(descriptor, _RECORD.pack(end, self._last))
            finally:
                os.close(descriptor)


class Line(NamedTuple):
    """A line of a log.

    Attributes:
        begin: the position of its first byte in the log.
        end: the position after its last byte, without line ends.
        time: the time at which the service read it, in milliseconds since 1970.
        text: its text, without line ends.
    """

    begin: int
    end: int
    time: int
    text: str


class LogLines:
    """The lines of a log. Empty lines are skipped.

    Args:
        log: the path of the log.
        created: the time at which the training job was created, in milliseconds since 1970.
        ended: likewise, the time at which it ended; None if it runs. Until then, a last line without a line end and
            lines without a time are not returned.

    Attributes:
        end: the position at which the lines end.
        last_time: the time of the last line, in milliseconds since 1970; if no time is stored, `ended` or 0.

    Raises:
        OSError: the log is missing, or is not a regular file.
    """

    def __init__(self, log: Path, created: int, ended: int | None) -> None:
        self._file = open_regular(log)
        self._times: BinaryIO | None = None
        with suppress(OSError):  # no line was read yet, or the times could not be written
            self._times = open_regular(_times_file(log))
        self._created, self._ended = created, ended
        self.end, self.last_time = 0, ended or 0
        self._count = 0 if self._times is None else os.fstat(self._times.fileno()).st_size // _RECORD.size
        if self._count:
            self.end, self.last_time = self._record(self._count - 1)
        size = os.fstat(self._file.fileno()).st_size
        self.end = min(size, self.end) if ended is None else size

    def _record(self, index: int) -> tuple[int, int]:
        """Return the end and the time of a part of the log; after the last part, those of its last line."""
        content = b""
        if self._times is not None and index < self._count:
            content = os.pread(self._times.fileno(), _RECORD.size, index * _RECORD.size)
        # the program may have changed the file
        if len(content) < _RECORD.size:
            return self.end, self.last_time
        end, time = _RECORD.unpack(content)
        return end, min(max(time, self._created), _LATEST if self._ended is None else self._ended)

    def position_at(self, time: int) -> int:
        """Return the position of the first line that may have a time or a later one, in milliseconds since 1970."""
        index = bisect_left(range(self._count), time, key=lambda index: self._record(index)[1])
        return 0 if index == 0 else self.line_before(self._record(index - 1)[0])

    def line_before(self, position: int) -> int:
        """Return the position after the last line end before a position, at most 65,536 bytes back."""
        begin = max(0, position - _BLOCK)
        block = os.pread(self._file.fileno(), position - begin, begin)
        return begin + max(block.rfind(b"\n"), block.rfind(b"\r")) + 1

    def after(self, position: int) -> Generator[Line]:
        """Yield the complete lines from a position on."""
        index = bisect_left(range(self._count), position, key=lambda index: self._record(index)[0])
        until, time = self._record(index)
        while position < self.end:
            block = os.pread(self._file.fileno(), min(_BLOCK, self.end - position), position)
            is_last = position + len(block) >= self.end
            begin = position
            for match in _LINE.finditer(block):
                is_complete = match[2] or (self._ended is not None and is_last) or len(block) == len(match[0]) == _BLOCK
                if not is_complete:
                    position = begin + match.start()
                    break
                end = begin + match.end(1)
                while until < end and index < self._count:
                    index += 1
                    until, time = self._record(index)
                position = begin + match.end()
                yield Line(begin + match.start(1), end, time, match[1].decode(errors="replace"))
            else:
                position = max(position, begin + len(block))
            if not block or position == begin:  # the file was shortened, or its last line is not complete
                return

    def close(self) -> None:
        self._file.close()
        if self._times is not None:
            self._times.close()
