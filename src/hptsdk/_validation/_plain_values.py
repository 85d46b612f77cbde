"""Type guards for unknown types, plain values, the immutable mapping of shapes, and a cache by class.

An argument can be of any class, and each of its methods can raise, or never return.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from functools import partial, wraps
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import TypeIs

__all__ = [
    "MOST_ITEMS",
    "FrozenMap",
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


V_co = TypeVar("V_co", covariant=True)


class FrozenMap(Mapping[K, V_co]):
    """An immutable mapping; equal to any mapping with the same entries.

    Args:
        entries: a dict that nothing else refers to. It is not copied.
    """

    __slots__ = ("_entries",)

    _entries: dict[K, V_co]

    def __init__(self, entries: dict[K, V_co]) -> None:
        self._entries = entries

    def __getitem__(self, key: K) -> V_co:
        """Return one value."""
        return self._entries[key]

    # those of Mapping would call __getitem__ for each entry
    def __contains__(self, key: object) -> bool:
        """Check whether there is a key."""
        return key in self._entries

    @overload
    def get(self, key: K) -> V_co | None: ...

    @overload
    def get(self, key: K, default: V_co | T) -> V_co | T: ...

    def get(self, key: K, default: V_co | T | None = None) -> V_co | T | None:
        """Return one value, or the default if the key is missing."""
        return self._entries.get(key, default)

    def keys(self) -> KeysView[K]:
        """Return the keys."""
        return self._entries.keys()

    def items(self) -> ItemsView[K, V_co]:
        """Return the entries."""
        return self._entries.items()

    def values(self) -> ValuesView[V_co]:
        """Return the values."""
        return self._entries.values()

    def __iter__(self) -> Iterator[K]:
        """Iterate over the keys."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        """Compare the entries with those of any mapping, in any order."""
        return self._entries == dict(other) if is_mapping(other) else NotImplemented

    def __hash__(self) -> int:
        """Return the hash of the entries."""
        return hash(frozenset(self._entries.items()))

    def __repr__(self) -> str:
        """Return the dict literal of the entries."""
        return repr(self._entries)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle and copy with a new dict."""
        return FrozenMap, (dict(self._entries),)
