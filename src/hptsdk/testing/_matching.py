"""Comparison of a request body with the one that a test expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hptsdk._validation import Shape, format_value, is_list, is_mapping
from hptsdk.transport import Redaction
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Expected", "mismatch"]

Expected = Shape | Mapping[str, Any] | Callable[[Mapping[str, Any]], bool]
"""An expected body: a mapping or shape whose members the body must have, or a function that checks the body."""


def mismatch(expected: Expected | None, body: Mapping[str, Any]) -> str:
    """Describe how a body differs from the expected one; empty text if it does not."""
    value = to_wire(expected) if isinstance(expected, Shape) else expected
    if value is None:
        return ""
    text = "; ".join(_differences(value, body, ""))
    for secrets in (body, {} if callable(value) else value):
        text = Redaction(secrets, ()).apply(text)
    return text


def _differences(expected: object, got: object, path: str) -> Iterator[str]:
    place = path or "the body"
    if callable(expected):
        if not expected(got):
            yield f"{place}: expected a value for which {getattr(expected, '__name__', 'the function')} returns True"
    elif is_mapping(expected) and is_mapping(got):
        for name, value in expected.items():
            member = f"{path}.{name}" if path else name
            if name in got:
                yield from _differences(value, got[name], member)
            else:
                yield f"{member} is missing"
    elif is_list(expected) and is_list(got):
        if len(expected) != len(got):
            yield f"{place}: expected {len(expected)} items, got {len(got)}"
        for index, (one, other) in enumerate(zip(expected, got, strict=False)):
            yield from _differences(one, other, f"{path}[{index}]")
    elif expected != got:
        yield f"{place}: expected {format_value(expected)}, got {format_value(got)}"
