"""The places of objects: keys as paths below the folder of a bucket, and the errors of such paths."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hptsdk.local._files import PART_SUFFIX
from hptsdk.local.process import is_inside
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["Place", "no_such_key", "place_of", "reading", "writing"]

_MAX_KEY = 1024

# The errors of a path that is no file.
_ABSENT = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.ENXIO}
)


class Place(NamedTuple):
    """The place of an object: its bucket, its key, and its path.

    Attributes:
        bucket: the name of the bucket.
        key: the key.
        folder: the folder of the bucket, without links.
        path: the path below that folder, without links.
    """

    bucket: str
    key: str
    folder: Path
    path: str

    @property
    def parent(self) -> str:
        """The path of the folder of the object, below that of the bucket."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2]


def place_of(folder: Path, bucket: str, key: str, *, is_new: bool) -> Place:
    """Return the place of an object, which may not exist.

    Args:
        folder: the folder of the bucket, without links.
        bucket: the name of the bucket.
        key: the key.
        is_new: whether the object is to be written.

    Raises:
        Refusal: the key cannot be that of a file, or a link leads out of the bucket.
    """
    if problem := _problem(key):
        if is_new:
            raise Refusal("InvalidRequest", f"The local service cannot store this key: {problem}.")
        raise no_such_key()
    path = folder / key.rstrip("/")
    if not is_inside(path.parent if is_new else path, folder):
        raise Refusal("AccessDenied", "A link leads out of the folder of the bucket.", 403)
    # a link at the end of the path is replaced
    resolved = Path(os.path.realpath(path.parent), path.name) if is_new else os.path.realpath(path)
    return Place(bucket, key, folder, os.path.relpath(resolved, folder))


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
        return f"a name ends with {PART_SUFFIX}, as the files of unfinished uploads"
    return None


def no_such_key() -> Refusal:
    """Create the error response for a key without an object."""
    return Refusal("NoSuchKey", "The specified key does not exist.", 404)


@contextmanager
def reading(*, suppressed: bool = False) -> Generator[None]:
    """Turn the error of a missing file into an error response, or ignore it."""
    try:
        yield
    except PermissionError as error:
        raise Refusal("AccessDenied", f"The object cannot be opened or deleted: {error.strerror}.", 403) from error
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        if not suppressed:
            raise no_such_key() from error


@contextmanager
def writing(place: Place) -> Generator[None]:
    """Turn the errors of a path that cannot be written into error responses."""
    try:
        yield
    except (NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        message = (
            f"The local service cannot store the key {place.key}: on this machine, an object cannot also be a folder "
            "of other objects."
        )
        raise Refusal("InvalidRequest", message) from error
    except PermissionError as error:
        raise Refusal("AccessDenied", f"The object cannot be written: {error.strerror}.", 403) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            message = "Your key is too long: the name of a file or folder has at most 255 bytes."
            raise Refusal("KeyTooLongError", message) from error
        raise
