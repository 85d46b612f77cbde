"""Displays for the progress of a tuning job: a bar in a terminal or a notebook, lines in a log file."""

from __future__ import annotations

import importlib
import io
import logging
import os
import stat
import sys
from html import escape
from typing import TYPE_CHECKING, Any, Literal, get_args

from typing_extensions import override

from hptsdk._validation import format_value, suggestion
from hptsdk.progress._formatting import display_width, format_duration, status_text, truncate

if TYPE_CHECKING:
    from typing import TextIO

    from hptsdk.progress._formatting import JobStatus

Form = Literal["bar", "notebook", "lines"]
_FORMS = get_args(Form)


def create_display(*, progress: bool | Form) -> Display | None:
    """Create the display for the argument `progress` of `TuningJob.wait`, which documents the errors; None for none."""
    if progress is False:
        return None
    if progress is not True and progress not in _FORMS:
        got = f"{format_value(progress)}{suggestion(progress, _FORMS)}"
        raise ValueError(f"progress: expected True, False, 'bar', 'notebook' or 'lines', got {got}")
    if progress == "notebook" or (progress is True and _is_notebook()):
        return _NotebookBar()
    # None in a process without it, such as one of pythonw
    stream: TextIO | None = sys.stderr
    if stream is None:
        return None
    form = _suitable_form(stream) if progress is True else progress
    return _TerminalBar(stream) if form == "bar" else _Lines(stream) if form == "lines" else None


# The errors of a stream that is closed, of a pipe without a reader, and of an object that is not a complete stream.
_STREAM_ERRORS = (OSError, ValueError, AttributeError, TypeError)


def _suitable_form(stream: TextIO) -> Form | None:
    """Return the form for a terminal or a log file; None for any other stream."""
    try:
        if stream.isatty():
            return "lines" if os.environ.get("TERM") == "dumb" else "bar"
        return "lines" if stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else None
    except _STREAM_ERRORS:
        return None


def _is_logged_to(stream: TextIO) -> bool:
    """Check whether the log records of the job are written to the same stream."""
    log = logging.getLogger("hptsdk")
    if not log.isEnabledFor(logging.INFO):
        return False
    logger: logging.Logger | None = log
    while logger is not None:
        for handler in logger.handlers:
            if handler.level <= logging.INFO and getattr(handler, "stream", None) is stream:
                return True
        logger = logger.parent if logger.propagate else None
    return False


class Display:
    """A display of the progress of a tuning job."""

    _job: JobStatus | None = None

    def show(self, job: JobStatus) -> None:
        """Show a new status."""
        self._job = job
        self.tick()

    def tick(self) -> None:
        """Update the running time. By default, this and the following methods do nothing."""

    def clear(self) -> None:
        """Remove the bar from the terminal, before other output."""

    def close(self) -> None:
        """End the line of the bar."""


class _NotebookBar(Display):
    """A progress bar in the output of a notebook cell."""

    def __init__(self) -> None:
        if not _is_notebook():
            raise RuntimeError("progress='notebook' needs a Jupyter kernel; use progress='bar' in a terminal")
        # IPython's `DisplayHandle`
        self._handle: Any = None

    @override
    def tick(self) -> None:
        if self._job is None:
            return
        data = {"text/html": _status_html(self._job), "text/plain": status_text(self._job)}
        if self._handle is None:
            self._handle = importlib.import_module("IPython.display").display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


def _is_notebook() -> bool:
    """Check whether this process is a Jupyter kernel, which has imported IPython."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def _status_html(job: JobStatus) -> str:
    """Format the status of a tuning job as HTML."""
    # a bar without a value is an animation
    value = f' value="{job.ended}" max="{job.total}"' if job.total else ""
    has_ended = job.end is not None or job.status != "InProgress"
    bar = f'<progress{value} aria-label="training jobs that ended"></progress> ' if value or not has_ended else ""
    parts = [
        *([job.status] if job.status != "InProgress" else []),
        *job.counts,
        *([f"best {job.best}"] if job.best else []),
        format_duration(job.seconds),
    ]
    return f"<div><b>{escape(job.name)}</b> {bar}{escape(', '.join(parts))}</div>"


_DEFAULT_WIDTH = 80

# The minimum and the maximum number of columns of the bar itself.
_MIN_BAR, _MAX_BAR = 4, 30

# any other status is cyan, 36
_COLOURS = {"Completed": "32", "Failed": "31", "Stopped": "33"}


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
                return
            self._stream.flush()
            rest = content.replace(b"\n", os.linesep.encode())
            # a stream that is full and does not block writes nothing
            while rest and (count := raw.write(rest)):
                rest = rest[count:]
        except _STREAM_ERRORS:
            return

    @property
    def width(self) -> int:
        """The number of columns of the terminal; if it is not known, COLUMNS or 80."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _DEFAULT_WIDTH
        except _STREAM_ERRORS:
            columns = os.environ.get("COLUMNS", "")
            return int(columns) if columns.isdecimal() and int(columns) > 0 else _DEFAULT_WIDTH


