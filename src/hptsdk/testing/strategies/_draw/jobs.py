"""Draw functions for requests: the members of the job, then its definitions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import hptsdk
from hptsdk import shapes
from hptsdk.rules.range_values import count_combinations
from hptsdk.rules.request import MAX_VARIABLES
from hptsdk.rules.search import MAX_RESOURCE
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._draw.algorithms import is_in_region, is_tunable_by_grid
from hptsdk.testing.strategies._draw.choices import (
    MAX_INTEGER,
    Choices,
    Document,
    Shares,
    composes,
    structure_in,
    values_of,
)
from hptsdk.testing.strategies._draw.definition_parts import algorithm_of_document, tuned_names
from hptsdk.testing.strategies._draw.definitions import draw_ranges, metrics_in
from hptsdk.testing.strategies._draw.extreme_choices import sizes_of_grid
from hptsdk.testing.strategies._draw.profile import VALUES, WITH_TAGS
from hptsdk.testing.strategies._draw.texts import distinct, info_of, repeat_distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk._validation import Shape

_CONFIG, _SINGLE, _LIST = "HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions"
_OBJECTIVE, _LIMITS, _RANGES = "HyperParameterTuningJobObjective", "ResourceLimits", "ParameterRanges"
_EARLY_STOPPING, _WARM_START, _JOBS = "TrainingJobEarlyStoppingType", "WarmStartConfig", "MaxNumberOfTrainingJobs"
_SPECIFICATION, _STATIC, _OWN_RANGES = "AlgorithmSpecification", "StaticHyperParameters", "HyperParameterRanges"
_NAME, _PARENTS, _STRATEGY_CONFIG = "HyperParameterTuningJobName", "ParentHyperParameterTuningJobs", "StrategyConfig"
_NUMERIC = frozenset({"IntegerParameterRanges", "ContinuousParameterRanges"})
_PARALLEL = "MaxParallelTrainingJobs"


@composes("HyperbandStrategyConfig")
def _hyperband(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a minimum resource that is at most the maximum resource."""
    low, high = "MinResource", "MaxResource"
    optional = choices.optional(cls, document)
    if high not in document and (high in optional or choices.needs_max_resource):
        least = document.get(low) or 1
        document[high] = choices.number(cls, high, least, MAX_RESOURCE) if least <= MAX_RESOURCE else None
    if low in optional:
        document[low] = choices.number(cls, low, 1, document.get(high))
    return choices.complete(cls, document, optional)


@composes("HyperParameterTuningJobStrategyConfig")
def _strategy_config(choices: Choices, cls: type[Shape], document: Document) -> Document:
    if choices.needs_max_resource:
        choices.require(cls, document, "HyperbandStrategyConfig")
    return choices.complete(cls, document)


