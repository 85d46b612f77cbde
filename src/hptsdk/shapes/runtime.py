"""Time limits, retries, checkpoints, output and network of a training job."""

import attrs

from hptsdk._validation import Shape
from hptsdk.enums import OutputCompressionType
from hptsdk.rules import runtime, s3_addresses
from hptsdk.scalars import (
    DirectoryPath,
    KmsKeyId,
    MaximumRetryAttempts,
    MaxPendingTimeInSeconds,
    MaxRuntimeInSeconds,
    MaxWaitTimeInSeconds,
    S3Uri,
    Subnets,
    VpcSecurityGroupIds,
)


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
    """Maximum time in seconds in which a spot training job waits and runs; not below `max_runtime_in_seconds`."""
    max_pending_time_in_seconds: MaxPendingTimeInSeconds | None = None
    """Maximum time in seconds to wait for capacity; only for accelerated instance types."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CheckpointConfig(Shape):
    """The location of the checkpoints of a training job, from which an interrupted spot job resumes.

    Example:
        CheckpointConfig(s3_uri="s3://amzn-s3-demo-bucket/checkpoints/")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CheckpointConfig.html
    """

    RULES = s3_addresses.CHECKPOINT_CONFIG

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

    RULES = s3_addresses.OUTPUT_DATA_CONFIG

    kms_key_id: KmsKeyId | None = None
    """KMS key that encrypts the artifacts, by ID, ARN or alias. Defaults to the account's default key for S3."""
    s3_output_path: S3Uri
    """S3 location for the artifacts."""
    compression_type: OutputCompressionType | None = None
    """Compression of the artifacts. Defaults to gzip."""


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
