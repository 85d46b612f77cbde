"""Drawers of the whole request and of tags: what its parts ask of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from hptsdk.rules.range_values import count_ranges, has_ranges
from hptsdk.rules.request import EPOCHS, MAX_VARIABLES
from hptsdk.rules.training import MAX_HYPERPARAMETERS
from hptsdk.testing.strategies._draft import drawer, spread
from hptsdk.testing.strategies._ranges import factors
from hptsdk.testing.strategies._texts import distinct
from hptsdk.testing.strategies._training import names_of
from hptsdk.testing.strategies._tuning import has_largest_resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.shapes import (
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningJobConfig as Config,
    )
    from hptsdk.testing.strategies._draft import Drawing

_NAME, _CONFIG = "hyper_parameter_tuning_job_name", "hyper_parameter_tuning_job_config"
_ONE, _LIST, _WARM = "training_job_definition", "training_job_definitions", "warm_start_config"

# Numbers of definitions, each with whether they stand in a list; one is likelier than several, and faster.
_FORMS = (*[(1, False)] * 5, (1, True), (2, True), (2, True), (3, True), (10, True))

_SPACES = ("Autotune", "job", "job", "definitions", "definitions")

# So many definitions are drawn; more are the same under other names.
_FRESH = 2


@drawer("AddTagsInput")
def tags(drawing: Drawing) -> None:
    """Draw tags whose keys differ."""
    if drawing.wants("tags"):
        drawing.put("tags", drawing.items("tags"))


@drawer("CreateHyperParameterTuningJobRequest")
def request(drawing: Drawing) -> None:
    """Draw the tags and the number of definitions, then the search, the definitions, and what may stand beside them."""
    # before the rest, so that they stay as they are while the rest shrinks
    tags(drawing)
    given: list[Any] = [drawing[_ONE]] if drawing[_ONE] is not None else list(drawing[_LIST] or ())
    count, in_list = (len(given), drawing[_ONE] is None) if given else _forms(drawing)
    _autotune(drawing, given)
    space = _space(drawing, given)
    drawing.maybe("autotune")
    _name(drawing)
    _search(drawing, given, several=count > 1, in_list=in_list, ranged=space == "job")
    if not given and in_list:
        _several(drawing, count)
    elif not given:
        _single(drawing)
    drawing.leave_out(_ONE, _LIST)
    if count > 1:
        drawing.leave_out(_WARM)
    drawing.maybe(_WARM, name=drawing[_NAME])


def _forms(drawing: Drawing) -> tuple[int, bool]:
    """Choose a number of definitions, and whether they stand in a list."""
    asked, config = drawing.setting.definitions, drawing[_CONFIG]
    if asked is not None:
        return asked, asked > 1 or drawing.is_given(_ONE)
    lone = drawing[_WARM] is not None or (config is not None and config.training_job_early_stopping_type == "Auto")
    forms = [form for form in _FORMS if form[0] == 1 or not lone]
    forms = [form for form in forms if form[1] or not (drawing.is_given(_ONE) or _fills(config))]
    forms = [form for form in forms if not form[1] or not drawing.is_given(_LIST)]
    return drawing.choice(forms or [(1, False)])


def _fills(config: Config | None) -> bool:
    """Tell whether the ranges of a job leave no room beside them, which counts for a definition that stands alone."""
    if config is None:
        return False
    return count_ranges(config.parameter_ranges) + (not has_largest_resource(config)) >= MAX_HYPERPARAMETERS


def _autotune(drawing: Drawing, given: Sequence[Definition]) -> None:
    """Put Autotune in, which must be there where hyperparameters are left to it."""
    ranges = [item.hyper_parameter_ranges for item in given]
    if drawing[_CONFIG] is not None:
        ranges.append(drawing[_CONFIG].parameter_ranges)
    all_given = bool(given) and drawing[_CONFIG] is not None
    left = any(item is not None and item.auto_parameters for item in ranges)
    if left or (all_given and not any(map(has_ranges, ranges))) or _is_odd_grid(drawing[_CONFIG]):
        drawing.need("autotune")


def _is_odd_grid(config: Config | None) -> bool:
    """Tell whether no ranges have as many combinations as a grid has jobs."""
    jobs = _grid(config) if config is not None else None
    return jobs is not None and factors(jobs) is None


def _grid(config: Config) -> int | None:
    """Give the number of jobs of a grid whose definitions have the ranges."""
    if config.strategy != "Grid" or has_ranges(config.parameter_ranges):
        return None
    return config.resource_limits.max_number_of_training_jobs


def _space(drawing: Drawing, given: Sequence[Definition]) -> str:
    """Choose who has the ranges: nobody, which leaves it to Autotune, the job, or its definitions."""
    if drawing[_CONFIG] is not None and has_ranges(drawing[_CONFIG].parameter_ranges):
        return "job"
    if given:
        ranged = any(has_ranges(item.hyper_parameter_ranges) for item in given)
        if not ranged and drawing[_ONE] is not None and len(_static(drawing[_ONE])) + 1 >= MAX_HYPERPARAMETERS:
            # there is no room for a range
            drawing.need("autotune")
        return "definitions" if ranged or drawing["autotune"] is not None else "job"
    barred = drawing.is_given("autotune") and drawing["autotune"] is None
    space = drawing.choice(_SPACES[1:] if barred else _SPACES)
    if space == "Autotune":
        drawing.need("autotune")
    return space


def _name(drawing: Drawing) -> None:
    """Draw a name that no parent has."""
    if drawing.is_open(_NAME):
        parents = drawing[_WARM].parent_hyper_parameter_tuning_jobs if drawing[_WARM] is not None else ()
        taken = [parent.hyper_parameter_tuning_job_name or "" for parent in parents]
        name = drawing.need(_NAME)
        drawing.put(_NAME, distinct([name], drawing.type_of(_NAME), taken, ignoring_case=True)[0])


def _search(drawing: Drawing, given: Sequence[Definition], *, several: bool, in_list: bool, ranged: bool) -> None:
    """Draw how the job searches, with what the definitions lack that are given."""
    if not drawing.is_open(_CONFIG):
        return
    static: set[str] = set() if in_list else {key for item in given for key in _static(item)}
    if given:
        objective = not in_list and given[0].tuning_objective is None
        told = any(name in _static(item) for item in given for name in EPOCHS)
    else:
        objective, told = not in_list and drawing.choice((True, False)), False
    drawing.need(
        _CONFIG,
        several=several,
        objective=objective,
        metric=_metric_of(drawing, given[0]) if given and not in_list else None,
        searches=ranged,
        autotune=drawing["autotune"] is not None,
        numeric=any(_is_numeric(item) for item in given),
        taken=frozenset(static),
        # one is that of AMT, and one may be needed for epochs
        room=MAX_HYPERPARAMETERS - 2 - len(static),
        resource=not told and (bool(given) or drawing.choice((True, False))),
    )


def _static(item: Definition) -> Mapping[str, str]:
    return item.static_hyper_parameters or {}


def _metric_of(drawing: Drawing, item: Definition) -> str | None:
    """Choose a metric that the algorithm of a definition reports, where it defines any."""
    names = [found.name for found in item.algorithm_specification.metric_definitions or ()]
    return drawing.choice(names) if names else None


def _is_numeric(item: Definition) -> bool:
    ranges = item.hyper_parameter_ranges
    return ranges is not None and bool(ranges.continuous_parameter_ranges or ranges.integer_parameter_ranges)


def _asked(drawing: Drawing) -> dict[str, Any]:
    """Say what any definition has to bring."""
    config = drawing[_CONFIG]
    return {
        "strategy": config.strategy,
        "jobs": _grid(config),
        "searches": drawing["autotune"] is None and not has_ranges(config.parameter_ranges),
        "autotune": drawing["autotune"] is not None,
        "epochs": not has_largest_resource(config),
    }


def _single(drawing: Drawing) -> None:
    """Draw the one definition beside the objective and the ranges of the job."""
    config = drawing[_CONFIG]
    objective, ranges = config.hyper_parameter_tuning_job_objective, config.parameter_ranges
    drawing.need(
        _ONE,
        objective=objective is None,
        metric=objective.metric_name if objective is not None else None,
        taken=names_of(ranges),
        room=MAX_HYPERPARAMETERS - 1 - count_ranges(ranges),
        **_asked(drawing),
    )


def _several(drawing: Drawing, count: int) -> None:
    """Draw a list of definitions of different names, with variables enough for all together."""
    asked = _asked(drawing)
    fresh = [drawing.item(_LIST, objective=True, in_list=True, **asked) for _ in range(min(count, _FRESH))]
    found = list(spread(fresh, count))
    room = MAX_VARIABLES
    for index, item in enumerate(found):
        environment: Mapping[str, str] = item.environment or {}
        variables: dict[str, str] = dict(list(environment.items())[:room])
        if len(variables) < len(environment):
            found[index] = attrs.evolve(item, environment=variables)
        room -= len(variables)
    drawing.put(_LIST, tuple(found))
