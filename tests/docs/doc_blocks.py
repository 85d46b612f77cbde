"""The code blocks of a page, and how the tests run them.

A ``code-block`` directive with a ``:caption:`` is a file. The test writes it under the name in its caption.
A comment before a block changes what the test does:

- ``<!-- test: skip, REASON -->``: the block is not run.
- ``<!-- test: await NAME TEXT -->``: the test continues when the file contains the text.
- ``<!-- test: setup``, then Python code up to ``-->``: the code runs, and readers do not see it.

Libraries for this purpose do not have all of this. The pytest plugin of sybil creates one test for each block, and
pytest-xdist distributes these tests over processes, so the blocks of a page would not share their names. sybil has no
shell blocks, and no blocks with the expected output of the previous block. pytest-examples runs Python blocks only.
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
    """A block of a page: code, the output of code, or a file.

    Attributes:
        kind: the language; "setup" or "await" for a comment.
        text: the content.
        line: the number of the first line of the content.
        skipped: the reason why the block is not run; empty if it is run.
        file: the name of the file that the block is, or that the test waits for; otherwise empty.
    """

    kind: str
    text: str
    line: int
    skipped: str = ""
    file: str = ""


def pages():
    """Return every page of the documentation."""
    return [page for page in sorted(DOCS.rglob("*.md")) if "_build" not in page.parts]


@cache
def blocks_of(page):
    """Return the blocks of a page in order."""
    blocks, skipped = [], ""
    for token in MarkdownIt().parse(page.read_text()):
        if token.type == "html_block" and token.content.startswith("<!-- test:"):
            command = token.content.strip().removeprefix("<!-- test:").removesuffix("-->").strip()
            word, _, rest = command.partition("\n" if command.startswith("setup\n") else " ")
            match word.rstrip(","):
                case "setup":
                    blocks.append(Block(kind="setup", text=rest, line=token.map[0] + 2))
                case "skip":
                    skipped = rest
                case "await":
                    file, _, text = rest.partition(" ")
                    blocks.append(Block(kind="await", text=text, line=token.map[0] + 1, file=file))
                case _:
                    raise ValueError(f"{page}:{token.map[0] + 1}: unknown command {word!r}")
        elif token.type == "fence":
            blocks.append(_fence(token, skipped))
            skipped = ""
        elif token.type == "code_block":
            blocks.append(Block(kind="indented", text=token.content, line=token.map[0] + 1))
    return blocks


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
