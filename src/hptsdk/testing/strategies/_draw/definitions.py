"""Draw functions for definitions: the algorithm, the hyperparameters, the data, the instances and the limits."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hptsdk import shapes
from hptsdk.rules.facts.accounts import is_from_marketplace
from hptsdk.rules.facts.instance_families import has_gpu, has_local_storage, is_ebs_only, lacks_ultraserver, local_gb
from hptsdk.rules.runtime import MAX_RUNTIME
from hptsdk.rules.search import EPOCHS
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._draw.algorithms import facts_of, metrics_of, names as algorithm_names, static_of
from hptsdk.testing.strategies._draw.choices import Choices, Document, Shares, composes, structure_in, values_of
from hptsdk.testing.strategies._draw.definition_parts import (
    MODES,
    algorithm_of_document,
    draw_algorithm,
    draw_channels,
    modes_of,
    tuned_names,
)
from hptsdk.testing.strategies._draw.extreme_choices import Extreme
from hptsdk.testing.strategies._draw.profile import CHANNELS, SPOT_WITH_CHECKPOINTS, UNKNOWN_TYPES, WITH_STATIC
from hptsdk.testing.strategies._draw.texts import info_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hptsdk._validation import Shape

_CHANNEL_COUNTS, _UNKNOWN_TYPES = Shares.of(CHANNELS), Shares.of(UNKNOWN_TYPES)
_SPECIFICATION, _STATIC, _OWN_RANGES = "AlgorithmSpecification", "StaticHyperParameters", "HyperParameterRanges"
_SPOT, _CHANNELS, _STOPPING = "EnableManagedSpotTraining", "InputDataConfig", "StoppingCondition"
_RESOURCES, _TUNING_RESOURCES = "ResourceConfig", "HyperParameterTuningResourceConfig"


@composes("HyperParameterTrainingJobDefinition")
def _definition(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw the algorithm, the hyperparameters, the data and the resources."""
    if isinstance(choices, Extreme):
        optional = _draw_extreme_algorithm(choices, cls, document)
    else:
        optional = _draw_algorithm(choices, cls, document)
    _draw_hyperparameters(choices, cls, document, optional)
    if _CHANNELS in optional:
        choices.mode = document[_SPECIFICATION]["TrainingInputMode"]
        choices.require(cls, document, _CHANNELS)
    if any("FileSystemDataSource" in channel["DataSource"] for channel in document.get(_CHANNELS) or ()):
        choices.require(cls, document, "VpcConfig")
    _draw_spot(choices, cls, document, optional)
    if choices.needs_name:
        optional.append("DefinitionName")
    document = choices.complete(cls, document, optional)
    if choices.is_plausible:
        _name_instance_groups(document)
    return document


def _draw_algorithm(choices: Choices, cls: type[Shape], document: Document) -> list[str]:
    """Draw the algorithm, the channels and the kind of resources; return the optional members."""
    specification = document.get(_SPECIFICATION)
    choices.algorithm = algorithm_of_document(specification) if specification else draw_algorithm(choices)
    choices.metric = structure_in(document, "TuningObjective").get("MetricName") or choices.job_metric
    if specification is None:
        document[_SPECIFICATION] = specification = choices.instance(shapes.HyperParameterAlgorithmSpecification)
    elif choices.metric is None:
        choices.metric = choices.choice(metrics_in(specification))
    choices.mode = specification["TrainingInputMode"]
    choices.prepared = {}
    choices.prepared = choices.each(_prepared())
    # drawn for any algorithm, so that the simplest one has the fewest choices
    pairs = values_of(cls.__name__)[_STATIC].alternatives
    static = [] if _STATIC in document else choices.some(pairs, lambda pair: pair[0], WITH_STATIC)
    channels = 0 if _CHANNELS in document else choices.one(_CHANNEL_COUNTS)
    choices.decide(cls.__name__)
    optional = choices.optional(cls, document)
    if choices.needs_objective:
        optional.append("TuningObjective")
    is_built_in = choices.algorithm in algorithm_names()
    choices.static = static_of(choices.algorithm, choices.metric) if is_built_in else dict(static)
    choices.allows_file_system = not is_built_in and document.get("VpcConfig", {}) is not None
    if _CHANNELS not in document:
        document[_CHANNELS] = draw_channels(choices, channels) or None
    if _TUNING_RESOURCES in optional and not is_built_in and not document.get(_RESOURCES):
        document.setdefault(_RESOURCES, None)
    else:
        document.setdefault(_TUNING_RESOURCES, None)
        optional.append(_RESOURCES)
    return optional


