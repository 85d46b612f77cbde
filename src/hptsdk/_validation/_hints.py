"""Hints in messages about invalid values: how to correct them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from os import PathLike, fspath
from typing import TYPE_CHECKING

from hptsdk._validation._formatting import closest, format_value
from hptsdk._validation._members import members_of
from hptsdk._validation._placeholders import placeholder_hint, placeholder_in
from hptsdk.constraints import Length, OneOf, Pattern, S3Address

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from hptsdk._validation._members import TypeInfo
    from hptsdk.constraints import Constraint

__all__ = ["constraint_hint", "type_hint"]

# No name in the API is longer.
_NEARLY_A_NAME = "[-_. a-zA-Z0-9]{1,128}"

# Floats represent all integers below this exactly.
_EXACT = 1e15

# A number as text; Python refuses to parse integers of thousands of digits.
_NUMBER = r"\s*[-+]?(\d{1,99}\.?\d{0,99}|\.\d{1,99})([eE][-+]?\d{1,3})?\s*"


def type_hint(kind: TypeInfo, value: object) -> str:
    """Return how to correct a value of the wrong type; empty text if that is not known."""
    is_placeholder = not isinstance(value, str) or (value != "" and placeholder_in(value) == value.strip())
    return (is_placeholder and not kind.is_secret and placeholder_hint(value)) or _hint_of_type(kind, value)


def _hint_of_type(kind: TypeInfo, value: object) -> str:  # noqa: PLR0911 - one result for each kind
    if _is_path(value):
        return _path_hint(kind, fspath(value))
    match kind.kind, value:
        case "integer" | "number", str():
            number = _parse_number(value)
            return f"write {number}" if number is not None and _is_valid(kind, number) else ""
        case "integer", bool():
            return ""
        case "integer", int():
            return "use at most 64 bits"
        case "integer", float() if value.is_integer() and abs(value) < _EXACT:
            return f"write {value:.0f}"
        case "text", int() | float() if not kind.known_values and abs(value) < _EXACT:
            # text in double quotes is the same in Python, JSON and YAML
            quoted = "put it in quotes" if kind.is_secret else f'write "{value!r}"'
            return "write it as text" if isinstance(value, bool) else quoted
        case "list", str():
            return "put it in a list"
        case "structure", Mapping() if kind.shape is not None:
            return f"build it with hptsdk.shapes.{kind.shape.__name__}(...) or hptsdk.from_wire"
        case "timestamp", datetime() if value.utcoffset() is None:
            return "set its tzinfo"
        case _:
            return ""


def _is_path(value: object) -> TypeIs[PathLike[str]]:
    return isinstance(value, PathLike)


def _path_hint(kind: TypeInfo, path: str) -> str:
    """Return the hint for a path object in place of text, or of a structure that holds an S3 address."""
    types = [member.type for member in members_of(kind.shape)] if kind.shape is not None else [kind]
    hints = (constraint.hint(path) for inner in types for constraint in inner.constraints)
    return next(
        filter(None, hints), f"write {format_value(path)}" if kind.kind == "text" and not kind.is_secret else ""
    )


def _is_valid(kind: TypeInfo, number: float) -> bool:
    is_of_kind = kind.kind == "number" or isinstance(number, int)
    return is_of_kind and isfinite(number) and all(constraint.holds(number) for constraint in kind.constraints)


def _parse_number(text: str) -> int | float | None:
    """Parse a finite number; None if the text is not one."""
    if not re.fullmatch(_NUMBER, text, re.ASCII):
        return None
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def constraint_hint(constraint: Constraint, kind: TypeInfo, value: object) -> str:
    """Return how to correct a value that violates a constraint; empty text if that is not known."""
    if isinstance(value, str) and not kind.is_secret and _is_due_to_a_placeholder(constraint, value):
        return placeholder_hint(value)
    if isinstance(constraint, Length) and isinstance(value, str):
        is_short = len(value) < (constraint.minimum or 0)
        words = next((c.words for c in kind.constraints if isinstance(c, Pattern)), "")
        return f"it takes {words}" if is_short and words else ""
    if isinstance(constraint, OneOf | Pattern) and isinstance(value, str):
        return constraint.hint(value) or closest(value, kind.known_values) or _with_hyphens(constraint, kind, value)
    return ""


def _is_due_to_a_placeholder(constraint: Constraint, value: str) -> bool:
    """Check whether a placeholder may be the reason for a violation; an S3 address may hold one in its key."""
    placeholder = placeholder_in(value)
    return bool(placeholder) and (not isinstance(constraint, S3Address) or value.strip().startswith(placeholder))


def _with_hyphens(constraint: OneOf | Pattern, kind: TypeInfo, text: str) -> str:
    """Suggest hyphens for a name with characters that are not valid in names, most often underscores."""
    if kind.is_secret or not re.fullmatch(_NEARLY_A_NAME, text):
        return ""
    name = re.sub("[-_. ]+", "-", text).strip("-")
    return f"did you mean {name!r}?" if constraint.holds(name) else ""
