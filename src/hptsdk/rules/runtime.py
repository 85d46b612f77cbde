"""Rules of the time limits and the output of a training job.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html.

Example:
    >>> from hptsdk import errors, shapes
    >>> try:
    ...     shapes.StoppingCondition(max_runtime_in_seconds=3600, max_wait_time_in_seconds=600)
    ... except errors.InvalidShapeError as error:
    ...     print(error.violations[0].hint)
    increase it, or reduce MaxRuntimeInSeconds
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, rule, shown

if TYPE_CHECKING:
    from hptsdk.shapes import OutputDataConfig, StoppingCondition

__all__ = ["MAX_RUNTIME", "OUTPUT_DATA_CONFIG", "STOPPING_CONDITION", "is_s3_express"]

# The longest and the default time limit of a training job, in seconds.
MAX_RUNTIME = 28 * 24 * 3600
_DEFAULT_RUNTIME = 24 * 3600


@rule("runtime-up-to-28-days", "F069", source="API_StoppingCondition", needs=("max_runtime_in_seconds",))
def runtime_up_to_28_days(limits: StoppingCondition) -> Problem | None:
    """A training job runs for at most 28 days.

    The API model has no maximum, but AWS documents this one. A training that takes longer needs checkpoints,
    from which another training job continues.

    Example:
        `MaxRuntimeInSeconds` 2419201.
    """
    seconds = limits.max_runtime_in_seconds or 0
    if seconds <= MAX_RUNTIME:
        return None
    return Problem(
        "max_runtime_in_seconds",
        expected=f"at most {MAX_RUNTIME} seconds, which are 28 days",
        got=shown(seconds),
        hint="reduce it, and continue from checkpoints in another job",
    )


@rule(
    "wait-covers-runtime",
    "C066",
    source="API_StoppingCondition",
    needs=("max_wait_time_in_seconds", "max_runtime_in_seconds"),
)
def wait_covers_runtime(limits: StoppingCondition) -> Problem | None:
    """MaxWaitTimeInSeconds includes the runtime, so it is at least MaxRuntimeInSeconds.

    With managed spot training, this is the time for waiting for instances and training together. AWS documents
    that it must not be less than the time for training.

    Example:
        `MaxRuntimeInSeconds` 3600, `MaxWaitTimeInSeconds` 3599.
    """
    wait, runtime = limits.max_wait_time_in_seconds or 0, limits.max_runtime_in_seconds or 0
    if wait >= runtime:
        return None
    return Problem(
        "max_wait_time_in_seconds",
        expected=f"at least {shown(runtime)}, the MaxRuntimeInSeconds",
        got=shown(wait),
        hint="increase it, or reduce MaxRuntimeInSeconds",
    )


@advice(
    "wait-covers-default-runtime",
    "C066",
    source="API_StoppingCondition",
    basis="inferred",
    needs=("max_wait_time_in_seconds",),
)
def wait_covers_default_runtime(limits: StoppingCondition) -> Problem | None:
    """MaxWaitTimeInSeconds is at least one day if MaxRuntimeInSeconds has its default.

    The service uses a default of 86400 seconds for a missing MaxRuntimeInSeconds, so it probably rejects a
    shorter wait as if both members were set.

    Example:
        `MaxWaitTimeInSeconds` 3600 without `MaxRuntimeInSeconds`.
    """
    wait = limits.max_wait_time_in_seconds or 0
    if limits.max_runtime_in_seconds is not None or wait >= _DEFAULT_RUNTIME:
        return None
    return Problem(
        "max_wait_time_in_seconds",
        expected=f"at least {_DEFAULT_RUNTIME}, the default of MaxRuntimeInSeconds",
        got=shown(wait),
        hint="set MaxRuntimeInSeconds to at most this value",
    )


def is_s3_express(uri: str) -> bool:
    """Check whether a URI is in S3 Express One Zone, whose buckets are named NAME--ZONE--x-s3.

    Args:
        uri: an address that begins with s3:// or https://.

    Example:
        >>> is_s3_express("s3://models--use1-az4--x-s3/output/")
        True
    """
    scheme, _, rest = uri.partition("://")
    host = rest.partition("/")[0]
    bucket = host if scheme == "s3" else host.partition(".")[0]
    name, _, zone = bucket.removesuffix("--x-s3").rpartition("--")
    # a zone with two hyphens, such as usw2-lax1-az1, is a Local Zone, which has another storage class
    return bucket.endswith("--x-s3") and name != "" and zone.count("-") == 1


@rule("express-output-takes-no-key", "C119", source="API_OutputDataConfig", needs=("kms_key_id",))
def express_output_takes_no_key(output: OutputDataConfig) -> Problem | None:
    """Model artifacts in S3 Express One Zone are not encrypted with a KMS key.

    AWS documents that this storage class does not support the KMS key of the output. hptsdk recognizes the
    class by the name of the bucket.

    Example:
        `S3OutputPath` "s3://models--use1-az4--x-s3/output/", `KmsKeyId` "alias/mine".
    """
    if not output.kms_key_id or not is_s3_express(output.s3_output_path):
        return None
    return Problem(
        "kms_key_id",
        expected="no value, because S3OutputPath is in S3 Express One Zone",
        got=shown(output.kms_key_id),
        hint="remove it, or use a general purpose bucket",
    )


STOPPING_CONDITION = (runtime_up_to_28_days, wait_covers_runtime, wait_covers_default_runtime)
OUTPUT_DATA_CONFIG = (express_output_takes_no_key,)
