"""The operations of training jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk.local.http._listing import Listing
from hptsdk.local.http._new_training_jobs import create_training_job
from hptsdk.local.jobs import Row, update
from hptsdk.transport import bad_request, training_job_not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk.local.http._listing import Tokens
    from hptsdk.local.http._responses import Responses
    from hptsdk.local.jobs import Engine
    from hptsdk.shapes import (
        DescribeTrainingJobRequest,
        ListTrainingJobsForHyperParameterTuningJobRequest,
        ListTrainingJobsRequest,
        StopTrainingJobRequest,
    )

__all__ = ["TrainingJobs"]

Body = dict[str, Any]

_TRAINING_JOB = "SELECT * FROM training_jobs WHERE name = ?"


class TrainingJobs:
    """The operations of training jobs.

    Args:
        engine: runs the jobs.
        responses: the responses of Describe and List operations.
        tokens: creates and reads the tokens of pages.
        tuning_job: returns the row of a tuning job by its name.
    """

    def __init__(self, engine: Engine, responses: Responses, tokens: Tokens, tuning_job: Callable[[str], Row]) -> None:
        self._engine = engine
        self._store = engine.context.store
        self._tokens = tokens
        self._responses = responses
        self._tuning_job = tuning_job

    def create(self, body: Body) -> Body:
        """Create a training job."""
        return create_training_job(body, self._engine)

    def page_of_tuning_job(self, query: ListTrainingJobsForHyperParameterTuningJobRequest) -> Body:
        """Return a page of the training jobs of a tuning job."""
        row = self._tuning_job(query.hyper_parameter_tuning_job_name)
        listing = Listing(query, "training_jobs", self._store, self._tokens)
        listing.where("tuning_job = ?", row["id"])
        listing.where("status = ?", query.status_equals)
        request = self._responses.request(row)
        return listing.page("TrainingJobSummaries", lambda job: self._responses.tuned_job_summary(job, request))

    def row(self, name: str) -> Row:
        """Return the row of a training job.

        Raises:
            Refusal: it does not exist.
        """
        row = self._store.one(_TRAINING_JOB, name)
        if row is None:
            raise training_job_not_found()
        return row

    def describe(self, query: DescribeTrainingJobRequest) -> Body:
        row = self.row(query.training_job_name)
        tuning_job = self._store.one("SELECT * FROM tuning_jobs WHERE id = ?", row["tuning_job"])
        if tuning_job is None:
            raise training_job_not_found()
        return self._responses.training_job(row, tuning_job)

    def page(self, query: ListTrainingJobsRequest) -> Body:
        listing = Listing(query, "training_jobs", self._store, self._tokens, sort_by="CreationTime")
        listing.filter(query)
        if query.warm_pool_status_equals is not None or query.training_plan_arn_equals is not None:
            # the local service has neither warm pools nor training plans
            listing.where("0 = ?", 1)
        return listing.page("TrainingJobSummaries", self._responses.training_job_summary)

    def stop(self, query: StopTrainingJobRequest) -> None:
        """Stop a training job that runs or waits."""
        name = query.training_job_name
        with self._store.writing() as connection:
            row = self.row(name)
            if row["status"] not in ("InProgress", "Stopping"):
                raise bad_request(f"The request was rejected because the training job is in status {row['status']}.")
            update(connection, "training_jobs", row["id"], status="Stopping", stop=row["stop"] or "Stopped")
        if (run := self._engine.run_of(row["tuning_job"])) is not None:
            run.stop_training_job(name)
