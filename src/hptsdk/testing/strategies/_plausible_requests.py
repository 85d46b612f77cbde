"""Plausible requests: the definitions first, then what their job has in common."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import hptsdk
from hptsdk import schema, shapes
from hptsdk.rules.range_values import count_combinations
from hptsdk.rules.search import EPOCHS
from hptsdk.testing.strategies._algorithms import (
    is_in_region,
    is_tunable_by_grid,
    metrics_of,
    names as algorithm_names,
    static_of,
)
from hptsdk.testing.strategies._plausible import Choices, Document, Shares, composes, part, values_of
from hptsdk.testing.strategies._plausible_parts import (
    algorithm_of_document,
    draw_algorithm,
    draw_channels,
    draw_ranges,
    tuned_names,
)
from hptsdk.testing.strategies._profile import (
    CHANNELS,
    CUSTOM,
    DEFINITIONS,
    VALUES,
    WITH_CHECKPOINTS,
    WITH_STATIC,
    WITH_TAGS,
)
from hptsdk.testing.strategies._texts import distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from hptsdk._validation import Shape


__all__ = ["form_of", "with_epochs"]

_CHANNEL_COUNTS, _DEFINITIONS = Shares.of(CHANNELS), Shares.of(DEFINITIONS)

_CONFIG, _SINGLE, _LIST = "HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions"
_OBJECTIVE, _LIMITS, _RANGES = "HyperParameterTuningJobObjective", "ResourceLimits", "ParameterRanges"
_EARLY_STOPPING, _WARM_START, _JOBS = "TrainingJobEarlyStoppingType", "WarmStartConfig", "MaxNumberOfTrainingJobs"
_SPECIFICATION, _STATIC, _OWN_RANGES = "AlgorithmSpecification", "StaticHyperParameters", "HyperParameterRanges"
_SPOT, _CHANNELS, _STOPPING = "EnableManagedSpotTraining", "InputDataConfig", "StoppingCondition"
_RESOURCES, _TUNING_RESOURCES = "ResourceConfig", "HyperParameterTuningResourceConfig"


# --- definitions ---


@composes("HyperParameterTrainingJobDefinition")
def _definition(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw the algorithm, the ranges, the data and the resources, in this order."""
    specification = document.get(_SPECIFICATION)
    choices.algorithm = algorithm_of_document(specification) if specification else draw_algorithm(choices)
    choices.metric = _metric_of(document) or choices.job_metric
    if specification is None:
        document[_SPECIFICATION] = specification = choices.part(shapes.HyperParameterAlgorithmSpecification)
    elif choices.metric is None:
        choices.metric = choices.one(Shares.of(_metrics_in(specification)))
    choices.mode = specification["TrainingInputMode"]
    choices.prepare(_prepared())
    # drawn for any algorithm, so that the simplest one has the fewest choices
    static = {} if _STATIC in document else _entries(choices, _STATIC, WITH_STATIC)
    channels = 0 if _CHANNELS in document else choices.one(_CHANNEL_COUNTS)
    choices.decide(cls.__name__)
    optional = choices.optional(cls, document)
    if choices.is_in_request:
        optional += ["DefinitionName", "TuningObjective"]
    if choices.needs_ranges and _OWN_RANGES not in document:
        excluded = {*choices.reserved_names, *(document.get(_STATIC) or ())}
        document[_OWN_RANGES] = draw_ranges(choices, shapes.ParameterRanges, {}, excluded)
    if "Environment" in optional:
        document["Environment"] = _entries(choices, "Environment")
    if _STATIC not in document:
        document[_STATIC] = _static(choices, document, static)
    _draw_data(choices, document, optional, channels)
    _draw_spot(choices, document, optional)
    if _TUNING_RESOURCES in optional and choices.algorithm not in algorithm_names() and not document.get(_RESOURCES):
        document.setdefault(_RESOURCES, None)
    else:
        document.setdefault(_TUNING_RESOURCES, None)
        optional.append(_RESOURCES)
    document = choices.complete(cls, document, optional)
    _name_instance_groups(document)
    return document


