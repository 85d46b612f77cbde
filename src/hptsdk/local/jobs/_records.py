"""The rows of tuning jobs and training jobs in the store, and the results of the parents of a warm start."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hptsdk._validation import members_of, unvalidated
from hptsdk.local.jobs._state import TRAINING_JOB, TUNING_JOB, ServiceClosedError, Stopwatch, TrainingJob, now
from hptsdk.local.jobs._store import Row, StoreUnavailableError, insert, update
from hptsdk.rules.definitions import definitions_of
from hptsdk.shapes import CreateHyperParameterTuningJobRequest, DescribeHyperParameterTuningJobResponse
from hptsdk.wire import loads

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from hptsdk.local.jobs._engine import ServiceContext
    from hptsdk.local.jobs._store import Store
    from hptsdk.local.process import MetricValue
    from hptsdk.local.search import TuningSearch

ResultT = TypeVar("ResultT")

_logger = logging.getLogger("hptsdk.local")

CREATE_TRAINING_JOB_REQUEST = "TrainingJob"
"""The member of a stored request that contains the CreateTrainingJob request of a standalone training job."""

_RETRY_SECONDS = 0.5

_STARTS_AGAIN = "Starting the training job again, after the service was ended"

_NOT_ENDED = "SELECT id FROM training_jobs WHERE tuning_job = ? AND ended IS NULL"
_STATUS_AND_LATEST_END = """
    SELECT status, max(created, coalesce((SELECT max(ended) FROM training_jobs WHERE tuning_job = tuning_jobs.id), 0))
    FROM tuning_jobs WHERE id = ?
