"""Draw functions for the search: a strategy, the members, ranges and limits that it allows, and warm start parents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk._validation import HIGHEST
from hptsdk.rules.hyperband import MAX_RESOURCE
from hptsdk.rules.range_values import count_combinations, grid_size
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._algorithms import is_tunable_by_grid, metrics_of, names
from hptsdk.testing.strategies._draft import draws
from hptsdk.testing.strategies._keys import repeat_distinct
from hptsdk.testing.strategies._profile import CUSTOM
from hptsdk.testing.strategies._ranges import factors

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTuningJobConfig, ParameterRanges
    from hptsdk.testing.strategies._draft import Draft

_STRATEGIES = ("Bayesian", "Random", "Hyperband", "Grid")
_MAX_INTEGER = 2**31 - 1
_EARLY_STOPPING, _OBJECTIVE = "training_job_early_stopping_type", "hyper_parameter_tuning_job_objective"


@draws("HyperbandStrategyConfig")
def hyperband(draft: Draft) -> None:
    """Draw a minimum resource that is at most the maximum resource."""
    low, high = "min_resource", "max_resource"
    minimum = draft[low] or 1
    if not draft.extreme and draft.is_unset(high):
        draft.choose(high, [value for value in draft.values(high) if value >= minimum] or [MAX_RESOURCE])
    if minimum > MAX_RESOURCE:
        draft.omit(high)
    elif draft.includes(high) or (draft.context.needs_max_resource and draft.is_unset(high)):
        draft.set(high, draft.integer(minimum, MAX_RESOURCE))
    if draft.includes(low):
        draft.set(low, draft.number(low, 1, draft[high] or _MAX_INTEGER))


@draws("HyperParameterTuningJobStrategyConfig")
def strategy_config(draft: Draft) -> None:
    """Draw the configuration of Hyperband if it is required."""
    if draft.context.needs_max_resource:
        draft.require("hyperband_strategy_config")


@draws("HyperParameterTuningJobObjective")
def objective(draft: Draft) -> None:
    """Set a metric that the algorithm emits, and the type that fits it."""
    name = "metric_name"
    metrics = dict[str, str]() if draft.extreme else metrics_of(draft.context.algorithm or CUSTOM)
    if draft.context.metric is not None and draft.is_unset(name):
        draft.set(name, draft.context.metric)
    elif metrics and draft.is_unset(name):
        draft.set(name, draft.choice(tuple(metrics)))
    if draft[name] in metrics and draft.is_unset("type"):
        draft.set("type", metrics[draft[name]])


@draws("HyperParameterTuningJobConfig")
def config(draft: Draft) -> None:
    """Draw a strategy, then the members that depend on it, and the limits last."""
    context = draft.context
    if context.strategy is not None and draft.is_unset("strategy"):
        draft.set("strategy", context.strategy)
    strategy = draft.choose("strategy", _strategies(draft), always=True)
    no_early_stopping = strategy == "Hyperband" or context.several_definitions
    if draft.extreme or not no_early_stopping:
        draft.choose(_EARLY_STOPPING, ("Off",) if no_early_stopping else ("Off", "Auto"))
    draft.omit(_EARLY_STOPPING)
    if strategy != "Hyperband":
        draft.optional("strategy_config", {"hyperband_strategy_config": None}, needs_max_resource=False)
    elif context.needs_max_resource or not draft.extreme:
        draft.require("strategy_config")
    if context.needs_objective:
        draft.require(_OBJECTIVE)
    objective = draft.optional(_OBJECTIVE)
    if objective is not None:
        draft.context = context = context._replace(metric=objective.metric_name)
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
        "Hyperband": draft[_EARLY_STOPPING] != "Auto"
        and not (draft.context.needs_max_resource and draft.is_fixed("strategy_config")),
        "Grid": not draft.context.has_numeric_ranges
        and (draft.context.algorithm not in names() or is_tunable_by_grid(draft.context.algorithm))
        and _allows_grid(draft["parameter_ranges"], _max_jobs(draft)),
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
    most = None
    if strategy == "Grid":
        most = grid_size(ranges) if ranges is not None else None
        fixed[name] = draft.choice((None, most)) if most is not None and most <= HIGHEST else None
    elif ranges is not None and (most := count_combinations(ranges)) is not None and draft.extreme:
        fixed[name] = draft.choice((None, draft.integer(1, min(most, _MAX_INTEGER))))
    draft.require("resource_limits", fixed, max_jobs=_MAX_INTEGER if most is None else min(most, _MAX_INTEGER))


@draws("ResourceLimits")
def resource_limits(draft: Draft) -> None:
    """Draw at most as many training jobs as there are combinations, and no more of them at a time."""
    jobs, parallel = "max_number_of_training_jobs", "max_parallel_training_jobs"
    if draft.extreme:
        return
    if draft.includes(jobs):
        draft.set(jobs, draft.number(jobs, draft[parallel] or 1, draft.context.max_jobs))
    if draft.is_unset(parallel):
        draft.set(parallel, draft.number(parallel, 1, draft[jobs] or draft.context.max_jobs))


def has_max_resource(config: HyperParameterTuningJobConfig) -> bool:
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
