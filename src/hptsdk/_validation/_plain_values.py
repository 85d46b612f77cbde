"""Type guards for values of unknown type, values as instances of built-in types, and a cache by class.

An argument can be of any class, and each of its methods can raise, or never return.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial, wraps
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import TypeIs

__all__ = [
    "MOST_ITEMS",
    "Unreadable",
    "attempt",
    "cache_by_class",
    "entries_of",
    "is_dict",
    "is_list",
    "is_mapping",
    "is_tuple",
    "items_of",
    "plain",
    "size_of",
    "to_builtin",
]

K = TypeVar("K")
T = TypeVar("T")
ClassT = TypeVar("ClassT", bound=type)

# The limit for an object that is not a list, tuple or dict; range(10**12) has more items than fit into memory.
MOST_ITEMS = 10_000


def attempt(function: Callable[[], T], fallback: Callable[[], T]) -> T:
    """Call a function that reads an object of any class, or the fallback if it raises."""
    try:
        return function()
    except Exception:  # noqa: BLE001 - the methods of the object can raise any exception
        return fallback()


class Unreadable:
    """A placeholder for an object that cannot be read: its methods raise errors, or it has infinitely many items."""

    __slots__ = ()


def to_builtin(value: object) -> object:
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
    cls: type = next(cls for cls in (dict, frozenset, list, set, tuple) if isinstance(value, cls))
    size: int = vars(cls)["__len__"](value)
    return size


def items_of(value: list[object] | tuple[object, ...]) -> tuple[object, ...]:
    """Return the items of a list or tuple, or of an instance of a subclass."""
    cls: type = list if isinstance(value, list) else tuple
    items: Iterator[object] = vars(cls)["__iter__"](value)
    return tuple(items)


def entries_of(value: Mapping[K, object]) -> dict[K, object]:
    """Return the entries of a mapping.

    Raises:
        ValueError: it is not a dict, and has more than `MOST_ITEMS` entries.
    """
    if isinstance(value, dict):
        copy: dict[K, object] = vars(dict)["copy"](value)
        return copy
    entries = {key: value[key] for key in islice(value, MOST_ITEMS + 1)}
    if len(entries) > MOST_ITEMS:
        raise ValueError("a mapping with too many entries")
    return entries


def plain(value: object, leaf: Callable[[object], object] = to_builtin) -> object:
    """Convert a value to plain dicts and lists, at any depth; nothing of it is shared.

    Args:
        value: any value.
        leaf: converts a value that is not a mapping, list or tuple. Defaults to `to_builtin`.
    """
    # by identity; the original is stored as well, so that no other object gets its id
    copies: dict[int, tuple[object, object]] = {}
    pending: list[Callable[[], None]] = []

    def copy(item: object) -> object:
        if id(item) in copies:
            return copies[id(item)][1]
        return attempt(partial(copy_container, item), Unreadable)

    def copy_container(item: object) -> object:
        if is_mapping(item):
            entries, mapping = entries_of(item), dict[object, object]()
            copies[id(item)] = item, mapping
            pending.append(lambda: _fill(mapping, ((key, copy(inner)) for key, inner in entries.items())))
            return mapping
        if is_list(item):
            items, target = items_of(item), list[object]()
            copies[id(item)] = item, target
            pending.append(lambda: target.extend([copy(inner) for inner in items]))
            return target
        return leaf(item)

    result = copy(value)
    while pending:  # no recursion, because a document can be nested deeper than the stack of Python
        pending.pop()()
    return result


def _fill(mapping: dict[object, object], entries: Iterable[tuple[object, object]]) -> None:
    for key, value in entries:
        attempt(partial(mapping.__setitem__, to_builtin(key), value), partial(mapping.__setitem__, Unreadable(), value))


def is_mapping(value: object) -> TypeIs[Mapping[str, object]]:
    return isinstance(value, Mapping)


def is_dict(value: object) -> TypeIs[dict[str, object]]:
    """Check whether a value is a dict, which can be changed."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[object] | tuple[object, ...]]:
    """Check whether a value is a list, or a tuple in its place."""
    return isinstance(value, list | tuple)


def is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    return isinstance(value, tuple)


def cache_by_class(function: Callable[[ClassT], T]) -> Callable[[ClassT], T]:
    """Cache the results of a function of a class; mypy rejects the class of a shape for `functools.cache`."""
    results: dict[ClassT, T] = {}

    @wraps(function)
    def cached(cls: ClassT) -> T:
        if cls not in results:
            results[cls] = function(cls)
        return results[cls]

    return cached
