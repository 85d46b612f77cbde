"""Instances and storage volumes that training jobs run on."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.enums import HyperParameterTuningAllocationStrategy
from hptsdk.instance_types import TrainingInstanceType
from hptsdk.rules import instance_preferences, instances, volumes
from hptsdk.scalars import (
    InstanceGroupName,
    KeepAlivePeriodInSeconds,
    KmsKeyId,
    OptionalVolumeSizeInGB,
    String256,
    TrainingInstanceCount,
    TrainingPlanArn,
    TrainingPlanArnList,
    VolumeSizeInGB,
)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InstanceGroup(Shape):
    """A group of instances of one type in a heterogeneous cluster.

    Example:
        InstanceGroup(instance_type="ml.c5.xlarge", instance_count=2, instance_group_name="workers")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstanceGroup.html
    """

    RULES = instances.INSTANCE_GROUP

    instance_type: TrainingInstanceType
    """Type of the group's instances."""
    instance_count: TrainingInstanceCount
    """Number of instances in the group."""
    instance_group_name: InstanceGroupName
    """Name of the group, to which channels refer."""


InstanceGroups = Annotated[Sequence[InstanceGroup], Items(0, 5)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PlacementSpecification(Shape):
    """Instances to place together on one UltraServer.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PlacementSpecification.html
    """

    RULES = instances.PLACEMENT_SPECIFICATION

    ultra_server_id: String256 | None = None
    """ID of the UltraServer."""
    instance_count: TrainingInstanceCount
    """Number of instances that share the UltraServer."""


PlacementSpecifications = Annotated[Sequence[PlacementSpecification], Items(0, 10)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InstancePlacementConfig(Shape):
    """Placement of instances on UltraServers; only for UltraServer capacity.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstancePlacementConfig.html
    """

    enable_multiple_jobs: bool | None = None
    """Whether other jobs may share the UltraServer; if it is not set, they may not."""
    placement_specifications: PlacementSpecifications | None = None
    """Number of instances on each UltraServer."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InstancePreference(Shape):
    """One of the instance types on which a training job can run.

    Either all preferences of a list have an instance count, or none has one and `ResourceConfig.instance_count` applies
    to all.

    Example:
        InstancePreference(instance_type="ml.g5.xlarge", instance_count=1)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstancePreference.html
    """

    RULES = instances.INSTANCE_PREFERENCE

    instance_type: TrainingInstanceType
    """Instance type, which no other preference in the list has."""
    instance_count: TrainingInstanceCount | None = None
    """Number of instances if this type is chosen; not set if `ResourceConfig` has the count."""
    training_plan_arns: TrainingPlanArnList | None = None
    """ARN of a training plan for this instance type; not set for capacity on demand."""


InstancePreferenceList = Annotated[Sequence[InstancePreference], Items(1, 5)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ResourceConfig(Shape):
    """Instances and storage of a training job.

    Specify the instances in one way: by type and count, by groups, or by preferences in order of priority.

    Example:
        ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
    """

    RULES = (*instances.RESOURCE_CONFIG, *instance_preferences.RESOURCE_CONFIG, *volumes.RESOURCE_CONFIG)

    instance_type: TrainingInstanceType | None = None
    """Type of all instances; not set with groups or preferences."""
    instance_count: TrainingInstanceCount | None = None
    """Number of instances; more than one for distributed training."""
    volume_size_in_gb: OptionalVolumeSizeInGB | None = None
    """Size of the storage volume, in GB; required for instance types without local NVMe storage."""
    volume_kms_key_id: KmsKeyId | None = None
    """KMS key that encrypts the storage volume; not for instance types with local storage."""
    keep_alive_period_in_seconds: KeepAlivePeriodInSeconds | None = None
    """Time in seconds that the instances stay in a warm pool; not with spot training or instance groups."""
    instance_groups: InstanceGroups | None = None
    """Groups that form a heterogeneous cluster, in place of `instance_type` and `instance_count`."""
    training_plan_arn: TrainingPlanArn | None = None
    """ARN of the training plan whose capacity is used; not set if a preference has a training plan."""
    instance_placement_config: InstancePlacementConfig | None = None
    """Placement of instances on UltraServers; only for UltraServer capacity."""
    instance_preferences: InstancePreferenceList | None = None
    """Instance types to try in order until one has capacity; not with spot training, groups or placement."""
    selected_instance_type: TrainingInstanceType | None = None
    """Instance type chosen from the preferences; only in responses."""
    selected_instance_count: TrainingInstanceCount | None = None
    """Number of instances launched of the chosen type; only in responses."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningInstanceConfig(Shape):
    """One choice of instances and storage for the training jobs of a tuning job.

    Example:
        HyperParameterTuningInstanceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30)

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningInstanceConfig.html
    """

    RULES = (*instances.INSTANCE_CONFIG, *volumes.INSTANCE_CONFIG)

    instance_type: TrainingInstanceType
    """Instance type."""
    instance_count: TrainingInstanceCount
    """Number of instances; more than one for distributed training."""
    volume_size_in_gb: VolumeSizeInGB
    """Size of the storage volume, in GB."""


HyperParameterTuningInstanceConfigs = Annotated[Sequence[HyperParameterTuningInstanceConfig], Items(1, 6)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningResourceConfig(Shape):
    """The instances and storage of the training jobs of a tuning job, with several choices.

    Unlike `ResourceConfig`, it has no keep-alive period, because a tuning job reuses instances automatically.

    Example:
        HyperParameterTuningResourceConfig(
            instance_configs=[
                HyperParameterTuningInstanceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30),
                HyperParameterTuningInstanceConfig(instance_type="ml.r5.large", instance_count=1, volume_size_in_gb=30),
            ],
            allocation_strategy="Prioritized",
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningResourceConfig.html
    """

    RULES = (*instances.TUNING_RESOURCE_CONFIG, *volumes.TUNING_RESOURCE_CONFIG)

    instance_type: TrainingInstanceType | None = None
    """Type of all instances; not set with `instance_configs`."""
    instance_count: TrainingInstanceCount | None = None
    """Number of instances; not set with `instance_configs`."""
    volume_size_in_gb: OptionalVolumeSizeInGB | None = None
    """Size of the storage volume, in GB, at most that of the type's local storage; not set with `instance_configs`."""
    volume_kms_key_id: KmsKeyId | None = None
    """KMS key that encrypts the storage volume; not for instance types with local storage."""
    allocation_strategy: HyperParameterTuningAllocationStrategy | None = None
    """Strategy that chooses among `instance_configs`."""
    instance_configs: HyperParameterTuningInstanceConfigs | None = None
    """Choices of instances and storage, in place of a single type, count and volume size."""
