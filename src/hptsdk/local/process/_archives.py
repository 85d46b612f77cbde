"""Archives and copies of folders, for the model, the output and the checkpoints of a training job.

A symbolic link whose target is in the same folder becomes a relative link. Other links, FIFOs, sockets and devices are
skipped.
"""

from __future__ import annotations

import logging
import os
import re
import stat
import tarfile
import time
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk.local._files import Entry, is_empty, kind_of, open_below, remove_tree, walk
from hptsdk.local.process._storage import UnsafePathError, is_inside, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hptsdk.local.process._storage import Storage
    from hptsdk.shapes import OutputDataConfig

_BLOCK = 1 << 20

# Permissions without the set-user-ID, set-group-ID and sticky bits.
_PERMISSIONS = 0o777

# The name of an incomplete file; a crash may leave one.
_PART = re.compile(r"\.[0-9a-f]{32}\.part")


def _entries(folder: Path) -> Iterable[Entry]:
    """Return the entries below a folder; none if it is missing."""
    kind = kind_of(folder)
    if kind is None:
        return ()
    if kind != "folder":
        raise ValueError(f"{folder} is not a folder")
    return walk(folder)


def _link_target(folder: Path, name: str) -> str | None:
    """Return the relative target of a link below a folder; None if the target is not in the folder."""
    link = folder / name
    if not is_inside(link, folder):
        return None
    return os.path.relpath(os.path.realpath(link), Path(os.path.realpath(folder), name).parent)


def pack(folder: Path, target: Path) -> None:
    """Write the contents of a folder, nothing if it is missing, as a gzipped tar file, which appears when complete.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: `folder` is not a folder, or its folders are nested too deeply.
    """
    source = Path(os.path.realpath(folder))

    def write(path: Path) -> None:
        with tarfile.open(path, "w:gz", compresslevel=1) as archive:
            for entry in _entries(source):
                _add(archive, source, entry)

    _write_complete(target, write)


def _add(archive: tarfile.TarFile, folder: Path, entry: Entry) -> None:
    """Add an entry to an archive, unless it is a special file or a link out of the folder."""
    if entry.kind == "file":
        with open_below(folder, entry.name) as file:
            archive.addfile(archive.gettarinfo(arcname=entry.name, fileobj=file), file)
        return
    target = _link_target(folder, entry.name) if entry.kind == "link" else None
    if entry.kind == "folder" or target is not None:
        info = archive.gettarinfo(folder / entry.name, entry.name)
        info.linkname = target or ""
        if info.isdir() or info.issym():
            archive.addfile(info)


def copy_tree(folder: Path, target: Path) -> None:
    """Copy the contents of a folder, if it exists, to another.

    Raises:
        OSError: a file cannot be read or written.
        UnsafePathError: a link in the target points outside it.
        ValueError: `folder` is not a folder, or its folders are nested too deeply.
    """
    source = Path(os.path.realpath(folder))
    for entry in _entries(source):
        _copy(source, entry, target)


def sync(folder: Path, target: Path) -> None:
    """Copy new and changed entries of a folder to another, and delete the entries that only the other has.

    After an error of one entry, the others are still copied, but nothing is deleted.

    Args:
        folder: the folder, not a link to one.
        target: the other folder, which may be missing.

    Raises:
        OSError: a file cannot be read or written, or has changed during the copy.
        UnsafePathError: a link in the target points outside it.
        ValueError: the folders are nested too deeply.
    """
    problems: list[Exception] = []
    copied: set[str] = set()
    for entry in walk(folder, problems):
        try:
            if _copy(folder, entry, target):
                copied.add(entry.name)
        except (OSError, UnsafePathError) as problem:
            problems.append(problem)
    if not problems and target.is_dir():
        for name, kind in reversed(list(walk(target, problems))):
            if name not in copied:
                (target / name).rmdir() if kind == "folder" else (target / name).unlink()
    if problems:
        raise problems[0]


