"""The colours and marks of the plots.

The colours are from the palettes of Okabe and Ito (https://jfly.uni-koeln.de/color/) and viridis, which people with
colour blindness can distinguish.
"""

from __future__ import annotations

__all__ = ["ACCENT", "BAD", "FONT", "GRID", "INK", "LINE", "MUTED", "colour_of", "colour_scale", "mark_of"]

INK, MUTED, LINE, GRID = "#1f2933", "#52606d", "#9aa5b1", "#e6eaee"
ACCENT, BAD = "#D55E00", "#b3261e"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

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


def colour_scale(share: float) -> str:
    """Return the colour for a share between the best, at 0, and the worst, at 1, as in "#440154"."""
    position = min(1.0, max(0.0, share)) * (len(_VIRIDIS) - 1)
    index = min(int(position), len(_VIRIDIS) - 2)
    channels = zip(_channels(_VIRIDIS[index]), _channels(_VIRIDIS[index + 1]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * (position - index)):02x}" for one, other in channels)


def _channels(colour: str) -> list[int]:
    """Return the red, green and blue channels of a colour, from 0 to 255."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
