"""The frame of a picture: two axes with marks and titles, and where things lie between them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from hptsdk.report._style import GRID, INK, LINE, MUTED
from hptsdk.report._svg import clean, cut, length, node, text, with_tip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._scales import Scale

__all__ = ["Frame", "frame_of", "legend"]

# Marks at the edge are whole: they lie this far within.
INSET = 8

_SIZE = 11

# More marks than these are a ruler.
_ROWS, _COLUMNS = 7, 11


@attrs.frozen
class Frame:
    """The area that marks are drawn in, with the scales of its sides."""

    x: Scale
    y: Scale
    left: float
    top: float
    right: float
    bottom: float

    def at_x(self, share: float) -> float:
        """Give the place of a share of the horizontal axis."""
        return self.left + INSET + share * (self.right - self.left - 2 * INSET)

    def at_y(self, share: float) -> float:
        """Give the place of a share of the vertical axis, which grows upwards."""
        return self.bottom - INSET - share * (self.bottom - self.top - 2 * INSET)

    def axes(self, x_title: str, y_title: str) -> list[ET.Element]:
        """Draw the axes, with a line at each mark of the vertical one."""
        found = [node("g", *self._rows(), fill=MUTED), node("g", *self._columns(), fill=MUTED)]
        found.append(
            node("path", d=f"M{self.left:g} {self.top:g}V{self.bottom:g}H{self.right:g}", fill="none", stroke=LINE)
        )
        middle = (self.left + self.right) / 2
        wide, high = self.right - self.left + 20, self.bottom - self.top + 20
        if x_title:
            found.append(text(middle, self.bottom + 32, x_title, room=wide, text_anchor="middle", font_weight="600"))
        if y_title:
            turned = f"translate(12 {(self.top + self.bottom) / 2:g}) rotate(-90)"
            found.append(text(0, 0, y_title, room=high, text_anchor="middle", transform=turned, font_weight="600"))
        return found

    def _rows(self) -> list[ET.Element]:
        found: list[ET.Element] = []
        for share, label in self.y.ticks(_rows_in(self.bottom - self.top)):
            at = self.at_y(share)
            found.append(node("path", d=f"M{self.left:g} {at:.1f}H{self.right:g}", stroke=GRID))
            found.append(text(self.left - 5, at + 4, label, text_anchor="end"))
        return found

    def _columns(self) -> list[ET.Element]:
        wide = self.right - self.left
        if self.x.texts:
            room = wide / len(self.x.texts)
            return [
                text(self.at_x(share), self.bottom + 15, label, room=max(room, 14) - 4, text_anchor="middle")
                for share, label in self.x.ticks(int(wide / 14))
            ]
        found: list[ET.Element] = []
        for share, label in self._roomy(wide - 2 * INSET):
            at = self.at_x(share)
            found.append(node("path", d=f"M{at:.1f} {self.bottom:g}v4", stroke=LINE))
            found.append(text(at, self.bottom + 15, label, text_anchor="middle"))
        return found

    def _roomy(self, wide: float) -> list[tuple[float, str]]:
        """Mark as many numbers as there is room for."""
        for most in range(min(_COLUMNS, max(2, int(wide / 46))), 2, -1):
            found = self.x.ticks(most)
            if all(
                wide * (right[0] - left[0]) > (length(left[1], _SIZE) + length(right[1], _SIZE)) / 2
                for left, right in pairwise(found)
            ):
                return found
        return self.x.ticks(2)


def _rows_in(high: float) -> int:
    return min(_ROWS, max(2, int(high / 28)))


def frame_of(  # noqa: PLR0913 - a frame has many sides
    x: Scale, y: Scale, width: float, height: float, *, top: float = 10, below: float = 0, least: float = 0
) -> Frame:
    """Lay out a frame.

    Args:
        x: of the horizontal axis.
        y: of the vertical axis; what is written there gets its room at the left.
        width: of the whole picture.
        height: likewise.
        top: what lies above.
        below: room for what comes between the axis and its title.
        least: room at the left that is needed anyway.
    """
    bottom = height - 40 - below
    widest = max((length(label, _SIZE) for _, label in y.ticks(_rows_in(bottom - top))), default=0)
    left = max(least, 28 + widest)
    return Frame(x=x, y=y, left=round(left), top=top, right=width - 12, bottom=bottom)


def legend(
    entries: Sequence[tuple[ET.Element, str]], left: float, y: float, width: float
) -> tuple[list[ET.Element], float]:
    """Draw what marks mean, in rows; each mark is drawn around 0, 0. Gives the height too."""
    found: list[ET.Element] = []
    x, top = left, y
    for sign, words in entries:
        shown = cut(words, 260, _SIZE)
        wide = 36 + length(shown, _SIZE)
        if x + wide > width and x > left:
            x, top = left, top + 18
        label = node("text", x=x + 12, y=top + 4, font_size=_SIZE, fill=INK)
        if shown != words:
            with_tip(label, words, shown)
        else:
            label.text = clean(shown)
        found += [node("g", sign, transform=f"translate({x:g} {top:g})"), label]
        x += wide
    return found, top - y + 18
