"""The code blocks of a page, and how the tests run them.

A ``code-block`` directive with a ``:caption:`` is a file: the test writes it under the name in its caption.
A comment before a block changes what the test does:

- ``<!-- test: skip, REASON -->``: the block is not run;
- ``<!-- test: await NAME TEXT -->``: the test continues when the file contains the text;
- ``<!-- test: setup`` and lines of Python up to ``-->``: the lines run there, and readers do not see them.
"""

import re
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
        file: the file that the block is, or that is awaited, or empty.
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
    found, skipped = [], ""
    for token in MarkdownIt().parse(page.read_text()):
        if token.type == "html_block" and token.content.startswith("<!-- test:"):
            command = token.content.strip().removeprefix("<!-- test:").removesuffix("-->").strip()
            word, _, rest = command.partition("\n" if command.startswith("setup\n") else " ")
            match word.rstrip(","):
                case "setup":
                    found.append(Block(kind="setup", text=rest, line=token.map[0] + 2))
                case "skip":
                    skipped = rest
                case "await":
                    file, _, text = rest.partition(" ")
                    found.append(Block(kind="await", text=text, line=token.map[0] + 1, file=file))
                case _:
                    raise ValueError(f"{page}:{token.map[0] + 1}: there is no {word!r}")
        elif token.type == "fence":
            found.append(_fence(token, skipped))
            skipped = ""
        elif token.type == "code_block":
            found.append(Block(kind="indented", text=token.content, line=token.map[0] + 1))
    return found


def _fence(token, skipped):
    """Return the block of a fence, or of a `code-block` directive with its options."""
    kind, text, line = token.info.strip(), token.content, token.map[0] + 2
    if not kind.startswith("{code-block}"):
        return Block(kind=kind, text=text, line=line, skipped=skipped)
    head = re.match(r"(:.*\n)*\n*", text)[0]
    caption = re.search(r"^:caption: (.*)$", head, re.MULTILINE)
    return Block(
        kind=kind.removeprefix("{code-block}").strip(),
        text=text[len(head) :],
        line=line + head.count("\n"),
        skipped=skipped,
        file=caption[1] if caption else "",
    )
