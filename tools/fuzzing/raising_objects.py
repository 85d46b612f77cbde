"""Objects whose methods raise exceptions, and collections that never end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo


class BrokenError(Exception):
    """An exception that only these objects raise."""


def fails(*_: object, **__: object) -> None:
    """Raise BrokenError."""
    raise BrokenError


class EndlessItems(Sequence[str]):
    """A sequence that never ends, although its length is 1."""

    def __getitem__(self, index: object) -> str:
        return "a"

    def __len__(self) -> int:
        return 1


class EndlessEntries(Mapping[str, str]):
    """A mapping that never ends, although its length is 1."""

    def __getitem__(self, key: object) -> str:
        return "a"

    def __iter__(self) -> Iterator[str]:
        return map(str, itertools.count())

    def __len__(self) -> int:
        return 1


class BrokenZone(tzinfo):
    """A time zone whose methods raise BrokenError."""

    utcoffset = tzname = dst = fails


def broken(base: type, *arguments: object, method: str) -> object:
    """Create an instance of a subclass of `base` whose method with this name raises BrokenError."""
    cls = type("Broken", (base,), {method: fails})
    if method == "__eq__":
        cls.__hash__ = base.__hash__
    return cls(*arguments)


RAISING = [
    broken(object, method="__eq__"),
    broken(object, method="__repr__"),
    broken(object, method="__bool__"),
    broken(str, "a", method="__eq__"),
    broken(str, "a", method="__len__"),
    broken(int, 1, method="__index__"),
    broken(int, 1, method="__le__"),
    broken(float, 0.5, method="__repr__"),
    broken(list, ["a"], method="__iter__"),
    broken(tuple, ["a"], method="__len__"),
    broken(dict, {"a": "b"}, method="items"),
    broken(dict, {"a": "b"}, method="__len__"),
    EndlessItems(),
    EndlessEntries(),
    datetime(2026, 11, 3, tzinfo=BrokenZone()),
]
