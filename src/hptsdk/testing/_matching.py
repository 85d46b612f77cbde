"""Whether what was sent is what a test expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from hptsdk._validation import Shape, shown
from hptsdk.transport import Redaction
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Expected", "mismatch"]

Expected = Shape | Mapping[str, Any] | Callable[[Mapping[str, Any]], bool]
"""A body: a mapping or a shape, of which every member must be there, or a function that tells."""


def mismatch(expected: Expected | None, body: Mapping[str, Any]) -> str:
    """Tell where a body is not as expected; empty where it is."""
    wanted = to_wire(expected) if isinstance(expected, Shape) else expected
    if wanted is None:
        return ""
    text = "; ".join(_differing(wanted, body, ""))
    for secrets in (body, {} if callable(wanted) else wanted):
        text = Redaction(secrets, ()).apply(text)
    return text


def _differing(wanted: object, got: object, path: str) -> Iterator[str]:
    place = path or "the body"
    if callable(wanted):
        if not wanted(got):
            yield f"{place} is not what {getattr(wanted, '__name__', 'the function')} looks for"
    elif (members := _as_map(wanted)) is not None and (found := _as_map(got)) is not None:
        for name, value in members.items():
            here = f"{path}.{name}" if path else name
            if name in found:
                yield from _differing(value, found[name], here)
            else:
                yield f"{here} is absent"
    elif (items := _as_list(wanted)) is not None and (there := _as_list(got)) is not None:
        if len(items) != len(there):
            yield f"{place} has {len(there)} items, expected {len(items)}"
        for index, (one, other) in enumerate(zip(items, there, strict=False)):
            yield from _differing(one, other, f"{path}[{index}]")
    elif wanted != got:
        yield f"{place} is {shown(got)}, expected {shown(wanted)}"


def _as_map(value: object) -> Mapping[str, object] | None:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None


def _as_list(value: object) -> Sequence[object] | None:
    listed = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return cast("Sequence[object]", value) if listed else None
