"""The JSON Schema of a request, with which editors complete and validate files.

It has members, types, bounds, patterns and enumerations. The rules between members are validated by `hptsdk validate`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hptsdk import schema
from hptsdk.constraints import Categories, Entries, Items, Length, Pattern, Range
from hptsdk.shapes import CreateHyperParameterTuningJobRequest

if TYPE_CHECKING:
    from hptsdk._validation import Shape
    from hptsdk.constraints import Constraint
    from hptsdk.schema import TypeInfo

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

_BOUNDS = {
    Length: ("minLength", "maxLength"),
    Items: ("minItems", "maxItems"),
    Entries: ("minProperties", "maxProperties"),
    Range: ("minimum", "maximum"),
}


def json_schema(root: type[Shape] = CreateHyperParameterTuningJobRequest) -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a request in JSON or YAML, with AWS's member names.

    Lengths are in characters, patterns mean the same in ECMA 262 and in Python, and nested structures are in `$defs` by
    their AWS names. An open enumeration lists its values and accepts others.

    Args:
        root: the structure. Defaults to the request of CreateHyperParameterTuningJob.

    Source: https://json-schema.org/draft/2020-12
    """
    definitions: dict[str, Keywords] = {}
    structure = _structure(root, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": root.__name__,
        **structure,
        "$defs": dict(sorted(definitions.items())),
    }


def _structure(cls: type[Shape], definitions: dict[str, Keywords]) -> Keywords:
    """Return the schema of a structure, and add those of the structures inside it to the definitions."""
    info = schema.of(cls)
    keywords: Keywords = {
        "description": info.documentation,
        "$comment": info.source,
        "type": "object",
        "properties": {
            member.wire_name: {"description": member.documentation, **_value(member.type, definitions)}
            for member in info.members
        },
        "additionalProperties": False,
    }
    required = [member.wire_name for member in info.members if member.required]
    return keywords | ({"required": required} if required else {})


def _value(info: TypeInfo, definitions: dict[str, Keywords]) -> Keywords:
    if info.shape is not None:
        name = info.shape.__name__
        if name not in definitions:
            definitions[name] = {}  # a recursive structure is described once
            definitions[name] = _structure(info.shape, definitions)
        return {"$ref": f"#/$defs/{name}"}
    keywords: Keywords = {"type": _JSON_TYPES[info.kind]}
    item = {} if info.item is None else _value(info.item, definitions)
    match info.kind:
        case "integer":
            keywords |= {"minimum": -_LARGEST - 1, "maximum": _LARGEST}
        case "timestamp":
            keywords |= {"format": "date-time"}
        case "list":
            keywords |= {"items": item}
        case "map":
            names = {} if info.key is None else _value(info.key, definitions)
            keywords |= {"propertyNames": names, "additionalProperties": item}
        case _:
            pass
    for constraint in info.constraints:
        keywords |= _constraint(constraint)
    return keywords | _enumeration(info)


def _enumeration(info: TypeInfo) -> Keywords:
    if not info.known_values:
        return {}
    listed: Keywords = {"enum": list(info.known_values)}
    is_closed = any(constraint.rule == "enum" for constraint in info.constraints)
    return listed if is_closed else {"anyOf": [listed, {"type": "string"}]}


def _constraint(constraint: Constraint) -> Keywords:
    match constraint:
        case Length() | Items() | Entries() | Range():
            bounds = zip(_BOUNDS[type(constraint)], (constraint.minimum, constraint.maximum), strict=True)
            return {keyword: bound for keyword, bound in bounds if bound is not None}
        case Pattern(regex=regex):
            return {"pattern": _ecma_pattern(regex)}
        case Categories(regex=regex):
            comment = f"Exact for ASCII. Of the other characters, the API accepts those in {regex}."
            return {"pattern": _ascii_pattern(constraint), "$comment": comment}
        case _:
            return {}


def _ascii_pattern(categories: Categories) -> str:
    r"""Return a pattern that excludes each invalid ASCII character: not every validator supports `\p{L}`."""
    excluded = "".join([rf"\x{code:02x}" for code in range(128) if not categories.holds(chr(code))])
    return rf"^[^{excluded}]*$(?!\n)"


# --- patterns ---
#
# The API uses Java patterns. Their translation has the same meaning in Python's `re`, which Python validators of JSON
# Schema use, and in ECMA 262 with the flag `u`, which editors use. Both search instead of matching the whole text, and
# in Python `$` also matches before a line feed at the end.

# An escape, the beginning or end of a class, or any other character.
_PART = re.compile(r"\\p\{\w+\}|\\.|.", re.DOTALL)

# Escapes that one of the engines does not have or understands differently.
_CLASSES = {r"\d": "0-9", r"\w": "A-Za-z0-9_", r"\p{Alnum}": "A-Za-z0-9"}

# Escapes that ECMA 262 has outside a class; others are an error with the flag `u`.
_ESCAPABLE = frozenset("^$\\.*+?()[]{}|/nrtfvdDsSwWbBpPxu0123456789k")


def _ecma_pattern(regex: str) -> str:
    """Return a pattern of ECMA 262 for a pattern that the whole text must match."""
    translated: list[str] = []
    is_class = False
    for part in _PART.findall(regex):
        translated.append(_translated(part, is_class=is_class))
        is_class = part == "[" or (is_class and part != "]")
    return f"^(?:{''.join(translated)})$(?!\\n)"


def _translated(part: str, *, is_class: bool) -> str:
    if part in _CLASSES:
        return _CLASSES[part] if is_class else f"[{_CLASSES[part]}]"
    if is_class:
        return part
    if part == ".":
        return r"[^\n]"
    if part.startswith("\\") and part[1] not in _ESCAPABLE:
        return part[1]
    return part
