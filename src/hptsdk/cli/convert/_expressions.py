"""Shapes and their values as expressions that need nothing but `import hptsdk`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from hptsdk._validation import Shape, members_of
from hptsdk.cli.convert._layout import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["present", "shape_code", "with_members"]


def present(shape: Shape) -> Iterator[tuple[str, object]]:
    """Give the members that are there."""
    for member in members_of(type(shape)):
        if (value := getattr(shape, member.attribute)) is not None:
            yield member.attribute, cast("object", value)


def shape_code(value: object) -> object:
    """Write a shape as the call that makes it, and any other value as it is, its lists and maps plain."""
    match value:
        case Shape():
            members = {name: shape_code(member) for name, member in present(value)}
            return Call(f"hptsdk.shapes.{type(value).__name__}", (), members)
        case tuple():
            return [shape_code(item) for item in cast("tuple[object, ...]", value)]
        case Mapping():
            return dict(cast("Mapping[str, object]", value))
        case _:
            return value


def with_members(**members: object) -> Call:
    """Write the method that takes ready members."""
    return Call(".with_", (), {name: shape_code(value) for name, value in members.items()})
