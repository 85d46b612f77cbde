"""The objects of buckets: the files below their folders. No key or link points outside the folder of its bucket."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import threading
import uuid
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import attrs

from hptsdk.local._files import PART_SUFFIX, create_file, folder_below, open_below
from hptsdk.local.process import UnsafePathError, is_inside
from hptsdk.local.s3._index import BLOCK, Index, md5
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from typing import BinaryIO

    from hptsdk.local.process import Storage

_MAX_KEY = 1024

# A file that no client has uploaded gets the ETag that an upload by the AWS CLI gives it: its MD5 up to this size, and
# the form of a multipart upload above it. For that form, the content is not read.
_PART = 8 << 20

# The errors of a path that is not a file.
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.ENXIO)


@attrs.frozen
class Object:
    """An object. Its time is in seconds since 1970, its ETag has no quotes, and its headers are its metadata."""

    key: str
    size: int
    modified: float
    etag: str
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])


class Place(NamedTuple):
    """The place of an object: the folder of its bucket, and its path below that folder.

    Symbolic links are resolved, except a link that a new object replaces.
    """

    bucket: str
    key: str
    folder: Path
    path: str

    @property
    def parent(self) -> str:
        """The path of the folder of the object, relative to the bucket's folder."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class Objects:
    """The objects of all buckets."""

    def __init__(self, storage: Storage, index: Path) -> None:
        self._storage = storage
        self._index = Index(index)
        self.close = self._index.close
        # held while a file is placed or deleted, so that its row in the index is that of the file
        self._lock = threading.Lock()

    def folder(self, bucket: str) -> Path:
        """Return the folder of a bucket, without links.

        Raises:
            Refusal: the bucket does not exist.
        """
        with suppress(UnsafePathError, OSError):
            folder = self._storage.bucket(bucket)
            if folder.is_dir():
                return folder.resolve(strict=True)
        hint = f"with buckets={{{bucket!r}: FOLDER}}, in a shell with --bucket {bucket}=FOLDER"
        message = f"The specified bucket does not exist: {bucket}; create it, or open the local service again {hint}"
        raise Refusal("NoSuchBucket", message, 404)

    def place(self, bucket: str, key: str, *, is_new: bool = False) -> Place:
        """Return the place of an object, which may not exist.

        Args:
            bucket: the name of the bucket.
            key: the key.
            is_new: whether to write or delete it. Defaults to False.

        Raises:
            Refusal: the bucket does not exist, the key cannot be that of a file, or a link leads out of the bucket.
        """
        folder = self.folder(bucket)
        if problem := _problem(key):
            if is_new:
                raise _not_storable(key, problem)
            raise _no_such_key()
        path = folder / key.rstrip("/")
        if not is_inside(path.parent if is_new else path, folder):
            raise Refusal("AccessDenied", f"A link leads from {key!r} out of the folder of the bucket.", 403)
        # a link at the end of the path is replaced
        resolved = Path(os.path.realpath(path.parent), path.name) if is_new else os.path.realpath(path)
        return Place(bucket, key, folder, os.path.relpath(resolved, folder))

    def open(self, bucket: str, key: str) -> tuple[BinaryIO, Object]:
        """Open the file of an object.

        Raises:
            Refusal: it does not exist or cannot be read.
        """
        place = self.place(bucket, key)
        if key.endswith("/"):
            return self._open_marker(place)
        with _os_errors(key):
            file = open_below(place.folder, place.path)
        try:
            return file, self._object(place, file)
        except BaseException:
            file.close()
            raise

    def _open_marker(self, place: Place) -> tuple[BinaryIO, Object]:
        """Open the marker of a folder, which has no content."""
        stored = self._index.get(place.bucket, place.key, "")
        with _os_errors(place.key), folder_below(place.folder, place.path) as folder:
            modified = os.fstat(folder).st_mtime
        if stored is None:
            raise _no_such_key()
        return BytesIO(), Object(place.key, 0, modified, *stored)

    def head(self, bucket: str, key: str) -> Object:
        """Return an object.

        Raises:
            Refusal: it does not exist or cannot be read.
        """
        file, item = self.open(bucket, key)
        file.close()
        return item

    def listed(self, bucket: str, folder: Path, key: str) -> Object:
        """Return an object of a list.

        Raises:
            Refusal: it no longer exists, or cannot be read.
        """
        with suppress(OSError):
            status = Path(folder, key).lstat()
            if stat.S_ISREG(status.st_mode) and (stored := self._index.get(bucket, key, _version(status))):
                return Object(key, status.st_size, status.st_mtime, *stored)
        return self.head(bucket, key)

    def has_marker(self, bucket: str, key: str) -> bool:
        """Check whether a client has created a folder, by an object whose key ends with a slash."""
        return self._index.get(bucket, key, "") is not None

    def _object(self, place: Place, file: BinaryIO) -> Object:
        status = os.fstat(file.fileno())
        version = _version(status)
        stored = self._index.get(place.bucket, place.key, version)
        if stored is None:
            stored = _etag(file, status), dict[str, str]()
            if _version(os.fstat(file.fileno())) == version:
                self._index.put(place.bucket, place.key, version, *stored)
        return Object(place.key, status.st_size, status.st_mtime, *stored)

    def put(self, place: Place, file: Path, etag: str, headers: Mapping[str, str]) -> Object:
        """Replace the content of an object with a file.

        Raises:
            Refusal: the key ends with a slash and the file is not empty, or a file cannot be written at its path.
        """
        is_marker = place.key.endswith("/")
        if is_marker and file.stat().st_size:
            raise _not_storable(place.key, "it ends with a slash, so it is a folder and has no content")
        with _os_errors(place.key, is_new=True):
            if is_marker:
                with self._lock, folder_below(place.folder, place.path, create=True) as folder:
                    self._index.put(place.bucket, place.key, "", etag, headers)
                    return Object(place.key, 0, os.fstat(folder).st_mtime, etag, headers)
            with _on_same_device(file, place.folder) as local, self._lock:
                with folder_below(place.folder, place.parent, create=True) as parent:
                    os.replace(local, place.name, dst_dir_fd=parent)
                    status = os.stat(place.name, dir_fd=parent, follow_symlinks=False)
                self._index.put(place.bucket, place.key, _version(status), etag, headers)
        return Object(place.key, status.st_size, status.st_mtime, etag, headers)

    def delete(self, bucket: str, key: str) -> None:
        """Delete an object, and the folders that become empty. A missing object is not an error.

        Raises:
            Refusal: the bucket does not exist, or the object cannot be deleted.
        """
        try:
            place = self.place(bucket, key, is_new=True)
            with self._lock, _os_errors(key):
                self._index.delete(bucket, key)
                if not key.endswith("/"):
                    with folder_below(place.folder, place.parent) as parent:
                        status = os.stat(place.name, dir_fd=parent, follow_symlinks=False)
                        if not stat.S_ISDIR(status.st_mode):
                            os.unlink(place.name, dir_fd=parent)
                self._remove_empty(place, place.path if key.endswith("/") else place.parent)
        except Refusal as refusal:
            if refusal.code not in ("InvalidRequest", "NoSuchKey"):
                raise

    def _remove_empty(self, place: Place, folder: str) -> None:
        """Remove a folder and those above it as long as they are empty, and no client has created them."""
        while folder and not self.has_marker(place.bucket, f"{folder}/"):
            above, _, name = folder.rpartition("/")
            with folder_below(place.folder, above) as parent:
                try:
                    os.rmdir(name, dir_fd=parent)
                except OSError:
                    return
            folder = above


