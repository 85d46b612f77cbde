"""Rules of a warm start that need its parents, as the service describes them.

They stand on no shape, since no constructor knows the parents; `TuningClient.check_warm_start` applies them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import RESERVED, Breach, Rule, rule, shown, with_article

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        DescribeHyperParameterTuningJobResponse as Parent,
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningJobObjective as Objective,
        ParameterRanges as Ranges,
        TrainingJobStatusCounters,
    )

__all__ = ["OF_ALL_PARENTS", "OF_EACH_PARENT", "PARENT_RULES", "parent_exists"]

_WARM_START = "dg/automatic-model-tuning-warm-start"
_DEFINITION = "training_job_definition"

_ENDED = ("Completed", "Stopped", "Failed")
_MOST_JOBS = 500
_MOST_CHANGES = 10

_KINDS = {
    "integer_parameter_ranges": "integer",
    "continuous_parameter_ranges": "continuous",
    "categorical_parameter_ranges": "categorical",
}


def _tuned(job: Request | Parent) -> dict[str, str]:
    """Give the hyperparameters that a job searches, each with the kind of its range."""
    definition: Definition | None = job.training_job_definition
    places: list[Ranges | None] = [
        job.hyper_parameter_tuning_job_config.parameter_ranges,
        definition.hyper_parameter_ranges if definition else None,
    ]
    return {
        item.name: kind
        for ranges in places
        if ranges
        for name, kind in _KINDS.items()
        for item in getattr(ranges, name) or ()
    }


def _static(job: Request | Parent) -> Mapping[str, str]:
    definition: Definition | None = job.training_job_definition
    static = (definition.static_hyper_parameters if definition else None) or {}
    return {name: value for name, value in static.items() if name != RESERVED}


def _objective(job: Request | Parent) -> Objective | None:
    definition: Definition | None = job.training_job_definition
    of_job = job.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    return of_job or (definition.tuning_objective if definition else None)


@rule("parent-exists", source=_WARM_START)
def parent_exists(name: str) -> Breach:
    """A parent is a tuning job of this account and region."""
    return Breach(expected="the name of a tuning job in this account and region", got=shown(name))


@rule("parent-has-ended", "C059", source=_WARM_START)
def parent_has_ended(request: Request, parent: Parent) -> Breach | None:  # noqa: ARG001 - all are called alike
    """A parent has completed, failed or been stopped."""
    status = parent.hyper_parameter_tuning_job_status
    if status in _ENDED:
        return None
    return Breach(expected="a parent that has ended", got=f"one that is {shown(status)}", hint="wait for it")


@rule("parent-has-the-same-hyperparameters", "C058", source="aws/amazon-sagemaker-examples#861", basis="observed")
def parent_has_the_same_hyperparameters(request: Request, parent: Parent) -> Breach | None:
    """Static and tuned hyperparameters together are the same as the parent's; each may be one or the other."""
    own, others = {*_tuned(request), *_static(request)}, {*_tuned(parent), *_static(parent)}
    if own == others or request.autotune:
        return None
    parts = [
        f"{word} {', '.join(sorted(map(shown, names)))}"
        for word, names in (("without", others - own), ("with also", own - others))
        if names
    ]
    return Breach(
        expected="the parent's set of static and tuned hyperparameters",
        got=f"one {' and '.join(parts)}",
        hint="a tuned one may become static, and a static one tuned",
    )


@rule("parent-has-the-same-objective", "C061", source=_WARM_START)
def parent_has_the_same_objective(request: Request, parent: Parent) -> Breach | None:
    """The objective is the parent's."""
    own, others = _objective(request), _objective(parent)
    if own is None or others is None or own == others:
        return None
    return Breach(
        expected=f"the parent's objective, {shown(others.type)} {shown(others.metric_name)}",
        got=f"{shown(own.type)} {shown(own.metric_name)}",
    )


@rule("parent-has-the-same-kinds-of-ranges", "C062", source=_WARM_START)
def parent_has_the_same_kinds_of_ranges(request: Request, parent: Parent) -> list[Breach] | None:
    """A hyperparameter that both jobs search has the same kind of range in both."""
    own, others = _tuned(request), _tuned(parent)
    return [
        Breach(
            expected=f"{with_article(others[name])} range for {shown(name)}, as the parent has",
            got=f"{with_article(kind)} one",
        )
        for name, kind in own.items()
        if others.get(name, kind) != kind
    ] or None


@rule("parent-has-nearly-the-same-static-values", "C063", source=_WARM_START)
def parent_has_nearly_the_same_static_values(request: Request, parent: Parent) -> Breach | None:
    """At most ten hyperparameters have become static or changed their static value."""
    static, tuned, before = _static(request), _tuned(parent), _static(parent)
    changed = [name for name, value in static.items() if name in tuned or before.get(name, value) != value]
    if len(changed) <= _MOST_CHANGES:
        return None
    return Breach(expected=f"at most {_MOST_CHANGES} such changes", got=f"{len(changed)}: {', '.join(sorted(changed))}")


@rule("identical-parent-has-the-same-definition", "C060", source="aws/sagemaker-python-sdk#3693", basis="observed")
def identical_parent_has_the_same_definition(request: Request, parent: Parent) -> Breach | None:
    """With IdenticalDataAndAlgorithm, environment, isolation, encryption and retries are the parent's."""
    own: Definition | None = request.training_job_definition
    others: Definition | None = parent.training_job_definition
    warm_start = request.warm_start_config
    if not (own and others and warm_start and warm_start.warm_start_type == "IdenticalDataAndAlgorithm"):
        return None
    differ = [
        name
        for name in ("enable_network_isolation", "enable_inter_container_traffic_encryption")
        if bool(getattr(own, name)) != bool(getattr(others, name))
    ]
    if (own.environment or {}) != (others.environment or {}):
        differ.append("environment")
    if own.retry_strategy and others.retry_strategy and own.retry_strategy != others.retry_strategy:
        differ.append("retry_strategy")
    if not differ:
        return None
    return Breach(
        expected="the parent's definition but for data, algorithm, resources and static values",
        got=f"another {', '.join(differ)}",
        hint="use TransferLearning",
    )


def _launched(counters: TrainingJobStatusCounters | None) -> int:
    names = ("completed", "in_progress", "non_retryable_error", "stopped")
    return sum(int(getattr(counters, name, None) or 0) for name in names)


@rule("parents-and-job-within-job-limit", "C064", source=_WARM_START)
def parents_and_job_within_job_limit(request: Request, parents: list[Parent]) -> Breach | None:
    """The training jobs of all parents and of the new job together are at most 500."""
    own = request.hyper_parameter_tuning_job_config.resource_limits.max_number_of_training_jobs or 0
    launched = sum(_launched(parent.training_job_status_counters) for parent in parents)
    if launched + own <= _MOST_JOBS:
        return None
    return Breach(
        expected=f"at most {_MOST_JOBS} training jobs in all", got=f"{launched} and {own}", hint="ask for fewer"
    )


OF_EACH_PARENT: tuple[Rule, ...] = (
    parent_has_ended,
    parent_has_the_same_hyperparameters,
    parent_has_the_same_objective,
    parent_has_the_same_kinds_of_ranges,
    parent_has_nearly_the_same_static_values,
    identical_parent_has_the_same_definition,
)
OF_ALL_PARENTS: tuple[Rule, ...] = (parents_and_job_within_job_limit,)
PARENT_RULES = (parent_exists, *OF_EACH_PARENT, *OF_ALL_PARENTS)
