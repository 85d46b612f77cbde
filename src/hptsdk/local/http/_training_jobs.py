"""The operations of training jobs, with or without a tuning job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from hptsdk import errors
from hptsdk._validation import is_dict
from hptsdk.local._program_map import with_entrypoint
from hptsdk.local._programs import Program
from hptsdk.local.descriptions import algorithm_metrics, wire_names
from hptsdk.local.http._requests import OWN_METRICS, are_isolated, check_definition, violated
from hptsdk.local.jobs import CREATED, TRAINING_JOB, Records, Row, TrainingJob, insert_tuning_job, update
from hptsdk.local.process import check_isolation, compile_metrics
from hptsdk.schema import waived
from hptsdk.shapes import (
    AddTagsInput,
    DescribeTrainingJobRequest,
    HyperParameterAlgorithmSpecification,
    HyperParameterTrainingJobDefinition,
)
from hptsdk.transport import bad_request, training_job_name_in_use, training_job_not_found
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk.local.http._lists import Lists
    from hptsdk.local.http._responses import Responses
    from hptsdk.local.jobs import Engine
    from hptsdk.shapes import (
        ListTrainingJobsForHyperParameterTuningJobRequest,
        ListTrainingJobsRequest,
        StopTrainingJobRequest,
    )

__all__ = ["TrainingJobs", "training_job_definition"]

Body = dict[str, Any]

# SageMaker's default for StoppingCondition.
_STOPPING_CONDITION = {"MaxRuntimeInSeconds": 86_400}

# The members that a training job and its algorithm have in common with a definition.
_OF_DEFINITION = wire_names(HyperParameterTrainingJobDefinition) - {"AlgorithmSpecification"}
_OF_ALGORITHM = wire_names(HyperParameterAlgorithmSpecification)

# Stands for the resource in the request of AddTags, which validates tags.
_ANY_ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/any"

_REQUEST, _STATIC = "CreateTrainingJobRequest", "StaticHyperParameters"

_OWN_TUNING_JOB = "SELECT * FROM tuning_jobs WHERE id = ? AND name = ?"
_TRAINING_JOB = "SELECT * FROM training_jobs WHERE name = ?"
_BY_NAME = "SELECT 1 FROM training_jobs WHERE lower(name) = lower(?)"

# No metric is the objective.
_CONFIG = {
    "Strategy": "Random",
    "ResourceLimits": {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1},
    "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": ""},
}


def training_job_definition(body: Mapping[str, Any]) -> HyperParameterTrainingJobDefinition:
    """Return the definition with the members of a training job that a tuning job has, validated by shapes and rules.

    Raises:
        InvalidShapeError: a member is invalid; the paths are those of the request.
    """
    members = {name: body[name] for name in body.keys() & _OF_DEFINITION}
    members.setdefault("StoppingCondition", _STOPPING_CONDITION)
    specification = body.get("AlgorithmSpecification", {})
    members["AlgorithmSpecification"] = (
        {name: value for name, value in specification.items() if name in _OF_ALGORITHM}
        if is_dict(specification)
        else specification
    )
    if "HyperParameters" in body:
        members["StaticHyperParameters"] = body["HyperParameters"]
    try:
        from_wire(DescribeTrainingJobRequest, {name: body[name] for name in ("TrainingJobName",) if name in body})
        if "Tags" in body:
            from_wire(AddTagsInput, {"ResourceArn": _ANY_ARN, "Tags": body["Tags"]})
        # only a tuning job needs a metric
        with waived("custom-image-needs-metrics"):
            return from_wire(HyperParameterTrainingJobDefinition, members)
    except errors.InvalidShapeError as error:
        raise errors.InvalidShapeError([_of_training_job(violation) for violation in error.violations]) from error


def _of_training_job(violation: errors.Violation) -> errors.Violation:
    """Return a violation of a definition as that of the training job."""
    texts = {
        name: getattr(violation, name).replace(_STATIC, "HyperParameters") for name in ("path", "expected", "hint")
    }
    return attrs.evolve(violation, shape=_REQUEST, **texts)


class TrainingJobs:
    """The operations of training jobs."""

    def __init__(self, engine: Engine, responses: Responses, lists: Lists, tuning_job: Callable[[str], Row]) -> None:
        self._engine = engine
        self._store = engine.context.store
        self._lists = lists
        self._responses = responses
        self._tuning_job = tuning_job

    def create(self, body: Body) -> Body:
        """Create a training job, after all checks of the request.

        Raises:
            Refusal: the request is invalid, or the name is in use.
        """
        context, name = self._engine.context, str(body["TrainingJobName"])
        arn = context.config.arn(TRAINING_JOB, name)
        if "AlgorithmSpecification" not in body:
            raise bad_request("The local service needs an AlgorithmSpecification; it has no serverless training jobs.")
        try:
            definition = training_job_definition(body)
        except errors.InvalidShapeError as error:
            raise bad_request(violated(error.violations).message.replace(f"{_REQUEST}.", "")) from error
        self._check(definition, body)
        request = {
            "HyperParameterTuningJobName": name,
            "HyperParameterTuningJobConfig": _CONFIG,
            "TrainingJobDefinition": to_wire(definition),
            CREATED: {member: value for member, value in body.items() if member != "Tags"},
        }
        with self._store.writing() as connection:
            if connection.execute(_BY_NAME, (name,)).fetchone() is not None:
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

    def _check(self, definition: HyperParameterTrainingJobDefinition, body: Body) -> None:
        """Check that the service can run a training job."""
        specification = definition.algorithm_specification
        metrics = specification.metric_definitions
        if metrics and algorithm_metrics(
            specification.training_image, definition.static_hyper_parameters, definition.environment
        ):
            raise bad_request(OWN_METRICS)
        try:
            compile_metrics(metrics or ())
        except ValueError as error:
            raise bad_request(f"{error}") from error
        context = self._engine.context
        check_definition(definition, context)
        if (program := context.programs.of(specification)) is not None:
            program = with_entrypoint(program, body["AlgorithmSpecification"])
        if isinstance(program, Program):
            check_isolation(program, definition, None)

    def page_of_tuning_job(self, query: ListTrainingJobsForHyperParameterTuningJobRequest) -> Body:
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
        row = self._store.one(_TRAINING_JOB, name)
        if row is None:
            raise training_job_not_found()
        return row

    def describe(self, query: DescribeTrainingJobRequest) -> Body:
        return self._responses.training_job(self.row(query.training_job_name))

    def page(self, query: ListTrainingJobsRequest) -> Body:
        summary = self._responses.training_job_summary
        return self._lists.page(query, "TrainingJobSummaries", summary, "training_jobs", sort_by="CreationTime")

    def stop(self, query: StopTrainingJobRequest) -> None:
        """Stop a training job that runs or waits."""
        name = query.training_job_name
        with self._store.writing() as connection:
            row = self.row(name)
            if row["status"] not in ("InProgress", "Stopping"):
                raise bad_request(f"The request was rejected because the training job is in status {row['status']}.")
            update(connection, "training_jobs", row["id"], status="Stopping", stop=row["stop"] or "Stopped")
            # the rows of a training job by itself may be damaged; then nothing runs it
            own = connection.execute(_OWN_TUNING_JOB, (row["tuning_job"], name)).fetchone()
            if own is not None and self._engine.unreadable_reason(own["id"]) is not None:
                update(connection, "tuning_jobs", own["id"], status="Stopping")
        if (run := self._engine.run_of(row["tuning_job"])) is not None:
            run.stop_training_job(name)
        elif own is not None:
            self._engine.stop(own)
