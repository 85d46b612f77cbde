"""Extreme requests: what a job and its definitions require of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hptsdk
from hptsdk import shapes
from hptsdk.rules.facts.accounts import is_from_marketplace
from hptsdk.rules.range_values import count_combinations
from hptsdk.rules.request import MAX_VARIABLES
from hptsdk.rules.search import MAX_RESOURCE
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._extreme import EXTREME_PARTS, MAX_INTEGER, info_of, sizes_of_grid
from hptsdk.testing.strategies._extreme_parts import MODES, modes_of
from hptsdk.testing.strategies._plausible import Document, composes, part
from hptsdk.testing.strategies._plausible_parts import tuned_names
from hptsdk.testing.strategies._plausible_requests import form_of, with_epochs
from hptsdk.testing.strategies._texts import distinct, repeat_distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk._validation import Shape
    from hptsdk.testing.strategies._extreme import Extreme

_CONFIG, _SINGLE, _LIST = "HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions"
_OBJECTIVE, _LIMITS, _RANGES = "HyperParameterTuningJobObjective", "ResourceLimits", "ParameterRanges"
_EARLY_STOPPING, _WARM_START, _JOBS = "TrainingJobEarlyStoppingType", "WarmStartConfig", "MaxNumberOfTrainingJobs"
_SPECIFICATION, _STATIC, _OWN_RANGES = "AlgorithmSpecification", "StaticHyperParameters", "HyperParameterRanges"
_SPOT, _CHANNELS, _STOPPING = "EnableManagedSpotTraining", "InputDataConfig", "StoppingCondition"
_NAME, _PARENTS = "HyperParameterTuningJobName", "ParentHyperParameterTuningJobs"
_INTEGERS, _CONTINUOUS = "IntegerParameterRanges", "ContinuousParameterRanges"
_CATEGORICAL, _AUTO = "CategoricalParameterRanges", "AutoParameters"

# Numbers of definitions, each with whether they are in the list; one definition is most frequent, because it is fast.
_FORMS = (*[(1, False)] * 9, (1, True), (2, True), (2, True), (3, True), (10, True))

# The part of the request that has the ranges.
_RANGE_OWNERS = ("Autotune", "job", "job", "definitions", "definitions")

# The definitions that are drawn; others repeat them with other names.
_DRAWN_DEFINITIONS = 2

# --- the definition ---


@composes("HyperParameterTrainingJobDefinition", parts=EXTREME_PARTS)
def _definition(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw the algorithm, the data, the hyperparameters and the limits, in this order."""
    optional = choices.optional(cls, document)
    _draw_algorithm(choices, cls, document, optional)
    _draw_data(choices, cls, document, optional)
    _draw_hyperparameters(choices, cls, document, optional)
    limits, resources = document.get(_STOPPING), part(document, "ResourceConfig")
    has_wait = limits is not None and limits.get("MaxWaitTimeInSeconds") is not None
    if _SPOT not in document:
        spot = choices.context.spot
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
    return choices.complete(cls, document, optional)


def _draw_algorithm(choices: Extreme, cls: type[Shape], document: Document, optional: list[str]) -> None:
    """Draw the objective, and an algorithm that emits its metric."""
    fixed, objective, isolation = document.get(_SPECIFICATION), "TuningObjective", "EnableNetworkIsolation"
    choices.metric = choices.job_metric
    if objective not in document and (choices.needs_objective or objective in optional):
        names = [metric["Name"] for metric in fixed.get("MetricDefinitions") or ()] if fixed else []
        choices.metric = choices.choice(names) if names else choices.metric
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
        document[_SPECIFICATION] = choices.part(shapes.HyperParameterAlgorithmSpecification, decided)
    name = document[_SPECIFICATION].get("AlgorithmName")
    if name and is_from_marketplace(name):
        document[isolation] = True


def _draw_data(choices: Extreme, cls: type[Shape], document: Document, optional: list[str]) -> None:
    """Draw channels, and a VPC if one of them reads a file system."""
    vpc = "VpcConfig"
    if _CHANNELS in optional:
        choices.mode = document[_SPECIFICATION]["TrainingInputMode"]
        choices.allows_file_system = bool(document[vpc]) if vpc in document else choices.choice((False, True))
        choices.require(cls, document, _CHANNELS)
    if any("FileSystemDataSource" in channel["DataSource"] for channel in document.get(_CHANNELS) or ()):
        choices.require(cls, document, vpc)