@cache
def _prepared() -> dict[str, Shares]:
    """Return the values of members that almost all definitions have."""
    return {
        name: values_of(cls)[name]
        for cls, name in (
            ("HyperParameterTrainingJobDefinition", "RoleArn"),
            ("OutputDataConfig", "S3OutputPath"),
            (_STOPPING, "MaxRuntimeInSeconds"),
            (_RESOURCES, "VolumeSizeInGB"),
            (_RESOURCES, "InstanceType"),
            (_RESOURCES, "InstanceCount"),
        )
    }


def metrics_in(specification: Document) -> tuple[str, ...]:
    """Return the names of the metrics that an algorithm emits."""
    defined = [metric["Name"] for metric in specification.get("MetricDefinitions") or ()]
    return tuple(defined or metrics_of(algorithm_of_document(specification)))


def _draw_hyperparameters(choices: Choices, cls: type[Shape], document: Document, optional: list[str]) -> None:
    """Draw ranges, and static hyperparameters that have no range; one hyperparameter is added by SageMaker."""
    if _OWN_RANGES not in document and (choices.needs_ranges or _OWN_RANGES in optional):
        static = {*structure_in(document, _STATIC), *(EPOCHS if choices.needs_epochs else ())}
        draw_ranges(choices, cls, document, _OWN_RANGES, static)
    own = tuned_names(document.setdefault(_OWN_RANGES, None))
    tuned = {*choices.reserved_names, *own}
    if _STATIC not in document and (choices.is_plausible or _STATIC in optional or choices.needs_epochs):
        drawn = choices.static if choices.is_plausible else choices.require(cls, document, _STATIC)
        values = {name: value for name, value in drawn.items() if name not in tuned}
        if choices.needs_epochs:
            # if each of these names has a range, the rule reports it
            values = {next((name for name in EPOCHS if name not in tuned), EPOCHS[0]): "9", **values}
        most = MAX_HYPERPARAMETERS - len(tuned) - (choices.is_in_request or bool(own))
        document[_STATIC] = dict(list(values.items())[: max(0, most)]) or (None if choices.is_plausible else {})


def draw_ranges(choices: Choices, cls: type[Shape], document: Document, name: str, static: Collection[str]) -> None:
    """Draw ranges of other hyperparameters than the static ones; one hyperparameter is added by SageMaker."""
    reserved, choices.reserved_names = choices.reserved_names, frozenset(static)
    choices.max_hyperparameters = MAX_HYPERPARAMETERS - 1 - len(static)
    choices.require(cls, document, name)
    choices.reserved_names = reserved


def _draw_spot(choices: Choices, cls: type[Shape], document: Document, optional: list[str]) -> None:
    """Draw whether training uses Spot Instances, mostly with checkpoints."""
    limits, resources, spot = document.get(_STOPPING), structure_in(document, _RESOURCES), choices.context.spot
    has_wait = limits is not None and limits.get("MaxWaitTimeInSeconds") is not None
    if _SPOT not in document:
        if (
            (limits is not None and not has_wait)
            or resources.get("KeepAlivePeriodInSeconds")
            or resources.get("InstancePreferences")
        ):
            document[_SPOT] = False if _SPOT in optional else None
        elif has_wait or spot:
            document[_SPOT] = True
        elif spot is None and _SPOT in optional:
            choices.require(cls, document, _SPOT)
        else:
            document[_SPOT] = None
    choices.spot = bool(document[_SPOT])
    if choices.is_plausible and choices.spot and choices.happens(SPOT_WITH_CHECKPOINTS):
        optional.append("CheckpointConfig")


def _name_instance_groups(document: Document) -> None:
    """Set InstanceGroupNames of the first channel to the names of the instance groups."""
    groups, channels = structure_in(document, _RESOURCES).get("InstanceGroups"), document.get(_CHANNELS)
    if groups and channels and "S3DataSource" in channels[0]["DataSource"]:
        names = [group["InstanceGroupName"] for group in groups]
        channels[0]["DataSource"]["S3DataSource"]["InstanceGroupNames"] = names


