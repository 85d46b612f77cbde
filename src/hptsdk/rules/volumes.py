"""Rules of the storage volumes of instances: sizes and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value, member_text, rule, shortened
from hptsdk.rules.facts.instance_families import has_local_storage, is_ebs_only, local_gb

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTuningInstanceConfig, HyperParameterTuningResourceConfig, ResourceConfig

    Resources = ResourceConfig | HyperParameterTuningResourceConfig
    WithVolume = Resources | HyperParameterTuningInstanceConfig


@rule("local-storage-takes-no-key", "C081", source="API_ResourceConfig", needs=("volume_kms_key_id", "instance_type"))
def local_storage_takes_no_key(resources: Resources) -> Problem | None:
    """An instance type with local storage does not support VolumeKmsKeyId, because its hardware encrypts the storage.

    AWS documents that VolumeKmsKeyId cannot be requested for such a type. Types with an EBS volume accept it.

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

    ResourceConfig requires the size for these types. The resources of a tuning job probably require it too, so
    this is advice.
    """
    return _missing_size(resources)


INSTANCE_CONFIG = (volume_fits_local_storage,)
TUNING_RESOURCE_CONFIG = (local_storage_takes_no_key, volume_fits_local_storage, tuning_ebs_volume_has_a_size)
RESOURCE_CONFIG = (local_storage_takes_no_key, ebs_volume_has_a_size, volume_fits_local_storage)
