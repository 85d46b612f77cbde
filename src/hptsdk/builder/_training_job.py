"""Builders that begin with an existing training job."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from hptsdk import shapes
from hptsdk._validation import RESERVED, Problem, Shape, format_value, is_dict, is_mapping, members_of, violations
from hptsdk.builder._functions import TrainingBuilder
from hptsdk.builder._partial_shape import LeftOut, PartialShape
from hptsdk.errors import InvalidShapeError
from hptsdk.schema import algorithm_of
from hptsdk.shapes import HyperParameterAlgorithmSpecification, HyperParameterTrainingJobDefinition
from hptsdk.wire import from_wire, modelled, to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATIC = "StaticHyperParameters"

_NO_MEMBER = "the training jobs of a tuning job have no such setting"

# The settings of a training job that a training job definition does not have, each with the reason. Source: the pages
# API_CreateTrainingJob and API_HyperParameterTrainingJobDefinition.
_REASONS = {
    "AlgorithmSpecification.ContainerArguments": "a tuning job passes no arguments to the container",
    "AlgorithmSpecification.ContainerEntrypoint": "a tuning job starts the entry point of the image",
    "AlgorithmSpecification.TrainingImageConfig": "a tuning job pulls images from Amazon ECR only",
    "DebugHookConfig": "a tuning job has no debugger",
    "DebugRuleConfigurations": "a tuning job has no debugger",
    "ExperimentConfig": "SageMaker creates the trial components of a tuning job itself",
    "ProfilerConfig": "a tuning job has no profiler",
    "ProfilerRuleConfigurations": "a tuning job has no profiler",
    "RemoteDebugConfig": "a tuning job has no remote debugging",
    "ResourceConfig.KeepAlivePeriodInSeconds": "a tuning job has no warm pools",
    "ServerlessJobConfig": "the training jobs of a tuning job need instances",
    "Tags": "tags are a member of the tuning job; call hptsdk.tuning_job(...).tags({...})",
}

# The settings that the class of the response has and a definition does not.
_SETTINGS = frozenset(
    {
        *(path.partition(".")[0] for path in _REASONS),
        "InfraCheckConfig",
        "MlflowConfig",
        "ModelPackageConfig",
        "TensorBoardOutputConfig",
    }
)

# Members that only responses have, and KMS keys, which are empty text in a response if the request did not set them.
_OF_RESPONSES = (
    ("OutputDataConfig", "KmsKeyId"),
    ("ResourceConfig", "VolumeKmsKeyId"),
    ("ResourceConfig", "SelectedInstanceCount"),
    ("ResourceConfig", "SelectedInstanceType"),
)

# The runtime of a training job without MaxRuntimeInSeconds, in seconds. Source: API_StoppingCondition.
_DEFAULT_RUNTIME = 86_400


def training_from(described: Shape | Mapping[str, Any]) -> TrainingBuilder:
    """Create the builder of a definition from an existing training job.

    The builder has all members of the training job that a definition can have, and its hyperparameters as static ones.
    In this builder, a range replaces the static hyperparameter of the same name. Metric definitions that SageMaker adds
    to built-in algorithms are omitted.

    Args:
        described: the response of DescribeTrainingJob, as a dict of boto3 or a shape, or the request of
            CreateTrainingJob, as a dict. A missing MaxRuntimeInSeconds becomes 86,400, the default of SageMaker.

    Returns:
        A builder like that of `hptsdk.training`. Its `left_out` has the parts that a definition cannot have.

    Warns:
        UserWarning: the training job has such parts.

    Raises:
        InvalidShapeError: the training job has no image and no algorithm, or a value violates a constraint.
        TypeError: `described` has no TrainingJobName.

    Example:
        >>> import hptsdk
        >>> described = {
        ...     "TrainingJobName": "churn-1",
        ...     "HyperParameters": {"eta": "0.1", "num_round": "100"},
        ...     "AlgorithmSpecification": {
        ...         "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        ...         "TrainingInputMode": "File",
        ...     },
        ...     "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
        ...     "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
        ...     "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        ...     "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        ...     "EnableManagedSpotTraining": False,
        ... }
        >>> training = hptsdk.training_from(described)
        >>> job = hptsdk.tuning_job("churn", training, maximize="validation:auc", max_jobs=50, max_parallel_jobs=5)
        >>> request = job.continuous("eta", 0.01, 0.3).build()
        >>> dict(request.training_job_definition.static_hyper_parameters)
        {'num_round': '100'}

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html.
    """
    parts = training_job_parts(described)
    if parts.left_out:
        paths = ", ".join(part.path for part in parts.left_out)
        warnings.warn(f"a training job definition cannot have {paths}; see .left_out of the builder", stacklevel=2)
    return TrainingBuilder(parts)


def training_job_parts(described: Shape | Mapping[str, Any]) -> PartialShape:
    """Return the members of a definition that a training job has; see `training_from`."""
    document = _document(described)
    members = {member.wire_name for member in members_of(HyperParameterTrainingJobDefinition)}
    results = {member.wire_name for member in members_of(shapes.DescribeTrainingJobResponse)} - _SETTINGS
    results.add("ResponseMetadata")  # of boto3
    # a response has False for what the request did not set
    carried = {name: value for name, value in document.items() if name in members and value is not False}
    if (static := document.get("HyperParameters")) is not None:
        # SageMaker adds one to the training jobs of a tuning job
        own = {name: value for name, value in static.items() if name != RESERVED} if is_mapping(static) else static
        carried[_STATIC] = own
    left_out = [
        name for name, value in document.items() if name not in members | results and value not in (None, {}, [])
    ]
    definition, unmodelled = modelled(HyperParameterTrainingJobDefinition, carried)
    _complete(definition)
    if is_dict(resources := definition.get("ResourceConfig")) and resources.pop("KeepAlivePeriodInSeconds", 0):
        unmodelled.append("ResourceConfig.KeepAlivePeriodInSeconds")
    parts = tuple(LeftOut(path=path, reason=_REASONS.get(path, _NO_MEMBER)) for path in (*unmodelled, *left_out))
    return _parts(definition, parts)


def _document(described: object) -> dict[str, Any]:
    """Return a training job, which must have an image or an algorithm, as a document."""
    document = to_wire(described) if isinstance(described, Shape) else described
    if not is_mapping(document) or "TrainingJobName" not in document:
        raise TypeError(
            "expected the response of DescribeTrainingJob or the request of CreateTrainingJob, with TrainingJobName, "
            f"got {format_value(described, secret=True)}"
        )
    algorithm = document.get("AlgorithmSpecification")
    if not is_mapping(algorithm) or not (algorithm.get("TrainingImage") or algorithm.get("AlgorithmName")):
        problem = Problem(
            "AlgorithmSpecification",
            expected="a TrainingImage or an AlgorithmName",
            got="neither",
            hint="use a training job with one of the two",
            rule="required",
        )
        raise InvalidShapeError(violations(shapes.DescribeTrainingJobResponse, [problem]))
    return {f"{name}": value for name, value in document.items()}


def _complete(definition: dict[str, object]) -> None:
    """Add the defaults of a training job to a definition, and remove what SageMaker adds to a response."""
    for structure, name in _OF_RESPONSES:
        if is_dict(members := definition.get(structure)) and (name.startswith("Selected") or members.get(name) == ""):
            members.pop(name, None)
    stopping = definition.get("StoppingCondition")
    definition["StoppingCondition"] = {"MaxRuntimeInSeconds": _DEFAULT_RUNTIME} | (
        stopping if is_dict(stopping) else {}
    )
    algorithm = definition["AlgorithmSpecification"]
    if not is_dict(algorithm):
        return
    algorithm.setdefault("TrainingInputMode", "File")
    if runs_built_in_algorithm(definition):
        algorithm.pop("MetricDefinitions", None)


def runs_built_in_algorithm(definition: Mapping[str, object]) -> bool:
    """Check whether the image of a definition in wire form has a built-in algorithm, and runs no script."""
    specification = definition.get("AlgorithmSpecification")
    image = specification.get("TrainingImage") if is_mapping(specification) else None
    algorithm = algorithm_of(image) if isinstance(image, str) else None
    names = [value if is_mapping(value) else () for value in map(definition.get, (_STATIC, "Environment"))]
    return algorithm is not None and not algorithm.runs_script(*names)


def _parts(definition: Mapping[str, object], left_out: tuple[LeftOut, ...]) -> PartialShape:
    """Return the members of a definition as a partial shape, with their constraints checked."""
    # a response is not validated, so that the definition can be completed with the builder
    response = from_wire(shapes.DescribeTrainingJobResponse, definition)
    members = {
        member.attribute: getattr(response, member.attribute)
        for member in members_of(HyperParameterTrainingJobDefinition)
        if member.wire_name in definition and member.wire_name != _STATIC
    }
    of_algorithm = {
        member.attribute: getattr(response.algorithm_specification, member.attribute)
        for member in members_of(HyperParameterAlgorithmSpecification)
    }
    members["algorithm_specification"] = PartialShape(HyperParameterAlgorithmSpecification, **of_algorithm)
    members["static_hyper_parameters"] = definition.get(_STATIC)
    return PartialShape(HyperParameterTrainingJobDefinition, (), left_out, **members).validated()