def _raw_stream(stream: TextIO) -> io.RawIOBase | None:
    """Return the raw stream below the buffers of a text stream; None if it cannot be used.

    A failed write leaves its text in the buffers. If Python cannot flush them at its exit, the exit code is 120.
    """
    # an encoding with a byte order mark would write it each time
    if type(stream) is not io.TextIOWrapper or "".encode(stream.encoding):
        return None
    raw: object = getattr(stream.buffer, "raw", None)
    return raw if isinstance(raw, io.RawIOBase) else None


def _supported_encoding(encoding: object) -> str:
    """Return the name of the encoding; UTF-8 if Python does not support it, or if it cannot encode ASCII."""
    try:
        "".join(chr(code) for code in range(32, 127)).encode(str(encoding))
    except (LookupError, ValueError):
        return "utf-8"
    return str(encoding)


class _Lines(Display):
    """A display that writes a line for each change of the status."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = _Stream(stream)
        # a log record with the same text replaces a line
        self._is_logged = _is_logged_to(stream)
        self._last = ""

    @override
    def show(self, job: JobStatus) -> None:
        line = status_text(job)
        if line != self._last and not self._is_logged:
            self._stream.write(f"{line}\n")
        self._last = line


class _TerminalBar(Display):
    """A progress bar in one line of a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = _Stream(stream)
        self._shown_width = 0
        # https://no-color.org
        self._is_coloured = not os.environ.get("NO_COLOR") and _suitable_form(stream) == "bar"
        self._characters = ("█", "░") if self._stream.can_encode("█░") else ("#", "-")

    @override
    def clear(self) -> None:
        if self._shown_width:
            self._stream.write(f"\r{' ' * self._shown_width}\r")
            self._shown_width = 0

    @override
    def tick(self) -> None:
        if self._job is None:
            return
        # a full line would move the cursor to the next one
        before, bar, after = _bar_layout(self._job, self._stream.width - 1, self._characters)
        width = display_width(before + bar + after)
        if bar and self._is_coloured:
            bar = f"\x1b[{_COLOURS.get(self._job.status, 36)}m{bar}\x1b[0m"
        padding = " " * max(0, self._shown_width - width)
        # set before the write, so that `close` also ends the line after an interrupt during the write
        self._shown_width = width
        self._stream.write(f"\r{before}{bar}{after}{padding}")

    @override
    def close(self) -> None:
        if self._shown_width:
            self._stream.write("\n")
            self._shown_width = 0


def _bar_layout(job: JobStatus, width: int, characters: tuple[str, str]) -> tuple[str, str, str]:
    """Return the text before the bar, the bar, and the text after it.

    If the line is too narrow, the least important parts are omitted, in the order of the loop below. Without a bar, the
    first text is the line.

    Args:
        job: the status of the tuning job.
        width: the columns of the line.
        characters: those of the full and the empty part of the bar.
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
    for omitted in ("", "running", "best", "name", "time", "stopped", "failed", "status"):
        parts[omitted] = ""
        before, after = parts["name"], "  ".join(part for name, part in parts.items() if part and name != "name")
        available = width - display_width(before) - display_width(after) - (2 if before else 0)
        if available >= needed:
            break
    if not job.total or available < needed:
        return truncate("  ".join(part for part in (before, after) if part), width), "", ""
    length = min(_MAX_BAR, available - 2)
    full = min(length, length * ended // job.total)
    return f"{before}  " if before else "", characters[0] * full + characters[1] * (length - full), f"  {after}"