def _no_such_key() -> Refusal:
    return Refusal("NoSuchKey", "The specified key does not exist.", 404)


def _not_storable(key: str, reason: str) -> Refusal:
    return Refusal("InvalidRequest", f"The local service cannot store the key {key!r}: {reason}.")


def _problem(key: str) -> str | None:
    """Return why a key cannot be that of a file; None if it can."""
    parts = key.removesuffix("/").split("/")
    if len(key.encode()) > _MAX_KEY:
        return f"it has more than {_MAX_KEY} bytes"
    if "" in parts:
        return "it has an empty name between two slashes, or begins with a slash"
    if "." in parts or ".." in parts:
        return "it has . or .. as a name"
    if "\0" in key:
        return "it has a NUL character"
    if any(part.endswith(PART_SUFFIX) for part in parts):
        return f"a name ends with {PART_SUFFIX}, which is reserved for unfinished uploads"
    return None


@contextmanager
def _os_errors(key: str, *, is_new: bool = False) -> Generator[None]:
    """Convert the errors of the path of an object to error responses."""
    try:
        yield
    except PermissionError as error:
        action = "written" if is_new else "opened or deleted"
        raise Refusal("AccessDenied", f"The object {key!r} cannot be {action}: {error.strerror}.", 403) from error
    except OSError as error:
        if not is_new and error.errno in _ABSENT:
            raise _no_such_key() from error
        if error.errno == errno.ENAMETOOLONG:
            message = "Your key is too long: the name of a file or folder has at most 255 bytes."
            raise Refusal("KeyTooLongError", message) from error
        if error.errno in (errno.ENOTDIR, errno.EISDIR, errno.EEXIST):
            raise _not_storable(key, "on this machine, an object cannot also be a folder of other objects") from error
        raise


def _version(status: os.stat_result) -> str:
    """Return the inode, the size and the time of a file as text."""
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"


def _etag(file: BinaryIO, status: os.stat_result) -> str:
    """Return the ETag of a file that no client has uploaded."""
    is_small = status.st_size <= _PART
    content = file.read(_PART) if is_small else _version(status).encode()
    file.seek(0)
    digest = md5(content).hexdigest()
    return digest if is_small else f"{digest}-{-(-status.st_size // _PART)}"


@contextmanager
def _on_same_device(file: Path, folder: Path) -> Generator[Path]:
    """Yield a file, or its copy in a folder of another file system, from which it can be moved in one step."""
    if file.stat().st_dev == folder.stat().st_dev:
        yield file
        return
    copy = folder / f".{uuid.uuid4().hex}{PART_SUFFIX}"
    try:
        with file.open("rb") as source, create_file(copy) as target:
            shutil.copyfileobj(source, target, BLOCK)
        yield copy
    finally:
        copy.unlink(missing_ok=True)
