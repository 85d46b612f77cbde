"""Rules of the search: its strategy, its limits and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, Quotas, advice, rule, shown
from hptsdk.rules.range_values import count_combinations, grid_size

if TYPE_CHECKING:
    from hptsdk._validation import Step
    from hptsdk.shapes import (
        HyperbandStrategyConfig,
        HyperParameterTuningJobConfig,
        ParameterRanges,
        ResourceLimits,
    )

_JOBS = ("resource_limits", "max_number_of_training_jobs")

MOST_RESOURCE = 20000
MOST_SEED = 2**31 - 1


@rule(
    "hyperband-resources-in-order",
    "C024",
    source="API_HyperbandStrategyConfig",
    basis="inferred",
    needs=("min_resource", "max_resource"),
)
def hyperband_resources_in_order(hyperband: HyperbandStrategyConfig) -> Breach | None:
    """Hyperband's smallest resource is no more than its largest."""
    low, high = hyperband.min_resource, hyperband.max_resource
    if low is None or high is None or low <= high:
        return None
    return Breach("max_resource", expected=f"at least {shown(low)}, the MinResource", got=shown(high), hint="raise it")


@rule("hyperband-at-most-20000-resource", "C025", source="API_HyperbandStrategyConfig", needs=("max_resource",))
def hyperband_at_most_20000_resource(hyperband: HyperbandStrategyConfig) -> Breach | None:
    """Hyperband gives a training job at most 20000 units of resource."""
    most = hyperband.max_resource
    if most is None or most <= MOST_RESOURCE:
        return None
    return Breach("max_resource", expected=f"at most {MOST_RESOURCE}", got=shown(most), hint="count in a larger unit")


@rule(
    "hyperband-needs-early-stopping-off",
    "C021",
    source="API_HyperParameterTuningJobConfig",
    needs=("training_job_early_stopping_type",),
)
def hyperband_needs_early_stopping_off(config: HyperParameterTuningJobConfig) -> Breach | None:
    """Hyperband stops training jobs by itself, so early stopping is off."""
    if config.training_job_early_stopping_type != "Auto" or config.strategy != "Hyperband":
        return None
    return Breach(
        "training_job_early_stopping_type",
        expected="Off with the strategy Hyperband",
        got="'Auto'",
        hint="leave it out, or choose another strategy",
    )


@rule(
    "hyperband-settings-need-hyperband",
    "C023",
    source="API_HyperParameterTuningJobConfig",
    needs=("strategy_config",),
)
def hyperband_settings_need_hyperband(config: HyperParameterTuningJobConfig) -> Breach | None:
    """Only the strategy Hyperband takes settings of Hyperband."""
    settings = config.strategy_config
    if settings is None or settings.hyperband_strategy_config is None or config.strategy == "Hyperband":
        return None
    return Breach(
        "strategy_config",
        "hyperband_strategy_config",
        expected=f"nothing with the strategy {shown(config.strategy)}",
        got="a HyperbandStrategyConfig",
        hint="leave StrategyConfig out, or choose Hyperband",
    )


def _size_of_grid(config: HyperParameterTuningJobConfig) -> int | None:
    """Count the training jobs of a grid over the ranges of the job; None of all else."""
    if config.strategy != "Grid" or config.parameter_ranges is None:
        return None
    return grid_size(config.parameter_ranges)


def numeric_ranges(ranges: ParameterRanges, path: tuple[Step, ...]) -> list[Breach]:
    """Refuse the lists of ranges that a grid can't take."""
    lists = ("continuous_parameter_ranges", "integer_parameter_ranges")
    found = [(name, len(getattr(ranges, name) or ())) for name in lists]
    return [
        Breach(
            *path,
            name,
            expected="only categorical ranges with the strategy Grid",
            got=f"{count} numeric {'range' if count == 1 else 'ranges'}",
            hint="list the values in a categorical range, or choose another strategy",
        )
        for name, count in found
        if count
    ]


@rule(
    "grid-takes-only-categories",
    "C026",
    "C027",
    source="dg/automatic-model-tuning-how-it-works",
    needs=("parameter_ranges",),
)
def grid_takes_only_categories(config: HyperParameterTuningJobConfig) -> list[Breach] | None:
    """The strategy Grid searches categorical ranges only."""
    if config.strategy != "Grid" or config.parameter_ranges is None:
        return None
    return numeric_ranges(config.parameter_ranges, ("parameter_ranges",)) or None


@rule(
    "grid-runs-each-combination-once",
    "C028",
    source="dg/automatic-model-tuning-how-it-works",
    needs=("parameter_ranges",),
)
def grid_runs_each_combination_once(config: HyperParameterTuningJobConfig) -> Breach | None:
    """The number of training jobs of a grid, where given, is that of its combinations."""
    jobs, size = config.resource_limits.max_number_of_training_jobs, _size_of_grid(config)
    if jobs is None or size is None or jobs == size:
        return None
    return Breach(
        *_JOBS,
        expected=f"{size}, the number of combinations",
        got=shown(jobs),
        hint="leave it out",
    )


