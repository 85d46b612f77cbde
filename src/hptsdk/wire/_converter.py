"""The cattrs converter between shapes and documents.

A document is what boto3 takes and returns: dicts and lists with the member names of AWS. The hooks are closures over
the members of a class, and cattrs caches them. Structuring is lenient: a value of a wrong type stays as it is, and the
shape stores nulls and unknown members separately, so that one validation afterwards reports all violations together.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

import cattrs

from hptsdk._plain_values import entries_of, exact, plain
from hptsdk.shapes._base import NAN, NOT_FINITE, Response, Shape, unchecked
from hptsdk.shapes._conversion import instant
from hptsdk.shapes._frozen import FrozenMap
from hptsdk.shapes._types import Type, members_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import TypeIs

    # Converts one value that is not None.
    Convert = Callable[[Any], object]

__all__ = ["converter", "is_shape_class"]

converter = cattrs.Converter(detailed_validation=False)


def is_shape_class(value: object) -> TypeIs[type[Shape]]:
    """Check whether a value is a class of `hptsdk.shapes`."""
    return isinstance(value, type) and issubclass(value, Shape)


# --- to documents ---------------------------------------------------------------------------------------------------


@converter.register_unstructure_hook_factory(is_shape_class)
def _unstructure_hook(cls: type[Shape]) -> Callable[[Shape], dict[str, object]]:
    members = [(member.attribute, member.wire, _unstructure_value(member.type)) for member in members_of(cls)]

    def unstructure(shape: Shape) -> dict[str, object]:
        document: dict[str, object] = {}
        for attribute, wire, convert in members:
            value = getattr(shape, attribute)
            if value is not None:
                document[wire] = convert(value) if convert else value
        if shape._aside:
            document.update({name: _plain(value) for name, value in shape.unmodelled.items()})
        return document

    return unstructure


def _unstructure_value(kind: Type) -> Convert | None:
    """Return the function that unstructures the values of a type; None if the document holds the value itself."""
    if kind.shape:
        shape, convert = kind.shape, converter.get_unstructure_hook(kind.shape)
        return lambda value: convert(value) if type(value) is shape else _plain(value)
    if kind.kind == "list":
        return _unstructure_list(_unstructure_value(kind.item))
    if kind.kind == "map":
        return lambda value: dict(value.items()) if type(value) is FrozenMap else _plain(value)
    return None


def _unstructure_list(convert: Convert | None) -> Convert:
    def unstructure(value: object) -> object:
        if type(value) is not tuple:
            return _plain(value)
        return [convert(item) for item in value] if convert else list(value)

    return unstructure


def _plain(value: object) -> object:
    """Convert a value that an unvalidated shape holds, of any type, to plain dicts and lists."""
    return plain(value, leaf=lambda item: converter.unstructure(item) if isinstance(item, Shape) else exact(item))


# --- from documents -------------------------------------------------------------------------------------------------


@converter.register_structure_hook_factory(is_shape_class)
def _structure_hook(cls: type[Shape]) -> Callable[[object, type], object]:
    in_response = issubclass(cls, Response)
    members = [
        (getattr(cls, member.attribute).__set__, member.wire, _structure_value(member.type, in_response))
        for member in members_of(cls)
    ]
    set_others = Shape._aside.__set__
    known = {member.wire for member in members_of(cls)}

    def structure(document: object, _: type) -> object:
        if type(document) is not dict and not isinstance(document, Mapping):
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


def _structure_value(kind: Type, in_response: bool) -> Convert | None:
    """Return the function that structures the values of a type; None if the shape holds the value itself."""
    match kind.kind:
        case "structure":
            shape, convert = kind.shape, converter.get_structure_hook(kind.shape)
            return lambda value: convert(value, shape)
        case "list":
            return _structure_list(_structure_value(kind.item, in_response))
        case "map":
            return _structure_map
        case "timestamp":
            return lambda value: value if (moment := instant(value)) is None else moment
        case "number" if in_response:
            return lambda value: _structure_number(NOT_FINITE.get(value, value) if type(value) is str else value)
        case "number":
            return _structure_number
        case _:
            return None


def _structure_list(convert: Convert | None) -> Convert:
    def structure(value: object) -> object:
        if type(value) is not list and type(value) is not tuple:
            return value
        return tuple([convert(item) for item in value] if convert else value)

    return structure


def _structure_map(value: object) -> object:
    if type(value) is dict or isinstance(value, Mapping):
        return FrozenMap(entries_of(value))
    return value


def _structure_number(value: object) -> object:
    return NAN if isinstance(value, float) and isnan(value) else value
