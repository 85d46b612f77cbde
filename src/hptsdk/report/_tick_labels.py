"""The labels of an axis: short numbers in one notation, no two of them equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["end_labels", "nines_label", "tick_labels"]

# The maximum length of a label without an exponent, unless labels with exponents are no shorter.
_MAX_LENGTH = 6

# The digits of labels at the ends of an axis: six, or as many as distinguish them, up to those that a float has.
_DIGITS = range(6, 18)


def tick_labels(ticks: Sequence[float], step: float | None = None) -> list[str]:
    """Format multiples of a step. Without a step, each tick is a single digit times a power of ten."""
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
    """Format a tick of an axis with 0.9, 0.99 and so on."""
    return _strip_zeros(f"{tick:.10f}")


def _power(value: float) -> int:
    """Return the power of ten of the first digit of a number. A step is a single digit except for its rounding."""
    return int(f"{value:.6e}".partition("e")[2])


def _exponential(value: float, digits: int) -> str:
    if not value:
        return "0"
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    return f"{_strip_zeros(mantissa)}e{int(exponent)}"


def _strip_zeros(label: str) -> str:
    return label.rstrip("0").rstrip(".") if "." in label and "e" not in label else label
