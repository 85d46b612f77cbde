"""The folders of S3 buckets and file systems. No path or link may point outside them."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk.local._files import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Storage", "UnsafePathError", "is_inside", "within"]

_logger = logging.getLogger("hptsdk.local")

# The names of folders that are not buckets.
_NO_NAMES = ("", ".", "..")

# The longest file name of Linux and macOS, in bytes.
_MAX_NAME = 255

# The number of bytes that are reserved for the names that a training job adds to an address: its own and its files'.
_RESERVE = 256

# The number of characters of a long name that an error message shows.
_SHOWN = 80


class UnsafePathError(Exception):
    """An address or a link points outside its folder, or cannot be a path on this machine."""


class Storage:
    """The folders of buckets and file systems. A bucket without a folder has one below the root."""

    def __init__(self, root: Path, buckets: Mapping[str, Path], file_systems: Mapping[str, Path]) -> None:
        self._default = root / "buckets"
        self._buckets = dict(buckets)
        self._file_systems = dict(file_systems)

    def path(self, uri: str) -> Path:
        """Return the path of an S3 address, which may not exist.

        Raises:
            UnsafePathError: it is outside the folder of the bucket.
        """
        folder, key = self._folder_and_key(uri)
        return within(folder, key)

    def _folder_and_key(self, uri: str) -> tuple[Path, str]:
        scheme, _, rest = uri.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or bucket in _NO_NAMES:
            raise UnsafePathError(f"{uri} is not an s3:// address of a bucket")
        return self.bucket(bucket), key

    def bucket(self, name: str) -> Path:
        """Return the folder of a bucket, which may not exist.

        Raises:
            UnsafePathError: the name cannot be that of a folder.
        """
        if name in _NO_NAMES:
            raise UnsafePathError(f"{name!r} is not the name of a bucket")
        return self._buckets.get(name) or self._default.joinpath(*_segments(self._default, name))

    def buckets(self) -> dict[str, Path]:
        """Return the folders of all existing buckets, sorted by bucket name."""
        own = {path.name: path for path in self._default.iterdir()} | self._buckets
        return {name: own[name] for name in sorted(own) if own[name].is_dir()}

    def has_own_folder(self, bucket: str) -> bool:
        """Check whether a bucket has a folder of its own, outside the root."""
        return bucket in self._buckets

    def file_system(self, file_system_id: str, directory: str) -> Path | None:
        """Return the path of a directory of a file system.

        Returns:
            The path; None if the file system has no folder.

        Raises:
            UnsafePathError: it is outside the folder of the file system.
        """
        folder = self._file_systems.get(file_system_id)
        return None if folder is None else within(folder, directory)

    def objects(self, uri: str) -> Iterator[tuple[str, Path]]:
        """Return the files under an S3 prefix, sorted by name, with their names below the prefix.

        If the prefix is a folder, these are the files in it. If not, they are the files whose paths begin with it.

        Raises:
            UnsafePathError: a link points outside the folder of the bucket.
        """
        path, (folder, _) = self.path(uri), self._folder_and_key(uri)
        if path.is_dir():
            yield from _files_below(path, folder)
        elif not uri.endswith("/") and path.parent.is_dir():
            yield from _files_below(path.parent, folder, path.name)


def within(folder: Path, name: str) -> Path:
    """Join a folder and a name from a request or a program.

    Raises:
        UnsafePathError: it is outside the folder, because of `..` or a link, or is too long for a path.
    """
    path = folder.joinpath(*_segments(folder, name))
    if not is_inside(path, folder):
        raise UnsafePathError(f"{name} is outside its folder")
    return path


def _segments(folder: Path, name: str) -> list[str]:
    """Return the parts of a name, after a check that they can be files and folders below a folder."""
    parts = [part for part in name.split("/") if part]
    if any(part in (".", "..") or "\0" in part or os.sep in part for part in parts):
        raise UnsafePathError(f"{name} has a part that cannot be the name of a file or folder")
    try:
        sizes = [len(os.fsencode(part)) for part in parts]
    except UnicodeEncodeError as error:
        raise UnsafePathError(f"{name!r} cannot be a path on this machine: {error.reason}") from None
    for part, size in zip(parts, sizes, strict=True):
        if size > _MAX_NAME:
            raise UnsafePathError(
                f"{part[:_SHOWN]}… has {size} bytes, and the name of a file or folder has at most {_MAX_NAME}; "
                f"use a shorter name"
            )
    size, longest = len(os.fsencode(folder)) + sum(sizes) + len(sizes), os.pathconf("/", "PC_PATH_MAX") - _RESERVE
    if size > longest:
        raise UnsafePathError(
            f"{name[:_SHOWN]}… is a path of {size} bytes on this machine, and a path has at most {longest}; "
            f"use a shorter one"
        )
    return parts


def is_inside(path: Path, folder: Path) -> bool:
    """Check whether a path is inside a folder, or is the folder itself, after all links in both are resolved."""
    # unlike `Path.resolve`, `realpath` accepts links that point to each other
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _files_below(folder: Path, bucket: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Return the files of a folder, with their names in it; broken links and special files are skipped.

    Args:
        folder: the folder.
        bucket: the folder of the bucket, outside which links may not point.
        prefix: the prefix of the names. Defaults to no prefix.
    """
    for name, kind in walk(Path(os.path.realpath(folder)), prefix=prefix):
        path = folder / name
        if kind == "file":
            yield name, path
        elif kind == "link":
            if _is_broken(path):
                _logger.warning("%s is a broken link and is skipped", path)
            elif path.is_dir():
                raise UnsafePathError(f"{path} is a link to a folder, which is not followed")
            elif not is_inside(path, bucket):
                raise UnsafePathError(f"{path} is a link to a file outside {bucket}")
            elif path.is_file():
                yield name, path


def _is_broken(link: Path) -> bool:
    """Check whether a link points to a missing file, to itself, or to a name that no file can have."""
    try:
        link.stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
            return True
        raise
    return False
