"""Output to the standard streams without control characters, tables, and streams that a reader closes.

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

import attrs
from rich.box import SIMPLE_HEAD
from rich.cells import set_cell_size
from rich.table import Table
from rich.text import Text
from typing_extensions import override

from hptsdk.progress import printable

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from _typeshed import ReadableBuffer
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

__all__ = [
    "Column",
    "OneLineTable",
    "Position",
    "UnreadableError",
    "cell",
    "confirmed",
    "has_reader",
    "ignored_closed_pipes",
    "list_of_names",
    "print_message",
    "print_table",
    "printable_lines",
]

# The width of a table in a pipe.
_UNLIMITED = 100_000


def printable_lines(text: str) -> str:
    """Return a string with its line breaks, and with replacements for characters that cannot be printed."""
    return "\n".join(map(printable, text.split("\n")))


def print_message(text: str) -> None:
    """Print a message to standard error, with its line breaks and without other control characters."""
    print(printable_lines(text), file=sys.stderr)


def confirmed(question: str) -> bool:
    """Ask a question at a terminal, and check whether the answer is yes; without a terminal it is not asked.

    The question is on standard error. Any answer but y and yes is a no.
    """
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
    console = Console(width=_UNLIMITED)
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().removesuffix("\n").split("\n")))


Position = tuple[int, int]
"""Line and column, from 1."""


class UnreadableError(Exception):
    """A file cannot be read, is neither JSON nor YAML, or expands to too many values.

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
    """Check whether standard output may have a reader, so that a command that prints without an end can end."""
    raw: object = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return not isinstance(raw, _Pipe) or raw.has_reader


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


# The number of spaces between two columns.
_GAP = 2

# The maximum number of names in a list.
_MAX_NAMES = 3


def cell(text: object) -> Text:
    """Return a string as the cell of a table, without interpreting the markup of rich."""
    return Text(printable(text))


@attrs.frozen
class Column:
    """One column of a table.

    Attributes:
        name: its header.
        cells: one for each row.
        brief: shorter cells, used if the table is too wide otherwise. Defaults to the cells.
        longest: the width to which the header and the brief cells are cut. Defaults to no limit.
        is_number: whether the cells are aligned right. Defaults to False.
        is_optional: whether the column is omitted if the table is too wide otherwise. Defaults to False.
    """

    name: str
    cells: Sequence[Text]
    brief: Sequence[Text] | None = None
    longest: int | None = None
    is_number: bool = False
    is_optional: bool = False

    @property
    def width(self) -> int:
        """The width of its widest cell."""
        return max(cell(self.name).cell_len, *(text.cell_len for text in self.cells), 0)

    def shortened(self) -> Column:
        """Return the column with its brief cells."""
        if self.brief is None:
            return self
        if self.longest is None:
            return attrs.evolve(self, cells=self.brief)
        cells = [text.copy() for text in self.brief]
        for text in cells:
            text.truncate(self.longest, overflow="ellipsis")
        return attrs.evolve(self, name=_without_middle(printable(self.name), self.longest), cells=cells)


class OneLineTable:
    """A table with one line for each row.

    If it is too wide, its cells are shortened, then optional columns are omitted and listed below it.

    Args:
        columns: all columns.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table for the available width."""
        columns, left_out = fitted(self._columns, options.max_width)
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
        for column in columns:
            table.add_column(
                cell(column.name),
                no_wrap=True,
                overflow="ellipsis",
                justify="right" if column.is_number else "left",
            )
        for row in zip(*(column.cells for column in columns), strict=True):
            table.add_row(*row)
        yield table
        if left_out:
            yield cell(f"not shown: {list_of_names(left_out)}; use a wider terminal")


def fitted(columns: Sequence[Column], width: int) -> tuple[list[Column], list[str]]:
    """Return the columns that fit the width, shortened if necessary, and the names of the omitted ones."""
    shown = list(columns)
    for index, column in enumerate(columns):
        if _width(shown) > width:
            shown[index] = column.shortened()
    left_out: list[str] = []
    for index in reversed(range(len(columns))):
        if _width(shown) > width and columns[index].is_optional:
            del shown[index]
            left_out.insert(0, columns[index].name)
    return shown, left_out


def _width(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + _GAP * (len(columns) - 1)


def _without_middle(name: str, width: int) -> str:
    """Shorten a name in the middle, because the ends of similar names differ most."""
    if cell(name).cell_len <= width:
        return name
    begin, end = width // 2, width - width // 2 - 1
    return f"{set_cell_size(name, begin)}…{name[-end:]}"


def list_of_names(names: Sequence[str]) -> str:
    """Return the first names, and the number of the others."""
    others = len(names) - _MAX_NAMES
    return ", ".join(names[:_MAX_NAMES]) + (f" and {others} more" if others > 0 else "")
