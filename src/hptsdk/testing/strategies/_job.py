"""Draw functions for the job: what the parts of a request require of each other, and what its strategy allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from hptsdk._validation import HIGHEST
from hptsdk.rules.hyperband import MAX_RESOURCE
from hptsdk.rules.range_values import count_combinations, count_ranges, grid_size, has_ranges
from hptsdk.rules.request import EPOCHS, MAX_VARIABLES
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._draft import draws
from hptsdk.testing.strategies._ranges import factors
from hptsdk.testing.strategies._texts import distinct, repeat_distinct
from hptsdk.testing.strategies._training import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.shapes import (
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningJobConfig as Config,
        ParameterRanges,
    )
    from hptsdk.testing.strategies._draft import Draft

_NAME, _CONFIG = "hyper_parameter_tuning_job_name", "hyper_parameter_tuning_job_config"
_SINGLE, _LIST, _WARM_START = "training_job_definition", "training_job_definitions", "warm_start_config"
_STRATEGIES = ("Bayesian", "Random", "Hyperband", "Grid")
_MAX_INTEGER = 2**31 - 1

# Numbers of definitions, each with whether they are in the list; one definition is most frequent, because it is fast.
_FORMS = (*[(1, False)] * 9, (1, True), (2, True), (2, True), (3, True), (10, True))

# The part of the request that has the ranges.
_RANGE_OWNERS = ("Autotune", "job", "job", "definitions", "definitions")

# The definitions that are drawn; others repeat them with other names.
_DRAWN_DEFINITIONS = 2


# --- the request ---


@draws("AddTagsInput")
def tags(draft: Draft) -> None:
    """Draw tags whose keys differ."""
    if draft.includes("tags"):
        draft.set("tags", draft.items("tags"))


@draws("CreateHyperParameterTuningJobRequest")
def request(draft: Draft) -> None:
    """Draw the tags and the number of definitions, then the search, the definitions and the warm start."""
    # the tags come first, so that they do not change while the other members shrink
    tags(draft)
    fixed: list[Any] = [draft[_SINGLE]] if draft[_SINGLE] is not None else list(draft[_LIST] or ())
    count, in_list = (len(fixed), draft[_SINGLE] is None) if fixed else _form(draft)
    if _needs_autotune(draft, fixed):
        draft.require("autotune")
    owner = _range_owner(draft, fixed)
    draft.optional("autotune")
    _draw_name(draft)
    if draft.is_unset(_CONFIG):
        _draw_config(draft, fixed, several=count > 1, in_list=in_list, needs_range=owner == "job")
    if not fixed and in_list:
        _draw_list(draft, count)
    elif not fixed:
        _draw_single(draft)
    draft.omit(_SINGLE, _LIST)
    if count > 1 or draft.context.warm_start is False:
        draft.omit(_WARM_START)
    if draft.context.warm_start:
        draft.require(_WARM_START, job_name=draft[_NAME])
    draft.optional(_WARM_START, job_name=draft[_NAME])


def _form(draft: Draft) -> tuple[int, bool]:
    """Draw the number of definitions, and whether they are in the list."""
    count, config = draft.context.definitions, draft[_CONFIG]
    if count is not None:
        return count, count > 1 or draft.is_fixed(_SINGLE)
    is_single = (
        draft[_WARM_START] is not None
        or bool(draft.context.warm_start)
        or (config is not None and config.training_job_early_stopping_type == "Auto")
    )
    forms = [
        (number, in_list)
        for number, in_list in _FORMS
        if (number == 1 or not is_single)
        and (in_list or not (draft.is_fixed(_SINGLE) or _uses_all_hyperparameters(config)))
        and not (in_list and draft.is_fixed(_LIST))
    ]
    return draft.choice(forms or [(1, False)])


def _uses_all_hyperparameters(config: Config | None) -> bool:
    """Check whether the ranges of the job leave none of the hyperparameters that a single definition may have."""
    if config is None:
        return False
    return count_ranges(config.parameter_ranges) + (not _has_max_resource(config)) >= MAX_HYPERPARAMETERS


def _needs_autotune(draft: Draft, fixed: Sequence[Definition]) -> bool:
    """Check whether the fixed members are valid with Autotune only."""
    ranges = [definition.hyper_parameter_ranges for definition in fixed]
    config: Config | None = draft[_CONFIG]
    if config is not None:
        ranges.append(config.parameter_ranges)
    has_auto_parameters = any(each is not None and each.auto_parameters for each in ranges)
    has_no_range = bool(fixed) and config is not None and not any(map(has_ranges, ranges))
    grid_jobs = _grid_jobs(config) if config is not None else None
    return has_auto_parameters or has_no_range or (grid_jobs is not None and factors(grid_jobs) is None)


def _grid_jobs(config: Config) -> int | None:
    """Return the number of training jobs of a grid over the ranges of the definitions; None for another search."""
    if config.strategy != "Grid" or has_ranges(config.parameter_ranges):
        return None
    return config.resource_limits.max_number_of_training_jobs


def _range_owner(draft: Draft, fixed: Sequence[Definition]) -> str:
    """Draw which part has the ranges: the job, its definitions, or neither, so that Autotune chooses them."""
    if draft[_CONFIG] is not None and has_ranges(draft[_CONFIG].parameter_ranges):
        return "job"
    if fixed:
        in_definitions = any(has_ranges(definition.hyper_parameter_ranges) for definition in fixed)
        single = draft[_SINGLE]
        if not in_definitions and single is not None and len(_static(single)) + 1 >= MAX_HYPERPARAMETERS:
            # a range would be one hyperparameter too many
            draft.require("autotune")
        return "definitions" if in_definitions or draft["autotune"] is not None else "job"
    without_autotune = draft.is_fixed("autotune") and draft["autotune"] is None
    owner = draft.choice(_RANGE_OWNERS[1:] if without_autotune else _RANGE_OWNERS)
    if owner == "Autotune":
        draft.require("autotune")
    return owner


def _draw_name(draft: Draft) -> None:
    """Draw a name that no parent has."""
    if draft.is_unset(_NAME):
        parents = draft[_WARM_START].parent_hyper_parameter_tuning_jobs if draft[_WARM_START] is not None else ()
        reserved = [parent.hyper_parameter_tuning_job_name or "" for parent in parents]
        name = draft.require(_NAME)
        draft.set(_NAME, distinct([name], draft.item_type(_NAME), reserved, ignore_case=True)[0])


def _draw_config(draft: Draft, fixed: Sequence[Definition], *, several: bool, in_list: bool, needs_range: bool) -> None:
    """Draw the configuration of the job, with what the fixed definitions lack."""
    static: set[str] = set() if in_list else {key for definition in fixed for key in _static(definition)}
    metrics: Sequence[str] = ()
    if fixed:
        needs_objective = not in_list and fixed[0].tuning_objective is None
        has_epochs = any(name in _static(definition) for definition in fixed for name in EPOCHS)
        metrics = [metric.name for metric in fixed[0].algorithm_specification.metric_definitions or ()]
    else:
        needs_objective, has_epochs = not in_list and draft.choice((True, False)), False
    draft.require(
        _CONFIG,
        several_definitions=several,
        needs_objective=needs_objective,
        metric=draft.choice(metrics) if metrics and not in_list else None,
        needs_range=needs_range,
        allows_autotune=draft["autotune"] is not None,
        has_numeric_ranges=any(map(_has_numeric_ranges, fixed)),
        reserved_names=frozenset(static),
        # one hyperparameter is added by SageMaker, and one may be needed for the epochs
        max_hyperparameters=MAX_HYPERPARAMETERS - 2 - len(static),
        needs_max_resource=not has_epochs and (bool(fixed) or draft.choice((True, False))),
    )


def _static(definition: Definition) -> Mapping[str, str]:
    return definition.static_hyper_parameters or {}


def _has_numeric_ranges(definition: Definition) -> bool:
    ranges = definition.hyper_parameter_ranges
    return ranges is not None and bool(ranges.continuous_parameter_ranges or ranges.integer_parameter_ranges)


def _definition_context(draft: Draft) -> dict[str, Any]:
    """Return what the configuration of the job requires of each definition."""
    config = draft[_CONFIG]
    return {
        "strategy": config.strategy,
        "grid_jobs": _grid_jobs(config),
        "needs_range": draft["autotune"] is None and not has_ranges(config.parameter_ranges),
        "allows_autotune": draft["autotune"] is not None,
        "needs_epochs": not _has_max_resource(config),
    }


def _draw_single(draft: Draft) -> None:
    """Draw the single definition, with what the job lacks."""
    config = draft[_CONFIG]
    objective, ranges = config.hyper_parameter_tuning_job_objective, config.parameter_ranges
    draft.require(
        _SINGLE,
        needs_objective=objective is None,
        metric=objective.metric_name if objective is not None else None,
        reserved_names=names_of(ranges),
        max_hyperparameters=MAX_HYPERPARAMETERS - 1 - count_ranges(ranges),
        **_definition_context(draft),
    )


def _draw_list(draft: Draft, count: int) -> None:
    """Draw definitions with different names, and no more environment variables in total than are allowed."""
    context = _definition_context(draft)
    drawn = [
        draft.item(_LIST, needs_objective=True, in_list=True, **context) for _ in range(min(count, _DRAWN_DEFINITIONS))
    ]
    definitions = list(repeat_distinct(drawn, count))
    allowed = MAX_VARIABLES
    for number, definition in enumerate(definitions):
        variables: Mapping[str, str] = definition.environment or {}
        if len(variables) > allowed:
            variables = dict(list(variables.items())[:allowed])
            definitions[number] = attrs.evolve(definition, environment=variables)
        allowed -= len(variables)
    draft.set(_LIST, tuple(definitions))


# --- the search ---


@draws("HyperbandStrategyConfig")
def hyperband(draft: Draft) -> None:
    """Draw a minimum resource that is at most the maximum resource."""
    low, high = "min_resource", "max_resource"
    minimum = draft[low] or 1
    if minimum > MAX_RESOURCE:
        draft.omit(high)
    elif draft.includes(high) or (draft.context.needs_max_resource and draft.is_unset(high)):
        draft.set(high, draft.integer(minimum, MAX_RESOURCE))
    if draft.includes(low):
        draft.set(low, draft.integer(1, draft[high] or _MAX_INTEGER))


@draws("HyperParameterTuningJobStrategyConfig")
def strategy_config(draft: Draft) -> None:
    """Draw the configuration of Hyperband if it is required."""
    if draft.context.needs_max_resource:
        draft.require("hyperband_strategy_config")


@draws("HyperParameterTuningJobObjective")
def objective(draft: Draft) -> None:
    """Set a metric that the algorithm emits."""
    if draft.context.metric is not None and draft.is_unset("metric_name"):
        draft.set("metric_name", draft.context.metric)


@draws("HyperParameterTuningJobConfig")
def config(draft: Draft) -> None:
    """Draw a strategy, then the members that depend on it, and the limits last."""
    context, objective, early_stopping = (
        draft.context,
        "hyper_parameter_tuning_job_objective",
        "training_job_early_stopping_type",
    )
    if context.strategy is not None and draft.is_unset("strategy"):
        draft.set("strategy", context.strategy)
    strategy = draft.choose("strategy", _strategies(draft), always=True)
    no_early_stopping = strategy == "Hyperband" or context.several_definitions
    draft.choose(early_stopping, ("Off",) if no_early_stopping else ("Off", "Auto"))
    if strategy != "Hyperband":
        draft.optional("strategy_config", {"hyperband_strategy_config": None}, needs_max_resource=False)
    elif context.needs_max_resource:
        draft.require("strategy_config")
    if context.needs_objective:
        draft.require(objective)
    draft.optional(objective)
    if context.needs_range or draft.includes("parameter_ranges"):
        _draw_ranges(draft, strategy)
    if draft.is_unset("resource_limits"):
        _draw_limits(draft, strategy)


def _strategies(draft: Draft) -> tuple[str, ...]:
    """Return the strategies that are compatible with the members that are set."""
    configured = draft["strategy_config"]
    if configured is not None and configured.hyperband_strategy_config is not None:
        return ("Hyperband",)
    allowed = {
        "Hyperband": draft["training_job_early_stopping_type"] != "Auto"
        and not (draft.context.needs_max_resource and draft.is_fixed("strategy_config")),
        "Grid": not draft.context.has_numeric_ranges and _allows_grid(draft["parameter_ranges"], _max_jobs(draft)),
    }
    return tuple(name for name in _STRATEGIES if allowed.get(name, True))


def _max_jobs(draft: Draft) -> int | None:
    limits = draft["resource_limits"]
    return limits.max_number_of_training_jobs if limits is not None else None


def _allows_grid(ranges: ParameterRanges | None, jobs: int | None) -> bool:
    """Check whether a grid over the ranges can have this number of training jobs."""
    if ranges is not None and (ranges.continuous_parameter_ranges or ranges.integer_parameter_ranges):
        return False
    if jobs is None:
        return True
    size = grid_size(ranges) if ranges is not None else None
    return size == jobs if size is not None else factors(jobs) is not None


def _draw_ranges(draft: Draft, strategy: str | None) -> None:
    """Draw ranges that the strategy allows, with enough combinations for the number of training jobs."""
    jobs, is_grid = _max_jobs(draft), strategy == "Grid"
    draft.require(
        "parameter_ranges",
        strategy=strategy,
        grid_jobs=jobs if is_grid else None,
        needs_continuous_range=jobs is not None and not is_grid,
        # one hyperparameter is added by SageMaker, and one may be needed for the epochs
        max_hyperparameters=min(draft.context.max_hyperparameters, MAX_HYPERPARAMETERS - 2),
    )


def _draw_limits(draft: Draft, strategy: str | None) -> None:
    """Draw limits with at most as many training jobs as there are combinations; a grid needs exactly as many."""
    ranges: ParameterRanges | None = draft["parameter_ranges"]
    name = "max_number_of_training_jobs"
    fixed: dict[str, Any] = {}
    if strategy == "Grid":
        most = grid_size(ranges) if ranges is not None else None
        fixed[name] = draft.choice((None, most)) if most is not None and most <= HIGHEST else None
    elif ranges is not None and (most := count_combinations(ranges)) is not None:
        fixed[name] = draft.choice((None, draft.integer(1, min(most, _MAX_INTEGER))))
    draft.require("resource_limits", fixed)


def _has_max_resource(config: Config) -> bool:
    """Check whether Hyperband has a maximum resource, or is not the strategy."""
    configured = config.strategy_config.hyperband_strategy_config if config.strategy_config is not None else None
    return config.strategy != "Hyperband" or (configured is not None and configured.max_resource is not None)


@draws("ParentHyperParameterTuningJob")
def parent(draft: Draft) -> None:
    """Draw the name, which the model does not require but the service does."""
    draft.require("hyper_parameter_tuning_job_name")


@draws("HyperParameterTuningJobWarmStartConfig")
def warm_start(draft: Draft) -> None:
    """Draw parents whose names differ when case is ignored."""
    name = "parent_hyper_parameter_tuning_jobs"
    if draft.is_unset(name):
        reserved = [draft.context.job_name] if draft.context.job_name else []
        parents = draft.items(name)
        draft.set(name, repeat_distinct(parents, len(parents), reserved, ignore_case=True))
