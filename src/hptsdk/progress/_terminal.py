"""A bar that is redrawn in place, for terminals; lines, for files."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from hptsdk.progress._status import columns, cut, elapsed, sentence

if TYPE_CHECKING:
    from typing import TextIO

    from hptsdk.progress._status import Standing

__all__ = ["Bar", "Lines", "composed"]

_WIDTH = 80

# The bar itself is this long: less than the least is no bar, and more than the most says no more.
_LEAST, _MOST = 4, 30

_COLOURS = {"Completed": "32", "Failed": "31", "Stopped": "33"}
_RUNNING = "36"


# What a stream does that is closed, a pipe without a reader, or something that is not all of a stream.
_INCOMPLETE = (OSError, ValueError, AttributeError, TypeError)


class _Written:
    """Writes to a stream for as long as there is one: who watches may leave."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._encoding = _known(getattr(stream, "encoding", None))

    def can(self, text: str) -> bool:
        try:
            text.encode(self._encoding)
        except UnicodeError:
            return False
        return True

    def write(self, text: str) -> None:
        content = text.encode(self._encoding, errors="replace")
        try:
            raw = _raw(self._stream)
            if raw is None:
                self._stream.write(content.decode(self._encoding))
                self._stream.flush()
            else:
                self._stream.flush()
                _write_all(raw, content)
        except _INCOMPLETE:
            return

    @property
    def is_terminal(self) -> bool:
        try:
            return self._stream.isatty()
        except _INCOMPLETE:
            return False

    @property
    def width(self) -> int:
        """How many characters a line has."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _WIDTH
        except _INCOMPLETE:
            columns = os.environ.get("COLUMNS", "")
            return int(columns) if columns.isdecimal() and int(columns) > 0 else _WIDTH


def _raw(stream: TextIO) -> io.RawIOBase | None:
    """Return what is below the buffers of a text stream; None if the stream has no such layers.

    A failed write leaves its text in the buffers. Python flushes standard error when it exits, and then exits with 120.
    """
    # an encoding with a byte order mark would write it each time
    if type(stream) is not io.TextIOWrapper or "".encode(stream.encoding):
        return None
    raw: object = getattr(stream.buffer, "raw", None)
    return raw if isinstance(raw, io.RawIOBase) else None


def _write_all(raw: io.RawIOBase, content: bytes) -> None:
    """Write all bytes; give up if the stream is full and does not block."""
    rest = content.replace(b"\n", os.linesep.encode())
    while rest and (count := raw.write(rest)):
        rest = rest[count:]


def _known(encoding: object) -> str:
    """Give an encoding where texts have it; what stands in for a stream may name anything."""
    try:
        "".join(chr(code) for code in range(32, 127)).encode(str(encoding))
    except (LookupError, ValueError):
        return "utf-8"
    return str(encoding)


class Lines:
    """A line for each change.

    Args:
        stream: where to.
        is_logged: whether the log writes these lines to the same place; then this writes none.
    """

    def __init__(self, stream: TextIO, *, is_logged: bool) -> None:
        self._to = _Written(stream)
        self._is_logged = is_logged
        self._last = ""

    def clear(self) -> None:
        """Do nothing: what others write stands between the lines."""

    def show(self, standing: Standing) -> None:
        """Write a line if it differs from the last one."""
        line = sentence(standing)
        if line != self._last and not self._is_logged:
            self._to.write(f"{line}\n")
        self._last = line

    def tick(self) -> None:
        """Do nothing: only changes have lines."""

    def close(self) -> None:
        """Do nothing: all lines have ended."""


class Bar:
    """One line of a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._to = _Written(stream)
        self._shown = 0
        self._standing: Standing | None = None
        # https://no-color.org is about colours only
        self._is_coloured = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and self._to.is_terminal
        self._signs = ("█", "░") if self._to.can("█░") else ("#", "-")

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._to.write(f"\r{' ' * self._shown}\r")
            self._shown = 0

    def show(self, standing: Standing) -> None:
        """Draw it anew."""
        self._standing = standing
        self.tick()

    def tick(self) -> None:
        """Draw the time anew."""
        if self._standing is None:
            return
        # a line that is full would move the cursor to the next
        before, bar, after = composed(self._standing, self._to.width - 1, self._signs)
        length = columns(before + bar + after)
        if bar and self._is_coloured:
            bar = f"\x1b[{_COLOURS.get(self._standing.status, _RUNNING)}m{bar}\x1b[0m"
        padding = " " * max(0, self._shown - length)
        # before the line is written, so that it is ended also if Ctrl-C comes right after
        self._shown = length
        self._to.write(f"\r{before}{bar}{after}{padding}")

    def close(self) -> None:
        """End the line."""
        if self._shown:
            self._to.write("\n")
            self._shown = 0


def composed(standing: Standing, width: int, signs: tuple[str, str]) -> tuple[str, str, str]:
    """Lay out the line: what stands before the bar, the bar, and what stands behind it.

    If the line is too narrow, the least important parts are left out: first what runs, then the best, the name and the
    time.
    """
    ended = standing.ended
    stopped = f"{standing.completed} completed, {standing.stopped} stopped" if standing.stopped else ""
    count = (
        f"{ended}/{standing.total}"
        if standing.total
        else stopped or f"{ended} {'ended' if standing.failed else 'done'}"
    )
    parts = {
        "name": standing.name,
        "count": count,
        "stopped": stopped if standing.total else "",
        "status": "" if standing.status == "InProgress" else standing.status,
        "running": f"{standing.running} running" if standing.running else "",
        "failed": f"{standing.failed} failed" if standing.failed else "",
        "best": f"best {standing.best}" if standing.best else "",
        "time": elapsed(standing.seconds),
    }
    least = _LEAST + 2 if standing.total else 0
    for dropped in ("", "running", "best", "name", "time", "stopped", "failed", "status"):
        parts[dropped] = ""
        before, after = parts["name"], "  ".join(part for name, part in parts.items() if part and name != "name")
        room = width - columns(before) - columns(after) - (2 if before else 0)
        if room >= least:
            break
    if not standing.total or room < least:
        return cut("  ".join(part for part in (before, after) if part), width), "", ""
    long = min(_MOST, room - 2)
    full = min(long, long * ended // standing.total)
    return f"{before}  " if before else "", signs[0] * full + signs[1] * (long - full), f"  {after}"
