"""An immutable mapping that can be hashed and pickled, and prints as a dict literal."""

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TypeVar, overload

from hptsdk._validation._plain_values import is_mapping

__all__ = ["FrozenMap"]

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)
T = TypeVar("T")


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
