"""Definitions of the training jobs that a tuning job launches, with their limits, output and network."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.enums import OutputCompressionType, TrainingInputMode
from hptsdk.rules import (
    algorithm_channels,
    algorithm_dependencies,
    algorithm_hyperparameters,
    algorithms,
    channels,
    data_sources,
    images,
    instance_preferences,
    instances,
    metrics,
    objectives,
    regions,
    runtime,
    training,
)
from hptsdk.scalars import (
    AlgorithmImage,
    ArnOrName,
    DirectoryPath,
    HyperParameters,
    HyperParameterTrainingJobDefinitionName,
    HyperParameterTrainingJobEnvironmentMap,
    KmsKeyId,
    MaximumRetryAttempts,
    MaxPendingTimeInSeconds,
    MaxRuntimeInSeconds,
    MaxWaitTimeInSeconds,
    MetricName,
    MetricRegex,
    RoleArn,
    S3Uri,
    Subnets,
    VpcSecurityGroupIds,
)
from hptsdk.shapes.channels import InputDataConfig
from hptsdk.shapes.compute import HyperParameterTuningResourceConfig, ResourceConfig
from hptsdk.shapes.tuning import HyperParameterTuningJobObjective, ParameterRanges


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MetricDefinition(Shape):
    """A metric that is read from the training log by a regular expression.

    Example:
        MetricDefinition(name="validation:rmse", regex="rmse=([0-9.]+)")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricDefinition.html
    """

    RULES = metrics.DEFINITION

    name: MetricName
    """Name of the metric, to which an objective refers."""
    regex: MetricRegex
    """Regular expression that is searched in the training log. Its first group is the value of the metric."""


MetricDefinitionList = Annotated[Sequence[MetricDefinition], Items(0, 40)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterAlgorithmSpecification(Shape):
    """The algorithm that training jobs run, and the metrics that it reports.

    Set either `training_image` or `algorithm_name`.

    Example:
        HyperParameterAlgorithmSpecification(
            training_image="123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1",
            training_input_mode="File",
            metric_definitions=[MetricDefinition(name="validation:rmse", regex="rmse=([0-9.]+)")],
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterAlgorithmSpecification.html
    """

    RULES = (*algorithms.SPECIFICATION, *images.SPECIFICATION, *metrics.SPECIFICATION)

    training_image: AlgorithmImage | None = None
    """Registry path of the algorithm's Docker image, by tag or digest; not set if `algorithm_name` is set."""
    training_input_mode: TrainingInputMode
    """Input mode of the training data."""
    algorithm_name: ArnOrName | None = None
    """Name or ARN of an algorithm resource, used in place of `training_image`."""
    metric_definitions: MetricDefinitionList | None = None
    """Metrics of a custom image, including the objective; not set for built-in and Marketplace algorithms."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StoppingCondition(Shape):
    """Time limits of a training job.

    At a limit the algorithm receives SIGTERM and has 120 seconds to save its model. With retries, the limits apply to
    all attempts together.

    Example:
        StoppingCondition(max_runtime_in_seconds=3600)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html
    """

    RULES = runtime.STOPPING_CONDITION

    max_runtime_in_seconds: MaxRuntimeInSeconds | None = None
    """Maximum running time of a training job, in seconds. Defaults to one day."""
    max_wait_time_in_seconds: MaxWaitTimeInSeconds | None = None
    """Maximum time in seconds for a spot training job to wait and run; at least `max_runtime_in_seconds`."""
    max_pending_time_in_seconds: MaxPendingTimeInSeconds | None = None
    """Maximum time in seconds to wait for capacity; only for accelerated instance types."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CheckpointConfig(Shape):
    """The location of checkpoints, which SageMaker restores when an interrupted training job starts again.

    Example:
        CheckpointConfig(s3_uri="s3://amzn-s3-demo-bucket/checkpoints/")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CheckpointConfig.html
    """

    RULES = data_sources.CHECKPOINT_CONFIG

    s3_uri: S3Uri
    """S3 location to which checkpoints are copied."""
    local_path: DirectoryPath | None = None
    """Directory in the container with the checkpoints of the algorithm. Defaults to `/opt/ml/checkpoints/`."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RetryStrategy(Shape):
    """Retries of a training job that fails with an internal server error.

    Example:
        RetryStrategy(maximum_retry_attempts=3)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RetryStrategy.html
    """

    maximum_retry_attempts: MaximumRetryAttempts
    """Maximum number of retries."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OutputDataConfig(Shape):
    """The location, encryption and compression of the model artifacts.

    Example:
        OutputDataConfig(s3_output_path="s3://amzn-s3-demo-bucket/out/")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
    """

    RULES = data_sources.OUTPUT_DATA_CONFIG

    kms_key_id: KmsKeyId | None = None
    """KMS key that encrypts the artifacts, by ID, ARN or alias. Defaults to the account's default key for S3."""
    s3_output_path: S3Uri
    """S3 location for the artifacts."""
    compression_type: OutputCompressionType | None = None
    """Compression of the artifacts. Defaults to `GZIP`."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class VpcConfig(Shape):
    """The VPC to which training jobs connect.

    Example:
        VpcConfig(security_group_ids=["sg-0123456789abcdef0"], subnets=["subnet-0123456789abcdef0"])

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html
    """

    security_group_ids: VpcSecurityGroupIds
    """IDs of security groups in the VPC of `subnets`."""
    subnets: Subnets
    """IDs of the subnets to connect to."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTrainingJobDefinition(Shape):
    """The training jobs that a tuning job launches: algorithm, data, compute and limits.

    The name, the objective and the ranges are needed only in `training_job_definitions`.

    Example:
        HyperParameterTrainingJobDefinition(
            algorithm_specification=HyperParameterAlgorithmSpecification(
                training_image="123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1",
                training_input_mode="File",
                metric_definitions=[MetricDefinition(name="validation:auc", regex="auc=([0-9.]+)")],
            ),
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            output_data_config=OutputDataConfig(s3_output_path="s3://amzn-s3-demo-bucket/out/"),
            resource_config=ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
            stopping_condition=StoppingCondition(max_runtime_in_seconds=3600),
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTrainingJobDefinition.html
    """

    RULES = (
        *training.DEFINITION,
        *algorithm_hyperparameters.DEFINITION,
        *algorithm_dependencies.DEFINITION,
        *algorithms.DEFINITION,
        *images.DEFINITION,
        *channels.DEFINITION,
        *algorithm_channels.DEFINITION,
        *runtime.DEFINITION,
        *instances.DEFINITION,
        *instance_preferences.DEFINITION,
        *objectives.DEFINITION,
        *regions.DEFINITION,
    )

    definition_name: HyperParameterTrainingJobDefinitionName | None = None
    """Name of this definition, unique in the tuning job."""
    tuning_objective: HyperParameterTuningJobObjective | None = None
    """Metric that ranks the jobs of this definition, if there are several definitions."""
    hyper_parameter_ranges: ParameterRanges | None = None
    """Hyperparameters to search with this definition, if there are several definitions."""
    static_hyper_parameters: HyperParameters | None = None
    """Hyperparameters with the same value in every training job."""
    algorithm_specification: HyperParameterAlgorithmSpecification
    """Algorithm to run and its metrics."""
    role_arn: RoleArn
    """ARN of the IAM role under which the training jobs run."""
    input_data_config: InputDataConfig | None = None
    """Channels of input data."""
    vpc_config: VpcConfig | None = None
    """VPC to which the training jobs connect; required for file systems."""
    output_data_config: OutputDataConfig
    """Location of the model artifacts in S3."""
    resource_config: ResourceConfig | None = None
    """Instances and storage of each training job."""
    hyper_parameter_tuning_resource_config: HyperParameterTuningResourceConfig | None = None
    """Instances and storage with a choice of instance types, in place of `resource_config`."""
    stopping_condition: StoppingCondition
    """Time limits of one training job, including the wait for spot instances."""
    enable_network_isolation: bool | None = None
    """Whether containers have no network access, except to the other nodes of a distributed training job."""
    enable_inter_container_traffic_encryption: bool | None = None
    """Whether traffic between the nodes of a distributed training job is encrypted. This can make training slower."""
    enable_managed_spot_training: bool | None = None
    """Whether training jobs run on spot instances."""
    checkpoint_config: CheckpointConfig | None = None
    """Location of the checkpoints."""
    retry_strategy: RetryStrategy | None = None
    """Retries of a training job after an internal server error."""
    environment: HyperParameterTrainingJobEnvironmentMap | None = None
    """Environment variables of the container, at most 48 in all definitions together."""


HyperParameterTrainingJobDefinitions = Annotated[Sequence[HyperParameterTrainingJobDefinition], Items(1, 10)]
