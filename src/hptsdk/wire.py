"""Shapes to the wire's dicts and JSON text, and back.

One cattrs converter, whose hooks are written for a class when it is first met, from its members. Structuring checks
nothing: wrong types stay where they are, unknown members and nulls are kept aside. The check then goes through the
whole tree once, so that all that is wrong comes in one error with its full path.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import cattrs

from hptsdk._json_text import UnreadableError, decoded, read, strings_in, write
from hptsdk._validation import (
    NAN,
    NOT_FINITE,
    FrozenMap,
    Problem,
    Response,
    Shape,
    Type,
    entries_of,
    exact,
    instant,
    late_function,
    made_function,
    members_of,
    once_a_class,
    plain,
    shown,
    source_of,
    violations,
    with_article,
)
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes._reading import reader_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["dumps", "from_wire", "loads", "to_wire"]

ShapeT = TypeVar("ShapeT", bound=Shape)

_converter = cattrs.Converter(detailed_validation=False)

# What messages about a document say in place of Python's terms.
_JSON_TERMS = {"None": "null", "True": "true", "False": "false", "True or False": "true or false"}


# --- towards the wire -----------------------------------------------------------------------------------------------


def _plain(value: object) -> object:
    """Return plain dicts and lists of whatever an unchecked shape holds."""
    return plain(value, leaf=lambda item: _converter.unstructure(item) if isinstance(item, Shape) else exact(item))


def _unstructured(kind: Type, names: dict[str, object]) -> str:
    """Write the wire form of a value that is there."""
    match kind.kind:
        case "structure":
            shape = cast("type[Shape]", kind.shape)
            names[shape.__name__] = shape
            make = partial(_converter.get_unstructure_hook, shape)
            hook = late_function(f"unstructure_{shape.__name__}", names, make)
            return f"{hook}(value) if value.__class__ is {shape.__name__} else plain(value)"
        case "list":
            inner = _unstructured(cast("Type", kind.item), names)
            plain = "list(value)" if inner == "value" else f"[{inner} for value in value]"
            return f"{plain} if value.__class__ is tuple else plain(value)"
        case "map":
            return "value._entries.copy() if value.__class__ is FrozenMap else plain(value)"
        case _:
            return "value"


def _unstructure_hook(cls: type[Shape]) -> Callable[[Shape], dict[str, object]]:
    names: dict[str, object] = {"FrozenMap": FrozenMap, "plain": _plain}
    body = ["out = {}"]
    for member in members_of(cls):
        body += [
            f"value = shape.{member.attribute}",
            f"if value is not None: out[{member.wire!r}] = {_unstructured(member.type, names)}",
        ]
    body += ["if shape._aside: out.update(plain(shape.unmodelled))", "return out"]
    made = made_function(f"unstructure_{cls.__name__}", "shape", body, names)
    return cast("Callable[[Shape], dict[str, object]]", made)


# --- back from the wire ---------------------------------------------------------------------------------------------


def _structured(kind: Type, names: dict[str, object]) -> str:
    """Write the shape's form of a value from a document, the value itself where it is of another type."""
    match kind.kind:
        case "structure":
            shape = cast("type[Shape]", kind.shape)
            names[shape.__name__] = shape
            make = partial(_converter.get_structure_hook, shape)
            hook = late_function(f"structure_{shape.__name__}", names, make)
            return f"{hook}(value, {shape.__name__})"
        case "list":
            inner = _structured(cast("Type", kind.item), names)
            plain = "tuple(value)" if inner == "value" else f"tuple([{inner} for value in value])"
            return f"{plain} if value.__class__ is list or value.__class__ is tuple else value"
        case "map":
            other = "FrozenMap(entries_of(value)) if isinstance(value, Mapping) else value"
            return f"FrozenMap(value.copy()) if value.__class__ is dict else {other}"
        case "timestamp":
            return "value if (moment := instant(value)) is None else moment"
        case "number":
            number = "NAN if value.__class__ is float and value != value else value"
            return f"not_finite.get(value, value) if value.__class__ is str else {number}"
        case _:
            return "value"


def _structure_hook(cls: type[Shape]) -> Callable[[object, type], object]:
    names: dict[str, object] = {
        "FrozenMap": FrozenMap,
        "Mapping": Mapping,
        "NAN": NAN,
        "absent": object(),
        "cls": cls,
        "entries_of": entries_of,
        "instant": instant,
        "new": object.__new__,
        "not_finite": NOT_FINITE if issubclass(cls, Response) else {},
        "rest_of": _rest_of,
    }
    body = [
        "if document.__class__ is not dict and not isinstance(document, Mapping): return document",
        "shape = new(cls)",
        "get = document.get",
        "seen = 0",
    ]
    for index, member in enumerate(members_of(cls)):
        names[f"set_{index}"] = getattr(cls, member.attribute).__set__
        body += [
            f"value = get({member.wire!r}, absent)",
            f"if value is absent or value is None: set_{index}(shape, None)",
            f"else: seen += 1; set_{index}(shape, {_structured(member.type, names)})",
        ]
    names["set_aside"] = cast("Any", Shape)._aside.__set__  # noqa: SLF001 - the slot itself
    body += ["set_aside(shape, {} if seen == len(document) else rest_of(cls, document))", "return shape"]
    made = made_function(f"structure_{cls.__name__}", "document, _", body, names)
    return cast("Callable[[object, type], object]", made)


def _rest_of(cls: type[Shape], document: Mapping[object, object]) -> dict[object, object]:
    known = {member.wire for member in members_of(cls)}
    return {k: _plain(v) for k, v in entries_of(document).items() if v is None or k not in known}


def _is_shape(cls: object) -> bool:
    return isinstance(cls, type) and issubclass(cls, Shape)