@cache
def _prepared() -> dict[str, Shares]:
    """Return the values that almost all definitions have, those that a test is most likely about last."""
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


def _metric_of(document: Document) -> str | None:
    objective = document.get("TuningObjective") or document.get(_OBJECTIVE)
    return objective["MetricName"] if objective else None


def _metrics_in(specification: Document) -> tuple[str, ...]:
    defined = [metric["Name"] for metric in specification.get("MetricDefinitions") or ()]
    return tuple(defined or metrics_of(algorithm_of_document(specification)))


def _entries(choices: Choices, name: str, percent: int = 100) -> dict[str, str]:
    pairs = values_of("HyperParameterTrainingJobDefinition")[name].alternatives
    return dict(choices.some(pairs, lambda pair: pair[0], percent))


def _static(choices: Choices, document: Document, static: Mapping[str, str]) -> dict[str, str] | None:
    """Return static hyperparameters that have no range; a built-in algorithm has those that it requires."""
    if choices.algorithm in algorithm_names():
        static = static_of(choices.algorithm, choices.metric)
    tuned = {*choices.reserved_names, *tuned_names(document.get(_OWN_RANGES))}
    values = {name: value for name, value in static.items() if name not in tuned}
    return (with_epochs(values, tuned) if choices.needs_epochs else values) or None


def with_epochs(values: Mapping[str, str], tuned: Collection[str]) -> dict[str, str]:
    """Add the number of epochs to static hyperparameters."""
    # if each of these names has a range, the rule reports it
    return {next((name for name in EPOCHS if name not in tuned), EPOCHS[0]): "9", **values}


def _draw_data(choices: Choices, document: Document, optional: list[str], count: int) -> None:
    """Draw channels, and a VPC if one of them reads a file system."""
    vpc = "VpcConfig"
    choices.allows_file_system = choices.algorithm not in algorithm_names() and document.get(vpc, {}) is not None
    if _CHANNELS not in document:
        document[_CHANNELS] = draw_channels(choices, count) or None
    if any("FileSystemDataSource" in channel["DataSource"] for channel in document.get(_CHANNELS) or ()):
        optional.append(vpc)


def _draw_spot(choices: Choices, document: Document, optional: list[str]) -> None:
    """Draw whether training uses Spot Instances, mostly with checkpoints."""
    wait = part(document, _STOPPING).get("MaxWaitTimeInSeconds")
    if choices.context.spot is not None and _SPOT not in document:
        document[_SPOT] = choices.context.spot or None
    elif wait is not None or _SPOT in optional:
        document.setdefault(_SPOT, choices.one(values_of("HyperParameterTrainingJobDefinition")[_SPOT]))
    choices.spot = bool(document.get(_SPOT))
    if choices.spot and choices.happens(WITH_CHECKPOINTS):
        optional.append("CheckpointConfig")


def _name_instance_groups(document: Document) -> None:
    """Let the first channel name the instance groups."""
    groups = document.get(_RESOURCES, {}).get("InstanceGroups")
    channels = document.get(_CHANNELS)
    if groups and channels and "S3DataSource" in channels[0]["DataSource"]:
        names = [group["InstanceGroupName"] for group in groups]
        channels[0]["DataSource"]["S3DataSource"]["InstanceGroupNames"] = names


# --- the job ---


@cache
def _strategies(*, allows_grid: bool) -> Shares:
    shares = VALUES["HyperParameterTuningJobConfig"]["Strategy"]
    return Shares.of({name: share for name, share in shares.items() if allows_grid or name != "Grid"})


