"""The request as a JSON Schema, so that editors complete and check files that hold one.

It says what a schema can say: members, types, bounds, patterns, enumerations. What must hold between members is the
business of `hptsdk validate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hptsdk import schema
from hptsdk.cli._ecma_patterns import ecma_pattern
from hptsdk.constraints import Categories, Entries, Items, Length, Pattern, Range
from hptsdk.shapes import CreateHyperParameterTuningJobRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation import Shape
    from hptsdk.constraints import Constraint
    from hptsdk.schema import MemberInfo, TypeInfo

__all__ = ["json_schema"]

Keywords = dict[str, object]

_LARGEST = 2**63 - 1

_JSON_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "timestamp": "string",
    "list": "array",
    "map": "object",
}


def json_schema(root: type[Shape] = CreateHyperParameterTuningJobRequest) -> dict[str, object]:
    """Make the JSON Schema (2020-12) of a request as JSON or YAML holds it, with AWS's member names.

    Text is bounded in characters, patterns are those of ECMA 262 and of Python alike, and structures are in `$defs`
    under their AWS names. Values of an open enumeration are listed, and others of the same form pass.

    Args:
        root: the structure; the request where nothing is said.

    Source: https://json-schema.org/draft/2020-12
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": root.__name__,
        **_structure(root),
        "$defs": {cls.__name__: _structure(cls) for cls in sorted(_below(root), key=lambda cls: cls.__name__)},
    }


def _below(root: type[Shape]) -> set[type[Shape]]:
    """Give the classes of all structures inside one."""
    found: set[type[Shape]] = set()
    waiting = [root]
    while waiting:
        for member in schema.of(waiting.pop()).members:
            inner = _innermost(member.type).shape
            if inner is not None and inner not in found:
                found.add(inner)
                waiting.append(inner)
    return found


def _innermost(info: TypeInfo) -> TypeInfo:
    while info.item is not None:
        info = info.item
    return info


def _structure(cls: type[Shape]) -> Keywords:
    info = schema.of(cls)
    keywords: Keywords = {
        "description": info.documentation,
        "$comment": info.source,
        "type": "object",
        "properties": {member.wire_name: _member(member) for member in info.members},
        "additionalProperties": False,
    }
    required = [member.wire_name for member in info.members if member.required]
    return keywords | ({"required": required} if required else {})


def _member(member: MemberInfo) -> Keywords:
    return {"description": member.documentation, **_value(member.type)}


def _value(info: TypeInfo) -> Keywords:
    """Say what a value of a type is."""
    if info.shape is not None:
        return {"$ref": f"#/$defs/{info.shape.__name__}"}
    keywords: Keywords = {"type": _JSON_TYPES[info.kind]}
    match info.kind:
        case "integer":
            keywords |= {"minimum": -_LARGEST - 1, "maximum": _LARGEST}
        case "timestamp":
            keywords |= {"format": "date-time"}
        case "list":
            keywords |= {"items": _value(cast("TypeInfo", info.item))}
        case "map":
            keywords |= {
                "propertyNames": _value(cast("TypeInfo", info.key)),
                "additionalProperties": _value(cast("TypeInfo", info.item)),
            }
        case _:
            pass
    for constraint in info.constraints:
        keywords |= dict(_constraint(constraint))
    return keywords | _enumeration(info)


def _enumeration(info: TypeInfo) -> Keywords:
    """List the values of an enumeration; of an open one others pass too."""
    if not info.known_values:
        return {}
    listed: Keywords = {"enum": list(info.known_values)}
    is_closed = any(constraint.rule == "enum" for constraint in info.constraints)
    return listed if is_closed else {"anyOf": [listed, {"type": "string"}]}


def _constraint(constraint: Constraint) -> Iterator[tuple[str, object]]:
    match constraint:
        case Length():
            yield from _bounds(constraint, "minLength", "maxLength")
        case Items():
            yield from _bounds(constraint, "minItems", "maxItems")
        case Entries():
            yield from _bounds(constraint, "minProperties", "maxProperties")
        case Range():
            yield from _bounds(constraint, "minimum", "maximum")
        case Pattern(regex=regex):
            yield "pattern", ecma_pattern(regex)
        case Categories():
            yield "pattern", _ascii_pattern(constraint)
            yield "$comment", f"Of characters beyond ASCII only those of {constraint.regex} are right."
        case _:
            pass


def _bounds(bounds: Length | Items | Entries | Range, low: str, high: str) -> Iterator[tuple[str, object]]:
    if bounds.minimum:
        yield low, bounds.minimum
    elif bounds.minimum is not None and isinstance(bounds, Range):
        yield low, 0
    if bounds.maximum is not None:
        yield high, bounds.maximum


def _ascii_pattern(categories: Categories) -> str:
    r"""Decide the characters of ASCII one by one, and let others pass: not every validator knows `\p{L}`."""
    refused = [code for code in range(128) if not categories.holds(chr(code))]
    escaped = "".join([rf"\x{code:02x}" for code in refused])
    return rf"^[^{escaped}]*$(?!\n)"
