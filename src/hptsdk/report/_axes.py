"""The frame of a drawing: two axes with labels and titles, and the positions between them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from hptsdk.report._svg import GRID, INK, LINE, MUTED, element, text, text_width, truncate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._scales import Scale

__all__ = ["INSET", "Frame", "create_frame", "legend"]

# The distance between the frame and the outermost marks, so that these are drawn completely.
INSET = 8

# The maximum numbers of ticks.
_MAX_ROWS, _MAX_COLUMNS = 7, 11

# The heights of an axis with its title, and of a row of the legend.
_AXIS_HEIGHT, _LEGEND_ROW = 40, 18


@attrs.frozen
class Frame:
    """The area for marks, with the scales of its sides.

    Attributes:
        x: the scale of the horizontal axis.
        y: the scale of the vertical axis.
        left: the horizontal position of the left side, in pixels, like the next three.
        top: the vertical position of the upper side. Positions grow downwards.
        right: the horizontal position of the right side.
        bottom: the vertical position of the lower side.
    """

    x: Scale
    y: Scale
    left: float
    top: float
    right: float
    bottom: float

    def at_x(self, share: float) -> float:
        """Return the horizontal position in pixels of a share of the axis, from 0 to 1."""
        return self.left + INSET + share * (self.right - self.left - 2 * INSET)

    def at_y(self, share: float) -> float:
        """Return the vertical position in pixels of a share of the axis, from 0 at the bottom to 1 at the top."""
        return self.bottom - INSET - share * (self.bottom - self.top - 2 * INSET)

    def axes(self, x_title: str, y_title: str) -> list[ET.Element]:
        """Draw the axes, with a grid line at each tick of the vertical axis.

        Args:
            x_title: the title below the horizontal axis; empty for none.
            y_title: the title to the left of the vertical axis; empty for none.

        Returns:
            The elements of the axes.
        """
        outline = f"M{self.left:g} {self.top:g}V{self.bottom:g}H{self.right:g}"
        drawn = [
            element("g", *self._rows(), fill=MUTED),
            element("g", *self._columns(), fill=MUTED),
            element("path", d=outline, fill="none", stroke=LINE),
        ]
        if x_title:
            middle, width = (self.left + self.right) / 2, self.right - self.left + 20
            drawn.append(text(middle, self.bottom + 32, x_title, width=width, text_anchor="middle", font_weight="600"))
        if y_title:
            turn, height = f"translate(12 {(self.top + self.bottom) / 2:g}) rotate(-90)", self.bottom - self.top + 20
            title = text(0, 0, y_title, width=height, transform=turn, text_anchor="middle", font_weight="600")
            drawn.append(title)
        return drawn

    def _rows(self) -> list[ET.Element]:
        """Draw the labels and the grid lines of the vertical axis."""
        drawn: list[ET.Element] = []
        for share, label in self.y.ticks(_row_count(self.bottom - self.top)):
            y = self.at_y(share)
            drawn.append(element("path", d=f"M{self.left:g} {y:.1f}H{self.right:g}", stroke=GRID))
            drawn.append(text(self.left - 5, y + 4, label, text_anchor="end"))
        return drawn

    def _columns(self) -> list[ET.Element]:
        """Draw the labels of the horizontal axis, with a short line at each tick of a number."""
        width = self.right - self.left
        if self.x.categories:
            label_width = max(width / len(self.x.categories), 14) - 4
            return [
                text(self.at_x(share), self.bottom + 15, label, width=label_width, text_anchor="middle")
                for share, label in self.x.ticks(int(width / 14))
            ]
        drawn: list[ET.Element] = []
        for share, label in self._column_ticks(width - 2 * INSET):
            x = self.at_x(share)
            drawn.append(element("path", d=f"M{x:.1f} {self.bottom:g}v4", stroke=LINE))
            drawn.append(text(x, self.bottom + 15, label, text_anchor="middle"))
        return drawn

    def _column_ticks(self, width: float) -> list[tuple[float, str]]:
        """Return the maximum number of ticks whose labels do not overlap, within a width in pixels."""
        for most in range(min(_MAX_COLUMNS, max(2, int(width / 46))), 2, -1):
            ticks = self.x.ticks(most)
            if all(
                width * (right[0] - left[0]) > (text_width(left[1]) + text_width(right[1])) / 2
                for left, right in pairwise(ticks)
            ):
                return ticks
        return self.x.ticks(2)


def _row_count(height: float) -> int:
    """Return the maximum number of ticks of a vertical axis with this height in pixels."""
    return min(_MAX_ROWS, max(2, int(height / 28)))


def create_frame(  # noqa: PLR0913 - the sides of a frame
    x: Scale, y: Scale, width: float, height: float, *, top: float = 10, below: float = 0, least: float = 0
) -> Frame:
    """Create a frame with enough space for the labels. All lengths are in pixels.

    Args:
        x: the scale of the horizontal axis.
        y: the scale of the vertical axis.
        width: the width of the whole drawing.
        height: the height of the whole drawing.
        top: the height above the frame. Defaults to 10.
        below: the height between the horizontal axis and its title. Defaults to 0.
        least: the minimum width to the left of the frame. Defaults to 0.
    """
    bottom = height - _AXIS_HEIGHT - below
    widest = max((text_width(label) for _, label in y.ticks(_row_count(bottom - top))), default=0)
    left = max(least, 28 + widest)
    return Frame(x=x, y=y, left=round(left), top=top, right=width - 12, bottom=bottom)


def legend(
    entries: Sequence[tuple[ET.Element, str]], left: float, y: float, width: float
) -> tuple[list[ET.Element], float]:
    """Draw a legend in rows.

    Args:
        entries: the mark and the name of each entry. The mark is drawn around the position 0, 0.
        left: the horizontal position of the first mark of a row, in pixels, like the other lengths.
        y: the vertical position of the first row.
        width: the maximum width of a row.

    Returns:
        The elements of the legend, and its height.
    """
    drawn: list[ET.Element] = []
    x, top = left, y
    for symbol, name in entries:
        shown = truncate(name, 260)
        entry_width = 36 + text_width(shown)
        if x + entry_width > width and x > left:
            x, top = left, top + _LEGEND_ROW
        drawn.append(element("g", symbol, transform=f"translate({x:g} {top:g})"))
        drawn.append(text(x + 12, top + 4, name, width=260, fill=INK))
        x += entry_width
    return drawn, top - y + _LEGEND_ROW