@composes("HyperParameterTuningJobConfig")
def _config(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a strategy and the members that it allows; outside a request, also an objective and ranges."""
    if "Strategy" not in document:
        document["Strategy"] = choices.context.strategy or choices.one(_strategies(allows_grid=choices.allows_grid))
    choices.strategy = document["Strategy"]
    is_hyperband, decided = choices.strategy == "Hyperband", frozenset(document)
    document = choices.complete(cls, document)
    if _EARLY_STOPPING not in decided and (is_hyperband or choices.is_several):
        document.pop(_EARLY_STOPPING, None)
    if is_hyperband and "StrategyConfig" not in decided:
        document["StrategyConfig"] = {"HyperbandStrategyConfig": choices.part(shapes.HyperbandStrategyConfig)}
    if not choices.is_in_request:
        choices.algorithm = choices.algorithm or CUSTOM
        for name, inner in ((_OBJECTIVE, shapes.HyperParameterTuningJobObjective), (_RANGES, shapes.ParameterRanges)):
            if name not in decided:
                document[name] = choices.part(inner)
        _fit_limits(document, [document.get(_RANGES)])
    return document


def _fit_limits(config: Document, owners: Sequence[Document | None]) -> None:
    """Change the number of training jobs to one that the ranges allow; a grid has one for each combination."""
    limits = config[_LIMITS]
    combinations = list(filter(None, map(_combinations, filter(None, owners))))
    if config["Strategy"] == "Grid" and config.get(_RANGES) is None:
        limits.pop(_JOBS, None)
    elif combinations and _JOBS in limits:
        most = min(combinations)
        limits[_JOBS] = most if config["Strategy"] == "Grid" else min(most, limits[_JOBS])
    if _JOBS in limits:
        limits["MaxParallelTrainingJobs"] = min(limits["MaxParallelTrainingJobs"], limits[_JOBS])


def _combinations(ranges: Document) -> int | None:
    """Return the number of combinations of the values in ranges; None if it is unlimited."""
    if "ContinuousParameterRanges" in ranges:
        return None
    return count_combinations(hptsdk.from_wire(shapes.ParameterRanges, ranges))


@composes("CreateHyperParameterTuningJobRequest")
def _request(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw the members of the job, then its definitions, and move what a single definition has to the job."""
    fixed = [document[_SINGLE]] if document.get(_SINGLE) else document.get(_LIST) or []
    context = choices.context
    if context.warm_start is False or (
        not context.warm_start and (max(len(fixed), context.definitions or 1) > 1 or context.strategy == "Grid")
    ):
        # a grid does not use the results of its parents
        document.setdefault(_WARM_START, None)
    optional = _draw_optional(choices, document)
    count, in_list = (
        (len(fixed), not document.get(_SINGLE))
        if fixed
        else form_of(choices, document, lambda: choices.one(_DEFINITIONS))
    )
    config = _job_config(choices, document, fixed, is_several=count > 1)
    definitions = fixed or [choices.item(shapes.HyperParameterTrainingJobDefinition, {}) for _ in range(count)]
    if _CONFIG not in document:
        if not in_list:
            _move_to_job(choices, definitions[0], config)
        _fit_limits(config, [config.get(_RANGES), *(definition.get(_OWN_RANGES) for definition in definitions)])
        document[_CONFIG] = config
    elif not in_list and not fixed and config.get(_OBJECTIVE):
        definitions[0].pop("TuningObjective", None)
    if in_list:
        _name_definitions(definitions)
        document.setdefault(_LIST, definitions)
    else:
        definitions[0].pop("DefinitionName", None)
        document.setdefault(_SINGLE, definitions[0])
    return choices.complete(cls, document, optional)


def form_of(choices: Choices, document: Document, draw: Callable[[], tuple[int, bool]]) -> tuple[int, bool]:
    """Return the number of definitions, and whether they are in the list; draw them if no member decides them."""
    count, config = choices.context.definitions, part(document, _CONFIG)
    if count is not None:
        return count, count > 1 or _SINGLE in document
    is_single = document.get(_WARM_START) or choices.context.warm_start or config.get(_EARLY_STOPPING) == "Auto"
    if is_single or _LIST in document:
        return 1, _SINGLE in document
    count, in_list = draw()
    return count, in_list or _SINGLE in document


def _draw_optional(choices: Choices, document: Document) -> list[str]:
    """Draw the tags, the name and the warm start, and the region; return the optional members."""
    name = "HyperParameterTuningJobName"
    if "Tags" not in document:
        document["Tags"] = choices.some(_tags(), lambda tag: tag["Key"], WITH_TAGS) or None
    choices.decide("CreateHyperParameterTuningJobRequest")
    optional = choices.optional(shapes.CreateHyperParameterTuningJobRequest, document)
    if choices.context.warm_start and _WARM_START not in document:
        optional.append(_WARM_START)
    values = {**values_of("CreateHyperParameterTuningJobRequest"), "region": _regions(choices.context.algorithm)}
    drawn = choices.each({key: values[key] for key in ("region", name) if key not in document})
    choices.region = drawn.pop("region")
    document |= drawn
    choices.job_name = document[name]
    if _WARM_START in optional:
        document[_WARM_START] = choices.part(shapes.HyperParameterTuningJobWarmStartConfig)
    choices.autotune = bool(document.get("Autotune")) or "Autotune" in optional
    return optional


@cache
def _regions(algorithm: str | None) -> Shares:
    shares = VALUES["CreateHyperParameterTuningJobRequest"]["region"]
    return Shares.of({region: share for region, share in shares.items() if is_in_region(algorithm, region)})


@cache
def _tags() -> tuple[dict[str, str], ...]:
    """Return two tags with each key: more of them would take longer to shrink."""
    keys, values = VALUES["Tag"]["Key"], VALUES["Tag"]["Value"]
    return tuple(
        {"Key": key, "Value": value}
        for key, value in (*zip(keys, values, strict=False), *zip(keys, values[1:], strict=True))
    )


def _job_config(choices: Choices, document: Document, fixed: Sequence[Document], *, is_several: bool) -> Document:
    """Draw the configuration of the job without objective and ranges, which the definitions decide."""
    choices.is_in_request, choices.is_several = True, is_several
    config: Document | None = document.get(_CONFIG)
    if config is None:
        algorithm = choices.context.algorithm
        numeric = {"ContinuousParameterRanges", "IntegerParameterRanges"}
        choices.allows_grid = (
            (algorithm is None or is_tunable_by_grid(algorithm))
            and not document.get(_WARM_START)
            and all(numeric.isdisjoint(part(definition, _OWN_RANGES)) for definition in fixed)
        )
        choices.needs_ranges = True
        return choices.part(shapes.HyperParameterTuningJobConfig, dict.fromkeys((_OBJECTIVE, _RANGES)))
    ranges = config.get(_RANGES)
    resources = part(part(config, "StrategyConfig"), "HyperbandStrategyConfig")
    choices.strategy, choices.job_metric = config["Strategy"], _metric_of(config)
    choices.needs_epochs = choices.strategy == "Hyperband" and "MaxResource" not in resources
    choices.needs_ranges, choices.reserved_names = not ranges, frozenset(tuned_names(ranges))
    return config


def _move_to_job(choices: Choices, definition: Document, config: Document) -> None:
    """Move the objective and the ranges of a single definition to the job; draw those that a fixed one lacks."""
    if "TuningObjective" in definition:
        config[_OBJECTIVE] = definition.pop("TuningObjective")
    else:
        choices.algorithm = algorithm_of_document(definition[_SPECIFICATION])
        choices.metric = choices.one(Shares.of(_metrics_in(definition[_SPECIFICATION])))
        config[_OBJECTIVE] = choices.part(shapes.HyperParameterTuningJobObjective)
    if definition.get(_OWN_RANGES):
        config[_RANGES] = definition.pop(_OWN_RANGES)
    else:
        excluded = frozenset(definition.get(_STATIC) or ())
        config[_RANGES] = draw_ranges(choices, shapes.ParameterRanges, {}, excluded)


def _name_definitions(definitions: Sequence[Document]) -> None:
    """Add numbers to repeated names."""
    members = schema.of(shapes.HyperParameterTrainingJobDefinition).members
    info = next(member.type for member in members if member.wire_name == "DefinitionName")
    for definition, name in zip(
        definitions, distinct([each.get("DefinitionName", "") for each in definitions], info), strict=True
    ):
        definition["DefinitionName"] = name
