"""The comparison of a request with a described tuning job, and the request that creates a described job again.

A Describe response has more members than the request: defaults, members that SageMaker adds, and choices of Autotune.
"""

from __future__ import annotations

import json
import warnings
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from hptsdk._validation import RESERVED, is_dict, is_list, is_mapping
from hptsdk.builder import runs_built_in_algorithm
from hptsdk.schema import described_members, is_default, map_members
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.wire import from_wire, modelled, to_wire

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

_CONFIG = "HyperParameterTuningJobConfig"

_NOT_COMPARED = ("HyperParameterTuningJobName", "Tags")

# The members that SageMaker may set in a response if the request does not have them.
_SET_BY_SAGEMAKER = {
    "BestObjectiveNotImproving",
    "ConvergenceDetected",
    "MaxNumberOfTrainingJobs",
    "MaxRuntimeInSeconds",
    "MetricDefinitions",
    "RetryStrategy",
    "SelectedInstanceCount",
    "SelectedInstanceType",
    "TuningJobCompletionCriteria",
}

# The members that only responses may have.
_READ_ONLY = {"SelectedInstanceCount", "SelectedInstanceType"}

# The members of a definition that are False in a response if the request does not have them.
_FALSE_IN_RESPONSES = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining")

# The metric definition that SageMaker adds to every job; it has the objective metric's regular expression.
_OBJECTIVE_METRIC = "ObjectiveMetric"


def differences(sent: Mapping[str, Any], described: DescribeHyperParameterTuningJobResponse) -> tuple[str, ...]:
    """Return the paths at which a job differs from a request, without values, because they may be secrets."""
    response = to_wire(described)
    for definition, sent_definition in zip_longest(_definitions(response), _definitions(sent)):
        _remove_added_metrics(definition, response, keep=_metric_names(sent_definition))
        if _member(sent_definition, "ResourceConfig") is None:
            _remove_added_resources(definition)
    is_autotuned = "Autotune" in sent
    # members that AWS has added to the API, with their defaults, are not differences
    _, ignored = modelled(CreateHyperParameterTuningJobRequest, _request_members(response))
    names = dict.fromkeys([*described_members(), *(name for name in sent if name in response)])
    return tuple(
        path
        for name in names
        if name not in _NOT_COMPARED
        for path in _differing_paths(
            without_defaults(name, sent.get(name)),
            without_defaults(name, response.get(name)),
            name,
            is_autotuned=is_autotuned,
        )
        # Autotune can choose another strategy, which has another configuration
        if path not in ignored and not (is_autotuned and path.startswith(f"{_CONFIG}.Strategy"))
    )


def without_defaults(name: str, value: object) -> object:
    """Return a value without members that are equivalent to missing ones; None if the value itself is equivalent."""
    if is_mapping(value):
        members = {
            # a key of a map may have the name of a member
            inner: item if name in map_members() else without_defaults(inner, item)
            for inner, item in value.items()
            if inner != RESERVED
        }
        return {inner: item for inner, item in members.items() if item is not None} or None
    if is_list(value):
        return [without_defaults(name, item) for item in value] or None
    return None if is_default(name, value) else value


def _differing_paths(sent: object, described: object, path: str, *, is_autotuned: bool) -> Iterator[str]:
    """Yield the paths at which a described value differs from the value that was sent."""
    if is_autotuned and is_mapping(sent) and described is None:
        # the response has nothing in place of the hints
        described = dict[object, object]()
    if is_mapping(sent) and is_mapping(described):
        is_map = path.rpartition(".")[2] in map_members()
        for name in dict.fromkeys((*sent, *described)):
            member_path = f"{path}[{json.dumps(name)}]" if is_map else f"{path}.{name}"
            yield from _differing_paths(sent.get(name), described.get(name), member_path, is_autotuned=is_autotuned)
    elif is_list(sent) and is_list(described):
        if len(sent) != len(described) and not (is_autotuned and _is_chosen_by_autotune(path)):
            yield path
        for index, (item, other) in enumerate(zip(sent, described, strict=False)):
            yield from _differing_paths(item, other, f"{path}[{index}]", is_autotuned=is_autotuned)
    elif sent is None:
        is_set_by_sagemaker = path.rpartition(".")[2] in _SET_BY_SAGEMAKER
        is_chosen = is_autotuned and _is_chosen_by_autotune(path)
        if described is not None and not is_set_by_sagemaker and not is_chosen:
            yield path
    elif sent != described and not (is_autotuned and path.endswith(".AutoParameters")):
        yield path


