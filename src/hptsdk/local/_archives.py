"""What a training job leaves: its model and output packed to where the request says, and its checkpoints."""

from __future__ import annotations

import os
import shutil
import tarfile
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["copy_tree", "pack", "sync"]


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    """Go through what lies below a folder; a link that leads out of it is left out, and other special files are."""
    limit = folder.resolve()
    for place, folders, files in os.walk(folder):
        for name in sorted([*folders, *files]):
            path = Path(place, name)
            if path.is_symlink() and not path.resolve().is_relative_to(limit):
                continue
            if path.is_symlink() or path.is_dir() or path.is_file():
                yield str(path.relative_to(folder)), path


def pack(folder: Path, target: Path) -> None:
    """Write the contents of a folder as a gzipped tar file; it is there when it is whole.

    Raises:
        OSError: it can't be read or written.
    """

    def write(path: Path) -> None:
        with tarfile.open(path, "w:gz", compresslevel=1) as archive:
            for name, entry in _entries(folder):
                archive.add(entry, arcname=name, recursive=False)

    _put(target, write)


def copy_tree(folder: Path, target: Path) -> None:
    """Copy the contents of a folder, file by file."""
    for name, entry in _entries(folder):
        if entry.is_dir() and not entry.is_symlink():
            (target / name).mkdir(parents=True, exist_ok=True)
        else:
            _put(target / name, partial(shutil.copy2, entry, follow_symlinks=False))


def _put(target: Path, write: Callable[[Path], object]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        write(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def sync(folder: Path, target: Path) -> None:
    """Bring additions, changes and deletions of a folder to another.

    Raises:
        OSError: something can't be read or written; a file that vanishes meanwhile is none of it.
    """
    wanted = dict(_entries(folder))
    for name, entry in wanted.items():
        to = target / name
        try:
            if entry.is_dir():
                to.mkdir(parents=True, exist_ok=True)
            elif not to.exists() or _stamp(to) != _stamp(entry):
                _put(to, partial(shutil.copy2, entry))
        except FileNotFoundError:
            continue
    if target.is_dir():
        for name, entry in sorted(_entries(target), reverse=True):
            if name not in wanted:
                entry.rmdir() if entry.is_dir() and not entry.is_symlink() else entry.unlink(missing_ok=True)


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