def _draw_extreme_algorithm(choices: Extreme, cls: type[Shape], document: Document) -> list[str]:
    """Draw the objective, and an algorithm that emits its metric; return the optional members."""
    objective, isolation, vpc = "TuningObjective", "EnableNetworkIsolation", "VpcConfig"
    optional, fixed = choices.optional(cls, document), document.get(_SPECIFICATION)
    choices.metric = choices.job_metric
    if objective not in document and (choices.needs_objective or objective in optional):
        if fixed and fixed.get("MetricDefinitions"):
            choices.metric = choices.choice(metrics_in(fixed))
        choices.require(cls, document, objective)
    if document.get(objective) and choices.metric is None:
        choices.metric = document[objective]["MetricName"]
    choices.allows_marketplace = document.get(isolation, True) is True
    if fixed is None:
        channels = document.get(_CHANNELS) or ()
        modes = [
            mode for mode in MODES if all(channel.get("InputMode") or mode in modes_of(channel) for channel in channels)
        ]
        decided = {"TrainingInputMode": choices.choice(modes)} if channels and modes else {}
        document[_SPECIFICATION] = choices.instance(shapes.HyperParameterAlgorithmSpecification, decided)
    name = document[_SPECIFICATION].get("AlgorithmName")
    if name and is_from_marketplace(name):
        document[isolation] = True
    choices.allows_file_system = bool(document[vpc]) if vpc in document else choices.choice((False, True))
    return optional


_TYPE, _COUNT, _SIZE, _KEY = "InstanceType", "InstanceCount", "VolumeSizeInGB", "VolumeKmsKeyId"
_GROUPS, _PREFERENCES, _PLACEMENT = "InstanceGroups", "InstancePreferences", "InstancePlacementConfig"
_KEEP_ALIVE, _PLAN, _CONFIGS = "KeepAlivePeriodInSeconds", "TrainingPlanArn", "InstanceConfigs"


