"""The cattrs converter between shapes and documents.

A document is what boto3 takes and returns: dicts and lists with the member names of AWS. The hooks are closures over
the members of a class, and cattrs caches them. Structuring is lenient: a value of a wrong type stays as it is, and the
shape stores nulls and unknown members separately, so that one validation afterwards reports all violations together.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import TYPE_CHECKING, TypeGuard

import cattrs

from hptsdk._validation import (
    NAN,
    NOT_FINITE,
    FrozenMap,
    Response,
    Shape,
    TypeInfo,
    entries_of,
    exact,
    instant,
    members_of,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import TypeIs

    # Converts one value that is not None.
    Convert = Callable[[object], object]

__all__ = ["converter", "is_shape_class"]

converter = cattrs.Converter(detailed_validation=False)


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return type(value) is tuple or type(value) is list


def is_shape_class(value: object) -> TypeIs[type[Shape]]:
    """Check whether a value is a class of `hptsdk.shapes`."""
    return isinstance(value, type) and issubclass(value, Shape)


# --- to documents ---------------------------------------------------------------------------------------------------


@converter.register_unstructure_hook_factory(is_shape_class)
def _unstructure_hook(cls: type[Shape]) -> Callable[[Shape], dict[str, object]]:
    members = [(member.attribute, member.wire_name, _unstructure_value(member.type)) for member in members_of(cls)]

    def unstructure(shape: Shape) -> dict[str, object]:
        document: dict[str, object] = {}
        for attribute, wire, convert in members:
            value = getattr(shape, attribute)
            if value is not None:
                document[wire] = convert(value) if convert else value
        if shape._extra:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - `unmodelled` is too slow for each
            document.update({name: _plain(value) for name, value in shape.unmodelled.items()})
        return document

    return unstructure


def _unstructure_value(kind: TypeInfo) -> Convert | None:
    """Return the function that unstructures the values of a type; None if a document holds the value itself."""
    if kind.shape:
        return _unstructure_shape(kind.shape)
    if kind.key:
        return _unstructure_map
    if kind.item:
        return _unstructure_list(_unstructure_value(kind.item))
    return None


def _unstructure_shape(cls: type[Shape]) -> Convert:
    convert = converter.get_unstructure_hook(cls)
    return lambda value: convert(value) if type(value) is cls else _plain(value)


def _unstructure_map(value: object) -> object:
    return dict(value.items()) if _is_frozen_map(value) else _plain(value)


def _is_frozen_map(value: object) -> TypeGuard[FrozenMap[object, object]]:
    return type(value) is FrozenMap


def _unstructure_list(convert: Convert | None) -> Convert:
    def unstructure(value: object) -> object:
        if not _is_list(value):
            return _plain(value)
        return [convert(item) for item in value] if convert else list(value)

    return unstructure


def _plain(value: object) -> object:
    """Convert a value that an unvalidated shape holds, of any type, to plain dicts and lists."""
    return plain(value, leaf=lambda item: converter.unstructure(item) if isinstance(item, Shape) else exact(item))


# --- from documents -------------------------------------------------------------------------------------------------


@converter.register_structure_hook_factory(is_shape_class)
def _structure_hook(cls: type[Shape]) -> Callable[[object, type], object]:
    members = [
        (getattr(cls, member.attribute).__set__, member.wire_name, _structure_value(member.type, cls))
        for member in members_of(cls)
    ]
    set_others = vars(Shape)["_extra"].__set__
    known = {member.wire_name for member in members_of(cls)}

    def structure(document: object, _: type) -> object:
        if not _is_mapping(document):
            return document
        shape = object.__new__(cls)
        count = 0
        for set_member, wire, convert in members:
            value = document.get(wire)
            if value is not None:
                count += 1
                if convert:
                    value = convert(value)
            set_member(shape, value)
        others = {}
        if count < len(document):
            others = {k: _plain(v) for k, v in entries_of(document).items() if v is None or k not in known}
        set_others(shape, others)
        return shape

    return structure


def _structure_value(kind: TypeInfo, cls: type[Shape]) -> Convert | None:
    """Return the function that structures the values of a type in a class; None if a shape holds the value itself."""
    if kind.shape:
        return _structure_shape(kind.shape)
    if kind.key:
        return _structure_map
    if kind.item:
        return _structure_list(_structure_value(kind.item, cls))
    if kind.kind == "timestamp":
        return _structure_timestamp
    if kind.kind == "number":
        return _structure_number_or_text if issubclass(cls, Response) else _structure_number
    return None


def _structure_shape(cls: type[Shape]) -> Convert:
    convert = converter.get_structure_hook(cls)
    return lambda value: convert(value, cls)


def _structure_map(value: object) -> object:
    return FrozenMap(entries_of(value)) if _is_mapping(value) else value


def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return type(value) is dict or isinstance(value, Mapping)  # the second takes five times as long


def _structure_list(convert: Convert | None) -> Convert:
    def structure(value: object) -> object:
        if not _is_list(value):
            return value
        return tuple([convert(item) for item in value] if convert else value)

    return structure


def _structure_timestamp(value: object) -> object:
    time = instant(value)
    return value if time is None else time


def _structure_number_or_text(value: object) -> object:
    return _structure_number(NOT_FINITE.get(value, value) if type(value) is str else value)


def _structure_number(value: object) -> object:
    return NAN if isinstance(value, float) and isnan(value) else value
