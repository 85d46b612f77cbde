"""Conversion of shapes to the dicts of boto3, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hptsdk._validation import (
    Problem,
    Response,
    Shape,
    as_written,
    check_shape,
    extra_of,
    format_value,
    plain,
    source_of,
    valid_parts,
    validate,
    violations,
)
from hptsdk.errors import InvalidShapeError
from hptsdk.wire._converter import converter, is_shape_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["check_class", "from_wire", "shape_of", "to_wire", "valid_parts_of"]

ShapeT = TypeVar("ShapeT", bound=Shape)

# The JSON terms that replace those of Python in messages about a document.
_JSON_TERMS = {"None": "null", "True": "true", "False": "false", "True or False": "true or false"}


def to_wire(shape: Shape) -> dict[str, Any]:
    """Convert a shape to the dict that boto3 accepts.

    The keys are the member names of AWS, as in `TrainingJobDefinition`. Members that are not set are missing; falsy
    values such as `0`, `False` and `""` are included. Times are aware datetimes. The members of a response that hptsdk
    does not model are included as they were.

    Args:
        shape: a request, a response, or a part of one.

    Raises:
        TypeError: `shape` is not a shape.
        ValueError: a part of a request with placeholders has a path of Step Functions in a list.

    Example:
        >>> import hptsdk
        >>> hptsdk.to_wire(hptsdk.shapes.Tag(key="team", value=""))
        {'Key': 'team', 'Value': ''}
    """
    check_shape(shape)
    document: Any = converter.unstructure(shape)
    if extra_of(shape) is not None and not isinstance(shape, Response):  # a valid shape contains no placeholders
        document = as_written(document)
    result: dict[str, Any] = document
    return result


def from_wire(cls: type[ShapeT], mapping: Mapping[str, Any]) -> ShapeT:
    """Create a shape from a dict that boto3 accepts or returns.

    A request and its parts are validated: unknown members, missing members, nulls and violated constraints and rules
    are reported together. A response and its parts are not validated: any value is accepted, and members that hptsdk
    does not model are in `unmodelled`.

    Args:
        cls: a class of `hptsdk.shapes`.
        mapping: the members by the names of AWS, as in the `Request Syntax` of an API page.

    Raises:
        TypeError: `cls` is not a class of `hptsdk.shapes`.
        InvalidShapeError: the document violates constraints or rules; it has all violations of the whole tree.

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


def check_class(cls: object) -> None:
    """Raise TypeError if an argument is not a class of `hptsdk.shapes`."""
    if not is_shape_class(cls):
        raise TypeError(f"expected a class of hptsdk.shapes as the first argument, got {format_value(cls)}")


def shape_of(cls: type[ShapeT], document: object, problems: Iterable[Problem] = ()) -> ShapeT:
    """Create a shape from a document and validate it, unless it is a response.

    Args:
        cls: the class.
        document: the decoded document, which can have any type.
        problems: the problems that the decoder reported. Defaults to none.

    Raises:
        InvalidShapeError: with the problems of the decoding and of the validation.
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
    """Return the valid members of a document that has violations; None if it is not a mapping.

    Invalid members are not set. The result is intended for `hptsdk.advise` only.
    """
    shape = converter.structure(document, cls)
    return valid_parts(shape, validate(shape)) if isinstance(shape, cls) else None
