"""Values in the form in which shapes keep them."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, cast

from hptsdk._validation._frozen_map import FrozenMap
from hptsdk._validation._plain_values import MOST_ITEMS, entries_of, exact

if TYPE_CHECKING:
    from hptsdk._validation._members import Type
    from hptsdk._validation._shape import Shape

__all__ = ["HIGHEST", "LOWEST", "converted", "encodable", "instant", "is_sequence"]

# The API's integers have at most 64 bits.
LOWEST, HIGHEST = -(2**63), 2**63 - 1


def converted(kind: Type, value: object) -> object | None:  # noqa: PLR0911 - one answer for each kind
    """Return a value in the form in which a shape keeps it; None if it is of another type."""
    match kind.kind:
        case "text":
            # str.__str__, since a mixed-in Enum's own gives its name
            return exact(value) if isinstance(value, str) and encodable(value) else None
        case "integer":
            number = exact(value)
            whole = isinstance(number, int) and not isinstance(number, bool) and LOWEST <= number <= HIGHEST
            return number if whole else None
        case "number":
            return _number(exact(value))
        case "boolean":
            return value if isinstance(value, bool) else None
        case "timestamp":
            return instant(value)
        case "structure":
            return value if isinstance(value, cast("type[Shape]", kind.shape)) else None
        case "list":
            return _items(value)
        case "map":
            if isinstance(value, FrozenMap):
                return cast("FrozenMap[object, object]", value)
            is_map = isinstance(value, Mapping)
            return FrozenMap(entries_of(cast("Mapping[object, object]", value))) if is_map else None


def is_sequence(value: object) -> bool:
    """Check whether a value can be a list: text and bytes are one value each."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)


def _items(value: object) -> tuple[object, ...] | None:
    if not is_sequence(value):
        return None
    items = cast("Sequence[object]", value)
    if isinstance(value, list | tuple):
        return tuple(items)
    try:
        found = tuple(islice(items, MOST_ITEMS + 1))
    except Exception:  # noqa: BLE001 - the methods of a sequence can raise anything
        return None
    return found if len(found) <= MOST_ITEMS else None


def _number(value: object) -> float | None:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    return cast("int", value) if whole else None


def encodable(text: str) -> bool:
    """Check whether text has a UTF-8 form, which it lacks if it holds a lone surrogate."""
    try:
        str.encode(text)
    except UnicodeEncodeError:
        return False
    return True


def instant(value: object) -> datetime | None:
    """Read a point in time from a datetime, epoch seconds or ISO 8601 text; None where it is none of these."""
    try:
        value = exact(value)
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        # UTC, since times of a zone that has an hour twice do not compare with others
        aware = isinstance(value, datetime) and value.utcoffset() is not None
        return cast("datetime", value).astimezone(UTC) if aware else None
    except Exception:  # noqa: BLE001 - the methods of a subclass or a time zone can raise anything
        return None
