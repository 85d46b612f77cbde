"""Objects whose methods raise, or that have no end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo


class BrokenError(Exception):
    """What nothing but these objects raises."""


def fails(*_: object, **__: object) -> None:
    """Raise what no reader expects."""
    raise BrokenError


class EndlessItems(Sequence[str]):
    """A sequence without an end."""

    def __getitem__(self, index: object) -> str:
        return "a"

    def __len__(self) -> int:
        return 1


class EndlessEntries(Mapping[str, str]):
    """A mapping without an end."""

    def __getitem__(self, key: object) -> str:
        return "a"

    def __iter__(self) -> Iterator[str]:
        return map(str, itertools.count())

    def __len__(self) -> int:
        return 1


class BrokenZone(tzinfo):
    """A time zone whose methods raise."""

    utcoffset = tzname = dst = fails


def broken(base: type, *arguments: object, method: str) -> object:
    """Create an instance of a class with one method that raises."""
    cls = type("Broken", (base,), {method: fails})
    if method == "__eq__":
        cls.__hash__ = base.__hash__
    return cls(*arguments)


BROKEN = [
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