@composes("HyperParameterTuningJobConfig")
def _config(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw a strategy, then the members that depend on it, and adapt the limits."""
    optional = choices.optional(cls, document)
    hyperband = structure_in(document, _STRATEGY_CONFIG).get("HyperbandStrategyConfig")
    if "Strategy" not in document:
        excluded = set[str]() if _allows_grid(choices, document) else {"Grid"}
        if document.get(_EARLY_STOPPING) == "Auto" or (choices.needs_max_resource and _STRATEGY_CONFIG in document):
            excluded.add("Hyperband")
        strategy = "Hyperband" if hyperband is not None else choices.context.strategy
        document["Strategy"] = strategy or choices.one(_strategies(frozenset(excluded)))
    choices.strategy = strategy = document["Strategy"]
    if _EARLY_STOPPING in optional and (strategy == "Hyperband" or choices.is_several):
        document[_EARLY_STOPPING] = "Off"
    if strategy == "Hyperband" and choices.needs_max_resource:
        choices.require(cls, document, _STRATEGY_CONFIG)
    elif strategy != "Hyperband" and _STRATEGY_CONFIG in optional:
        document[_STRATEGY_CONFIG] = {}
    choices.jobs = structure_in(document, _LIMITS).get(_JOBS)
    # one hyperparameter is added by SageMaker, and one may be needed for the epochs
    choices.max_hyperparameters = MAX_HYPERPARAMETERS - 2
    if choices.is_plausible:
        choices.require(cls, document, _OBJECTIVE)
        choices.require(cls, document, _RANGES)
    # `_request` fits the limits of a request, because its definitions also have ranges
    fits_limits = _LIMITS not in document and not choices.is_in_request
    document = choices.complete(cls, document, optional)
    if fits_limits:
        _fit_limits(choices, document)
    return document


@cache
def _strategies(excluded: frozenset[str]) -> Shares:
    shares = VALUES["HyperParameterTuningJobConfig"]["Strategy"]
    return Shares.of({name: share for name, share in shares.items() if name not in excluded})


def _allows_grid(choices: Choices, document: Document) -> bool:
    """Check whether the strategy can be Grid with the ranges and the number of training jobs that are decided."""
    ranges, jobs = structure_in(document, _RANGES), structure_in(document, _LIMITS).get(_JOBS)
    if not choices.allows_grid or not _NUMERIC.isdisjoint(ranges):
        return False
    size = _combinations(ranges)
    return jobs is None or (size == jobs if size is not None else bool(sizes_of_grid(jobs)))


def _combinations(ranges: Document | None) -> int | None:
    return count_combinations(hptsdk.from_wire(shapes.ParameterRanges, ranges)) if ranges else None


def _fit_limits(choices: Choices, config: Document, own_ranges: Sequence[Document] = ()) -> None:
    """Change the number of training jobs to one that the ranges allow; a grid has one for each combination."""
    limits, size = config[_LIMITS], _combinations(config.get(_RANGES))
    if _JOBS in limits and config["Strategy"] == "Grid":
        limits[_JOBS] = size
        if size is None or size > MAX_INTEGER:
            del limits[_JOBS]
    elif _JOBS in limits:
        limits[_JOBS] = min([limits[_JOBS], *filter(None, (size, *map(_combinations, own_ranges)))])
    if choices.is_plausible and _JOBS in limits:
        limits[_PARALLEL] = min(limits[_PARALLEL], limits[_JOBS])


@composes("HyperParameterTuningJobWarmStartConfig")
def _warm_start(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw parents whose names differ when case is ignored, and are not the name of the job."""
    if _PARENTS not in document:
        parents, reserved = choices.require(cls, document, _PARENTS), [choices.job_name] if choices.job_name else []
        info = info_of(cls, _PARENTS).item
        document[_PARENTS] = repeat_distinct(parents, len(parents), info, reserved, ignore_case=True)
    return choices.complete(cls, document)


@composes("ParentHyperParameterTuningJob")
def _parent(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw the name, which the model does not require but the service does."""
    return choices.complete(cls, document, [_NAME])


@composes("CreateHyperParameterTuningJobRequest")
def _request(choices: Choices, cls: type[Shape], document: Document) -> Document:
    """Draw the members of the job, then its definitions, and move what a single definition has to the job."""
    choices.is_in_request = True
    fixed = [document[_SINGLE]] if document.get(_SINGLE) else document.get(_LIST) or []
    optional = _draw_optional(choices, cls, document, fixed)
    if fixed:
        count, in_list = len(fixed), not document.get(_SINGLE)
    else:
        count, in_list = _draw_form(choices, document)
    is_fixed = _CONFIG in document
    if fixed:
        choices.algorithm = algorithm_of_document(fixed[0][_SPECIFICATION])
    config = _draw_config(choices, document, fixed, is_several=count > 1, in_list=in_list)
    definitions = fixed or _draw_definitions(choices, count, in_list=in_list)
    if not is_fixed:
        own_ranges = [structure_in(each, _OWN_RANGES) for each in definitions]
        if not in_list:
            _move_to_job(choices, definitions[0], config)
        if fixed and not any(own_ranges) and choices.needs_ranges:
            static = {name for each in fixed for name in each.get(_STATIC) or ()}
            draw_ranges(choices, shapes.HyperParameterTuningJobConfig, config, _RANGES, static)
        _fit_limits(choices, config, own_ranges if choices.is_plausible and in_list else ())
    document.setdefault(_LIST if in_list else _SINGLE, definitions if in_list else definitions[0])
    return choices.complete(cls, document, [name for name in optional if name not in {_SINGLE, _LIST}])


def _draw_optional(choices: Choices, cls: type[Shape], document: Document, fixed: Sequence[Document]) -> list[str]:
    """Draw the tags, the region, the name, the warm start and Autotune; return the optional members."""
    context = choices.context
    if context.warm_start is False or (
        not context.warm_start
        and (
            max(len(fixed), context.definitions or 1) > 1
            # a grid does not use the results of its parents
            or (context.strategy == "Grid" and choices.is_plausible)
        )
    ):
        document.setdefault(_WARM_START, None)
    is_named = _NAME in document
    if choices.is_plausible:
        _draw_tags_and_region(choices, document)
    choices.decide(cls.__name__)
    optional = choices.optional(cls, document)
    if not is_named:
        parents = [parent.get(_NAME, "") for parent in structure_in(document, _WARM_START).get(_PARENTS) or ()]
        name = choices.require(cls, document, _NAME)
        document[_NAME] = distinct([name], info_of(cls, _NAME), parents, ignore_case=True)[0]
    choices.job_name = document[_NAME]
    if context.warm_start or _WARM_START in optional:
        choices.require(cls, document, _WARM_START)
    # half of the extreme requests have no ranges, because they are drawn faster
    if _needs_autotune(document, fixed) or (not choices.is_plausible and choices.choice((True, False))):
        choices.require(cls, document, "Autotune")
    choices.autotune = bool(document.get("Autotune")) or "Autotune" in optional
    return optional


def _draw_tags_and_region(choices: Choices, document: Document) -> None:
    if "Tags" not in document:
        document["Tags"] = choices.some(_tags(), lambda tag: tag["Key"], WITH_TAGS) or None
    tables = {"region": _regions(choices.context.algorithm)}
    if _NAME not in document:
        tables[_NAME] = values_of("CreateHyperParameterTuningJobRequest")[_NAME]
    document |= choices.each(tables)
    choices.region = document.pop("region")


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


def _needs_autotune(document: Document, fixed: Sequence[Document]) -> bool:
    """Check whether the members that are decided are valid with Autotune only."""
    config = document.get(_CONFIG)
    ranges = [structure_in(each, _OWN_RANGES) for each in fixed] + ([structure_in(config, _RANGES)] if config else [])
    static = fixed[0].get(_STATIC) or () if document.get(_SINGLE) else ()
    has_no_range = bool(fixed and config) or len(static) + 1 >= MAX_HYPERPARAMETERS
    jobs = _grid_jobs(config) if config else None
    return (
        any(each.get("AutoParameters") for each in ranges)
        or (has_no_range and not any(map(tuned_names, ranges)))
        or (jobs is not None and not sizes_of_grid(jobs))
    )


def _grid_jobs(config: Document) -> int | None:
    """Return the number of training jobs of a grid over the ranges of the definitions; None if there is none."""
    is_grid = config["Strategy"] == "Grid" and not tuned_names(config.get(_RANGES))
    return config[_LIMITS].get(_JOBS) if is_grid else None


def _draw_form(choices: Choices, document: Document) -> tuple[int, bool]:
    """Draw the number of definitions, and whether they are in the list, if no argument and no member decides them."""
    count, config = choices.context.definitions, structure_in(document, _CONFIG)
    if count is not None:
        return count, count > 1 or _SINGLE in document
    is_single = document.get(_WARM_START) or config.get(_EARLY_STOPPING) == "Auto"
    # a single definition has the ranges of the job, and may need another hyperparameter
    needs_list = _SINGLE in document or len(tuned_names(config.get(_RANGES))) + 1 >= MAX_HYPERPARAMETERS
    if is_single or _LIST in document:
        return 1, needs_list
    count, in_list = choices.one(choices.forms)
    return count, in_list or needs_list


def _draw_config(
    choices: Choices, document: Document, fixed: Sequence[Document], *, is_several: bool, in_list: bool
) -> Document:
    """Draw the configuration of the job, and decide what it requires of the definitions that are drawn."""
    if _CONFIG not in document:
        algorithm, own_ranges = choices.context.algorithm, [structure_in(each, _OWN_RANGES) for each in fixed]
        choices.is_several = is_several
        choices.allows_grid = all(map(_NUMERIC.isdisjoint, own_ranges)) and (
            not choices.is_plausible
            or ((algorithm is None or is_tunable_by_grid(algorithm)) and not document.get(_WARM_START))
        )
        choices.needs_max_resource = choices.is_plausible or bool(fixed) or choices.choice((True, False))
        # the definitions have the objective and the ranges
        decided: Document = {} if in_list and not choices.is_plausible else {_OBJECTIVE: None, _RANGES: None}
        document[_CONFIG] = choices.instance(shapes.HyperParameterTuningJobConfig, decided)
    config: Document = document[_CONFIG]
    objective, ranges = config.get(_OBJECTIVE), structure_in(config, _RANGES)
    resources = structure_in(structure_in(config, _STRATEGY_CONFIG), "HyperbandStrategyConfig")
    choices.strategy, choices.jobs = config["Strategy"], _grid_jobs(config)
    choices.needs_objective = in_list or objective is None
    choices.job_metric = objective["MetricName"] if objective and not in_list else None
    choices.reserved_names = frozenset() if in_list else frozenset(tuned_names(ranges))
    choices.needs_ranges = not any(ranges.values()) and (choices.is_plausible or not choices.autotune)
    choices.needs_epochs = choices.strategy == "Hyperband" and "MaxResource" not in resources
    return config


def _draw_definitions(choices: Choices, count: int, *, in_list: bool) -> list[Document]:
    """Draw definitions with different names, and the objective and ranges that the job does not have."""
    choices.needs_name = in_list
    number = min(count, choices.max_definitions)
    drawn = [choices.item(shapes.HyperParameterTrainingJobDefinition, {}) for _ in range(number)]
    definitions = repeat_distinct(drawn, count, info_of(shapes.CreateHyperParameterTuningJobRequest, _LIST).item)
    left = MAX_VARIABLES
    for definition in definitions:
        if "Environment" in definition:
            definition["Environment"] = dict(list(definition["Environment"].items())[:left])
            left -= len(definition["Environment"])
    return definitions


def _move_to_job(choices: Choices, definition: Document, config: Document) -> None:
    """Move, copy or leave the objective and the ranges of a single definition; draw a missing objective."""
    for own, name in (("TuningObjective", _OBJECTIVE), (_OWN_RANGES, _RANGES)):
        if definition.get(own):
            action = "move" if choices.is_plausible else choices.choice(("move", "copy", "leave"))
            if action != "leave":
                config[name] = definition[own]
            if action == "move":
                del definition[own]
        elif name == _OBJECTIVE:
            choices.metric = choices.choice(metrics_in(definition[_SPECIFICATION]))
            config[name] = choices.instance(shapes.HyperParameterTuningJobObjective)
