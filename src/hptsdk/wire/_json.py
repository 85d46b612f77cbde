"""Conversion of shapes to JSON text, and back."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from hptsdk._validation import (
    Problem,
    Shape,
    TypeInfo,
    check_class,
    finite,
    format_value,
    members_of,
    plain,
    source_of,
    step_to,
    type_info,
    violations,
)
from hptsdk.errors import InvalidShapeError
from hptsdk.wire._documents import shape_of, to_wire

if TYPE_CHECKING:
    from hptsdk._validation import Step

ShapeT = TypeVar("ShapeT", bound=Shape)

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


# --- writing ---


def dumps(shape: Shape, *, indent: int | None = None) -> str:
    """Format a shape as JSON text, with times in ISO 8601, and numbers that are not finite as text such as "NaN".

    Args:
        shape: a request, a response, or a part of one.
        indent: the number of spaces for each level. Defaults to None, for a single line.

    Raises:
        TypeError: `shape` is not a shape.
        InvalidShapeError: a response, or a part of one, contains a value that has no JSON form.
        ValueError: as for `to_wire`.

    Example:
        >>> import hptsdk
        >>> hptsdk.dumps(hptsdk.shapes.Tag(key="team", value=""))
        '{"Key": "team", "Value": ""}'
    """
    document = to_wire(shape)
    # a document that contains itself raises a RecursionError; the check of json.dumps would take a tenth of the time
    default = partial(_encode_other, type(shape))
    encode = partial(json.dumps, default=default, allow_nan=False, check_circular=False, indent=indent)
    try:
        try:
            return encode(document)
        except ValueError:  # a number that is not finite
            return encode(plain(document, leaf=finite))
    except InvalidShapeError:
        raise
    except Exception:  # noqa: BLE001 - the methods of an object can raise any exception
        raise _json_error(type(shape), _ENCODABLE, "a value without a JSON form") from None


_ENCODABLE = "values that JSON can represent"


def _encode_other(cls: type[Shape], value: object) -> str:
    """Convert a time for the JSON encoder; raise InvalidShapeError for an object of another class."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise _json_error(cls, _ENCODABLE, format_value(value))


# --- reading ---


def loads(cls: type[ShapeT], text: str | bytes | bytearray) -> ShapeT:
    """Create a shape from JSON text, as `from_wire` does from a dict.

    Repeated names, NaN, Infinity and text after the end are also rejected.

    Args:
        cls: a class of `hptsdk.shapes`.
        text: one JSON object; bytes are decoded as UTF-8, UTF-16 or UTF-32.

    Raises:
        TypeError: `cls` is not a class of `hptsdk.shapes`, or `text` is neither text nor bytes.
        InvalidShapeError: the text is not JSON, or violates constraints or rules; the error has all violations.

    Example:
        >>> import hptsdk
        >>> hptsdk.loads(hptsdk.shapes.Tag, '{"Key": "team", "Value": ""}')
        Tag(key='team', value='')
    """
    check_class(cls)
    _check_text(cls, text)
    repeated: list[_RepeatedNames] = []

    def create_object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) < len(pairs):
            members = _RepeatedNames(pairs)
            repeated.append(members)
        return members

    try:
        document = json.loads(text, object_pairs_hook=create_object, parse_constant=_reject_constant)
    except RecursionError:
        raise _json_error(cls, "JSON that is not nested too deeply", "deeper nesting") from None
    except json.JSONDecodeError as error:
        got = f"other text at line {error.lineno}, column {error.colno} ({error.msg})"
        raise _json_error(cls, "JSON", got) from None
    except _ConstantError as error:
        raise _json_error(cls, "JSON with finite numbers", str(error)) from None
    except UnicodeDecodeError:
        raise _json_error(cls, "text in UTF-8, UTF-16 or UTF-32", "other bytes") from None
    except ValueError:
        limit = sys.get_int_max_str_digits()
        raise _json_error(cls, f"JSON with integers of at most {limit:,} digits", "a longer integer") from None
    return shape_of(cls, document, _repetitions(cls, document) if repeated else ())


def _check_text(cls: type[Shape], value: object) -> None:
    """Raise TypeError if a value is neither text nor bytes."""
    if isinstance(value, str | bytes | bytearray):
        return
    got, hint = format_value(value), ""
    if isinstance(value, Mapping):
        hint = f"; use hptsdk.from_wire(hptsdk.shapes.{cls.__name__}, ...)"
    elif hasattr(value, "read"):
        hint = "; use its read()"
    elif hasattr(value, "read_text"):
        hint = "; use its read_text()"
    raise TypeError(f"loads: expected JSON text, got {got}{hint}")


class _ConstantError(ValueError):
    """The text contains NaN or an infinite number."""


def _reject_constant(text: str) -> object:
    raise _ConstantError(text)


class _RepeatedNames(dict[str, Json]):
    """A JSON object with repeated names."""

    def __init__(self, pairs: list[tuple[str, Json]]) -> None:
        super().__init__(pairs)
        self.names = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]


def _repetitions(cls: type[Shape], document: Json) -> Iterator[Problem]:
    """Yield a problem for each repeated name in a document, with its path."""
    pending: list[tuple[tuple[Step, ...], Json, TypeInfo | None]] = [((), document, type_info(cls))]
    while pending:
        path, value, kind = pending.pop()
        if isinstance(value, list):
            item_type = kind.item if kind else None
            pending += [((*path, index), item, item_type) for index, item in enumerate(value)]
        elif isinstance(value, dict):
            types = {m.wire_name: m.type for m in members_of(kind.shape)} if kind and kind.shape else {}
            steps = {name: (name,) if kind and kind.key else step_to(name) for name in value}
            pending += [((*path, steps[name]), item, types.get(name)) for name, item in value.items()]
            for name in value.names if isinstance(value, _RepeatedNames) else ():
                yield Problem(
                    *path,
                    steps[name],
                    expected="each name once",
                    got=f"{format_value(name)} again",
                    rule="duplicate-key",
                    source=source_of(cls),
                )


def _json_error(cls: type[Shape], expected: str, got: str) -> InvalidShapeError:
    """Create the error for text that is not JSON, or a value without a JSON form."""
    return InvalidShapeError(violations(cls, [Problem(expected=expected, got=got, rule="json", source="RFC 8259")]))
