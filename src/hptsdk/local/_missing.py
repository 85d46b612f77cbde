"""The programs that a service does not have, in a file of its root that commands read."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs

from hptsdk._validation import closest
from hptsdk.local._files import write_privately
from hptsdk.local._options import Options, serve_command
from hptsdk.transport import MISSING_PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hptsdk.local._programs import MissingProgram, Programs

__all__ = ["MissingProgramsFile", "no_program_text"]


class MissingProgramsFile:
    """The file of a root that names the missing programs. It does not exist if none is missing.

    Args:
        root: the folder.
        current: returns the programs that are missing now.
    """

    def __init__(self, root: Path, current: Callable[[], Sequence[MissingProgram]]) -> None:
        self._current = current
        self._path = root / MISSING_PROGRAMS
        self._written: Sequence[MissingProgram] | None = None
        self._lock = threading.Lock()

    def update(self) -> None:
        """Write the programs that are missing now if they have changed; a failure to write is ignored."""
        with self._lock, suppress(OSError):
            missing = self._current()
            if missing == self._written:
                return
            if missing:
                write_privately(self._path, json.dumps([attrs.astuple(program) for program in missing]))
            else:
                self._path.unlink(missing_ok=True)
            self._written = missing


def no_program_text(missing: MissingProgram, programs: Programs, root: Path) -> str:
    """Return the message for a request whose image or algorithm has no program, with the calls that give it one."""
    name = missing.image or missing.algorithm
    hint = closest(name, programs.images if missing.image else programs.algorithms)
    code = Options.read(root).code_for(missing)
    return (
        f"The local service has no program for {name}{f'; {hint}' if hint else '.'} Known are: {programs.known()}. "
        f"In Python, call service.add_program({code}). In a shell, stop the service and "
        f"start it with: {serve_command(root, missing=[missing])}"
    )