"""


def read_request(row: Row) -> CreateHyperParameterTuningJobRequest:
    """Return the request of a stored tuning job, with the choices of Autotune, without validating it again.

    It was validated when it was created. A rule of a later version of hptsdk does not apply to it.

    Raises:
        InvalidShapeError: the stored text is not a JSON object.
    """
    # a response accepts all values, and that of Describe has the members of the request
    response = loads(DescribeHyperParameterTuningJobResponse, row["chosen"] or row["request"])
    attributes = [member.attribute for member in members_of(CreateHyperParameterTuningJobRequest)]
    members = {attribute: getattr(response, attribute, None) for attribute in attributes}
    return cast("CreateHyperParameterTuningJobRequest", unvalidated(CreateHyperParameterTuningJobRequest, members, {}))


def standalone_request(row: Row) -> dict[str, Any] | None:
    """Return the CreateTrainingJob request of a standalone training job; None if the row is a real tuning job."""
    request: dict[str, Any] = json.loads(row["request"])
    return request.get(CREATE_TRAINING_JOB_REQUEST)


def read_training_job(row: Row) -> TrainingJob:
    """Return the training job of a row, prepared to start again."""
    job = TrainingJob(row["id"], row["number"], row["name"], row["definition"], json.loads(row["tuned"]))
    job.attempts, job.stop_status, job.clock = row["attempts"], row["stop"], Stopwatch(row["seconds"])
    job.transitions, job.was_interrupted = json.loads(row["transitions"]), True
    job.changed = float(str(job.transitions[-1]["StartTime"]))
    if job.transitions[-1]["Status"] != "Starting":
        job.enter("Starting", _STARTS_AGAIN)
    return job


class Records:
    """The rows of one tuning job, and the clock that measures for how long it has run."""

    def __init__(self, row: Row, context: ServiceContext) -> None:
        self._id = int(row["id"])
        self._name = str(row["name"])
        self._nonce = str(row["nonce"])
        self._is_hidden = bool(row["deleted"])
        self._config = context.config
        self._closing = context.closing
        self.store = context.store
        self.clock = Stopwatch(row["consumed"])

    def training_jobs(self) -> list[Row]:
        """Return the rows of the training jobs, in the order of their numbers."""
        return self.store.all("SELECT * FROM training_jobs WHERE tuning_job = ? ORDER BY number", self._id)

    def metric_values(self, training_job: int, metric: str) -> list[float]:
        """Return the stored values of a metric of a training job, in their order."""
        rows = self.store.all(
            "SELECT value FROM metrics WHERE training_job = ? AND name = ? ORDER BY position", training_job, metric
        )
        return [float(row["value"]) for row in rows]

    def persist(self, change: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
        """Run a change in one transaction, and repeat it until the store can be written.

        Raises:
            ServiceClosedError: the service closes before that.
        """
        while True:
            try:
                with self.store.writing() as connection:
                    return change(connection)
            except StoreUnavailableError as error:
                _logger.warning("tuning job %s: the store cannot be written, trying again: %s", self._name, error)
            if self._closing.wait(_RETRY_SECONDS):
                raise ServiceClosedError

    def name_of(self, number: int) -> str:
        """Return the name of a training job, which is the same for the same number after a restart."""
        digest = hashlib.sha256(f"{self._nonce}/{number}".encode()).hexdigest()[:8]
        return f"{self._name}-{number:03d}-{digest}"

    def add_training_job(self, connection: sqlite3.Connection, job: TrainingJob) -> TrainingJob:
        """Store a new training job with the tags of its tuning job, and return it with its ID."""
        job.enter("Starting", "Preparing the instances for training")
        job.id = insert(
            connection,
            "training_jobs",
            tuning_job=self._id,
            number=job.number,
            name=job.name,
            definition=job.definition,
            tuned=job.tuned,
            status="InProgress",
            secondary="Starting",
            transitions=job.transitions,
            created=job.changed,
            modified=job.changed,
        )
        if self._is_hidden:
            return job
        arns = (self._config.arn(TRAINING_JOB, job.name), self._config.arn(TUNING_JOB, self._name))
        connection.execute("INSERT INTO tags SELECT ?, key, value FROM tags WHERE arn = ?", arns)
        return job

    def restart(self, jobs: list[TrainingJob]) -> None:
        """Delete the metrics of interrupted training jobs, which are read again.

        The training jobs that are not being stopped get the secondary status Starting.
        """

        def change(connection: sqlite3.Connection) -> None:
            for job in jobs:
                connection.execute("DELETE FROM metrics WHERE training_job = ?", (job.id,))
                if job.stop_status is None:
                    columns = {"secondary": "Starting", "started": None, "transitions": job.transitions}
                    update(connection, "training_jobs", job.id, **columns, modified=now())

        if jobs:
            self.persist(change)

    def suspend(self, job: TrainingJob, seconds: float) -> None:
        """Store that a training job waits until its program is replaced, and stop the clock of the tuning job.

        Args:
            job: the training job.
            seconds: the seconds for which it ran before it was interrupted.
        """
        job.enter("Starting", _STARTS_AGAIN)
        job.clock, job.was_interrupted, job.stored_values = Stopwatch(seconds), True, 0
        job.finals.clear()
        self.restart([job])
        self.clock.stop()

    def store_progress(self, job: TrainingJob, columns: dict[str, object], values: list[MetricValue]) -> None:
        """Store the progress of a training job.

        Raises:
            ServiceClosedError: the service closes before the store can be written.
        """
        self.persist(lambda connection: self.update_training_job(connection, job, values, **columns))
        job.stored_values += len(values)

    def update_training_job(
        self, connection: sqlite3.Connection, job: TrainingJob, values: list[MetricValue], **columns: object
    ) -> None:
        """Store columns and metric values of a training job, and how long it and its tuning job have run."""
        connection.executemany(
            "INSERT INTO metrics VALUES (?, ?, ?, ?, ?)",
            [(job.id, position, *value) for position, value in enumerate(values, start=job.stored_values)],
        )
        progress = {"transitions": job.transitions, "finals": job.finals, "seconds": job.clock.seconds}
        update(connection, "training_jobs", job.id, **columns, **progress, modified=now())
        self.store_running_times(connection, [])

    def store_running_times(self, connection: sqlite3.Connection, jobs: list[TrainingJob]) -> None:
        """Store for how long the tuning job and those of `jobs` that have not ended have run."""
        # a system time that is set back does not make LastModifiedTime earlier
        connection.execute(
            "UPDATE tuning_jobs SET consumed = ?, modified = max(modified, ?) WHERE id = ?",
            (self.clock.seconds, now(), self._id),
        )
        connection.executemany(
            "UPDATE training_jobs SET seconds = ? WHERE id = ? AND ended IS NULL",
            [(job.clock.seconds, job.id) for job in jobs],
        )

    def finish(self, failure_reason: str | None) -> None:
        """Store the end of the tuning job, with the failure reason unless it was stopped.

        Its training jobs that have not ended are Stopped if it was stopped, otherwise Failed.
        """

        def change(connection: sqlite3.Connection) -> None:
            (status, latest) = connection.execute(_STATUS_AND_LATEST_END, (self._id,)).fetchone()
            at = max(now(), latest)
            end: dict[str, object] = {"failure_reason": failure_reason, "modified": at, "ended": at}
            of_jobs = "Failed"
            # a requested stop takes precedence over every other end
            if status == "Stopping":
                end["failure_reason"] = None
                of_jobs = "Stopped"
            ended: dict[str, object] = {"status": of_jobs, "secondary": of_jobs, "objective_status": "Failed"}
            for row in connection.execute(_NOT_ENDED, (self._id,)).fetchall():
                update(connection, "training_jobs", row["id"], **ended, **end)
            end["status"] = "Stopped" if status == "Stopping" else "Failed" if failure_reason else "Completed"
            update(connection, "tuning_jobs", self._id, **end, consumed=self.clock.seconds)

        self.persist(change)


def add_parent_results(
    store: Store, parents: Sequence[int], request: CreateHyperParameterTuningJobRequest, search: TuningSearch
) -> None:
    """Add the results of the parents of a warm start to a search.

    For TransferLearning the objectives of each parent are standardized, because its data may have another scale.
    """
    config = request.warm_start_config
    if config is None:
        return
    (definition,) = search.definitions
    for parent in parents:
        results = _results_of(store, parent)
        objectives = [objective for _, objective in results]
        if config.warm_start_type == "TransferLearning" and objectives:
            mean, deviation = fmean(objectives), pstdev(objectives) or 1.0
            objectives = [(objective - mean) / deviation for objective in objectives]
            definition.strategy.standardize()
        for (values, _), objective in zip(results, objectives, strict=True):
            definition.strategy.add_parent_result(values, objective)


def _results_of(store: Store, parent: int) -> list[tuple[dict[str, str], float]]:
    """Return the hyperparameters and objectives of a parent's training jobs that have an objective.

    Its static hyperparameters are included, because the child may tune one of them.
    """
    row = store.one("SELECT * FROM tuning_jobs WHERE id = ?", parent)
    if row is None:
        return []
    static = [definition.static_hyper_parameters or {} for _, definition in definitions_of(read_request(row))]
    jobs = store.all(
        "SELECT definition, tuned, objective FROM training_jobs "
        "WHERE tuning_job = ? AND objective IS NOT NULL ORDER BY number",
        parent,
    )
    return [({**static[job["definition"]], **json.loads(job["tuned"])}, float(job["objective"])) for job in jobs]


def insert_tuning_job(
    connection: sqlite3.Connection, arn: str, tags: Iterable[tuple[str, str]], **values: object
) -> Row:
    """Insert a tuning job and the tags of its resource, and return the row.

    Args:
        connection: a connection in a transaction.
        arn: the ARN of the tuning job, or of the standalone training job.
        tags: pairs of keys and values.
        values: the values of other columns.
    """
    at = now()
    values |= {"nonce": secrets.token_hex(8), "status": "InProgress", "created": at, "modified": at}
    tuning_job = insert(connection, "tuning_jobs", **values)
    connection.execute("DELETE FROM tags WHERE arn = ?", (arn,))
    connection.executemany("INSERT INTO tags VALUES (?, ?, ?)", [(arn, key, value) for key, value in tags])
    row: Row = connection.execute("SELECT * FROM tuning_jobs WHERE id = ?", (tuning_job,)).fetchone()
    return row