def _draw_hyperparameters(choices: Extreme, cls: type[Shape], document: Document, optional: list[str]) -> None:
    """Draw static hyperparameters that have no range, and ranges of others; one is added by SageMaker."""
    most = MAX_HYPERPARAMETERS - choices.is_in_request - len(choices.reserved_names)
    own = document.get(_OWN_RANGES)
    if _STATIC not in document and (_STATIC in optional or choices.needs_epochs):
        tuned = {*choices.reserved_names, *tuned_names(own)}
        values = {name: value for name, value in choices.require(cls, document, _STATIC).items() if name not in tuned}
        values = with_epochs(values, tuned) if choices.needs_epochs else values
        if own is not None or choices.needs_ranges:
            most = min(most, MAX_HYPERPARAMETERS - 1) - (len(tuned_names(own)) or 1)
        document[_STATIC] = dict(list(values.items())[: max(0, most)])
    static = part(document, _STATIC)
    choices.max_hyperparameters = MAX_HYPERPARAMETERS - 1 - len(static)
    if (
        _OWN_RANGES not in document
        and (choices.needs_ranges or _OWN_RANGES in optional)
        and choices.max_hyperparameters > 0
    ):
        reserved, choices.reserved_names = choices.reserved_names, frozenset(static)
        choices.require(cls, document, _OWN_RANGES)
        choices.reserved_names = reserved
    document.setdefault(_OWN_RANGES, None)


# --- the job ---


