"""Shapes as tables, for notebooks."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, cast

from hptsdk._validation._formatting import shown
from hptsdk._validation._frozen_map import FrozenMap
from hptsdk._validation._members import Type, members_of
from hptsdk._validation._plain_values import exact
from hptsdk._validation._tuned import tuned_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from hptsdk._validation._members import Member
    from hptsdk._validation._shape import Shape

__all__ = ["as_html"]


def as_html(shape: Shape) -> str:
    """Write a shape as a table of its members that are there; what may be secret shows only its length.

    A notebook is saved and passed on with what it shows, so it is more careful than `repr`, which is code.
    """
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(member.wire)}</th>"
        f"<td style='text-align:left'>{_member(shape, member, value)}</td></tr>"
        for member in members_of(type(shape))
        if (value := getattr(shape, member.attribute)) is not None
    )
    return f"<table><caption>{escape(type(shape).__name__)}</caption>{rows}</table>"


def _member(shape: Shape, member: Member, value: object) -> str:
    return _hidden(value) if member.may_quote else _cell(member.type, value, tuned_names(shape, member.attribute))


def _cell(kind: Type, value: object, public: Collection[object] = ()) -> str:
    """Format a value; of a map with secrets, the entries of public names are shown."""
    try:
        return _formatted(kind, value, public)
    except Exception:  # noqa: BLE001 - an unchecked shape can hold anything
        return _hidden(value)


def _formatted(kind: Type, value: object, public: Collection[object]) -> str:
    if kind.kind == "structure" and isinstance(value, cast("type[Shape]", kind.shape)):
        return as_html(value)
    if kind.kind == "list" and isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        return "".join(f"<div>{_cell(cast('Type', kind.item), item)}</div>" for item in items)
    if kind.kind == "map" and isinstance(value, FrozenMap):
        entries = cast("FrozenMap[object, object]", value).items()
        return "".join(
            f"<div>{escape(str(k))} = {escape(str(v)) if k in public else _cell(cast('Type', kind.item), v)}</div>"
            for k, v in entries
        )
    misplaced = kind.kind in {"structure", "list", "map"} or not isinstance(value, str | int | float | datetime)
    return _hidden(value) if kind.is_secret or misplaced else escape(str(exact(value)))


def _hidden(value: object) -> str:
    return escape(shown(value, secret=True))
