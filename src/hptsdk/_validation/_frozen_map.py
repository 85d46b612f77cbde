"""An immutable mapping that hashes, pickles and prints as a dict literal."""

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TypeVar, cast, overload

__all__ = ["FrozenMap"]

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)
T = TypeVar("T")


class FrozenMap(Mapping[K, V_co]):
    """A mapping that nothing changes; equal to any mapping of the same entries.

    It keeps the dict that it is given, so the maker hands over one of its own.
    """

    __slots__ = ("_entries",)

    _entries: dict[K, V_co]

    def __init__(self, entries: dict[K, V_co]) -> None:
        self._entries = entries

    def __getitem__(self, key: K) -> V_co:
        """Look up one entry."""
        return self._entries[key]

    # Mapping's own would go through __getitem__ for each entry
    def __contains__(self, key: object) -> bool:
        """Tell whether there is such an entry."""
        return key in self._entries

    @overload
    def get(self, key: K) -> V_co | None: ...

    @overload
    def get(self, key: K, default: V_co | T) -> V_co | T: ...

    def get(self, key: K, default: V_co | T | None = None) -> V_co | T | None:
        """Look up one entry, or give the default where there is none."""
        return self._entries.get(key, default)

    def keys(self) -> KeysView[K]:
        """Give the keys."""
        return self._entries.keys()

    def items(self) -> ItemsView[K, V_co]:
        """Give the entries."""
        return self._entries.items()

    def values(self) -> ValuesView[V_co]:
        """Give the values."""
        return self._entries.values()

    def __iter__(self) -> Iterator[K]:
        """Go through the keys in the order they were given."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        """Compare the entries, whatever their order."""
        if isinstance(other, Mapping):
            return self._entries == dict(cast("Mapping[object, object]", other))
        return NotImplemented

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(frozenset(self._entries.items()))

    def __repr__(self) -> str:
        """Print as the dict literal of the same entries."""
        return repr(self._entries)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle and copy as a map of a new dict."""
        return FrozenMap, (dict(self._entries),)
