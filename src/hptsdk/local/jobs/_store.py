"""The store of a root: tuning jobs, training jobs, metrics and tags, in one SQLite file.

Each change is one transaction, which is on disk when it ends (WAL, synchronous FULL). One connection writes, under a
lock. Each thread reads with a connection of its own.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hptsdk.local._opening import RootLock

Row = sqlite3.Row

_VERSION = 3

_SCHEMA = """
CREATE TABLE tuning_jobs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    nonce TEXT NOT NULL,        -- distinguishes jobs of one name, after one was deleted
    request TEXT NOT NULL,      -- without tags
    chosen TEXT,                -- the request with the choices of Autotune
    parents TEXT NOT NULL,      -- IDs of the parents of a warm start, which may be deleted
    seed INTEGER NOT NULL,      -- RandomSeed, or a random one
    status TEXT NOT NULL,
    created REAL NOT NULL,
    modified REAL NOT NULL,
    ended REAL,
    failure_reason TEXT,
    details TEXT NOT NULL DEFAULT '{}',
    consumed REAL NOT NULL DEFAULT 0,   -- seconds
    deleted INTEGER NOT NULL DEFAULT 0,
    isolated INTEGER NOT NULL DEFAULT 0 -- whether its programs are isolated
) STRICT;
CREATE UNIQUE INDEX tuning_jobs_by_name ON tuning_jobs (lower(name)) WHERE NOT deleted;
CREATE INDEX tuning_jobs_by_time ON tuning_jobs (created, name) WHERE NOT deleted;
CREATE INDEX unfinished_tuning_jobs ON tuning_jobs (id) WHERE ended IS NULL;

CREATE TABLE training_jobs (
    id INTEGER PRIMARY KEY,
    tuning_job INTEGER NOT NULL REFERENCES tuning_jobs,
    number INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    definition INTEGER NOT NULL,    -- its index in the request
    tuned TEXT NOT NULL,
    status TEXT NOT NULL,
    secondary TEXT NOT NULL,
    transitions TEXT NOT NULL,
    created REAL NOT NULL,
    modified REAL NOT NULL,
    started REAL,
    ended REAL,
    attempts INTEGER NOT NULL DEFAULT 1,
    stop TEXT,                      -- the secondary status after a stop
    failure_reason TEXT,
    finals TEXT NOT NULL DEFAULT '{}',  -- the last value of each metric
    objective REAL,
    objective_status TEXT NOT NULL DEFAULT 'Pending',
    seconds REAL NOT NULL DEFAULT 0,    -- of training
    counter TEXT GENERATED ALWAYS AS (
        CASE status
            WHEN 'Stopping' THEN 'InProgress'
            WHEN 'Failed' THEN iif(failure_reason LIKE 'InternalServerError%', 'RetryableError', 'NonRetryableError')
            ELSE status
        END
    ) VIRTUAL,
    UNIQUE (tuning_job, number)
) STRICT;
CREATE INDEX training_jobs_by_objective ON training_jobs (tuning_job, objective, name);
CREATE INDEX training_jobs_by_status ON training_jobs (tuning_job, status, name);
CREATE INDEX training_jobs_by_name ON training_jobs (tuning_job, name);
CREATE INDEX training_jobs_by_own_time ON training_jobs (tuning_job, created, name);
CREATE INDEX training_jobs_by_time ON training_jobs (created, name);

