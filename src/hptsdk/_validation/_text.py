"""Shapes as text for people: JSON without values that may be secrets."""

from __future__ import annotations

import json
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, cast

from hptsdk._validation._formatting import shown
from hptsdk._validation._frozen_map import FrozenMap
from hptsdk._validation._members import Type, members_of
from hptsdk._validation._plain_values import exact
from hptsdk._validation._shape import NOT_FINITE

if TYPE_CHECKING:
    from hptsdk._validation._shape import Shape

__all__ = ["as_text"]


def as_text(shape: Shape) -> str:
    """Return a shape as indented JSON; a value that may be or quote a secret is replaced by its kind and size.

    What is printed ends up in logs, so it is more careful than `repr`, which is code, and `hptsdk.dumps`.
    """
    return json.dumps(_document(shape), indent=2)


def _document(shape: Shape) -> dict[str, object]:
    members = {
        member.wire: _hidden(value) if member.may_quote else _redacted(member.type, value)
        for member in members_of(type(shape))
        if (value := getattr(shape, member.attribute)) is not None
    }
    return members | {str(name): _hidden(value) for name, value in shape.unmodelled.items()}


def _redacted(kind: Type, value: object) -> object:
    try:
        return _formatted(kind, value)
    except Exception:  # noqa: BLE001 - an unchecked shape can hold anything
        return _hidden(value)


def _formatted(kind: Type, value: object) -> object:
    if kind.kind == "structure" and isinstance(value, cast("type[Shape]", kind.shape)):
        return _document(value)
    if kind.kind == "list" and isinstance(value, tuple):
        return [_redacted(cast("Type", kind.item), item) for item in cast("tuple[object, ...]", value)]
    if kind.kind == "map" and isinstance(value, FrozenMap):
        entries = cast("FrozenMap[object, object]", value).items()
        return {str(key): _redacted(cast("Type", kind.item), item) for key, item in entries}
    misplaced = kind.kind in {"structure", "list", "map"} or not isinstance(value, str | int | float | datetime)
    return _hidden(value) if kind.is_secret or misplaced else _json_form(exact(value))


def _json_form(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return next(text for text, number in NOT_FINITE.items() if str(number) == str(value))
    return value


def _hidden(value: object) -> str:
    return f"({shown(value, secret=True)})"
