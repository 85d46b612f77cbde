"""Drawers of the search: a strategy with the settings, ranges and limits that it takes; parents of a warm start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk._validation import HIGHEST
from hptsdk.rules.range_values import count_combinations, grid_size
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.rules.tuning import MAX_RESOURCE
from hptsdk.testing.strategies._draft import drawer, spread
from hptsdk.testing.strategies._ranges import factors

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTuningJobConfig, ParameterRanges
    from hptsdk.testing.strategies._draft import Drawing

_STRATEGIES = ("Bayesian", "Random", "Hyperband", "Grid")
_JOBS = "max_number_of_training_jobs"
_MANY = 2**31 - 1


@drawer("HyperbandStrategyConfig")
def hyperband(drawing: Drawing) -> None:
    """Draw resources in order."""
    least = drawing["min_resource"] or 1
    if least > MAX_RESOURCE:
        drawing.leave_out("max_resource")
    elif drawing.wants("max_resource") or (drawing.setting.resource and drawing.is_open("max_resource")):
        drawing.put("max_resource", drawing.integer(least, MAX_RESOURCE))
    if drawing.wants("min_resource"):
        drawing.put("min_resource", drawing.integer(1, drawing["max_resource"] or _MANY))


@drawer("HyperParameterTuningJobStrategyConfig")
def strategy_config(drawing: Drawing) -> None:
    """Draw settings of Hyperband where they must be there."""
    if drawing.setting.resource:
        drawing.need("hyperband_strategy_config")


@drawer("HyperParameterTuningJobObjective")
def objective(drawing: Drawing) -> None:
    """Name the metric that the algorithm reports, where one is asked for."""
    if drawing.setting.metric is not None and drawing.is_open("metric_name"):
        drawing.put("metric_name", drawing.setting.metric)


@drawer("HyperParameterTuningJobConfig")
def config(drawing: Drawing) -> None:
    """Draw a strategy first, then what goes with it, and the limits last."""
    if drawing.setting.strategy is not None and drawing.is_open("strategy"):
        drawing.put("strategy", drawing.setting.strategy)
    strategy = drawing.pick("strategy", _strategies(drawing), always=True)
    stops = ("Off",) if strategy == "Hyperband" or drawing.setting.several else ("Off", "Auto")
    drawing.pick("training_job_early_stopping_type", stops)
    if strategy != "Hyperband":
        drawing.maybe("strategy_config", {"hyperband_strategy_config": None}, resource=False)
    elif drawing.setting.resource:
        drawing.need("strategy_config")
    if drawing.setting.objective:
        drawing.need("hyper_parameter_tuning_job_objective")
    _ranges(drawing, strategy)
    if drawing.is_open("resource_limits"):
        _limits(drawing, strategy)


def _strategies(drawing: Drawing) -> tuple[str, ...]:
    """Give the strategies that go with what is given."""
    settings, ranges = drawing["strategy_config"], drawing["parameter_ranges"]
    if settings is not None and settings.hyperband_strategy_config is not None:
        return ("Hyperband",)
    fits = {
        "Hyperband": drawing["training_job_early_stopping_type"] != "Auto"
        and not (drawing.setting.resource and drawing.is_given("strategy_config")),
        "Grid": not drawing.setting.numeric and _makes_a_grid(ranges, _jobs(drawing)),
    }
    return tuple(name for name in _STRATEGIES if fits.get(name, True))


def _jobs(drawing: Drawing) -> int | None:
    limits = drawing["resource_limits"]
    return limits.max_number_of_training_jobs if limits is not None else None


def _makes_a_grid(ranges: ParameterRanges | None, jobs: int | None) -> bool:
    """Tell whether a grid over ranges has a number of jobs, each where it is given."""
    if ranges is not None and (ranges.continuous_parameter_ranges or ranges.integer_parameter_ranges):
        return False
    if jobs is None:
        return True
    size = grid_size(ranges) if ranges is not None else None
    return size == jobs if size is not None else factors(jobs) is not None


def _ranges(drawing: Drawing, strategy: str | None) -> None:
    """Draw ranges that the strategy takes, with combinations enough for a number of jobs that is given."""
    jobs, setting = _jobs(drawing), drawing.setting
    grid = jobs if strategy == "Grid" else None
    if setting.searches or drawing.wants("parameter_ranges"):
        # one is that of AMT, and one may be needed for epochs
        room = min(setting.room, MAX_HYPERPARAMETERS - 2)
        real = jobs is not None and strategy != "Grid"
        drawing.need("parameter_ranges", strategy=strategy, jobs=grid, real=real, room=room)


def _limits(drawing: Drawing, strategy: str | None) -> None:
    """Draw limits: a grid runs each combination once, another search no more jobs than there are combinations."""
    ranges: ParameterRanges | None = drawing["parameter_ranges"]
    given: dict[str, Any] = {}
    if strategy == "Grid":
        size = grid_size(ranges) if ranges is not None else None
        given[_JOBS] = drawing.choice((None, size)) if size is not None and size <= HIGHEST else None
    elif ranges is not None and (most := count_combinations(ranges)) is not None:
        given[_JOBS] = drawing.choice((None, drawing.integer(1, min(most, _MANY))))
    drawing.need("resource_limits", given)


def has_largest_resource(config: HyperParameterTuningJobConfig) -> bool:
    """Tell whether Hyperband needs no more to know its largest resource."""
    settings = config.strategy_config
    inner = settings.hyperband_strategy_config if settings is not None else None
    return config.strategy != "Hyperband" or (inner is not None and inner.max_resource is not None)


@drawer("ParentHyperParameterTuningJob")
def parent(drawing: Drawing) -> None:
    """Draw the name that each parent has."""
    drawing.need("hyper_parameter_tuning_job_name")


@drawer("HyperParameterTuningJobWarmStartConfig")
def warm_start(drawing: Drawing) -> None:
    """Draw parents whose names differ, case ignored."""
    name = "parent_hyper_parameter_tuning_jobs"
    if drawing.is_open(name):
        taken = [drawing.setting.name] if drawing.setting.name else []
        found = drawing.items(name)
        drawing.put(name, spread(found, len(found), taken, ignoring_case=True))
