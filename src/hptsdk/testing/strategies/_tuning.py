"""Drawers of the search: a strategy with the settings, ranges and limits that it takes; parents of a warm start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk.rules._parts import combinations, grid_size
from hptsdk.rules.tuning import MOST_RESOURCE
from hptsdk.shapes._check import HIGHEST
from hptsdk.testing.strategies._drawing import drawer, spread

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTuningJobConfig, ParameterRanges
    from hptsdk.testing.strategies._drawing import Drawing

_STRATEGIES = ("Bayesian", "Random", "Hyperband", "Grid")
_JOBS = "max_number_of_training_jobs"
_MANY = 2**31 - 1

# Values that a categorical range has at most.
_VALUES = 30


@drawer("HyperbandStrategyConfig")
def hyperband(drawing: Drawing) -> None:
    """Draw resources in order."""
    least = drawing["min_resource"] or 1
    if least > MOST_RESOURCE:
        drawing.leave_out("max_resource")
    elif drawing.wants("max_resource") or (drawing.setting.resource and drawing.is_open("max_resource")):
        drawing.put("max_resource", drawing.integer(least, MOST_RESOURCE))
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
    numeric = ranges is not None and bool(ranges.continuous_parameter_ranges or ranges.integer_parameter_ranges)
    fits = {
        "Hyperband": drawing["training_job_early_stopping_type"] != "Auto"
        and not (drawing.setting.resource and drawing.is_given("strategy_config")),
        "Grid": not drawing.setting.numeric and not numeric,
    }
    return tuple(name for name in _STRATEGIES if fits.get(name, True))


def _ranges(drawing: Drawing, strategy: str | None) -> None:
    """Draw ranges that the strategy takes, with combinations enough for a number of jobs that is given."""
    limits = drawing["resource_limits"]
    jobs = limits.max_number_of_training_jobs if limits is not None else None
    asked: dict[str, Any] = {"strategy": strategy, "real": jobs is not None and strategy != "Grid"}
    if drawing.setting.searches or drawing.wants("parameter_ranges"):
        drawing.need("parameter_ranges", _grid_of(drawing, jobs) if jobs and strategy == "Grid" else None, **asked)


def _grid_of(drawing: Drawing, jobs: int) -> dict[str, Any]:
    """Make categorical ranges of so many combinations, if there are any such."""
    sizes: list[int] = []
    for size in range(_VALUES, 1, -1):
        while jobs % size == 0:
            sizes.append(size)
            jobs //= size
    if jobs != 1:
        return {}
    ranges = [(f"n{index}", [str(value) for value in range(size)]) for index, size in enumerate(sizes or [1])]
    made = [_categorical(name, values) for name, values in ranges]
    return {"categorical_parameter_ranges": spread(made, len(made), drawing.setting.taken)}


def _categorical(name: str, values: list[str]) -> object:
    from hptsdk.shapes import CategoricalParameterRange  # noqa: PLC0415 - shapes load when they are asked for

    return CategoricalParameterRange(name=name, values=values)


def _limits(drawing: Drawing, strategy: str | None) -> None:
    """Draw limits: a grid runs each combination once, another search no more jobs than there are combinations."""
    ranges: ParameterRanges | None = drawing["parameter_ranges"]
    given: dict[str, Any] = {}
    if strategy == "Grid":
        size = grid_size(ranges) if ranges is not None else None
        given[_JOBS] = drawing.choice((None, size)) if size is not None and size <= HIGHEST else None
    elif ranges is not None and (most := combinations(ranges)) is not None:
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
