"""CreateTrainingJob: a training job that no tuning job creates.

It runs as the only training job of a tuning job that no operation returns. So it has the same programs, channels, logs
and slots as other training jobs, and it continues when a root is opened again.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from hptsdk import errors
from hptsdk.local._programs import with_entrypoint
from hptsdk.local.descriptions import algorithm_metrics
from hptsdk.local.http._definitions import check_definition
from hptsdk.local.http._refusals import OWN_METRICS, violated
from hptsdk.local.jobs import CREATED, TRAINING_JOB, Records, TrainingJob, insert, now
from hptsdk.local.process import check_isolation, compile_metrics
from hptsdk.schema import waived
from hptsdk.shapes import AddTagsInput, DescribeTrainingJobRequest, HyperParameterTrainingJobDefinition
from hptsdk.transport import Refusal, bad_request
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local.jobs import Engine

__all__ = ["create_training_job"]

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

# The paths of the structures that validate the request, and those in the request.
_OWN_NAMES = {
    "AddTagsInput.": "",
    "DescribeTrainingJobRequest.": "",
    "HyperParameterTrainingJobDefinition.": "",
    "StaticHyperParameters": "HyperParameters",
}

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
    definition = _definition(body, arn)
    _check(definition, body, engine)
    tags = body.get("Tags", [])
    with context.store.writing() as connection:
        if connection.execute(_BY_NAME, (name,)).fetchone() is not None:
            message = f"a job with this name already exists ({arn})"
            raise Refusal("ResourceInUse", f"Job name must be unique within an AWS account and region, and {message}")
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


def _definition(body: Mapping[str, Any], arn: str) -> HyperParameterTrainingJobDefinition:
    """Return the definition of a training job, validated by the shapes and rules of hptsdk.

    Raises:
        Refusal: a member is invalid, or not supported.
    """
    specification = body.get("AlgorithmSpecification")
    if specification is None:
        raise bad_request("The local service needs an AlgorithmSpecification; it has no serverless training jobs.")
    members = {name: body[name] for name in _OF_DEFINITION if name in body}
    members.setdefault("StoppingCondition", _STOPPING_CONDITION)
    members["AlgorithmSpecification"] = {name: specification[name] for name in _OF_ALGORITHM if name in specification}
    if "HyperParameters" in body:
        members["StaticHyperParameters"] = body["HyperParameters"]
    try:
        from_wire(DescribeTrainingJobRequest, {"TrainingJobName": body["TrainingJobName"]})
        if "Tags" in body:
            from_wire(AddTagsInput, {"ResourceArn": arn, "Tags": body["Tags"]})
        # only a tuning job needs a metric
        with waived("custom-image-needs-metrics"):
            return from_wire(HyperParameterTrainingJobDefinition, members)
    except errors.InvalidShapeError as error:
        message = violated(error.violations).message
        for name, own in _OWN_NAMES.items():
            message = message.replace(name, own)
        raise bad_request(message) from error


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
