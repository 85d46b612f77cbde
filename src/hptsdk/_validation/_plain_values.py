"""Values of any class: type guards, plain values, conversion to the forms that shapes store, and the immutable mapping.

A caller can pass an object of any class, whose methods can raise errors or never return.
"""

from __future__ import annotations

import sys
from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from datetime import UTC, datetime
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import TypeIs

    from hptsdk._validation._members import TypeInfo

K = TypeVar("K")
T = TypeVar("T")
ClassT = TypeVar("ClassT", bound=type)

# The limit for an object that is not a list, tuple or dict; range(10**12) has more items than fit into memory.
MOST_ITEMS = 10_000

# The integers of the API have at most 64 bits.
LOWEST, HIGHEST = -(2**63), 2**63 - 1


def attempt(function: Callable[[], T], fallback: Callable[[], T]) -> T:
    """Return the result of a function that reads an object of any class, or of the fallback if it raises."""
    try:
        return function()
    except Exception:  # noqa: BLE001 - the methods of the object can raise any exception
        return fallback()


class Unreadable:
    """What replaces an object that cannot be read: its methods raise errors, or it has too many entries."""

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
    """Return the entries of a mapping in a new dict.

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
    """Copy a value with new dicts and lists in place of its mappings, lists and tuples, at any depth.

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
    return type(value) is dict or isinstance(value, Mapping)  # the second check is five times slower


def is_dict(value: object) -> TypeIs[dict[str, object]]:
    """Check whether a value is a dict."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[object] | tuple[object, ...]]:
    """Check whether a value is a list or a tuple."""
    return isinstance(value, list | tuple)


def is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    return isinstance(value, tuple)


def cache_by_class(function: Callable[[ClassT], T]) -> Callable[[ClassT], T]:
    """Cache the results of a function of a class.

    mypy rejects the class of a shape as an argument of a function with `functools.cache`.
    """
    return cache(function)


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

    # the methods of Mapping would call __getitem__ for each entry
    def __contains__(self, key: object) -> bool:
        """Check whether the map has a key."""
        return key in self._entries

    @overload
    def get(self, key: K) -> V_co | None: ...

    @overload
    def get(self, key: K, default: V_co | T) -> V_co | T: ...

    def get(self, key: K, default: V_co | T | None = None) -> V_co | T | None:
        """Return one value, or the default if the key is missing."""
        return self._entries.get(key, default)

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


# --- conversion to the forms that shapes store ---


def converted(kind: TypeInfo, value: object) -> object | None:  # noqa: PLR0911 - one result for each kind
    """Convert a value to the form that a shape stores; None if its type does not allow it."""
    match kind.kind:
        case "text":
            # the built-in type, because the `str()` of a member of an Enum is its name
            return to_builtin(value) if isinstance(value, str) and encodable(value) else None
        case "integer":
            return _integer(to_builtin(value))
        case "number":
            return _number(to_builtin(value))
        case "boolean":
            return value if isinstance(value, bool) else None
        case "timestamp":
            return to_datetime(value)
        case "structure":
            return value if kind.shape is not None and isinstance(value, kind.shape) else None
        case "list":
            return _items(value)
        case "map":
            if is_frozen_map(value):
                return value
            return FrozenMap(entries_of(value)) if is_mapping(value) else None


def is_frozen_map(value: object) -> TypeIs[FrozenMap[object, object]]:
    """Check whether a value is an immutable map of a shape."""
    return isinstance(value, FrozenMap)


def is_sequence(value: object) -> TypeIs[Sequence[object]]:
    """Check whether a value can be a list: text and bytes are one value each."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)


def _items(value: object) -> tuple[object, ...] | None:
    if is_list(value):
        return tuple(value)
    if not is_sequence(value):
        return None
    items = attempt(lambda: tuple(islice(value, MOST_ITEMS + 1)), lambda: None)
    return items if items is not None and len(items) <= MOST_ITEMS else None


def _integer(value: object) -> int | None:
    """Return an integer of at most 64 bits; None for a boolean and for all other values."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if LOWEST <= value <= HIGHEST else None


def _number(value: object) -> float | None:
    """Return a finite number; None for a boolean and for all other values."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) <= sys.float_info.max else None


def encodable(text: str) -> bool:
    """Check whether text has a UTF-8 form, which text with a lone surrogate does not have."""
    try:
        str.encode(text)
    except UnicodeEncodeError:
        return False
    return True


def to_datetime(value: object) -> datetime | None:
    """Convert an aware datetime, epoch seconds or ISO 8601 text with an offset to UTC; None for all other values."""
    return attempt(partial(_to_datetime, value), lambda: None)


def _to_datetime(value: object) -> datetime | None:
    value = to_builtin(value)
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    # UTC, because two times in a zone with a repeated hour do not compare correctly
    return value.astimezone(UTC) if isinstance(value, datetime) and value.utcoffset() is not None else None
