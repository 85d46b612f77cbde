"""The operations of the local service, whose requests the shapes and rules of hptsdk validate."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import attrs

from hptsdk import errors
from hptsdk.client import warm_start_violations
from hptsdk.local.http._lists import Lists, Search
from hptsdk.local.http._requests import (
    are_isolated,
    check_by_model,
    check_definition,
    check_objective,
    check_quotas,
    check_unfinished,
    violated,
)
from hptsdk.local.http._responses import Responses, tags_of
from hptsdk.local.http._training_jobs import TrainingJobs
from hptsdk.local.jobs import TRAINING_JOB, TUNING_JOB, Row, insert_tuning_job, now, update
from hptsdk.local.search import TuningSearch, apply_autotune
from hptsdk.rules.definitions import definitions_of
from hptsdk.shapes import (
    AddTagsInput,
    CreateHyperParameterTuningJobRequest,
    DeleteHyperParameterTuningJobRequest,
    DeleteTagsInput,
    DescribeHyperParameterTuningJobRequest,
    DescribeHyperParameterTuningJobResponse,
    DescribeTrainingJobRequest,
    ListHyperParameterTuningJobsRequest,
    ListTagsInput,
    ListTrainingJobsForHyperParameterTuningJobRequest,
    ListTrainingJobsRequest,
    StopHyperParameterTuningJobRequest,
    StopTrainingJobRequest,
)
from hptsdk.transport import Refusal, bad_request, job_name_in_use, job_not_found
from hptsdk.wire import dumps, from_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk._validation import Shape
    from hptsdk.advice import Quotas
    from hptsdk.local.http._lists import Tokens
    from hptsdk.local.jobs import Engine, ServiceConfig, Store

__all__ = ["Operations"]

Body = dict[str, Any]

_SEED_BITS = 31

_BY_NAME = "SELECT * FROM tuning_jobs WHERE lower(name) = lower(?) AND NOT deleted"


class TuningJobs:
    """The operations of tuning jobs.

    Args:
        engine: runs the jobs.
        responses: the responses of Describe and List operations.
        lists: the pages of lists.
        quotas: the quotas above which a tuning job is rejected.
    """

    def __init__(self, engine: Engine, responses: Responses, lists: Lists, quotas: Quotas) -> None:
        self._engine = engine
        self._quotas = quotas
        self._config = engine.context.config
        self._store = engine.context.store
        self._lists = lists
        self._responses = responses

    def create(self, request: CreateHyperParameterTuningJobRequest) -> Body:
        """Create a tuning job, after all checks of the request."""
        name = request.hyper_parameter_tuning_job_name
        if self._store.one(_BY_NAME, name) is not None:
            raise job_name_in_use(name)
        config = request.hyper_parameter_tuning_job_config
        definitions = definitions_of(request)
        for _, definition in definitions:
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
            if connection.execute(_BY_NAME, (name,)).fetchone() is not None:
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
                isolated=are_isolated([definition for _, definition in definitions], self._engine.context),
            )
        self._engine.begin(row)
        return {"HyperParameterTuningJobArn": arn}

    def _parents(self, request: CreateHyperParameterTuningJobRequest) -> list[int]:
        config = request.warm_start_config
        if config is None:
            return []
        if violations := warm_start_violations(request, self._described):
            raise violated(violations)
        names = [parent.hyper_parameter_tuning_job_name or "" for parent in config.parent_hyper_parameter_tuning_jobs]
        return [int(self.row(name)["id"]) for name in names]

    def _described(self, name: str) -> DescribeHyperParameterTuningJobResponse:
        """Return the description of a parent for the rules about warm starts."""
        row = self._store.one(_BY_NAME, name)
        if row is None:
            message = f"no tuning job has the name {name}"
            raise errors.ResourceNotFoundError(message, code="ResourceNotFound", operation="Describe")
        return from_wire(DescribeHyperParameterTuningJobResponse, self._responses.tuning_job(row))

    def row(self, name: str) -> Row:
        """Return the row of a tuning job.

        Raises:
            Refusal: it does not exist.
        """
        row = self._store.one(_BY_NAME, name)
        if row is None:
            raise job_not_found(name)
        return row

    def describe(self, query: DescribeHyperParameterTuningJobRequest) -> Body:
        return self._responses.tuning_job(self.row(query.hyper_parameter_tuning_job_name))

    def page(self, query: ListHyperParameterTuningJobsRequest) -> Body:
        summary = self._responses.tuning_job_summary
        return self._lists.page(query, "HyperParameterTuningJobSummaries", summary, "tuning_jobs", {"deleted = ?": 0})

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


_MAX_TAGS = 50


class Tags:
    def __init__(self, store: Store, config: ServiceConfig) -> None:
        self._store = store
        self._config = config

    def _resource(self, arn: str) -> str:
        resource_type, _, name = arn.rpartition(":")[2].partition("/")
        query = _BY_NAME if resource_type == TUNING_JOB else "SELECT 1 FROM training_jobs WHERE lower(name) = lower(?)"
        is_own = resource_type in (TUNING_JOB, TRAINING_JOB) and self._config.arn(resource_type, name) == arn.lower()
        if not is_own or self._store.one(query, name) is None:
            raise bad_request(f"The resource {arn} does not exist.")
        return arn.lower()

    def add(self, query: AddTagsInput) -> Body:
        """Add tags to a resource, and replace the values of existing keys."""
        arn = self._resource(query.resource_arn)
        with self._store.writing() as connection:
            connection.executemany(
                "INSERT INTO tags VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [(arn, tag.key, tag.value) for tag in query.tags],
            )
            (count,) = connection.execute("SELECT count(*) FROM tags WHERE arn = ?", (arn,)).fetchone()
            if count > _MAX_TAGS:
                raise Refusal("ResourceLimitExceeded", f"A resource has at most {_MAX_TAGS} tags.")
        return {"Tags": tags_of(self._store, arn)}

    def get(self, query: ListTagsInput) -> Body:
        arn = self._resource(query.resource_arn)
        # the smallest page holds all tags of a resource
        return {"Tags": tags_of(self._store, arn)}

    def delete(self, query: DeleteTagsInput) -> Body:
        arn = self._resource(query.resource_arn)
        with self._store.writing() as connection:
            keys = [(arn, key) for key in query.tag_keys]
            connection.executemany("DELETE FROM tags WHERE arn = ? AND key = ?", keys)
        return {}


class Operations:
    """The operations of the API.

    Args:
        engine: runs the jobs.
        lists: the pages of lists.
        quotas: the quotas above which a tuning job is rejected.
    """

    def __init__(self, engine: Engine, tokens: Tokens, quotas: Quotas) -> None:
        store, config = engine.context.store, engine.context.config
        responses, lists = Responses(store, config, engine), Lists(store, tokens)
        tuning = TuningJobs(engine, responses, lists, quotas)
        training = TrainingJobs(engine, responses, lists, tuning.row)
        tags = Tags(store, config)
        # the class of the request; None if hptsdk has none, and botocore's model validates it
        self._operations: dict[str, tuple[type[Shape] | None, Callable[[Any], Body | None]]] = {
            "CreateHyperParameterTuningJob": (CreateHyperParameterTuningJobRequest, tuning.create),
            "DescribeHyperParameterTuningJob": (DescribeHyperParameterTuningJobRequest, tuning.describe),
            "ListHyperParameterTuningJobs": (ListHyperParameterTuningJobsRequest, tuning.page),
            "StopHyperParameterTuningJob": (StopHyperParameterTuningJobRequest, tuning.stop),
            "DeleteHyperParameterTuningJob": (DeleteHyperParameterTuningJobRequest, tuning.delete),
            "ListTrainingJobsForHyperParameterTuningJob": (
                ListTrainingJobsForHyperParameterTuningJobRequest,
                training.page_of_tuning_job,
            ),
            "CreateTrainingJob": (None, training.create),
            "DescribeTrainingJob": (DescribeTrainingJobRequest, training.describe),
            "ListTrainingJobs": (ListTrainingJobsRequest, training.page),
            "StopTrainingJob": (StopTrainingJobRequest, training.stop),
            "Search": (None, Search(store, config, tokens, responses).run),
            "AddTags": (AddTagsInput, tags.add),
            "ListTags": (ListTagsInput, tags.get),
            "DeleteTags": (DeleteTagsInput, tags.delete),
        }

    def call(self, operation: str, body: Mapping[str, object]) -> Body | None:
        """Return the response of an operation; None if it has no output.

        Raises:
            Refusal: the request is rejected; if it is invalid, the message has all violations, as that of SageMaker.
            StoreUnavailableError: the store cannot be written now.
        """
        if operation not in self._operations:
            raise Refusal("UnknownOperationException", f"The local service has no operation {operation}.")
        request_class, method = self._operations[operation]
        if request_class is None:
            return method(check_by_model(operation, body))
        try:
            request = from_wire(request_class, body)
        except errors.InvalidShapeError as error:
            raise violated(error.violations) from error
        return method(request)
