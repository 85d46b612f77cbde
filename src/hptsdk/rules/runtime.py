"""Rules of the time limits of a training job and of managed spot training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, rule
from hptsdk.rules.facts.accounts import algorithm_of, repository_of
from hptsdk.rules.facts.algorithms import algorithm_facts

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition, StoppingCondition

# The longest and the default time limit of a training job, in seconds.
MAX_RUNTIME = 28 * 24 * 3600
_DEFAULT_RUNTIME = 24 * 3600

# The longest wait, in seconds, of a built-in algorithm that saves no checkpoints.
_MAX_WAIT = 3600


@rule("runtime-up-to-28-days", "F069", source="API_StoppingCondition", needs=("max_runtime_in_seconds",))
def runtime_up_to_28_days(limits: StoppingCondition) -> Problem | None:
    """MaxRuntimeInSeconds is at most 2419200, which are 28 days.

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
        got=format_value(seconds),
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
        expected=f"at least {format_value(runtime)}, the MaxRuntimeInSeconds",
        got=format_value(wait),
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
    """MaxWaitTimeInSeconds is at least 86400 if MaxRuntimeInSeconds is not set.

    The default of MaxRuntimeInSeconds is 86400 seconds, so the service probably rejects a shorter wait.

    Example:
        `MaxWaitTimeInSeconds` 3600 without `MaxRuntimeInSeconds`.
    """
    wait = limits.max_wait_time_in_seconds or 0
    if limits.max_runtime_in_seconds is not None or wait >= _DEFAULT_RUNTIME:
        return None
    return Problem(
        "max_wait_time_in_seconds",
        expected=f"at least {_DEFAULT_RUNTIME}, the default of MaxRuntimeInSeconds",
        got=format_value(wait),
        hint=f"increase it, or set MaxRuntimeInSeconds to at most {wait}",
    )


def _without_checkpoints(definition: Definition) -> str | None:
    """Return the built-in algorithm of a definition if it saves no checkpoints, else None."""
    image = definition.algorithm_specification.training_image or ""
    algorithm = algorithm_of(image)
    if algorithm is None or repository_of(image) in algorithm_facts(algorithm).checkpoint_repositories:
        return None
    return algorithm


@rule(
    "spot-needs-a-longest-wait",
    "C065",
    source="dg/model-managed-spot-training",
    needs=("enable_managed_spot_training",),
)
def spot_needs_a_longest_wait(definition: Definition) -> Problem | None:
    """Managed spot training needs MaxWaitTimeInSeconds.

    Spot instances may not be available for a long time, so AWS documents that the limit for waiting and training
    together must be set.

    Example:
        `EnableManagedSpotTraining` true, `StoppingCondition` {"MaxRuntimeInSeconds": 3600}.
    """
    if not definition.enable_managed_spot_training:
        return None
    if definition.stopping_condition.max_wait_time_in_seconds is not None:
        return None
    return Problem(
        "stopping_condition",
        "max_wait_time_in_seconds",
        expected="a number of at least MaxRuntimeInSeconds with EnableManagedSpotTraining",
        got="nothing",
        hint="set it to the time in seconds for waiting and training together",
    )


@rule("longest-wait-needs-spot", "C067", source="aws/amazon-sagemaker-examples#869", basis="observed")
def longest_wait_needs_spot(definition: Definition) -> Problem | None:
    """MaxWaitTimeInSeconds is only for managed spot training.

    Only managed spot training has a limit for waiting. The service rejects the request with the message that the
    member is supported only with EnableManagedSpotTraining.

    Example:
        `MaxWaitTimeInSeconds` 7200 without `EnableManagedSpotTraining`.
    """
    wait = definition.stopping_condition.max_wait_time_in_seconds
    if wait is None or definition.enable_managed_spot_training:
        return None
    return Problem(
        "stopping_condition",
        "max_wait_time_in_seconds",
        expected="no value without EnableManagedSpotTraining",
        got=format_value(wait),
        hint="remove it, or set EnableManagedSpotTraining to true",
    )


@advice(
    "short-wait-without-checkpoints",
    "C068",
    source="dg/model-managed-spot-training",
    needs=("enable_managed_spot_training",),
)
def short_wait_without_checkpoints(definition: Definition) -> Problem | None:
    """MaxWaitTimeInSeconds is at most 3600 for a built-in algorithm that saves no checkpoints.

    If such a training job is interrupted, it starts again from the beginning. AWS documents this limit for
    built-in algorithms that save no checkpoints.

    Example:
        `EnableManagedSpotTraining` true, `MaxWaitTimeInSeconds` 3601 with an image of K-Means.
    """
    wait = definition.stopping_condition.max_wait_time_in_seconds
    if not definition.enable_managed_spot_training or wait is None or wait <= _MAX_WAIT:
        return None
    algorithm = _without_checkpoints(definition)
    if algorithm is None:
        return None
    return Problem(
        "stopping_condition",
        "max_wait_time_in_seconds",
        expected=f"at most {_MAX_WAIT}, because this image of {algorithm} saves no checkpoints",
        got=format_value(wait),
        hint="reduce it and MaxRuntimeInSeconds, or remove it and EnableManagedSpotTraining",
    )


@advice(
    "spot-with-checkpoints", "C069", source="dg/model-managed-spot-training", needs=("enable_managed_spot_training",)
)
def spot_with_checkpoints(definition: Definition) -> Problem | None:
    """Managed spot training has a CheckpointConfig, so that an interrupted training job resumes.

    An interrupted training job without checkpoints starts from the beginning. AWS recommends checkpoints.
    Built-in algorithms that save none are not reported.
    """
    if not definition.enable_managed_spot_training or definition.checkpoint_config is not None:
        return None
    if _without_checkpoints(definition) is not None:
        return None
    return Problem(
        "checkpoint_config",
        expected="a location for checkpoints with EnableManagedSpotTraining",
        got="nothing",
        hint="set its S3Uri; without checkpoints an interrupted training job starts from the beginning",
    )


STOPPING_CONDITION = (runtime_up_to_28_days, wait_covers_runtime, wait_covers_default_runtime)
DEFINITION = (spot_needs_a_longest_wait, longest_wait_needs_spot, short_wait_without_checkpoints, spot_with_checkpoints)