_converter.register_unstructure_hook_factory(_is_shape, _unstructure_hook)
_converter.register_structure_hook_factory(_is_shape, _structure_hook)


# --- the four functions ---------------------------------------------------------------------------------------------


def to_wire(shape: Shape) -> dict[str, Any]:
    """Make the dict that boto3 takes: AWS member names, absent members left out, falsy values kept.

    Times are aware datetimes. What a response held beyond the model is written back.

    Raises:
        TypeError: it is no shape.

    Example:
        >>> import hptsdk
        >>> hptsdk.to_wire(hptsdk.shapes.Tag(key="team", value=""))
        {'Key': 'team', 'Value': ''}
    """
    if not isinstance(cast("object", shape), Shape):
        hint = "; call its build() first" if hasattr(shape, "build") else ""
        raise TypeError(f"expected a shape, got {with_article(type(shape).__name__)}{hint}")
    return cast("dict[str, Any]", _converter.unstructure(shape))


def from_wire(cls: type[ShapeT], mapping: Mapping[str, Any]) -> ShapeT:
    """Make a shape of what boto3 takes or gives.

    Strict for all that a request can hold: unknown members, missing ones, nulls and whatever breaks a constraint
    are reported together. A response, and all that lies in one, takes what comes; what is not modelled stays
    readable as `unmodelled`.

    Raises:
        InvalidShapeError: with everything that is wrong in the whole tree.
    """
    if not _is_shape(cls):
        raise TypeError(f"the first argument is a class of hptsdk.shapes, got {shown(cls)}")
    try:
        shape = reader_of(cls)(mapping, [])
        return cast("ShapeT", shape) if shape is not None else _checked(cls, mapping, [])
    except InvalidShapeError:
        raise
    except Exception:  # noqa: BLE001 - the methods of objects in a document can raise anything
        return _checked(cls, plain(mapping), [])


def dumps(shape: Shape, *, indent: int | None = None) -> str:
    """Write a shape as JSON text, with times in ISO 8601.

    Args:
        shape: what to write.
        indent: how far each level is moved in, on lines of its own; all on one line where nothing is said.

    Raises:
        InvalidShapeError: where an unchecked shape holds something that JSON cannot.
    """
    try:
        return write(to_wire(shape), indent)
    except UnreadableError as error:
        raise InvalidShapeError(violations(type(shape), [error.problem])) from None


def loads(cls: type[ShapeT], text: str) -> ShapeT:
    """Read a shape from JSON text, as `from_wire` does.

    Duplicate keys, NaN and text after the end are refused too.

    Raises:
        TypeError: `cls` is no class of `hptsdk.shapes`, or `text` is no text.
        InvalidShapeError: with everything that is wrong in the whole tree.
    """
    if not _is_shape(cls):
        raise TypeError(f"the first argument is a class of hptsdk.shapes, got {shown(cls)}")
    if not issubclass(cls, Response) and (shape := _read_at_once(cls, text)) is not None:
        return shape
    _check_text(cls, text)
    try:
        document, problems = read(cls, text)
    except UnreadableError as error:
        raise InvalidShapeError(violations(cls, [error.problem])) from None
    return _checked(cls, document, problems)


def _check_text(cls: type[Shape], value: object) -> None:
    """Raise TypeError if a value is no JSON text."""
    if isinstance(value, str | bytes | bytearray):
        return
    got, hint = shown(value), ""
    if isinstance(value, Mapping):
        hint = f"; use hptsdk.from_wire(hptsdk.shapes.{cls.__name__}, ...)"
    elif hasattr(value, "read"):
        hint = "; use its read()"
    elif hasattr(value, "read_text"):
        hint = "; use its read_text()"
    raise TypeError(f"loads: expected JSON text, got {got}{hint}")


def _read_at_once(cls: type[ShapeT], text: str) -> ShapeT | None:
    """Read a shape where all is right; a name that is given twice shows in the number of strings."""
    strings: list[int] = []
    shape = reader_of(cls)(decoded(text), strings)
    return cast("ShapeT", shape) if shape is not None and sum(strings) == strings_in(text) else None


def _checked(cls: type[ShapeT], document: object, problems: list[Problem]) -> ShapeT:
    """Make a shape of a document and check it, with what was found in it before."""
    shape = _hook_of(cls)(document, cls)
    if not isinstance(shape, cls):
        got = "text" if isinstance(document, str) else shown(document)
        wanted = f"a mapping of the members of {cls.__name__}"
        problems.append(Problem("type", wanted, got, source=source_of(cls)))
    elif not isinstance(shape, Response):
        problems += shape.__attrs_post_init__(True) or []  # noqa: FBT003 - the made function takes it by place
    if problems:
        for problem in problems:
            if problem.rule == "type":
                problem.expected = _JSON_TERMS.get(problem.expected, problem.expected)
                problem.got = _JSON_TERMS.get(problem.got, problem.got)
        raise InvalidShapeError(violations(cls, problems))
    return cast("ShapeT", shape)


def valid_parts_of(cls: type[ShapeT], document: object) -> ShapeT | None:
    """Return the valid members of a document that has violations; None if it is no mapping.

    Not public: members that are invalid are not set in the shape, so that it is only good for `hptsdk.advise`.
    """
    from hptsdk._validation._valid_parts import valid_parts  # only needed once something is wrong

    shape = _hook_of(cls)(document, cls)
    if not isinstance(shape, cls):
        return None
    return valid_parts(shape, shape.__attrs_post_init__(True) or [])  # noqa: FBT003 - as above


@once_a_class
def _hook_of(cls: type[Shape]) -> Callable[[object, type], object]:
    return cast("Callable[[object, type], object]", _converter.get_structure_hook(cls))
