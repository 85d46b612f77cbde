"""Formats of numbers, durations and text for terminals, notebooks, tables and reports."""

from __future__ import annotations

import unicodedata

from hptsdk._validation import text

__all__ = ["display_width", "format_duration", "format_number", "format_seconds", "printable", "truncate"]

_HOUR, _MINUTE = 3600, 60

# Times below these are formatted in tenths of a second, in seconds, and in minutes.
_TENTHS, _SECONDS, _MINUTES = 10, 120, 7200


def format_number(value: float, digits: int = 6) -> str:
    """Format a number with a maximum number of significant digits. Defaults to 6 digits.

    Example:
        >>> format_number(0.1 + 0.2), format_number(2.5e-7), format_number(float("nan"))
        ('0.3', '2.5e-7', 'nan')
    """
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def format_duration(seconds: float) -> str:
    """Format a number of seconds as minutes and seconds, with hours from one hour on.

    Example:
        >>> format_duration(75.5), format_duration(3600)
        ('1:15', '1:00:00')
    """
    hours, rest = divmod(int(seconds), _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_seconds(seconds: float | None) -> str:
    """Format a number of seconds with its unit; empty text for None.

    Example:
        >>> format_seconds(9.53), format_seconds(83), format_seconds(900), format_seconds(9000)
        ('9.5 s', '83 s', '15 min', '2.5 h')
    """
    if seconds is None:
        return ""
    if seconds < _SECONDS:
        return f"{seconds:.1f} s" if seconds < _TENTHS else f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _MINUTES else f"{seconds / _HOUR:.1f} h"


def printable(value: object) -> str:
    r"""Return a value as text in one line, with U+FFFD in place of characters that cannot be printed.

    Example:
        >>> printable("a\x1b[31m\n")
        'a�[31m '
    """
    string = text(value)
    if string.isprintable():
        return string
    return "".join([c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in string])


def display_width(string: str) -> int:
    """Return the number of terminal columns that a string occupies."""
    return sum(map(_character_width, string))


def truncate(string: str, width: int) -> str:
    """Cut a string to a number of terminal columns."""
    remaining = width
    for index, character in enumerate(string):
        remaining -= _character_width(character)
        if remaining < 0:
            return string[:index]
    return string


def _character_width(character: str) -> int:
    """Return the number of terminal columns of a character: 0 if it combines with another one, 2 if it is wide."""
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
