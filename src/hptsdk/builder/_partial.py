"""A shape in the making: members that are each right, and not yet a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hptsdk._showing import closest
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes._base import Shape, unchecked
from hptsdk.shapes._check import examine
from hptsdk.shapes._problems import Problem, source_of, violations
from hptsdk.shapes._types import members_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Partial"]


class Partial:
    """Some members of a shape, checked one by one as they are given; a member may be partial itself.

    What holds between members is checked when the root is built, in one go.
    """

    __slots__ = ("_cls", "members")

    def __init__(self, cls: type[Shape], /, **members: object) -> None:
        self._cls = cls
        self.members: Mapping[str, object] = self._checked(members)

    def _checked(self, members: Mapping[str, object]) -> dict[str, object]:
        by_name = {member.attribute: member for member in members_of(self._cls)}
        kept: dict[str, object] = {}
        problems: list[Problem] = []
        for name, value in members.items():
            if name not in by_name:
                hint = closest(name, by_name)
                message = f"{self._cls.__name__} has no member {name!r}{'; ' if hint else ''}{hint}"
                raise TypeError(message)
            member = by_name[name]
            if value is None or isinstance(value, Partial):
                kept[name] = value
                continue
            kept[name], found = examine(member.type, value, source_of(self._cls))
            problems += [problem.within(member.wire) for problem in found]
        if problems:
            raise InvalidShapeError(violations(self._cls, problems))
        return kept

    def with_(self, **members: object) -> Partial:
        """Give a new one with these members in place of its own; None takes a member out."""
        new = object.__new__(Partial)
        new._cls = self._cls
        new.members = {**self.members, **self._checked(members)}
        return new

    def within(self, name: str, **members: object) -> Partial:
        """Give a new one whose structure of this name has these members in place of its own."""
        inner = self.members.get(name)
        if isinstance(inner, Shape):
            inner = _opened(inner)
        if not isinstance(inner, Partial):
            cls = next(m.type.shape for m in members_of(self._cls) if m.attribute == name)
            inner = Partial(cast("type[Shape]", cls))
        return self.with_(**{name: inner.with_(**members)})

    def get(self, *path: str) -> object:
        """Look a member up, or None where it is not there."""
        found: object = self
        for name in path:
            found = found.members.get(name) if isinstance(found, Partial) else getattr(found, name, None)
        return found

    def assembled(self, **more: object) -> Shape:
        """Put the parts together, unchecked; with more members where it has none of their names."""
        given = more | {name: value for name, value in self.members.items() if value is not None}
        members = {n: v.assembled() if isinstance(v, Partial) else v for n, v in given.items()}
        return unchecked(self._cls, members, {})


def _opened(shape: Shape) -> Partial:
    """Take a ready shape apart again."""
    return Partial(type(shape), **{m.attribute: getattr(shape, m.attribute) for m in members_of(type(shape))})
