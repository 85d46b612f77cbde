"""Which members hold maps, and which may hold secrets: read off the types of all shapes, so that no list is kept."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hptsdk import shapes
from hptsdk._validation import members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation import Member

__all__ = ["map_members", "secret_members"]


@cache
def map_members() -> frozenset[str]:
    """Give the names on the wire of all members that hold maps."""
    return frozenset(member.wire for member in _members() if member.type.kind == "map")


@cache
def secret_members() -> frozenset[str]:
    """Give the names on the wire of all members whose values may be secrets."""
    return frozenset(member.wire for member in _members() if member.type.is_secret)


def _members() -> Iterator[Member]:
    for name in shapes.__all__:
        yield from members_of(getattr(shapes, name))
