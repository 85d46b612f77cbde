"""The request that creates a tuning job, its warm start and its tags."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.enums import HyperParameterTuningJobWarmStartType
from hptsdk.rules import (
    algorithm_dependencies,
    algorithm_hyperparameters,
    algorithm_objectives,
    objectives,
    regions,
    request,
    search,
    training,
    tuning,
    warm_start,
)
from hptsdk.scalars import HyperParameterTuningJobName, TagKey, TagValue
from hptsdk.shapes.training import HyperParameterTrainingJobDefinition, HyperParameterTrainingJobDefinitions
from hptsdk.shapes.tuning import Autotune, HyperParameterTuningJobConfig


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Tag(Shape):
    """A key and value attached to an AWS resource.

    Example:
        Tag(key="team", value="forecasting")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html
    """

    RULES = request.TAG

    key: TagKey
    """Key of the tag. The tags of a resource have different keys."""
    value: TagValue
    """Value of the tag; may be empty."""


TagList = Annotated[Sequence[Tag], Items(0, 50)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ParentHyperParameterTuningJob(Shape):
    """An earlier tuning job whose results a new tuning job uses.

    It must have reached the status Completed, Stopped or Failed.

    Example:
        ParentHyperParameterTuningJob(hyper_parameter_tuning_job_name="first-search")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ParentHyperParameterTuningJob.html
    """

    RULES = warm_start.PARENT

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName | None = None
    """Name of the parent job."""


ParentHyperParameterTuningJobs = Annotated[Sequence[ParentHyperParameterTuningJob], Items(1, 5)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobWarmStartConfig(Shape):
    """The earlier tuning jobs whose results a tuning job uses, and the type of the warm start.

    The new job has the same objective metric as its parents, and the same hyperparameters: each can be tuned or static.
    The training jobs of the parents count towards the maximum of the new job, which is 500.

    Example:
        HyperParameterTuningJobWarmStartConfig(
            parent_hyper_parameter_tuning_jobs=[
                ParentHyperParameterTuningJob(hyper_parameter_tuning_job_name="first-search"),
            ],
            warm_start_type="TransferLearning",
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobWarmStartConfig.html
    """

    RULES = warm_start.WARM_START_CONFIG

    parent_hyper_parameter_tuning_jobs: ParentHyperParameterTuningJobs
    """Parent tuning jobs, none created before October 2018."""
    warm_start_type: HyperParameterTuningJobWarmStartType
    """Whether the data and the algorithm are those of the parents, or can differ."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CreateHyperParameterTuningJobRequest(Shape):
    """The request that creates a tuning job.

    Set `training_job_definition` to tune one algorithm, or `training_job_definitions` to tune several together. The
    names of the training jobs begin with the name of the tuning job. `hptsdk.tuning_job` builds a request step by
    step.

    Example:
        CreateHyperParameterTuningJobRequest(
            hyper_parameter_tuning_job_name="churn-2026-11",
            hyper_parameter_tuning_job_config=HyperParameterTuningJobConfig(
                strategy="Bayesian",
                hyper_parameter_tuning_job_objective=HyperParameterTuningJobObjective(
                    type="Maximize", metric_name="validation:auc"
                ),
                resource_limits=ResourceLimits(max_number_of_training_jobs=50, max_parallel_training_jobs=5),
                parameter_ranges=ParameterRanges(
                    continuous_parameter_ranges=[
                        ContinuousParameterRange(name="eta", min_value="0.01", max_value="0.3")
                    ]
                ),
            ),
            training_job_definition=HyperParameterTrainingJobDefinition(
                algorithm_specification=HyperParameterAlgorithmSpecification(
                    training_image="123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1",
                    training_input_mode="File",
                    metric_definitions=[MetricDefinition(name="validation:auc", regex="auc=([0-9.]+)")],
                ),
                role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
                output_data_config=OutputDataConfig(s3_output_path="s3://amzn-s3-demo-bucket/out/"),
                resource_config=ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
                stopping_condition=StoppingCondition(max_runtime_in_seconds=3600),
            ),
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
    """

    RULES = (
        *request.REQUEST,
        *objectives.REQUEST,
        *search.REQUEST,
        *tuning.REQUEST,
        *training.REQUEST,
        *algorithm_hyperparameters.REQUEST,
        *algorithm_dependencies.REQUEST,
        *algorithm_objectives.REQUEST,
        *warm_start.REQUEST,
        *request.TAGGED,
        *regions.REQUEST,
    )

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job, unique in the account and region without regard to case."""
    hyper_parameter_tuning_job_config: HyperParameterTuningJobConfig
    """Strategy, objective, ranges and limits of the search."""
    training_job_definition: HyperParameterTrainingJobDefinition | None = None
    """Definition of the training jobs; not set if `training_job_definitions` is set."""
    training_job_definitions: HyperParameterTrainingJobDefinitions | None = None
    """Definitions of several algorithms, each with its own name, objective and ranges."""
    warm_start_config: HyperParameterTuningJobWarmStartConfig | None = None
    """Earlier tuning jobs whose results the search uses. Defaults to none."""
    tags: TagList | None = None
    """Tags of the tuning job and of all training jobs that it launches."""
    autotune: Autotune | None = None
    """Lets the service choose ranges, limits and other members that are not set. Defaults to none."""
