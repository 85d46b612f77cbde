"""JSON text to documents and back: strictly, and with the place of each fault."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, cast

from hptsdk._lazy import lazy_pattern
from hptsdk._validation import NOT_FINITE, Problem, Type, members_of, shown, source_of
from hptsdk._validation._problems import step_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation import Shape

__all__ = ["UnreadableError", "decoded", "read", "strings_in", "write"]

_BLANKS = " \t\n\r"
_ESCAPE = lazy_pattern(r"\\.", re.DOTALL)


class UnreadableError(ValueError):
    """A text is no JSON, or a document has no JSON form."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(expected, got)
        self.problem = Problem("json", expected, got, source="RFC 8259")


# --- reading --------------------------------------------------------------------------------------------------------


class _Noted(dict[str, object]):
    """An object of a document that knows which names it was given more than once."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]


class _ConstantError(ValueError):
    pass


class _RepeatedError(ValueError):
    pass


def _refuse_constant(text: str) -> object:
    raise _ConstantError(text)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    raise _RepeatedError


# json.loads makes one for each text and looks for blanks around it, which takes half as long as reading a small one.
_decoder = json.JSONDecoder(parse_constant=_refuse_constant)
_careful = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)


def decoded(text: str) -> object | None:
    """Read a document without a look for repeated names; None where that needs care."""
    try:
        document, end = _decoder.raw_decode(text)
    except (TypeError, ValueError, RecursionError):
        return None
    return None if text[end:].strip(_BLANKS) else document


def strings_in(text: str) -> int:
    """Count the strings of a document's text, names and values.

    A document that has fewer of them has lost some: a name that is given again takes the place of the one before.
    """
    if '\\\\"' in text:  # an escaped quote, or an escaped backslash at the end of a string
        text = _ESCAPE.sub("", text)
    return (text.count('"') - text.count('\\"')) // 2


def read(cls: type[Shape], text: str) -> tuple[object, list[Problem]]:
    """Read a document, and find the names that are given more than once; `cls` tells members from keys.

    Raises:
        UnreadableError: it is no JSON, or holds what JSON does not have.
    """
    try:
        return _careful.decode(text), []
    except (TypeError, ValueError, RecursionError):
        pass  # read again for the names, for the better words, and as bytes
    document = _noted(text)
    return document, list(_repeated_in(cls, document))


def _noted(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_Noted, parse_constant=_refuse_constant)
    except RecursionError:
        raise UnreadableError("JSON that is not nested too deeply", "deeper nesting") from None
    except json.JSONDecodeError as error:
        got = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise UnreadableError("JSON", got) from None
    except _ConstantError as error:
        raise UnreadableError("JSON with finite numbers", str(error)) from None
    except UnicodeDecodeError:
        raise UnreadableError("text in UTF-8", "other bytes") from None
    except ValueError:
        raise UnreadableError("JSON with integers of a sensible length", "an integer of thousands of digits") from None


def _repeated_in(cls: type[Shape], document: object) -> Iterator[Problem]:
    """Find the repeated names in a document, each with its path."""
    waiting: list[tuple[tuple[object, ...], object, Type | None]] = [((), document, Type(cls))]
    while waiting:
        path, value, kind = waiting.pop()
        is_map = kind is not None and kind.kind == "map"
        if isinstance(value, _Noted):
            for name in value.repeated:
                step = (name,) if is_map else step_to(name)
                got = f"{shown(name)} again"
                yield Problem("duplicate-key", "each name once", got, source=source_of(cls), path=(*path, step))
        if isinstance(value, dict):
            types = {m.wire: m.type for m in members_of(kind.shape)} if kind and kind.shape else {}
            for name, item in cast("dict[str, object]", value).items():
                step = (name,) if is_map else step_to(name)
                waiting.append(((*path, step), item, types.get(name)))
        elif isinstance(value, list):
            inner = kind.item if kind else None
            waiting += [((*path, index), item, inner) for index, item in enumerate(cast("list[object]", value))]


# --- writing --------------------------------------------------------------------------------------------------------


def write(document: object, indent: int | None = None) -> str:
    """Write a document, with times in ISO 8601 and the numbers that JSON lacks as the service writes them.

    Raises:
        UnreadableError: it holds something that has no JSON form.
    """
    try:
        return json.dumps(document, default=_json_form, allow_nan=False, indent=indent)
    except Exception:  # noqa: BLE001 - the methods of an object can raise anything
        return _written_again(document, indent)


def _written_again(document: object, indent: int | None) -> str:
    """Write a document that may have numbers which JSON lacks."""
    try:
        return json.dumps(_finite(document), default=_json_form, allow_nan=False, indent=indent)
    except Exception:  # noqa: BLE001 - likewise
        raise UnreadableError("what JSON can hold", "something that has no JSON form") from None


def _json_form(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _finite(value: object) -> object:
    match value:
        case float() if value - value != 0:
            return next(text for text, number in NOT_FINITE.items() if str(number) == str(value))
        case dict():
            return {k: _finite(v) for k, v in cast("dict[object, object]", value).items()}
        case list():
            return [_finite(v) for v in cast("list[object]", value)]
        case _:
            return value
