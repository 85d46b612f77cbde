"""Type guards for the parts of a parsed document, and for other values of unknown type.

The keys of a document are strings. Code that handles mappings of a caller does not rely on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = ["is_dict", "is_list", "is_mapping", "is_tuple"]


def is_mapping(value: object) -> TypeIs[Mapping[str, object]]:
    """Check whether a value is a mapping."""
    return isinstance(value, Mapping)


def is_dict(value: object) -> TypeIs[dict[str, object]]:
    """Check whether a value is a dict, which can be changed."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[object] | tuple[object, ...]]:
    """Check whether a value is a list, or a tuple in its place."""
    return isinstance(value, list | tuple)


def is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    """Check whether a value is a tuple."""
    return isinstance(value, tuple)
