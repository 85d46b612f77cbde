"""What a training job leaves: its model and output packed to where the request says, and its checkpoints.

A link is kept if it leads to a place in its own folder, as a link relative to where it stands. Other links, FIFOs,
sockets and devices are left out.
"""

from __future__ import annotations

import os
import re
import stat
import tarfile
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk.local._trees import Entry, kind_of, open_below, remove_tree, walk
from hptsdk.local.process._storage import UnsafePathError, is_inside, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["copy_tree", "pack", "sync"]

_PIECE = 1 << 20

# Who may do what with a file, without the bits that let it run as another user.
_PERMISSIONS = 0o777

# The name under which a file is written until it is whole; a crash may leave one.
_PART = re.compile(r"\.[0-9a-f]{32}\.part")


def _entries(folder: Path) -> Iterable[Entry]:
    """Return what lies below a folder; nothing if it is missing.

    Raises:
        ValueError: it is not a folder, or its folders are nested too deeply.
    """
    kind = kind_of(folder)
    if kind is None:
        return ()
    if kind != "folder":
        raise ValueError(f"{folder} is not a folder any more")
    return walk(folder)


def _link_text(folder: Path, name: str) -> str | None:
    """Return what a link below a folder leads to, relative to where it stands; None if that is not in the folder."""
    link = folder / name
    if not is_inside(link, folder):
        return None
    place = Path(os.path.realpath(folder), name).parent
    return os.path.relpath(os.path.realpath(link), place)


def pack(folder: Path, target: Path) -> None:
    """Write the contents of a folder as a gzipped tar file; it is there when it is whole.

    Raises:
        OSError: it can't be read or written.
        ValueError: it is not a folder, or its folders are nested too deeply.
    """
    source = Path(os.path.realpath(folder))

    def write(path: Path) -> None:
        with tarfile.open(path, "w:gz", compresslevel=1) as archive:
            for entry in _entries(source):
                _add(archive, source, entry)

    _put(target, write)


def _add(archive: tarfile.TarFile, folder: Path, entry: Entry) -> None:
    if entry.kind == "file":
        with open_below(folder, entry.name) as file:
            archive.addfile(archive.gettarinfo(arcname=entry.name, fileobj=file), file)
        return
    text = _link_text(folder, entry.name) if entry.kind == "link" else None
    if entry.kind == "folder" or text is not None:
        info = archive.gettarinfo(folder / entry.name, entry.name)
        info.linkname = text or ""
        if info.isdir() or info.issym():
            archive.addfile(info)


def copy_tree(folder: Path, target: Path) -> None:
    """Copy the contents of a folder, file by file.

    Raises:
        OSError: it can't be read or written.
        UnsafePathError: a link in the target leads outside of it.
        ValueError: it is not a folder, or its folders are nested too deeply.
    """
    source = Path(os.path.realpath(folder))
    for entry in _entries(source):
        _copy(source, entry, target)


def sync(folder: Path, target: Path) -> None:
    """Bring additions, changes and deletions of a folder to another.

    What cannot be brought does not keep the rest from it. Only a sync without a problem deletes something.

    Args:
        folder: the folder, not a link to one.
        target: the other; it is created if it is missing.

    Raises:
        OSError: something can't be read or written, or has changed meanwhile.
        UnsafePathError: a link in the target leads outside of it.
        ValueError: the folders are nested too deeply.
    """
    problems: list[Exception] = []
    wanted: set[str] = set()
    for entry in walk(folder, problems):
        try:
            if _copy(folder, entry, target):
                wanted.add(entry.name)
        except (OSError, UnsafePathError) as problem:
            problems.append(problem)
    if not problems and target.is_dir():
        for name, kind in reversed(list(walk(target, problems))):
            if name not in wanted:
                (target / name).rmdir() if kind == "folder" else (target / name).unlink()
    if problems:
        raise problems[0]


def _copy(folder: Path, entry: Entry, target: Path) -> bool:
    """Copy what lies below a folder to the same place below another, unless it is the same already.

    Returns:
        Whether it belongs there: not if it is a special file, a link that leads outside, or a file that is not whole.
    """
    above, _, last = entry.name.rpartition("/")
    # what is above was copied before, so it is a folder; a link to the outside raises
    to = within(target, above) / last
    match entry.kind:
        case "folder":
            if kind_of(to) not in (None, "folder"):
                to.unlink()
            to.mkdir(parents=True, exist_ok=True)
        case "link":
            text = _link_text(folder, entry.name)
            if text is None:
                return False
            if kind_of(to) != "link" or str(to.readlink()) != text:
                _replace(to, partial(_write_link, text))
        case "file":
            if _PART.fullmatch(last):
                return False
            if _stamp(folder / entry.name) != _stamp(to):
                _replace(to, partial(_copy_file, folder, entry.name))
        case _:
            return False
    return True


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes with the content of a file; None for anything else."""
    if kind_of(path) != "file":
        return None
    status = path.lstat()
    return status.st_size, status.st_mtime_ns


def _write_link(text: str, to: Path) -> None:
    to.symlink_to(text)


def _copy_file(folder: Path, name: str, to: Path) -> None:
    """Copy a file with its time and permissions; what is appended to it meanwhile is not copied."""
    with open_below(folder, name) as file, to.open("xb") as copy:
        status = os.fstat(file.fileno())
        left = status.st_size
        while left and (piece := file.read(min(left, _PIECE))):
            copy.write(piece)
            left -= len(piece)
    os.utime(to, ns=(status.st_atime_ns, status.st_mtime_ns))
    to.chmod(stat.S_IMODE(status.st_mode) & _PERMISSIONS)


def _replace(target: Path, write: Callable[[Path], object]) -> None:
    if kind_of(target) == "folder":
        remove_tree(target)
    _put(target, write)


def _put(target: Path, write: Callable[[Path], object]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        write(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
