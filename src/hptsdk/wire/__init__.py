"""Conversion of shapes to dicts and JSON text, and back; templates and events."""

from hptsdk._validation import placeholder, syntax_named as syntax_named
from hptsdk.enums import Syntax
from hptsdk.wire._documents import from_wire, modelled as modelled, to_wire, valid_parts_of as valid_parts_of
from hptsdk.wire._json import dumps, loads
from hptsdk.wire._orchestration import OpenMember, Template, from_event, template

__all__ = [
    "OpenMember",
    "Syntax",
    "Template",
    "dumps",
    "from_event",
    "from_wire",
    "loads",
    "placeholder",
    "template",
    "to_wire",
]
