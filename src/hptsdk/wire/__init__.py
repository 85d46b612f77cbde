"""Conversion of shapes to dicts and JSON text, and back."""

from hptsdk._validation import (
    placeholder as placeholder,
    syntax_named as syntax_named,
)
from hptsdk.enums import Syntax as Syntax
from hptsdk.wire._documents import (
    from_wire as from_wire,
    modelled as modelled,
    to_wire as to_wire,
    valid_parts_of as valid_parts_of,
)
from hptsdk.wire._json import dumps as dumps, loads as loads
from hptsdk.wire._orchestration import (
    OpenMember as OpenMember,
    Template as Template,
    from_event as from_event,
    template as template,
)

__all__ = ["OpenMember", "Template", "dumps", "from_event", "from_wire", "loads", "placeholder", "template", "to_wire"]
