"""How a tuning job searches: strategy, objective, limits and completion criteria."""

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
    metric, or jobs may be stopped too early.

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
    """Settings for Hyperband; leave out with any other strategy."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobObjective(Shape):
    """The metric by which training jobs are compared, and which way is better.

    Example:
        HyperParameterTuningJobObjective(type="Minimize", metric_name="validation:rmse")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobObjective.html
    """

    RULES = metrics.OBJECTIVE

    type: HyperParameterTuningJobObjectiveType
    """Direction in which the metric improves."""
    metric_name: MetricName
    """Metric to compare; must equal, letter for letter, a name that the algorithm defines."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ResourceLimits(Shape):
    """How many training jobs a tuning job may launch, and how long it may take.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceLimits.html
    """

    RULES = tuning.RESOURCE_LIMITS

    max_number_of_training_jobs: MaxNumberOfTrainingJobs | None = None
    """Most training jobs in total; the Grid strategy counts its combinations when absent."""
    max_parallel_training_jobs: MaxParallelTrainingJobs
    """Most training jobs that run at the same time."""
    max_runtime_in_seconds: HyperParameterTuningMaxRuntimeInSeconds | None = None
    """Longest time in seconds for the whole tuning job, not for one training job; may be slightly overshot."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BestObjectiveNotImproving(Shape):
    """Ends the tuning job when new training jobs no longer beat the best one.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BestObjectiveNotImproving.html
    """

    max_number_of_training_jobs_not_improving: MaxNumberOfTrainingJobsNotImproving | None = None
    """Training jobs that may fail to improve the objective by at least 1% before tuning ends."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ConvergenceDetected(Shape):
    """Ends the tuning job when the service judges that the search has converged.

    Converged means that an improvement of more than 1% has become unlikely.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ConvergenceDetected.html
    """

    complete_on_convergence: CompleteOnConvergence | None = None
    """Whether convergence ends the tuning job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TuningJobCompletionCriteria(Shape):
    """Conditions that end a tuning job before its resource limits do.

    The criteria combine freely; the first one met ends the job.

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
    """How a tuning job searches and when it ends.

    With several training job definitions, objective and ranges go into each definition instead.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobConfig.html
    """

    RULES = tuning.JOB_CONFIG

    strategy: HyperParameterTuningJobStrategyType
    """How the next combinations of values are picked."""
    strategy_config: HyperParameterTuningJobStrategyConfig | None = None
    """Settings of the strategy; only Hyperband has any."""
    hyper_parameter_tuning_job_objective: HyperParameterTuningJobObjective | None = None
    """Metric that ranks the training jobs; absent if each definition has its own."""
    resource_limits: ResourceLimits
    """Bounds on the number, parallelism and total time of training jobs."""
    parameter_ranges: ParameterRanges | None = None
    """Hyperparameters to search; absent if each definition has its own."""
    training_job_early_stopping_type: TrainingJobEarlyStoppingType | None = None
    """Whether unpromising training jobs are cut short; absent means they are not, as Hyperband requires."""
    tuning_job_completion_criteria: TuningJobCompletionCriteria | None = None
    """Further conditions that end the tuning job early."""
    random_seed: RandomSeed | None = None
    """Seed of the search; the same seed on the same job makes a rerun more alike."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Autotune(Shape):
    """Lets the service choose settings of a tuning job.

    It may choose ranges, limits, strategy, early stopping, retries and completion on convergence.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Autotune.html
    """

    mode: AutotuneMode
    """Turns the feature on; to leave it off, leave out the whole structure."""
