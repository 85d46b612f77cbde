"""Values as instances of built-in types, whose methods nobody has overridden.

What a caller passes can be of any class, and each of its methods can raise, or never end.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["MOST_ITEMS", "Unreadable", "entries_of", "exact", "items_of", "plain", "size_of"]

# Of an object that is no list, tuple or dict, no more items are read; range(10**12) has more than a machine holds.
MOST_ITEMS = 10_000

Container = dict[object, object] | list[object]

_COLLECTIONS = (dict, frozenset, list, set, tuple)


class Unreadable:
    """Stands for an object that cannot be read, since its methods raise or its items have no end."""

    __slots__ = ()


def exact(value: object) -> object:
    """Return a scalar as an instance of its built-in type; any other value as it is."""
    match value:
        case bool():
            return value
        case str():
            return str.__str__(value)
        case int():
            return int.__int__(value)
        case float():
            return float.__float__(value)
        case _:
            return value


def size_of(value: object) -> int:
    """Return the number of items of a list, tuple, set or dict, or of an instance of a subclass."""
    kind = next(kind for kind in _COLLECTIONS if isinstance(value, kind))
    return cast("int", vars(kind)["__len__"](value))


def items_of(value: object) -> tuple[object, ...]:
    """Return the items of a list or tuple, or of an instance of a subclass."""
    kind = list if isinstance(value, list) else tuple
    return tuple(cast("Iterator[object]", vars(kind)["__iter__"](value)))


def entries_of(value: Mapping[object, object]) -> dict[object, object]:
    """Return the entries of a mapping.

    Raises:
        ValueError: there are more than `MOST_ITEMS`, and it is no dict.
    """
    if isinstance(value, dict):
        return cast("dict[object, object]", vars(dict)["copy"](value))
    found = {key: value[key] for key in islice(value, MOST_ITEMS + 1)}
    if len(found) > MOST_ITEMS:
        raise ValueError("a mapping without an end")
    return found


def plain(value: object, leaf: Callable[[object], object] = exact) -> object:
    """Return plain dicts and lists of what a value holds, however deep it is; nothing of it is shared.

    Args:
        value: anything.
        leaf: what is returned for a value that is no mapping, list or tuple.
    """
    made: dict[int, tuple[object, Container]] = {}  # by identity, with the original, which has to live as long
    waiting: list[tuple[Container, Container]] = []

    def begun(item: object) -> object:
        if id(item) in made:
            return made[id(item)][1]
        try:
            if isinstance(item, Mapping):
                parts: Container = entries_of(cast("Mapping[object, object]", item))
            elif isinstance(item, list | tuple):
                parts = list(items_of(cast("object", item)))
            else:
                return leaf(item)
        except Exception:  # noqa: BLE001 - the methods of an object can raise anything
            return Unreadable()
        target: Container = {} if isinstance(parts, dict) else []
        made[id(cast("object", item))] = item, target
        waiting.append((parts, target))
        return target

    result = begun(value)
    while waiting:
        parts, target = waiting.pop()
        if isinstance(parts, dict):
            entries = cast("dict[object, object]", target)
            for key, item in parts.items():
                _put(entries, exact(key), begun(item))
        else:
            cast("list[object]", target).extend([begun(item) for item in parts])
    return result


def _put(entries: dict[object, object], key: object, value: object) -> None:
    try:
        entries[key] = value
    except Exception:  # noqa: BLE001 - likewise
        entries[Unreadable()] = value
