"""Rules of the configuration of a tuning job: its strategy, its limits and its completion criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, counted, format_value, rule
from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import count_combinations, grid_size, has_ranges

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hptsdk._validation import Part
    from hptsdk.advice import Quotas
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterTuningJobConfig,
        ParameterRanges,
        ResourceLimits,
    )

_MAX_SEED = 2**31 - 1

_MAX_JOBS = ("resource_limits", "max_number_of_training_jobs")


def _ranges_of_job(config: HyperParameterTuningJobConfig) -> Iterator[Part]:
    if config.strategy == "Grid" and config.parameter_ranges is not None:
        yield ("parameter_ranges",), (config.parameter_ranges,)


def _ranges_of_definitions(request: CreateHyperParameterTuningJobRequest) -> Iterator[Part]:
    if request.hyper_parameter_tuning_job_config.strategy == "Grid":
        for path, definition in definitions_of(request):
            if definition.hyper_parameter_ranges is not None:
                yield (*path, "hyper_parameter_ranges"), (definition.hyper_parameter_ranges,)


@rule(
    "grid-takes-only-categories",
    "C026",
    "C027",
    source="dg/automatic-model-tuning-how-it-works",
    needs=("parameter_ranges",),
)
def grid_takes_only_categories(ranges: ParameterRanges) -> list[Problem]:
    """The strategy Grid has only categorical ranges.

    A grid consists of listed values, and the service does not divide an interval into steps. AWS documents that
    only categorical ranges are supported.
    """
    lists = {
        "continuous_parameter_ranges": ranges.continuous_parameter_ranges,
        "integer_parameter_ranges": ranges.integer_parameter_ranges,
    }
    return [
        Problem(
            member,
            expected="only categorical ranges with the strategy Grid",
            got=counted(len(items), "numeric range"),
            hint="list the values in a categorical range, or use another strategy",
        )
        for member, items in lists.items()
        if items
    ]


def _limits_of_job(config: HyperParameterTuningJobConfig) -> Iterator[Part]:
    if config.strategy == "Grid":
        yield (), (config.resource_limits, [config.parameter_ranges])


def _limits_of_definitions(request: CreateHyperParameterTuningJobRequest) -> Iterator[Part]:
    config = request.hyper_parameter_tuning_job_config
    if config.strategy == "Grid" and not has_ranges(config.parameter_ranges):
        ranges = [definition.hyper_parameter_ranges for _, definition in definitions_of(request)]
        yield ("hyper_parameter_tuning_job_config",), (config.resource_limits, ranges)


@rule(
    "grid-runs-each-combination-once",
    "C028",
    source="dg/automatic-model-tuning-how-it-works",
    needs=("parameter_ranges",),
)
def grid_runs_each_combination_once(
    limits: ResourceLimits, searched: Sequence[ParameterRanges | None]
) -> Problem | None:
    """MaxNumberOfTrainingJobs of the strategy Grid, if set, is the number of combinations.

    AWS documents that the number should be that of the different combinations. If it is not set, the service
    computes it. With several definitions, the number may be that of one definition
    or of all together.

    Example:
        `Strategy` "Grid", one range of 3 values, `MaxNumberOfTrainingJobs` 2.
    """
    jobs = limits.max_number_of_training_jobs
    if jobs is None:
        return None
    sizes = [size for ranges in searched if (size := grid_size(ranges)) is not None]
    # it is not documented whether the number includes all definitions or each one has it
    if not sizes or len(sizes) < len(searched) or jobs in (sum(sizes), *sizes):
        return None
    return Problem(
        *_MAX_JOBS, expected=f"{sum(sizes)}, the number of combinations", got=format_value(jobs), hint="remove it"
    )


def _grid_size(config: HyperParameterTuningJobConfig) -> int | None:
    """Return the number of combinations of a grid over the ranges of the job; None for anything else."""
    return grid_size(config.parameter_ranges) if config.strategy == "Grid" else None


@advice("grid-within-quota", "C029", source="dg/automatic-model-tuning-limits", needs=("parameter_ranges",))
def grid_within_quota(config: HyperParameterTuningJobConfig, quotas: Quotas) -> Problem | None:
    """A grid of ParameterRanges has at most as many combinations as the quota of training jobs allows.

    AWS documents that the quota of training jobs also applies to a number that is computed from the ranges. The
    service rejects a grid above the quota of the account.

    Example:
        `Strategy` "Grid" with two categorical ranges of 28 values each, which are 784 combinations.
    """
    size = _grid_size(config)
    if size is None or size <= quotas.max_training_jobs:
        return None
    return Problem(
        "parameter_ranges",
        expected=f"at most {quotas.max_training_jobs} combinations, the quota of training jobs for each tuning job",
        got=f"{size}",
        hint="use fewer values, or the strategy Random with MaxNumberOfTrainingJobs",
    )


@rule(
    "enough-combinations",
    "C034",
    source="aws/amazon-sagemaker-operator-for-k8s#123",
    basis="observed",
    needs=("parameter_ranges",),
)
def enough_combinations(config: HyperParameterTuningJobConfig) -> Problem | None:
    """Integer and categorical ParameterRanges have at least as many combinations as the job has training jobs.

    The service rejects the request, because each training job needs a combination of its own. A continuous
    range has enough values for any number of training jobs. For Grid, see `grid-runs-each-combination-once`.

    Example:
        `Values` ["a", "b", "c"] as the only range, `MaxNumberOfTrainingJobs` 4.
    """
    jobs, ranges = config.resource_limits.max_number_of_training_jobs, config.parameter_ranges
    if jobs is None or ranges is None or ranges.continuous_parameter_ranges or config.strategy == "Grid":
        return None
    total = count_combinations(ranges)
    if total is None or total >= jobs:
        return None
    return Problem(
        "parameter_ranges",
        expected=f"at least {format_value(jobs)} combinations, one for each training job",
        got=f"{total}",
        hint=f"extend the ranges, add one, or reduce MaxNumberOfTrainingJobs to {total}",
    )


@advice("training-jobs-within-quota", "C031", source="dg/automatic-model-tuning-limits")
def training_jobs_within_quota(config: HyperParameterTuningJobConfig, quotas: Quotas) -> Problem | None:
    """A tuning job has at most as many training jobs as the quota for its strategy allows.

    The service rejects a request above the quota of the account. AWS documents 750 for each strategy, and that
    it increases the quota on request for Random only. Pass the quotas of your account to `advise` as `quotas`.

    Example:
        `Strategy` "Bayesian", `MaxNumberOfTrainingJobs` 751.
    """
    jobs = config.resource_limits.max_number_of_training_jobs
    if jobs is None or _grid_size(config) is not None:
        return None
    is_random = config.strategy == "Random"
    quota = quotas.max_random_training_jobs if is_random else quotas.max_training_jobs
    if jobs <= quota:
        return None
    increase = (
        "request an increase of the quota, up to 10000" if is_random else "use Random, whose quota can be increased"
    )
    return Problem(
        *_MAX_JOBS,
        expected=f"at most {quota} with the strategy {config.strategy}, the quota",
        got=format_value(jobs),
        hint=f"reduce it, or {increase}",
    )


@advice("parallel-jobs-within-quota", "C032", source="dg/automatic-model-tuning-limits")
def parallel_jobs_within_quota(limits: ResourceLimits, quotas: Quotas) -> Problem | None:
    """MaxParallelTrainingJobs is at most the quota of the account, by default 10.

    The service rejects a request above the quota. Pass the quotas of your account to `advise` as `quotas`. The
    quota of each instance type also limits the number.
    """
    parallel = limits.max_parallel_training_jobs
    if parallel <= quotas.max_parallel_jobs:
        return None
    return Problem(
        "max_parallel_training_jobs",
        expected=f"at most {quotas.max_parallel_jobs}, the quota",
        got=format_value(parallel),
        hint="reduce it, or request an increase of the quota, up to 100",
    )


@advice(
    "no-more-parallel-than-all-jobs",
    "C033",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    basis="inferred",
    needs=("max_number_of_training_jobs",),
)
def no_more_parallel_than_all_jobs(limits: ResourceLimits) -> Problem | None:
    """MaxParallelTrainingJobs is at most MaxNumberOfTrainingJobs.

    If the two are equal, all training jobs start at the same time, so a larger number changes nothing.

    Example:
        `MaxNumberOfTrainingJobs` 5, `MaxParallelTrainingJobs` 6.
    """
    jobs, parallel = limits.max_number_of_training_jobs, limits.max_parallel_training_jobs
    if jobs is None or parallel <= jobs:
        return None
    return Problem(
        "max_parallel_training_jobs",
        expected=f"at most {format_value(jobs)}, the MaxNumberOfTrainingJobs",
        got=format_value(parallel),
        hint="reduce it",
    )


@advice(
    "not-improving-criterion-can-fire",
    "C110",
    source="API_BestObjectiveNotImproving",
    basis="inferred",
    needs=("tuning_job_completion_criteria",),
)
def not_improving_criterion_can_fire(config: HyperParameterTuningJobConfig) -> Problem | None:
    """MaxNumberOfTrainingJobsNotImproving is less than MaxNumberOfTrainingJobs.

    The criterion ends the tuning job after this number of training jobs without a better result. If it is not
    less than the maximum, the tuning job ends before the criterion is satisfied. The service accepts the request.

    Example:
        `MaxNumberOfTrainingJobs` 10, `MaxNumberOfTrainingJobsNotImproving` 10.
    """
    criteria, jobs = config.tuning_job_completion_criteria, config.resource_limits.max_number_of_training_jobs
    if criteria is None or criteria.best_objective_not_improving is None or jobs is None:
        return None
    patience = criteria.best_objective_not_improving.max_number_of_training_jobs_not_improving
    if patience is None or patience < jobs:
        return None
    return Problem(
        "tuning_job_completion_criteria",
        "best_objective_not_improving",
        "max_number_of_training_jobs_not_improving",
        expected=f"less than {format_value(jobs)}, the MaxNumberOfTrainingJobs",
        got=format_value(patience),
        hint="reduce it, or remove the criterion",
    )


@advice(
    "seed-fits-32-bits", "F076", source="API_HyperParameterTuningJobConfig", basis="inferred", needs=("random_seed",)
)
def seed_fits_32_bits(config: HyperParameterTuningJobConfig) -> Problem | None:
    """RandomSeed is at most 2147483647, because other SDKs read it as a signed 32-bit integer.

    The API model has no maximum. It is not known whether the service accepts a larger value.

    Example:
        `RandomSeed` 2147483648.
    """
    if config.random_seed is None or config.random_seed <= _MAX_SEED:
        return None
    return Problem(
        "random_seed", expected=f"at most {_MAX_SEED}", got=format_value(config.random_seed), hint="reduce it"
    )


RESOURCE_LIMITS = (parallel_jobs_within_quota, no_more_parallel_than_all_jobs)
JOB_CONFIG = (
    grid_takes_only_categories.for_parts(_ranges_of_job),
    grid_runs_each_combination_once.for_parts(_limits_of_job),
    enough_combinations,
    grid_within_quota,
    training_jobs_within_quota,
    not_improving_criterion_can_fire,
    seed_fits_32_bits,
)
REQUEST = (
    grid_takes_only_categories.for_parts(_ranges_of_definitions),
    grid_runs_each_combination_once.for_parts(_limits_of_definitions),
)
