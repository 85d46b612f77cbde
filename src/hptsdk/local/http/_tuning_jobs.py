"""The operations of tuning jobs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import attrs

from hptsdk import errors
from hptsdk.client import warm_start_violations
from hptsdk.local.http._lists import Listing
from hptsdk.local.http._requests import check_definition, check_objective, check_quotas, check_unfinished, violated
from hptsdk.local.jobs import TUNING_JOB, Row, insert, now, update
from hptsdk.local.search import TuningSearch, apply_autotune
from hptsdk.rules.definitions import definitions_of
from hptsdk.shapes import DescribeHyperParameterTuningJobResponse
from hptsdk.transport import bad_request, job_name_in_use, job_not_found
from hptsdk.wire import dumps, from_wire

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from hptsdk.advice import Quotas
    from hptsdk.local.http._lists import Tokens
    from hptsdk.local.http._responses import Responses
    from hptsdk.local.jobs import Engine
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        DeleteHyperParameterTuningJobRequest,
        DescribeHyperParameterTuningJobRequest,
        ListHyperParameterTuningJobsRequest,
        StopHyperParameterTuningJobRequest,
    )

__all__ = ["TUNING_JOB_BY_NAME", "TuningJobs", "insert_tuning_job"]

Body = dict[str, Any]

_SEED_BITS = 31

TUNING_JOB_BY_NAME = "SELECT * FROM tuning_jobs WHERE lower(name) = lower(?) AND NOT deleted"
"""The query of the row of a tuning job."""


class TuningJobs:
    """The operations of tuning jobs.

    Args:
        engine: runs the jobs.
        responses: the responses of Describe and List operations.
        tokens: creates and reads the tokens of pages.
        quotas: the quotas above which a tuning job is rejected.
    """

    def __init__(self, engine: Engine, responses: Responses, tokens: Tokens, quotas: Quotas) -> None:
        self._engine = engine
        self._quotas = quotas
        self._config = engine.context.config
        self._store = engine.context.store
        self._tokens = tokens
        self._responses = responses

    def create(self, request: CreateHyperParameterTuningJobRequest) -> Body:
        """Create a tuning job, after all checks of the request."""
        name = request.hyper_parameter_tuning_job_name
        if self._store.one(TUNING_JOB_BY_NAME, name) is not None:
            raise job_name_in_use(name)
        config = request.hyper_parameter_tuning_job_config
        for _, definition in definitions_of(request):
            check_objective(definition, definition.tuning_objective or config.hyper_parameter_tuning_job_objective)
            ranges = definition.hyper_parameter_ranges or config.parameter_ranges
            check_definition(definition, self._engine.context, ranges)
        seed = secrets.randbits(_SEED_BITS) if config.random_seed is None else config.random_seed
        try:
            effective = apply_autotune(request)
            search = TuningSearch(effective, seed, self._config.sampler)
        except errors.InvalidShapeError as error:
            raise violated(error.violations) from error
        except ValueError as error:
            raise bad_request(f"{error}") from error
        check_quotas(effective, search.max_jobs or 0, self._quotas)
        arn = self._config.arn(TUNING_JOB, name)
        with self._store.writing() as connection:
            if connection.execute(TUNING_JOB_BY_NAME, (name,)).fetchone() is not None:
                raise job_name_in_use(name)
            check_unfinished(connection, self._quotas)
            row = insert_tuning_job(
                connection,
                arn,
                [(tag.key, tag.value) for tag in request.tags or ()],
                name=name,
                request=dumps(attrs.evolve(request, tags=None)),
                chosen=None if effective is request else dumps(attrs.evolve(effective, tags=None)),
                parents=self._parents(request),
                seed=seed,
            )
        self._engine.begin(row)
        return {"HyperParameterTuningJobArn": arn}

    def _parents(self, request: CreateHyperParameterTuningJobRequest) -> list[int]:
        """Return the IDs of the parents of a warm start."""
        config = request.warm_start_config
        if config is None:
            return []
        if violations := warm_start_violations(request, self._described):
            raise violated(violations)
        names = [parent.hyper_parameter_tuning_job_name or "" for parent in config.parent_hyper_parameter_tuning_jobs]
        return [int(self.row(name)["id"]) for name in names]

    def _described(self, name: str) -> DescribeHyperParameterTuningJobResponse:
        """Return the description of a parent for the rules about warm starts."""
        row = self._store.one(TUNING_JOB_BY_NAME, name)
        if row is None:
            message = f"no tuning job has the name {name}"
            raise errors.ResourceNotFoundError(message, code="ResourceNotFound", operation="Describe")
        return from_wire(DescribeHyperParameterTuningJobResponse, self._responses.tuning_job(row))

    def row(self, name: str) -> Row:
        """Return the row of a tuning job.

        Raises:
            Refusal: it does not exist.
        """
        row = self._store.one(TUNING_JOB_BY_NAME, name)
        if row is None:
            raise job_not_found(name)
        return row

    def describe(self, query: DescribeHyperParameterTuningJobRequest) -> Body:
        return self._responses.tuning_job(self.row(query.hyper_parameter_tuning_job_name))

    def page(self, query: ListHyperParameterTuningJobsRequest) -> Body:
        listing = Listing(query, "tuning_jobs", self._store, self._tokens)
        listing.where("deleted = ?", 0)
        listing.filter(query)
        return listing.page("HyperParameterTuningJobSummaries", self._responses.tuning_job_summary)

    def stop(self, query: StopHyperParameterTuningJobRequest) -> None:
        """Stop a tuning job that runs."""
        name = query.hyper_parameter_tuning_job_name
        with self._store.writing() as connection:
            row = self.row(name)
            if row["status"] != "InProgress":
                raise bad_request(f"The hyperparameter tuning job {name} is already {row['status']}.")
            update(connection, "tuning_jobs", row["id"], status="Stopping", modified=now())
        self._engine.stop(row)

    def delete(self, query: DeleteHyperParameterTuningJobRequest) -> None:
        """Delete a tuning job that has ended; its training jobs remain."""
        name = query.hyper_parameter_tuning_job_name
        with self._store.writing() as connection:
            row = self.row(name)
            if row["ended"] is None:
                raise bad_request(f"The hyperparameter tuning job {name} is {row['status']}, not in a terminal state.")
            update(connection, "tuning_jobs", row["id"], deleted=1)
            connection.execute("DELETE FROM tags WHERE arn = ?", (self._config.arn(TUNING_JOB, name),))


def insert_tuning_job(
    connection: sqlite3.Connection, arn: str, tags: Iterable[tuple[str, str]], **values: object
) -> Row:
    """Insert a tuning job and the tags of its resource, and return the row.

    Args:
        connection: the connection, in a transaction.
        arn: the ARN of the tuning job, or of the training job that it runs by itself.
        tags: the keys and values of the tags.
        values: the columns of the row.
    """
    at = now()
    values |= {"nonce": secrets.token_hex(8), "status": "InProgress", "created": at, "modified": at}
    tuning_job = insert(connection, "tuning_jobs", **values)
    connection.execute("DELETE FROM tags WHERE arn = ?", (arn,))
    connection.executemany("INSERT INTO tags VALUES (?, ?, ?)", [(arn, key, value) for key, value in tags])
    row: Row = connection.execute("SELECT * FROM tuning_jobs WHERE id = ?", (tuning_job,)).fetchone()
    return row
