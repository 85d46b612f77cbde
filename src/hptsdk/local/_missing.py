"""The programs that a service does not have, in a file of its root that commands read."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs

from hptsdk._local_root import MISSING_PROGRAMS
from hptsdk.local._files import write_privately

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hptsdk.local._programs import MissingProgram

__all__ = ["MissingProgramsFile"]


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
        """Write the programs that are missing now, if they have changed. The service runs on if it cannot be written."""
        with self._lock, suppress(OSError):
            missing = self._current()
            if missing == self._written:
                return
            if missing:
                write_privately(self._path, json.dumps([attrs.astuple(program) for program in missing]))
            else:
                self._path.unlink(missing_ok=True)
            self._written = missing
