"""Numbers and other values formatted as the text that the wire format requires."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex

from hptsdk._validation import Placeholder, Problem, shown, source_of, violations, with_article
from hptsdk.errors import InvalidShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hptsdk._validation import Shape, Step
    from hptsdk.builder._partial_shape import PartialShape

__all__ = ["Number", "format_all", "format_integer", "format_json", "format_number", "format_text"]

Number = int | float | Decimal | SupportsIndex
"""The types of numbers for bounds, hints and hyperparameters. A bool is a violation."""

# No member may be longer, and Python raises for integers with more digits.
_MAX_DIGITS = 4000


class _FormatError(Exception):
    """A value that cannot be formatted, as the expectation and the hint of a violation."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


def format_all(
    cls: type[Shape],
    values: Iterable[tuple[tuple[Step, ...], object]],
    formatter: Callable[[object], str],
    *,
    secret: bool = False,
    others: PartialShape | None = None,
) -> list[Any]:
    """Format values as text. A placeholder is not changed.

    Args:
        cls: the class that holds the values.
        values: pairs of the path in the class, and the value.
        formatter: formats one value.
        secret: whether violations show the types of values only.
        others: the other members, which are validated as well if a value cannot be formatted.

    Raises:
        InvalidShapeError: with a violation for each value that cannot be formatted.
    """
    texts: list[Any] = []
    problems: list[Problem] = []
    for path, value in values:
        try:
            texts.append(value if isinstance(value, Placeholder) else formatter(value))
        except _FormatError as error:
            got = "None" if value is None else with_article(type(value).__name__) if secret else shown(value)
            problem = Problem(*path, expected=error.expected, got=got, hint=error.hint, rule="type")
            problem.source = source_of(cls)
            problems.append(problem)
    if problems:
        problems += others.validate_members()[1] if others else []
        raise InvalidShapeError(violations(cls, problems))
    return texts


def format_number(value: object) -> str:
    """Format a number as the shortest decimal text that parses to an equal number."""
    if isinstance(value, bool):
        raise _FormatError("a finite number")
    if isinstance(value, float) and math.isfinite(value):
        return float.__repr__(float(value))
    if isinstance(value, Decimal) and value.is_finite():
        return _format_decimal(value)
    if isinstance(value, SupportsIndex) and not isinstance(value, float | Decimal):
        return _format_index(value)
    convertible = isinstance(value, SupportsFloat) and not isinstance(value, float | Decimal)
    raise _FormatError("a finite number", "convert it with float(...)" if convertible else "")


def format_integer(value: object) -> str:
    """Format a whole number without a decimal point; a fraction is reported when the range is validated."""
    text = format_number(value)
    if isinstance(value, float | Decimal):
        number = Decimal(value)
        if number == number.to_integral_value() and number.adjusted() < _MAX_DIGITS:
            return str(int(number))
    return text


def format_text(value: object) -> str:
    """Return text unchanged, and format a number."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise _FormatError("text or a finite number", "write the text that the program reads, such as 'true' or 'True'")
    try:
        return format_number(value)
    except _FormatError as error:
        raise _FormatError("text or a finite number", error.hint) from None


def format_json(value: object) -> str:
    """Format a value as JSON."""
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise _FormatError("a value that JSON can hold") from None


def _format_index(value: SupportsIndex) -> str:
    try:
        integer = index(value)
    except TypeError:  # an array has __index__, which raises
        raise _FormatError("a finite number") from None
    if abs(integer) >= 10**_MAX_DIGITS:
        raise _FormatError(f"a number of at most {_MAX_DIGITS} digits")
    return str(integer)


def _format_decimal(value: Decimal) -> str:
    """Format a decimal without trailing zeros; Decimal.normalize would round to the precision of the context."""
    digits, mark, exponent = Decimal.__str__(value).upper().partition("E")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits + mark + exponent
