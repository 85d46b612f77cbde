"""The directives of the reference: each writes Markdown out of the code while the documentation is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from command_pages import commands_text
from enum_pages import enums_text
from public_names import names_text
from references import resolve_short_name
from shape_pages import shapes_text
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata, OptionSpec

__all__ = ["setup"]


class _Written(SphinxDirective):
    """A directive whose content is the text that a function makes of its argument, or of its lines."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = {}
    written: Callable[[str], str]

    def run(self) -> list[nodes.Node]:
        """Write the text, and have it parsed as part of the page."""
        given = self.arguments[0] if self.arguments else "\n".join(self.content)
        return self.parse_text_to_nodes(type(self).written(given), allow_section_headings=True)


def keep_sentence(_app: Sphinx, what: str, _name: str, _found: object, _options: object, lines: list[str]) -> None:
    """Keep napoleon from taking the first words of a property's sentence for a type, where a colon follows them."""
    if what == "property" and lines:
        begin, colon, rest = lines[0].partition(": ")
        if colon:
            # what stands on a line of its own it takes for no type, and a paragraph is one all the same
            lines[:1] = [f"{begin}:", rest]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx of the directives."""
    for name, written in {
        "hpt-api": names_text,
        "hpt-shapes": shapes_text,
        "hpt-enums": lambda _: enums_text(),
        "hpt-commands": lambda _: commands_text(),
    }.items():
        app.add_directive(name, type(name, (_Written,), {"written": staticmethod(written)}))
    # before napoleon, which has the usual 500
    app.connect("autodoc-process-docstring", keep_sentence, priority=400)
    app.connect("missing-reference", resolve_short_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
