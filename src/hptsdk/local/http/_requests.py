"""Checks of requests: violated rules, the model of botocore, the quotas of SageMaker, and what the service can run."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs
from botocore.session import get_session
from botocore.validate import ParamValidator

from hptsdk import errors
from hptsdk._validation import is_dict
from hptsdk.advice import Quotas
from hptsdk.local._options import missing_program_text
from hptsdk.local._program_map import with_entrypoint
from hptsdk.local._programs import Container, Program
from hptsdk.local.descriptions import algorithm_metrics, wire_names
from hptsdk.local.process import (
    CHECKPOINTS,
    UnsafePathError,
    can_mount,
    check_channels,
    check_container,
    check_isolation,
    check_source,
    checkpoint_path,
    compile_metrics,
    launcher_of,
)
from hptsdk.rules.definitions import definitions_of
from hptsdk.schema import algorithm_of, waived
from hptsdk.shapes import (
    AddTagsInput,
    DescribeTrainingJobRequest,
    HyperParameterAlgorithmSpecification,
    HyperParameterTrainingJobDefinition,
)
from hptsdk.transport import Refusal, bad_request
from hptsdk.wire import from_wire

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from botocore.model import ServiceModel

    from hptsdk.local.jobs import ServiceContext
    from hptsdk.local.process import Storage
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, HyperParameterTuningJobObjective, ParameterRanges

_OWN_METRICS = (
    "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request without "
    "specifying metric definitions."
)

# The messages of SageMaker for violations, by the ID of the rule. It checks these rules after all others.
_MESSAGES = {
    "custom-image-needs-metrics": "A metric is required for this hyperparameter tuning job objective. Provide a metric "
    "in the metric definitions.",
    "longest-wait-needs-spot": "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is "
    "set to true",
}


def violated(violations: Sequence[errors.Violation]) -> Refusal:
    """Return the Refusal of a request with violations.

    The message has all violations, as in SageMaker. If SageMaker's own message is known for each of them, the message
    is that for the first one.
    """
    if all(violation.rule in _MESSAGES for violation in violations):
        return bad_request(_MESSAGES[violations[0].rule])
    count, text = len(violations), "; ".join(violation.message for violation in violations)
    return bad_request(f"{count} validation error{'s' if count > 1 else ''} detected: {text}")


@cache
def _model(service: str) -> ServiceModel:
    return get_session().get_service_model(service)


def check_by_model(operation: str, body: Mapping[str, object], service: str = "sagemaker") -> dict[str, Any]:
    """Validate a request against botocore's model, and return it.

    Raises:
        Refusal: a member is missing, unknown or invalid, the request is nested too deeply, or its text is not Unicode.
    """
    try:
        report = ParamValidator().validate(body, _model(service).shape_for(f"{operation}Request"))
        json.dumps(body, ensure_ascii=False).encode()
    except RecursionError:
        raise bad_request("The request is nested too deeply.") from None
    except UnicodeEncodeError:
        raise bad_request("The request has text with a lone surrogate, which is not a character.") from None
    if report.has_errors():
        raise bad_request(report.generate_report())
    return dict(body)


# The names of the quotas on the page dg/automatic-model-tuning-limits, and the unit of each.
_NAMES = {
    "max_training_jobs": ("Number of training jobs per hyperparameter tuning job", "Training Jobs"),
    "max_random_training_jobs": (
        "[Random search] Number of training jobs per hyperparameter tuning job",
        "Training Jobs",
    ),
    "max_parallel_jobs": ("Number of parallel training jobs per hyperparameter tuning job", "Training Jobs"),
    "max_metrics": ("Number of metrics defined per hyperparameter tuning job", "Metrics"),
    "max_tuning_jobs": ("Number of parallel (concurrent) hyperparameter tuning jobs", "Hyperparameter Tuning Jobs"),
}


def validate_quotas(quotas: object) -> Quotas:
    """Return the quotas of a service: `Quotas.highest()` for None.

    Raises:
        TypeError: they are neither None nor `Quotas`.
    """
    if quotas is None:
        return Quotas.highest()
    if not isinstance(quotas, Quotas):
        raise TypeError(f"quotas: expected hptsdk.Quotas or None, got {type(quotas).__name__}")
    return quotas


def changed_quotas(quotas: Quotas) -> dict[str, int]:
    """Return the quotas that differ from the highest ones, by name."""
    highest = attrs.asdict(Quotas.highest())
    return {name: value for name, value in attrs.asdict(quotas).items() if value != highest[name]}


def check_quotas(request: CreateHyperParameterTuningJobRequest, training_jobs: int, quotas: Quotas) -> None:
    """Check a request against the quotas.

    Args:
        request: the request, with the choices of Autotune.
        training_jobs: the maximum number of training jobs of the tuning job; 0 if it has no limit.
        quotas: the quotas.

    Raises:
        Refusal: it exceeds one of them.
    """
    config = request.hyper_parameter_tuning_job_config
    algorithms = [definition.algorithm_specification for _, definition in definitions_of(request)]
    _check_quota(quotas, "max_parallel_jobs", config.resource_limits.max_parallel_training_jobs)
    _check_quota(
        quotas, "max_random_training_jobs" if config.strategy == "Random" else "max_training_jobs", training_jobs
    )
    _check_quota(quotas, "max_metrics", max(len(algorithm.metric_definitions or ()) for algorithm in algorithms))


def check_unfinished(connection: sqlite3.Connection, quotas: Quotas) -> None:
    """Check that one more tuning job can be created.

    Raises:
        Refusal: the number of unfinished tuning jobs has reached the quota.
    """
    (count,) = connection.execute("SELECT count(*) FROM tuning_jobs WHERE ended IS NULL AND NOT deleted").fetchone()
    _check_quota(quotas, "max_tuning_jobs", 1, used=count)


def _check_quota(quotas: Quotas, quota: str, count: int, *, used: int = 0) -> None:
    limit: int = getattr(quotas, quota)
    if used + count > limit:
        name, unit = _NAMES[quota]
        raise Refusal(
            "ResourceLimitExceeded",
            f"The account-level service limit '{name}' is {limit} {unit}, with current utilization of {used} {unit} "
            f"and a request delta of {count} {unit}. Please use AWS Service Quotas to request an increase for this "
            f"quota. To increase it in the local service only, pass to LocalService "
            f"quotas=hptsdk.Quotas.highest({quota}={used + count}), or to hptsdk local serve --quota "
            f"{quota}={used + count}.",
        )


def check_definition(
    definition: HyperParameterTrainingJobDefinition, context: ServiceContext, ranges: ParameterRanges | None = None
) -> None:
    """Check that the service has the program, the data and the folders of a definition with these ranges.

    Raises:
        Refusal: it does not have one of them, or cannot run the program as the definition requires.
    """
    programs, storage = context.programs, context.config.storage
    algorithm = definition.algorithm_specification
    program = programs.program_for(algorithm)
    if program is None:
        raise bad_request(missing_program_text(algorithm, programs, context.config.root))
    if isinstance(program, Container):
        check_container(program, definition)
    else:
        check_source(program, definition, storage)
        check_isolation(program, definition, ranges)
        _check_checkpoint_path(program, definition, context.config.root)
    check_channels(definition, storage)
    _check_targets(definition, storage)


def are_isolated(definitions: Iterable[HyperParameterTrainingJobDefinition], context: ServiceContext) -> bool:
    """Check whether the program of any definition is isolated."""
    programs = (
        (definition, context.programs.program_for(definition.algorithm_specification)) for definition in definitions
    )
    return any(isinstance(program, Program) and _is_isolated(program, definition) for definition, program in programs)


def _is_isolated(program: Program, definition: HyperParameterTrainingJobDefinition) -> bool:
    return launcher_of(program, has_network=not definition.enable_network_isolation) is not None


def check_objective(
    definition: HyperParameterTrainingJobDefinition, objective: HyperParameterTuningJobObjective | None
) -> None:
    """Check that the regex of the objective metric is known.

    The local service accepts and requires a metric definition of a built-in algorithm whose regex AWS does not publish.

    Raises:
        Refusal: the request has metric definitions that SageMaker rejects, or none although the local service
            needs them.
    """
    specification = definition.algorithm_specification
    image, sent = specification.training_image, specification.metric_definitions
    own = [metric.name for metric in algorithm_metrics(definition)]
    name = "" if objective is None else objective.metric_name
    if sent and name in own:
        raise bad_request(_OWN_METRICS)
    if image and not sent and name not in own:
        algorithm, static = algorithm_of(image), definition.static_hyper_parameters
        if algorithm is not None and algorithm.runs_script(static or (), definition.environment or ()):
            raise bad_request(_MESSAGES["custom-image-needs-metrics"])
        raise bad_request(
            f"The local service needs a metric definition for the objective metric {name}, because the regular "
            f"expression that SageMaker uses for it is not published. Add one to MetricDefinitions, only for the local "
            f"service. Metrics of {image} that need none: {', '.join(own) or 'none'}."
        )


def _check_checkpoint_path(program: Program, definition: HyperParameterTrainingJobDefinition, root: Path) -> None:
    """Check that the LocalPath of the request can be the folder with the checkpoints of a program."""
    if (path := checkpoint_path(definition)) == CHECKPOINTS:
        return
    if not _is_isolated(program, definition):
        raise bad_request(
            f"CheckpointConfig.LocalPath: expected {CHECKPOINTS} for a program without isolation, got {path}; "
            "remove it, and use the folder in SM_CHECKPOINT_DIR"
        )
    if not can_mount(path, root):
        raise bad_request(
            f"CheckpointConfig.LocalPath: expected a path below /opt/ml or /tmp, or an existing folder outside the "
            f"root of the service that contains neither the root, Python nor system folders, got {path}; "
            f"use {CHECKPOINTS}"
        )


def _check_targets(definition: HyperParameterTrainingJobDefinition, storage: Storage) -> None:
    """Check that the output and the checkpoints of a training job have a folder."""
    checkpoints, output = definition.checkpoint_config, definition.output_data_config.s3_output_path
    for uri in (output, checkpoints.s3_uri) if checkpoints else (output,):
        try:
            storage.path(uri)
        except UnsafePathError as error:
            raise bad_request(f"{uri} cannot be written to: {error}") from error


# The members that a training job and its algorithm have in common with a definition.
_OF_DEFINITION = wire_names(HyperParameterTrainingJobDefinition) - {"AlgorithmSpecification"}
_OF_ALGORITHM = wire_names(HyperParameterAlgorithmSpecification)

_ANY_ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/any"


def training_job_definition(body: Mapping[str, Any]) -> HyperParameterTrainingJobDefinition:
    """Convert a CreateTrainingJob request to a validated definition, with the members that both have.

    Raises:
        InvalidShapeError: a member is invalid; the paths are those of the request.
    """
    specification = body.get("AlgorithmSpecification", {})
    if is_dict(specification):
        specification = {name: specification[name] for name in specification.keys() & _OF_ALGORITHM}
    members = {
        "StoppingCondition": {"MaxRuntimeInSeconds": 86_400},  # SageMaker's default
        **{name: body[name] for name in body.keys() & _OF_DEFINITION},
        "AlgorithmSpecification": specification,
    }
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
    path, expected, hint = (
        text.replace("StaticHyperParameters", "HyperParameters")
        for text in (violation.path, violation.expected, violation.hint)
    )
    return attrs.evolve(violation, shape="CreateTrainingJobRequest", path=path, expected=expected, hint=hint)


def check_training_job(
    definition: HyperParameterTrainingJobDefinition, specification: Mapping[str, Any], context: ServiceContext
) -> None:
    """Check that the service can run a standalone training job.

    `specification` is the AlgorithmSpecification of its request.

    Raises:
        Refusal: the service cannot run it.
    """
    algorithm = definition.algorithm_specification
    if algorithm.metric_definitions and algorithm_metrics(definition):
        raise bad_request(_OWN_METRICS)
    try:
        compile_metrics(algorithm.metric_definitions or ())
    except ValueError as error:
        raise bad_request(f"{error}") from error
    check_definition(definition, context)
    if (program := context.programs.program_for(algorithm)) is not None:
        program = with_entrypoint(program, specification)
    if isinstance(program, Program):
        check_isolation(program, definition, None)
