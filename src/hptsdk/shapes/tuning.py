"""The search of a tuning job: strategy, objective, limits, completion criteria and hyperparameter ranges."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.enums import (
    AutotuneMode,
    CompleteOnConvergence,
    HyperParameterScalingType,
    HyperParameterTuningJobObjectiveType,
    HyperParameterTuningJobStrategyType,
    TrainingJobEarlyStoppingType,
)
from hptsdk.rules import metrics, ranges, search, tuning
from hptsdk.scalars import (
    HyperbandStrategyMaxResource,
    HyperbandStrategyMinResource,
    HyperParameterTuningMaxRuntimeInSeconds,
    MaxNumberOfTrainingJobs,
    MaxNumberOfTrainingJobsNotImproving,
    MaxParallelTrainingJobs,
    MetricName,
    ParameterKey,
    ParameterValue,
    ParameterValues,
    RandomSeed,
)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperbandStrategyConfig(Shape):
    """The settings of the Hyperband strategy.

    A resource is a unit of training progress, usually an epoch. In a distributed training job, only one node may print
    the objective metric. Otherwise training jobs can be stopped too early.

    Example:
        HyperbandStrategyConfig(min_resource=1, max_resource=27)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperbandStrategyConfig.html
    """

    RULES = search.HYPERBAND_CONFIG

    min_resource: HyperbandStrategyMinResource | None = None
    """Number of resources, such as epochs, after which Hyperband can stop a training job."""
    max_resource: HyperbandStrategyMaxResource | None = None
    """Number of resources after which a training job ends. Defaults to a static hyperparameter such as `epochs`."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobStrategyConfig(Shape):
    """The settings of a search strategy.

    Example:
        HyperParameterTuningJobStrategyConfig(
            hyperband_strategy_config=HyperbandStrategyConfig(min_resource=1, max_resource=27)
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobStrategyConfig.html
    """

    hyperband_strategy_config: HyperbandStrategyConfig | None = None
    """Settings of Hyperband; not set for another strategy."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobObjective(Shape):
    """The metric by which training jobs are compared, and whether it is minimized or maximized.

    Example:
        HyperParameterTuningJobObjective(type="Minimize", metric_name="validation:rmse")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobObjective.html
    """

    RULES = metrics.OBJECTIVE

    type: HyperParameterTuningJobObjectiveType
    """Whether a lower or a higher value is better."""
    metric_name: MetricName
    """Name of the metric, as the algorithm defines it. It is case-sensitive."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ResourceLimits(Shape):
    """The limits of a tuning job: number of training jobs, and time.

    Example:
        ResourceLimits(max_number_of_training_jobs=50, max_parallel_training_jobs=5)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceLimits.html
    """

    RULES = tuning.RESOURCE_LIMITS

    max_number_of_training_jobs: MaxNumberOfTrainingJobs | None = None
    """Maximum number of training jobs. For the Grid strategy, defaults to the number of combinations."""
    max_parallel_training_jobs: MaxParallelTrainingJobs
    """Maximum number of training jobs that run at the same time."""
    max_runtime_in_seconds: HyperParameterTuningMaxRuntimeInSeconds | None = None
    """Maximum running time of the whole tuning job, in seconds. The job can run slightly longer."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BestObjectiveNotImproving(Shape):
    """A criterion that ends the tuning job when new training jobs no longer improve the best result.

    Example:
        BestObjectiveNotImproving(max_number_of_training_jobs_not_improving=10)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BestObjectiveNotImproving.html
    """

    max_number_of_training_jobs_not_improving: MaxNumberOfTrainingJobsNotImproving | None = None
    """Number of training jobs without an improvement of at least 1%, after which the tuning job ends."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ConvergenceDetected(Shape):
    """A criterion that ends the tuning job when the service detects that the search has converged.

    Converged means that improvements are at most 1%.

    Example:
        ConvergenceDetected(complete_on_convergence="Enabled")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ConvergenceDetected.html
    """

    complete_on_convergence: CompleteOnConvergence | None = None
    """Whether convergence ends the tuning job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TuningJobCompletionCriteria(Shape):
    """Conditions that end a tuning job before its resource limits do.

    The criteria can be combined; the first one that is satisfied ends the job.

    Example:
        TuningJobCompletionCriteria(
            target_objective_metric_value=0.95,
            best_objective_not_improving=BestObjectiveNotImproving(max_number_of_training_jobs_not_improving=10),
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TuningJobCompletionCriteria.html
    """

    target_objective_metric_value: float | None = None
    """Objective value that ends the tuning job once a training job reaches it."""
    best_objective_not_improving: BestObjectiveNotImproving | None = None
    """Ends the tuning job after too many training jobs without improvement."""
    convergence_detected: ConvergenceDetected | None = None
    """Ends the tuning job on convergence."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ContinuousParameterRange(Shape):
    """A range of floating-point values for one hyperparameter.

    Example:
        ContinuousParameterRange(name="eta", min_value="0.001", max_value="0.5", scaling_type="Logarithmic")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContinuousParameterRange.html
    """

    RULES = ranges.CONTINUOUS

    name: ParameterKey
    """Name of the hyperparameter."""
    min_value: ParameterValue
    """Smallest value, as decimal text."""
    max_value: ParameterValue
    """Largest value, as decimal text."""
    scaling_type: HyperParameterScalingType | None = None
    """Scaling of the search. Logarithmic requires values above 0, ReverseLogarithmic values from 0 to below 1."""


ContinuousParameterRanges = Annotated[Sequence[ContinuousParameterRange], Items(0, 30)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class IntegerParameterRange(Shape):
    """A range of whole numbers for one hyperparameter.

    Example:
        IntegerParameterRange(name="max_depth", min_value="3", max_value="10")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_IntegerParameterRange.html
    """

    RULES = ranges.INTEGER

    name: ParameterKey
    """Name of the hyperparameter."""
    min_value: ParameterValue
    """Smallest value, as decimal text."""
    max_value: ParameterValue
    """Largest value, as decimal text."""
    scaling_type: HyperParameterScalingType | None = None
    """Scaling of the search. Logarithmic requires values above 0; ReverseLogarithmic is not allowed for integers."""


IntegerParameterRanges = Annotated[Sequence[IntegerParameterRange], Items(0, 30)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CategoricalParameterRange(Shape):
    """A set of text values for one hyperparameter.

    Example:
        CategoricalParameterRange(name="optimizer", values=["adam", "sgd"])

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CategoricalParameterRange.html
    """

    RULES = ranges.CATEGORICAL

    name: ParameterKey
    """Name of the hyperparameter."""
    values: ParameterValues
    """Values of the hyperparameter, each once."""


CategoricalParameterRanges = Annotated[Sequence[CategoricalParameterRange], Items(0, 30)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AutoParameter(Shape):
    """A hyperparameter whose range Autotune chooses.

    Example:
        AutoParameter(name="learning_rate", value_hint="0.1")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoParameter.html
    """

    RULES = ranges.AUTO

    name: ParameterKey
    """Name of the hyperparameter."""
    value_hint: ParameterValue
    """Example of a value, as text, from which Autotune chooses the range."""


AutoParameters = Annotated[Sequence[AutoParameter], Items(0, 100)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ParameterRanges(Shape):
    """The hyperparameters that a tuning job searches, by the type of their ranges.

    It has at most 30 integer, continuous and categorical ranges together.

    Example:
        ParameterRanges(
            continuous_parameter_ranges=[ContinuousParameterRange(name="eta", min_value="0.01", max_value="0.3")],
            integer_parameter_ranges=[IntegerParameterRange(name="max_depth", min_value="3", max_value="10")],
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ParameterRanges.html
    """

    RULES = ranges.PARAMETER_RANGES

    integer_parameter_ranges: IntegerParameterRanges | None = None
    """Hyperparameters with whole-number values."""
    continuous_parameter_ranges: ContinuousParameterRanges | None = None
    """Hyperparameters with floating-point values."""
    categorical_parameter_ranges: CategoricalParameterRanges | None = None
    """Hyperparameters with a set of values; the only type of range that the Grid strategy allows."""
    auto_parameters: AutoParameters | None = None
    """Hyperparameters whose ranges Autotune chooses."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobConfig(Shape):
    """The configuration of a tuning job: its search, and the conditions that end it.

    If a tuning job has several training job definitions, each definition has its own objective and ranges.

    Example:
        HyperParameterTuningJobConfig(
            strategy="Bayesian",
            hyper_parameter_tuning_job_objective=HyperParameterTuningJobObjective(type="Maximize", metric_name="auc"),
            resource_limits=ResourceLimits(max_number_of_training_jobs=50, max_parallel_training_jobs=5),
            parameter_ranges=ParameterRanges(
                continuous_parameter_ranges=[ContinuousParameterRange(name="eta", min_value="0.01", max_value="0.3")]
            ),
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobConfig.html
    """

    RULES = (*search.JOB_CONFIG, *tuning.JOB_CONFIG)

    strategy: HyperParameterTuningJobStrategyType
    """Search strategy, which chooses the values of each training job."""
    strategy_config: HyperParameterTuningJobStrategyConfig | None = None
    """Settings of the strategy; only Hyperband has any."""
    hyper_parameter_tuning_job_objective: HyperParameterTuningJobObjective | None = None
    """Metric that ranks the training jobs; not set if each definition has its own."""
    resource_limits: ResourceLimits
    """Limits on the number of training jobs, in total and in parallel, and on the running time."""
    parameter_ranges: ParameterRanges | None = None
    """Hyperparameters to search; not set if each definition has its own."""
    training_job_early_stopping_type: TrainingJobEarlyStoppingType | None = None
    """Whether unpromising training jobs are stopped early. Defaults to Off, which Hyperband requires."""
    tuning_job_completion_criteria: TuningJobCompletionCriteria | None = None
    """Further conditions that end the tuning job early."""
    random_seed: RandomSeed | None = None
    """Seed of the search. With the same seed, the same tuning job tries the same or similar values."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Autotune(Shape):
    """Autotune, with which the service chooses settings of a tuning job.

    It can choose ranges, limits, strategy, early stopping, retries and completion on convergence.

    Example:
        Autotune(mode="Enabled")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Autotune.html
    """

    mode: AutotuneMode
    """Enables Autotune. To disable it, omit the whole structure."""
