"""The labels of an axis: short, distinct numbers in one notation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["end_labels", "nines_label", "tick_labels"]

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
