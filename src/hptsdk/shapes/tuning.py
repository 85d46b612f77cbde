"""The search of a tuning job: strategy, objective, limits and completion criteria."""

import attrs

from hptsdk._validation import Shape
from hptsdk.enums import (
    AutotuneMode,
    CompleteOnConvergence,
    HyperParameterTuningJobObjectiveType,
    HyperParameterTuningJobStrategyType,
    TrainingJobEarlyStoppingType,
)
from hptsdk.rules import hyperband, metrics, tuning
from hptsdk.scalars import (
    HyperbandStrategyMaxResource,
    HyperbandStrategyMinResource,
    HyperParameterTuningMaxRuntimeInSeconds,
    MaxNumberOfTrainingJobs,
    MaxNumberOfTrainingJobsNotImproving,
    MaxParallelTrainingJobs,
    MetricName,
    RandomSeed,
)
from hptsdk.shapes.ranges import ParameterRanges


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperbandStrategyConfig(Shape):
    """Settings of the Hyperband strategy.

    Resources are units of training progress, usually epochs. Nodes of a distributed job must not all print the same
    metric, because jobs would be stopped too early.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperbandStrategyConfig.html
    """

    RULES = hyperband.STRATEGY_CONFIG

    min_resource: HyperbandStrategyMinResource | None = None
    """Resource units, such as epochs, that a training job gets before Hyperband may stop it."""
    max_resource: HyperbandStrategyMaxResource | None = None
    """Resource units after which a training job is stopped. Defaults to a static hyperparameter such as `epochs`."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobStrategyConfig(Shape):
    """Settings that belong to one search strategy.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobStrategyConfig.html
    """

    hyperband_strategy_config: HyperbandStrategyConfig | None = None
    """Settings for Hyperband; not set with any other strategy."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobObjective(Shape):
    """The metric by which training jobs are compared, and the direction in which it improves.

    Example:
        HyperParameterTuningJobObjective(type="Minimize", metric_name="validation:rmse")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobObjective.html
    """

    RULES = metrics.OBJECTIVE

    type: HyperParameterTuningJobObjectiveType
    """Direction in which the metric improves."""
    metric_name: MetricName
    """Metric to compare; must equal a name that the algorithm defines; case-sensitive."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ResourceLimits(Shape):
    """The limits of a tuning job: number of training jobs, and time.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceLimits.html
    """

    RULES = tuning.RESOURCE_LIMITS

    max_number_of_training_jobs: MaxNumberOfTrainingJobs | None = None
    """Maximum number of training jobs; if it is not set, the strategy Grid counts its combinations."""
    max_parallel_training_jobs: MaxParallelTrainingJobs
    """Maximum number of training jobs that run at the same time."""
    max_runtime_in_seconds: HyperParameterTuningMaxRuntimeInSeconds | None = None
    """Maximum time in seconds of the whole tuning job, not of one training job; it can be exceeded slightly."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BestObjectiveNotImproving(Shape):
    """A criterion that ends the tuning job when new training jobs no longer improve the best result.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BestObjectiveNotImproving.html
    """

    max_number_of_training_jobs_not_improving: MaxNumberOfTrainingJobsNotImproving | None = None
    """Number of training jobs without an improvement of at least 1% after which the tuning job ends."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ConvergenceDetected(Shape):
    """A criterion that ends the tuning job when the service detects that the search has converged.

    Converged means that an improvement of more than 1% has become unlikely.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ConvergenceDetected.html
    """

    complete_on_convergence: CompleteOnConvergence | None = None
    """Whether convergence ends the tuning job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TuningJobCompletionCriteria(Shape):
    """Conditions that end a tuning job before its resource limits do.

    The criteria can be combined; the first one that is satisfied ends the job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TuningJobCompletionCriteria.html
    """

    target_objective_metric_value: float | None = None
    """Objective value that ends the tuning job once a training job reaches it."""
    best_objective_not_improving: BestObjectiveNotImproving | None = None
    """Ends the tuning job after too many training jobs without improvement."""
    convergence_detected: ConvergenceDetected | None = None
    """Ends the tuning job on convergence."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobConfig(Shape):
    """The configuration of a tuning job: its search, and the conditions that end it.

    With several training job definitions, objective and ranges go into each definition instead.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobConfig.html
    """

    RULES = tuning.JOB_CONFIG

    strategy: HyperParameterTuningJobStrategyType
    """Strategy that chooses the next combinations of values."""
    strategy_config: HyperParameterTuningJobStrategyConfig | None = None
    """Settings of the strategy; only Hyperband has any."""
    hyper_parameter_tuning_job_objective: HyperParameterTuningJobObjective | None = None
    """Metric that ranks the training jobs; not set if each definition has its own."""
    resource_limits: ResourceLimits
    """Bounds on the number, parallelism and total time of training jobs."""
    parameter_ranges: ParameterRanges | None = None
    """Hyperparameters to search; not set if each definition has its own."""
    training_job_early_stopping_type: TrainingJobEarlyStoppingType | None = None
    """Whether unpromising training jobs are stopped early. Defaults to Off, which Hyperband requires."""
    tuning_job_completion_criteria: TuningJobCompletionCriteria | None = None
    """Further conditions that end the tuning job early."""
    random_seed: RandomSeed | None = None
    """Seed of the search; the same job with the same seed has more similar results."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Autotune(Shape):
    """The choice of settings of a tuning job by the service.

    It may choose ranges, limits, strategy, early stopping, retries and completion on convergence.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Autotune.html
    """

    mode: AutotuneMode
    """Enables Autotune. To disable it, omit the whole structure."""
