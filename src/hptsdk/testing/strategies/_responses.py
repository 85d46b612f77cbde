"""Responses beyond the model: what a newer service might leave out, add or call otherwise."""

# ruff: noqa: ANN401 - a document is made of anything

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

import hptsdk
from hptsdk._validation import Shape, members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    from hptsdk._validation import TypeInfo

__all__ = ["lenient"]

ShapeT = TypeVar("ShapeT", bound=Shape)

_NEW = "Unmodelled"
_NEW_VALUES: tuple[object, ...] = ("Paused", 7, True, 0.5, ["a"], {"Inner": "a"})

# Changes that are made to one response at most.
_CHANGES = 4

Place = tuple[dict[str, Any], str, "TypeInfo | None"]


def lenient(cls: type[ShapeT], instances: SearchStrategy[Shape]) -> SearchStrategy[ShapeT]:
    """Draw an instance, change some of its document, and read it as a response is read."""

    @st.composite
    def changed(draw: DrawFn) -> ShapeT:
        document = hptsdk.to_wire(draw(instances))
        places = list(_places(cls, document))
        outer = [place for place in places if place[0] is document]
        for _ in range(draw(st.integers(0, _CHANGES))):
            # as often in what is sent itself as in all that it holds
            _change(draw, *draw(st.sampled_from(outer) | st.sampled_from(places)))
        return hptsdk.from_wire(cls, document)

    return changed()


def _places(cls: type[Shape], document: dict[str, Any]) -> Iterator[Place]:
    """Give each structure with each of its members that are there, and with a member that is not modelled."""
    for member in members_of(cls):
        if member.wire_name in document:
            yield document, member.wire_name, member.type
            yield from _inner(member.type, document[member.wire_name])
    yield document, _NEW, None


def _inner(kind: TypeInfo, value: Any) -> Iterator[Place]:
    if kind.shape is not None:
        yield from _places(kind.shape, value)
    elif kind.kind == "list" and kind.item is not None:
        for item in value:
            yield from _inner(kind.item, item)


def _change(draw: DrawFn, document: dict[str, Any], name: str, kind: TypeInfo | None) -> None:
    if kind is None:
        document[name] = draw(st.sampled_from(_NEW_VALUES))
    elif kind.known_values and draw(st.sampled_from((False, True))):
        document[name] = "Paused"
    else:
        document.pop(name, None)
