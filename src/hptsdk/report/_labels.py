"""What is written beside the marks of an axis: short numbers in one notation, no two of them alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["between", "near_one", "round_numbers", "written"]

# Numbers are written plainly from here to there, and with an exponent beyond.
_PLAIN = (1e-3, 1e5)

# Plain numbers of an axis have this many characters at most, unless exponents make them no shorter.
_LONGEST = 6

# What a float holds, and what is written of a number where nothing asks for more.
_DIGITS, _FEW = 17, 6


def written(value: float) -> str:
    """Write a number for people: six digits, and as short as it can be."""
    if value and not _PLAIN[0] <= abs(value) < _PLAIN[1]:
        if abs(value) >= _PLAIN[1] and abs(value) < _PLAIN[1] * 10 and value == int(value):
            return f"{value:.0f}"
        return _exponential(value, _FEW - 1)
    return f"{value:.{_FEW}g}"


def round_numbers(marks: Sequence[float], step: float | None = None) -> list[str]:
    """Write multiples of a step; without one, each is a single digit times a power of ten."""
    places = [_power(step or mark) if mark else 0 for mark in marks]
    plain = [_short(f"{mark:.{max(0, -place)}f}") for mark, place in zip(marks, places, strict=True)]
    powers = [_exponential(mark, max(0, _power(mark) - place)) for mark, place in zip(marks, places, strict=True)]
    longest, other = (max((len(text.lstrip("-")) for text in texts), default=0) for texts in (plain, powers))
    return plain if longest <= max(_LONGEST, other) else powers


def between(low: float, high: float) -> list[str]:
    """Write two numbers with as many digits as tell them apart, and say where they are."""
    near = (high / 2 - low / 2) / 100
    found = [repr(low), repr(high)]
    for digits in range(_FEW, _DIGITS + 1):
        found = [_short(f"{value:.{digits}g}") for value in (low, high)]
        if any("e" in text for text in found):
            found = [_exponential(value, digits - 1) for value in (low, high)]
        if all(abs(float(text) - value) <= near for text, value in zip(found, (low, high), strict=True)):
            break
    return found


def near_one(mark: float) -> str:
    """Write one of 0.9, 0.99 and so on, or a number beside them."""
    return _short(f"{mark:.10f}")


def _power(value: float) -> int:
    """Give the power of ten of a number's first digit; a step is a single digit, give or take its rounding."""
    return int(f"{value:.6e}".partition("e")[2])


def _exponential(value: float, digits: int) -> str:
    if not value:
        return "0"
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    return f"{_short(mantissa)}e{int(exponent)}" if exponent else mantissa


def _short(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
