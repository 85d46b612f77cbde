"""Files and folders: private files of a root, and files that a training program can change at any time.

A link is a symbolic link.
"""

from __future__ import annotations

import errno
import itertools
import os
import stat
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

Kind = Literal["folder", "file", "link", "other"]

PART_SUFFIX = ".hptsdk-part"
"""The end of the names of unfinished files in the folders of buckets. They are not read as data."""

_OWNER_ONLY = 0o700

# The maximum depth of folders: each is opened from the top down, so the time grows with the square of the depth.
_MAX_DEPTH = 200


class Entry(NamedTuple):
    """An entry below a folder: its path relative to the folder, with slashes, and its type when that was read."""

    name: str
    kind: Kind


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; a reader sees either the old content or the new one."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def open_regular(path: Path, *, follow_links: bool = False, create: bool = False) -> BinaryIO:
    """Open a regular file for reading; a FIFO or a device neither blocks nor is read.

    Args:
        path: the file.
        follow_links: whether the file may be a link. Defaults to False.
        create: create an empty file, readable by its owner only, if it is missing. Defaults to False.

    Raises:
        OSError: it cannot be opened, or is not a regular file.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | (0 if follow_links else os.O_NOFOLLOW) | (os.O_CREAT if create else 0)
    try:
        return _check_regular(os.open(path, flags, 0o600), str(path))
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _not_regular(str(path)) from None
        raise


def open_below(folder: Path, name: str) -> BinaryIO:
    """Open a regular file below a folder for reading; neither the folder nor a part of the name may be a link.

    Raises:
        OSError: it cannot be opened, or is not a regular file.
    """
    parent, _, last = name.rpartition("/")
    with folder_below(folder, parent) as descriptor:
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW
        return _check_regular(os.open(last, flags, dir_fd=descriptor), name)


def create_file(path: Path) -> BinaryIO:
    """Create a file for reading and writing, with the default permissions of the user.

    Raises:
        FileExistsError: it exists.
        OSError: it cannot be created.
    """
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), "w+b")


def open_log(path: Path) -> int:
    """Open a file for appending, created for its owner only, and return its descriptor; a FIFO does not block.

    Raises:
        OSError: it cannot be opened, or is a link.
    """
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)


def last_lines(output: bytes, count: int) -> str:
    """Return the last `count` lines of the stripped output of a program, as text."""
    return "\n".join(output.decode(errors="replace").strip().splitlines()[-count:])


@contextmanager
def folder_below(folder: Path, name: str, *, create: bool = False) -> Generator[int]:
    """Yield the descriptor of a folder below another; neither the folder nor a part of the name may be a link.

    Args:
        folder: the other folder.
        name: the path below it; empty for `folder` itself.
        create: create the missing folders of `name`. Defaults to False.

    Raises:
        NotADirectoryError: a part of the path is not a folder.
        OSError: it cannot be opened or created.
    """
    current = _open_folder(folder)
    try:
        # part by part, so that a link that replaces a part is not followed
        for part in filter(None, name.split("/")):
            if create:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=current)
            above, current = current, _open_folder(part, current)
            os.close(above)
        yield current
    finally:
        os.close(current)


def _open_folder(path: Path | str, parent: int | None = None) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)


def _check_regular(descriptor: int, name: str) -> BinaryIO:
    """Return the open file of a descriptor; if it is not a regular file, close it and raise OSError."""
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise _not_regular(name)


def _not_regular(name: str) -> OSError:
    return OSError(errno.EINVAL, "Not a regular file", name)


def kind_of(path: Path) -> Kind | None:
    """Return the type of a path, without following a link; None if it does not exist."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(mode):
        return "link"
    return "folder" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"


def is_empty(folder: Path) -> bool:
    """Check whether a folder is empty or missing."""
    return not os.path.lexists(folder) or (folder.is_dir() and not any(folder.iterdir()))


def walk(folder: Path, problems: list[Exception] | None = None, *, prefix: str = "") -> Iterator[Entry]:
    """Yield the entries below a folder, a folder before its entries, without unfinished files. Links are not followed.

    Args:
        folder: the folder, not a link to one.
        problems: receives the error of each folder below `folder` that cannot be read. Defaults to raising it.
        prefix: the prefix of the names in the folder itself; entries without it are skipped. Defaults to no prefix.

    Raises:
        OSError: a folder cannot be read. It is always raised for `folder` itself.
        ValueError: more than 200 folders are nested, or a path is too long for the system.
    """
    longest = os.pathconf("/", "PC_PATH_MAX") - len(os.fsencode(folder)) - 1
    pending = [""]
    while pending:
        parent = pending.pop()
        try:
            entries = entries_below(folder, parent)
        except OSError as error:
            if problems is None or not parent:
                raise
            problems.append(error)
            continue
        if not parent:
            entries = [entry for entry in entries if entry.name.startswith(prefix)]
        for entry in entries:
            is_too_deep = entry.kind == "folder" and entry.name.count("/") >= _MAX_DEPTH
            if is_too_deep or len(os.fsencode(entry.name)) >= longest:
                raise ValueError(
                    f"the folders in {folder} are nested too deeply: {entry.name[:80]}…; use shorter paths"
                )
            yield entry
        pending += [f"{entry.name}/" for entry in reversed(entries) if entry.kind == "folder"]


def entries_below(folder: Path, parent: str) -> list[Entry]:
    """Return the entries of a folder below another, sorted by name, without unfinished files.

    Args:
        folder: the folder, not a link to one.
        parent: the path of the folder below it, with a slash at the end; an empty path for the folder itself.

    Raises:
        OSError: the folder cannot be read.
    """
    with folder_below(folder, parent) as descriptor, os.scandir(descriptor) as entries:
        names = (entry for entry in entries if not entry.name.endswith(PART_SUFFIX))
        return sorted(Entry(f"{parent}{entry.name}", _kind(entry)) for entry in names)


def _kind(entry: os.DirEntry[str]) -> Kind:
    """Return the type of an entry, without following a link."""
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


def remove_tree(path: Path) -> None:
    """Remove a file, a link, or a folder with its contents, of any depth and with any permissions.

    Each folder further down is moved to the top before its contents are removed, so that no path is too long for the
    system.

    Raises:
        OSError: an entry cannot be removed.
    """
    if kind_of(path) != "folder":
        path.unlink(missing_ok=True)
        return
    unique, numbers = uuid.uuid4().hex, itertools.count()
    _make_writable(path)
    folders = [path]
    while folders:
        folder = folders.pop()
        with os.scandir(folder) as scanned:
            entries = [(Path(entry.path), entry.is_dir(follow_symlinks=False)) for entry in scanned]
        for entry, is_folder in entries:
            if is_folder:
                _make_writable(entry)
                folders.append(entry if folder == path else entry.rename(path / f".{unique}-{next(numbers)}"))
            else:
                entry.unlink(missing_ok=True)
        if folder != path:
            folder.rmdir()
    path.rmdir()


def _make_writable(folder: Path) -> None:
    if folder.lstat().st_mode & _OWNER_ONLY != _OWNER_ONLY:
        folder.chmod(_OWNER_ONLY)
