"""SVG as a tree of elements, whose serializer escapes all text, and the colours and marks of the plots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import attrs

# Characters that XML cannot have, or that UTF-8 cannot encode.
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# The widths of characters as fractions of the font size, in a wide font, because the actual font is not known.
_WIDTHS = dict.fromkeys("mwMW@%", 0.98) | dict.fromkeys("iljtfr.,:;|!'()[] -", 0.42)
_USUAL, _IDEOGRAM = 0.64, 1.0

# The width of a plot in pixels.
WIDTH = 860

# The left and the upper end of a legend, and the height of a row.
_LEGEND_LEFT, _LEGEND_TOP, _LEGEND_ROW = 60.0, 14.0, 18


@attrs.frozen(eq=False)
class Drawing:
    """A plot, or one panel of it.

    Attributes:
        width, height: the size in pixels.
        label: the description for screen readers.
        body: the elements of the plot.
    """

    width: float
    height: float
    label: str
    body: tuple[ET.Element, ...]

    def svg(self, **position: float) -> ET.Element:
        """Create the element `svg`, with the position in pixels of a part of another plot."""
        outer = {} if position else {"xmlns": "http://www.w3.org/2000/svg", "font-family": _FONT, "fill": INK}
        sizes = position | {"width": self.width, "height": self.height}
        numbers = {name: f"{value:g}" for name, value in sizes.items()}
        view = {"viewBox": f"0 0 {self.width:g} {self.height:g}", "role": "img", "aria-label": xml_text(self.label)}
        svg = ET.Element("svg", outer | numbers | view)
        if not position:
            # a notebook may have a dark background, and the text is dark too
            svg.append(element("rect", width=self.width, height=self.height, fill="#fff"))
        svg.extend(self.body)
        return svg

    def markup(self) -> str:
        """Return the SVG as text for a file."""
        return ET.tostring(self.svg(), encoding="unicode")

    def html(self) -> str:
        """Return the SVG as part of an HTML page. It shrinks with the page, unless it is wider than other plots."""
        svg = self.svg()
        if self.width <= WIDTH:
            svg.set("style", "max-width:100%;height:auto")
        return ET.tostring(svg, encoding="unicode")


# A heading, which can be empty, and the drawings below it.
Section = tuple[str, Sequence[Drawing]]


def grid(label: str, drawings: Sequence[Drawing], columns: int) -> Drawing:
    """Arrange drawings in rows, from left to right and from top to bottom."""
    body: list[ET.Element] = []
    width = top = 0.0
    for start in range(0, len(drawings), columns):
        row, left = drawings[start : start + columns], 0.0
        for drawing in row:
            body.append(drawing.svg(x=left, y=top))
            left += drawing.width
        width, top = max(width, left), top + max(drawing.height for drawing in row)
    return Drawing(width=width, height=top, label=label, body=tuple(body))


def element(tag: str, *children: ET.Element, **attributes: str | float) -> ET.Element:
    """Create an SVG element.

    Args:
        tag: the name of the element.
        *children: the elements inside.
        **attributes: the attributes, with underscores in place of hyphens. An underscore at the beginning is removed,
            as in `_class`. Numbers are rounded to one decimal place.
    """
    formatted = {key.strip("_").replace("_", "-"): _attribute(value) for key, value in attributes.items()}
    created = ET.Element(tag, formatted)
    created.extend(children)
    return created


def _attribute(value: str | float) -> str:
    """Format the value of an attribute."""
    return xml_text(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, string: str, *, size: float = 11, width: float | None = None, **more: str) -> ET.Element:
    """Create a text element. If it is wider than `width` pixels, it is cut, and the tooltip has all of it."""
    shown = string if width is None else truncate(string, width, size)
    created = element("text", x=x, y=y, font_size=size, **more)
    if shown != string:
        return with_tooltip(created, string, shown)
    created.text = xml_text(string)
    return created


def with_tooltip(target: ET.Element, tooltip: str, string: str = "") -> ET.Element:
    """Add a tooltip to an element, followed by the text of the element, and return the element."""
    title = ET.SubElement(target, "title")
    title.text = xml_text(tooltip)
    title.tail = xml_text(string)
    return target


def truncate(string: str, width: float, size: float = 11) -> str:
    """Cut a string to a width in pixels, or to one character, with an ellipsis at its end if it was cut."""
    if text_width(string, size) <= width:
        return string
    for end in range(min(len(string), int(width / size * 3)), 1, -1):
        if text_width(string[:end], size) + size <= width:
            return string[:end] + "…"
    return string[:1] + "…"


def text_width(string: str, size: float = 11) -> float:
    """Estimate the width of a string in pixels. The estimate is an upper bound for most fonts."""
    fractions = (_WIDTHS.get(letter) or (_IDEOGRAM if letter > "\u2e7f" else _USUAL) for letter in string)
    return sum(fractions) * size


def xml_text(string: str) -> str:
    """Return a string in one line, with a replacement for each character that XML cannot have."""
    return string if string.isprintable() else re.sub(r"\s", " ", _INVALID.sub("\ufffd", string))


def mark(shape: str, x: float, y: float, size: float, **more: str | float) -> ET.Element:
    """Create a circle, square, triangle, diamond or cross around a point; all have about the same size."""
    if shape == "circle":
        return element("circle", cx=x, cy=y, r=size, **more)
    if shape == "square":
        return element("rect", x=x - size * 0.9, y=y - size * 0.9, width=size * 1.8, height=size * 1.8, **more)
    corners = {
        "triangle": ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
        "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
        "cross": ((-0.9, -0.9), (0.9, 0.9), (0.9, -0.9), (-0.9, 0.9)),
    }[shape]
    points = [f"{x + dx * size:.1f} {y + dy * size:.1f}" for dx, dy in corners]
    if shape == "cross":
        return element("path", d=f"M{points[0]}L{points[1]}M{points[2]}L{points[3]}", **more)
    return element("path", d=f"M{'L'.join(points)}Z", **more)


INK, MUTED, LINE, GRID = "#1f2933", "#52606d", "#9aa5b1", "#e6eaee"
ACCENT, BAD = "#D55E00", "#b3261e"
_FONT = "system-ui, sans-serif"

_DEFINITIONS = ("#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#7a5195", "#000000")
_MARKS = ("circle", "square", "triangle", "diamond")

# From good to bad, because dark colours have the highest contrast to a white background.
_VIRIDIS = ("#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b")


def colour_of(index: int) -> str:
    """Return the colour of a definition by its index. Colours repeat after seven definitions."""
    return _DEFINITIONS[index % len(_DEFINITIONS)]


def mark_of(index: int) -> str:
    """Return the shape of a definition's marks by its index. Pairs of shape and colour repeat after 28."""
    return _MARKS[index % len(_MARKS)]


