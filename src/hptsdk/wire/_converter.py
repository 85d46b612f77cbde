"""The cattrs converter between shapes and documents.

A document consists of dicts and lists with the member names of AWS, as in boto3. The hooks are closures over the
members of a class, and cattrs caches them. Structuring does not validate: a value of a wrong type is not changed, and
the shape stores nulls and unknown members separately. One validation afterwards reports all violations together.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import isnan
from typing import TYPE_CHECKING, Any, TypeGuard

import cattrs

from hptsdk._validation import (
    NAN,
    NOT_FINITE,
    FrozenMap,
    Response,
    Shape,
    TypeInfo,
    entries_of,
    is_list,
    is_mapping,
    member_values,
    members_of,
    plain,
    to_builtin,
    to_datetime,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import TypeIs

    Convert = Callable[[Any], object]

__all__ = ["converter", "is_shape_class", "modelled", "to_plain"]

converter = cattrs.Converter(detailed_validation=False)


def is_shape_class(value: object) -> TypeIs[type[Shape]]:
    """Check whether a value is a class of `hptsdk.shapes`."""
    return isinstance(value, type) and issubclass(value, Shape)


# --- to documents ---------------------------------------------------------------------------------------------------


@converter.register_unstructure_hook_factory(is_shape_class)
def _unstructure_hook(cls: type[Shape]) -> Callable[[Shape], dict[str, object]]:
    """Create the function that converts a shape of this class to a document."""
    members = [(member.wire_name, _unstructure_value(member.type)) for member in members_of(cls)]
    values_of = member_values(cls)

    def unstructure(shape: Shape) -> dict[str, object]:
        document: dict[str, object] = {}
        for (wire, convert), value in zip(members, values_of(shape)):  # noqa: B905 - `strict` takes a quarter of the time
            if value is not None:
                document[wire] = convert(value) if convert else value
        if shape._extra:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - `unmodelled` is too slow for each
            document.update({name: to_plain(value) for name, value in shape.unmodelled.items()})
        return document

    return unstructure


def _unstructure_value(kind: TypeInfo) -> Convert | None:
    """Return the function that unstructures the values of a type; None if values are not converted."""
    if kind.shape:
        return _if_instance(kind.shape, converter.get_unstructure_hook(kind.shape))
    if kind.key:
        return _if_instance(FrozenMap, lambda value: dict(value.items()))
    if kind.item:
        convert = _unstructure_value(kind.item)
        return _if_instance(tuple, (lambda value: [convert(item) for item in value]) if convert else list)
    return None


def _if_instance(cls: type, convert: Convert) -> Convert:
    """Return a function that also converts values of other classes, which an unvalidated shape can contain."""
    return lambda value: convert(value) if type(value) is cls else to_plain(value)


def to_plain(value: object) -> object:
    """Convert a value of any type to plain dicts and lists."""
    return plain(value, leaf=lambda item: converter.unstructure(item) if isinstance(item, Shape) else to_builtin(item))


# --- from documents -------------------------------------------------------------------------------------------------


@converter.register_structure_hook_factory(is_shape_class)
def _structure_hook(cls: type[Shape]) -> Callable[[object, type], object]:
    """Create the function that converts a document to an unvalidated shape of this class."""
    members = [
        (getattr(cls, member.attribute).__set__, member.wire_name, _structure_value(member.type, cls))
        for member in members_of(cls)
    ]
    set_extra = vars(Shape)["_extra"].__set__
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
        extra = {}
        if count < len(document):
            extra = {k: to_plain(v) for k, v in entries_of(document).items() if v is None or k not in known}
        set_extra(shape, extra)
        return shape

    return structure


def _structure_value(kind: TypeInfo, cls: type[Shape]) -> Convert | None:
    """Return the function that structures the values of a type in a class; None if values are not converted."""
    if kind.shape:
        shape, convert = kind.shape, converter.get_structure_hook(kind.shape)
        return lambda value: convert(value, shape)
    if kind.key:
        return lambda value: FrozenMap(entries_of(value)) if _is_mapping(value) else value
    if kind.item:
        return partial(_structure_list, _structure_value(kind.item, cls))
    if kind.kind == "timestamp":
        return lambda value: to_datetime(value) or value
    if kind.kind == "number":
        return partial(_structure_number, NOT_FINITE if issubclass(cls, Response) else {})
    return None


def _structure_list(convert: Convert | None, value: object) -> object:
    """Convert a list to a tuple of structured items. A value of another type is not changed."""
    if not _is_list(value):
        return value
    return tuple([convert(item) for item in value] if convert else value)


def _structure_number(texts: Mapping[str, float], value: object) -> object:
    """Convert the text of a number that is not finite, such as "NaN". Any other value is not changed."""
    if isinstance(value, str):
        return texts.get(value, value)
    return NAN if isinstance(value, float) and isnan(value) else value


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return type(value) is list or type(value) is tuple


def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return type(value) is dict or isinstance(value, Mapping)  # the second check is five times slower


def modelled(cls: type[Shape], document: Mapping[str, object], path: str = "") -> tuple[dict[str, object], list[str]]:
    """Return a document without members that are not modelled and without empty optional members.

    Args:
        cls: the class of the document.
        document: the members by the names of AWS.
        path: the path of the document. Defaults to that of a whole document.

    Returns:
        The document, and the paths of the members that are not modelled.
    """
    members = {member.wire_name: member for member in members_of(cls)}
    result: dict[str, object] = {}
    unmodelled: list[str] = []
    for name, item in document.items():
        member_path = f"{path}.{name}" if path else name
        member = members.get(name)
        if member is None:
            unmodelled.append(member_path)
            continue
        inner = member.type.shape or (member.type.item and member.type.item.shape)
        content: object = item
        if inner and is_mapping(item):
            content, more = modelled(inner, item, member_path)
            unmodelled += more
        elif inner and is_list(item):
            parts: list[object] = []
            for index, each in enumerate(item):
                part, more = modelled(inner, each, f"{member_path}[{index}]") if is_mapping(each) else (each, [])
                parts.append(part)
                unmodelled += more
            content = parts
        if content not in ({}, []) or member.type.kind == "map" or member.required:
            result[name] = content
    return result, unmodelled
