"""Time limits, retries, checkpoints, output and network of a training job."""

import attrs

from hptsdk._validation import Shape
from hptsdk.enums import OutputCompressionType
from hptsdk.rules import runtime
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

    At a limit the algorithm gets SIGTERM and 120 seconds to save its model. With retries, the limits on run and wait
    span all attempts together.

    Source: API_StoppingCondition
    """

    RULES = runtime.STOPPING_CONDITION

    max_runtime_in_seconds: MaxRuntimeInSeconds | None = None
    """Seconds that a job may run, one day if absent."""
    max_wait_time_in_seconds: MaxWaitTimeInSeconds | None = None
    """Seconds that a spot job may wait and run, all in all, at least the run limit; only with managed spot training."""
    max_pending_time_in_seconds: MaxPendingTimeInSeconds | None = None
    """Seconds that a job may wait for capacity; only with accelerated instance types."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CheckpointConfig(Shape):
    """Where a training job keeps its checkpoints, so that an interrupted spot job can resume.

    Source: API_CheckpointConfig
    """

    s3_uri: S3Uri
    """S3 location that checkpoints are copied to."""
    local_path: DirectoryPath | None = None
    """Directory in the container that the algorithm writes checkpoints to, `/opt/ml/checkpoints/` if absent."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RetryStrategy(Shape):
    """Retries of a training job that fails with an internal server error.

    Source: API_RetryStrategy
    """

    maximum_retry_attempts: MaximumRetryAttempts
    """Number of retries."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OutputDataConfig(Shape):
    """Where and how the model artifacts are stored.

    Source: API_OutputDataConfig
    """

    RULES = runtime.OUTPUT_DATA_CONFIG

    kms_key_id: KmsKeyId | None = None
    """KMS key that encrypts the artifacts, by ID, ARN or alias; if absent, the account's default key for S3."""
    s3_output_path: S3Uri
    """S3 location for the artifacts."""
    compression_type: OutputCompressionType | None = None
    """Compression of the artifacts, gzip if absent."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class VpcConfig(Shape):
    """The VPC to which training jobs connect.

    Source: API_VpcConfig
    """

    security_group_ids: VpcSecurityGroupIds
    """IDs of security groups in the VPC of `subnets`."""
    subnets: Subnets
    """IDs of the subnets to connect to."""
