"""Rules of the instances of a training job: types, counts, groups, InstanceConfigs, warm pools and placement.

`instance_preferences` has those of InstancePreferences, and `volumes` those of volumes and their keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, member_text, rule, shortened
from hptsdk.rules import conflicts, duplicates
from hptsdk.rules.facts.instance_families import is_known, lacks_ultraserver, nearest_known_type

if TYPE_CHECKING:
    from hptsdk.shapes import (
        HyperParameterTrainingJobDefinition as Definition,
        HyperParameterTuningInstanceConfig,
        HyperParameterTuningResourceConfig,
        InstanceGroup,
        InstancePreference,
        PlacementSpecification,
        ResourceConfig,
    )

    Resources = ResourceConfig | HyperParameterTuningResourceConfig
    WithType = Resources | HyperParameterTuningInstanceConfig | InstanceGroup | InstancePreference
    WithCount = WithType | PlacementSpecification

# The longest documented keep-alive period of a warm pool, in seconds.
_MAX_KEEP_ALIVE = 3600


@advice("instance-type-is-known", source="API_ResourceConfig", basis="inferred", needs=("instance_type",))
def instance_type_is_known(resources: WithType) -> Problem | None:
    """An instance type is not a misspelling of one that AWS lists for training jobs.

    Another type may be new, so it is reported only if one character is wrong, missing or additional, or two are
    exchanged. A type that differs only in its numbers may be a new generation or size.

    Example:
        `InstanceType` "ml.m5.xlargee".
    """
    name = resources.instance_type
    if name is None or is_known(name) or (nearest := nearest_known_type(name)) is None:
        return None
    return Problem(
        "instance_type",
        expected="an instance type that AWS lists for training jobs",
        got=format_value(name),
        hint=f"did you mean {format_value(nearest)}?",
    )


@advice("at-least-one-instance", "F073", source="flyteorg/flyte#1440", basis="inferred", needs=("instance_count",))
def at_least_one_instance(resources: WithCount) -> Problem | None:
    """A training job runs on at least one instance.

    The API model accepts 0, but a training job cannot run without an instance. The Kubernetes operator of AWS
    has a minimum of 1.
    """
    if resources.instance_count != 0:
        return None
    hint = "use 1 or more, or remove it if another member has the count"
    return Problem("instance_count", expected="1 or more", got="0", hint=hint)


@rule("selected-instances-are-not-sent", "F146", source="API_ResourceConfig")
def selected_instances_are_not_sent(resources: ResourceConfig) -> list[Problem] | None:
    """SelectedInstanceType and SelectedInstanceCount are members of responses only.

    The service sets them to the type and the count of the selected item of InstancePreferences. AWS documents that
    it does not accept them in a request. They are present if the ResourceConfig was copied from a response.

    Example:
        `SelectedInstanceType` "ml.m5.xlarge".
    """
    return [
        Problem(name, expected="no value in a request", got=member_text(value), hint="remove it")
        for name in ("selected_instance_type", "selected_instance_count")
        if (value := getattr(resources, name)) is not None
    ]


@rule(
    "instance-configs-stand-alone", "C072", source="API_HyperParameterTuningResourceConfig", needs=("instance_configs",)
)
def instance_configs_stand_alone(resources: HyperParameterTuningResourceConfig) -> list[Problem] | None:
    """InstanceConfigs replaces InstanceType, InstanceCount and VolumeSizeInGB.

    Each item of the list has a type, a count and a volume size of its own. AWS documents that the three
    members must not be set if the list is set.

    Example:
        `InstanceConfigs` with any item, `InstanceType` "ml.m5.xlarge".
    """
    return conflicts(resources, "InstanceConfigs", "instance_type", "instance_count", "volume_size_in_gb")


@advice(
    "allocation-needs-instance-configs",
    "C073",
    source="API_HyperParameterTuningResourceConfig",
    basis="inferred",
    needs=("allocation_strategy",),
)
def allocation_needs_instance_configs(resources: HyperParameterTuningResourceConfig) -> Problem | None:
    """An AllocationStrategy needs InstanceConfigs.

    The strategy decides in which order the items of InstanceConfigs are used. Without items it has no effect,
    or the service rejects it; AWS documents neither.
    """
    if resources.instance_configs is not None:
        return None
    return Problem(
        "allocation_strategy",
        expected="no value without InstanceConfigs",
        got=format_value(resources.allocation_strategy),
        hint="remove it, or add InstanceConfigs",
    )


@advice(
    "several-instance-configs", "C074", source="API_HyperParameterTuningResourceConfig", needs=("instance_configs",)
)
def several_instance_configs(resources: HyperParameterTuningResourceConfig) -> Problem | None:
    """InstanceConfigs has at least two items; one instance type does not need it.

    The items are alternatives that are used if the capacity of others is insufficient. AWS recommends not to use the
    list for a single type, but an acceptance test of Terraform does, so this is advice.
    """
    if len(resources.instance_configs or ()) != 1:
        return None
    return Problem(
        "instance_configs",
        expected="2 or more items",
        got="1 item",
        hint="use InstanceType, InstanceCount and VolumeSizeInGB instead, or add another item",
    )


@rule("instance-groups-stand-alone", "C075", source="dg/train-heterogeneous-cluster", needs=("instance_groups",))
def instance_groups_stand_alone(resources: ResourceConfig) -> list[Problem] | None:
    """InstanceGroups replaces InstanceType and InstanceCount.

    Each group of a heterogeneous cluster has a type and a count of its own. AWS documents that the members
    exclude each other.

    Example:
        `InstanceGroups` with any item, `InstanceType` "ml.m5.xlarge".
    """
    if not resources.instance_groups:
        return None
    return conflicts(resources, "InstanceGroups", "instance_type", "instance_count")


@rule("instance-group-names-differ", "C077", source="API_InstanceGroup", basis="inferred", needs=("instance_groups",))
def instance_group_names_differ(resources: ResourceConfig) -> list[Problem] | None:
    """The names of instance groups differ.

    Channels select groups by name in InstanceGroupNames, so a name that occurs twice is ambiguous.
    """
    names = [group.instance_group_name for group in resources.instance_groups or ()]
    return duplicates(names, "instance_groups", "instance_group_name", hint="rename one of the two")


@rule(
    "warm-pool-not-with-instance-groups",
    "C079",
    source="dg/train-warm-pools",
    needs=("keep_alive_period_in_seconds", "instance_groups"),
)
def warm_pool_not_with_instance_groups(resources: ResourceConfig) -> Problem | None:
    """KeepAlivePeriodInSeconds is 0 or not set if InstanceGroups is set.

    The member creates a warm pool, which keeps the instances for the next training job. AWS documents that it is
    not available for heterogeneous clusters.

    Example:
        `InstanceGroups` with any item, `KeepAlivePeriodInSeconds` 60.
    """
    if not resources.keep_alive_period_in_seconds or not resources.instance_groups:
        return None
    return Problem(
        "keep_alive_period_in_seconds",
        expected="no value or 0 if InstanceGroups is set",
        got=format_value(resources.keep_alive_period_in_seconds),
        hint="remove it",
    )


@advice("keep-alive-up-to-an-hour", "C080", source="dg/train-warm-pools", needs=("keep_alive_period_in_seconds",))
def keep_alive_up_to_an_hour(resources: ResourceConfig) -> Problem | None:
    """KeepAlivePeriodInSeconds of a warm pool is at most 3600.

    The developer guide allows 3600 seconds, but the API model allows 21600. It is not known which of the two
    the service enforces, so this is advice.
    """
    seconds = resources.keep_alive_period_in_seconds or 0
    if seconds <= _MAX_KEEP_ALIVE:
        return None
    return Problem(
        "keep_alive_period_in_seconds",
        expected=f"at most {_MAX_KEEP_ALIVE} seconds",
        got=f"{seconds}",
        hint="remove it; a tuning job uses no warm pool",
    )


@rule("warm-pool-needs-on-demand", "C078", source="dg/train-warm-pools", needs=("resource_config",))
def warm_pool_needs_on_demand(definition: Definition) -> Problem | None:
    """KeepAlivePeriodInSeconds is 0 or not set with managed spot training.

    AWS can reclaim spot instances at any time, and documents that a warm pool cannot have them.
    """
    resources = definition.resource_config
    if resources is None or not definition.enable_managed_spot_training or not resources.keep_alive_period_in_seconds:
        return None
    return Problem(
        "resource_config",
        "keep_alive_period_in_seconds",
        expected="no value or 0 with EnableManagedSpotTraining",
        got=format_value(resources.keep_alive_period_in_seconds),
        hint="remove it",
    )


@advice(
    "keep-alive-has-no-effect",
    source="aws-controllers-k8s/sagemaker-controller#176",
    basis="observed",
    needs=("resource_config",),
)
def keep_alive_has_no_effect(definition: Definition) -> Problem | None:
    """KeepAlivePeriodInSeconds is 0 or not set, because a tuning job uses no warm pool.

    ResourceConfig is also a structure of CreateTrainingJob, whose training jobs can use warm pools. The service
    accepts the member in a tuning job and keeps no instances.

    Example:
        `KeepAlivePeriodInSeconds` 600.
    """
    resources = definition.resource_config
    # other rules report longer periods, instance groups and spot instances
    if resources is None or resources.instance_groups or definition.enable_managed_spot_training:
        return None
    seconds = resources.keep_alive_period_in_seconds or 0
    if not 0 < seconds <= _MAX_KEEP_ALIVE:
        return None
    return Problem(
        "resource_config",
        "keep_alive_period_in_seconds",
        expected="no value in a tuning job",
        got=f"{seconds}",
        hint="remove it",
    )


@rule(
    "placement-needs-ultraservers",
    "C090",
    source="API_InstancePlacementConfig",
    needs=("instance_placement_config", "instance_type"),
)
def placement_needs_ultraservers(resources: ResourceConfig) -> Problem | None:
    """InstancePlacementConfig needs an instance type that UltraServers offer.

    The member assigns instances to UltraServers. AWS documents that it applies only to their capacity. A type
    that hptsdk does not know is not reported.

    Example:
        `InstanceType` "ml.m5.xlarge" with any `InstancePlacementConfig`.
    """
    name = resources.instance_type
    if name is None or not lacks_ultraserver(name):
        return None
    return Problem(
        "instance_placement_config",
        expected=f"no value, because no UltraServer offers {shortened(name)}",
        got="a placement",
        hint="remove it, or use a type such as ml.p6e-gb200.36xlarge",
    )


PLACEMENT_SPECIFICATION = (at_least_one_instance,)
INSTANCE_GROUP = INSTANCE_PREFERENCE = INSTANCE_CONFIG = (at_least_one_instance, instance_type_is_known)
TUNING_RESOURCE_CONFIG = (
    instance_configs_stand_alone,
    at_least_one_instance,
    allocation_needs_instance_configs,
    several_instance_configs,
    instance_type_is_known,
)
RESOURCE_CONFIG = (
    selected_instances_are_not_sent,
    instance_groups_stand_alone,
    instance_group_names_differ,
    warm_pool_not_with_instance_groups,
    placement_needs_ultraservers,
    at_least_one_instance,
    keep_alive_up_to_an_hour,
    instance_type_is_known,
)
DEFINITION = (warm_pool_needs_on_demand, keep_alive_has_no_effect)