def colour_scale(fraction: float) -> str:
    """Return the colour for a number from 0, the best, to 1, the worst, as in "#440154"."""
    position = min(1.0, max(0.0, fraction)) * (len(_VIRIDIS) - 1)
    index = min(int(position), len(_VIRIDIS) - 2)
    channels = zip(_channels(_VIRIDIS[index]), _channels(_VIRIDIS[index + 1]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * (position - index)):02x}" for one, other in channels)


def _channels(colour: str) -> list[int]:
    """Return the red, green and blue channels of a colour, from 0 to 255."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def hollow(colour: str) -> dict[str, str]:
    """Return the attributes of a white mark with an outline."""
    return {"fill": "#fff", "stroke": colour}


def legend(entries: Sequence[tuple[ET.Element, str]]) -> tuple[list[ET.Element], float]:
    """Draw a legend at the top of a plot, in as many rows as it needs, and return its elements and its height.

    An entry is a mark, drawn around the position 0, 0, and its name.
    """
    drawn: list[ET.Element] = []
    x, top = _LEGEND_LEFT, _LEGEND_TOP
    for symbol, name in entries:
        width = 36 + text_width(truncate(name, 260))
        if x + width > WIDTH and x > _LEGEND_LEFT:
            x, top = _LEGEND_LEFT, top + _LEGEND_ROW
        drawn.append(element("g", symbol, transform=f"translate({x:g} {top:g})"))
        drawn.append(text(x + 12, top + 4, name, width=260, fill=INK))
        x += width
    return drawn, top - _LEGEND_TOP + _LEGEND_ROW
