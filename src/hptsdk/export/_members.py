"""The members of a shape that are set, for all targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Shape, is_tuple, members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["present", "shapes_in"]


def present(shape: Shape) -> Iterator[tuple[str, object]]:
    """Yield the attribute name and the value of each member that is set."""
    for member in members_of(type(shape)):
        value: object = getattr(shape, member.attribute)
        if value is not None:
            yield member.attribute, value


def shapes_in(value: object) -> Iterator[tuple[str, Shape]]:
    """Yield the structures of a member with their places: "" for a single structure, "[0]" for the first of a list."""
    if isinstance(value, Shape):
        yield "", value
    elif is_tuple(value):
        for index, item in enumerate(value):
            if isinstance(item, Shape):
                yield f"[{index}]", item
