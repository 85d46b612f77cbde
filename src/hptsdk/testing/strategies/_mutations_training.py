"""Changes that break the rules of a definition: its algorithm, channels, instances, limits and maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from hptsdk.testing.strategies._mutation import (
    CHANNELS,
    CHOICES,
    CUSTOM,
    DATASET,
    IN_S3,
    JOB,
    KEY,
    METRIC,
    MODES,
    MOUNTED,
    PLAIN_TYPE,
    PLAN,
    RESOURCES,
    SPOT,
    STOPPING,
    STORED_TYPE,
    channel,
    credential,
    group,
    one,
    preferred,
    resources,
    runs,
    s3,
)

if TYPE_CHECKING:
    from hptsdk.testing.strategies._mutation import Spoiler

__all__ = ["TRAINING"]

_OUTPUT = f"{JOB}.OutputDataConfig"
_EXPRESS = "s3://amzn-s3-demo-bucket--use1-az4--x-s3/out/"
_THEIRS = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs"
_BUILT_IN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_ON_SPOT = {SPOT: True, STOPPING: {"MaxWaitTimeInSeconds": 7200}}
_TWO_TYPES = preferred(PLAIN_TYPE, STORED_TYPE)
_GROUPS = [group("data"), group("train")]
_CHOICE = {"InstanceType": PLAIN_TYPE, "InstanceCount": 1, "VolumeSizeInGB": 30}
_AUGMENTED = s3(S3DataType="AugmentedManifestFile", AttributeNames=["label"])
_PLACED = {"EnableMultipleJobs": True}
_SECONDS = 28 * 24 * 3600


def _metric(regex: str) -> Spoiler:
    return runs(AlgorithmName="mine", MetricDefinitions=[{"Name": "loss", "Regex": regex}])


_OF_THE_ALGORITHM: dict[str, list[Spoiler]] = {
    "image-or-algorithm": [runs(), runs(AlgorithmName="mine", TrainingImage=_BUILT_IN), runs(TrainingImage="")],
    "custom-image-needs-metrics": [runs(TrainingImage=CUSTOM), runs(TrainingImage=CUSTOM, MetricDefinitions=[])],
    "marketplace-needs-network-isolation": [runs(AlgorithmName=_THEIRS)],
    "metric-regex-compiles": [_metric(regex) for regex in (r"loss=(\S+", r"loss)=(\S+)", "*(a)", "[9-0](a)", "(a)\\")],
    "metric-regex-has-a-group": [_metric(regex) for regex in (r"loss=\S+", r"loss=(?:\S+)", r"loss=\(\S+\)")],
    "metric-names-differ": [runs(AlgorithmName="mine", MetricDefinitions=[METRIC, METRIC])],
    "no-credentials-in-hyperparameters": credential("StaticHyperParameters"),
    "no-credentials-in-environment": credential("Environment"),
}

_OF_LIMITS: dict[str, list[Spoiler]] = {
    "spot-needs-a-longest-wait": [one({SPOT: True})],
    "longest-wait-needs-spot": [one({f"{STOPPING}.MaxWaitTimeInSeconds": st.integers(1, 2**31)})],
    "runtime-up-to-28-days": [one({f"{STOPPING}.MaxRuntimeInSeconds": st.integers(_SECONDS + 1, 2**63 - 1)})],
    "wait-covers-runtime": [
        one(
            {
                SPOT: True,
                f"{STOPPING}.MaxRuntimeInSeconds": st.integers(3601, _SECONDS),
                f"{STOPPING}.MaxWaitTimeInSeconds": st.integers(1, 3600),
            }
        )
    ],
    "warm-pool-needs-on-demand": [one(_ON_SPOT | {f"{RESOURCES}.KeepAlivePeriodInSeconds": st.integers(1, 21600)})],
    "instance-preferences-need-on-demand": [
        one(_ON_SPOT | {RESOURCES: {"InstancePreferences": _TWO_TYPES, "InstanceCount": 1}})
    ],
    "express-output-takes-no-key": [one({_OUTPUT: {"S3OutputPath": _EXPRESS, "KmsKeyId": KEY}})],
}

_OF_INSTANCES: dict[str, list[Spoiler]] = {
    "selected-instances-are-not-sent": [resources(SelectedInstanceType=PLAIN_TYPE), resources(SelectedInstanceCount=0)],
    "instance-groups-stand-alone": [
        resources(InstanceGroups=_GROUPS, InstanceCount=1),
        resources(InstanceGroups=_GROUPS, InstanceType=STORED_TYPE),
    ],
    "instance-group-names-differ": [resources(InstanceGroups=[group("data"), group("data")])],
    "warm-pool-not-with-instance-groups": [resources(InstanceGroups=_GROUPS, KeepAlivePeriodInSeconds=60)],
    "local-storage-takes-no-key": [
        resources(InstanceType=STORED_TYPE, VolumeKmsKeyId=KEY),
        one({CHOICES: {"InstanceType": STORED_TYPE, "VolumeKmsKeyId": KEY}}),
    ],
    "ebs-volume-has-a-size": [resources(InstanceType=PLAIN_TYPE), resources(InstanceType=PLAIN_TYPE, VolumeSizeInGB=0)],
    "instance-configs-stand-alone": [
        one({CHOICES: {"InstanceConfigs": [_CHOICE], name: value}}) for name, value in _CHOICE.items()
    ],
    "instance-preferences-stand-alone": [
        resources(InstancePreferences=_TWO_TYPES, InstanceCount=1, InstanceType=STORED_TYPE),
        resources(
            InstancePreferences=_TWO_TYPES, InstanceCount=1, InstancePlacementConfig={"EnableMultipleJobs": True}
        ),
    ],
    "preferences-all-have-a-count": [
        resources(InstancePreferences=preferred(PLAIN_TYPE, InstanceCount=1) + preferred(STORED_TYPE))
    ],
    "preferences-count-in-one-place": [
        resources(InstancePreferences=_TWO_TYPES),
        resources(InstancePreferences=preferred(PLAIN_TYPE, InstanceCount=1), InstanceCount=1),
    ],
    "preferred-types-differ": [resources(InstancePreferences=_TWO_TYPES * 2, InstanceCount=1)],
    "training-plans-in-one-place": [
        resources(
            InstancePreferences=preferred(PLAIN_TYPE, TrainingPlanArns=[PLAN]), InstanceCount=1, TrainingPlanArn=PLAN
        )
    ],
    "placement-needs-ultraservers": [
        resources(InstanceType=PLAIN_TYPE, VolumeSizeInGB=30, InstancePlacementConfig=_PLACED)
    ],
}

_OF_CHANNELS: dict[str, list[Spoiler]] = {
    "source-is-given": [one({CHANNELS: [channel("train", {})]})],
    "source-is-single": [one({CHANNELS: [channel("train", IN_S3 | {"DatasetSource": DATASET})]})],
    "licence-is-accepted": [one({CHANNELS: [channel("train", s3(ModelAccessConfig={"AcceptEula": False}))]})],
    "augmented-manifest-needs-pipe-mode": [
        one({CHANNELS: [channel("train", _AUGMENTED)]}),
        one({CHANNELS: [channel("train", _AUGMENTED)], f"{CHANNELS}.0.InputMode": MODES}),
    ],
    "no-wrapping-in-file-mode": [
        one({CHANNELS: [channel("train", IN_S3, RecordWrapperType="RecordIO")]}),
        one({CHANNELS: [channel("train", IN_S3, RecordWrapperType="RecordIO", InputMode="File")]}),
    ],
    "no-decompression-in-file-mode": [
        one({CHANNELS: [channel("train", IN_S3, CompressionType="Gzip")]}),
        one({CHANNELS: [channel("train", IN_S3, CompressionType="Gzip", InputMode="File")]}),
    ],
    "channel-names-differ": [one({CHANNELS: [channel("train", IN_S3)] * 2})],
    "file-system-needs-a-vpc": [one({CHANNELS: [channel("train", MOUNTED)]})],
}

TRAINING = _OF_THE_ALGORITHM | _OF_LIMITS | _OF_INSTANCES | _OF_CHANNELS
"""The changes, by the id of the rule that they break."""
