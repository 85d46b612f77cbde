"""The page about the command line, from typer's descriptions of the commands."""

from __future__ import annotations

import re

import typer
from typer.cli import get_docs_for_click

from hptsdk.cli._main import app

__all__ = ["commands_text"]


def commands_text() -> str:
    """Return a section for each command, in Markdown."""
    command = typer.main.get_command(app)
    # typer's or click's class, depending on the version of typer
    context = command.context_class(command, info_name="hptsdk")
    text = get_docs_for_click(obj=command, ctx=context, name="hptsdk")  # type: ignore[arg-type]
    # the page has its own title
    body = text.partition("\n")[2]
    for group in (command, command.commands["local"]):
        for name, each in group.commands.items():
            # typer shortens the descriptions in lists of commands
            sentence = each.help.partition("\n")[0].partition(". ")[0].rstrip(".")
            body = re.sub(rf"^\* `{name}`: .*$", f"* `{name}`: {sentence}.", body, flags=re.MULTILINE)
    return re.sub(r"^Example: (.*)$", r"Example: `\1`", body, flags=re.MULTILINE)