def _is_chosen_by_autotune(path: str) -> bool:
    """Check whether Autotune can set a member: any of the configuration, ranges, and static hyperparameters."""
    return path.startswith(_CONFIG) or ".HyperParameterRanges" in path or ".StaticHyperParameters" in path


def request_from(described: DescribeHyperParameterTuningJobResponse) -> CreateHyperParameterTuningJobRequest:
    """Create a request that creates a described job again; see `TuningJob.request`."""
    response = to_wire(described)
    body = _request_members(response)
    _remove_added_scaling(_member(body, _CONFIG, "ParameterRanges"))
    for definition in _definitions(body):
        _remove_added_metrics(definition, body)
        _remove_added_members(definition)
        _remove_added_scaling(_member(definition, "HyperParameterRanges"))
    body, unmodelled = modelled(CreateHyperParameterTuningJobRequest, body)
    if unmodelled:
        warnings.warn(
            f"request() omitted members that hptsdk does not model: {', '.join(unmodelled)}; "
            f"send them with client.create(request, extra_body={{...}})",
            stacklevel=3,
        )
    return from_wire(CreateHyperParameterTuningJobRequest, body)


def _request_members(response: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a response that are members of a request."""
    return {name: response[name] for name in described_members() if name in response}


def _remove_added_members(definition: object) -> None:
    """Remove the members that SageMaker adds to a training job definition."""
    if not is_dict(definition):
        return
    if is_dict(static := definition.get("StaticHyperParameters")):
        static.pop(RESERVED, None)
        if not static:
            del definition["StaticHyperParameters"]
    if is_dict(algorithm := definition.get("AlgorithmSpecification")) and "AlgorithmName" in algorithm:
        algorithm.pop("MetricDefinitions", None)
    for name in _FALSE_IN_RESPONSES:
        if definition.get(name) is False:
            del definition[name]
    _remove_added_resources(definition)
    if is_dict(resources := definition.get("ResourceConfig")):
        for name in _READ_ONLY:
            resources.pop(name, None)


def _remove_added_resources(definition: object) -> None:
    """Remove the ResourceConfig that SageMaker adds to a definition with a HyperParameterTuningResourceConfig."""
    if is_dict(definition) and "HyperParameterTuningResourceConfig" in definition:
        definition.pop("ResourceConfig", None)


def _remove_added_scaling(ranges: object) -> None:
    """Remove the scaling Auto, which a response has for a numeric range without another one."""
    for values in ranges.values() if is_mapping(ranges) else ():
        for value in values if is_list(values) else ():
            if is_dict(value) and value.get("ScalingType") == "Auto":
                del value["ScalingType"]


def _definitions(job: Mapping[str, Any]) -> list[object]:
    """Return TrainingJobDefinition, or None, and the items of TrainingJobDefinitions in one list."""
    several = job.get("TrainingJobDefinitions")
    return [job.get("TrainingJobDefinition"), *(several if is_list(several) else ())]


def _member(value: object, *names: str) -> object:
    """Return a nested member; None if a member on its path is missing or not a structure."""
    for name in names:
        value = value.get(name) if is_mapping(value) else None
    return value


def _metric_names(definition: object) -> list[object]:
    """Return the names of the metric definitions of a training job definition."""
    metrics = _member(definition, "AlgorithmSpecification", "MetricDefinitions")
    return [_member(metric, "Name") for metric in metrics] if is_list(metrics) else []


def _remove_added_metrics(definition: object, job: Mapping[str, Any], *, keep: Container[object] = ()) -> None:
    """Remove the metric definitions that SageMaker adds, except those whose names are in `keep`.

    SageMaker adds `ObjectiveMetric` to every job, and its own definitions to the job of a built-in algorithm.
    """
    specification = _member(definition, "AlgorithmSpecification")
    if not is_dict(specification) or not is_list(metrics := specification.get("MetricDefinitions")):
        return
    is_built_in = is_dict(definition) and runs_built_in_algorithm(definition)
    objectives = (
        _member(definition, "TuningObjective", "MetricName"),
        _member(job, _CONFIG, "HyperParameterTuningJobObjective", "MetricName"),
    )
    rest: dict[object, object] = {}
    for index, metric in enumerate(metrics):
        name = _member(metric, "Name")
        is_added = is_built_in or (name == _OBJECTIVE_METRIC and name not in objectives)
        if not is_added or name in keep:
            # the response has an objective with this name twice
            rest.setdefault(name if name == _OBJECTIVE_METRIC else index, metric)
    if rest:
        specification["MetricDefinitions"] = list(rest.values())
    else:
        del specification["MetricDefinitions"]
