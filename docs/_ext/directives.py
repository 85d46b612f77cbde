"""The directives of the reference: each creates Markdown from the code when the documentation is built."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from algorithm_pages import algorithm_text, algorithms_text, write_pages
from command_pages import commands_text
from enum_pages import enums_text
from module_pages import modules_text
from public_names import names_text
from references import resolve_short_name
from screenshots import screenshot_text, take_screenshots
from shape_pages import shapes_text
from share_pages import shares_text
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata, OptionSpec

__all__ = ["setup"]


class _GeneratedContent(SphinxDirective):
    """A directive whose content a function creates from its argument, or from its lines if it has no argument."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = {}
    create_text: Callable[[str], str]

    def run(self) -> list[nodes.Node]:
        """Create the text and parse it as part of the page."""
        argument = self.arguments[0] if self.arguments else "\n".join(self.content)
        page = self.state_machine.node
        count = len(page)
        introduction = self.parse_text_to_nodes(type(self).create_text(argument), allow_section_headings=True)
        # MyST adds the sections of the text to the page at once, which would be before the text above them
        sections = page[count:]
        del page[count:]
        return [*introduction, *sections]


def split_at_colon(_app: Sphinx, what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Prevent napoleon from reading the words before a colon in the first line of a property as its type."""
    if what == "property" and lines:
        # napoleon recognizes code with a colon, such as a URL, only in double backticks
        lines[0] = re.sub(r"(?<!`)`([^`]*:[^`]*)`(?!`)", r"``\1``", lines[0])
        start, colon, rest = lines[0].partition(": ")
        if colon:
            # napoleon looks for a type only in a line with text after the colon
            lines[:1] = [f"{start}:", rest]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives and the handlers of events with Sphinx."""
    for name, create_text in {
        "hpt-api": names_text,
        "hpt-shapes": shapes_text,
        "hpt-algorithm": algorithm_text,
        "hpt-algorithms": lambda _: algorithms_text(),
        "hpt-enums": lambda _: enums_text(),
        "hpt-commands": lambda _: commands_text(),
        "hpt-modules": lambda _: modules_text(),
        "hpt-shares": lambda _: shares_text(),
        "hpt-screenshot": screenshot_text,
    }.items():
        app.add_directive(name, type(name, (_GeneratedContent,), {"create_text": staticmethod(create_text)}))
    app.connect("builder-inited", lambda app: write_pages(Path(app.srcdir, "reference", "algorithms")))
    app.connect("builder-inited", lambda app: take_screenshots(Path(app.srcdir)))
    # before napoleon, whose priority is 500
    app.connect("autodoc-process-docstring", split_at_colon, priority=400)
    app.connect("missing-reference", resolve_short_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
