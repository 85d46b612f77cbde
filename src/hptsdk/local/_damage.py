"""What is wrong with the state of a root that cannot be opened, and what to do."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from hptsdk.local._store import StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["STATE_ERRORS", "check_not_emptied", "unusable"]

STATE_ERRORS = (sqlite3.Error, StoreUnavailableError)
"""The errors of a state that cannot be read or written."""

# The primary result codes of SQLite for a file that has another content than it should.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def unusable(state: Path, error: Exception) -> ValueError | OSError:
    """Return the error that says what is wrong with a state: a ValueError if its content is damaged."""
    reason = error.__cause__ if isinstance(error, StoreUnavailableError) else error
    code = getattr(reason, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return ValueError(_damaged(state, f"{error}"))
    return OSError(f"{state} cannot be used: {error}. Check the space and the permissions there.")


def check_not_emptied(state: Path, options: Path) -> None:
    """Check that the state of a root that was opened before is not an empty file, which SQLite takes for a new one.

    Raises:
        ValueError: it is.
    """
    if options.exists() and state.exists() and state.stat().st_size == 0:
        raise ValueError(_damaged(state, "file is empty"))


def _damaged(state: Path, reason: str) -> str:
    return (
        f"{state} is damaged: {reason}. Restore it from a copy of the root. Without one, delete it and the files "
        f"{state.name}-wal and {state.name}-shm: the root then opens without its tuning jobs."
    )
