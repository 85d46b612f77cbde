"""Numbers and other values as the text that the wire wants."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING, SupportsIndex

from hptsdk._showing import shown
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes._problems import Problem, source_of, violations

if TYPE_CHECKING:
    from hptsdk.shapes._base import Shape

__all__ = ["Number", "json_text", "number_text", "text"]

Number = int | float | Decimal | SupportsIndex
"""What a bound or a hint may be given as; a bool is refused."""

# No member takes longer text, and Python refuses to write integers of more digits.
_TOO_LARGE = 10**4000


def number_text(cls: type[Shape], member: str, value: object, *, secret: bool = False) -> str:
    """Write a number as the shortest decimal text that reads back equal.

    Raises:
        InvalidShapeError: it is no number, or no finite one.
    """
    found = _number_text(value)
    if found is None:
        hint = "float(...) makes one" if hasattr(value, "__float__") and not isinstance(value, int | float) else ""
        raise _refusal(cls, member, "a finite number", shown(value, secret=secret), hint)
    return found


def _number_text(value: object) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return float.__repr__(float(value)) if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return _decimal_text(value) if value.is_finite() else None
    if not isinstance(value, SupportsIndex):
        return None
    integer = index(value)
    return str(integer) if abs(integer) < _TOO_LARGE else None


def _decimal_text(value: Decimal) -> str:
    """Write a decimal without the zeros at its end; Decimal.normalize would round to the context's precision."""
    written = str(value)
    digits, mark, exponent = written.partition("E")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits + mark + exponent


def text(cls: type[Shape], member: str, value: object, *, secret: bool = False) -> str:
    """Take text as it is, and write a number.

    Raises:
        InvalidShapeError: it is neither.
    """
    if isinstance(value, str):
        return value
    found = _number_text(value)
    if found is None:
        hint = "write the text that the program reads, as 'true' or 'True'" if isinstance(value, bool) else ""
        raise _refusal(cls, member, "text or a finite number", shown(value, secret=secret), hint)
    return found


def json_text(cls: type[Shape], member: str, value: object) -> str:
    """Write a value as JSON.

    Raises:
        InvalidShapeError: JSON has no such value.
    """
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        kind = "a map" if isinstance(value, Mapping) else type(value).__name__
        raise _refusal(cls, member, "a value that JSON can hold", kind, "") from None


def _refusal(cls: type[Shape], member: str, expected: str, got: str, hint: str) -> InvalidShapeError:
    problem = Problem("type", expected, got, source=source_of(cls), hint=hint).within(member)
    return InvalidShapeError(violations(cls, [problem]))
