"""A progress bar in a terminal, which is updated in place, and lines for a log file."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from hptsdk.progress._formatting import display_width, format_duration, status_text, truncate

if TYPE_CHECKING:
    from typing import TextIO

    from hptsdk.progress._formatting import JobStatus

__all__ = ["Lines", "TerminalBar", "bar_layout"]

_DEFAULT_WIDTH = 80

# The minimum and the maximum number of columns of the bar itself.
_MIN_BAR, _MAX_BAR = 4, 30

_COLOURS = {"Completed": "32", "Failed": "31", "Stopped": "33"}
_RUNNING_COLOUR = "36"


# The errors of a stream that is closed, of a pipe without a reader, and of an object that is not a complete stream.
_STREAM_ERRORS = (OSError, ValueError, AttributeError, TypeError)


class _Stream:
    """A writer to a text stream. It ignores errors, because a reader may close the stream at any time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._encoding = _supported_encoding(getattr(stream, "encoding", None))

    def can_encode(self, string: str) -> bool:
        """Check whether the encoding of the stream has all characters of a string."""
        try:
            string.encode(self._encoding)
        except UnicodeError:
            return False
        return True

    def write(self, string: str) -> None:
        """Write a string without buffering. A character that the encoding does not have becomes a question mark."""
        content = string.encode(self._encoding, errors="replace")
        try:
            raw = _raw_stream(self._stream)
            if raw is None:
                self._stream.write(content.decode(self._encoding))
                self._stream.flush()
            else:
                self._stream.flush()
                _write_all(raw, content)
        except _STREAM_ERRORS:
            return

    @property
    def is_terminal(self) -> bool:
        """Whether the stream is a terminal."""
        try:
            return self._stream.isatty()
        except _STREAM_ERRORS:
            return False

    @property
    def width(self) -> int:
        """The number of columns of the terminal. Defaults to 80 if it is not known."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _DEFAULT_WIDTH
        except _STREAM_ERRORS:
            columns = os.environ.get("COLUMNS", "")
            return int(columns) if columns.isdecimal() and int(columns) > 0 else _DEFAULT_WIDTH


def _raw_stream(stream: TextIO) -> io.RawIOBase | None:
    """Return the raw stream below the buffers of a text stream; None if the stream has no such layers.

    A failed write leaves its text in the buffers. Python flushes standard error when it exits, and then exits with 120.
    """
    # an encoding with a byte order mark would write it each time
    if type(stream) is not io.TextIOWrapper or "".encode(stream.encoding):
        return None
    raw: object = getattr(stream.buffer, "raw", None)
    return raw if isinstance(raw, io.RawIOBase) else None


def _write_all(raw: io.RawIOBase, content: bytes) -> None:
    """Write all bytes. Stop if the stream is full and does not block."""
    rest = content.replace(b"\n", os.linesep.encode())
    while rest and (count := raw.write(rest)):
        rest = rest[count:]


def _supported_encoding(encoding: object) -> str:
    """Return the name of the encoding; UTF-8 if Python does not support it, or if it cannot encode ASCII."""
    try:
        "".join(chr(code) for code in range(32, 127)).encode(str(encoding))
    except (LookupError, ValueError):
        return "utf-8"
    return str(encoding)


class Lines:
    """A display that writes a line for each change of the status.

    Args:
        stream: the stream to write to.
        is_logged: whether log records with the same text are written to this stream. If true, no line is written.
    """

    def __init__(self, stream: TextIO, *, is_logged: bool) -> None:
        self._stream = _Stream(stream)
        self._is_logged = is_logged
        self._last = ""

    def clear(self) -> None:
        """Do nothing, because other output can appear between the lines."""

    def show(self, job: JobStatus) -> None:
        """Write a line if it differs from the last one."""
        line = status_text(job)
        if line != self._last and not self._is_logged:
            self._stream.write(f"{line}\n")
        self._last = line

    def tick(self) -> None:
        """Do nothing, because only a change of the status is written."""

    def close(self) -> None:
        """Do nothing, because each line is complete."""


class TerminalBar:
    """A progress bar in one line of a terminal.

    Args:
        stream: the stream to write to.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = _Stream(stream)
        self._shown_width = 0
        self._job: JobStatus | None = None
        # https://no-color.org
        has_colours = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._is_coloured = has_colours and self._stream.is_terminal
        self._signs = ("█", "░") if self._stream.can_encode("█░") else ("#", "-")

    def clear(self) -> None:
        """Erase the line."""
        if self._shown_width:
            self._stream.write(f"\r{' ' * self._shown_width}\r")
            self._shown_width = 0

    def show(self, job: JobStatus) -> None:
        """Draw the line."""
        self._job = job
        self.tick()

    def tick(self) -> None:
        """Draw the line with the current running time."""
        if self._job is None:
            return
        # a full line would move the cursor to the next one
        before, bar, after = bar_layout(self._job, self._stream.width - 1, self._signs)
        width = display_width(before + bar + after)
        if bar and self._is_coloured:
            bar = f"\x1b[{_COLOURS.get(self._job.status, _RUNNING_COLOUR)}m{bar}\x1b[0m"
        padding = " " * max(0, self._shown_width - width)
        # set before the write, so that `close` also ends the line after an interrupt during the write
        self._shown_width = width
        self._stream.write(f"\r{before}{bar}{after}{padding}")

    def close(self) -> None:
        """End the line."""
        if self._shown_width:
            self._stream.write("\n")
            self._shown_width = 0


def bar_layout(job: JobStatus, width: int, signs: tuple[str, str]) -> tuple[str, str, str]:
    """Return the text before the bar, the bar, and the text after it.

    If the line is too narrow, the least important parts are omitted, in the order of the loop below.

    Args:
        job: the status of the tuning job.
        width: the columns of the line.
        signs: the characters of the full and the empty part of the bar.
    """
    ended = job.ended
    stopped = f"{job.completed} completed, {job.stopped} stopped" if job.stopped else ""
    count = f"{ended}/{job.total}" if job.total else stopped or f"{ended} {'ended' if job.failed else 'done'}"
    parts = {
        "name": job.name,
        "count": count,
        "stopped": stopped if job.total else "",
        "status": "" if job.status == "InProgress" else job.status,
        "running": f"{job.running} running" if job.running else "",
        "failed": f"{job.failed} failed" if job.failed else "",
        "best": f"best {job.best}" if job.best else "",
        "time": format_duration(job.seconds),
    }
    needed = _MIN_BAR + 2 if job.total else 0
    before, after, available = "", "", 0
    for left_out in ("", "running", "best", "name", "time", "stopped", "failed", "status"):
        parts[left_out] = ""
        before, after = parts["name"], "  ".join(part for name, part in parts.items() if part and name != "name")
        available = width - display_width(before) - display_width(after) - (2 if before else 0)
        if available >= needed:
            break
    if not job.total or available < needed:
        return truncate("  ".join(part for part in (before, after) if part), width), "", ""
    length = min(_MAX_BAR, available - 2)
    full = min(length, length * ended // job.total)
    return f"{before}  " if before else "", signs[0] * full + signs[1] * (length - full), f"  {after}"
