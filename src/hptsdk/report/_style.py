"""Colours and marks.

The colours are those of Okabe and Ito and of viridis, which colour-blind people can distinguish.
"""

from __future__ import annotations

__all__ = ["ACCENT", "BAD", "FONT", "GRID", "INK", "LINE", "MUTED", "colour_of", "colour_scale", "mark_of"]

INK, MUTED, LINE, GRID = "#1f2933", "#52606d", "#9aa5b1", "#e6eaee"
ACCENT, BAD = "#D55E00", "#b3261e"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_DEFINITIONS = ("#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#7a5195", "#000000")
_MARKS = ("circle", "square", "triangle", "diamond")

# From good to bad: dark colours on white are seen first.
_VIRIDIS = ("#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b")


def colour_of(index: int) -> str:
    """Return the colour of a definition."""
    return _DEFINITIONS[index % len(_DEFINITIONS)]


def mark_of(index: int) -> str:
    """Return the shape of a definition's marks. Pairs of shape and colour repeat after 28 definitions."""
    return _MARKS[index % len(_MARKS)]


def colour_scale(share: float) -> str:
    """Return the colour between the best, at 0, and the worst, at 1."""
    position = min(1.0, max(0.0, share)) * (len(_VIRIDIS) - 1)
    index = min(int(position), len(_VIRIDIS) - 2)
    channels = zip(_channels(_VIRIDIS[index]), _channels(_VIRIDIS[index + 1]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * (position - index)):02x}" for one, other in channels)


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
