"""What must survive a crash: tuning jobs, training jobs, metrics and tags, in one SQLite file.

Every change is one transaction, on disk before it counts (WAL, synchronous FULL). One connection writes, under a lock;
each thread reads with its own.
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

    from hptsdk.local._root_lock import RootLock

__all__ = ["STATE_ERRORS", "Row", "Store", "StoreUnavailableError", "check_not_emptied", "insert", "unusable", "update"]

Row = sqlite3.Row

_VERSION = 2

_SCHEMA = """
CREATE TABLE tuning_jobs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    nonce TEXT NOT NULL,        -- tells jobs of one name apart, after one was deleted
    request TEXT NOT NULL,      -- without its tags
    chosen TEXT,                -- the same with what Autotune chose, where it did
    parents TEXT NOT NULL,      -- of a warm start, by their ids, since they may be deleted
    seed INTEGER NOT NULL,      -- RandomSeed, or one that was drawn
    status TEXT NOT NULL,
    created REAL NOT NULL,
    modified REAL NOT NULL,
    ended REAL,
    failure_reason TEXT,
    details TEXT NOT NULL DEFAULT '{}',
    consumed REAL NOT NULL DEFAULT 0,   -- seconds for which it ran
    deleted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX tuning_jobs_by_name ON tuning_jobs (lower(name)) WHERE NOT deleted;
CREATE INDEX tuning_jobs_by_time ON tuning_jobs (created, name) WHERE NOT deleted;

CREATE TABLE training_jobs (
    id INTEGER PRIMARY KEY,
    tuning_job INTEGER NOT NULL REFERENCES tuning_jobs,
    number INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    definition INTEGER NOT NULL,    -- which of the request's
    tuned TEXT NOT NULL,
    status TEXT NOT NULL,
    secondary TEXT NOT NULL,
    transitions TEXT NOT NULL,
    created REAL NOT NULL,
    modified REAL NOT NULL,
    started REAL,
    ended REAL,
    attempts INTEGER NOT NULL DEFAULT 1,
    stop TEXT,                      -- the secondary status that a stop ends in
    failure_reason TEXT,
    finals TEXT NOT NULL DEFAULT '{}',  -- the last value of each metric
    objective REAL,
    objective_status TEXT NOT NULL DEFAULT 'Pending',
    seconds REAL NOT NULL DEFAULT 0,    -- for which it trained
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

-- Counted as they change: a Describe of a job with thousands of training jobs costs what one with ten does.
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

# Finds unfinished tuning jobs among many; earlier versions of hptsdk can use a file that has it.
_UNFINISHED = "CREATE INDEX IF NOT EXISTS unfinished_tuning_jobs ON tuning_jobs (id) WHERE ended IS NULL"

# Changes a file of layout 1 into one of layout 2.
_MIGRATION = """
ALTER TABLE training_jobs ADD COLUMN seconds REAL NOT NULL DEFAULT 0;
UPDATE training_jobs SET seconds = ended - started WHERE ended IS NOT NULL AND started IS NOT NULL;
UPDATE tuning_jobs SET consumed = min(consumed, modified - created);
"""


class StoreUnavailableError(Exception):
    """The file can't be written or read now: a full disk, say, or a root whose lock was lost."""


class Store:
    """The SQLite file of a root.

    Args:
        path: where the file is, or will be.
        lock: of the root; without it nothing is read or changed any more. Defaults to no lock.
    """

    def __init__(self, path: Path, lock: RootLock | None = None) -> None:
        self._path = path
        self._root_lock = lock
        self._lock = threading.RLock()
        self._readers = threading.local()
        self._all: list[sqlite3.Connection] = []
        # made here, so that it is the owner's alone from the start
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        try:
            self._writer = self._connect()
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        # first, so that it is closed even if the file is damaged
        with self._lock:
            self._all.append(connection)
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _prepare(self) -> None:
        (version,) = self._writer.execute("PRAGMA user_version").fetchone()
        change = {0: _SCHEMA, 1: _MIGRATION}.get(version)
        if change is not None:
            self._writer.executescript(f"BEGIN IMMEDIATE; {change} PRAGMA user_version = {_VERSION}; COMMIT;")
        elif version != _VERSION:
            raise ValueError(f"{self._path} is of layout {version}, which another version of hptsdk made")
        self._writer.execute(_UNFINISHED)

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection, None, None]:
        """Change things in one transaction, which is on disk when the block ends.

        Raises:
            StoreUnavailableError: nothing was changed.
        """
        with self._lock:
            self._check_lock()
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException as error:
                # a full disk makes SQLite roll back by itself
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise StoreUnavailableError(f"{error}") from error
                raise

    def all(self, query: str, *values: object) -> list[Row]:
        """Read all rows of a query.

        Raises:
            StoreUnavailableError: it can't be read now.
        """
        self._check_lock()
        try:
            return self._reader().execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            raise StoreUnavailableError(f"{error}") from error

    def _check_lock(self) -> None:
        """Check that the file is still that of the root, and that no other service can use it."""
        if self._root_lock is not None and not self._root_lock.is_held:
            raise StoreUnavailableError(
                f"{self._root_lock.path} was deleted, replaced or moved; close this service, and open the root again"
            )

    def one(self, query: str, *values: object) -> Row | None:
        """Read the first row of a query."""
        found = self.all(query, *values)
        return found[0] if found else None

    def _reader(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if found is None:
            found = self._readers.connection = self._connect()
        return found

    def forget_reader(self) -> None:
        """Close this thread's connection; a thread that ends calls it."""
        found: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if found is not None:
            self._readers.connection = None
            with self._lock:
                self._all.remove(found)
            found.close()

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            while self._all:
                self._all.pop().close()


def insert(connection: sqlite3.Connection, table: str, **values: object) -> int:
    """Add a row, and give its number; what is no plain value is kept as JSON."""
    marks = ", ".join("?" * len(values))
    query = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608 - names of ours
    return connection.execute(query, _plain(values)).lastrowid or 0


def update(connection: sqlite3.Connection, table: str, row: int, **values: object) -> None:
    """Set columns of a row; what is no plain value is kept as JSON."""
    columns = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE {table} SET {columns} WHERE id = ?", (*_plain(values), row))  # noqa: S608 - names of ours


def _plain(values: dict[str, object]) -> list[Any]:
    return [json.dumps(value) if isinstance(value, dict | list) else value for value in values.values()]


STATE_ERRORS = (sqlite3.Error, StoreUnavailableError)
"""The errors of a state that cannot be read or written."""

# The primary result codes of SQLite for a file that has another content than it should.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def unusable(state: Path, error: Exception) -> ValueError | OSError:
    """Return the error that says what is wrong with a state: a ValueError if its content is damaged."""
    reason = error.__cause__ if isinstance(error, StoreUnavailableError) else error
    code = getattr(reason, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return ValueError(_damaged(state, f"{error}"))
    return OSError(f"{state} cannot be used: {error}. Check the space and the permissions there.")


def check_not_emptied(state: Path, options: Path) -> None:
    """Check that the state of a root that was opened before is not an empty file, which SQLite takes for a new one.

    Raises:
        ValueError: it is.
    """
    if options.exists() and state.exists() and state.stat().st_size == 0:
        raise ValueError(_damaged(state, "file is empty"))


def _damaged(state: Path, reason: str) -> str:
    return (
        f"{state} is damaged: {reason}. Restore it from a copy of the root. Without one, delete it and the files "
        f"{state.name}-wal and {state.name}-shm: the root then opens without its tuning jobs."
    )
