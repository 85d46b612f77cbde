"""What a page shows is compared with what was printed, loosely but not blindly."""

import pytest
from doc_blocks import Block, blocks_of
from doc_shell import Shell, agrees, commands_in


@pytest.fixture
def shell(tmp_path):
    opened = Shell(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("all of it", "all of it\n"),
        ("wrapped for\nreading", "wrapped for reading"),
        ("first\n...\nlast", "first\nmany\nlines\nlast"),
        ("first\n...\nlast", "first\nlast"),
        ("loss 0....", "loss 0.25"),
        ("{'rate': '...'}", "{'rate': '0.1'}"),
    ],
)
def test_shown_text_agrees(shown, printed):
    assert agrees(shown, printed)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("all of it", "all of it, and more"),
        ("all of it", ""),
        ("first\n...\nlast", "first\nmany\nlines"),
        ("loss 0....", "loss 1.25"),
        ("a.b", "a-b"),
    ],
)
def test_other_text_does_not_agree(shown, printed):
    assert not agrees(shown, printed)


def test_commands_are_taken_apart_with_what_they_print():
    block = "$ one\nprinted\n$ two \\\n> more\n"
    assert commands_in(block) == [("one", ["printed"]), ("two more", [])]


def test_the_shell_goes_on_where_it_was(shell):
    shell.run("word=kept")
    assert shell.run("echo $word") == ("kept\n", 0)


def test_the_shell_knows_how_the_last_command_ended(shell):
    assert shell.run("(exit 3)") == ("", 3)
    assert shell.run("echo $?") == ("3\n", 0)


def test_what_is_said_on_standard_error_is_printed_too(shell):
    assert shell.run("echo trouble >&2") == ("trouble\n", 0)


def test_a_command_that_ends_the_shell_is_told(shell):
    with pytest.raises(AssertionError, match="ended the shell"):
        shell.run("exit 1")


def test_a_block_with_a_caption_is_a_file(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```{code-block} yaml\n:caption: jobs/a.yaml\n:name: first\n\na: 1\n\n:b: 2\n```\n")
    assert blocks_of(page) == [Block(kind="yaml", text="a: 1\n\n:b: 2\n", line=5, file="jobs/a.yaml")]


def test_a_comment_says_what_is_done_with_the_next_block(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- test: skip, it costs money -->\n```console\n$ buy\n```\n\n"
        "```yaml\na: 1\n```\n\n"
        "<!-- test: await serve.log is ready -->\n\n"
        "<!-- test: setup\nhidden = 1\n-->\n\n```python\nshown = 2\n```\n"
    )
    assert blocks_of(page) == [
        Block(kind="console", text="$ buy\n", line=3, skipped="it costs money"),
        Block(kind="yaml", text="a: 1\n", line=7),
        Block(kind="await", text="is ready", line=10, file="serve.log"),
        Block(kind="setup", text="hidden = 1", line=13),
        Block(kind="python", text="shown = 2\n", line=17),
    ]


def test_a_comment_of_no_known_kind_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- test: skp, a slip -->\n```console\n$ true\n```\n")
    with pytest.raises(ValueError, match="skp"):
        blocks_of(page)