def _copy(folder: Path, entry: Entry, target: Path) -> bool:
    """Copy an entry below a folder to the same path below another, unless it is a file with the same size and time.

    Returns:
        Whether the other folder has it now; False for a special file, a link out of the folder and an incomplete file.
    """
    above, _, last = entry.name.rpartition("/")
    # the folder above was copied before; a link out of the target raises
    to = within(target, above) / last
    match entry.kind:
        case "folder":
            if kind_of(to) not in (None, "folder"):
                to.unlink()
            to.mkdir(parents=True, exist_ok=True)
        case "link":
            link = _link_target(folder, entry.name)
            if link is None:
                return False
            if kind_of(to) != "link" or str(to.readlink()) != link:
                _replace(to, lambda path: path.symlink_to(link))
        case "file":
            if _PART.fullmatch(last):
                return False
            if _size_and_time(folder / entry.name) != _size_and_time(to):
                _replace(to, partial(_copy_file, folder, entry.name))
        case _:
            return False
    return True


def _size_and_time(path: Path) -> tuple[int, int] | None:
    """Return the size and the modification time of a file; None for anything else."""
    if kind_of(path) != "file":
        return None
    status = path.lstat()
    return status.st_size, status.st_mtime_ns


def _copy_file(folder: Path, name: str, to: Path) -> None:
    """Copy a file with its time and permissions; bytes that are appended during the copy are not copied."""
    with open_below(folder, name) as file, to.open("xb") as copy:
        status = os.fstat(file.fileno())
        rest = status.st_size
        while rest and (block := file.read(min(rest, _BLOCK))):
            copy.write(block)
            rest -= len(block)
    os.utime(to, ns=(status.st_atime_ns, status.st_mtime_ns))
    to.chmod(stat.S_IMODE(status.st_mode) & _PERMISSIONS)


def _replace(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file or a link in place of anything else."""
    if kind_of(target) == "folder":
        remove_tree(target)
    _write_complete(target, write)


def _write_complete(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file or a link under another name, and rename it when it is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        write(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def upload(base: Path, output: OutputDataConfig, target: Path) -> None:
    """Copy the model and the output of a training job to the folder of its S3OutputPath.

    Args:
        base: the folder that corresponds to `/opt/ml`.
        output: the OutputDataConfig.
        target: the folder `output` of the training job.

    Raises:
        OSError: a file cannot be read or written.
        UnsafePathError: a link points outside the base folder, or outside the target.
        ValueError: a folder was replaced, or folders are nested too deeply.
    """
    for part in target.rglob(".*.part"):
        # an upload that a crash ended left it
        part.unlink(missing_ok=True)
    for name, folder in (("model", "model"), ("output", "output/data")):
        source = within(base, folder)
        if name == "output" and is_empty(source):
            continue
        if output.compression_type == "NONE":
            copy_tree(source, target / name)
        else:
            pack(source, target / f"{name}.tar.gz")


_logger = logging.getLogger("hptsdk.local")

# Seconds between two uploads.
_BETWEEN_SYNCS = 5.0


class Checkpoints:
    """The checkpoints of one training job.

    Args:
        name: the name of the training job.
        uri: the S3 address of its checkpoints; None for no checkpoints.
        storage: the folders of buckets.
    """

    def __init__(self, name: str, uri: str | None, storage: Storage) -> None:
        self._name = name
        self._uri = uri
        self._storage = storage
        self._next = time.monotonic() + _BETWEEN_SYNCS
        self._logged = ""

    def restore(self, folder: Path) -> None:
        """Copy the uploaded checkpoints to the folder of the program, if that is empty.

        Raises:
            OSError: a file cannot be read or written.
            UnsafePathError: the address is outside the folder of its bucket.
            ValueError: it is not that of a folder, or folders are nested too deeply.
        """
        if self._uri is not None and is_empty(folder):
            copy_tree(self._storage.path(self._uri), folder)

    def sync(self, folder: Path, *, now: bool = False) -> None:
        """Upload the changes since the last upload. An error is logged, and the next upload tries again.

        Args:
            folder: the folder in which the program writes its checkpoints.
            now: whether to upload even if the last upload was less than 5 seconds ago. Defaults to False.
        """
        if self._uri is None or not (now or time.monotonic() > self._next):
            return
        self._next = time.monotonic() + _BETWEEN_SYNCS
        try:
            sync(folder, self._storage.path(self._uri))
        except FileNotFoundError as error:
            # the program removes old checkpoints while it trains
            _logger.debug("training job %s: checkpoints changed while they were uploaded: %s", self._name, error)
        except (OSError, UnsafePathError, ValueError) as error:
            # the same error is logged once
            if (text := f"{error}") != self._logged:
                self._logged = text
                _logger.warning("training job %s: checkpoints could not be uploaded: %s", self._name, text)
