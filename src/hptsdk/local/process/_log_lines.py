"""The lines of a training job's log with their times, which the service stores while it reads the log."""

from __future__ import annotations

import os
import re
import struct
from bisect import bisect_left
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from hptsdk.local._files import open_regular

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

__all__ = ["Line", "LogLines", "LogTimes", "times_file"]

# One record for each part of a log that was read: where it ends, and the time in milliseconds since 1970.
_RECORD = struct.Struct("<qq")

# The bytes that are read at a time. A longer line is returned in parts.
_BLOCK = 1 << 16
_LATEST = 1 << 42  # in the year 2109
_LINE = re.compile(rb"([^\r\n]+)([\r\n]?)")


def times_file(log: Path) -> Path:
    """Return the file with the times of a log."""
    return log.with_suffix(".times")


class LogTimes:
    """The file with the times of a log that grows. Errors of writing are ignored: the log is more important.

    Args:
        log: the log.
    """

    def __init__(self, log: Path) -> None:
        self._path = times_file(log)
        self._last = 0
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def add(self, end: int, time: float) -> None:
        """Add a part of the log that was read now.

        Args:
            end: the position at which it ends.
            time: the time, in seconds since 1970.
        """
        # a system time that is set back does not change the order of the lines
        self._last = max(self._last, round(time * 1000))
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        with suppress(OSError):
            descriptor = os.open(self._path, flags, 0o600)
            try:
                os.write(descriptor, _RECORD.pack(end, self._last))
            finally:
                os.close(descriptor)


class Line(NamedTuple):
    """A line of a log.

    Attributes:
        begin: the position of its first byte.
        end: the position after its last byte.
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
        log: the log.
        created: the time at which the training job was created, in milliseconds since 1970.
        ended: the time at which it ended; None if it runs. Until then, lines without a line end, and lines without a
            time, are not complete.

    Attributes:
        end: the position after the last line with a time.
        last_time: the time of the last line, in milliseconds since 1970; 0 if there is none.

    Raises:
        OSError: the log is missing, or the program has replaced it.
    """

    def __init__(self, log: Path, created: int, ended: int | None) -> None:
        self._file = open_regular(log)
        self._times: BinaryIO | None = None
        with suppress(OSError):  # of an earlier version of hptsdk
            self._times = open_regular(times_file(log))
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
        """Return the beginning of the first line that may be from a time on."""
        index = bisect_left(range(self._count), time, key=lambda index: self._record(index)[1])
        return 0 if index == 0 else self.line_before(self._record(index - 1)[0])

    def line_before(self, position: int) -> int:
        """Return the beginning of the line that contains the byte before a position."""
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
        """Close the files."""
        self._file.close()
        if self._times is not None:
            self._times.close()