@composes("HyperbandStrategyConfig", parts=EXTREME_PARTS)
def _hyperband(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw a minimum resource that is at most the maximum resource."""
    low, high = "MinResource", "MaxResource"
    optional = choices.optional(cls, document)
    least = document.get(low) or 1
    if high not in document and (high in optional or choices.needs_max_resource):
        document[high] = choices.integer(least, MAX_RESOURCE) if least <= MAX_RESOURCE else None
    if low in optional:
        document[low] = choices.integer(1, document.get(high) or MAX_INTEGER)
    return choices.complete(cls, document, optional)


@composes("HyperParameterTuningJobStrategyConfig", parts=EXTREME_PARTS)
def _strategy_config(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    if choices.needs_max_resource:
        choices.require(cls, document, "HyperbandStrategyConfig")
    return choices.complete(cls, document)


@composes("HyperParameterTuningJobConfig", parts=EXTREME_PARTS)
def _config(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw a strategy, then the members that depend on it, and the limits last."""
    optional = choices.optional(cls, document)
    hyperband = part(document, "StrategyConfig").get("HyperbandStrategyConfig")
    if "Strategy" not in document:
        allowed = ["Bayesian", "Random", "Hyperband", "Grid"]
        if document.get(_EARLY_STOPPING) == "Auto" or (choices.needs_max_resource and "StrategyConfig" in document):
            allowed.remove("Hyperband")
        if not _allows_grid(choices, document):
            allowed.remove("Grid")
        document["Strategy"] = (
            "Hyperband" if hyperband is not None else choices.context.strategy or choices.choice(allowed)
        )
    choices.strategy = strategy = document["Strategy"]
    if _EARLY_STOPPING in optional:
        no_early_stopping = strategy == "Hyperband" or choices.is_several
        document[_EARLY_STOPPING] = choices.choice(("Off",) if no_early_stopping else ("Off", "Auto"))
    if strategy == "Hyperband" and choices.needs_max_resource:
        choices.require(cls, document, "StrategyConfig")
    elif strategy != "Hyperband" and "StrategyConfig" in optional:
        document["StrategyConfig"] = {}
    if _OBJECTIVE not in document and (choices.needs_objective or _OBJECTIVE in optional):
        choices.require(cls, document, _OBJECTIVE)
    jobs = part(document, _LIMITS).get(_JOBS)
    # one hyperparameter is added by SageMaker, and one may be needed for the epochs
    choices.max_hyperparameters = min(choices.max_hyperparameters, MAX_HYPERPARAMETERS - 2)
    choices.needs_continuous_range = jobs is not None and strategy != "Grid"
    choices.grid_jobs = jobs if strategy == "Grid" else None
    if _RANGES not in document and (choices.needs_ranges or _RANGES in optional):
        choices.require(cls, document, _RANGES)
    choices.needs_continuous_range = False
    if _LIMITS not in document:
        _draw_limits(choices, document, strategy)
    return choices.complete(cls, document, optional)


def _allows_grid(choices: Extreme, document: Document) -> bool:
    """Check whether the strategy can be Grid with the ranges and the number of training jobs that are decided."""
    ranges, jobs = part(document, _RANGES), part(document, _LIMITS).get(_JOBS)
    if not choices.allows_grid or {_INTEGERS, _CONTINUOUS} & ranges.keys():
        return False
    size = _combinations(ranges)
    return jobs is None or (size == jobs if size is not None else bool(sizes_of_grid(jobs)))


def _combinations(ranges: Document | None) -> int | None:
    return count_combinations(hptsdk.from_wire(shapes.ParameterRanges, ranges)) if ranges else None


def _draw_limits(choices: Extreme, document: Document, strategy: str) -> None:
    """Draw limits with at most as many training jobs as there are combinations; a grid needs exactly as many."""
    most = _combinations(document.get(_RANGES))
    decided: Document = {}
    if strategy == "Grid":
        decided[_JOBS] = choices.choice((None, most)) if most is not None and most <= MAX_INTEGER else None
    elif most is not None:
        decided[_JOBS] = choices.choice((None, choices.integer(1, min(most, MAX_INTEGER))))
    document[_LIMITS] = choices.part(shapes.ResourceLimits, decided)


@composes("ParentHyperParameterTuningJob", parts=EXTREME_PARTS)
def _parent(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw the name, which the model does not require but the service does."""
    return choices.complete(cls, document, [_NAME])


@composes("HyperParameterTuningJobWarmStartConfig", parts=EXTREME_PARTS)
def _warm_start(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw parents whose names differ when case is ignored."""
    info = info_of(cls, _PARENTS)
    if _PARENTS not in document:
        parents, reserved = choices.value(info), [choices.job_name] if choices.job_name else []
        document[_PARENTS] = repeat_distinct(parents, len(parents), info.item, reserved, ignore_case=True)
    return choices.complete(cls, document)


@composes("CreateHyperParameterTuningJobRequest", parts=EXTREME_PARTS)
def _request(choices: Extreme, cls: type[Shape], document: Document) -> Document:
    """Draw the search, the definitions and the warm start."""
    choices.is_in_request = True
    optional = choices.optional(cls, document)
    fixed = [document[_SINGLE]] if document.get(_SINGLE) else document.get(_LIST) or []
    count, in_list = (
        (len(fixed), not document.get(_SINGLE))
        if fixed
        else form_of(choices, document, lambda: _draw_form(choices, part(document, _CONFIG)))
    )
    owner = choices.choice(_RANGE_OWNERS[1:] if document.get("Autotune", {}) is None else _RANGE_OWNERS)
    if owner == "Autotune" or _needs_autotune(document, fixed):
        choices.require(cls, document, "Autotune")
    choices.autotune = bool(document.get("Autotune")) or "Autotune" in optional
    parents: list[Document] = part(document, _WARM_START).get(_PARENTS) or []
    if _NAME not in document:
        names = [parent.get(_NAME, "") for parent in parents]
        info = info_of(cls, _NAME)
        document[_NAME] = distinct([choices.value(info)], info, names, ignore_case=True)[0]
    choices.job_name = document[_NAME]
    config = _draw_config(choices, cls, document, fixed, owner, is_several=count > 1, in_list=in_list)
    if not fixed:
        _draw_definitions(choices, document, config, count, in_list=in_list)
    if count > 1 or choices.context.warm_start is False:
        document.setdefault(_WARM_START, None)
    elif choices.context.warm_start:
        choices.require(cls, document, _WARM_START)
    return choices.complete(cls, document, [name for name in optional if name not in {_SINGLE, _LIST}])


def _needs_autotune(document: Document, fixed: Sequence[Document]) -> bool:
    """Check whether the members that are decided are valid with Autotune only."""
    config = document.get(_CONFIG)
    owners = [part(each, _OWN_RANGES) for each in fixed] + ([part(config, _RANGES)] if config else [])
    static = fixed[0].get(_STATIC) or () if document.get(_SINGLE) else ()
    has_no_range = bool(fixed and config) or len(static) + 1 >= MAX_HYPERPARAMETERS
    jobs = _grid_jobs(config) if config else None
    return (
        any(ranges.get(_AUTO) for ranges in owners)
        or (has_no_range and not any(map(tuned_names, owners)))
        or (jobs is not None and not sizes_of_grid(jobs))
    )


def _grid_jobs(config: Document) -> int | None:
    """Return the number of training jobs of a grid over the ranges of the definitions; None for another search."""
    is_grid = config["Strategy"] == "Grid" and not tuned_names(config.get(_RANGES))
    return config[_LIMITS].get(_JOBS) if is_grid else None


def _draw_form(choices: Extreme, config: Document) -> tuple[int, bool]:
    count, in_list = choices.choice(_FORMS)
    # a single definition has the ranges of the job, and may need another hyperparameter
    return count, in_list or len(tuned_names(config.get(_RANGES))) + 1 >= MAX_HYPERPARAMETERS


def _draw_config(
    choices: Extreme,
    cls: type[Shape],
    document: Document,
    fixed: Sequence[Document],
    owner: str,
    *,
    is_several: bool,
    in_list: bool,
) -> Document:
    """Draw the configuration of the job, with what the fixed definitions lack."""
    if _CONFIG not in document:
        static = {name for definition in fixed for name in definition.get(_STATIC) or ()}
        owners = [part(definition, _OWN_RANGES) for definition in fixed]
        choices.is_several = is_several
        choices.needs_objective = not in_list and (
            not fixed[0].get("TuningObjective") if fixed else choices.choice((True, False))
        )
        choices.needs_ranges = not any(owners) and not choices.autotune if fixed else owner == "job"
        choices.needs_max_resource = bool(fixed) or choices.choice((True, False))
        choices.allows_grid = not any({_INTEGERS, _CONTINUOUS} & ranges.keys() for ranges in owners)
        choices.reserved_names = frozenset(static)
        choices.max_hyperparameters = MAX_HYPERPARAMETERS - 2 - len(static)
        metrics = fixed[0][_SPECIFICATION].get("MetricDefinitions") if fixed and not in_list else None
        choices.metric = choices.choice([metric["Name"] for metric in metrics]) if metrics else None
        choices.require(cls, document, _CONFIG)
        choices.needs_max_resource = False
    config: Document = document[_CONFIG]
    return config


def _draw_definitions(choices: Extreme, document: Document, config: Document, count: int, *, in_list: bool) -> None:
    """Draw definitions with different names, with what the job lacks."""
    objective, ranges = config.get(_OBJECTIVE), part(config, _RANGES)
    resources = part(part(config, "StrategyConfig"), "HyperbandStrategyConfig")
    choices.strategy, choices.grid_jobs = config["Strategy"], _grid_jobs(config)
    choices.needs_objective = in_list or objective is None
    choices.job_metric = objective["MetricName"] if objective and not in_list else None
    choices.reserved_names = frozenset() if in_list else frozenset(tuned_names(ranges))
    choices.needs_ranges = not choices.autotune and not any(ranges.values())
    choices.needs_epochs = choices.strategy == "Hyperband" and "MaxResource" not in resources
    cls = shapes.HyperParameterTrainingJobDefinition
    if not in_list:
        document[_SINGLE] = choices.part(cls)
        return
    info = info_of(shapes.CreateHyperParameterTuningJobRequest, _LIST)
    drawn = [
        choices.part(cls, {"DefinitionName": choices.value(info_of(cls, "DefinitionName"))})
        for _ in range(min(count, _DRAWN_DEFINITIONS))
    ]
    left = MAX_VARIABLES
    document[_LIST] = repeat_distinct(drawn, count, info.item)
    for definition in document[_LIST]:
        if "Environment" in definition:
            definition["Environment"] = dict(list(definition["Environment"].items())[:left])
            left -= len(definition["Environment"])
