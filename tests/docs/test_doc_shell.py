"""The blocks of a page, the shell that runs them, and the comparison of outputs."""

import pytest
from doc_blocks import Block, blocks_of
from doc_shell import Shell, commands_in, matches


@pytest.fixture
def shell(tmp_path):
    instance = Shell(tmp_path)
    yield instance
    instance.close()


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
def test_output_matches(shown, printed):
    assert matches(shown, printed)


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
def test_other_output_does_not_match(shown, printed):
    assert not matches(shown, printed)


def test_a_block_is_split_into_commands_and_their_output():
    block = "$ one\nprinted\n$ two \\\n> more\n"
    assert commands_in(block) == [("one", ["printed"]), ("two more", [])]


def test_the_shell_keeps_its_variables(shell):
    shell.run("name=value")
    assert shell.run("echo $name") == ("value\n", 0)


def test_the_shell_keeps_the_status_of_the_last_command(shell):
    assert shell.run("(exit 3)") == ("", 3)
    assert shell.run("echo $?") == ("3\n", 0)


def test_standard_error_is_part_of_the_output(shell):
    assert shell.run("echo trouble >&2") == ("trouble\n", 0)


def test_a_command_that_ends_the_shell_is_an_error(shell):
    with pytest.raises(AssertionError, match="ended the shell"):
        shell.run("exit 1")


def test_a_block_with_a_caption_is_a_file(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```{code-block} yaml\n:caption: jobs/a.yaml\n:name: first\n\na: 1\n\n:b: 2\n```\n")
    assert blocks_of(page) == [Block(kind="yaml", text="a: 1\n\n:b: 2\n", line=5, file="jobs/a.yaml")]


def test_a_comment_controls_the_next_block(tmp_path):
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


def test_an_unknown_comment_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- test: skp, a slip -->\n```console\n$ true\n```\n")
    with pytest.raises(ValueError, match="skp"):
        blocks_of(page)
