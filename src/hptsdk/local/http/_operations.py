"""The operations of SageMaker that the local service has."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import attrs

from hptsdk import errors, shapes
from hptsdk.client import warm_start_violations
from hptsdk.local.http._lists import BY_NAME, Lists, SearchOperation, Tags
from hptsdk.local.http._requests import (
    are_isolated,
    check_by_model,
    check_definition,
    check_objective,
    check_quotas,
    check_training_job,
    check_unfinished,
    training_job_definition,
    violated,
)
from hptsdk.local.http._responses import Responses
from hptsdk.local.jobs import (
    CREATE_TRAINING_JOB_REQUEST,
    TRAINING_JOB,
    TUNING_JOB,
    Records,
    Row,
    TrainingJob,
    insert_tuning_job,
    now,
    update,
)
from hptsdk.local.search import TuningSearch, apply_autotune
from hptsdk.rules.definitions import definitions_of, effective_objective, effective_ranges
from hptsdk.transport import (
    Refusal,
    bad_request,
    job_name_in_use,
    job_not_found,
    training_job_name_in_use,
    training_job_not_found,
)
from hptsdk.wire import dumps, from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk._validation import Shape
    from hptsdk.advice import Quotas
    from hptsdk.local.http._lists import Tokens
    from hptsdk.local.jobs import Engine

Body = dict[str, Any]

_SEED_BITS = 31


class TuningJobs:
    """The operations of tuning jobs. Each raises a Refusal if it rejects the request."""

    def __init__(self, engine: Engine, responses: Responses, lists: Lists, quotas: Quotas) -> None:
        self._engine = engine
        self._quotas = quotas
        self._config = engine.context.config
        self._store = engine.context.store
        self._lists = lists
        self._responses = responses

    def create(self, request: shapes.CreateHyperParameterTuningJobRequest) -> Body:
        """Create a tuning job, after all checks of the request."""
        name = request.hyper_parameter_tuning_job_name
        if self._store.one(BY_NAME[TUNING_JOB], name) is not None:
            raise job_name_in_use(name)
        config = request.hyper_parameter_tuning_job_config
        definitions = definitions_of(request)
        for _, definition in definitions:
            check_objective(definition, effective_objective(request, definition))
            check_definition(definition, self._engine.context, effective_ranges(request, definition))
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
            if connection.execute(BY_NAME[TUNING_JOB], (name,)).fetchone() is not None:
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

    def _parents(self, request: shapes.CreateHyperParameterTuningJobRequest) -> list[int]:
        config = request.warm_start_config
        if config is None:
            return []
        if violations := warm_start_violations(request, self._described):
            raise violated(violations)
        names = [parent.hyper_parameter_tuning_job_name or "" for parent in config.parent_hyper_parameter_tuning_jobs]
        return [int(self.row(name)["id"]) for name in names]

    def _described(self, name: str) -> shapes.DescribeHyperParameterTuningJobResponse:
        """Return the description of a parent for the rules about warm starts."""
        row = self._store.one(BY_NAME[TUNING_JOB], name)
        if row is None:
            message = f"no tuning job has the name {name}"
            raise errors.ResourceNotFoundError(message, code="ResourceNotFound", operation="Describe")
        return from_wire(shapes.DescribeHyperParameterTuningJobResponse, self._responses.tuning_job(row))

    def row(self, name: str) -> Row:
        """Return the row of a tuning job.

        Raises:
            Refusal: it does not exist.
        """
        row = self._store.one(BY_NAME[TUNING_JOB], name)
        if row is None:
            raise job_not_found(name)
        return row

    def describe(self, query: shapes.DescribeHyperParameterTuningJobRequest) -> Body:
        return self._responses.tuning_job(self.row(query.hyper_parameter_tuning_job_name))

    def page(self, query: shapes.ListHyperParameterTuningJobsRequest) -> Body:
        summary = self._responses.tuning_job_summary
        return self._lists.page(query, "HyperParameterTuningJobSummaries", summary, "tuning_jobs", {"deleted = ?": 0})

    def stop(self, query: shapes.StopHyperParameterTuningJobRequest) -> None:
        """Stop a tuning job that is InProgress."""
        name = query.hyper_parameter_tuning_job_name
        with self._store.writing() as connection:
            row = self.row(name)
            if row["status"] != "InProgress":
                raise bad_request(f"The hyperparameter tuning job {name} is already {row['status']}.")
            update(connection, "tuning_jobs", row["id"], status="Stopping", modified=now())
        self._engine.stop(row)

    def delete(self, query: shapes.DeleteHyperParameterTuningJobRequest) -> None:
        """Delete a tuning job that has ended; its training jobs remain."""
        name = query.hyper_parameter_tuning_job_name
        with self._store.writing() as connection:
            row = self.row(name)
            if row["ended"] is None:
                message = f"The hyperparameter tuning job {name} is {row['status']}, not in a terminal state"
                hint = "wait" if row["status"] == "Stopping" else "stop it, and wait"
                raise bad_request(f"{message}; {hint} for its end.")
            update(connection, "tuning_jobs", row["id"], deleted=1)
            connection.execute("DELETE FROM tags WHERE arn = ?", (self._config.arn(TUNING_JOB, name),))


_OWN_TUNING_JOB = "SELECT * FROM tuning_jobs WHERE id = ? AND name = ?"

# A standalone training job runs as a tuning job with this configuration, without an objective metric.
_CONFIG = {
    "Strategy": "Random",
    "ResourceLimits": {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1},
    "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": ""},
}


class TrainingJobs:
    """The operations of training jobs. Each raises a Refusal if it rejects the request."""

    def __init__(self, engine: Engine, responses: Responses, lists: Lists, tuning_job: Callable[[str], Row]) -> None:
        self._engine = engine
        self._store = engine.context.store
        self._lists = lists
        self._responses = responses
        self._tuning_job = tuning_job

    def create(self, body: Body) -> Body:
        """Create a training job, after all checks of the request."""
        context, name = self._engine.context, str(body["TrainingJobName"])
        arn = context.config.arn(TRAINING_JOB, name)
        if "AlgorithmSpecification" not in body:
            raise bad_request("The local service needs an AlgorithmSpecification; it has no serverless training jobs.")
        try:
            definition = training_job_definition(body)
        except errors.InvalidShapeError as error:
            raise bad_request(violated(error.violations).message.replace("CreateTrainingJobRequest.", "")) from error
        check_training_job(definition, body["AlgorithmSpecification"], context)
        request = {
            "HyperParameterTuningJobName": name,
            "HyperParameterTuningJobConfig": _CONFIG,
            "TrainingJobDefinition": to_wire(definition),
            CREATE_TRAINING_JOB_REQUEST: {member: value for member, value in body.items() if member != "Tags"},
        }
        with self._store.writing() as connection:
            if connection.execute(BY_NAME[TRAINING_JOB], (name,)).fetchone() is not None:
                raise training_job_name_in_use(arn)
            row = insert_tuning_job(
                connection,
                arn,
                [(tag["Key"], tag["Value"]) for tag in body.get("Tags", [])],
                name=name,
                request=json.dumps(request),
                parents=[],
                seed=0,
                deleted=1,
                isolated=are_isolated([definition], context),
            )
            Records(row, context).add_training_job(connection, TrainingJob(0, 1, name, 0, {}))
        self._engine.begin(row)
        return {"TrainingJobArn": arn}

    def page_of_tuning_job(self, query: shapes.ListTrainingJobsForHyperParameterTuningJobRequest) -> Body:
        row = self._tuning_job(query.hyper_parameter_tuning_job_name)
        request = self._responses.request(row)
        return self._lists.page(
            query,
            "TrainingJobSummaries",
            lambda job: self._responses.tuned_job_summary(job, request),
            "training_jobs",
            {"tuning_job = ?": row["id"]},
        )

    def row(self, name: str) -> Row:
        """Return the row of a training job.

        Raises:
            Refusal: it does not exist.
        """
        row = self._store.one("SELECT * FROM training_jobs WHERE name = ?", name)
        if row is None:
            raise training_job_not_found()
        return row

    def describe(self, query: shapes.DescribeTrainingJobRequest) -> Body:
        return self._responses.training_job(self.row(query.training_job_name))

    def page(self, query: shapes.ListTrainingJobsRequest) -> Body:
        summary = self._responses.training_job_summary
        return self._lists.page(query, "TrainingJobSummaries", summary, "training_jobs", sort_by="CreationTime")

    def stop(self, query: shapes.StopTrainingJobRequest) -> None:
        """Stop a training job that runs or waits."""
        name = query.training_job_name
        with self._store.writing() as connection:
            row = self.row(name)
            if row["status"] not in ("InProgress", "Stopping"):
                raise bad_request(f"The request was rejected because the training job is in status {row['status']}.")
            update(connection, "training_jobs", row["id"], status="Stopping", stop=row["stop"] or "Stopped")
            # the rows of a standalone training job may be damaged; then nothing runs it
            own = connection.execute(_OWN_TUNING_JOB, (row["tuning_job"], name)).fetchone()
            if own is not None and self._engine.unreadable_reason(own["id"]) is not None:
                update(connection, "tuning_jobs", own["id"], status="Stopping")
        if (run := self._engine.run_of(row["tuning_job"])) is not None:
            run.stop_training_job(name)
        elif own is not None:
            self._engine.stop(own)


class Operations:
    """The operations by name. Tokens are those of lists, and quotas those of new tuning jobs."""

    def __init__(self, engine: Engine, tokens: Tokens, quotas: Quotas) -> None:
        store, config = engine.context.store, engine.context.config
        responses, lists = Responses(store, config, engine), Lists(store, tokens)
        tuning = TuningJobs(engine, responses, lists, quotas)
        training = TrainingJobs(engine, responses, lists, tuning.row)
        tags = Tags(store, config)
        self._operations: dict[str, Callable[[Any], Body | None]] = {
            "CreateHyperParameterTuningJob": tuning.create,
            "DescribeHyperParameterTuningJob": tuning.describe,
            "ListHyperParameterTuningJobs": tuning.page,
            "StopHyperParameterTuningJob": tuning.stop,
            "DeleteHyperParameterTuningJob": tuning.delete,
            "ListTrainingJobsForHyperParameterTuningJob": training.page_of_tuning_job,
            "CreateTrainingJob": training.create,
            "DescribeTrainingJob": training.describe,
            "ListTrainingJobs": training.page,
            "StopTrainingJob": training.stop,
            "Search": SearchOperation(store, config, tokens, responses).run,
            "AddTags": tags.add,
            "ListTags": tags.get,
            "DeleteTags": tags.delete,
        }

    def call(self, operation: str, body: Mapping[str, object]) -> Body | None:
        """Return the response of an operation; None if it has no output.

        Raises:
            Refusal: the request is rejected, or there is no such operation.
            StoreUnavailableError: the store cannot be read or written now.
        """
        if operation not in self._operations:
            raise Refusal("UnknownOperationException", f"The local service has no operation {operation}.")
        method, suffix = self._operations[operation], "Input" if operation.endswith("Tags") else "Request"
        request_class: type[Shape] | None = getattr(shapes, f"{operation}{suffix}", None)
        if request_class is None:  # hptsdk has no class for it
            return method(check_by_model(operation, body))
        try:
            request = from_wire(request_class, body)
        except errors.InvalidShapeError as error:
            raise violated(error.violations) from error
        return method(request)
