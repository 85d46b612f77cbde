"""Shapes as JSON text for `print`, and as HTML tables for notebooks.

Logs and shared notebooks can contain both, so values that may be or quote secrets are replaced by their kind and size.
`repr`, which is code, and `hptsdk.dumps` show all values.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from hptsdk._validation._members import MemberInfo, TypeInfo, members_of
from hptsdk._validation._plain_values import attempt, is_frozen_map, is_tuple, to_builtin
from hptsdk._validation._problems import format_value
from hptsdk._validation._shape import Shape, finite, tuned_names

if TYPE_CHECKING:
    from collections.abc import Collection


def as_text(shape: Shape) -> str:
    """Format a shape as indented JSON."""
    return json.dumps(_document(shape), indent=2)


def _document(shape: Shape) -> dict[str, object]:
    members = {
        member.wire_name: _hidden(value) if member.may_quote_secrets else _json_value(member.type, value)
        for member in members_of(type(shape))
        if (value := getattr(shape, member.attribute)) is not None
    }
    return members | {str(name): _hidden(value) for name, value in shape.unmodelled.items()}


def _json_value(kind: TypeInfo, value: object) -> object:
    return attempt(partial(_plain_json, kind, value), partial(_hidden, value))


def _plain_json(kind: TypeInfo, value: object) -> object:
    """Return a value for JSON; an exception of its methods is not caught."""
    if kind.shape is not None and isinstance(value, Shape) and isinstance(value, kind.shape):
        return _document(value)
    if kind.item is not None and is_tuple(value):
        return [_json_value(kind.item, item) for item in value]
    if kind.item is not None and is_frozen_map(value):
        return {str(key): _json_value(kind.item, item) for key, item in value.items()}
    return _json_scalar(value) if _is_public_scalar(kind, value) else _hidden(value)


def _json_scalar(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else to_builtin(finite(value))


def _is_public_scalar(kind: TypeInfo, value: object) -> bool:
    is_scalar = kind.kind not in {"structure", "list", "map"} and isinstance(value, str | int | float | datetime)
    return is_scalar and not kind.is_secret


def _hidden(value: object) -> str:
    return f"({format_value(value, secret=True)})"


def as_html(shape: Shape) -> str:
    """Format a shape as an HTML table of the members that are set."""
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(member.wire_name)}</th>"
        f"<td style='text-align:left'>{_member_html(shape, member, value)}</td></tr>"
        for member in members_of(type(shape))
        if (value := getattr(shape, member.attribute)) is not None
    )
    return f"<table><caption>{escape(type(shape).__name__)}</caption>{rows}</table>"


def _member_html(shape: Shape, member: MemberInfo, value: object) -> str:
    if member.may_quote_secrets:
        return _hidden_html(value)
    return _value_html(member.type, value, tuned_names(shape, member.attribute))


def _value_html(kind: TypeInfo, value: object, public_keys: Collection[object] = ()) -> str:
    """Format a value; `public_keys` are the keys of a map whose values are not secrets."""
    return attempt(partial(_plain_html, kind, value, public_keys), partial(_hidden_html, value))


def _plain_html(kind: TypeInfo, value: object, public_keys: Collection[object]) -> str:
    """Format a value; an exception of its methods is not caught."""
    if kind.shape is not None and isinstance(value, Shape) and isinstance(value, kind.shape):
        return as_html(value)
    if kind.item is not None and is_tuple(value):
        return "".join(f"<div>{_value_html(kind.item, item)}</div>" for item in value)
    if kind.item is not None and is_frozen_map(value):
        return "".join(
            f"<div>{escape(str(k))} = {escape(str(v)) if k in public_keys else _value_html(kind.item, v)}</div>"
            for k, v in value.items()
        )
    return escape(str(to_builtin(value))) if _is_public_scalar(kind, value) else _hidden_html(value)


def _hidden_html(value: object) -> str:
    return escape(format_value(value, secret=True))