@composes("ResourceConfig", "HyperParameterTuningResourceConfig")
def _resources(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw one of the members that describe the instances, then the storage."""
    optional = choices.optional(cls, document)
    is_built_in = choices.is_plausible and choices.algorithm in algorithm_names()
    excluded = {
        _GROUPS: document.get(_COUNT) or document.get(_KEEP_ALIVE) or is_built_in,
        _PREFERENCES: choices.spot or is_built_in,
        _CONFIGS: any(document.get(name) for name in (_TYPE, _COUNT, _SIZE)),
    }
    if is_built_in and _PLACEMENT in optional:
        optional.remove(_PLACEMENT)
    chosen = next((name for name in (*excluded, _TYPE, _PLACEMENT) if document.get(name)), None)
    if chosen is None:
        drawn = [name for name in (*excluded, _TYPE, _PLACEMENT) if name in optional and not excluded.get(name)]
        # the lists are drawn more often, because they have many lengths
        chosen = choices.choice([*drawn, *(name for name in drawn if name in excluded)]) if drawn else _TYPE
    omitted = [name for name in excluded if name != chosen]
    if chosen == _PREFERENCES:
        omitted += [_TYPE, _PLACEMENT]
        _draw_preferences(choices, cls, document, optional)
    elif chosen in excluded and choices.require(cls, document, chosen):
        omitted += [_TYPE, _COUNT, *([_SIZE] if chosen == _CONFIGS else [])]
    else:
        _draw_type(choices, cls, document, optional)
    for name in ("SelectedInstanceType", "SelectedInstanceCount", *omitted):
        document.setdefault(name, None)
    if (choices.spot or document.get(_GROUPS)) and _KEEP_ALIVE in optional:
        document[_KEEP_ALIVE] = None if choices.is_plausible else 0
    return choices.complete(cls, document, optional)


def _draw_preferences(choices: Choices, cls: type[Shape], document: Document, optional: list[str]) -> None:
    """Draw different types, with the counts and the training plans all in the preferences or all outside them."""
    if not isinstance(choices, Extreme):
        choices.require(cls, document, _PREFERENCES)
    elif _PREFERENCES not in document:
        has_counts = not document[_COUNT] if _COUNT in document else choices.choice((False, True))
        plans = {} if not (document.get(_PLAN) or _PLAN in optional) else {"TrainingPlanArns": None}
        types, size = _types("any").alternatives, choices.size(info_of(cls, _PREFERENCES))
        first = choices.integer(0, len(types) - 1)
        document[_PREFERENCES] = [
            choices.instance(
                shapes.InstancePreference,
                {
                    _TYPE: types[(first + number) % len(types)],
                    _COUNT: choices.integer(0) if has_counts else None,
                    **plans,
                },
            )
            for number in range(size)
        ]
    if any(item.get("TrainingPlanArns") for item in document[_PREFERENCES]):
        document.setdefault(_PLAN, None)
    if _COUNT not in document:
        has_counts = any(_COUNT in item for item in document[_PREFERENCES])
        document[_COUNT] = None if has_counts else choices.number(cls, _COUNT, 1)


def _draw_type(choices: Choices, cls: type[Shape], document: Document, optional: list[str]) -> None:
    """Draw one type, which must be compatible with the placement, the KMS key and the volume."""
    if document.get(_KEY) and _TYPE not in document:
        # UltraServers have local storage, which cannot use a key
        document.setdefault(_PLACEMENT, None)
    has_no_volume = _SIZE in document and not document[_SIZE]
    has_key = document.get(_KEY) or (_KEY in optional and _KEY not in document)
    has_placement = document.get(_PLACEMENT) is not None or (_PLACEMENT in optional and _PLACEMENT not in document)
    has_type = has_placement or ((_TYPE in optional or choices.is_plausible) and not (has_key and has_no_volume))
    if _TYPE not in document and has_type and not (document.get(_KEY) and has_placement):
        kind = "UltraServer" if has_placement else "EBS" if has_key else "local" if has_no_volume else "any"
        _draw_type_of(choices, document, kind)
    elif document.get(_TYPE) and lacks_ultraserver(document[_TYPE]):
        document.setdefault(_PLACEMENT, None)
    name = document.setdefault(_TYPE, None)
    if name and has_local_storage(name):
        document.setdefault(_KEY, None)
    if name and _SIZE not in document and (is_ebs_only(name) or (choices.is_plausible and _SIZE in optional)):
        document[_SIZE] = choices.number(cls, _SIZE, 1, local_gb(name))
    if choices.is_plausible and _COUNT not in document:
        facts = facts_of(choices.algorithm)
        document[_COUNT] = choices.number(cls, _COUNT, 1, facts.instances.max_count if facts else None)


def _draw_type_of(choices: Choices, document: Document, kind: str) -> None:
    """Draw a type with this kind of storage, on which the algorithm trains."""
    facts = facts_of(choices.algorithm)
    gpu = facts.instances.gpu if facts and choices.is_plausible else None
    types = _types(kind, gpu, is_plausible=choices.is_plausible and kind != "UltraServer")
    if not (choices.context.unknown_instance_types and kind == "any" and choices.choice((False, True))):
        document |= choices.each({_TYPE: types})
    elif choices.is_plausible:
        document |= choices.each({_TYPE: _UNKNOWN_TYPES})
    else:
        choices.require(shapes.InstanceGroup, document, _TYPE)


def _has_ultraserver(name: str) -> bool:
    return not lacks_ultraserver(name)


@cache
def _types(kind: str, gpu: str | None = None, *, is_plausible: bool = False) -> Shares:
    """Return the types with this kind of storage, and with or without GPUs if an algorithm needs or lacks them."""
    known = info_of(shapes.InstanceGroup, _TYPE).known_values
    types: Sequence[str] = values_of("ResourceConfig")[_TYPE].alternatives if is_plausible else known
    allows = {"EBS": is_ebs_only, "local": has_local_storage, "UltraServer": _has_ultraserver}.get(kind, bool)
    needs_gpu = {"required": True, "unsupported": False}.get(gpu or "")
    return Shares.of(tuple(name for name in types if allows(name) and needs_gpu in {None, has_gpu(name)}))


# The maximum runtime, and the maximum wait time of a built-in algorithm without checkpoints, if they are not set.
_DEFAULT_RUNTIME, _SHORT_WAIT = 86_400, 3600
_RUNTIME, _WAIT = "MaxRuntimeInSeconds", "MaxWaitTimeInSeconds"


@composes("StoppingCondition")
def _stopping_condition(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a maximum wait time that is at least the maximum runtime, for Spot Instances only."""
    if choices.spot is False:
        document.setdefault(_WAIT, None)
    optional = choices.optional(cls, document)
    if _RUNTIME not in document and (_RUNTIME in optional or choices.is_plausible):
        document[_RUNTIME] = choices.number(cls, _RUNTIME, 1, min(MAX_RUNTIME, document.get(_WAIT) or MAX_RUNTIME))
    if _WAIT not in document and (choices.spot or _WAIT in optional):
        least = document.get(_RUNTIME) or (_DEFAULT_RUNTIME if choices.is_plausible else 1)
        document[_WAIT] = choices.number(cls, _WAIT, least)
        facts = facts_of(choices.algorithm)
        if facts is not None and not facts.checkpoint_repositories:
            document |= {_RUNTIME: min(document.get(_RUNTIME) or _SHORT_WAIT, _SHORT_WAIT), _WAIT: _SHORT_WAIT}
    return choices.complete(cls, document, optional)


@composes("ResourceLimits", extreme=False)
def _resource_limits(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw no more training jobs at a time than in total."""
    jobs, parallel = "MaxNumberOfTrainingJobs", "MaxParallelTrainingJobs"
    is_decided, optional = parallel in document, choices.optional(cls, document)
    if _RUNTIME not in optional or not choices.happens(20):
        optional.append(jobs)
    document = choices.complete(cls, document, optional)
    if not is_decided:
        document[parallel] = min(document[parallel], document.get(jobs, document[parallel]))
    return document
