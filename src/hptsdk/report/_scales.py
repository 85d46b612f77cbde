"""The scales of axes: the positions of values, and the ticks with their labels."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import attrs

from hptsdk.progress import format_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hptsdk.report._results import Parameter

__all__ = ["Scale", "category_scale", "duration_scale", "end_labels", "nines_label", "number_scale", "tick_labels"]

Kind = Literal["linear", "log", "reverse"]

# The minimum ratio between the largest and the smallest value for a logarithmic scale.
_LOG_RATIO = 100

# The units of time, their lengths in seconds, and the maximum number of each on an axis.
_UNITS = (("s", 1.0, 120.0), ("min", 60.0, 120.0), ("h", 3600.0, 72.0), ("d", 86400.0, math.inf))

# The minimum numbers of ticks of a logarithmic and of a reverse logarithmic axis. With fewer ticks, a reader cannot
# recognize the scale.
_MIN_LOG_TICKS, _MIN_NINES = 2, 3


@attrs.frozen
class Scale:
    """The scale of an axis: numbers between two bounds, or categories.

    Attributes:
        low: the lowest value. Defaults to 0.
        high: the highest value. Defaults to 1.
        kind: "linear", "log" or "reverse" (reverse logarithmic). Defaults to linear.
        is_whole: whether only whole numbers have ticks. Defaults to False.
        categories: the categories on the axis. Defaults to none, for an axis of numbers.
        unit: the name of the unit, and the number by which values are divided for their labels. Defaults to no unit.
    """

    low: float = 0.0
    high: float = 1.0
    kind: Kind = "linear"
    is_whole: bool = False
    categories: tuple[str, ...] = ()
    unit: tuple[str, float] = ("", 1.0)

    def share(self, value: float) -> float:
        """Return the position of a number, from 0 to 1."""
        low, length = self._halves
        return min(1.0, max(0.0, (self._transform(value) / 2 - low) / length)) if length > 0 else 0.5

    @cached_property
    def _halves(self) -> tuple[float, float]:
        """Half of the lowest position, and half of the length: the length may be more than a float can have."""
        low, high = self._transform(self.low) / 2, self._transform(self.high) / 2
        return low, high - low

    def share_of_category(self, category: str) -> float:
        """Return the position of a category: the middle of its part of the axis."""
        return (self.categories.index(category) + 0.5) / len(self.categories)

    def _transform(self, value: float) -> float:
        """Return a number whose differences are proportional to distances on the axis."""
        if self.kind == "log":
            return math.log10(max(value, self.low))
        if self.kind == "reverse":
            return -math.log10(1 - min(value, self.high))
        return value

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Return the ticks of the axis.

        Args:
            most: the maximum number of ticks. A few more are possible on a logarithmic axis.

        Returns:
            The position, from 0 to 1, and the label of each tick, in the order of the axis.
        """
        if self.categories:
            every = -(-len(self.categories) // max(1, most))
            return [(self.share_of_category(category), category) for category in self.categories[::every]]
        if self.high == self.low:
            return [(0.5, format_number(self.low / self.unit[1]))]
        if self.kind == "linear":
            return self._even_ticks(most)
        if self.kind == "reverse":
            ticks = _nines(self.low, self.high)
            labels = list(map(nines_label, ticks))
        else:
            ticks = _powers_of_ten(self.low, self.high, most)
            labels = tick_labels(ticks)
        if len(ticks) < _MIN_LOG_TICKS:
            return self._end_ticks()
        return [(self.share(tick), label) for tick, label in zip(ticks, labels, strict=True)]

    def _end_ticks(self) -> list[tuple[float, str]]:
        """Return ticks at both ends of the axis only."""
        low, high = end_labels(self.low / self.unit[1], self.high / self.unit[1])
        return [(0.0, low), (1.0, high)] if low != high else [(0.5, low)]

    def _even_ticks(self, most: int) -> list[tuple[float, str]]:
        """Return ticks at the multiples of a round number."""
        low, high = self.low / self.unit[1], self.high / self.unit[1]
        step = _step(low, high, most)
        if self.is_whole:
            step = max(1.0, step)
        # the step must be larger than the rounding error of its multiples
        if not math.isfinite(step) or step <= max(abs(low), abs(high)) * 1e-12:
            return self._end_ticks()
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        ticks = [round(index * step, digits) for index in range(first, last + 1)]
        if not ticks:  # no whole number is between the bounds
            return self._end_ticks()
        labels = tick_labels(ticks, step)
        return [(self.share(tick * self.unit[1]), label) for tick, label in zip(ticks, labels, strict=True)]


def number_scale(values: Iterable[float], parameter: Parameter | None = None, *, may_be_log: bool = True) -> Scale:
    """Create the scale of numbers.

    A hyperparameter with a range has the scale of this range, and the values do not change its kind. Without a range,
    the scale is logarithmic if the largest value is at least 100 times the smallest.

    Args:
        values: the values to draw; at least one.
        parameter: the hyperparameter of the values. Defaults to None, for objective values.
        may_be_log: whether the scale can be logarithmic without a range. Defaults to True.
    """
    drawn = list(values)
    kind: Kind
    if parameter is not None and parameter.low is not None and parameter.high is not None:
        kind = _kind(parameter.scaling, parameter.low, parameter.high)
        # a value without a logarithm is drawn at the end of the scale
        drawn = [value for value in drawn if (kind != "log" or value > 0) and (kind != "reverse" or value < 1)]
        drawn += [parameter.low, parameter.high]
    else:
        kind = _kind(parameter.scaling if parameter else "Linear", min(drawn), max(drawn))
        if kind == "linear" and may_be_log and min(drawn) > 0 and max(drawn) / _LOG_RATIO >= min(drawn):
            kind = "log"
    is_whole = parameter is not None and parameter.kind == "integer"
    return Scale(low=min(drawn), high=max(drawn), kind=kind, is_whole=is_whole)


def _kind(scaling: str, low: float, high: float) -> Kind:
    """Return the kind of the axis for a scaling. It is linear if a bound has no logarithm."""
    if scaling == "Logarithmic" and low > 0:
        return "log"
    return "reverse" if scaling == "ReverseLogarithmic" and low >= 0 and high < 1 else "linear"


def category_scale(parameter: Parameter, categories: Iterable[str]) -> Scale:
    """Create the scale of categories: those of the range in its order, then the others in alphabetical order."""
    others = sorted(set(categories) - set(parameter.choices))
    return Scale(categories=(*dict.fromkeys(parameter.choices), *others))


def duration_scale(seconds: float) -> Scale:
    """Create the scale of a time from 0 to a number of seconds, in seconds, minutes, hours or days."""
    name, size, _ = next(unit for unit in _UNITS if seconds <= unit[1] * unit[2])
    return Scale(low=0.0, high=seconds, unit=(name, size))


def _step(low: float, high: float, most: int) -> float:
    """Return the distance between two ticks: 1, 2 or 5 times a power of ten; infinity if the bounds are equal."""
    least = (high / most) - (low / most)
    if least <= 0:
        return math.inf
    power = 10.0 ** math.floor(math.log10(least))
    return next((digit * power for digit in (1, 2, 5) if digit * power >= least * 0.999), 10 * power)


def _powers_of_ten(low: float, high: float, most: int) -> list[float]:
    """Return powers of ten between two bounds: with 2 and 5 times each if few, and not all of them if many."""
    decades = math.log10(high) - math.log10(low)
    digits = (1, 2, 5) if decades * 3 <= most else (1,)
    every = max(1, math.ceil(decades / most))
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [float(f"1e{power}") * digit for power in powers if power % every == 0 for digit in digits]
    return [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9) and math.isfinite(tick)]


