"""Output to the standard streams, without control characters.

Messages go to standard error and results to standard output. Text from other sources, such as the name or the failure
reason of a job, cannot move the cursor or change the colours of the terminal.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hptsdk.progress import printable

if TYPE_CHECKING:
    from rich.console import RenderableType


__all__ = ["confirmed", "print_message", "print_table", "printable_lines"]

# The width of a table in a pipe.
_UNLIMITED = 100_000


def printable_lines(text: str) -> str:
    """Return a string with its line breaks, and with replacements for characters that cannot be printed."""
    return "\n".join(map(printable, text.split("\n")))


def print_message(text: str) -> None:
    """Print a message to standard error, with its line breaks and without other control characters."""
    print(printable_lines(text), file=sys.stderr)


def confirmed(question: str) -> bool:
    """Ask a question at a terminal, and check whether the answer is yes; without a terminal it is not asked.

    The question is on standard error. Any answer but y and yes is a no.
    """
    # without standard streams, as under pythonw, they are None
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        return True
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def print_table(table: RenderableType) -> None:
    """Print a table to standard output; in a pipe it has its full width, without spaces at the ends of lines."""
    from rich.console import Console

    console = Console()
    if console.is_terminal:
        console.print(table)
        return
    console = Console(width=_UNLIMITED)
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().removesuffix("\n").split("\n")))
