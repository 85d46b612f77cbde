"""Rules of InstancePreferences: counts, types, training plans, and the members that it excludes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, member_text, rule
from hptsdk.rules import conflicts, duplicates

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition, ResourceConfig


@rule("instance-preferences-stand-alone", "C084", source="API_ResourceConfig", needs=("instance_preferences",))
def instance_preferences_stand_alone(resources: ResourceConfig) -> list[Problem] | None:
    """InstancePreferences replaces InstanceType, and excludes InstanceGroups and InstancePlacementConfig.

    The preferences are instance types, in the order in which SageMaker tries them until one has capacity. AWS
    documents that the other ways to choose instances are excluded.

    Example:
        `InstancePreferences` with any item, `InstanceType` "ml.m5.xlarge".
    """
    return conflicts(resources, "InstancePreferences", "instance_type", "instance_groups", "instance_placement_config")


@rule("preferences-all-have-a-count", "C086", source="API_InstancePreference", needs=("instance_preferences",))
def preferences_all_have_a_count(resources: ResourceConfig) -> list[Problem] | None:
    """Either all items of InstancePreferences have an InstanceCount or none has one.

    The number of instances would be unknown if a type without a count were selected. AWS documents that the
    service rejects such requests.

    Example:
        Two items of `InstancePreferences`, one of which has the `InstanceCount` 1.
    """
    preferences = resources.instance_preferences or ()
    missing = [index for index, preference in enumerate(preferences) if preference.instance_count is None]
    if len(missing) in (0, len(preferences)):
        return None
    hint = "add it, or remove the counts of all preferences and set InstanceCount of ResourceConfig"
    return [
        Problem(
            "instance_preferences",
            index,
            "instance_count",
            expected="a count, because other preferences have one",
            got="nothing",
            hint=hint,
        )
        for index in missing
    ]


@rule("preferences-count-in-one-place", "C087", source="API_InstancePreference", needs=("instance_preferences",))
def preferences_count_in_one_place(resources: ResourceConfig) -> Problem | None:
    """InstanceCount is set either in InstancePreferences or in ResourceConfig.

    The count of a preference is for its type, that of ResourceConfig for all types. AWS documents that
    the service rejects a request with both; without any, the number of instances is unknown.

    Example:
        `InstanceCount` 1 in `ResourceConfig` and in an item of `InstancePreferences`.
    """
    each = any(preference.instance_count is not None for preference in resources.instance_preferences or ())
    if each != bool(resources.instance_count):
        return None
    return Problem(
        "instance_count",
        expected="no value if InstancePreferences has counts"
        if each
        else "a count, because InstancePreferences has none",
        got=member_text(resources.instance_count),
        hint="remove this count or the others" if each else "set it here or in every preference",
    )


@rule("preferred-types-differ", "C088", source="API_InstancePreference", needs=("instance_preferences",))
def preferred_types_differ(resources: ResourceConfig) -> list[Problem] | None:
    """The instance types of instance preferences differ.

    The types are tried in order, so a second try of the same type has no use. AWS documents that a type can
    occur only once.
    """
    types = [preference.instance_type for preference in resources.instance_preferences or ()]
    return duplicates(types, "instance_preferences", "instance_type", noun="type", hint="remove one of the two")


@rule(
    "training-plans-in-one-place",
    "C089",
    source="API_InstancePreference",
    needs=("training_plan_arn", "instance_preferences"),
)
def training_plans_in_one_place(resources: ResourceConfig) -> list[Problem] | None:
    """TrainingPlanArn of ResourceConfig and TrainingPlanArns of InstancePreferences exclude each other.

    A training plan reserves capacity, for one preference or for the whole job. AWS documents that only one of the
    two members can be set.

    Example:
        `TrainingPlanArn` in `ResourceConfig`, `TrainingPlanArns` in an item of `InstancePreferences`.
    """
    if not any(preference.training_plan_arns for preference in resources.instance_preferences or ()):
        return None
    return conflicts(resources, "TrainingPlanArns of InstancePreferences", "training_plan_arn")


@rule("instance-preferences-need-on-demand", "C085", source="API_ResourceConfig", needs=("resource_config",))
def instance_preferences_need_on_demand(definition: Definition) -> Problem | None:
    """Managed spot training does not support InstancePreferences.

    AWS documents that the two exclude each other. No such restriction is documented for InstanceConfigs of
    HyperParameterTuningResourceConfig.
    """
    resources = definition.resource_config
    if resources is None or not definition.enable_managed_spot_training or not resources.instance_preferences:
        return None
    return Problem(
        "resource_config",
        "instance_preferences",
        expected="no value with EnableManagedSpotTraining",
        got=member_text(resources.instance_preferences),
        hint="use one InstanceType, or remove EnableManagedSpotTraining and MaxWaitTimeInSeconds",
    )


RESOURCE_CONFIG = (
    instance_preferences_stand_alone,
    preferences_all_have_a_count,
    preferences_count_in_one_place,
    preferred_types_differ,
    training_plans_in_one_place,
)
DEFINITION = (instance_preferences_need_on_demand,)
