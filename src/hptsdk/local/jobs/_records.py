"""What is kept of one tuning job while it runs, each step in a transaction."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from hptsdk.local.jobs._state import Closing, Stopwatch, Trial, now
from hptsdk.local.jobs._store import Row, StoreUnavailableError, insert, update
from hptsdk.local.search import TRAINING, TUNING

if TYPE_CHECKING:
    import sqlite3
    import threading
    from collections.abc import Callable
    from typing import TypeVar

    from hptsdk.local.jobs._state import Setting
    from hptsdk.local.jobs._store import Store
    from hptsdk.local.process import Emission

    ResultT = TypeVar("ResultT")

__all__ = ["Records", "trial_of"]

_log = logging.getLogger("hptsdk.local")

# Seconds after which what could not be kept is tried again: a disk may have room by then.
_PATIENCE = 0.5


_NOT_ENDED = "SELECT id FROM training_jobs WHERE tuning_job = ? AND ended IS NULL"
_STATUS_AND_LATEST_END = """
    SELECT status, max(created, coalesce((SELECT max(ended) FROM training_jobs WHERE tuning_job = tuning_jobs.id), 0))
    FROM tuning_jobs WHERE id = ?
"""


class Records:
    """The rows of one tuning job.

    Args:
        row: of the tuning job.
        store: where they are.
        setting: of the service.
        closing: set when the service closes.

    Attributes:
        clock: how long the tuning job has run.
    """

    def __init__(self, row: Row, store: Store, setting: Setting, closing: threading.Event) -> None:
        self._id = int(row["id"])
        self._name = str(row["name"])
        self._store = store
        self._setting = setting
        self._closing = closing
        self.clock = Stopwatch(row["consumed"])

    def training_jobs(self) -> list[Row]:
        """Read those that there are, in the order of their numbers."""
        return self._store.all("SELECT * FROM training_jobs WHERE tuning_job = ? ORDER BY number", self._id)

    def objectives(self, trial: Trial, metric: str) -> list[float]:
        """Read the values of a metric of a training job, in the order in which they came."""
        rows = self._store.all(
            "SELECT value FROM metrics WHERE training_job = ? AND name = ? ORDER BY position", trial.id, metric
        )
        return [float(row["value"]) for row in rows]

    def restart(self, trials: list[Trial]) -> None:
        """Record that interrupted training jobs start again: their metrics are read again, and none trains now."""

        def change(connection: sqlite3.Connection) -> None:
            for trial in trials:
                connection.execute("DELETE FROM metrics WHERE training_job = ?", (trial.id,))
                if trial.stop is None:
                    columns = {"secondary": "Starting", "started": None, "transitions": trial.transitions}
                    update(connection, "training_jobs", trial.id, **columns, modified=now())

        if trials:
            self.persist(change)

    def persist(self, change: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
        """Keep something; where the file can't be written now, wait until it can.

        Raises:
            Closing: the service closes before that.
        """
        while True:
            try:
                with self._store.writing() as connection:
                    return change(connection)
            except StoreUnavailableError as error:
                _log.error("%s: what happened can't be kept, trying again: %s", self._name, error)
            if self._closing.wait(_PATIENCE):
                raise Closing

    def note(self, trial: Trial, columns: dict[str, object], emissions: list[Emission]) -> None:
        """Keep how far a training job is."""
        self.persist(lambda connection: self.keep(connection, trial, emissions, **columns))
        trial.emissions += len(emissions)

    def keep(self, connection: sqlite3.Connection, trial: Trial, emissions: list[Emission], **columns: object) -> None:
        """Keep columns of a training job and values of its metrics, and how long both jobs have run."""
        connection.executemany(
            "INSERT INTO metrics VALUES (?, ?, ?, ?, ?)",
            [(trial.id, position, *emission) for position, emission in enumerate(emissions, start=trial.emissions)],
        )
        update(
            connection,
            "training_jobs",
            trial.id,
            **columns,
            transitions=trial.transitions,
            finals=trial.finals,
            seconds=trial.clock.seconds,
            modified=now(),
        )
        self.keep_times(connection, [])

    def keep_times(self, connection: sqlite3.Connection, trials: list[Trial]) -> None:
        """Keep how long the tuning job has run, and training jobs that have not ended."""
        update(connection, "tuning_jobs", self._id, consumed=self.clock.seconds)
        connection.executemany(
            "UPDATE training_jobs SET seconds = ? WHERE id = ? AND ended IS NULL",
            [(trial.clock.seconds, trial.id) for trial in trials],
        )

    def progress(self, connection: sqlite3.Connection, details: dict[str, object]) -> None:
        """Keep what a training job that ended means for the whole."""
        update(connection, "tuning_jobs", self._id, modified=now(), details=details)

    def add(self, connection: sqlite3.Connection, trial: Trial) -> Trial:
        """Keep a training job that is planned, with the tags of its tuning job."""
        trial.enter("Starting", "Starting the training job")
        at = trial.latest
        trial.id = insert(
            connection,
            "training_jobs",
            tuning_job=self._id,
            number=trial.number,
            name=trial.name,
            definition=trial.branch,
            tuned=trial.tuned,
            status="InProgress",
            secondary="Starting",
            transitions=trial.transitions,
            created=at,
            modified=at,
        )
        arns = (self._setting.arn(TRAINING, trial.name), self._setting.arn(TUNING, self._name))
        connection.execute("INSERT INTO tags SELECT ?, key, value FROM tags WHERE arn = ?", arns)
        return trial

    def finish(self, reason: str | None) -> None:
        """Keep how the tuning job ended; with a reason it failed, and so did its training jobs that have not ended."""

        def change(connection: sqlite3.Connection) -> None:
            (asked, latest) = connection.execute(_STATUS_AND_LATEST_END, (self._id,)).fetchone()
            at = max(now(), latest)
            for row in connection.execute(_NOT_ENDED, (self._id,)).fetchall():
                failed: dict[str, object] = {"status": "Failed", "secondary": "Failed", "objective_status": "Failed"}
                update(connection, "training_jobs", row["id"], **failed, failure_reason=reason, modified=at, ended=at)
            # what was asked for counts, whatever else would have ended it
            if asked == "Stopping":
                columns: dict[str, object] = {"status": "Stopped"}
            else:
                columns = {"status": "Failed" if reason else "Completed", "failure_reason": reason}
            update(connection, "tuning_jobs", self._id, **columns, consumed=self.clock.seconds, modified=at, ended=at)

        self.persist(change)

    def forget_reader(self) -> None:
        """Close this thread's connection."""
        self._store.forget_reader()


def trial_of(row: Row) -> Trial:
    """Read a training job back."""
    trial = Trial(row["id"], row["number"], row["name"], row["definition"], json.loads(row["tuned"]))
    trial.attempts, trial.stop, trial.clock = row["attempts"], row["stop"], Stopwatch(row["seconds"])
    transitions = json.loads(row["transitions"])
    trial.transitions, trial.latest, trial.interrupted = transitions, transitions[-1]["StartTime"], True
    if trial.transitions[-1]["Status"] != "Starting":
        trial.enter("Starting", "Starting the training job again, after the service was ended")
    return trial
