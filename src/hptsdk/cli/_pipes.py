"""Standard streams whose readers may close them.

The output of `hptsdk list | head -1` is not read to its end. A command ignores that, so that its exit code is the same.
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

__all__ = ["ignored_closed_pipes"]


class _Pipe(io.RawIOBase):
    """The write end of a pipe, which ignores that the other end is closed."""

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
            return content.nbytes


@contextmanager
def ignored_closed_pipes() -> Generator[None]:
    """Write to standard streams that are pipes without an error after their readers have closed them."""
    with ExitStack() as stack:
        if (output := _pipe(sys.stdout)) is not None:
            stack.enter_context(redirect_stdout(output))
            stack.callback(output.flush)
        if (messages := _pipe(sys.stderr)) is not None:
            stack.enter_context(redirect_stderr(messages))
            stack.callback(messages.flush)
        yield


def _pipe(stream: TextIO | None) -> io.TextIOWrapper | None:
    """Return a stream that writes to the same pipe; None if a stream is not a pipe."""
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
