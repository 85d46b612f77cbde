"""Where values lie along an axis, and which of them are marked there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import attrs

from hptsdk.report._labels import between, near_one, round_numbers, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hptsdk.report._study import Parameter

__all__ = ["Scale", "category_scale", "duration_scale", "number_scale"]

Kind = Literal["linear", "log", "reverse"]

# Values this far apart are drawn by magnitude.
MAGNITUDES = 100

# A unit of time is used for as long as there are at most this many of it.
_UNITS = (("s", 1.0, 120.0), ("min", 60.0, 120.0), ("h", 3600.0, 72.0), ("d", 86400.0, math.inf))


@attrs.frozen
class Scale:
    """Values from low to high, or texts side by side.

    Attributes:
        is_whole: only whole numbers are marked.
        texts: the categories, where it is these that lie along the axis.
        unit: what a value is divided by before it is written, with its sign.
    """

    low: float = 0.0
    high: float = 1.0
    kind: Kind = "linear"
    is_whole: bool = False
    texts: tuple[str, ...] = ()
    unit: tuple[str, float] = ("", 1.0)

    def share(self, value: float) -> float:
        """Give how far along a number lies, from 0 to 1."""
        low, high, here = self._moved(self.low), self._moved(self.high), self._moved(value)
        # halves, since the whole may be more than a float holds
        whole = high / 2 - low / 2
        return min(1.0, max(0.0, (here / 2 - low / 2) / whole)) if whole > 0 else 0.5

    def share_of_text(self, text: str) -> float:
        """Give how far along a category lies: each in the middle of its own part."""
        return (self.texts.index(text) + 0.5) / len(self.texts)

    def _moved(self, value: float) -> float:
        if self.kind == "log":
            return math.log10(max(value, self.low))
        if self.kind == "reverse":
            return -math.log10(1 - min(value, self.high))
        return value

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Give the shares that are marked, and what is written there; about so many at most."""
        if self.texts:
            every = -(-len(self.texts) // max(1, most))
            return [(self.share_of_text(text), text) for text in self.texts[::every]]
        if self.high == self.low:
            return [(0.5, written(self.low / self.unit[1]))]
        if self.kind == "linear":
            return self._even(most)
        marks = _powers(self.low, self.high, most) if self.kind == "log" else _nines(self.low, self.high)
        if len(marks) < 2:  # noqa: PLR2004 - one mark says nothing of how far it is to the next
            return self._ends()
        labels = round_numbers(marks) if self.kind == "log" else map(near_one, marks)
        return [(self.share(mark), label) for mark, label in zip(marks, labels, strict=True)]

    def _ends(self) -> list[tuple[float, str]]:
        size = self.unit[1]
        texts = between(self.low / size, self.high / size)
        return [(0.0, texts[0]), (1.0, texts[1])] if texts[0] != texts[1] else [(0.5, texts[0])]

    def _even(self, most: int) -> list[tuple[float, str]]:
        low, high = self.low / self.unit[1], self.high / self.unit[1]
        step = _step(low, high, most)
        if self.is_whole:
            step = max(1.0, step)
        # steps that are lost beside their values would not end
        if not math.isfinite(step) or step <= max(abs(low), abs(high)) * 1e-12:
            return self._ends()
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        marks = [round(index * step, digits) for index in range(first, last + 1)]
        if not marks:  # no whole number lies within
            return self._ends()
        labels = round_numbers(marks, step)
        return [(self.share(mark * self.unit[1]), label) for mark, label in zip(marks, labels, strict=True)]


def number_scale(values: Iterable[float], parameter: Parameter | None = None, *, may_be_log: bool = True) -> Scale:
    """Create the scale of numbers.

    The scale of a hyperparameter is that of its range, whatever values were tried. Without a range, values far apart
    are drawn on a logarithmic scale.

    Args:
        values: those that are drawn; at least one.
        parameter: the hyperparameter that they are of.
        may_be_log: whether values far apart are drawn on a logarithmic scale.
    """
    found = list(values)
    kind: Kind
    if parameter is not None and parameter.low is not None and parameter.high is not None:
        kind = _kind(parameter.scaling, parameter.low, parameter.high)
        # a value that has no place on the scale is drawn at its end
        found = [value for value in found if (kind != "log" or value > 0) and (kind != "reverse" or value < 1)]
        found += [parameter.low, parameter.high]
    else:
        kind = _kind(parameter.scaling if parameter else "Linear", min(found), max(found))
        if kind == "linear" and may_be_log and min(found) > 0 and max(found) / MAGNITUDES >= min(found):
            kind = "log"
    is_whole = parameter is not None and parameter.kind == "integer"
    return Scale(low=min(found), high=max(found), kind=kind, is_whole=is_whole)


def _kind(scaling: str, low: float, high: float) -> Kind:
    """Return the kind of axis for a scaling: linear if the logarithm of a bound does not exist."""
    if scaling == "Logarithmic" and low > 0:
        return "log"
    return "reverse" if scaling == "ReverseLogarithmic" and low >= 0 and high < 1 else "linear"


def category_scale(parameter: Parameter, texts: Iterable[str]) -> Scale:
    """Make the scale for categories: those of the range, in its order, and what else was tried."""
    found = set(texts)
    return Scale(texts=(*dict.fromkeys(parameter.choices), *sorted(found - set(parameter.choices))))


def duration_scale(seconds: float) -> Scale:
    """Make the scale for a time from 0, in a unit that suits."""
    name, size, _ = next(unit for unit in _UNITS if seconds <= unit[1] * unit[2])
    return Scale(low=0.0, high=seconds, unit=(name, size))


def _step(low: float, high: float, most: int) -> float:
    """Find a distance of 1, 2 or 5 times a power of ten."""
    rough = (high / most) - (low / most)
    if rough <= 0:
        return math.inf
    power = 10.0 ** math.floor(math.log10(rough))
    return next((times * power for times in (1, 2, 5) if times * power >= rough * 0.999), 10 * power)


def _powers(low: float, high: float, most: int) -> Sequence[float]:
    """Mark powers of ten, between them where these are few, and only some where they are many."""
    decades = math.log10(high) - math.log10(low)
    times = (1, 2, 5) if decades * 3 <= most else (1,)
    every = max(1, math.ceil(decades / most))
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found = [_ten(power) * m for power in powers if power % every == 0 for m in times]
    return [mark for mark in found if low * (1 - 1e-9) <= mark <= high * (1 + 1e-9) and math.isfinite(mark)]


def _ten(power: int) -> float:
    return float(f"1e{power}")


def _nines(low: float, high: float) -> list[float]:
    """Mark 0, 0.9, 0.99 and so on, and between them where these are few."""
    marks = [0.0, *(round(1 - _ten(-power), power) for power in range(1, 10))]
    found = [mark for mark in marks if low <= mark <= high]
    if len(found) < 3:  # noqa: PLR2004 - so few leave most of the axis without a number
        found = sorted({*found, *(mark for mark in (0.5, 0.8, 0.95, 0.98) if low <= mark <= high)})
    return found
