"""The digests of objects, the index with their ETags and headers, and the order of their keys in lists.

The index is one SQLite file of the root. A row is valid as long as the file is the one that it was made for. A program
can replace or change a file at any time; then the object has no metadata, and its ETag is computed again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sqlite3
import threading
import zlib
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from hptsdk.local._files import entries_below
from hptsdk.local.process import is_inside
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from hptsdk.local._files import Entry
    from hptsdk.local.s3._objects import Objects

BLOCK = 1 << 20
"""The bytes that are read at a time."""

CHECKSUM = "x-amz-checksum-"
"""The beginning of the names of headers with checksums."""

_SLASH = "/"


class Hash(Protocol):
    """A hash, as those of `hashlib`."""

    def update(self, data: bytes, /) -> object: ...
    def digest(self) -> bytes: ...


class _Crc32:
    """The checksum CRC-32, with the methods of a hash."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


md5 = partial(hashlib.md5, usedforsecurity=False)
"""The hash of ETags."""

# The checksums. Those that Python does not have are not compared.
CHECKSUMS: dict[str, Callable[[], Hash] | None] = {
    "crc32": _Crc32,
    "crc32c": None,
    "crc64nvme": None,
    "sha1": partial(hashlib.sha1, usedforsecurity=False),
    "sha256": hashlib.sha256,
}


class Digests(NamedTuple):
    """The MD5 of a body, and the headers with its checksums as they were sent."""

    md5: str
    checksums: dict[str, str]


def copy_digests(source: BinaryIO, size: int, file: BinaryIO) -> Digests:
    """Copy bytes from one file to another, and return their digests.

    Args:
        source: the file to read, from its current position.
        size: the number of bytes.
        file: the file to write.
    """
    digest, remaining = md5(), size
    while remaining and (block := source.read(min(BLOCK, remaining))):
        digest.update(block)
        file.write(block)
        remaining -= len(block)
    return Digests(digest.hexdigest(), {})


def checked_headers(headers: Mapping[str, str], digests: Mapping[str, bytes]) -> dict[str, str]:
    """Return the headers with checksums, after a comparison with those of the body.

    Raises:
        Refusal: one of them, or Content-MD5, is wrong.
    """
    sent = {name: headers[f"{CHECKSUM}{name}"] for name in CHECKSUMS if f"{CHECKSUM}{name}" in headers}
    md5 = {"md5": headers["content-md5"]} if "content-md5" in headers else {}
    for name, text in (md5 | sent).items():
        try:
            value = base64.b64decode(text, validate=True)
        except ValueError:
            value = b""
        if name == "md5" and len(value) != len(digests[name]):
            raise Refusal("InvalidDigest", "The Content-MD5 you specified was invalid.")
        if digests.get(name, value) != value:
            raise Refusal("BadDigest", f"The {name.upper()} you specified did not match what we received.")
    return {f"{CHECKSUM}{name}": text for name, text in sent.items()}


_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    version TEXT NOT NULL,      -- of the file; empty for the marker of a folder
    etag TEXT NOT NULL,
    headers TEXT NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;
"""


class Index:
    """The index of the objects of all buckets.

    Args:
        path: the SQLite file. It does not contain the objects, so it is created again if it is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
            self._connection = _open(path)

    def _execute(self, statement: str, *values: str) -> list[tuple[str, ...]]:
        with self._lock, self._connection:
            return self._connection.execute(statement, values).fetchall()

    def get(self, bucket: str, key: str, version: str) -> tuple[str, dict[str, str]] | None:
        """Return the ETag and the headers of an object; None if they are not stored for this version of its file."""
        query = "SELECT etag, headers FROM objects WHERE bucket = ? AND key = ? AND version = ?"
        rows = self._execute(query, bucket, key, version)
        return (rows[0][0], json.loads(rows[0][1])) if rows else None

    def put(self, bucket: str, key: str, version: str, etag: str, headers: Mapping[str, str]) -> None:
        statement = "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)"
        self._execute(statement, bucket, key, version, etag, json.dumps(dict(headers)))

    def delete(self, bucket: str, key: str) -> None:
        self._execute("DELETE FROM objects WHERE bucket = ? AND key = ?", bucket, key)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        # a row that is lost in a crash of the machine is computed again
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
        connection.execute("SELECT bucket, key, version, etag, headers FROM objects LIMIT 1")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.close()
        raise
    return connection


class Keys:
    """The keys of a bucket, in the order of S3; with the delimiter "/", only the first key of each common prefix.

    Args:
        objects: the objects of all buckets.
        bucket: the name of the bucket.
        prefix: the prefix of the keys.
        delimiter: the delimiter of groups.
        after: the key or common prefix after which the keys begin.
    """

    def __init__(self, objects: Objects, bucket: str, prefix: str, delimiter: str, after: str) -> None:
        self._objects = objects
        self._bucket = bucket
        self._prefix = prefix
        self._is_grouped = delimiter == _SLASH
        self._after = after
        self._folder = objects.folder(bucket)

    def __iter__(self) -> Iterator[str]:
        base = self._prefix.rpartition(_SLASH)[0]
        parts = base.split(_SLASH) if base else []
        if {"", ".", ".."}.isdisjoint(parts) and "\0" not in base:
            yield from self._below(f"{base}/" if base else "")

    def _below(self, parent: str) -> Iterator[str]:
        """Return the keys below a folder, and the marker of the folder.

        Args:
            parent: the path of the folder with a slash at the end; empty for the folder of the bucket.
        """
        if parent and self._is_wanted(parent) and self._objects.has_marker(self._bucket, parent):
            yield parent
        for key, entry in self._entries(parent):
            if entry.kind != "folder":
                if self._is_wanted(key) and self._is_object(entry):
                    yield key
            elif self._may_have_keys(key):
                keys = self._below(key)
                yield from islice(keys, 1) if self._is_grouped and key.startswith(self._prefix) else keys

    def _entries(self, parent: str) -> list[tuple[str, Entry]]:
        """Return the entries of a folder with their keys, sorted as the keys below them; none if it cannot be read."""
        try:
            entries = entries_below(self._folder, parent)
        except OSError:
            return []
        keys = [(f"{entry.name}/" if entry.kind == "folder" else entry.name, entry) for entry in entries]
        # names that are not UTF-8 cannot be keys
        return sorted((key, entry) for key, entry in keys if key.encode(errors="ignore").decode() == key)

    def _is_wanted(self, key: str) -> bool:
        """Check whether a key has the prefix and is not on an earlier page."""
        return key.startswith(self._prefix) and key > self._after

    def _may_have_keys(self, folder: str) -> bool:
        """Check whether keys below a folder can have the prefix and not be on an earlier page."""
        is_group = self._is_grouped and folder == self._after and folder != self._prefix
        is_listed = folder <= self._after and (not self._after.startswith(folder) or is_group)
        return not is_listed and (folder.startswith(self._prefix) or self._prefix.startswith(folder))

    def _is_object(self, entry: Entry) -> bool:
        """Check whether an entry is an object: a file, or a link to a file in the bucket."""
        path = self._folder / entry.name
        return entry.kind == "file" or (entry.kind == "link" and is_inside(path, self._folder) and path.is_file())
