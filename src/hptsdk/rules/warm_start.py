"""Rules of a warm start.

Those of `PARENT_RULES` compare a request with the descriptions of its parents, which a constructor does not have. No
shape has these rules: `TuningClient.check_warm_start` applies them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import RESERVED, Problem, Rule, format_value, rule, wire_name, with_article
from hptsdk.rules import duplicates
from hptsdk.rules.range_values import ranges_by_member

if TYPE_CHECKING:
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        DescribeHyperParameterTuningJobResponse as Parent,
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningJobObjective as Objective,
        HyperParameterTuningJobWarmStartConfig,
        ParameterRanges as Ranges,
        ParentHyperParameterTuningJob,
        TrainingJobStatusCounters,
    )

_WARM_START = "dg/automatic-model-tuning-warm-start"

_ENDED = ("Completed", "Stopped", "Failed")
_MAX_JOBS = 500
_MAX_CHANGES = 10


@rule("parent-has-a-name", "F136", source="API_ParentHyperParameterTuningJob", basis="inferred")
def parent_has_a_name(parent: ParentHyperParameterTuningJob) -> Problem | None:
    """A parent has the name of a tuning job.

    The name is the only member, and it is optional in the API model. Without it the structure refers to no tuning
    job.
    """
    if parent.hyper_parameter_tuning_job_name is not None:
        return None
    return Problem(
        "hyper_parameter_tuning_job_name", expected="the name of a tuning job", got="nothing", hint="set the name"
    )


@rule("parents-differ", "C054", source="API_HyperParameterTuningJobWarmStartConfig", basis="inferred")
def parents_differ(warm_start: HyperParameterTuningJobWarmStartConfig) -> list[Problem] | None:
    """The names of the parents differ by more than upper and lower case.

    A parent that occurs twice adds no results; the SageMaker Python SDK keeps parents in a set. Names of tuning
    jobs are not case-sensitive.

    Example:
        Two parents with the names "first" and "First".
    """
    names = [parent.hyper_parameter_tuning_job_name for parent in warm_start.parent_hyper_parameter_tuning_jobs]
    return duplicates(
        names,
        "parent_hyper_parameter_tuning_jobs",
        "hyper_parameter_tuning_job_name",
        hint="remove this parent",
        ignore_case=True,
    )


@rule("no-parent-of-itself", "C053", source=_WARM_START, basis="inferred", needs=("warm_start_config",))
def no_parent_of_itself(request: Request) -> list[Problem] | None:
    """The name of a parent differs from that of the new tuning job by more than upper and lower case.

    The new job does not exist yet when the service reads its parents, or another job with its name exists, which
    the service rejects as a duplicate. Either way the request fails.

    Example:
        `HyperParameterTuningJobName` "second" in the request and in one of its parents.
    """
    if request.warm_start_config is None:
        return None
    own = request.hyper_parameter_tuning_job_name.lower()
    return [
        Problem(
            "warm_start_config",
            "parent_hyper_parameter_tuning_jobs",
            index,
            "hyper_parameter_tuning_job_name",
            expected="the name of another tuning job",
            got=format_value(parent.hyper_parameter_tuning_job_name),
            hint="use another name for the new tuning job",
        )
        for index, parent in enumerate(request.warm_start_config.parent_hyper_parameter_tuning_jobs)
        if (parent.hyper_parameter_tuning_job_name or "").lower() == own
    ]


def _definition(job: Request | Parent) -> Definition | None:
    """Return the single definition of a job, which may be in a list; None if there are several."""
    definitions = job.training_job_definitions or ()
    return definitions[0] if len(definitions) == 1 else job.training_job_definition


def _tuned(job: Request | Parent) -> dict[str, str]:
    """Return the hyperparameters of a job that have a range, each with the type of the range."""
    definition = _definition(job)
    places: list[Ranges | None] = [
        job.hyper_parameter_tuning_job_config.parameter_ranges,
        definition.hyper_parameter_ranges if definition else None,
    ]
    return {
        item.name: member.partition("_")[0]  # the type in a name such as "integer_parameter_ranges"
        for ranges in places
        if ranges
        for member, _, item in ranges_by_member(ranges)
    }


def _static(job: Request | Parent) -> dict[str, str]:
    definition = _definition(job)
    static = (definition.static_hyper_parameters if definition else None) or {}
    return {name: value for name, value in static.items() if name != RESERVED}


def _objective(job: Request | Parent) -> Objective | None:
    definition = _definition(job)
    of_job = job.hyper_parameter_tuning_job_config.hyper_parameter_tuning_job_objective
    return of_job or (definition.tuning_objective if definition else None)


@rule("parent-exists", source=_WARM_START)
def parent_exists(name: str) -> Problem:
    """A parent is a tuning job of the same account and region.

    `TuningClient.check_warm_start` reports a parent that the service does not find. The service would reject the
    request. Parents of another region, and those created before October 2018, cannot be used.
    """
    return Problem(
        expected="the name of a tuning job in this account and region",
        got=format_value(name),
        hint="check the name and the region",
    )


@rule("parent-has-ended", "C059", source=_WARM_START)
def parent_has_ended(_request: Request, parent: Parent) -> Problem | None:
    """The status of a parent is Completed, Stopped or Failed.

    AWS documents that all parents must have a final status, because the new job reads the results of all their
    training jobs. SageMaker rejects a parent that is still in progress.
    """
    status = parent.hyper_parameter_tuning_job_status
    if status in _ENDED:
        return None
    return Problem(
        expected="the status Completed, Stopped or Failed",
        got=format_value(status),
        hint="wait until it ends, or use another parent",
    )


@rule("parent-has-the-same-hyperparameters", "C058", source="aws/amazon-sagemaker-examples#861", basis="observed")
def parent_has_the_same_hyperparameters(request: Request, parent: Parent) -> Problem | None:
    """Without Autotune, the hyperparameters are those of the parent; each may change between static and tuned.

    The service rejects other hyperparameters. With Autotune it adds hyperparameters itself.

    Example:
        The parent tunes "eta" and has the static "epochs"; the request tunes "eta" only.
    """
    own, others = {*_tuned(request), *_static(request)}, {*_tuned(parent), *_static(parent)}
    if own == others or request.autotune:
        return None
    differences = [
        f"{word} {', '.join(sorted(map(format_value, names)))}"
        for word, names in (("without", others - own), ("with the additional", own - others))
        if names
    ]
    return Problem(
        expected="the static and tuned hyperparameters of the parent",
        got=f"hyperparameters {' and '.join(differences)}",
        hint="add or remove hyperparameters; you can make a tuned one static, and a static one tuned",
    )


@rule("parent-has-the-same-objective", "C061", source=_WARM_START)
def parent_has_the_same_objective(request: Request, parent: Parent) -> Problem | None:
    """The metric and the type of the objective are those of the parent.

    Results of different metrics, or of the same metric with another direction, cannot be compared. AWS
    documents that the objective metric must be that of all parents.

    Example:
        `MetricName` "loss" in the parent and "error" in the request.
    """
    own, others = _objective(request), _objective(parent)
    if own is None or others is None or own == others:
        return None
    return Problem(
        expected=f"the objective of the parent, {format_value(others.type)} {format_value(others.metric_name)}",
        got=f"{format_value(own.type)} {format_value(own.metric_name)}",
        hint="use the objective of the parent",
    )


@rule("parent-has-the-same-kinds-of-ranges", "C062", source=_WARM_START)
def parent_has_the_same_kinds_of_ranges(request: Request, parent: Parent) -> list[Problem] | None:
    """A hyperparameter that both jobs tune has the same type of range in both.

    AWS documents that the type of a hyperparameter must not change between jobs. Bounds and values of a range
    may change.

    Example:
        The parent has "depth" in `IntegerParameterRanges`, the request in `ContinuousParameterRanges`.
    """
    own, others = _tuned(request), _tuned(parent)
    return [
        Problem(
            expected=f"{with_article(others[name])} range for {format_value(name)}, as in the parent",
            got=f"{with_article(range_type)} range",
            hint="use the type of the parent",
        )
        for name, range_type in own.items()
        if others.get(name, range_type) != range_type
    ]


@rule("parent-has-nearly-the-same-static-values", "C063", source=_WARM_START)
def parent_has_nearly_the_same_static_values(request: Request, parent: Parent) -> Problem | None:
    """At most ten hyperparameters of a parent become static or change their static value.

    AWS documents this maximum for the changes against all parents. A hyperparameter counts if it was tuned and
    is now static, or if its static value is another one. Each parent is compared separately.

    Example:
        Eleven items of `StaticHyperParameters` with other values than in the parent.
    """
    static, tuned, before = _static(request), _tuned(parent), _static(parent)
    changed = [name for name, value in static.items() if name in tuned or before.get(name, value) != value]
    if len(changed) <= _MAX_CHANGES:
        return None
    return Problem(
        expected=f"at most {_MAX_CHANGES} hyperparameters with a new static value",
        got=f"{len(changed)}: {', '.join(sorted(changed))}",
        hint="use more values of the parent",
    )


@rule("identical-parent-has-the-same-definition", "C060", source="aws/sagemaker-python-sdk#3693", basis="observed")
def identical_parent_has_the_same_definition(request: Request, parent: Parent) -> Problem | None:
    """With IdenticalDataAndAlgorithm, environment, network isolation, traffic encryption and retries are the parent's.

    The service rejects another Environment, EnableNetworkIsolation or EnableInterContainerTrafficEncryption, and
    another RetryStrategy. A RetryStrategy that only one of the two definitions has is not compared.

    Example:
        `WarmStartType` "IdenticalDataAndAlgorithm", `Environment` {"A": "2"}; the parent has {"A": "1"}.
    """
    own, others = _definition(request), _definition(parent)
    warm_start = request.warm_start_config
    if not (own and others and warm_start and warm_start.warm_start_type == "IdenticalDataAndAlgorithm"):
        return None
    differences = [
        name
        for name in ("enable_network_isolation", "enable_inter_container_traffic_encryption")
        if bool(getattr(own, name)) != bool(getattr(others, name))
    ]
    if (own.environment or {}) != (others.environment or {}):
        differences.append("environment")
    if own.retry_strategy and others.retry_strategy and own.retry_strategy != others.retry_strategy:
        differences.append("retry_strategy")
    if not differences:
        return None
    return Problem(
        expected="the values of the parent with IdenticalDataAndAlgorithm",
        got=f"another {', '.join(map(wire_name, differences))}",
        hint="use the values of the parent, or set WarmStartType to TransferLearning",
    )


def _launched(counters: TrainingJobStatusCounters | None) -> int:
    names = ("completed", "in_progress", "non_retryable_error", "stopped")
    return sum(int(getattr(counters, name, None) or 0) for name in names)


@rule("parents-and-job-within-job-limit", "C064", source=_WARM_START)
def parents_and_job_within_job_limit(request: Request, parents: list[Parent]) -> Problem | None:
    """The parents and the new tuning job have at most 500 training jobs together.

    AWS documents that the training jobs of all parents count toward the maximum of the new job. Training jobs
    that failed and can be retried do not count here.

    Example:
        Parents with 450 training jobs in total, `MaxNumberOfTrainingJobs` 51.
    """
    own = request.hyper_parameter_tuning_job_config.resource_limits.max_number_of_training_jobs or 0
    launched = sum(_launched(parent.training_job_status_counters) for parent in parents)
    if launched + own <= _MAX_JOBS:
        return None
    return Problem(
        expected=f"at most {_MAX_JOBS} training jobs in total",
        got=f"{launched} of the parents and {own} of the new job",
        hint="reduce MaxNumberOfTrainingJobs, or use fewer parents",
    )


OF_EACH_PARENT = (
    parent_has_ended,
    parent_has_the_same_hyperparameters,
    parent_has_the_same_objective,
    parent_has_the_same_kinds_of_ranges,
    parent_has_nearly_the_same_static_values,
    identical_parent_has_the_same_definition,
)
OF_ALL_PARENTS = (parents_and_job_within_job_limit,)
PARENT_RULES: tuple[Rule, ...] = (parent_exists, *OF_EACH_PARENT, *OF_ALL_PARENTS)


PARENT = (parent_has_a_name,)
WARM_START_CONFIG = (parents_differ,)
REQUEST = (no_parent_of_itself,)
