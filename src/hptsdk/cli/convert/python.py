"""A request as the builder code that makes it.

What the builders' methods say exactly is said with them, and the rest with `with_` and ready shapes. A definition
that `hptsdk.training` cannot begin without values made up for it (one without a longest runtime, say) is written as a
shape; a request that `hptsdk.tuning_job` cannot begin is one shape as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.cli.convert import Document
from hptsdk.cli.convert._definitions import definition_code, ranges_code
from hptsdk.cli.convert._expressions import present, shape_code, with_members
from hptsdk.cli.convert._layout import Call, Chain, Name, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterTuningJobConfig,
        HyperParameterTuningJobObjective,
        TuningJobCompletionCriteria,
    )

__all__ = ["convert"]


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Write the code of a request: a module that leaves it in the variable `request`.

    All its values are in the code, secrets too.

    Args:
        request: a checked request.

    Returns:
        Python code that needs nothing but hptsdk.
    """
    statements = ["import hptsdk\n", *_statements(request)]
    return Document("\n".join(statements))


def _statements(request: CreateHyperParameterTuningJobRequest) -> Iterator[str]:
    objective = _objective(request)
    single, several = request.training_job_definition, request.training_job_definitions
    if single is not None and several is None and objective is not None:
        yield _assigned("training", definition_code(single))
        yield _assigned("request", _job(request, Name("training"), {objective.type.lower(): objective.metric_name}))
    elif several is not None and single is None:
        names = [f"training_{number}" for number in range(1, len(several) + 1)]
        for name, definition in zip(names, several, strict=True):
            yield _assigned(name, definition_code(definition, among_several=True))
        yield _assigned("request", _job(request, [Name(name) for name in names], {}))
    else:
        yield _assigned("request", shape_code(request))


def _assigned(name: str, value: object) -> str:
    start = f"{name} = "
    return f"{start}{laid_out(value, before=len(start))}\n"


def _objective(request: CreateHyperParameterTuningJobRequest) -> HyperParameterTuningJobObjective | None:
    """Give the objective with which a job of one definition begins: its own, or else that of the definition."""
    of_job = request.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    definition = request.training_job_definition
    return of_job or (definition.tuning_objective if definition is not None else None)


def _job(request: CreateHyperParameterTuningJobRequest, training: object, objective: dict[str, object]) -> Chain:
    config = request.hyper_parameter_tuning_job_config
    limits = config.resource_limits
    named = {
        "max_jobs": limits.max_number_of_training_jobs,
        "max_parallel_jobs": limits.max_parallel_training_jobs,
    }
    plain = (request.hyper_parameter_tuning_job_name, training)
    first = Call("hptsdk.tuning_job", plain, objective | {k: v for k, v in named.items() if v is not None})
    return Chain(
        first,
        [
            *_with_objective(config, begun=bool(objective)),
            *ranges_code(config.parameter_ranges, "parameter_ranges"),
            *_search(config),
            *_ends(config),
            *_rest(request),
            Call(".build"),
        ],
    )


def _with_objective(config: HyperParameterTuningJobConfig, *, begun: bool) -> Iterator[Call]:
    """Take the objective out where it is only the definition's, and put one in where definitions have theirs too."""
    name, objective = "hyper_parameter_tuning_job_objective", config.hyper_parameter_tuning_job_objective
    if begun and objective is None:
        yield with_members(**{name: None})
    elif not begun and objective is not None:
        yield with_members(**{name: objective})


def _search(config: HyperParameterTuningJobConfig) -> Iterator[Call]:
    """Write how it searches."""
    seed = {} if config.random_seed is None else {"random_seed": config.random_seed}
    resources = config.strategy_config and config.strategy_config.hyperband_strategy_config
    limits = dict(present(resources)) if resources else {}
    is_plain = config.strategy_config is None
    match config.strategy:
        case "Bayesian" | "Random" if is_plain:
            if seed or config.strategy == "Random":
                yield Call(f".{config.strategy.lower()}", (), seed)
        case "Grid" if is_plain and not seed:
            yield Call(".grid")
        case "Hyperband" if len(limits) == 2:  # noqa: PLR2004 - the smallest and the largest
            yield Call(".hyperband", (), {**limits, **seed})
        case strategy:
            members = {"strategy": strategy, "strategy_config": config.strategy_config, **seed}
            yield with_members(**{name: value for name, value in members.items() if value is not None})
    if config.training_job_early_stopping_type == "Auto":
        yield Call(".early_stopping")
    elif config.training_job_early_stopping_type is not None:
        yield with_members(training_job_early_stopping_type=config.training_job_early_stopping_type)


def _ends(config: HyperParameterTuningJobConfig) -> Iterator[Call]:
    """Write what ends it before all its training jobs have run."""
    criteria = config.tuning_job_completion_criteria
    if criteria is not None:
        calls = _criteria(criteria)
        yield from calls or [with_members(tuning_job_completion_criteria=criteria)]
    if config.resource_limits.max_runtime_in_seconds is not None:
        yield Call(".max_runtime", (config.resource_limits.max_runtime_in_seconds,))


def _criteria(criteria: TuningJobCompletionCriteria) -> list[Call] | None:
    """Write the criteria as methods, where all of them have one."""
    calls: list[Call] = []
    improving, convergence = criteria.best_objective_not_improving, criteria.convergence_detected
    if criteria.target_objective_metric_value is not None:
        calls.append(Call(".stop_at", (criteria.target_objective_metric_value,)))
    if improving is not None:
        if improving.max_number_of_training_jobs_not_improving is None:
            return None
        calls.append(Call(".stop_when_not_improving", (improving.max_number_of_training_jobs_not_improving,)))
    if convergence is not None:
        if convergence.complete_on_convergence != "Enabled":
            return None
        calls.append(Call(".stop_on_convergence"))
    return calls


def _rest(request: CreateHyperParameterTuningJobRequest) -> Iterator[Call]:
    warm = request.warm_start_config
    if warm is not None:
        names = [parent.hyper_parameter_tuning_job_name for parent in warm.parent_hyper_parameter_tuning_jobs]
        yield Call(".warm_start", names, {"kind": warm.warm_start_type})
    if request.autotune is not None:
        yield Call(".autotune")
    if request.tags is not None:
        yield from [Call(".tag", (tag.key, tag.value)) for tag in request.tags] or [Call(".tags", ({},))]
