"""Where `s3://` addresses and file systems are on this machine, and that nothing leads outside of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Places", "UnsafePathError", "files_below", "within"]


class UnsafePathError(Exception):
    """An address or a link leads outside the folder that it belongs to."""


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
        folder = self._buckets.get(bucket) or self._own / bucket
        return within(folder, key)

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
        path = self.path(uri)
        bucket, _ = _parts(uri)
        folder = self._buckets.get(bucket) or self._own / bucket
        if path.is_dir():
            yield from files_below(path, folder)
            return
        if uri.endswith("/") or not path.parent.is_dir():
            return
        for name, found in files_below(path.parent, folder):
            if name.startswith(path.name):
                yield name, found


def _parts(uri: str) -> tuple[str, str]:
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket or bucket in (".", "..") or os.sep in bucket:
        raise UnsafePathError(f"{uri} is no s3:// address of a bucket")
    return bucket, key


def within(folder: Path, name: str) -> Path:
    """Join a name from outside to a folder.

    Raises:
        UnsafePathError: it would lead outside, by `..` or through a link.
    """
    parts = [part for part in name.split("/") if part]
    if any(part in (".", "..") or "\0" in part or os.sep in part for part in parts):
        raise UnsafePathError(f"{name} has a part that names no file or folder")
    path = folder.joinpath(*parts)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UnsafePathError(f"{name} leads outside the folder that it belongs to")
    return path


def files_below(folder: Path, fence: Path) -> Iterator[tuple[str, Path]]:
    """Go through all files of a folder in the order of their names, each with its name in it.

    Raises:
        UnsafePathError: a link leads to a folder, or outside the fence.
    """
    limit = fence.resolve()
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in folders:
            if Path(place, name).is_symlink():
                raise UnsafePathError(f"{Path(place, name)} is a link to a folder, which is not followed")
        for name in sorted(files):
            path = Path(place, name)
            if path.is_symlink() and not path.resolve().is_relative_to(limit):
                raise UnsafePathError(f"{path} is a link that leads outside {fence}")
            if path.is_file():
                yield str(path.relative_to(folder)), path
