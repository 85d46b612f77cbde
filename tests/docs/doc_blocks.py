"""The blocks of code of a page, and what the page says of running them.

A comment before a block says what is to be done with it, where that is not plain from its language:

- ``<!-- test: skip, REASON -->``: it is not run;
- ``<!-- test: file NAME -->``: it is written to that file, beside the page's others;
- ``<!-- test: await NAME TEXT -->``: the test goes on once the text stands in that file;
- ``<!-- test: setup`` and lines of Python up to ``-->``: they run at that place, and readers don't see them.
"""

from functools import cache
from pathlib import Path

import attrs
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@attrs.frozen(kw_only=True)
class Block:
    """A piece of a page that is code, what code prints, or a file.

    Attributes:
        kind: its language; "setup" and "await" for what readers don't see.
        text: what is in it.
        line: the number of its first line of code.
        skipped: why it is not run, or empty.
        file: what it is written to, or where it is awaited, or empty.
    """

    kind: str
    text: str
    line: int
    skipped: str = ""
    file: str = ""


def pages():
    """Give every page of the documentation."""
    return [page for page in sorted(DOCS.rglob("*.md")) if "_build" not in page.parts]


@cache
def blocks_of(page):
    """Give the blocks of a page in order."""
    found, skipped, file = [], "", ""
    for token in MarkdownIt().parse(page.read_text()):
        if token.type == "html_block" and token.content.startswith("<!-- test:"):
            command = token.content.strip().removeprefix("<!-- test:").removesuffix("-->").strip()
            word, _, rest = command.partition("\n" if command.startswith("setup\n") else " ")
            match word.rstrip(","):
                case "setup":
                    found.append(Block(kind="setup", text=rest, line=token.map[0] + 2))
                case "skip":
                    skipped = rest
                case "file":
                    file = rest
                case "await":
                    file_, _, text = rest.partition(" ")
                    found.append(Block(kind="await", text=text, line=token.map[0] + 1, file=file_))
                case _:
                    raise ValueError(f"{page}:{token.map[0] + 1}: there is no {word!r}")
        elif token.type == "fence":
            kind = token.info.strip()
            found.append(Block(kind=kind, text=token.content, line=token.map[0] + 2, skipped=skipped, file=file))
            skipped = file = ""
        elif token.type == "code_block":
            found.append(Block(kind="indented", text=token.content, line=token.map[0] + 1))
    return found
