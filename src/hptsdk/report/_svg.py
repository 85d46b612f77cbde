"""SVG as a tree of elements, so that no text is ever anything but text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import attrs

from hptsdk.report._style import FONT, INK

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Drawing", "clean", "cut", "length", "mark", "node", "stacked", "text", "with_tip"]

# What no XML may hold, and what UTF-8 can't.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# The widths of letters as shares of the font's size, as a wide font has them; no font is at hand to ask.
_WIDTHS = dict.fromkeys("mwMW@%", 0.98) | dict.fromkeys("iljtfr.,:;|!'()[] -", 0.42)
_USUAL, _IDEOGRAM = 0.64, 1.0


@attrs.frozen(eq=False)
class Drawing:
    """One picture, or one panel of it.

    Attributes:
        label: what it shows, for those who can't see it.
    """

    width: float
    height: float
    label: str
    body: tuple[ET.Element, ...]

    def element(self, **place: float) -> ET.Element:
        """Make the element `svg`; with a place it stands within another."""
        outer = {} if place else {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONT, "fill": INK}
        size = {"width": f"{self.width:g}", "height": f"{self.height:g}"}
        found = ET.Element(
            "svg",
            {**outer, **{k: f"{v:g}" for k, v in place.items()}, **size}
            | {"viewBox": f"0 0 {self.width:g} {self.height:g}", "role": "img", "aria-label": clean(self.label)},
        )
        if not place:
            # a notebook may be dark, and the ink is dark too
            found.append(node("rect", width=self.width, height=self.height, fill="#fff"))
        found.extend(self.body)
        return found

    def markup(self) -> str:
        """Write it, as it may stand in a file of its own."""
        return ET.tostring(self.element(), encoding="unicode")

    def html(self, widest: float) -> str:
        """Write it to stand in a page: as wide as there is room, unless it is wider than most."""
        found = self.element()
        if self.width <= widest:
            found.set("style", "max-width:100%;height:auto")
        return ET.tostring(found, encoding="unicode")


def stacked(label: str, drawings: Sequence[Drawing], columns: int) -> Drawing:
    """Put drawings into one, in rows."""
    body: list[ET.Element] = []
    width = top = 0.0
    for begin in range(0, len(drawings), columns):
        row, left = drawings[begin : begin + columns], 0.0
        for drawing in row:
            body.append(drawing.element(x=left, y=top))
            left += drawing.width
        width, top = max(width, left), top + max(drawing.height for drawing in row)
    return Drawing(width=width, height=top, label=label, body=tuple(body))


def node(name: str, *children: ET.Element, **attributes: str | float) -> ET.Element:
    """Make an element; attributes are named with underscores for hyphens, and numbers are rounded."""
    found = ET.Element(name, {k.strip("_").replace("_", "-"): _written(v) for k, v in attributes.items()})
    found.extend(children)
    return found


def _written(value: str | float) -> str:
    return clean(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, *, size: float = 11, room: float | None = None, **more: str) -> ET.Element:
    """Write words at a place; those that need more room than there is are cut, and whole in the tooltip."""
    shown = words if room is None else cut(words, room, size)
    found = node("text", x=x, y=y, font_size=size, **more)
    if shown != words:
        return with_tip(found, words, shown)
    found.text = clean(words)
    return found


def with_tip(element: ET.Element, tip: str, words: str = "") -> ET.Element:
    """Give an element a tooltip, and the words that it shows."""
    title = ET.SubElement(element, "title")
    title.text = clean(tip)
    title.tail = clean(words)
    return element


def cut(words: str, room: float, size: float = 11) -> str:
    """Shorten words to the room that they have."""
    if length(words, size) <= room:
        return words
    for end in range(min(len(words), int(room / size * 3)), 1, -1):
        if length(words[:end], size) + size <= room:
            return words[:end] + "…"
    return words[:1] + "…"


def length(words: str, size: float = 11) -> float:
    """Estimate how wide words are, rather too wide than too narrow."""
    found = sum(_WIDTHS.get(letter) or (_IDEOGRAM if letter > "\u2e7f" else _USUAL) for letter in words)
    return found * size


def clean(words: str) -> str:
    """Replace what can't be written."""
    return re.sub(r"\s", " ", _UNWRITABLE.sub("\ufffd", words))


def mark(shape: str, x: float, y: float, size: float, **more: str | float) -> ET.Element:
    """Draw a mark around a point: circle, square, triangle, diamond or cross."""
    if shape == "circle":
        return node("circle", cx=x, cy=y, r=size, **more)
    if shape == "square":
        return node("rect", x=x - size * 0.9, y=y - size * 0.9, width=size * 1.8, height=size * 1.8, **more)
    steps = {
        "triangle": ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
        "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
        "cross": ((-0.9, -0.9), (0.9, 0.9), (0.9, -0.9), (-0.9, 0.9)),
    }[shape]
    points = [f"{x + dx * size:.1f} {y + dy * size:.1f}" for dx, dy in steps]
    if shape == "cross":
        return node("path", d=f"M{points[0]}L{points[1]}M{points[2]}L{points[3]}", **more)
    return node("path", d=f"M{'L'.join(points)}Z", **more)