@rule(
    "enough-combinations",
    "C034",
    source="aws/amazon-sagemaker-operator-for-k8s#123",
    basis="observed",
    needs=("parameter_ranges",),
)
def enough_combinations(config: HyperParameterTuningJobConfig) -> Breach | None:
    """Ranges without fractions have at least as many combinations as the job has training jobs."""
    jobs, ranges = config.resource_limits.max_number_of_training_jobs, config.parameter_ranges
    if jobs is None or ranges is None or ranges.continuous_parameter_ranges or config.strategy == "Grid":
        return None
    total = count_combinations(ranges)
    if total is None or total >= jobs:
        return None
    return Breach(
        "parameter_ranges",
        expected=f"at least {shown(jobs)} combinations, one for each training job",
        got=f"{total}",
        hint=f"widen the ranges, add one, or lower MaxNumberOfTrainingJobs to {total}",
    )


@advice("grid-within-quota", "C029", source="dg/automatic-model-tuning-limits", needs=("parameter_ranges",))
def grid_within_quota(config: HyperParameterTuningJobConfig, quotas: Quotas) -> Breach | None:
    """A grid has no more combinations than the account may run training jobs."""
    size = _size_of_grid(config)
    if size is None or size <= quotas.max_training_jobs:
        return None
    return Breach(
        "parameter_ranges",
        expected=f"at most {quotas.max_training_jobs} combinations",
        got=f"{size}",
        hint="try fewer values, or choose the strategy Random",
    )


@advice("training-jobs-within-quota", "C031", source="dg/automatic-model-tuning-limits")
def training_jobs_within_quota(config: HyperParameterTuningJobConfig, quotas: Quotas) -> Breach | None:
    """A tuning job has no more training jobs than the account's quota for its strategy."""
    jobs = config.resource_limits.max_number_of_training_jobs
    if jobs is None or _size_of_grid(config) is not None:
        return None
    is_random = config.strategy == "Random"
    most = quotas.max_random_training_jobs if is_random else quotas.max_training_jobs
    if jobs <= most:
        return None
    raising = "have AWS raise the quota, up to 10000" if is_random else "only the quota for Random can be raised"
    return Breach(
        *_JOBS,
        expected=f"at most {most} with the strategy {config.strategy}",
        got=shown(jobs),
        hint=f"lower it; {raising}",
    )


@advice("parallel-jobs-within-quota", "C032", source="dg/automatic-model-tuning-limits")
def parallel_jobs_within_quota(limits: ResourceLimits, quotas: Quotas) -> Breach | None:
    """No more training jobs run at a time than the account's quota."""
    parallel = limits.max_parallel_training_jobs
    if parallel <= quotas.max_parallel_jobs:
        return None
    return Breach(
        "max_parallel_training_jobs",
        expected=f"at most {quotas.max_parallel_jobs}",
        got=shown(parallel),
        hint="lower it, or have AWS raise the quota, up to 100",
    )


@advice(
    "no-more-parallel-than-all-jobs",
    "C033",
    source="dg/multiple-algorithm-hpo-create-tuning-jobs",
    basis="inferred",
    needs=("max_number_of_training_jobs",),
)
def no_more_parallel_than_all_jobs(limits: ResourceLimits) -> Breach | None:
    """No more training jobs run at a time than there are in all."""
    jobs, parallel = limits.max_number_of_training_jobs, limits.max_parallel_training_jobs
    if jobs is None or parallel <= jobs:
        return None
    return Breach(
        "max_parallel_training_jobs",
        expected=f"at most {shown(jobs)}, the MaxNumberOfTrainingJobs",
        got=shown(parallel),
        hint="lower it",
    )


@advice(
    "not-improving-criterion-can-fire",
    "C110",
    source="API_BestObjectiveNotImproving",
    basis="inferred",
    needs=("tuning_job_completion_criteria",),
)
def not_improving_criterion_can_fire(config: HyperParameterTuningJobConfig) -> Breach | None:
    """Fewer training jobs without improvement end the job than it has in all."""
    criteria, jobs = config.tuning_job_completion_criteria, config.resource_limits.max_number_of_training_jobs
    if criteria is None or criteria.best_objective_not_improving is None or jobs is None:
        return None
    patience = criteria.best_objective_not_improving.max_number_of_training_jobs_not_improving
    if patience is None or patience < jobs:
        return None
    return Breach(
        "tuning_job_completion_criteria",
        "best_objective_not_improving",
        "max_number_of_training_jobs_not_improving",
        expected=f"less than {shown(jobs)}, the MaxNumberOfTrainingJobs",
        got=shown(patience),
        hint="lower it, or leave the criterion out",
    )


@advice(
    "seed-fits-32-bits",
    "F076",
    source="API_HyperParameterTuningJobConfig",
    basis="inferred",
    needs=("random_seed",),
)
def seed_fits_32_bits(config: HyperParameterTuningJobConfig) -> Breach | None:
    """The seed is a 32-bit integer, as other SDKs hold it."""
    if config.random_seed is None or config.random_seed <= MOST_SEED:
        return None
    return Breach("random_seed", expected=f"at most {MOST_SEED}", got=shown(config.random_seed), hint="lower it")
