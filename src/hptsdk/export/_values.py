"""The values in a shape or a document, for the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from hptsdk._validation import Shape, is_list, is_mapping, is_tuple

if TYPE_CHECKING:
    from collections.abc import Iterator


def present(shape: Shape) -> Iterator[tuple[str, object]]:
    """Yield the attribute name and the value of each member that is set."""
    for name, value in attrs.asdict(shape, recurse=False).items():
        if value is not None:
            yield name, value


def shapes_in(value: object) -> Iterator[tuple[str, Shape]]:
    """Yield the structures of a member with their places: "" for a single structure, "[0]" for the first of a list."""
    if isinstance(value, Shape):
        yield "", value
    elif is_tuple(value):
        for index, item in enumerate(value):
            if isinstance(item, Shape):
                yield f"[{index}]", item


def values_in(document: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value in a document with its path, such as "Tags[0].Key"."""
    parts: list[tuple[str, object]] = []
    if is_mapping(document):
        parts = [(f"{path}.{name}".removeprefix("."), value) for name, value in document.items()]
    elif is_list(document):
        parts = [(f"{path}[{index}]", value) for index, value in enumerate(document)]
    for part_path, value in parts:
        yield part_path, value
        yield from values_in(value, part_path)
