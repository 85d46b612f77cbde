"""What two descriptions of a tuning job say alike: a request beside a Describe response, and the way back.

SageMaker gives a request back with more in it: defaults, what it injects, and what Autotune chose.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, cast

from hptsdk._validation import RESERVED, members_of
from hptsdk.rules.facts.accounts import algorithm_of
from hptsdk.schema import map_members
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from hptsdk._validation import Shape
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["as_request", "differences", "merged"]

_COMPARED = (
    "HyperParameterTuningJobConfig",
    "TrainingJobDefinition",
    "TrainingJobDefinitions",
    "WarmStartConfig",
    "Autotune",
)

_NOT_COMPARED = ("HyperParameterTuningJobName", "Tags")

# A member of this value means the same as none.
_DEFAULTS: dict[str, tuple[object, ...]] = {
    "CompleteOnConvergence": ("Disabled",),
    "CompressionType": ("None", "GZIP"),
    "RecordWrapperType": ("None",),
    "S3DataDistributionType": ("FullyReplicated",),
    "ScalingType": ("Auto",),
    "TrainingJobEarlyStoppingType": ("Off",),
}

# What a response may have where the request has nothing.
_FILLED_IN = {
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

# What only responses have; a request is refused for it.
_READ_ONLY = {"SelectedInstanceCount", "SelectedInstanceType"}


# The metric definition that SageMaker adds to every job; it has the objective metric's regular expression.
_OBJECTIVE_METRIC = "ObjectiveMetric"

# A first-party image with one of these static hyperparameters runs a script instead of its algorithm.
_SCRIPT_MODE = frozenset({"sagemaker_program", "sagemaker_submit_directory"})


def merged(body: Mapping[str, Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """Put further members into a body: structures are gone into, all else replaces."""
    found = dict(body)
    for name, value in (extra or {}).items():
        known = found.get(name)
        both = isinstance(known, Mapping) and isinstance(value, Mapping)
        found[name] = merged(cast("Mapping[str, Any]", known), cast("Mapping[str, Any]", value)) if both else value
    return found


def differences(sent: Mapping[str, Any], described: DescribeHyperParameterTuningJobResponse) -> tuple[str, ...]:
    """Give the paths at which a job differs from what was sent; no values, since they may be secrets."""
    found = to_wire(described)
    for definition, sent_definition in zip_longest(_definitions(found), _definitions(sent)):
        _remove_added_metrics(definition, found, kept=_metric_names(sent_definition))
    chosen = "Autotune" in sent
    unknown: list[str] = []
    _modelled(CreateHyperParameterTuningJobRequest, {n: found[n] for n in _COMPARED if n in found}, "", unknown)
    # what AWS has added since to a job that was sent without it
    ignored = {*unknown, *((f"{_COMPARED[0]}.Strategy",) if chosen else ())}
    further = [name for name in sent if name in found and name not in (*_COMPARED, *_NOT_COMPARED)]
    return tuple(
        path
        for name in (*_COMPARED, *further)
        for path in _differing(_plain(name, sent.get(name)), _plain(name, found.get(name)), name, chosen=chosen)
        if path not in ignored
    )


def _plain(name: str, value: object) -> object:
    """Leave out what says nothing."""
    if isinstance(value, Mapping):
        given = cast("Mapping[str, object]", value)
        # a key of a map may be called as a member is
        members = {n: v if name in map_members() else _plain(n, v) for n, v in given.items() if n != RESERVED}
        return {n: v for n, v in members.items() if v is not None} or None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(name, item) for item in cast("Sequence[object]", value)] or None
    return None if value is False or value in _DEFAULTS.get(name, ()) else value


def _differing(sent: object, found: object, path: str, *, chosen: bool) -> Iterator[str]:
    if isinstance(sent, Mapping) and isinstance(found, Mapping):
        ours, theirs = cast("Mapping[str, object]", sent), cast("Mapping[str, object]", found)
        for name in [*ours, *(n for n in theirs if n not in ours)]:
            step = f"[{json.dumps(name)}]" if path.rpartition(".")[2] in map_members() else f".{name}"
            yield from _differing(ours.get(name), theirs.get(name), path + step, chosen=chosen)
    elif isinstance(sent, list) and isinstance(found, list):
        ours_, theirs_ = cast("list[object]", sent), cast("list[object]", found)
        if len(ours_) != len(theirs_):
            yield path
        for index, (one, other) in enumerate(zip(ours_, theirs_, strict=False)):
            yield from _differing(one, other, f"{path}[{index}]", chosen=chosen)
    elif sent is None:
        filled_in = path.rpartition(".")[2] in _FILLED_IN or (chosen and path.startswith(_COMPARED[0]))
        if found is not None and not filled_in:
            yield path
    elif sent != found:
        yield path


def as_request(described: DescribeHyperParameterTuningJobResponse) -> CreateHyperParameterTuningJobRequest:
    """Make a request of a described job that can be created again, without what SageMaker put in.

    Raises:
        InvalidShapeError: the job holds something that a request may not.
    """
    body = {
        name: value for name, value in to_wire(described).items() if name in ("HyperParameterTuningJobName", *_COMPARED)
    }
    for definition in _definitions(body):
        _remove_added_metrics(definition, body)
        if isinstance(definition, dict):
            _strip(cast("dict[str, Any]", definition))
    unknown: list[str] = []
    body = cast("dict[str, Any]", _modelled(CreateHyperParameterTuningJobRequest, body, "", unknown))
    if unknown:
        warnings.warn(
            f"left out what hptsdk does not model: {', '.join(unknown)}; create(..., extra_body=...) can send it",
            stacklevel=3,
        )
    return from_wire(CreateHyperParameterTuningJobRequest, body)


def _strip(definition: dict[str, Any]) -> None:
    """Take out of a definition what SageMaker puts in."""
    static = definition.get("StaticHyperParameters")
    if isinstance(static, dict):
        del definition["StaticHyperParameters"]
        if kept := {n: v for n, v in cast("dict[str, Any]", static).items() if n != RESERVED}:
            definition["StaticHyperParameters"] = kept
    algorithm = definition.get("AlgorithmSpecification")
    if isinstance(algorithm, dict) and "AlgorithmName" in algorithm:
        cast("dict[str, Any]", algorithm).pop("MetricDefinitions", None)
    resources = definition.get("ResourceConfig")
    if isinstance(resources, dict):
        for name in _READ_ONLY:
            cast("dict[str, Any]", resources).pop(name, None)


def _definitions(job: Mapping[str, Any]) -> list[object]:
    """Return the training job definitions of a request or a response."""
    several = job.get("TrainingJobDefinitions")
    return [job.get("TrainingJobDefinition"), *(cast("list[object]", several) if isinstance(several, list) else ())]


def _member(value: object, *names: str) -> Any:  # noqa: ANN401 - a response can hold anything
    """Return a member of a member; None if one of them is missing or not a structure."""
    for name in names:
        value = cast("Mapping[str, Any]", value).get(name) if isinstance(value, Mapping) else None
    return value


def _metric_names(definition: object) -> list[object]:
    """Return the names of the metric definitions of a training job definition."""
    metrics = _member(definition, "AlgorithmSpecification", "MetricDefinitions")
    items = cast("Sequence[object]", metrics) if isinstance(metrics, Sequence) else ()
    return [_member(item, "Name") for item in items]


def _remove_added_metrics(definition: object, job: Mapping[str, Any], *, kept: Container[object] = ()) -> None:
    """Remove the metric definitions that SageMaker adds, except those whose names are in `kept`.

    It adds `ObjectiveMetric` to every job, and its own definitions to the job of a first-party algorithm.
    """
    specification = _member(definition, "AlgorithmSpecification")
    metrics = _member(specification, "MetricDefinitions")
    if not isinstance(metrics, list):
        return
    image = _member(specification, "TrainingImage")
    static = _member(definition, "StaticHyperParameters")
    is_script = isinstance(static, Mapping) and not _SCRIPT_MODE.isdisjoint(cast("Mapping[str, object]", static))
    is_built_in = isinstance(image, str) and not is_script and algorithm_of(image) is not None
    objective = _member(definition, "TuningObjective", "MetricName") or _member(
        job, "HyperParameterTuningJobConfig", "HyperParameterTuningJobObjective", "MetricName"
    )
    rest: dict[str, object] = {}
    for place, metric in enumerate(cast("list[object]", metrics)):
        name = _member(metric, "Name")
        is_added = is_built_in or (name == _OBJECTIVE_METRIC and name != objective)
        if not is_added or name in kept:
            # an objective of the same name is there twice
            rest.setdefault(_OBJECTIVE_METRIC if name == _OBJECTIVE_METRIC else str(place), metric)
    if rest:
        specification["MetricDefinitions"] = list(rest.values())
    else:
        del specification["MetricDefinitions"]


def _modelled(cls: type[Shape], value: object, path: str, unknown: list[str]) -> object:
    """Leave out the members that the classes lack, and empty structures, which say nothing where none has to be."""
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, object] = {}
    members = {member.wire_name: member for member in members_of(cls)}
    for name, item in cast("Mapping[str, object]", value).items():
        here = f"{path}.{name}" if path else name
        if name not in members:
            unknown.append(here)
            continue
        kind = members[name].type
        if kind.shape:
            kept[name] = _modelled(kind.shape, item, here, unknown)
        elif kind.item and kind.item.shape and isinstance(item, list):
            inner, items = kind.item.shape, cast("list[object]", item)
            kept[name] = [_modelled(inner, each, f"{here}[{i}]", unknown) for i, each in enumerate(items)]
        else:
            kept[name] = item
    return {
        name: item
        for name, item in kept.items()
        if item not in ({}, []) or members[name].type.kind == "map" or members[name].required
    }
