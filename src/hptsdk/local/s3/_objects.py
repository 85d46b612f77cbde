"""The objects of buckets: the files below their folders. No key or link leads out of the folder of its bucket."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import threading
import uuid
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from hptsdk.local._files import PART_SUFFIX, create_file, folder_below, open_below
from hptsdk.local.process import UnsafePathError
from hptsdk.local.s3._index import version_of
from hptsdk.local.s3._places import no_such_key, place_of, reading, writing
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from typing import BinaryIO

    from hptsdk.local.process import Storage
    from hptsdk.local.s3._index import Index
    from hptsdk.local.s3._places import Place

__all__ = ["Object", "Objects"]

# A file that no client has uploaded gets the ETag that an upload by the AWS CLI gives it: its MD5 up to this size, and
# the form of a multipart upload above it. For that form, the content is not read.
_PART = 8 << 20

_BLOCK = 1 << 20


@attrs.frozen
class Object:
    """An object.

    Attributes:
        key: its key.
        size: its size in bytes.
        modified: the time of its last change, in seconds since 1970.
        etag: its ETag, without quotes.
        headers: its metadata as headers.
    """

    key: str
    size: int
    modified: float
    etag: str
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])


class Objects:
    """The objects of all buckets.

    Args:
        storage: the folders of the buckets.
        index: the ETags and the metadata of objects.
    """

    def __init__(self, storage: Storage, index: Index) -> None:
        self._storage = storage
        self._index = index
        # held while a file is placed or deleted, so that its row in the index is that of the file
        self._lock = threading.Lock()

    def folder(self, bucket: str) -> Path:
        """Return the folder of a bucket, without links.

        Raises:
            Refusal: the bucket does not exist.
        """
        try:
            folder = self._storage.bucket(bucket)
            return folder.resolve(strict=True) if folder.is_dir() else _no_such_bucket(bucket)
        except (UnsafePathError, OSError):
            return _no_such_bucket(bucket)

    def place(self, bucket: str, key: str, *, is_new: bool = False) -> Place:
        """Return the place of an object, which may not exist.

        Args:
            bucket: the name of the bucket.
            key: the key.
            is_new: whether the object is to be written. Defaults to False.

        Raises:
            Refusal: the bucket does not exist, the key cannot be that of a file, or a link leads out of the bucket.
        """
        return place_of(self.folder(bucket), bucket, key, is_new=is_new)

    # --- read ---

    def open(self, bucket: str, key: str) -> tuple[BinaryIO, Object]:
        """Open the file of an object.

        Raises:
            Refusal: it does not exist or cannot be read.
        """
        place = self.place(bucket, key)
        if key.endswith("/"):
            return self._open_marker(place)
        with reading():
            file = open_below(place.folder, place.path)
        try:
            return file, self._object(place, file)
        except BaseException:
            file.close()
            raise

    def _open_marker(self, place: Place) -> tuple[BinaryIO, Object]:
        """Open the marker of a folder, which has no content."""
        stored = self._index.get(place.bucket, place.key, "")
        with reading():
            descriptor = folder_below(place.folder, place.path)
            modified = os.fstat(descriptor).st_mtime
            os.close(descriptor)
        if stored is None:
            raise no_such_key()
        return BytesIO(), Object(place.key, 0, modified, *stored)

    def head(self, bucket: str, key: str) -> Object:
        """Return an object.

        Raises:
            Refusal: it does not exist or cannot be read.
        """
        file, found = self.open(bucket, key)
        file.close()
        return found

    def listed(self, bucket: str, folder: Path, key: str) -> Object:
        """Return an object of a list.

        Args:
            bucket: the name of the bucket.
            folder: its folder.
            key: the key of an existing file in it, or of a marker.

        Raises:
            Refusal: it no longer exists, or cannot be read.
        """
        with suppress(OSError):
            status = Path(folder, key).lstat()
            if stat.S_ISREG(status.st_mode) and (stored := self._index.get(bucket, key, version_of(status))):
                return Object(key, status.st_size, status.st_mtime, *stored)
        return self.head(bucket, key)

    def has_marker(self, bucket: str, key: str) -> bool:
        """Check whether a client has created a folder, by an object whose key ends with a slash."""
        return self._index.get(bucket, key, "") is not None

    def _object(self, place: Place, file: BinaryIO) -> Object:
        """Return the object of an open file."""
        status = os.fstat(file.fileno())
        version = version_of(status)
        stored = self._index.get(place.bucket, place.key, version)
        if stored is None:
            etag = _etag(file, status)
            if version_of(os.fstat(file.fileno())) == version:
                self._index.put(place.bucket, place.key, version, etag, {})
            return Object(place.key, status.st_size, status.st_mtime, etag)
        return Object(place.key, status.st_size, status.st_mtime, *stored)

    # --- write ---

    def put(self, place: Place, file: Path, etag: str, headers: Mapping[str, str]) -> Object:
        """Make a file the content of an object.

        Args:
            place: the place of the object.
            file: the file, which is moved.
            etag: the ETag of the object.
            headers: its metadata.

        Raises:
            Refusal: the key of a folder cannot have content, or another object is in the way.
        """
        is_marker = place.key.endswith("/")
        if is_marker and file.stat().st_size:
            message = "The local service cannot store this key: it ends with a slash and is a folder on this machine."
            raise Refusal("InvalidRequest", message)
        with writing(place):
            if is_marker:
                os.close(folder_below(place.folder, place.path, create=True))
                self._index.put(place.bucket, place.key, "", etag, headers)
                return self.head(place.bucket, place.key)
            with _on_same_device(file, place.folder) as local, self._lock:
                parent = folder_below(place.folder, place.parent, create=True)
                try:
                    os.replace(local, place.name, dst_dir_fd=parent)
                    status = os.stat(place.name, dir_fd=parent, follow_symlinks=False)
                finally:
                    os.close(parent)
                self._index.put(place.bucket, place.key, version_of(status), etag, headers)
        return Object(place.key, status.st_size, status.st_mtime, etag, headers)

    def delete(self, bucket: str, key: str) -> None:
        """Delete an object, and the folders that become empty. An object that does not exist is no error.

        Raises:
            Refusal: the bucket does not exist, or the object cannot be deleted.
        """
        try:
            place = self.place(bucket, key, is_new=True)
        except Refusal as refusal:
            if refusal.code == "InvalidRequest":
                return
            raise
        with self._lock, reading(suppressed=True):
            self._index.delete(bucket, key)
            if not key.endswith("/"):
                parent = folder_below(place.folder, place.parent)
                try:
                    status = os.stat(place.name, dir_fd=parent, follow_symlinks=False)
                    if not stat.S_ISDIR(status.st_mode):
                        os.unlink(place.name, dir_fd=parent)
                finally:
                    os.close(parent)
            self._remove_empty(place, place.path if key.endswith("/") else place.parent)

    def _remove_empty(self, place: Place, folder: str) -> None:
        """Remove a folder and those above it as long as they are empty, and no client has created them."""
        while folder and not self.has_marker(place.bucket, f"{folder}/"):
            above, _, name = folder.rpartition("/")
            parent = folder_below(place.folder, above)
            try:
                os.rmdir(name, dir_fd=parent)
            except OSError:
                return
            finally:
                os.close(parent)
            folder = above


def _no_such_bucket(bucket: str) -> Path:
    hint = "create it, or pass its folder to the local service with buckets="
    raise Refusal("NoSuchBucket", f"The specified bucket does not exist: {bucket}; {hint}", 404)


def _etag(file: BinaryIO, status: os.stat_result) -> str:
    """Return the ETag of a file that no client has uploaded."""
    if status.st_size <= _PART:
        content = file.read(_PART)
        file.seek(0)
        return hashlib.md5(content, usedforsecurity=False).hexdigest()
    version = hashlib.md5(version_of(status).encode(), usedforsecurity=False).hexdigest()
    return f"{version}-{-(-status.st_size // _PART)}"


@contextmanager
def _on_same_device(file: Path, folder: Path) -> Generator[Path]:
    """Yield a file, or its copy in a folder of another file system, from which it can be moved in one step."""
    if file.stat().st_dev == folder.stat().st_dev:
        yield file
        return
    copy = folder / f".{uuid.uuid4().hex}{PART_SUFFIX}"
    try:
        with file.open("rb") as source, create_file(copy) as target:
            shutil.copyfileobj(source, target, _BLOCK)
        yield copy
    finally:
        copy.unlink(missing_ok=True)
