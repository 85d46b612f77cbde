"""CreateTrainingJob: a training job that no tuning job creates.

It runs as the only training job of a tuning job that no operation returns. So it has the same programs, channels, logs
and slots as other training jobs, and it continues when a root is opened again.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import attrs

from hptsdk import errors
from hptsdk._validation import is_dict
from hptsdk.local._programs import with_entrypoint
from hptsdk.local.descriptions import algorithm_metrics
from hptsdk.local.http._definitions import check_definition
from hptsdk.local.http._refusals import OWN_METRICS, violated
from hptsdk.local.jobs import CREATED, TRAINING_JOB, Records, TrainingJob, insert, now
from hptsdk.local.process import check_isolation, compile_metrics
from hptsdk.schema import waived
from hptsdk.shapes import AddTagsInput, DescribeTrainingJobRequest, HyperParameterTrainingJobDefinition
from hptsdk.transport import bad_request, training_job_name_in_use
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local.jobs import Engine

__all__ = ["create_training_job", "training_job_definition"]

Body = dict[str, Any]

# SageMaker's default for StoppingCondition.
_STOPPING_CONDITION = {"MaxRuntimeInSeconds": 86_400}

# The members of a request that are also members of a definition.
_OF_DEFINITION = (
    "CheckpointConfig",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "EnableNetworkIsolation",
    "Environment",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "RetryStrategy",
    "RoleArn",
    "StoppingCondition",
    "VpcConfig",
)
_OF_ALGORITHM = ("AlgorithmName", "MetricDefinitions", "TrainingImage", "TrainingInputMode")

# Stands for the resource in the request of AddTags, which validates tags.
_ANY_ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/any"

_REQUEST, _STATIC = "CreateTrainingJobRequest", "StaticHyperParameters"

_BY_NAME = "SELECT 1 FROM training_jobs WHERE lower(name) = lower(?)"

# No metric is the objective.
_CONFIG = {
    "Strategy": "Random",
    "ResourceLimits": {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1},
    "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": ""},
}


def create_training_job(body: Body, engine: Engine) -> Body:
    """Create a training job, after all checks of the request.

    Args:
        body: the request.
        engine: runs the training job.

    Raises:
        Refusal: the request is invalid, or the name is in use.
    """
    context, name = engine.context, str(body["TrainingJobName"])
    arn, at = context.config.arn(TRAINING_JOB, name), now()
    if "AlgorithmSpecification" not in body:
        raise bad_request("The local service needs an AlgorithmSpecification; it has no serverless training jobs.")
    try:
        definition = training_job_definition(body)
    except errors.InvalidShapeError as error:
        raise bad_request(violated(error.violations).message.replace(f"{_REQUEST}.", "")) from error
    _check(definition, body, engine)
    tags = body.get("Tags", [])
    with context.store.writing() as connection:
        if connection.execute(_BY_NAME, (name,)).fetchone() is not None:
            raise training_job_name_in_use(arn)
        tuning_job = insert(
            connection,
            "tuning_jobs",
            name=name,
            nonce=secrets.token_hex(8),
            request=json.dumps({
                "HyperParameterTuningJobName": name,
                "HyperParameterTuningJobConfig": _CONFIG,
                "TrainingJobDefinition": to_wire(definition),
                CREATED: {member: value for member, value in body.items() if member != "Tags"},
            }),
            parents=[],
            seed=0,
            status="InProgress",
            created=at,
            modified=at,
            deleted=1,
        )  # fmt: skip
        row = connection.execute("SELECT * FROM tuning_jobs WHERE id = ?", (tuning_job,)).fetchone()
        Records(row, context).add_training_job(connection, TrainingJob(0, 1, name, 0, {}))
        connection.execute("DELETE FROM tags WHERE arn = ?", (arn,))
        connection.executemany("INSERT INTO tags VALUES (?, ?, ?)", [(arn, tag["Key"], tag["Value"]) for tag in tags])
    engine.begin(row)
    return {"TrainingJobArn": arn}


def training_job_definition(body: Mapping[str, Any]) -> HyperParameterTrainingJobDefinition:
    """Return the definition with the members of a training job that a tuning job has, validated by shapes and rules.

    Args:
        body: the request of CreateTrainingJob.

    Raises:
        InvalidShapeError: a member is invalid; the paths are those of the request.
    """
    members = {name: body[name] for name in _OF_DEFINITION if name in body}
    members.setdefault("StoppingCondition", _STOPPING_CONDITION)
    specification = body.get("AlgorithmSpecification", {})
    members["AlgorithmSpecification"] = (
        {name: specification[name] for name in _OF_ALGORITHM if name in specification}
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


def _check(definition: HyperParameterTrainingJobDefinition, body: Mapping[str, Any], engine: Engine) -> None:
    """Check that the service can run a training job.

    Raises:
        Refusal: the service cannot run it.
    """
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
    check_definition(definition, engine.context)
    if (program := engine.context.programs.of(specification)) is not None:
        check_isolation(with_entrypoint(program, body["AlgorithmSpecification"]), definition, None)
