"""Draw functions for the request and for tags: what its parts require of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from hptsdk.rules.hyperband import EPOCHS
from hptsdk.rules.range_values import count_ranges, has_ranges
from hptsdk.rules.request import MAX_VARIABLES
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._algorithms import regions_with
from hptsdk.testing.strategies._draft import draws
from hptsdk.testing.strategies._keys import repeat_distinct
from hptsdk.testing.strategies._profile import CUSTOM, DEFINITION_FORMS, REGIONS
from hptsdk.testing.strategies._ranges import factors
from hptsdk.testing.strategies._shares import Shares
from hptsdk.testing.strategies._specification import algorithm_of_definition, draw_algorithm
from hptsdk.testing.strategies._texts import distinct
from hptsdk.testing.strategies._training import names_of
from hptsdk.testing.strategies._tuning import has_max_resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.shapes import (
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningJobConfig as Config,
    )
    from hptsdk.testing.strategies._draft import Draft

_NAME, _CONFIG = "hyper_parameter_tuning_job_name", "hyper_parameter_tuning_job_config"
_OBJECTIVE = "hyper_parameter_tuning_job_objective"
_SINGLE, _LIST, _WARM_START = "training_job_definition", "training_job_definitions", "warm_start_config"

# Numbers of definitions, each with whether they are in the list; one definition is most frequent, because it is fast.
_FORMS = (*[(1, False)] * 9, (1, True), (2, True), (2, True), (3, True), (10, True))

_PLAUSIBLE_FORMS, _REGIONS = Shares.of(DEFINITION_FORMS), Shares.of(REGIONS)

# The part of the request that has the ranges.
_RANGE_OWNERS = ("Autotune", "job", "job", "definitions", "definitions")

# The definitions that are drawn; others repeat them with other names.
_DRAWN_DEFINITIONS = 2


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
    if not draft.extreme:
        _draw_region_and_algorithm(draft, fixed, in_list=in_list)
    if _needs_autotune(draft, fixed):
        draft.require("autotune")
    owner = _range_owner(draft, fixed, in_list=in_list)
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
    if not draft.extreme and draft[_CONFIG].strategy == "Grid":
        # a grid does not use the results of its parents
        draft.omit(_WARM_START)
    draft.optional(_WARM_START, job_name=draft[_NAME])


def _draw_region_and_algorithm(draft: Draft, fixed: Sequence[Definition], *, in_list: bool) -> None:
    """Draw the region, and the algorithm of a single definition, on which the search depends."""
    algorithm = draft.context.algorithm
    if fixed:
        algorithm = algorithm_of_definition(fixed[0])
    elif algorithm is None and not in_list:
        algorithm = CUSTOM if draft[_CONFIG] is not None else draw_algorithm(draft)
    region = draft.weighted(_REGIONS, regions_with(algorithm))
    draft.context = draft.context._replace(region=region, algorithm=algorithm)


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
        for number, in_list in (_FORMS if draft.extreme else DEFINITION_FORMS)
        if (number == 1 or not is_single)
        and (in_list or not (draft.is_fixed(_SINGLE) or _uses_all_hyperparameters(config)))
        and not (in_list and draft.is_fixed(_LIST))
    ]
    if draft.extreme or not forms:
        return draft.choice(forms or [(1, False)])
    form: tuple[int, bool] = draft.weighted(_PLAUSIBLE_FORMS, forms)
    return form


def _uses_all_hyperparameters(config: Config | None) -> bool:
    """Check whether the ranges of the job leave none of the hyperparameters that a single definition may have."""
    if config is None:
        return False
    return count_ranges(config.parameter_ranges) + (not has_max_resource(config)) >= MAX_HYPERPARAMETERS


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


def _range_owner(draft: Draft, fixed: Sequence[Definition], *, in_list: bool) -> str:
    """Draw which part has the ranges: the job, its definitions, or neither, so that Autotune chooses them."""
    if draft[_CONFIG] is not None and has_ranges(draft[_CONFIG].parameter_ranges):
        return "job"
    if fixed:
        in_definitions = any(has_ranges(definition.hyper_parameter_ranges) for definition in fixed)
        if (
            not in_definitions
            and draft[_SINGLE] is not None
            and len(_static(draft[_SINGLE])) + 1 >= MAX_HYPERPARAMETERS
        ):
            # a range would be one hyperparameter too many
            draft.require("autotune")
        return "definitions" if in_definitions or draft["autotune"] is not None else "job"
    if not draft.extreme:
        return "definitions" if in_list else "job"
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
        needs_objective, has_epochs = not in_list and (not draft.extreme or draft.choice((True, False))), False
    omitted = [] if draft.extreme else [_OBJECTIVE] if in_list else []
    if not (draft.extreme or needs_range):
        omitted.append("parameter_ranges")
    draft.require(
        _CONFIG,
        dict.fromkeys(omitted),
        several_definitions=several,
        needs_objective=needs_objective,
        metric=draft.choice(metrics) if metrics and not in_list else None,
        needs_range=needs_range,
        allows_autotune=draft["autotune"] is not None,
        has_numeric_ranges=any(map(_has_numeric_ranges, fixed)),
        reserved_names=frozenset(static),
        # one hyperparameter is added by SageMaker, and one may be needed for the epochs
        max_hyperparameters=MAX_HYPERPARAMETERS - 2 - len(static),
        needs_max_resource=not has_epochs and (bool(fixed) or not draft.extreme or draft.choice((True, False))),
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
        "needs_epochs": not has_max_resource(config),
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
    for index, definition in enumerate(definitions):
        variables: Mapping[str, str] = definition.environment or {}
        if len(variables) > allowed:
            variables = dict(list(variables.items())[:allowed])
            definitions[index] = attrs.evolve(definition, environment=variables)
        allowed -= len(variables)
    draft.set(_LIST, tuple(definitions))