-- So that a Describe takes the same time for any number of training jobs.
CREATE TABLE counts (
    tuning_job INTEGER NOT NULL,
    counter TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (tuning_job, counter)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER count_new AFTER INSERT ON training_jobs BEGIN
    INSERT INTO counts VALUES
        (new.tuning_job, new.counter, 1), (new.tuning_job, 'objective ' || new.objective_status, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER count_changed AFTER UPDATE OF status, failure_reason, objective_status ON training_jobs BEGIN
    UPDATE counts SET n = n - 1 WHERE tuning_job = old.tuning_job
        AND (counter = old.counter OR counter = 'objective ' || old.objective_status);
    INSERT INTO counts VALUES
        (new.tuning_job, new.counter, 1), (new.tuning_job, 'objective ' || new.objective_status, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TABLE metrics (
    training_job INTEGER NOT NULL REFERENCES training_jobs,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    time REAL NOT NULL,
    PRIMARY KEY (training_job, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    arn TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (arn, key)
) STRICT, WITHOUT ROWID;
"""


class StoreUnavailableError(Exception):
    """The store cannot be read or written now, for example because of a full disk or a lost lock."""


class _Reader(threading.local):
    """The connection of each thread that reads."""

    connection: sqlite3.Connection | None = None


class Store:
    """The SQLite file of a root.

    Args:
        path: the path of the file; it is created if it is missing.
        lock: the lock of the root; if it is lost, nothing more is read or written. Defaults to no lock.

    Raises:
        ValueError: another version of hptsdk has created the file.
        sqlite3.Error: the file cannot be used.
    """

    def __init__(self, path: Path, lock: RootLock | None = None) -> None:
        self._path = path
        self._root_lock = lock
        self._lock = threading.RLock()
        self._readers = _Reader()
        self._all: list[sqlite3.Connection] = []
        # created here, so that only its owner can read it from the start
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        try:
            self._writer = self._connect()
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        with self._lock:
            self._all.append(connection)
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _prepare(self) -> None:
        (version,) = self._writer.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._writer.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
        elif version != _VERSION:
            raise ValueError(
                f"{self._path.name} was created by another version of hptsdk; use that version, or another root"
            )

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection, None, None]:
        """Write in one transaction, which is on disk when the block ends.

        Raises:
            StoreUnavailableError: the store cannot be written now; nothing was changed.
        """
        with self._lock:
            self.check_lock()
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException as error:
                # SQLite rolls back by itself if the disk is full
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise StoreUnavailableError(f"{error}") from error
                raise

    def all(self, query: str, *values: object) -> list[Row]:
        """Return all rows of a query.

        Raises:
            StoreUnavailableError: the store cannot be read now.
        """
        self.check_lock()
        try:
            return self._reader().execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            raise StoreUnavailableError(f"{error}") from error

    def check_lock(self) -> None:
        """Check that the lock is held, so that no other service uses the root.

        Raises:
            StoreUnavailableError: it was lost.
        """
        if self._root_lock is not None and not self._root_lock.is_held:
            raise StoreUnavailableError(
                f"{self._root_lock.path} was deleted, replaced or moved; end this service, and start it again"
            )

    def one(self, query: str, *values: object) -> Row | None:
        """Return the first row of a query; None if it has no rows."""
        return next(iter(self.all(query, *values)), None)

    def _reader(self) -> sqlite3.Connection:
        if self._readers.connection is None:
            self._readers.connection = self._connect()
        return self._readers.connection

    def close_reader(self) -> None:
        """Close the connection of this thread, before the thread ends."""
        if (connection := self._readers.connection) is not None:
            self._readers.connection = None
            with self._lock:
                self._all.remove(connection)
            connection.close()

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            while self._all:
                self._all.pop().close()


def insert(connection: sqlite3.Connection, table: str, **values: object) -> int:
    """Insert a row, and return its ID; lists and dictionaries are stored as JSON."""
    placeholders = ", ".join("?" * len(values))
    query = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({placeholders})"  # noqa: S608 - names from this package
    return connection.execute(query, _plain(values)).lastrowid or 0


def update(connection: sqlite3.Connection, table: str, row: int, **values: object) -> None:
    """Set columns of a row; lists and dictionaries are stored as JSON."""
    columns = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE {table} SET {columns} WHERE id = ?", (*_plain(values), row))  # noqa: S608 - names from this package


def _plain(values: dict[str, object]) -> list[Any]:
    return [json.dumps(value) if isinstance(value, dict | list) else value for value in values.values()]


STATE_ERRORS = (sqlite3.Error, StoreUnavailableError)
"""The errors of a store that cannot be read or written."""

# The result codes of SQLite for a damaged file.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def store_error(path: Path, error: Exception) -> ValueError | OSError:
    """Return the error for a store that cannot be opened: a ValueError if it is damaged, else an OSError."""
    cause = error.__cause__ if isinstance(error, StoreUnavailableError) else error
    if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
        return ValueError(_damaged(path, f"{error}"))
    return OSError(
        f"{path} cannot be used: {error}. Check the disk space, the permissions, and whether another program uses it."
    )


def check_not_emptied(path: Path, options: Path) -> None:
    """Check that the store of a root that was opened before is not an empty file, which SQLite treats as a new one.

    Raises:
        ValueError: it is an empty file.
    """
    if options.exists() and path.exists() and path.stat().st_size == 0:
        raise ValueError(_damaged(path, "file is empty"))


def _damaged(path: Path, reason: str) -> str:
    return (
        f"{path} is damaged: {reason}. Restore it from a copy of the root. Without one, delete it and the files "
        f"{path.name}-wal and {path.name}-shm: the root then opens without its tuning jobs."
    )
