"""Python expressions laid out for reading: on one line where they fit, else an argument to a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Call", "Chain", "Name", "laid_out", "literal"]

_WIDTH = 120
_INDENT = 4


@attrs.frozen
class Call:
    """A call, or a method of a chain where the name begins with a point.

    Attributes:
        name: what is called.
        plain: arguments by place.
        named: arguments by name.
    """

    name: str
    plain: Sequence[object] = ()
    named: Mapping[str, object] = attrs.field(factory=dict[str, object])


@attrs.frozen
class Chain:
    """A call and the methods called on what it gives, each on a line of its own."""

    first: Call
    methods: Sequence[Call]


@attrs.frozen
class Name:
    """A variable."""

    text: str


def literal(text: str) -> str:
    r"""Write text as a Python literal, in double quotes where that takes no backslash more.

    Example:
        >>> literal("it's")
        '"it\'s"'
    """
    plain = repr(text)
    return f'"{plain[1:-1]}"' if plain.startswith("'") and '"' not in text else plain


def laid_out(value: object, indent: int = 0, before: int = 0) -> str:
    """Write an expression.

    Args:
        value: a number, text, list, mapping, `Call`, `Chain` or `Name`.
        indent: of the line on which it begins.
        before: how many characters of that line stand before it and after it.
    """
    if isinstance(value, Chain):
        return _chain(value, indent)
    flat = _flat(value)
    if len(flat) + indent + before <= _WIDTH:
        return flat
    opened, parts, closed = _parts(value)
    if not parts:
        return flat
    inner = indent + _INDENT
    lines = [f"{' ' * inner}{start}{laid_out(part, inner, len(start) + 1)},\n" for start, part in parts]
    return f"{opened}\n{''.join(lines)}{' ' * indent}{closed}"


def _chain(chain: Chain, indent: int) -> str:
    inner = indent + _INDENT
    if len(chain.methods) <= 1:  # as formatters have it
        return "".join([laid_out(call, indent) for call in (chain.first, *chain.methods)])
    lines = [laid_out(call, inner) for call in (chain.first, *chain.methods)]
    return "(\n" + "".join(f"{' ' * inner}{line}\n" for line in lines) + " " * indent + ")"


def _parts(value: object) -> tuple[str, list[tuple[str, object]], str]:
    """Give what opens an expression, what it holds, each with what stands before it, and what closes it."""
    match value:
        case Call(name=name, plain=plain, named=named):
            return f"{name}(", [*(("", part) for part in plain), *((f"{k}=", v) for k, v in named.items())], ")"
        case dict():
            entries = cast("dict[str, object]", value)
            return "{", [(f"{literal(key)}: ", part) for key, part in entries.items()], "}"
        case list():
            return "[", [("", part) for part in cast("list[object]", value)], "]"
        case _:
            return _flat(value), [], ""


def _flat(value: object) -> str:
    """Write an expression on one line."""
    match value:
        case str():
            return literal(value)
        case Name(text=text):
            return text
        case Call() | dict() | list():
            opened, parts, closed = _parts(cast("object", value))
            return f"{opened}{', '.join(start + _flat(part) for start, part in parts)}{closed}"
        case _:
            return repr(value)
