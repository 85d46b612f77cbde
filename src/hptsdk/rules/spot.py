"""Rules of training on spot instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, member_text, rule, shown
from hptsdk.rules.facts.accounts import algorithm_of, repository_of
from hptsdk.rules.facts.algorithms import algorithm_facts

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

# For a built-in algorithm that has to start over when it is interrupted.
LONGEST_WAIT = 3600


def _without_checkpoints(definition: HyperParameterTrainingJobDefinition) -> str | None:
    """Return the first-party algorithm of a definition if it saves no checkpoints."""
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
def spot_needs_a_longest_wait(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """Spot training has a limit on its time with the wait for instances."""
    if not definition.enable_managed_spot_training:
        return None
    if definition.stopping_condition.max_wait_time_in_seconds is not None:
        return None
    return Breach(
        "stopping_condition",
        "max_wait_time_in_seconds",
        expected="a number of at least MaxRuntimeInSeconds with EnableManagedSpotTraining",
        got="nothing",
        hint="say how long to wait and train, all in all",
    )


@rule("longest-wait-needs-spot", "C067", source="aws/amazon-sagemaker-examples#869", basis="observed")
def longest_wait_needs_spot(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """Only spot training has a limit on its time with the wait for instances."""
    wait = definition.stopping_condition.max_wait_time_in_seconds
    if wait is None or definition.enable_managed_spot_training:
        return None
    return Breach(
        "stopping_condition",
        "max_wait_time_in_seconds",
        expected="nothing without EnableManagedSpotTraining",
        got=shown(wait),
        hint="leave it out, or train on spot instances",
    )


@advice(
    "short-wait-without-checkpoints",
    "C068",
    source="dg/model-managed-spot-training",
    needs=("enable_managed_spot_training",),
)
def short_wait_without_checkpoints(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """A built-in algorithm that saves no checkpoints waits for spot instances for an hour at most."""
    wait = definition.stopping_condition.max_wait_time_in_seconds
    if not definition.enable_managed_spot_training or wait is None or wait <= LONGEST_WAIT:
        return None
    algorithm = _without_checkpoints(definition)
    if algorithm is None:
        return None
    return Breach(
        "stopping_condition",
        "max_wait_time_in_seconds",
        expected=f"at most {LONGEST_WAIT} for {algorithm}, which saves no checkpoints",
        got=shown(wait),
        hint="lower it, or train on demand",
    )


@advice(
    "spot-with-checkpoints",
    "C069",
    source="dg/model-managed-spot-training",
    needs=("enable_managed_spot_training",),
)
def spot_with_checkpoints(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """Spot training keeps checkpoints, from which an interrupted job resumes."""
    if not definition.enable_managed_spot_training or definition.checkpoint_config is not None:
        return None
    if _without_checkpoints(definition) is not None:
        return None
    return Breach(
        "checkpoint_config",
        expected="a place for checkpoints with EnableManagedSpotTraining",
        got="nothing",
        hint="give an S3Uri: without checkpoints an interrupted job starts over",
    )


@rule("warm-pool-needs-on-demand", "C078", source="dg/train-warm-pools", needs=("resource_config",))
def warm_pool_needs_on_demand(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """Spot instances are not kept alive for the next job."""
    resources = definition.resource_config
    if resources is None or not definition.enable_managed_spot_training or not resources.keep_alive_period_in_seconds:
        return None
    return Breach(
        "resource_config",
        "keep_alive_period_in_seconds",
        expected="nothing with EnableManagedSpotTraining",
        got=shown(resources.keep_alive_period_in_seconds),
        hint="leave it out, or train on demand",
    )


@rule("instance-preferences-need-on-demand", "C085", source="API_ResourceConfig", needs=("resource_config",))
def instance_preferences_need_on_demand(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """Spot training has no list of instance types to try."""
    resources = definition.resource_config
    if resources is None or not definition.enable_managed_spot_training or not resources.instance_preferences:
        return None
    return Breach(
        "resource_config",
        "instance_preferences",
        expected="nothing with EnableManagedSpotTraining",
        got=member_text(resources.instance_preferences),
        hint="name one InstanceType, or train on demand",
    )
