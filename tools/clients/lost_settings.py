"""Run the commands of the page about settings that a tuner loses, and read its table."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "docs"))

from doc_blocks import DOCS, blocks_of
from doc_shell import commands_in, matches

__all__ = ["lost_on_the_page", "lost_settings", "run_command"]

PAGE = DOCS / "how-to" / "find-what-a-tuner-loses.md"


def run_command(text: str, folder: Path) -> str:
    """Run the command of the page that contains a text, check that its output ends as on the page, and return it.

    Args:
        text: a part of the command.
        folder: the folder in which it runs. The programs of the page are written into it.
    """
    for block in blocks_of(PAGE):
        if block.file:
            (folder / block.file).write_text(block.text)
    commands = [each for block in blocks_of(PAGE) if block.kind == "console" for each in commands_in(block.text)]
    [(command, shown)] = [each for each in commands if text in each[0]]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert matches("\n".join(["...", *shown]), done.stdout), done.stdout
    return done.stdout


def lost_settings(report: str) -> set[str]:
    """Return the settings in the page's table that a tuning job lacks, from the output of `hptsdk capture`."""
    _, _, lines = report.partition(" differs from ")
    names = {line.strip().removeprefix("TrainingJobDefinition.").partition(": ")[0] for line in lines.splitlines()}
    return {setting for setting in settings() if any(name.startswith(setting) for name in names)}


def lost_on_the_page(client: str) -> set[str]:
    """Return the settings that a client loses according to the table of the page."""
    head, *rows = table()
    (column,) = [index for index, cell in enumerate(head) if cell.startswith(client)]
    return {row[0] for row in rows if row[column] == "lost"}


def settings() -> set[str]:
    """Return the settings in the table of the page."""
    return {row[0] for row in table()[1:]}


def table() -> list[list[str]]:
    """Return the cells of the table of the page, by row; the first row is the head."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
