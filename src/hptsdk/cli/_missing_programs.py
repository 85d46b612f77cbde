"""The text about programs that a local service does not have."""

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
    """Write to standard error which programs are missing, and the command that starts the service with them.

    Args:
        root: the folder of the service.
        missing: the images and algorithms without a program.
        end: how the service is ended.
    """
    if not missing:
        return
    print_message("hptsdk: these tuning jobs wait for programs that are missing, and start nothing before:")
    for program in missing:
        print_message(f"  {', '.join(program.tuning_jobs)}: no program for the {program.target}")
    print_message(f"{end} and start it again{restart(root, missing)}")


def restart(root: str | Path, missing: Sequence[MissingProgram]) -> str:
    """Return the end of a sentence with the command that starts the service with its programs."""
    command = serve_command(root, missing=missing)
    place = " after you have put the program and its arguments in the place of COMMAND" if "=COMMAND" in command else ""
    return f"{place} with:\n  {command}"
