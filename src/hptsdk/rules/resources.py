"""Rules of the storage of instances, and of instance preferences.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, member_text, rule, shortened
from hptsdk.rules import duplicates
from hptsdk.rules.facts.instance_families import has_local_storage, is_ebs_only, local_gb

if TYPE_CHECKING:
    from hptsdk.shapes import (
        HyperParameterTuningInstanceConfig,
        HyperParameterTuningResourceConfig,
        ResourceConfig,
    )

    Resources = ResourceConfig | HyperParameterTuningResourceConfig
    WithVolume = Resources | HyperParameterTuningInstanceConfig


@rule(
    "local-storage-takes-no-key",
    "C081",
    source="API_ResourceConfig",
    needs=("volume_kms_key_id", "instance_type"),
)
def local_storage_takes_no_key(resources: Resources) -> Problem | None:
    """An instance type with local storage does not support VolumeKmsKeyId, because its hardware encrypts the storage.

    The volume of such a type is its NVMe storage, for which the service accepts no key of the customer. AWS
    documents that the key cannot be requested. Types with an EBS volume take one.

    Example:
        `InstanceType` "ml.g5.xlarge", `VolumeKmsKeyId` "alias/mine".
    """
    name = resources.instance_type
    if not resources.volume_kms_key_id or name is None or not has_local_storage(name):
        return None
    return Problem(
        "volume_kms_key_id",
        expected=f"no value, because {shortened(name)} has local storage",
        got=format_value(resources.volume_kms_key_id),
        hint="remove it, or use an instance type without local storage",
    )


@advice(
    "volume-fits-local-storage",
    "C082",
    source="API_HyperParameterTuningResourceConfig",
    needs=("volume_size_in_gb", "instance_type"),
)
def volume_fits_local_storage(resources: WithVolume) -> Problem | None:
    """VolumeSizeInGB is at most the local storage of the instance type.

    The size of local storage is fixed and SageMaker adds no volume to it. AWS documents that the size must not
    be greater than the total of the disks. A type whose size is not known is not reported.

    Example:
        `InstanceType` "ml.g5.xlarge", which has 250 GB, `VolumeSizeInGB` 251.
    """
    size, name = resources.volume_size_in_gb, resources.instance_type
    if size is None or name is None or (local := local_gb(name)) is None or size <= local:
        return None
    return Problem(
        "volume_size_in_gb",
        expected=f"at most {local} GB, the size of the local storage of {shortened(name)}",
        got=f"{size}",
        hint="reduce it, or use an instance type with more storage",
    )


def _missing_size(resources: Resources) -> Problem | None:
    name = resources.instance_type
    if resources.volume_size_in_gb or name is None or not is_ebs_only(name):
        return None
    return Problem(
        "volume_size_in_gb",
        expected=f"the size of the volume in GB, because {shortened(name)} has no local storage",
        got=member_text(resources.volume_size_in_gb),
        hint="set a size, such as 30",
    )


@rule("ebs-volume-has-a-size", "C083", source="API_ResourceConfig", needs=("instance_type",))
def ebs_volume_has_a_size(resources: ResourceConfig) -> Problem | None:
    """An instance type without local storage needs VolumeSizeInGB.

    The data and the model of the training job are stored on an EBS volume, which the service creates with this
    size. AWS documents that it must be set; 0 counts as not set.

    Example:
        `InstanceType` "ml.m5.xlarge", `InstanceCount` 1.
    """
    return _missing_size(resources)


@advice("tuning-ebs-volume-has-a-size", "C083", source="API_ResourceConfig", basis="inferred", needs=("instance_type",))
def tuning_ebs_volume_has_a_size(resources: HyperParameterTuningResourceConfig) -> Problem | None:
    """An instance type without local storage needs VolumeSizeInGB, although the API reference calls it optional.

    ResourceConfig requires the size for these types. It is inferred that the resources of a tuning job require
    it, too, so this is advice.
    """
    return _missing_size(resources)


@rule("preferences-all-have-a-count", "C086", source="API_InstancePreference", needs=("instance_preferences",))
def preferences_all_have_a_count(resources: ResourceConfig) -> list[Problem] | None:
    """Either all instance preferences have a count or none has one.

    The number of instances would be unknown if a type without a count was selected. AWS documents that the
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
    """Either the instance preferences have counts or the resource configuration has one.

    The count of a preference is valid for its type, that of ResourceConfig for all types. AWS documents that
    the service rejects both; with neither, the number of instances is unknown.

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
def training_plans_in_one_place(resources: ResourceConfig) -> Problem | None:
    """Either the instance preferences have training plans or the resource configuration has one.

    A training plan reserves capacity, for one preference or for the whole job. AWS documents that the two
    members exclude each other.

    Example:
        `TrainingPlanArn` in `ResourceConfig`, `TrainingPlanArns` in an item of `InstancePreferences`.
    """
    if not any(preference.training_plan_arns for preference in resources.instance_preferences or ()):
        return None
    return Problem(
        "training_plan_arn",
        expected="no value if InstancePreferences has training plans",
        got=format_value(resources.training_plan_arn),
        hint="remove this plan or the others",
    )


INSTANCE_CONFIG = (volume_fits_local_storage,)
TUNING_RESOURCE_CONFIG = (local_storage_takes_no_key, volume_fits_local_storage, tuning_ebs_volume_has_a_size)
RESOURCE_CONFIG = (
    local_storage_takes_no_key,
    ebs_volume_has_a_size,
    volume_fits_local_storage,
    preferences_all_have_a_count,
    preferences_count_in_one_place,
    preferred_types_differ,
    training_plans_in_one_place,
)
