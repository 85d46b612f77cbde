"""The index of objects: what S3 stores of an object besides its content, in one SQLite file of the root.

A row is valid as long as the file is the one that it was made for. A program can replace or change a file at any time;
then the object has no metadata, and another ETag.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Index"]

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
        path: the SQLite file. It has no content of objects, so it is created again if it is missing or damaged.
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
        """Store the ETag and the headers of an object."""
        statement = "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)"
        self._execute(statement, bucket, key, version, etag, json.dumps(dict(headers)))

    def delete(self, bucket: str, key: str) -> None:
        """Delete the row of an object."""
        self._execute("DELETE FROM objects WHERE bucket = ? AND key = ?", bucket, key)

    def close(self) -> None:
        """Close the file."""
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
