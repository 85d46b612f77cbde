"""Conversion of values to the forms that shapes store."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from hptsdk._validation._plain_values import MOST_ITEMS, FrozenMap, attempt, entries_of, is_list, is_mapping, to_builtin

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from hptsdk._validation._members import TypeInfo

__all__ = ["HIGHEST", "LOWEST", "converted", "encodable", "is_frozen_map", "is_sequence", "to_datetime"]

# The integers of the API have at most 64 bits.
LOWEST, HIGHEST = -(2**63), 2**63 - 1


def converted(kind: TypeInfo, value: object) -> object | None:  # noqa: PLR0911 - one result for each kind
    """Convert a value to the form that a shape stores; None if it is of another type."""
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
    """Convert a datetime, epoch seconds or ISO 8601 text to a datetime in UTC; None for all other values."""
    return attempt(partial(_to_datetime, value), lambda: None)


def _to_datetime(value: object) -> datetime | None:
    value = to_builtin(value)
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    # UTC, because two times in a zone with a repeated hour do not compare correctly
    return value.astimezone(UTC) if isinstance(value, datetime) and value.utcoffset() is not None else None
