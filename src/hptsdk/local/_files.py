"""Files of a root that only its owner can read, and the removal of folders that programs wrote to."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["remove", "write_privately"]

# A path that is longer is shortened before its folder is removed. The limit of Linux is 4096, that of macOS 1024.
_LONG = 700


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner can read; a reader sees the old content or the whole new one."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it, even if folders are read-only or nested very deeply.

    Links are removed and not followed. Nothing happens if the path is missing.

    Raises:
        OSError: something cannot be removed.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    folders = [path]
    # the list grows while it is read: each folder comes after the one that it is in
    for folder in folders:
        _make_writable(folder)
        for entry in list(folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                folders.append(_shortened(entry, path))
            else:
                entry.unlink()
    for folder in reversed(folders):
        folder.rmdir()


def _shortened(folder: Path, top: Path) -> Path:
    """Move a folder up if its path is long, and return its path."""
    if len(os.fsencode(folder)) - len(os.fsencode(top)) < _LONG:
        return folder
    _make_writable(folder)
    return folder.rename(top / uuid.uuid4().hex)


def _make_writable(folder: Path) -> None:
    # the folder of another user may be writable all the same
    with suppress(PermissionError):
        folder.chmod(0o700)
