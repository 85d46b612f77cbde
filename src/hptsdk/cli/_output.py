"""Output to the standard streams, without control characters, and streams that a reader closes.

Messages go to standard error and results to standard output. Text from other sources, such as the name or the failure
reason of a job, cannot move the cursor or change the colours of the terminal.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, TextIO

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Generator

    from _typeshed import ReadableBuffer
    from rich.console import RenderableType

# The width of a table in a pipe.
_UNLIMITED = 100_000


def printable_lines(text: str) -> str:
    """Return a string with its line breaks, and with replacements for characters that cannot be printed."""
    from hptsdk.progress import printable

    return "\n".join(map(printable, text.split("\n")))


def print_message(text: str) -> None:
    """Print a message to standard error, with its line breaks and without other control characters."""
    print(printable_lines(text), file=sys.stderr)


def confirmed(question: str) -> bool:
    """Ask a question on standard error, and check whether the answer is y or yes. Without a terminal, return True."""
    # without standard streams, as under pythonw, they are None
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        return True
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def print_table(table: RenderableType) -> None:
    """Print a table to standard output; in a pipe it has its full width, without spaces at the ends of lines."""
    from rich.console import Console

    console = Console()
    if console.is_terminal:
        console.print(table)
        return
    console.width = _UNLIMITED
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        print(line.rstrip())


Position = tuple[int, int]
"""Line and column, from 1."""


class UnreadableError(Exception):
    """A file cannot be read as a mapping in JSON or YAML.

    Attributes:
        position: line and column, from 1.
    """

    def __init__(self, message: str, position: Position = (1, 1)) -> None:
        super().__init__(message)
        self.position = position


class _Pipe(io.RawIOBase):
    """The write end of a pipe, which ignores that the other end is closed.

    Attributes:
        has_reader: False after a write to a pipe whose other end is closed.
    """

    has_reader = True

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @override
    def writable(self) -> bool:
        return True

    @override
    def fileno(self) -> int:
        return self._descriptor

    @override
    def write(self, data: ReadableBuffer, /) -> int:
        content = memoryview(data)
        try:
            return os.write(self._descriptor, content)
        except BrokenPipeError:
            self.has_reader = False
            return content.nbytes


def has_reader() -> bool:
    """Check whether standard output may still have a reader. If it has none, a command that follows logs ends."""
    raw: object = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return not isinstance(raw, _Pipe) or raw.has_reader


@contextmanager
def ignored_closed_pipes() -> Generator[None]:
    """Create a context in which standard streams that are pipes raise no error after their readers have closed them."""
    with ExitStack() as stack:
        if (output := _pipe(sys.stdout)) is not None:
            stack.enter_context(redirect_stdout(output))
            stack.callback(output.flush)
        if (messages := _pipe(sys.stderr)) is not None:
            stack.enter_context(redirect_stderr(messages))
            stack.callback(messages.flush)
        yield


def _pipe(stream: TextIO | None) -> io.TextIOWrapper | None:
    """Return a stream that writes to the same pipe or socket; None for other streams."""
    if not isinstance(stream, io.TextIOWrapper):
        return None
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):
        return None
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return None
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Pipe(stream.fileno())),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
