"""Conversion of shapes to documents, and back, with a converter of cattrs.

A document consists of dicts and lists with the member names of AWS, as in boto3. The hooks are closures over the
members of a class, and cattrs caches them. Structuring does not validate: a value of a wrong type is not changed, and
the shape stores nulls and unknown members separately. One validation afterwards reports all violations together.
"""

from __future__ import annotations

from functools import partial
from math import isnan
from typing import TYPE_CHECKING, Any, TypeVar, cast

import cattrs

from hptsdk._validation import (
    NAN,
    NOT_FINITE,
    FrozenMap,
    Problem,
    Response,
    Shape,
    TypeInfo,
    check_class,
    check_shape,
    entries_of,
    extra_of,
    format_placeholders,
    format_value,
    is_list,
    is_mapping,
    member_values,
    members_of,
    plain,
    source_of,
    to_builtin,
    to_datetime,
    valid_parts,
    validate,
    violations,
)
from hptsdk.errors import InvalidShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from typing_extensions import TypeIs

    Convert = Callable[[Any], object]

ShapeT = TypeVar("ShapeT", bound=Shape)

converter = cattrs.Converter(detailed_validation=False)

# The JSON terms that replace those of Python in messages about a document.
_JSON_TERMS = {"None": "null", "True": "true", "False": "false", "True or False": "true or false"}


def to_wire(shape: Shape) -> dict[str, Any]:
    """Convert a shape to the dict that boto3 accepts.

    The keys are the member names of AWS, as in `TrainingJobDefinition`. Members that are not set are missing; falsy
    values such as `0`, `False` and `""` are included. Times are aware datetimes. The members of a response that hptsdk
    does not model are included.

    Args:
        shape: a request, a response, or a part of one.

    Raises:
        TypeError: `shape` is not a shape.
        ValueError: `shape` is a part of a request, and a list in it has a path of Step Functions as a placeholder.

    Example:
        >>> import hptsdk
        >>> hptsdk.to_wire(hptsdk.shapes.Tag(key="team", value=""))
        {'Key': 'team', 'Value': ''}
    """
    check_shape(shape)
    document: Any = converter.unstructure(shape)
    if extra_of(shape) is not None and not isinstance(shape, Response):  # a valid shape contains no placeholders
        document = format_placeholders(document)
    result: dict[str, Any] = document
    return result


def from_wire(cls: type[ShapeT], mapping: Mapping[str, Any]) -> ShapeT:
    """Create a shape from a dict that boto3 accepts or returns.

    A request and its parts are validated: unknown members, missing members, nulls and violated constraints and rules
    are reported together. A response and its parts are not validated: any value is accepted, missing members
    are None, and members that hptsdk does not model are in `unmodelled`.

    Args:
        cls: a class of `hptsdk.shapes`.
        mapping: the members by the names of AWS, as in the `Request Syntax` of an API page.

    Raises:
        TypeError: `cls` is not a class of `hptsdk.shapes`.
        InvalidShapeError: `mapping` is not a mapping or violates constraints or rules; the error has all violations.

    Example:
        >>> import hptsdk
        >>> hptsdk.from_wire(hptsdk.shapes.Tag, {"Key": "team", "Value": ""})
        Tag(key='team', value='')
    """
    check_class(cls)
    try:
        return shape_of(cls, mapping)
    except InvalidShapeError:
        raise
    except Exception:  # noqa: BLE001 - the methods of objects in a document can raise any exception
        return shape_of(cls, plain(mapping))


def shape_of(cls: type[ShapeT], document: object, problems: Iterable[Problem] = ()) -> ShapeT:
    """Create a shape from a document and validate it, unless it is a response.

    Args:
        cls: the class.
        document: the decoded document, which can have any type.
        problems: the problems that the decoder reported. Defaults to none.

    Raises:
        InvalidShapeError: with the problems of the decoder and of the validation.
    """
    shape = converter.structure(document, cls)
    problems = list(problems)
    if not isinstance(shape, cls):
        got = "text" if isinstance(document, str) else format_value(document)
        expected = f"a mapping of the members of {cls.__name__}"
        problems.append(Problem(expected=expected, got=got, rule="type", source=source_of(cls)))
    elif not isinstance(shape, Response):
        problems += validate(shape)
    if problems:
        for problem in problems:
            if problem.rule == "type":
                problem.expected = _JSON_TERMS.get(problem.expected, problem.expected)
                problem.got = _JSON_TERMS.get(problem.got, problem.got)
        raise InvalidShapeError(violations(cls, problems))
    return shape


def valid_parts_of(cls: type[ShapeT], document: object) -> ShapeT | None:
    """Return a shape with the valid members of a document; None if the document is not a mapping.

    Invalid members are not set. The result is intended for `hptsdk.advise` only.
    """
    shape = converter.structure(document, cls)
    return valid_parts(shape, validate(shape)) if isinstance(shape, cls) else None


def _is_shape_class(value: object) -> TypeIs[type[Shape]]:
    """Check whether a value is a class of `hptsdk.shapes`."""
    return isinstance(value, type) and issubclass(value, Shape)


# --- to documents ---


@converter.register_unstructure_hook_factory(_is_shape_class)
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
    """Copy a value with dicts and lists in place of its mappings, lists, tuples and shapes."""
    return plain(value, leaf=lambda item: converter.unstructure(item) if isinstance(item, Shape) else to_builtin(item))


# --- from documents ---


@converter.register_structure_hook_factory(_is_shape_class)
def _structure_hook(cls: type[Shape]) -> Callable[..., object]:
    """Create the function that converts a mapping to an unvalidated shape, and does not change other values."""
    members = [
        (getattr(cls, member.attribute).__set__, member.wire_name, _structure_value(member.type, cls))
        for member in members_of(cls)
    ]
    set_extra = vars(Shape)["_extra"].__set__
    known = {member.wire_name for member in members_of(cls)}

    def structure(document: object, _: type = cls) -> object:
        if not is_mapping(document):
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
        return cast("Convert", converter.get_structure_hook(kind.shape))  # its second argument has a default
    if kind.key:
        return lambda value: FrozenMap(entries_of(value)) if is_mapping(value) else value
    if kind.item:
        return partial(_structure_list, _structure_value(kind.item, cls))
    if kind.kind == "timestamp":
        return lambda value: to_datetime(value) or value
    if kind.kind == "number":
        return partial(_structure_number, NOT_FINITE if issubclass(cls, Response) else {})
    return None


def _structure_list(convert: Convert | None, value: object) -> object:
    """Convert a list to a tuple of structured items. A value of another type is not changed."""
    if not is_list(value):
        return value
    return tuple([convert(item) for item in value] if convert else value)


def _structure_number(texts: Mapping[str, float], value: object) -> object:
    """Convert text in `texts`, such as "NaN", and replace any NaN with `NAN`. Any other value is not changed."""
    if isinstance(value, str):
        return texts.get(value, value)
    return NAN if isinstance(value, float) and isnan(value) else value


def modelled(cls: type[Shape], document: Mapping[str, object], path: str = "") -> tuple[dict[str, object], list[str]]:
    """Return a document without members that are not modelled and without empty optional structures and lists.

    Args:
        cls: the class of the document.
        document: the members by the names of AWS.
        path: the path of the document. Defaults to empty text, for a whole document.

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
