"""Multipart uploads: their parts are files in a folder of the root, until they become one object."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from typing import TYPE_CHECKING, NamedTuple

from hptsdk.local._files import PART_SUFFIX, create_file, remove_tree, write_private
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Part", "Upload", "Uploads"]

_DESCRIPTION = "upload.json"
_ID = re.compile(r"[0-9a-f]{32}")
_MAX_PARTS = 10_000
# All parts except the last one have at least this size.
_MIN_SIZE = 5 << 20
_BLOCK = 1 << 20


class Part(NamedTuple):
    """A part of an upload.

    Attributes:
        number: its number, from 1.
        etag: its ETag, which is its MD5.
        path: its file.
    """

    number: int
    etag: str
    path: Path


class Upload(NamedTuple):
    """A multipart upload.

    Attributes:
        id: its ID.
        bucket: the name of the bucket.
        key: the key of the object.
        headers: the metadata of the object.
        created: the time of its creation, in seconds since 1970.
    """

    id: str
    bucket: str
    key: str
    headers: Mapping[str, str]
    created: float


class Uploads:
    """The multipart uploads of a root. They continue when the root is opened again.

    Args:
        folder: the folder of their parts. Files of requests that a crash ended are removed from it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for path in folder.glob(f"*{PART_SUFFIX}"):
            path.unlink()

    def create(self, bucket: str, key: str, headers: Mapping[str, str]) -> str:
        """Create an upload, and return its ID."""
        upload_id = secrets.token_hex(16)
        folder = self._folder / upload_id
        folder.mkdir(mode=0o700)
        write_private(folder / _DESCRIPTION, json.dumps({"bucket": bucket, "key": key, "headers": dict(headers)}))
        return upload_id

    def get(self, upload_id: str, bucket: str, key: str) -> Upload:
        """Return an upload.

        Raises:
            Refusal: the object has no upload with this ID.
        """
        upload = self._read(upload_id) if _ID.fullmatch(upload_id) else None
        if upload is None or (upload.bucket, upload.key) != (bucket, key):
            message = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
            raise Refusal("NoSuchUpload", f"{message}aborted or completed.", 404)
        return upload

    def _read(self, upload_id: str) -> Upload | None:
        """Return an upload; None if it does not exist."""
        path = self._folder / upload_id / _DESCRIPTION
        try:
            text, created = path.read_bytes(), path.stat().st_mtime
        except FileNotFoundError:
            return None
        return Upload(upload_id, **json.loads(text), created=created)

    def of_bucket(self, bucket: str, prefix: str) -> list[Upload]:
        """Return the uploads of a bucket whose keys have a prefix, sorted by key and time."""
        uploads = [self._read(path.name) for path in self._folder.iterdir() if _ID.fullmatch(path.name)]
        wanted = [one for one in uploads if one is not None and one.bucket == bucket and one.key.startswith(prefix)]
        return sorted(wanted, key=lambda upload: (upload.key, upload.created))

    def add(self, upload: Upload, number: int, file: Path, etag: str) -> None:
        """Add a part, or replace the one with its number.

        Args:
            upload: the upload.
            number: the number of the part.
            file: its file, which is moved.
            etag: its ETag.

        Raises:
            Refusal: the number is not that of a part.
        """
        if not 1 <= number <= _MAX_PARTS:
            message = f"Part number must be an integer between 1 and {_MAX_PARTS}, inclusive"
            raise Refusal("InvalidArgument", message)
        earlier = [part for part in self.parts(upload) if part.number == number and part.etag != etag]
        file.replace(self._folder / upload.id / f"{number:05}-{etag}")
        for part in earlier:
            part.path.unlink(missing_ok=True)

    def parts(self, upload: Upload) -> list[Part]:
        """Return the parts of an upload, sorted by number."""
        names = sorted(path.name for path in (self._folder / upload.id).iterdir() if path.name != _DESCRIPTION)
        split = [(name.partition("-"), self._folder / upload.id / name) for name in names]
        return [Part(int(number), etag, path) for (number, _, etag), path in split]

    def join(self, upload: Upload, listed: Sequence[tuple[int, str]], file: Path) -> str:
        """Write the listed parts of an upload to a file, and return the ETag of the object.

        Args:
            upload: the upload.
            listed: the numbers and ETags of the parts.
            file: the file, which does not exist.

        Raises:
            Refusal: a part does not exist or has another ETag, is too small, or the parts are not in order.
        """
        numbers = [number for number, _ in listed]
        if numbers != sorted(set(numbers)):
            message = "The list of parts was not in ascending order. The parts list must be specified in order."
            raise Refusal("InvalidPartOrder", message)
        available = {(part.number, part.etag): part.path for part in self.parts(upload)}
        if not listed or any(part not in available for part in listed):
            message = (
                "One or more of the specified parts could not be found. The part might not have been uploaded, or the "
                "specified entity tag might not have matched the part's entity tag."
            )
            raise Refusal("InvalidPart", message)
        paths = [available[part] for part in listed]
        if any(path.stat().st_size < _MIN_SIZE for path in paths[:-1]):
            message = "Your proposed upload is smaller than the minimum allowed object size."
            raise Refusal("EntityTooSmall", message)
        with create_file(file) as target:
            for path in paths:
                with path.open("rb") as source:
                    shutil.copyfileobj(source, target, _BLOCK)
        digests = b"".join(bytes.fromhex(etag) for _, etag in listed)
        return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(listed)}"

    def remove(self, upload: Upload) -> None:
        """Remove an upload and its parts."""
        remove_tree(self._folder / upload.id)
