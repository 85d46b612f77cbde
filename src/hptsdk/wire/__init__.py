"""Conversion of shapes to dicts and JSON text, and back."""

from hptsdk.wire._documents import (
    from_wire as from_wire,
    to_wire as to_wire,
    valid_parts_of as valid_parts_of,
)
from hptsdk.wire._events import from_event as from_event
from hptsdk.wire._json import dumps as dumps, loads as loads
from hptsdk.wire._modelled import modelled as modelled

__all__ = ["dumps", "from_event", "from_wire", "loads", "to_wire"]
