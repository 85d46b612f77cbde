"""Rules of the instances and their storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, member_text, repeated, rule, shortened, shown
from hptsdk.rules.facts.instance_families import has_local_storage, is_ebs_only, lacks_ultraserver, local_gb

if TYPE_CHECKING:
    from hptsdk.shapes import (
        HyperParameterTuningInstanceConfig,
        HyperParameterTuningResourceConfig,
        InstanceGroup,
        InstancePreference,
        PlacementSpecification,
        ResourceConfig,
    )

    Resources = ResourceConfig | HyperParameterTuningResourceConfig
    Stored = Resources | HyperParameterTuningInstanceConfig
    Counted = Stored | InstanceGroup | InstancePreference | PlacementSpecification

# The longest that a warm pool is documented to stay.
LONGEST_KEEP_ALIVE = 3600


def _beside(resources: Resources, other: str, *names: str) -> list[Breach] | None:
    """Find the members that say something although another one stands in their place."""
    return [
        Breach(name, expected=f"nothing beside {other}", got=member_text(value), hint=f"leave out this or {other}")
        for name in names
        if (value := getattr(resources, name))
    ] or None


@advice("at-least-one-instance", "F073", source="flyteorg/flyte#1440", basis="inferred", needs=("instance_count",))
def at_least_one_instance(counted: Counted) -> Breach | None:
    """A training job runs on one instance at least."""
    if counted.instance_count != 0:
        return None
    return Breach("instance_count", expected="1 or more", got="0", hint="leave it out where the count stands elsewhere")


@rule("selected-instances-are-not-sent", "F146", source="API_ResourceConfig")
def selected_instances_are_not_sent(resources: ResourceConfig) -> list[Breach] | None:
    """The instances that were selected stand in responses only."""
    if resources.selected_instance_type is None and resources.selected_instance_count is None:
        return None
    return [
        Breach(name, expected="nothing in a request", got=member_text(value), hint="leave it out")
        for name in ("selected_instance_type", "selected_instance_count")
        if (value := getattr(resources, name)) is not None
    ]


@rule(
    "instance-configs-stand-alone",
    "C072",
    source="API_HyperParameterTuningResourceConfig",
    needs=("instance_configs",),
)
def instance_configs_stand_alone(resources: HyperParameterTuningResourceConfig) -> list[Breach] | None:
    """Instance configs hold type, count and volume size themselves; none of them is given beside."""
    return _beside(resources, "InstanceConfigs", "instance_type", "instance_count", "volume_size_in_gb")


@advice(
    "allocation-needs-instance-configs",
    "C073",
    source="API_HyperParameterTuningResourceConfig",
    basis="inferred",
    needs=("allocation_strategy",),
)
def allocation_needs_instance_configs(resources: HyperParameterTuningResourceConfig) -> Breach | None:
    """An allocation strategy orders instance configs."""
    if resources.instance_configs is not None:
        return None
    return Breach(
        "allocation_strategy",
        expected="nothing without InstanceConfigs",
        got=shown(resources.allocation_strategy),
        hint="give InstanceConfigs, or leave it out",
    )


@advice(
    "several-instance-configs",
    "C074",
    source="API_HyperParameterTuningResourceConfig",
    needs=("instance_configs",),
)
def several_instance_configs(resources: HyperParameterTuningResourceConfig) -> Breach | None:
    """Instance configs are for a choice; a single one is better given without them."""
    if len(resources.instance_configs or ()) != 1:
        return None
    return Breach(
        "instance_configs",
        expected="two or more to choose from",
        got="one",
        hint="give InstanceType, InstanceCount and VolumeSizeInGB in its place, or add another",
    )


@rule("instance-groups-stand-alone", "C075", source="dg/train-heterogeneous-cluster", needs=("instance_groups",))
def instance_groups_stand_alone(resources: ResourceConfig) -> list[Breach] | None:
    """Instance groups stand in place of one instance type and count."""
    return (
        _beside(resources, "InstanceGroups", "instance_type", "instance_count") if resources.instance_groups else None
    )


@rule("instance-group-names-differ", "C077", source="API_InstanceGroup", basis="inferred", needs=("instance_groups",))
def instance_group_names_differ(resources: ResourceConfig) -> list[Breach] | None:
    """Instance groups have different names."""
    names = [group.instance_group_name for group in resources.instance_groups or ()]
    return [
        Breach(
            "instance_groups",
            index,
            "instance_group_name",
            expected="a name that no other group has",
            got=shown(name),
            hint="rename one",
        )
        for index, name in repeated(names)
    ] or None


@rule(
    "warm-pool-not-with-instance-groups",
    "C079",
    source="dg/train-warm-pools",
    needs=("keep_alive_period_in_seconds", "instance_groups"),
)
def warm_pool_not_with_instance_groups(resources: ResourceConfig) -> Breach | None:
    """A heterogeneous cluster is not kept in a warm pool."""
    if not resources.keep_alive_period_in_seconds or not resources.instance_groups:
        return None
    return Breach(
        "keep_alive_period_in_seconds",
        expected="nothing or 0 with InstanceGroups",
        got=shown(resources.keep_alive_period_in_seconds),
        hint="leave it out, or use one instance type",
    )


@advice("keep-alive-up-to-an-hour", "C080", source="dg/train-warm-pools", needs=("keep_alive_period_in_seconds",))
def keep_alive_up_to_an_hour(resources: ResourceConfig) -> Breach | None:
    """A warm pool is kept for an hour at most."""
    seconds = resources.keep_alive_period_in_seconds or 0
    if seconds <= LONGEST_KEEP_ALIVE:
        return None
    return Breach(
        "keep_alive_period_in_seconds",
        expected=f"at most {LONGEST_KEEP_ALIVE} seconds",
        got=f"{seconds}",
        hint="shorten it",
    )


@rule(
    "local-storage-takes-no-key",
    "C081",
    source="API_ResourceConfig",
    needs=("volume_kms_key_id", "instance_type"),
)
def local_storage_takes_no_key(resources: Resources) -> Breach | None:
    """An instance type with local storage encrypts it by itself, and takes no key."""
    kind = resources.instance_type
    if not resources.volume_kms_key_id or kind is None or not has_local_storage(kind):
        return None
    return Breach(
        "volume_kms_key_id",
        expected=f"nothing, for {shortened(kind)} has local storage",
        got=shown(resources.volume_kms_key_id),
        hint="leave it out, or use an instance type with EBS storage only",
    )


@advice(
    "volume-fits-local-storage",
    "C082",
    source="API_HyperParameterTuningResourceConfig",
    needs=("volume_size_in_gb", "instance_type"),
)
def volume_fits_local_storage(stored: Stored) -> Breach | None:
    """The storage of an instance type with local storage is no larger than that."""
    size, kind = stored.volume_size_in_gb, stored.instance_type
    if size is None or kind is None or (fixed := local_gb(kind)) is None or size <= fixed:
        return None
    return Breach(
        "volume_size_in_gb",
        expected=f"at most the {fixed} GB of {shortened(kind)}",
        got=f"{size}",
        hint="lower it, or use an instance type with more storage",
    )


def _missing_size(resources: Resources) -> Breach | None:
    kind = resources.instance_type
    if resources.volume_size_in_gb or kind is None or not is_ebs_only(kind):
        return None
    return Breach(
        "volume_size_in_gb",
        expected=f"the GB of the volume, for {shortened(kind)} has no local storage",
        got=member_text(resources.volume_size_in_gb),
        hint="as in 30",
    )


@rule("ebs-volume-has-a-size", "C083", source="API_ResourceConfig", needs=("instance_type",))
def ebs_volume_has_a_size(resources: ResourceConfig) -> Breach | None:
    """An instance type without local storage needs a volume size."""
    return _missing_size(resources)


@advice("tuning-ebs-volume-has-a-size", "C083", source="API_ResourceConfig", basis="inferred", needs=("instance_type",))
def tuning_ebs_volume_has_a_size(resources: HyperParameterTuningResourceConfig) -> Breach | None:
    """An instance type without local storage needs a volume size, though it is called optional here."""
    return _missing_size(resources)


@rule("instance-preferences-stand-alone", "C084", source="API_ResourceConfig", needs=("instance_preferences",))
def instance_preferences_stand_alone(resources: ResourceConfig) -> list[Breach] | None:
    """Instance preferences stand in place of an instance type, and go with neither groups nor placement."""
    return _beside(resources, "InstancePreferences", "instance_type", "instance_groups", "instance_placement_config")


@rule("preferences-all-have-a-count", "C086", source="API_InstancePreference", needs=("instance_preferences",))
def preferences_all_have_a_count(resources: ResourceConfig) -> list[Breach] | None:
    """Either all instance preferences have a count or none has."""
    preferences = resources.instance_preferences or ()
    lacking = [index for index, preference in enumerate(preferences) if preference.instance_count is None]
    if len(lacking) in (0, len(preferences)):
        return None
    return [
        Breach(
            "instance_preferences",
            index,
            "instance_count",
            expected="a count, as other preferences have one",
            got="nothing",
            hint="give it, or leave them all out and give one count in ResourceConfig",
        )
        for index in lacking
    ]


@rule("preferences-count-in-one-place", "C087", source="API_InstancePreference", needs=("instance_preferences",))
def preferences_count_in_one_place(resources: ResourceConfig) -> Breach | None:
    """With instance preferences the count stands on them or on the resource config, in one of the two."""
    each = any(preference.instance_count is not None for preference in resources.instance_preferences or ())
    if each != bool(resources.instance_count):
        return None
    return Breach(
        "instance_count",
        expected="nothing beside the counts of InstancePreferences"
        if each
        else "a count, as InstancePreferences has none",
        got=member_text(resources.instance_count),
        hint="leave out this or those" if each else "give one here, or on every preference",
    )


@rule("preferred-types-differ", "C088", source="API_InstancePreference", needs=("instance_preferences",))
def preferred_types_differ(resources: ResourceConfig) -> list[Breach] | None:
    """An instance type stands in the preferences once."""
    types = [preference.instance_type for preference in resources.instance_preferences or ()]
    return [
        Breach(
            "instance_preferences",
            index,
            "instance_type",
            expected="a type not given before",
            got=shown(name),
            hint="drop one",
        )
        for index, name in repeated(types)
    ] or None


@rule(
    "training-plans-in-one-place",
    "C089",
    source="API_InstancePreference",
    needs=("training_plan_arn", "instance_preferences"),
)
def training_plans_in_one_place(resources: ResourceConfig) -> Breach | None:
    """Training plans stand on the instance preferences or on the resource config, not on both."""
    if not any(preference.training_plan_arns for preference in resources.instance_preferences or ()):
        return None
    return Breach(
        "training_plan_arn",
        expected="nothing beside the plans of InstancePreferences",
        got=shown(resources.training_plan_arn),
        hint="leave out this or those",
    )


@rule(
    "placement-needs-ultraservers",
    "C090",
    source="API_InstancePlacementConfig",
    needs=("instance_placement_config", "instance_type"),
)
def placement_needs_ultraservers(resources: ResourceConfig) -> Breach | None:
    """Instances are placed within UltraServers only, so their type is one of those."""
    kind = resources.instance_type
    if kind is None or not lacks_ultraserver(kind):
        return None
    return Breach(
        "instance_placement_config",
        expected="nothing for a type that no UltraServer consists of",
        got=f"it with {shortened(kind)}",
        hint="leave it out",
    )
