"""A shape in the making: members that are each right, and not yet a whole."""

from __future__ import annotations

from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING, SupportsIndex, cast

from hptsdk._validation import (
    Problem,
    Shape,
    TypeInfo,
    closest,
    examine,
    members_of,
    source_of,
    unvalidated,
    violations,
)
from hptsdk.errors import InvalidShapeError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Partial", "member", "raw"]


def raw(cls: type[Shape], **members: object) -> Shape:
    """Make a shape that is checked as a part of what it is put into, so that all faults are told together."""
    return unvalidated(cls, members, {})


def _plain_number(kind: TypeInfo, value: object) -> object:
    """Make an int or float of what stands for one: a NumPy integer, a Decimal."""
    if isinstance(value, bool | int | float):
        return value
    if kind.kind == "number" and isinstance(value, Decimal):
        return float(value)
    if kind.kind in {"integer", "number"} and isinstance(value, SupportsIndex):
        try:
            return index(value)
        except TypeError:  # an array has the method, and refuses
            return value
    return value


class Partial:
    """Some members of a shape; a member may be partial itself.

    Members are checked one by one when they are given, all of one call together. What holds between members is
    checked when the root is built.
    """

    __slots__ = ("_needed", "cls", "members")

    def __init__(self, cls: type[Shape], needed: tuple[str, ...] = (), /, **members: object) -> None:
        self.cls = cls
        self.members: Mapping[str, object] = members
        # members that may not be None, though the shape may let them be absent
        self._needed = needed

    def checked(self) -> Partial:
        """Check all members.

        Raises:
            InvalidShapeError: with all that is wrong in any of them.
        """
        kept, problems = self.examined()
        if problems:
            raise InvalidShapeError(violations(self.cls, problems))
        return Partial(self.cls, **kept)

    def examined(self) -> tuple[dict[str, object], list[Problem]]:
        """Check members one by one: give them as they are kept, and all that is wrong."""
        by_name = {field.attribute: field for field in members_of(self.cls)}
        kept: dict[str, object] = {}
        problems: list[Problem] = []
        for name, value in self.members.items():
            if name not in by_name:
                hint = closest(name, by_name)
                raise TypeError(f"{self.cls.__name__} has no member {name!r}{'; ' if hint else ''}{hint}")
            field, found = by_name[name], list[Problem]()
            if isinstance(value, Partial):
                inner, found = value.examined()
                kept[name] = Partial(value.cls, **inner)
            elif value is None and name not in self._needed:
                kept[name] = None
            else:
                kept[name], found = examine(field.type, _plain_number(field.type, value), source_of(self.cls))
            problems += [problem.within(field.wire_name) for problem in found]
        return kept, problems

    def with_(self, **members: object) -> Partial:
        """Give a new one with these members in place of its own; None takes a member out.

        Raises:
            InvalidShapeError: with all that is wrong in these members.
            TypeError: the shape has no such member.
        """
        given = Partial(self.cls, **members).checked()
        return Partial(self.cls, **{**self.members, **given.members})

    def set(self, **members: object) -> Partial:
        """Do as `with_`, and refuse None."""
        given = Partial(self.cls, tuple(members), **members).checked()
        return Partial(self.cls, **{**self.members, **given.members})

    def within(self, name: str, needed: tuple[str, ...] = (), /, **members: object) -> Partial:
        """Give a new one whose structure of this name has these members in place of its own.

        Of those that are needed None is refused.
        """
        inner = self.members.get(name)
        if isinstance(inner, Shape):
            inner = Partial(type(inner), **{m.attribute: getattr(inner, m.attribute) for m in members_of(type(inner))})
        if not isinstance(inner, Partial):
            cls = next(m.type.shape for m in members_of(self.cls) if m.attribute == name)
            inner = Partial(cast("type[Shape]", cls))
        return self.with_(**{name: Partial(inner.cls, needed, **{**inner.members, **members})})

    def get(self, *path: str) -> object:
        """Return a member, or None if it is missing."""
        return member(self, *path)

    def assembled(self, **more: object) -> Shape:
        """Put the parts together, unchecked; with more members where it has none of their names."""
        given = more | {name: value for name, value in self.members.items() if value is not None}
        members = {n: v.assembled() if isinstance(v, Partial) else v for n, v in given.items()}
        return unvalidated(self.cls, members, {})


def member(whole: object, *path: str) -> object:
    """Return a member of a shape or a partial one, or None if it is missing."""
    value = whole
    for name in path:
        value = value.members.get(name) if isinstance(value, Partial) else getattr(value, name, None)
    return value
