"""Rules of the time limits and the output of a training job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, rule, shown

if TYPE_CHECKING:
    from hptsdk.shapes import OutputDataConfig, StoppingCondition

# Seconds that a training job may run: 28 days at most, one day where nothing is said.
LONGEST_RUNTIME = 28 * 24 * 3600
DEFAULT_RUNTIME = 24 * 3600


@rule("runtime-up-to-28-days", "F069", source="API_StoppingCondition", needs=("max_runtime_in_seconds",))
def runtime_up_to_28_days(limits: StoppingCondition) -> Breach | None:
    """A training job runs for 28 days at most."""
    seconds = limits.max_runtime_in_seconds or 0
    if seconds <= LONGEST_RUNTIME:
        return None
    return Breach(
        "max_runtime_in_seconds",
        expected=f"at most {LONGEST_RUNTIME} seconds, which are 28 days",
        got=shown(seconds),
        hint="lower it, and go on from checkpoints in another job",
    )


@rule(
    "wait-covers-runtime",
    "C066",
    source="API_StoppingCondition",
    needs=("max_wait_time_in_seconds", "max_runtime_in_seconds"),
)
def wait_covers_runtime(limits: StoppingCondition) -> Breach | None:
    """The limit on waiting counts the run too, so it is no shorter than the limit on that."""
    wait, runtime = limits.max_wait_time_in_seconds or 0, limits.max_runtime_in_seconds or 0
    if wait >= runtime:
        return None
    return Breach(
        "max_wait_time_in_seconds",
        expected=f"at least MaxRuntimeInSeconds, {shown(runtime)}",
        got=shown(wait),
        hint="raise it, or lower MaxRuntimeInSeconds",
    )


@advice(
    "wait-covers-default-runtime",
    "C066",
    source="API_StoppingCondition",
    basis="inferred",
    needs=("max_wait_time_in_seconds",),
)
def wait_covers_default_runtime(limits: StoppingCondition) -> Breach | None:
    """The limit on waiting is no shorter than a day where none on the run is given, for that is its default."""
    wait = limits.max_wait_time_in_seconds or 0
    if limits.max_runtime_in_seconds is not None or wait >= DEFAULT_RUNTIME:
        return None
    return Breach(
        "max_wait_time_in_seconds",
        expected=f"at least the default of MaxRuntimeInSeconds, {DEFAULT_RUNTIME}",
        got=shown(wait),
        hint="give MaxRuntimeInSeconds, no larger than this",
    )


def is_express(uri: str) -> bool:
    """Tell whether an address lies in S3 Express One Zone: its buckets are named NAME--ZONE--x-s3."""
    scheme, _, rest = uri.partition("://")
    host = rest.partition("/")[0]
    bucket = host if scheme == "s3" else host.partition(".")[0]
    name, _, zone = bucket.removesuffix("--x-s3").rpartition("--")
    # the zone of a bucket in a Local Zone, as usw2-lax1-az1, has a part more: that is another storage class
    return bucket.endswith("--x-s3") and name != "" and zone.count("-") == 1


@rule("express-output-takes-no-key", "C119", source="API_OutputDataConfig", needs=("kms_key_id",))
def express_output_takes_no_key(output: OutputDataConfig) -> Breach | None:
    """Artifacts in S3 Express One Zone are not encrypted with a KMS key."""
    if not output.kms_key_id or not is_express(output.s3_output_path):
        return None
    return Breach(
        "kms_key_id",
        expected="nothing, for S3OutputPath is in S3 Express One Zone",
        got=shown(output.kms_key_id),
        hint="leave it out, or store the artifacts in a general purpose bucket",
    )
