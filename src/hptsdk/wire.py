"""Shapes to the wire's dicts and JSON text, and back.

One cattrs converter, whose hooks are written for a class when it is first met, from its members. Structuring checks
nothing: wrong types stay where they are, unknown members and nulls are kept aside. The check then goes through the
whole tree once, so that all that is wrong comes in one error with its full path.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

import cattrs

from hptsdk._showing import shown
from hptsdk._source import made_function, once_a_class
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes._base import NAN, Response, Shape
from hptsdk.shapes._check import instant
from hptsdk.shapes._frozen import FrozenMap
from hptsdk.shapes._problems import Problem, source_of, violations
from hptsdk.shapes._types import Type, members_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["dumps", "from_wire", "loads", "to_wire"]

ShapeT = TypeVar("ShapeT", bound=Shape)

# How JSON writes the numbers that it lacks; the service does so too, in responses.
_NOT_FINITE = {"NaN": NAN, "Infinity": float("inf"), "-Infinity": float("-inf")}

_converter = cattrs.Converter(detailed_validation=False)


# --- towards the wire -----------------------------------------------------------------------------------------------


def _thaw(value: object) -> object:
    """Make plain dicts and lists of whatever an unchecked shape holds."""
    match value:
        case Shape():
            return cast("object", _converter.unstructure(value))
        case Mapping():
            return {k: _thaw(v) for k, v in cast("Mapping[object, object]", value).items()}
        case list() | tuple():
            return [_thaw(v) for v in cast("Sequence[object]", value)]
        case _:
            return value


def _unstructured(kind: Type, names: dict[str, object]) -> str:
    """Write the wire form of a value that is there."""
    match kind.kind:
        case "structure":
            shape = cast("type[Shape]", kind.shape)
            names[shape.__name__] = shape
            hook = f"unstructure_{shape.__name__}"
            names[hook] = _converter.get_unstructure_hook(shape)
            return f"{hook}(value) if value.__class__ is {shape.__name__} else thaw(value)"
        case "list":
            inner = _unstructured(cast("Type", kind.item), names)
            plain = "list(value)" if inner == "value" else f"[{inner} for value in value]"
            return f"{plain} if value.__class__ is tuple else thaw(value)"
        case "map":
            return "value._entries.copy() if value.__class__ is FrozenMap else thaw(value)"
        case _:
            return "value"


def _unstructure_hook(cls: type[Shape]) -> Callable[[Shape], dict[str, object]]:
    names: dict[str, object] = {"FrozenMap": FrozenMap, "thaw": _thaw}
    body = ["out = {}"]
    for member in members_of(cls):
        body += [
            f"value = shape.{member.attribute}",
            f"if value is not None: out[{member.wire!r}] = {_unstructured(member.type, names)}",
        ]
    body += ["if shape._aside: out.update(thaw(shape.unmodelled))", "return out"]
    made = made_function(f"unstructure_{cls.__name__}", "shape", body, names)
    return cast("Callable[[Shape], dict[str, object]]", made)


# --- back from the wire ---------------------------------------------------------------------------------------------


def _structured(kind: Type, names: dict[str, object]) -> str:
    """Write the shape's form of a value from a document, the value itself where it is of another type."""
    match kind.kind:
        case "structure":
            shape = cast("type[Shape]", kind.shape)
            hook = f"structure_{shape.__name__}"
            names[shape.__name__] = shape
            names[hook] = _converter.get_structure_hook(shape)
            return f"{hook}(value, {shape.__name__})"
        case "list":
            inner = _structured(cast("Type", kind.item), names)
            plain = "tuple(value)" if inner == "value" else f"tuple([{inner} for value in value])"
            return f"{plain} if value.__class__ is list or value.__class__ is tuple else value"
        case "map":
            return "FrozenMap(dict(value)) if isinstance(value, Mapping) else value"
        case "timestamp":
            return "value if (moment := instant(value)) is None else moment"
        case "number":
            return "not_finite.get(value, value) if value.__class__ is str else value if value == value else NAN"
        case _:
            return "value"


