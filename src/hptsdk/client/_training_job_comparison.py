"""The comparison of a request with a training job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from hptsdk._validation import Shape, is_dict, is_list, is_mapping
from hptsdk.builder import training_job_parts
from hptsdk.client._calls import check_request
from hptsdk.client._request_comparison import without_defaults
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

# The maps whose values may be secrets.
_SECRETS = ("StaticHyperParameters", "Environment")

# The lists whose items are compared by name, with the member that is the name.
_CHANNELS = "InputDataConfig"
_NAMED = {_CHANNELS: "ChannelName", "MetricDefinitions": "Name", "Tags": "Key"}

# The hyperparameters that the SageMaker SDK sets to another value in each job.
_NAMES_OF_JOBS = ("sagemaker_job_name",)


@attrs.frozen(kw_only=True)
class Difference:
    """A part of a training job that is missing in a request, or differs.

    Attributes:
        path: the path in the request, with the names of channels, metrics and tags instead of their indexes, as in
            ``'TrainingJobDefinition.InputDataConfig["train"].ContentType'``.
        training_job: the value of the training job as JSON; the values of hyperparameters and of the environment are
            redacted.
        tuning_job: the value of the request in the same form; "nothing" if it is missing.
    """

    path: str
    training_job: str
    tuning_job: str


def differences_from_training_job(
    request: CreateHyperParameterTuningJobRequest, described: Shape | Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Compare a request with a training job, and return the differences.

    Members that only the request has are not differences, nor are hyperparameters with a range and the hyperparameter
    sagemaker_job_name. Settings that a tuning job cannot have, the `left_out` of `hptsdk.training_from`, are not
    compared. If the request has several definitions, those with the image or algorithm of the training job are
    compared, or all of them if none has it.

    Args:
        request: the request of a tuning job.
        described: the response of DescribeTrainingJob, as a dict of boto3 or a shape, or the request of
            CreateTrainingJob, as a dict.

    Returns:
        The differences; empty if there are none.

    Raises:
        InvalidShapeError: the training job has no image and no algorithm, or a value violates a constraint.
        TypeError: an argument is of another type.

    Example:
        >>> import hptsdk
        >>> described = {
        ...     "TrainingJobName": "clusters-1",
        ...     "AlgorithmSpecification": {"TrainingImage": "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"},
        ...     "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
        ...     "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
        ...     "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        ... }
        >>> training = hptsdk.training_from(described)
        >>> job = hptsdk.tuning_job("clusters", training, minimize="test:msd", max_jobs=50, max_parallel_jobs=5)
        >>> request = job.integer("k", 2, 99).build()
        >>> [one] = hptsdk.differences_from_training_job(request, described | {"EnableNetworkIsolation": True})
        >>> one
        Difference(path='TrainingJobDefinition.EnableNetworkIsolation', training_job='true', tuning_job='nothing')

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html.
    """
    check_request(request, "hptsdk.differences_from_training_job(job.build(), ...)")
    expected = _with_own_input_modes(to_wire(training_job_parts(described).to_shape()))
    body = to_wire(request)
    differences = [
        difference
        for path, definition in _comparable(body, expected)
        for difference in _differences(expected, _as_compared(definition, body), path)
    ]
    document = to_wire(described) if isinstance(described, Shape) else described
    differences += _differences({"Tags": document.get("Tags")}, {"Tags": body.get("Tags")}, "")
    return tuple(differences)


def _comparable(body: Mapping[str, Any], expected: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the definitions with the algorithm of a training job, or all if none has it, with their paths."""
    several = enumerate(body.get("TrainingJobDefinitions") or ())
    definitions: list[tuple[str, dict[str, Any]]] = [
        (f"TrainingJobDefinitions[{index}]", definition) for index, definition in several
    ]
    if "TrainingJobDefinition" in body:
        definitions.append(("TrainingJobDefinition", body["TrainingJobDefinition"]))
    same = [(path, definition) for path, definition in definitions if _algorithm(definition) == _algorithm(expected)]
    return same or definitions


def _algorithm(definition: Mapping[str, Any]) -> tuple[object, object]:
    specification = definition["AlgorithmSpecification"]
    return specification.get("TrainingImage"), specification.get("AlgorithmName")


def _with_own_input_modes(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return a definition whose channels have an input mode only if it is not that of the algorithm."""
    inherited = ("InputMode", definition["AlgorithmSpecification"].get("TrainingInputMode"))
    channels = [
        dict(item for item in channel.items() if item != inherited) for channel in definition.get(_CHANNELS, [])
    ]
    return {**definition, _CHANNELS: channels}


def _as_compared(definition: dict[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a definition with the resources in ResourceConfig, and with a value for each tuned hyperparameter."""
    result = _with_own_input_modes(definition)
    if resources := result.pop("HyperParameterTuningResourceConfig", None):
        result.setdefault("ResourceConfig", resources)
    ranges = (definition.get("HyperParameterRanges"), body["HyperParameterTuningJobConfig"].get("ParameterRanges"))
    tuned = [item["Name"] for lists in ranges if lists for items in lists.values() for item in items]
    result["StaticHyperParameters"] = {**(result.get("StaticHyperParameters") or {}), **dict.fromkeys(tuned, _TUNED)}
    return result


# The value of a tuned hyperparameter, which is not a difference.
_TUNED = object()


def _differences(expected: object, actual: object, path: str) -> Iterator[Difference]:
    """Yield the differences of two values at a path."""
    name = "" if path.endswith("]") else path.rpartition(".")[2]
    if name in _NAMED and is_list(expected):
        key = _NAMED[name]
        expected, actual = _by_name(expected, key), _by_name(actual, key)
    if is_mapping(expected):
        others: Mapping[Any, object] = actual if is_mapping(actual) else {}
        for inner, value in expected.items():
            is_key = name in _SECRETS or name in _NAMED
            inner_path = f"{path}[{json.dumps(inner)}]" if is_key else f"{path}.{inner}".removeprefix(".")
            if name == _CHANNELS and inner not in others:
                yield Difference(path=inner_path, training_job=_text(value), tuning_job=_text(None))
            elif not (name == _SECRETS[0] and inner in _NAMES_OF_JOBS):
                yield from _differences(value, others.get(inner), inner_path)
    elif actual is not _TUNED and without_defaults(name, expected) not in (None, without_defaults(name, actual)):
        is_secret = any(f"{secret}[" in path or path.endswith(secret) for secret in _SECRETS)
        texts = [_text(value, is_secret=is_secret) for value in (expected, actual)]
        yield Difference(path=path, training_job=texts[0], tuning_job=texts[1])


def _by_name(items: object, key: str) -> dict[str, object]:
    """Return the items of a list by their names, without the names."""
    named = [item for item in items if is_dict(item)] if is_list(items) else []
    return {f"{item.get(key)}": {name: value for name, value in item.items() if name != key} for item in named}


def _text(value: object, *, is_secret: bool = False) -> str:
    if value is None:
        return "nothing"
    if is_secret:
        return "(redacted)"
    return json.dumps(value, ensure_ascii=False, default=str)
