"""The mutations of the limits, instances and channels of a definition, by the id of the rule that they violate."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from hptsdk.testing.strategies._mutations import (
    DATASET_SOURCE,
    FILE_SYSTEM_SOURCE,
    REQUEST_MUTATIONS,
    S3_SOURCE,
    Mutation,
    Value,
    channel,
    single,
)

__all__ = ["MUTATIONS"]

_KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
_PLAN = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/big"
_EXPRESS_BUCKET = "s3://amzn-s3-demo-bucket--use1-az4--x-s3/out/"
_EBS_TYPE, _LOCAL_STORAGE_TYPE = "ml.m5.xlarge", "ml.g5.xlarge"
_28_DAYS = 28 * 24 * 3600

_INSTANCE_CONFIG = {"InstanceType": _EBS_TYPE, "InstanceCount": 1, "VolumeSizeInGB": 30}
_PLACEMENT = {"EnableMultipleJobs": True}
_FILE_MODE: tuple[dict[str, Any], ...] = ({}, {"InputMode": "File"})
_SPOT: dict[str, Any] = {"EnableManagedSpotTraining": True, "StoppingCondition": {"MaxWaitTimeInSeconds": 7200}}


def _s3_channel(source: dict[str, Any] | None = None, **members: Value) -> Mutation:
    return single(**channel({"S3DataSource": S3_SOURCE | (source or {})}, **members))


def _resources(**members: Value) -> Mutation:
    return single(ResourceConfig=members)


def _preferences(*types: str, **members: Value) -> list[dict[str, Any]]:
    return [{"InstanceType": name, **members} for name in types]


_TWO_TYPES = _preferences(_EBS_TYPE, _LOCAL_STORAGE_TYPE)


def _groups(*names: str) -> list[dict[str, Any]]:
    return [{"InstanceGroupName": name, "InstanceType": _EBS_TYPE, "InstanceCount": 1} for name in names]


MUTATIONS: dict[str, list[Mutation]] = {
    **REQUEST_MUTATIONS,
    # limits
    "spot-needs-a-longest-wait": [single(EnableManagedSpotTraining=True)],
    "longest-wait-needs-spot": [single(StoppingCondition={"MaxWaitTimeInSeconds": st.integers(1, 2**31)})],
    "runtime-up-to-28-days": [single(StoppingCondition={"MaxRuntimeInSeconds": st.integers(_28_DAYS + 1, 2**63 - 1)})],
    "wait-covers-runtime": [
        single(
            EnableManagedSpotTraining=True,
            StoppingCondition={
                "MaxRuntimeInSeconds": st.integers(3601, _28_DAYS),
                "MaxWaitTimeInSeconds": st.integers(1, 3600),
            },
        )
    ],
    "warm-pool-needs-on-demand": [single(**_SPOT, ResourceConfig={"KeepAlivePeriodInSeconds": st.integers(1, 21600)})],
    "instance-preferences-need-on-demand": [
        single(**_SPOT, ResourceConfig={"InstancePreferences": _TWO_TYPES, "InstanceCount": 1})
    ],
    "express-output-takes-no-key": [single(OutputDataConfig={"S3OutputPath": _EXPRESS_BUCKET, "KmsKeyId": _KEY})],
    # instances
    "selected-instances-are-not-sent": [
        _resources(SelectedInstanceType=_EBS_TYPE),
        _resources(SelectedInstanceCount=0),
    ],
    "instance-groups-stand-alone": [
        _resources(InstanceGroups=_groups("data", "train"), InstanceCount=1),
        _resources(InstanceGroups=_groups("data", "train"), InstanceType=_LOCAL_STORAGE_TYPE),
    ],
    "instance-group-names-differ": [_resources(InstanceGroups=_groups("data", "data"))],
    "warm-pool-not-with-instance-groups": [_resources(InstanceGroups=_groups("data"), KeepAlivePeriodInSeconds=60)],
    "local-storage-takes-no-key": [
        _resources(InstanceType=_LOCAL_STORAGE_TYPE, VolumeKmsKeyId=_KEY),
        single(HyperParameterTuningResourceConfig={"InstanceType": _LOCAL_STORAGE_TYPE, "VolumeKmsKeyId": _KEY}),
    ],
    "ebs-volume-has-a-size": [_resources(InstanceType=_EBS_TYPE), _resources(InstanceType=_EBS_TYPE, VolumeSizeInGB=0)],
    "instance-configs-stand-alone": [
        single(HyperParameterTuningResourceConfig={"InstanceConfigs": [_INSTANCE_CONFIG], name: value})
        for name, value in _INSTANCE_CONFIG.items()
    ],
    "instance-preferences-stand-alone": [
        _resources(InstancePreferences=_TWO_TYPES, InstanceCount=1, InstanceType=_LOCAL_STORAGE_TYPE),
        _resources(InstancePreferences=_TWO_TYPES, InstanceCount=1, InstancePlacementConfig=_PLACEMENT),
    ],
    "preferences-all-have-a-count": [
        _resources(InstancePreferences=_preferences(_EBS_TYPE, InstanceCount=1) + _preferences(_LOCAL_STORAGE_TYPE))
    ],
    "preferences-count-in-one-place": [
        _resources(InstancePreferences=_TWO_TYPES),
        _resources(InstancePreferences=_preferences(_EBS_TYPE, InstanceCount=1), InstanceCount=1),
    ],
    "preferred-types-differ": [_resources(InstancePreferences=_TWO_TYPES * 2, InstanceCount=1)],
    "training-plans-in-one-place": [
        _resources(
            InstancePreferences=_preferences(_EBS_TYPE, TrainingPlanArns=[_PLAN]),
            InstanceCount=1,
            TrainingPlanArn=_PLAN,
        )
    ],
    "placement-needs-ultraservers": [
        _resources(InstanceType=_EBS_TYPE, VolumeSizeInGB=30, InstancePlacementConfig=_PLACEMENT)
    ],
    # channels
    "source-is-given": [single(**channel({}))],
    "source-is-single": [single(**channel({"S3DataSource": S3_SOURCE, "DatasetSource": DATASET_SOURCE}))],
    "licence-is-accepted": [_s3_channel({"ModelAccessConfig": {"AcceptEula": False}})],
    "augmented-manifest-needs-pipe-mode": [
        _s3_channel({"S3DataType": "AugmentedManifestFile", "AttributeNames": ["label"]}, **members)
        for members in (*_FILE_MODE, {"InputMode": "FastFile"})
    ],
    "no-wrapping-in-file-mode": [_s3_channel(RecordWrapperType="RecordIO", **mode) for mode in _FILE_MODE],
    "no-decompression-in-file-mode": [_s3_channel(CompressionType="Gzip", **mode) for mode in _FILE_MODE],
    "channel-names-differ": [single(InputDataConfig=channel({"S3DataSource": S3_SOURCE})["InputDataConfig"] * 2)],
    "file-system-needs-a-vpc": [single(**channel({"FileSystemDataSource": FILE_SYSTEM_SOURCE}))],
}
"""Mutations by the id of the rule that they violate."""