def _structure_hook(cls: type[Shape]) -> Callable[[object, type], object]:
    names: dict[str, object] = {
        "FrozenMap": FrozenMap,
        "Mapping": Mapping,
        "NAN": NAN,
        "absent": object(),
        "cls": cls,
        "instant": instant,
        "new": object.__new__,
        "not_finite": _NOT_FINITE if issubclass(cls, Response) else {},
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
    return {k: v for k, v in document.items() if v is None or k not in known}


def _is_shape(cls: object) -> bool:
    return isinstance(cls, type) and issubclass(cls, Shape)


_converter.register_unstructure_hook_factory(_is_shape, _unstructure_hook)
_converter.register_structure_hook_factory(_is_shape, _structure_hook)


# --- the four functions ---------------------------------------------------------------------------------------------


def to_wire(shape: Shape) -> dict[str, Any]:
    """Make the dict that boto3 takes: AWS member names, absent members left out, falsy values kept.

    Times are aware datetimes. What a response held beyond the model is written back.

    Example:
        >>> import hptsdk
        >>> hptsdk.to_wire(hptsdk.shapes.Tag(key="team", value=""))
        {'Key': 'team', 'Value': ''}
    """
    return cast("dict[str, Any]", _converter.unstructure(shape))


def from_wire(cls: type[ShapeT], mapping: Mapping[str, Any]) -> ShapeT:
    """Make a shape of what boto3 takes or gives.

    Strict for all that a request can hold: unknown members, missing ones, nulls and whatever breaks a constraint
    are reported together. A response, and all that lies in one, takes what comes; what is not modelled stays
    readable as `unmodelled`.

    Raises:
        InvalidShapeError: with everything that is wrong in the whole tree.
    """
    return _checked(cls, mapping, [])


def dumps(shape: Shape) -> str:
    """Write a shape as JSON text, with times in ISO 8601.

    Raises:
        InvalidShapeError: where an unchecked shape holds something that JSON cannot.
    """
    try:
        return json.dumps(to_wire(shape), default=_json_form, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        plain = _without_nan(to_wire(shape))
        try:
            return json.dumps(plain, default=_json_form, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            problem = Problem(
                "json",
                "what JSON can hold",
                shown(shape),
                source=source_of(type(shape)),
                hint="an unchecked part holds a value that has no JSON form",
            )
            raise InvalidShapeError(violations(type(shape), [problem])) from None


def loads(cls: type[ShapeT], text: str) -> ShapeT:
    """Read a shape from JSON text, as `from_wire` does.

    Duplicate keys, NaN and text after the end are refused too.

    Raises:
        InvalidShapeError: with everything that is wrong in the whole tree.
    """
    repeated: list[bool] = []

    def dict_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            repeated.append(True)
            return _Repeated(found, pairs)
        return found

    try:
        document: object = json.loads(text, object_pairs_hook=dict_of, parse_constant=_refuse_constant)
    except RecursionError:
        raise _unreadable(cls, "JSON that is not nested too deeply", "deeper nesting") from None
    except json.JSONDecodeError as error:
        raise _unreadable(cls, "JSON", f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except _ConstantError as error:
        raise _unreadable(cls, "JSON with finite numbers", str(error)) from None
    except ValueError:
        raise _unreadable(cls, "JSON with integers of a sensible length", "an integer of thousands of digits") from None
    return _checked(cls, document, list(_repeated_in(document, source_of(cls))) if repeated else [])


def _checked(cls: type[ShapeT], document: object, problems: list[Problem]) -> ShapeT:
    """Structure a document and check it, with what was found in it before."""
    try:
        shape = _hook_of(cls)(document, cls)
        if not isinstance(shape, cls):
            problems.append(
                Problem(
                    "type",
                    f"a mapping of the members of {cls.__name__}",
                    "text" if isinstance(document, str) else shown(document),
                    source=source_of(cls),
                )
            )
        elif not isinstance(shape, Response):
            problems += shape.__attrs_post_init__(True) or []  # noqa: FBT003 - the made function takes it by place
    except RecursionError:
        raise _unreadable(cls, "a document of finite depth", "one that is cyclic or nested too deeply") from None
    if problems:
        raise InvalidShapeError(violations(cls, problems))
    return cast("ShapeT", shape)


@once_a_class
def _hook_of(cls: type[Shape]) -> Callable[[object, type], object]:
    return cast("Callable[[object, type], object]", _converter.get_structure_hook(cls))


def _unreadable(cls: type, expected: str, got: str) -> InvalidShapeError:
    return InvalidShapeError(violations(cls, [Problem("json", expected, got, source="RFC 8259")]))


def _json_form(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)


def _without_nan(value: object) -> object:
    match value:
        case float() if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - NaN differs from itself
            return next(text for text, number in _NOT_FINITE.items() if str(number) == str(value))
        case dict():
            return {k: _without_nan(v) for k, v in cast("dict[object, object]", value).items()}
        case list():
            return [_without_nan(v) for v in cast("list[object]", value)]
        case _:
            return value


class _ConstantError(ValueError):
    pass


def _refuse_constant(text: str) -> object:
    raise _ConstantError(text)


class _Repeated(dict[str, object]):
    """An object of a document that names a member more than once."""

    def __init__(self, found: dict[str, object], pairs: Iterable[tuple[str, object]]) -> None:
        super().__init__(found)
        names = [name for name, _ in pairs]
        self.names = [name for name in found if names.count(name) > 1]


def _repeated_in(document: object, source: str) -> Iterable[Problem]:
    """Find the repeated names in a document, each with its path."""
    waiting: list[tuple[tuple[object, ...], object]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _Repeated):
            for name in value.names:
                yield Problem(
                    "duplicate-key", "each name once", f"{shown(name)} again", source=source, path=(*path, name)
                )
        if isinstance(value, dict):
            waiting += [((*path, k), v) for k, v in cast("dict[object, object]", value).items()]
        elif isinstance(value, list):
            waiting += [((*path, i), v) for i, v in enumerate(cast("list[object]", value))]
