"""The valid members of a shape that has violations, for rules and advice that read no other members."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hptsdk._validation._conversion import is_frozen_map
from hptsdk._validation._members import members_of
from hptsdk._validation._plain_values import FrozenMap, is_tuple

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterable, Sequence, ValuesView

    from hptsdk._validation._problems import Problem, Step
    from hptsdk._validation._shape import Shape

    Path = Sequence[Step]

__all__ = ["valid_parts"]

ShapeT = TypeVar("ShapeT", bound="Shape")

_INVALID = object()


def valid_parts(shape: ShapeT, problems: Iterable[Problem]) -> ShapeT:
    """Return a copy of a shape whose invalid members are not set: reading one raises AttributeError.

    A list with an invalid item is invalid as a whole, unless the item is a structure, which has valid members itself.
    A map keeps all its keys; reading an invalid value raises KeyError, and iterating over its values omits it.
    """
    return _without(shape, [path for problem in problems if (path := problem.invalid_member) is not None])


def _without(shape: ShapeT, paths: Sequence[Path]) -> ShapeT:
    copy = object.__new__(type(shape))
    object.__setattr__(copy, "_extra", {})
    invalid = _by_first_step(paths)
    for member in members_of(type(shape)):
        value: object = getattr(shape, member.attribute)
        if member.wire_name in invalid:
            value = _part_without(value, invalid[member.wire_name])
        if value is not _INVALID:
            object.__setattr__(copy, member.attribute, value)
    return copy


def _by_first_step(paths: Sequence[Path]) -> dict[Step, list[Path]]:
    groups: dict[Step, list[Path]] = {}
    for first, *rest in paths:
        groups.setdefault(first, []).append(rest)
    return groups


def _part_without(value: object, paths: Sequence[Path]) -> object:
    """Return what is valid in a value; `_INVALID` if the value itself is invalid."""
    from hptsdk._validation._shape import Shape

    if not all(paths) or (value is None and paths):
        return _INVALID
    if is_frozen_map(value):
        return _PartlyValidMap(value, {path[0][0] for path in paths if isinstance(path[0], tuple)})
    if is_tuple(value):
        invalid = _by_first_step(paths)
        items = [_part_without(item, invalid.get(index, [])) for index, item in enumerate(value)]
        return _INVALID if any(item is _INVALID for item in items) else tuple(items)
    return _without(value, paths) if paths and isinstance(value, Shape) else value


class _PartlyValidMap(FrozenMap[object, object]):
    """A map with some invalid values."""

    __slots__ = ("_valid",)

    def __init__(self, whole: FrozenMap[object, object], invalid: set[object]) -> None:
        super().__init__(dict(whole.items()))
        self._valid = {key: value for key, value in whole.items() if key not in invalid}

    def __getitem__(self, key: object) -> object:
        """Return one value; raise KeyError if it is invalid."""
        return self._valid[key]

    def get(self, key: object, default: object = None) -> object:
        """Return one value, or the default if the key is missing; raise KeyError if the value is invalid."""
        return self._valid[key] if key in self else default

    def items(self) -> ItemsView[object, object]:
        """Return the entries whose values are valid."""
        return self._valid.items()

    def values(self) -> ValuesView[object]:
        """Return the valid values."""
        return self._valid.values()
