"""Messages about programs that a local service does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.cli._output import print_message
from hptsdk.local import serve_command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hptsdk.local import MissingProgram

__all__ = ["report_missing_programs", "restart"]


def report_missing_programs(root: str | Path, missing: Sequence[MissingProgram], *, end: str) -> None:
    """Print the missing programs, and the command that starts the service with them, to standard error.

    Args:
        root: the folder of the service.
        missing: the images and algorithms without a program.
        end: the instruction that ends the service.
    """
    if not missing:
        return
    print_message("hptsdk: these tuning jobs start no training jobs, because programs are missing:")
    for program in missing:
        print_message(f"  {', '.join(program.tuning_jobs)}: no program for the {program.target}")
    print_message(f"{end} and start it again{restart(root, missing)}")


def restart(root: str | Path, missing: Sequence[MissingProgram]) -> str:
    """Return the end of a sentence with the command that starts the service with its programs."""
    command = serve_command(root, missing=missing)
    place = " after you have replaced COMMAND with the program and its arguments" if "=COMMAND" in command else ""
    return f"{place} with:\n  {command}"
