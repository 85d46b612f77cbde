"""Where `s3://` addresses and file systems are on this machine, and that nothing leads outside of them."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk.local._trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Places", "UnsafePathError", "files_below", "is_inside", "within"]

_log = logging.getLogger("hptsdk.local")

# What Linux and macOS allow for the name of a file, in bytes.
_LONGEST_NAME = 255

# Bytes that are kept for what a training job adds to an address: its name, and the names of its files.
_RESERVE = 256


class UnsafePathError(Exception):
    """An address or a link leads outside the folder that it belongs to, or cannot be a path here."""


class Places:
    """The folders of buckets and file systems; a bucket without one has its own below the root.

    Args:
        root: of the service.
        buckets: folders by bucket.
        file_systems: folders by file system ID.
    """

    def __init__(self, root: Path, buckets: Mapping[str, Path], file_systems: Mapping[str, Path]) -> None:
        self._own = root / "buckets"
        self._buckets = dict(buckets)
        self._file_systems = dict(file_systems)

    def path(self, uri: str) -> Path:
        """Find where an S3 address is, be there something or not.

        Raises:
            UnsafePathError: it leads outside the bucket's folder.
        """
        bucket, key = _parts(uri)
        return within(self._folder(bucket), key)

    def _folder(self, bucket: str) -> Path:
        return self._buckets.get(bucket) or self._own.joinpath(*_segments(self._own, bucket))

    def file_system(self, identity: str, directory: str) -> Path | None:
        """Find a directory of a file system; None for one without a folder."""
        folder = self._file_systems.get(identity)
        return None if folder is None else within(folder, directory)

    def objects(self, uri: str) -> Iterator[tuple[str, Path]]:
        """Go through the files under an S3 prefix in the order of their names, each with its name below the prefix.

        A folder gives what lies in it. Otherwise the files beside it whose names begin so are given.

        Raises:
            UnsafePathError: a link leads outside the bucket's folder.
        """
        path, folder = self.path(uri), self._folder(_parts(uri)[0])
        if path.is_dir():
            yield from files_below(path, folder)
        elif not uri.endswith("/") and path.parent.is_dir():
            yield from files_below(path.parent, folder, path.name)


def _parts(uri: str) -> tuple[str, str]:
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or bucket in ("", ".", ".."):
        raise UnsafePathError(f"{uri} is no s3:// address of a bucket")
    return bucket, key


def within(folder: Path, name: str) -> Path:
    """Join a name from outside to a folder.

    Raises:
        UnsafePathError: it would lead outside, by `..` or through a link, or is too long for a path.
    """
    path = folder.joinpath(*_segments(folder, name))
    if not is_inside(path, folder):
        raise UnsafePathError(f"{name} leads outside the folder that it belongs to")
    return path


def _segments(folder: Path, name: str) -> list[str]:
    """Split a name from outside, and check that the parts can be files and folders below a folder."""
    parts = [part for part in name.split("/") if part]
    if any(part in (".", "..") or "\0" in part or os.sep in part for part in parts):
        raise UnsafePathError(f"{name} has a part that names no file or folder")
    try:
        sizes = [len(os.fsencode(part)) for part in parts]
    except UnicodeEncodeError as error:
        raise UnsafePathError(f"{name!r} cannot be a path here: {error.reason}") from None
    for part, size in zip(parts, sizes, strict=True):
        if size > _LONGEST_NAME:
            raise UnsafePathError(
                f"{part[:_SHOWN]}… has {size} bytes, and the name of a file or folder has at most {_LONGEST_NAME}; "
                f"use a shorter name"
            )
    size, longest = len(os.fsencode(folder)) + sum(sizes) + len(sizes), os.pathconf("/", "PC_PATH_MAX") - _RESERVE
    if size > longest:
        raise UnsafePathError(
            f"{name[:_SHOWN]}… is a path of {size} bytes here, and a path has at most {longest}; use a shorter one"
        )
    return parts


# How many characters of a name are shown that is too long.
_SHOWN = 80


def is_inside(path: Path, folder: Path) -> bool:
    """Check whether a path is inside a folder, or is the folder itself, once all links in both are followed."""
    # unlike `Path.resolve`, `realpath` takes links that lead to each other
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def files_below(folder: Path, fence: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Return the files of a folder, each with its name in it; broken links and special files are left out.

    Args:
        folder: the folder.
        fence: what links may not lead out of.
        prefix: what the names begin with; what is beside them is not looked at.

    Raises:
        UnsafePathError: a link leads to a folder, or outside the fence.
        OSError: a folder cannot be read.
        ValueError: folders are nested too deeply.
    """
    for name, kind in walk(Path(os.path.realpath(folder)), prefix=prefix):
        path = folder / name
        if kind == "file":
            yield name, path
        elif kind == "link":
            if _is_broken(path):
                _log.warning("%s is a broken link and is left out", path)
            elif path.is_dir():
                raise UnsafePathError(f"{path} is a link to a folder, which is not followed")
            elif not is_inside(path, fence):
                raise UnsafePathError(f"{path} is a link that leads outside {fence}")
            elif path.is_file():
                yield name, path


def _is_broken(link: Path) -> bool:
    """Check whether a link leads to nothing: to a missing file, to itself, or to a name that no file can have."""
    try:
        link.stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
            return True
        raise
    return False