def _nines(low: float, high: float) -> list[float]:
    """Return 0, 0.9, 0.99 and so on, with ticks between them if they are few."""
    nines = [tick for tick in (0.0, *(round(1 - 10.0**-power, power) for power in range(1, 10))) if low <= tick <= high]
    between = (tick for tick in (0.5, 0.8, 0.95, 0.98) if low <= tick <= high)
    return nines if len(nines) >= _MIN_NINES else sorted({*nines, *between})


# The maximum length of a label without an exponent, unless labels with exponents are no shorter.
_MAX_LENGTH = 6

# The numbers of significant digits to try for labels at the ends of an axis. A float has at most 17.
_DIGITS = range(6, 18)


def tick_labels(ticks: Sequence[float], step: float | None = None) -> list[str]:
    """Format the ticks of an axis.

    Args:
        ticks: the values of the ticks, which are multiples of `step`.
        step: the distance between two ticks. Defaults to None, for ticks of a single digit times a power of ten.

    Returns:
        The labels, all with an exponent or all without one.
    """
    powers = [_power(step or tick) if tick else 0 for tick in ticks]
    plain = [_strip_zeros(f"{tick:.{max(0, -power)}f}") for tick, power in zip(ticks, powers, strict=True)]
    exponential = [_exponential(tick, max(0, _power(tick) - power)) for tick, power in zip(ticks, powers, strict=True)]
    longest, other = (max((len(label.lstrip("-")) for label in labels), default=0) for labels in (plain, exponential))
    return plain if longest <= max(_MAX_LENGTH, other) else exponential


def end_labels(low: float, high: float) -> list[str]:
    """Format two numbers with enough digits to distinguish them and to show their values."""
    tolerance = (high / 2 - low / 2) / 100
    labels = [repr(low), repr(high)]
    for digits in _DIGITS:
        labels = [_strip_zeros(f"{value:.{digits}g}") for value in (low, high)]
        if any("e" in label for label in labels):
            labels = [_exponential(value, digits - 1) for value in (low, high)]
        if all(abs(float(label) - value) <= tolerance for label, value in zip(labels, (low, high), strict=True)):
            break
    return labels


def nines_label(tick: float) -> str:
    """Format a tick of a reverse logarithmic axis, such as 0.9 or 0.99."""
    return _strip_zeros(f"{tick:.10f}")


def _power(value: float) -> int:
    """Return the power of ten of the first digit of a number, after rounding errors are removed."""
    return int(f"{value:.6e}".partition("e")[2])


def _exponential(value: float, digits: int) -> str:
    """Format a number with an exponent and a number of digits after the decimal point."""
    if not value:
        return "0"
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    return f"{_strip_zeros(mantissa)}e{int(exponent)}"


def _strip_zeros(label: str) -> str:
    """Remove the zeros at the end of a decimal fraction."""
    return label.rstrip("0").rstrip(".") if "." in label and "e" not in label else label
