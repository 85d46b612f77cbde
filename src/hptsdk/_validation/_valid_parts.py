"""The valid members of a shape that has violations, for rules and advice that need no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from hptsdk._validation._frozen_map import FrozenMap
from hptsdk._validation._members import members_of

if TYPE_CHECKING:
    from collections.abc import Hashable, ItemsView, Iterable, Sequence, ValuesView

    from hptsdk._validation._problems import Problem
    from hptsdk._validation._shape import Shape

    Path = Sequence[object]

__all__ = ["valid_parts"]

ShapeT = TypeVar("ShapeT", bound="Shape")

_INVALID = object()


def valid_parts(shape: ShapeT, problems: Iterable[Problem]) -> ShapeT:
    """Return a copy of a shape whose invalid members are not set: reading one raises AttributeError.

    A list with an invalid item is invalid as a whole, unless the item is a structure, which has valid members itself.
    A map keeps all its keys; reading an invalid value raises KeyError, and iterating over its values leaves it out.
    """
    return _without(shape, [path for problem in problems if (path := problem.invalid_member) is not None])


def _without(shape: ShapeT, paths: Sequence[Path]) -> ShapeT:
    copy = object.__new__(type(shape))
    object.__setattr__(copy, "_aside", {})
    invalid = _by_first_step(paths)
    for member in members_of(type(shape)):
        value: object = getattr(shape, member.attribute)
        if member.wire in invalid:
            value = _part_without(value, invalid[member.wire])
        if value is not _INVALID:
            object.__setattr__(copy, member.attribute, value)
    return copy


def _by_first_step(paths: Sequence[Path]) -> dict[object, list[Path]]:
    found: dict[object, list[Path]] = {}
    for first, *rest in paths:
        found.setdefault(first, []).append(rest)
    return found


def _part_without(value: object, paths: Sequence[Path]) -> object:
    """Return what is valid in a value; `_INVALID` if the value itself is not."""
    if not all(paths) or (value is None and paths):
        return _INVALID
    if isinstance(value, FrozenMap):
        keys = {cast("tuple[Hashable]", path[0])[0] for path in paths}
        return _PartlyValidMap(cast("FrozenMap[object, object]", value), keys)
    if isinstance(value, tuple):
        invalid = _by_first_step(paths)
        items = cast("tuple[object, ...]", value)
        kept = [_part_without(item, invalid.get(index, [])) for index, item in enumerate(items)]
        return _INVALID if any(item is _INVALID for item in kept) else tuple(kept)
    return _without(cast("Shape", value), paths) if paths else value


class _PartlyValidMap(FrozenMap[object, object]):
    """A map of which some values are invalid."""

    __slots__ = ("_valid",)

    def __init__(self, whole: FrozenMap[object, object], invalid: set[Hashable]) -> None:
        super().__init__(dict(whole.items()))
        self._valid = {key: value for key, value in whole.items() if key not in invalid}

    def __getitem__(self, key: object) -> object:
        """Return one value; raise KeyError if it is invalid."""
        return self._valid[key]

    def get(self, key: object, default: object = None) -> object:
        """Return one value or the default; raise KeyError if the value is invalid."""
        return self._valid[key] if key in self else default

    def items(self) -> ItemsView[object, object]:
        """Return the entries whose values are valid."""
        return self._valid.items()

    def values(self) -> ValuesView[object]:
        """Return the valid values."""
        return self._valid.values()
