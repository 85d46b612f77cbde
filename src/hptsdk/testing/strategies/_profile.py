"""The shares of the optional members and of the alternatives of plausible requests, in percent.

To change how frequent a member is, change these tables. The first alternative is the simplest one, to which a failing
example shrinks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "ALGORITHMS",
    "CUSTOM",
    "DEFINITIONS",
    "ITEMS",
    "OTHER_METRICS",
    "RANGES",
    "RARELY_OMITTED",
    "RESOURCE",
    "SHARES",
    "SOURCES",
    "WITH_AUGMENTED_MANIFEST",
    "WITH_CHECKPOINTS",
]

CUSTOM, RESOURCE = "custom image", "algorithm resource"

ALGORITHMS = {CUSTOM: 60, "first-party": 32, RESOURCE: 8}
"""The algorithms of definitions: a custom image, the image of a first-party algorithm, or an algorithm resource."""

DEFINITIONS = {(1, False): 86, (1, True): 2, (2, True): 8, (3, True): 2, (5, True): 2}
"""The numbers of definitions, each with whether they are in `TrainingJobDefinitions`."""

RANGES = {1: 50, 2: 25, 3: 13, 4: 6, 5: 6}
"""The numbers of ranges of a definition."""

ITEMS = {1: 65, 2: 23, 3: 8, 4: 3, 5: 1}
"""The numbers of items of other lists, and of entries of maps."""

OTHER_METRICS = {0: 65, 1: 23, 2: 8, 3: 4}
"""The numbers of metrics of a custom image besides the objective metric."""

WITH_CHECKPOINTS = 90
"""How many definitions with managed spot training have a `CheckpointConfig`."""

WITH_AUGMENTED_MANIFEST = 30
"""How many data sources that are read in Pipe mode are augmented manifest files."""

RARELY_OMITTED = 5
"""A member that is omitted at most so often is in the simplest instance."""

_NO_OPTIONS = dict.fromkeys(
    ("S3DataDistributionType", "AttributeNames", "InstanceGroupNames", "ModelAccessConfig", "HubAccessConfig")
)
_PREFIX = {**_NO_OPTIONS, "S3DataType": "S3Prefix"}
SOURCES: Sequence[tuple[int, str, Mapping[str, str | None]]] = (
    (67, "S3DataSource", _PREFIX),
    (12, "S3DataSource", {**_PREFIX, "S3DataDistributionType": "FullyReplicated"}),
    (8, "S3DataSource", {**_PREFIX, "S3DataDistributionType": "ShardedByS3Key"}),
    (5, "S3DataSource", {**_NO_OPTIONS, "S3DataType": "ManifestFile"}),
    (3, "S3DataSource", {}),
    (4, "FileSystemDataSource", {}),
    (1, "DatasetSource", {}),
)
"""The data sources of channels: the share, and the members of a data source that are decided; None omits a member."""

SHARES: Mapping[str, Sequence[Mapping[str, int]]] = {
    "CreateHyperParameterTuningJobRequest": ({"Tags": 40}, {"WarmStartConfig": 10, "Autotune": 5}),
    "HyperParameterTuningJobConfig": (
        {"TrainingJobEarlyStoppingType": 40},
        {"RandomSeed": 15, "TuningJobCompletionCriteria": 10},
    ),
    "HyperbandStrategyConfig": ({"MaxResource": 100}, {"MinResource": 50}),
    "ResourceLimits": (
        {
            "MaxNumberOfTrainingJobs": 90,
            "MaxNumberOfTrainingJobs MaxRuntimeInSeconds": 8,
            "MaxRuntimeInSeconds": 2,
        },
    ),
    "TuningJobCompletionCriteria": (
        {"BestObjectiveNotImproving": 40, "ConvergenceDetected": 35, "TargetObjectiveMetricValue": 25},
    ),
    "BestObjectiveNotImproving": ({"MaxNumberOfTrainingJobsNotImproving": 100},),
    "ConvergenceDetected": ({"CompleteOnConvergence": 100},),
    "HyperParameterTrainingJobDefinition": (
        {"StaticHyperParameters": 60},
        {"InputDataConfig": 90},
        {"EnableManagedSpotTraining": 12, "CheckpointConfig": 4},
        {
            "VpcConfig": 8,
            "Environment": 8,
            "RetryStrategy": 6,
            "HyperParameterTuningResourceConfig": 6,
            "EnableNetworkIsolation": 4,
            "EnableInterContainerTrafficEncryption": 2,
        },
    ),
    "Channel": ({"ContentType": 40, "InputMode": 6, "CompressionType": 6, "RecordWrapperType": 4, "ShuffleConfig": 4},),
    "S3DataSource": ({"S3DataDistributionType": 25, "ModelAccessConfig": 15, "HubAccessConfig": 15},),
    "CheckpointConfig": ({"LocalPath": 20},),
    "OutputDataConfig": ({"KmsKeyId": 8, "CompressionType": 4},),
    "ResourceConfig": (
        {
            "VolumeSizeInGB": 20,
            "VolumeKmsKeyId": 6,
            "InstanceGroups": 4,
            "InstancePreferences": 4,
            "InstancePlacementConfig": 2,
            "TrainingPlanArn": 2,
            "KeepAlivePeriodInSeconds": 2,
        },
    ),
    "HyperParameterTuningResourceConfig": (
        {"InstanceConfigs": 40, "InstanceConfigs AllocationStrategy": 20, "VolumeKmsKeyId": 10},
    ),
    "StoppingCondition": (
        {"MaxRuntimeInSeconds": 90, "MaxRuntimeInSeconds MaxPendingTimeInSeconds": 4},
        {"MaxWaitTimeInSeconds": 10},
    ),
    "ParentHyperParameterTuningJob": ({"HyperParameterTuningJobName": 100},),
}
"""By class, the shares of optional members, or of several of them with spaces between. One mapping is one choice.

Other optional members are in an instance if other members need them, such as `StrategyConfig` for Hyperband.
"""
