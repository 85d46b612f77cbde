"""Responses beyond the model: missing members, unknown members, and values that are not in an enumeration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

import hptsdk
from hptsdk import schema
from hptsdk._validation import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk.schema import TypeInfo

__all__ = ["responses_of"]

Value = Any
"""A part of a document, which may have any type."""

ShapeT = TypeVar("ShapeT", bound=Shape)

_UNMODELLED_VALUES: tuple[object, ...] = ("Paused", 7, True, 0.5, ["a"], {"Inner": "a"})

_MAX_CHANGES = 4

# A structure, the name of a member, and the member's type; None if the member is not modelled.
Place = tuple[dict[str, Any], str, "TypeInfo | None"]


def responses_of(cls: type[ShapeT], instances: SearchStrategy[Shape]) -> SearchStrategy[ShapeT]:
    """Create a strategy that draws an instance, changes its document, and parses the document as a response."""

    @st.composite
    def changed(draw: DrawFn) -> ShapeT:
        document = hptsdk.to_wire(draw(instances))
        places = list(_places(cls, document))
        top_level = [place for place in places if place[0] is document]
        for _ in range(draw(st.integers(0, _MAX_CHANGES))):
            # members of the response itself are changed as often as those of all structures in it
            _change(draw, *draw(st.sampled_from(top_level) | st.sampled_from(places)))
        return hptsdk.from_wire(cls, document)

    return changed()


def _places(cls: type[Shape], document: dict[str, Any]) -> Iterator[Place]:
    """Return each member of each structure in a document, and an unmodelled member for each structure."""
    for member in schema.of(cls).members:
        if member.wire_name in document:
            yield document, member.wire_name, member.type
            yield from _inner_places(member.type, document[member.wire_name])
    yield document, "Unmodelled", None


def _inner_places(info: TypeInfo, value: Value) -> Iterator[Place]:
    if info.shape is not None:
        yield from _places(info.shape, value)
    elif info.kind == "list" and info.item is not None:
        for item in value:
            yield from _inner_places(info.item, item)


def _change(draw: DrawFn, document: dict[str, Any], name: str, info: TypeInfo | None) -> None:
    if info is None:
        document[name] = draw(st.sampled_from(_UNMODELLED_VALUES))
    elif len(info.known_values) > 0 and draw(st.booleans()):
        document[name] = "Paused"
    else:
        document.pop(name, None)
