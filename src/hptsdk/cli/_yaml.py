"""YAML whose texts stay texts to every reader, those of YAML 1.1 too: `yes`, `0.10` and `1e3` come in quotes."""

# ruamel.yaml does not type its arguments.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ruamel.yaml.nodes import ScalarNode

__all__ = ["yaml_text"]

# What no reader takes for anything but text: it begins with a letter, and a colon has something after it.
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./@+=-]*(:[A-Za-z0-9_./@+=-]+)*")

# Words that some version of YAML takes for a boolean, a null or a number.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})

# Longer than any text may be, so that none is broken into lines.
_WIDTH = 100_000


class _Representer(SafeRepresenter):
    """Writes texts in double quotes where they would be in any doubt, and nothing as a reference to something else."""

    def __init__(self, *settings: object, **named: object) -> None:
        super().__init__(*settings, **named)
        self.sort_base_mapping_type_on_output = False

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class's own signature
        return True

    def represent_text(self, text: str) -> ScalarNode:
        is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')

    def represent_number(self, number: float) -> ScalarNode:
        digits, mark, exponent = repr(number).partition("e")
        # without a point it would be text to YAML 1.1
        digits += ".0" if mark and "." not in digits else ""
        return self.represent_scalar("tag:yaml.org,2002:float", digits + mark + exponent)


_Representer.add_representer(str, _Representer.represent_text)
_Representer.add_representer(float, _Representer.represent_number)


def yaml_text(document: Mapping[str, object]) -> str:
    """Write a document of plain dicts, lists, texts and numbers as YAML, in the order that it has."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Representer
    yaml.default_flow_style = False
    yaml.width = _WIDTH
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()
