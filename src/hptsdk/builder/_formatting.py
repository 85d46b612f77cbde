"""Numbers and other values as the text that the wire wants."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex

from hptsdk._validation import Problem, shown, source_of, violations, with_article
from hptsdk.errors import InvalidShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hptsdk._validation import Shape, Step
    from hptsdk.builder._partial_shape import Partial

__all__ = ["Number", "as_json", "as_number", "as_text", "as_whole_number", "texts"]

Number = int | float | Decimal | SupportsIndex
"""What a bound or a hint may be given as; a bool is refused."""

# No member takes longer text, and Python refuses to write integers of more digits.
_LONGEST = 4000


class Refusal(Exception):  # noqa: N818 - carries what is wrong to the place that knows where
    """A value has no text; `texts` makes a violation of it."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


def texts(
    cls: type[Shape],
    given: Iterable[tuple[tuple[Step, ...], object]],
    written: Callable[[object], str],
    *,
    secret: bool = False,
    beside: Partial | None = None,
) -> list[str]:
    """Write values as text; each comes with the path that it has in a shape.

    What is wrong with the members beside them is told too where one cannot be written.

    Raises:
        InvalidShapeError: with all that cannot be written; no value shows in it where they may be secrets.
    """
    found: list[str] = []
    problems: list[Problem] = []
    for path, value in given:
        try:
            found.append(written(value))
        except Refusal as refusal:
            got = "None" if value is None else with_article(type(value).__name__) if secret else shown(value)
            problem = Problem(*path, expected=refusal.expected, got=got, hint=refusal.hint, rule="type")
            problem.source = source_of(cls)
            problems.append(problem)
    if problems:
        problems += beside.examined()[1] if beside else []
        raise InvalidShapeError(violations(cls, problems))
    return found


def as_number(value: object) -> str:
    """Write a number as the shortest decimal text that reads back equal."""
    if isinstance(value, bool):
        raise Refusal("a finite number")
    if isinstance(value, float) and math.isfinite(value):
        return float.__repr__(float(value))
    if isinstance(value, Decimal) and value.is_finite():
        return _decimal_text(value)
    if isinstance(value, SupportsIndex) and not isinstance(value, float | Decimal):
        return _integer_text(value)
    convertible = isinstance(value, SupportsFloat) and not isinstance(value, float | Decimal)
    raise Refusal("a finite number", "convert it with float(...)" if convertible else "")


def as_whole_number(value: object) -> str:
    """Write a number as `as_number` does, a whole one without a point; the shape tells of one that is not whole."""
    text = as_number(value)
    if isinstance(value, float | Decimal):
        number = Decimal(value)
        if number == number.to_integral_value() and number.adjusted() < _LONGEST:
            return str(int(number))
    return text


def as_text(value: object) -> str:
    """Take text as it is, and write a number."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise Refusal("text or a finite number", "write the text that the program reads, such as 'true' or 'True'")
    try:
        return as_number(value)
    except Refusal as refusal:
        raise Refusal("text or a finite number", refusal.hint) from None


def as_json(value: object) -> str:
    """Write a value as JSON."""
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise Refusal("a value that JSON can hold") from None


def _integer_text(value: SupportsIndex) -> str:
    try:
        integer = index(value)
    except TypeError:  # an array has the method, and refuses
        raise Refusal("a finite number") from None
    if abs(integer) >= 10**_LONGEST:
        raise Refusal(f"a number of at most {_LONGEST} digits")
    return str(integer)


def _decimal_text(value: Decimal) -> str:
    """Write a decimal without the zeros at its end; Decimal.normalize would round to the context's precision."""
    digits, mark, exponent = Decimal.__str__(value).upper().partition("E")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits + mark + exponent
