"""Tables with one line for each row at any width of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from rich.box import SIMPLE_HEAD
from rich.cells import set_cell_size
from rich.table import Table
from rich.text import Text

from hptsdk.progress import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

__all__ = ["Column", "OneLineTable", "cell", "list_of_names"]

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
