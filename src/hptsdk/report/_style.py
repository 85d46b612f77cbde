"""Colours and marks: those of Okabe and Ito, and of viridis, which the colour-blind tell apart too."""

from __future__ import annotations

__all__ = ["ACCENT", "BAD", "FONT", "GRID", "INK", "LINE", "MUTED", "colour_of", "mark_of", "ramp"]

INK, MUTED, LINE, GRID = "#1f2933", "#52606d", "#9aa5b1", "#e6eaee"
ACCENT, BAD = "#D55E00", "#b3261e"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_DEFINITIONS = ("#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#7a5195", "#000000")
_MARKS = ("circle", "square", "triangle", "diamond")

# From good to bad: dark on white is what the eye meets first.
_RAMP = ("#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b")


def colour_of(index: int) -> str:
    """Give the colour of a definition."""
    return _DEFINITIONS[index % len(_DEFINITIONS)]


def mark_of(index: int) -> str:
    """Give the shape of a definition's marks; with the colours they repeat after 28."""
    return _MARKS[index % len(_MARKS)]


def ramp(share: float) -> str:
    """Give a colour from the best, at 0, to the worst, at 1."""
    place = min(1.0, max(0.0, share)) * (len(_RAMP) - 1)
    index = min(int(place), len(_RAMP) - 2)
    parts = zip(_channels(_RAMP[index]), _channels(_RAMP[index + 1]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * (place - index)):02x}" for one, other in parts)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
