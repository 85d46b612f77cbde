"""A request as YAML, written with ruamel.yaml, whose arguments have no types."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from typing_extensions import override

from hptsdk._extras import requires_extra
from hptsdk.export import Document
from hptsdk.wire import to_wire

with requires_extra("cli", "YAML"):
    from ruamel.yaml import YAML
    from ruamel.yaml.representer import SafeRepresenter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ruamel.yaml.nodes import ScalarNode

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

# Text that every parser reads as text, except `_NOT_TEXT`.
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./@+=-]*(:[A-Za-z0-9_./@+=-]+)*")

# Strings that a version of YAML reads as a boolean, a null or a number.
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})

# Longer than any text, so that no text is wrapped.
_WIDTH = 100_000


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return a request as YAML that reads back equal, as YAML 1.2 and as YAML 1.1."""
    return Document(yaml_text(to_wire(request)))


class _Representer(SafeRepresenter):
    """A representer that quotes strings that a parser could read as another type, and writes no aliases."""

    @override
    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent_text(self, text: str) -> ScalarNode:
        is_plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')

    def represent_number(self, number: float) -> ScalarNode:
        digits, mark, exponent = repr(number).partition("e")
        # without a decimal point, YAML 1.1 reads it as text
        digits += ".0" if mark and "." not in digits else ""
        return self.represent_scalar("tag:yaml.org,2002:float", digits + mark + exponent)


_Representer.add_representer(str, _Representer.represent_text)
_Representer.add_representer(float, _Representer.represent_number)


def yaml_text(document: Mapping[str, object]) -> str:
    """Return a document of the types of JSON as YAML, with its members in their order.

    Strings such as `yes`, `0.10` and `1e3` are in quotes, also for parsers of YAML 1.1.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False  # before the representer is created
    yaml.Representer = _Representer
    yaml.representer.sort_base_mapping_type_on_output = False
    yaml.width = _WIDTH
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()
