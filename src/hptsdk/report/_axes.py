"""The axes of a drawing: scales with their ticks and labels, and the frame around the marks."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from hptsdk.progress import format_number
from hptsdk.report._svg import GRID, LINE, MUTED, Drawing, element, text, text_width
from hptsdk.rules.range_values import effective_scaling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from xml.etree import ElementTree as ET

    from hptsdk.report._results import Parameter

# The units of time, their lengths in seconds, and the maximum number of each on an axis.
_UNITS = (("s", 1.0, 120.0), ("min", 60.0, 120.0), ("h", 3600.0, 72.0), ("d", 86400.0, math.inf))

# The minimum numbers of ticks of any axis and of a reverse logarithmic one. With fewer ticks, a reader cannot recognize
# the scale.
_MIN_TICKS, _MIN_NINES = 2, 3
_BETWEEN_NINES = ("0.5", "0.8", "0.95", "0.98")


@attrs.frozen
class Scale:
    """The scale of an axis: numbers between two bounds, or categories.

    Attributes:
        low, high: the lowest and the highest value. Default to 0 and 1.
        scaling: "Linear", "Logarithmic" or "ReverseLogarithmic", as for the range of a hyperparameter. Defaults to
            Linear.
        is_whole: whether only whole numbers have ticks. Defaults to False.
        categories: the categories on the axis. Defaults to none, for an axis of numbers.
        unit: the name of the unit, and the number by which values are divided for their labels. Defaults to no unit.
    """

    low: float = 0.0
    high: float = 1.0
    scaling: str = "Linear"
    is_whole: bool = False
    categories: tuple[str, ...] = ()
    unit: tuple[str, float] = ("", 1.0)

    @property
    def suffix(self) -> str:
        """The end of the title of the axis, such as " (log)"; empty text for a linear one."""
        return {"Logarithmic": " (log)", "ReverseLogarithmic": " (reverse log)"}.get(self.scaling, "")

    def fraction(self, value: float | str) -> float:
        """Return the position of a value as a fraction of the axis; of a category, the middle of its part of the axis.

        Values outside the scale are at its ends.
        """
        if isinstance(value, str):
            return (self.categories.index(value) + 0.5) / len(self.categories)
        low, length = self._halves
        return min(1.0, max(0.0, (self._transform(value) / 2 - low) / length)) if length > 0 else 0.5

    @cached_property
    def _halves(self) -> tuple[float, float]:
        """Half of the lowest position, and half of the length: the length may be more than a float can have."""
        low, high = self._transform(self.low) / 2, self._transform(self.high) / 2
        return low, high - low

    def _transform(self, value: float) -> float:
        """Return a number whose differences are proportional to distances on the axis."""
        if self.scaling == "Logarithmic":
            return math.log10(max(value, self.low))
        if self.scaling == "ReverseLogarithmic":
            return -math.log10(1 - min(value, self.high))
        return value

    def ticks(self, count: int) -> list[tuple[float, str]]:
        """Return the fraction and the label of each tick: about `count` of them."""
        if self.categories:
            shown = self.categories[:: -(-len(self.categories) // max(1, count))]
            return [(self.fraction(category), category) for category in shown]
        if self.high == self.low:
            return [(0.5, format_number(self.low / self.unit[1]))]
        low, high = self.low / self.unit[1], self.high / self.unit[1]
        if self.scaling == "Logarithmic":
            ticks = _powers_of_ten(low, high, count)
        elif self.scaling == "ReverseLogarithmic":
            ticks = _nines(low, high)
        else:
            ticks = _multiples(low, high, count, is_whole=self.is_whole)
        if len(ticks) < _MIN_TICKS:
            first, last = _end_labels(low, high)
            return [(0.0, first), (1.0, last)] if first != last else [(0.5, first)]
        fractions = [self.fraction(float(tick) * self.unit[1]) for tick in ticks]
        return list(zip(fractions, _labels(ticks), strict=True))


def number_scale(values: Collection[float], *, may_be_log: bool = True) -> Scale:
    """Create the scale of at least one number.

    It is logarithmic under the same condition as that of a range without scaling, unless `may_be_log` is False.
    """
    low, high = min(values), max(values)
    if not may_be_log:
        return Scale(low, high)
    return Scale(low, high, effective_scaling(None, Decimal(str(low)), Decimal(str(high))))


def parameter_scale(parameter: Parameter, values: Iterable[float | str]) -> Scale:
    """Create the scale of a hyperparameter. It contains all values; if it is logarithmic, those with a logarithm.

    The values do not change its scaling if the hyperparameter has a range. Categories are those of the range
    in its order, then the others in alphabetical order.
    """
    if parameter.kind == "category":
        others = sorted(set(map(str, values)) - set(parameter.choices))
        return Scale(categories=(*dict.fromkeys(parameter.choices), *others))
    numbers, low, high = [float(value) for value in values], parameter.low, parameter.high
    if low is None or high is None:
        scale = number_scale(numbers)
    # the scale is linear if a bound has no logarithm; a value without a logarithm is drawn at the end of the scale
    elif parameter.scaling == "Logarithmic" and low > 0:
        positive = [number for number in numbers if number > 0]
        scale = Scale(min([low, *positive]), max([high, *positive]), parameter.scaling)
    elif parameter.scaling == "ReverseLogarithmic" and low >= 0 and high < 1:
        below = [number for number in numbers if number < 1]
        scale = Scale(min([low, *below]), max([high, *below]), parameter.scaling)
    else:
        scale = Scale(min([low, *numbers]), max([high, *numbers]))
    return attrs.evolve(scale, is_whole=parameter.kind == "integer")


def duration_scale(seconds: float) -> Scale:
    """Create the scale of a time from 0 to a number of seconds, in seconds, minutes, hours or days."""
    name, size, _ = next(unit for unit in _UNITS if seconds <= unit[1] * unit[2])
    return Scale(low=0.0, high=seconds, unit=(name, size))


def _multiples(low: float, high: float, count: int, *, is_whole: bool) -> list[Decimal]:
    """Return the multiples of a round number between two bounds; none if the bounds are almost equal."""
    distance = (high / count) - (low / count)
    # the distance must be larger than the rounding errors
    if distance <= max(abs(low), abs(high)) * 1e-12:
        return []
    power = math.floor(math.log10(distance))
    step = next(step for digit in (1, 2, 5, 10) if (step := Decimal(digit).scaleb(power)) >= distance * 0.999)
    step = max(Decimal(1), step) if is_whole else step
    first, last = math.ceil(low / float(step) - 1e-9), math.floor(high / float(step) + 1e-9)
    return [index * step for index in range(first, last + 1)]


def _powers_of_ten(low: float, high: float, count: int) -> list[Decimal]:
    """Return powers of ten between two bounds: with 2 and 5 times each if few, and not all of them if many."""
    decades = math.log10(high) - math.log10(low)
    digits = (1, 2, 5) if decades * 3 <= count else (1,)
    every = max(1, math.ceil(decades / count))
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [Decimal(digit).scaleb(power) for power in powers if power % every == 0 for digit in digits]
    return [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9) and math.isfinite(tick)]


def _nines(low: float, high: float) -> list[Decimal]:
    """Return those of 0, 0.9, 0.99 and so on between two bounds, with ticks between them if they are few."""

    def within(ticks: Iterable[Decimal]) -> list[Decimal]:
        return [tick for tick in ticks if low <= float(tick) <= high]

    nines = [1 - Decimal(10) ** -power for power in range(10)]
    ticks = within(nines)
    return ticks if len(ticks) >= _MIN_NINES else within(sorted([*nines, *map(Decimal, _BETWEEN_NINES)]))


# The maximum length of a label without an exponent, unless labels with exponents are no shorter.
_MAX_LENGTH = 6

# The numbers of significant digits to try for labels at the ends of an axis. A float has at most 17.
_DIGITS = range(6, 18)


def _labels(ticks: Sequence[Decimal]) -> list[str]:
    """Format the ticks of an axis, all with an exponent or all without one."""
    plain = [f"{tick.normalize():f}" for tick in ticks]
    exponential = [f"{tick.normalize():e}".replace("e+", "e") if tick else "0" for tick in ticks]
    longest, other = (max(len(label.lstrip("-")) for label in labels) for labels in (plain, exponential))
    return plain if longest <= max(_MAX_LENGTH, other) else exponential


def _end_labels(low: float, high: float) -> list[str]:
    """Format the ends of an axis with enough digits to distinguish them and to show their values."""
    ends = (low, high)
    ticks: list[Decimal] = []
    for digits in _DIGITS:
        ticks = [Decimal(f"{end:.{digits}g}") for end in ends]
        if all(abs(float(tick) - end) <= (high / 2 - low / 2) / 100 for tick, end in zip(ticks, ends, strict=True)):
            break
    return _labels(ticks)


# The distance between the frame and the outermost marks, so that these are drawn completely.
INSET = 8

# The maximum numbers of ticks.
_MAX_ROWS, _MAX_COLUMNS = 7, 11

# The height of an axis with its title.
_AXIS_HEIGHT = 40


@attrs.frozen
class Frame:
    """The area for marks in a drawing, with the scales of its sides.

    Attributes:
        x, y: the scales of the horizontal and the vertical axis.
        width, height: the size of the drawing, in pixels.
        top: the space above the area. Defaults to 10 pixels.
        gap: the space between the horizontal axis and its title. Defaults to none.
        min_left: the minimum space on the left. Defaults to what the labels need.
    """

    x: Scale
    y: Scale
    width: float
    height: float
    top: float = 10
    gap: float = 0
    min_left: float = 0

    @cached_property
    def left(self) -> int:
        """The horizontal position of the left side, with enough space for the labels."""
        widest = max((text_width(label) for _, label in self._row_ticks), default=0)
        return round(max(self.min_left, 28 + widest))

    @property
    def right(self) -> float:
        """The horizontal position of the right side."""
        return self.width - 12

    @property
    def bottom(self) -> float:
        """The vertical position of the lower side."""
        return self.height - _AXIS_HEIGHT - self.gap

    def at_x(self, fraction: float) -> float:
        """Return the horizontal position in pixels of a fraction of the axis."""
        return self.left + INSET + fraction * (self.right - self.left - 2 * INSET)

    def at_y(self, fraction: float) -> float:
        """Return the vertical position in pixels of a fraction of the axis, from 0 at the bottom to 1 at the top."""
        return self.bottom - INSET - fraction * (self.bottom - self.top - 2 * INSET)

    def position(self, x: float, y: float) -> tuple[float, float]:
        """Return the position in pixels of a point with these values."""
        return self.at_x(self.x.fraction(x)), self.at_y(self.y.fraction(y))

    def drawing(self, label: str, x_title: str, y_title: str, *body: ET.Element) -> Drawing:
        """Draw the axes with their titles, a grid line at each tick of the vertical axis, and the body above them."""
        outline = f"M{self.left:g} {self.top:g}V{self.bottom:g}H{self.right:g}"
        turn = f"translate(12 {(self.top + self.bottom) / 2:g}) rotate(-90)"
        title = partial(text, text_anchor="middle", font_weight="600")
        middle, y = (self.left + self.right) / 2, self.bottom + self.gap + 32
        axes = (
            element("g", *self._rows(), fill=MUTED),
            element("g", *self._columns(), fill=MUTED),
            element("path", d=outline, fill="none", stroke=LINE),
            title(middle, y, x_title, width=self.right - self.left + 20),
            title(0, 0, y_title, width=self.bottom - self.top + 20, transform=turn),
        )
        return Drawing(self.width, self.height, label, (*axes, *body))

    @property
    def _row_ticks(self) -> list[tuple[float, str]]:
        """The ticks of the vertical axis."""
        return self.y.ticks(min(_MAX_ROWS, max(2, int((self.bottom - self.top) / 28))))

    def _rows(self) -> list[ET.Element]:
        """Draw the labels and the grid lines of the vertical axis."""
        drawn: list[ET.Element] = []
        for fraction, label in self._row_ticks:
            y = self.at_y(fraction)
            drawn.append(element("path", d=f"M{self.left:g} {y:.1f}H{self.right:g}", stroke=GRID))
            drawn.append(text(self.left - 5, y + 4, label, text_anchor="end"))
        return drawn

    def _columns(self) -> list[ET.Element]:
        """Draw the labels of the horizontal axis, with a short line at each tick of a number."""
        width, categories = self.right - self.left, self.x.categories
        label_width = max(width / len(categories), 14) - 4 if categories else None
        drawn: list[ET.Element] = []
        for fraction, label in self.x.ticks(int(width / 14)) if categories else self._column_ticks(width - 2 * INSET):
            x = self.at_x(fraction)
            if not categories:
                drawn.append(element("path", d=f"M{x:.1f} {self.bottom:g}v4", stroke=LINE))
            drawn.append(text(x, self.bottom + 15, label, width=label_width, text_anchor="middle"))
        return drawn

    def _column_ticks(self, width: float) -> list[tuple[float, str]]:
        """Return as many ticks as fit in a width in pixels without overlapping labels."""
        for count in range(min(_MAX_COLUMNS, max(2, int(width / 46))), 2, -1):
            ticks = self.x.ticks(count)
            if all(
                width * (right[0] - left[0]) > (text_width(left[1]) + text_width(right[1])) / 2
                for left, right in pairwise(ticks)
            ):
                return ticks
        return self.x.ticks(2)
