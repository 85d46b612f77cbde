"""Type guards for the parts of a parsed document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = ["is_dict", "is_list", "is_mapping"]


def is_mapping(value: object) -> TypeIs[Mapping[str, object]]:
    """Check whether a part of a document is a mapping. The keys of a document are strings."""
    return isinstance(value, Mapping)


def is_dict(value: object) -> TypeIs[dict[str, object]]:
    """Check whether a part of a document is a dict, which can be changed."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[object] | tuple[object, ...]]:
    """Check whether a part of a document is a list, or a tuple in its place."""
    return isinstance(value, list | tuple)
