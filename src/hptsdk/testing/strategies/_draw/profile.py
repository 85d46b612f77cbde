"""The profile of plausible requests: the shares of their members, the values, and the ranges of custom images.

To change how frequent a member or a value is, change these tables. A mapping of values has shares in percent, which sum
to 100; the values of a sequence are equally frequent. The first alternative is the simplest one, to which a failing
example shrinks. Texts may contain ``{region}``, and the ``{partition}`` and the ``{suffix}`` of domains of the region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CUSTOM, RESOURCE = "custom image", "algorithm resource"

# The algorithms of definitions: a custom image, the image of a built-in algorithm, or an algorithm resource.
ALGORITHMS = {CUSTOM: 60, "built-in": 32, RESOURCE: 8}
# The numbers of definitions, each with whether they are in `TrainingJobDefinitions`.
DEFINITIONS = {(1, False): 84, (1, True): 4, (2, True): 8, (3, True): 4}
# The numbers of channels of a definition with a custom image.
CHANNELS = {0: 10, 1: 60, 2: 20, 3: 5, 4: 5}
# The percentages with tags, with static hyperparameters of custom algorithms, and with other optional members.
WITH_TAGS, WITH_STATIC, WITH_OPTIONS = 50, 60, 60
# The percentage of further tags, ranges, entries or optional members after each one, and their maximum number.
MORE_ITEMS, MOST_ITEMS = 55, 5
# The numbers of items of other lists.
ITEMS = {1: 65, 2: 20, 3: 10, 4: 5}
# The numbers of metrics of a custom image besides the objective metric.
OTHER_METRICS = {0: 70, 1: 20, 2: 10}
# The percentage of definitions with managed spot training that have a `CheckpointConfig`.
SPOT_WITH_CHECKPOINTS = 90
# The percentage of S3 data sources in Pipe mode that are augmented manifest files.
PIPE_WITH_AUGMENTED_MANIFEST = 30
_NO_OPTIONS = dict.fromkeys(
    ("S3DataDistributionType", "AttributeNames", "InstanceGroupNames", "ModelAccessConfig", "HubAccessConfig")
)
_PREFIX = {**_NO_OPTIONS, "S3DataType": "S3Prefix"}
SOURCES: Sequence[tuple[int, str, Mapping[str, str | None]]] = (
    (60, "S3DataSource", _PREFIX),
    (10, "S3DataSource", {**_PREFIX, "S3DataDistributionType": "FullyReplicated"}),
    (10, "S3DataSource", {**_PREFIX, "S3DataDistributionType": "ShardedByS3Key"}),
    (5, "S3DataSource", {**_NO_OPTIONS, "S3DataType": "ManifestFile"}),
    (5, "S3DataSource", {}),
    (5, "FileSystemDataSource", {}),
    (5, "DatasetSource", {}),
)
"""The data sources of channels: shares, which sum to 100, and the members that are decided; None omits a member."""

DRAWN_TOGETHER = {
    "CreateHyperParameterTuningJobRequest": ("HyperParameterTuningJobConfig", "ResourceLimits"),
    "HyperParameterTrainingJobDefinition": ("OutputDataConfig", "ResourceConfig", "StoppingCondition"),
}
"""The structures whose optional members are drawn together with those of a request or of a definition."""

SHARES: Mapping[str, Sequence[Mapping[str, int]]] = {
    "CreateHyperParameterTuningJobRequest": ({"WarmStartConfig": 10, "Autotune": 6},),
    "HyperParameterTuningJobConfig": (
        {"TrainingJobEarlyStoppingType": 40},
        {"RandomSeed": 20, "TuningJobCompletionCriteria": 12},
    ),
    "ResourceLimits": ({"MaxRuntimeInSeconds": 12},),
    "HyperbandStrategyConfig": ({"MaxResource": 100}, {"MinResource": 50}),
    "TuningJobCompletionCriteria": (
        {"BestObjectiveNotImproving": 40, "ConvergenceDetected": 35, "TargetObjectiveMetricValue": 25},
    ),
    "BestObjectiveNotImproving": ({"MaxNumberOfTrainingJobsNotImproving": 100},),
    "ConvergenceDetected": ({"CompleteOnConvergence": 100},),
    "HyperParameterTrainingJobDefinition": (
        {"EnableManagedSpotTraining": 12, "CheckpointConfig": 4},
        {"VpcConfig": 8},
        {"Environment": 8},
        {"RetryStrategy": 6, "HyperParameterTuningResourceConfig": 6},
        {"EnableNetworkIsolation": 4, "EnableInterContainerTrafficEncryption": 2},
    ),
    "Channel": (
        {"ContentType": 40, "CompressionType": 15, "InputMode": 5, "RecordWrapperType": 5, "ShuffleConfig": 5},
    ),
    "S3DataSource": ({"S3DataDistributionType": 25, "ModelAccessConfig": 15, "HubAccessConfig": 15},),
    "CheckpointConfig": ({"LocalPath": 20},),
    "OutputDataConfig": ({"KmsKeyId": 8, "CompressionType": 4},),
    "ResourceConfig": (
        {
            "VolumeSizeInGB": 14,
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
    "StoppingCondition": ({"MaxPendingTimeInSeconds": 4},),
}
"""By class, the shares of optional members, or of several that spaces separate. One mapping is one choice.

The rest to 100 is the share of none of them. The shares of a request and its structures in `DRAWN_TOGETHER` are even
and sum to 100, and those of a definition likewise: on average, about one of all these members is drawn.
Other optional members are in an instance if other members need them, such as `StrategyConfig` for Hyperband.
"""

_ACCOUNT = "123456789012"
_ARN = f"arn:{{partition}}:sagemaker:{{region}}:{_ACCOUNT}"
_KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
_KEYS = (f"arn:{{partition}}:kms:{{region}}:{_ACCOUNT}:key/{_KEY}", _KEY, "alias/training")
_PLAN = f"{_ARN}:training-plan/november"
_BUCKETS = ("amzn-s3-demo-bucket", "amzn-s3-demo-bucket1", f"sagemaker-{{region}}-{_ACCOUNT}")
_NAMES = ("tuning", "churn", "demand-forecast", "resnet50", "fraud", "llm-lora", "nightly", "Segmentation")
_TYPES = (
    *("ml.m5.xlarge", "ml.m5.2xlarge", "ml.c5.2xlarge", "ml.m5.4xlarge", "ml.r5.2xlarge", "ml.m6i.xlarge"),
    *("ml.g4dn.xlarge", "ml.g5.xlarge", "ml.g5.2xlarge", "ml.p3.2xlarge", "ml.g6.4xlarge", "ml.p4d.24xlarge"),
)


def _uris(*paths: str) -> tuple[str, ...]:
    return tuple(f"s3://{bucket}/{path}" for path in paths for bucket in _BUCKETS)


def _instances(*instance_types: str, **members: object) -> list[dict[str, object]]:
    return [{"InstanceType": instance_type, **members} for instance_type in instance_types]


def _group(name: str, instance_type: str, count: int) -> dict[str, object]:
    return {"InstanceGroupName": name, "InstanceType": instance_type, "InstanceCount": count}


_RESOURCES: Mapping[str, Any] = {
    "InstanceType": _TYPES,
    "InstanceCount": {1: 80, 2: 10, 4: 5, 8: 5},
    "VolumeSizeInGB": (30, 10, 50, 100),
    "VolumeKmsKeyId": _KEYS,
}

# Metrics of custom images: name, type of the objective, and regular expression.
METRICS: Sequence[tuple[str, str, str]] = (
    ("loss", "Minimize", r"loss=(\S+)"),
    ("validation:accuracy", "Maximize", r"val_acc: ([0-9.]+)"),
    ("auc", "Maximize", r"AUC = (\d\.\d+)"),
    ("validation:rmse", "Minimize", r"rmse:(\S+)"),
    ("f1", "Maximize", r"\[eval\] F1 ([0-9.]+)"),
    ("reward", "Maximize", r"(?i)episode return (?P<value>-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)"),
)

_METRIC_NAMES = tuple(name for name, _, _ in METRICS)

# Hyperparameters of custom images with their bounds and scaling; a name may have several ranges.
CONTINUOUS: Sequence[tuple[str, str, str, str | None]] = (
    ("lr", "0.001", "0.1", None),
    ("learning_rate", "1e-5", "0.1", "Logarithmic"),
    ("learning_rate", "0.0001", "0.01", "Logarithmic"),
    ("learning_rate", "1e-6", "5e-4", "Auto"),
    ("dropout", "0.0", "0.5", "Linear"),
    ("weight_decay", "1e-6", "0.01", "Logarithmic"),
    ("weight_decay", "0", "0.1", "Linear"),
    ("momentum", "0.8", "0.999", "ReverseLogarithmic"),
    ("momentum", "0.5", "0.99", None),
    ("shift", "-1.0", "1.0", None),
)
INTEGERS: Sequence[tuple[str, str, str, str | None]] = (
    ("batch_size", "16", "512", "Logarithmic"),
    ("batch_size", "8", "128", None),
    ("batch_size", "1", "64", "Auto"),
    ("num_layers", "1", "8", "Linear"),
    ("hidden_units", "32", "1024", "Logarithmic"),
)

# Categorical ones, with their values, separated by spaces.
CATEGORIES: Sequence[tuple[str, str]] = (
    ("optimizer", "adam sgd"),
    ("optimizer", "adam sgd rmsprop"),
    ("activation", "relu tanh"),
    ("activation", "relu gelu swish"),
    ("augmentation", "true false"),
    ("kernel_size", "3 5"),
)

# Values of static hyperparameters that built-in algorithms require; others have their first, default or lowest value.
STATIC_VALUES = {
    "context_length": "24", "enc0_max_seq_len": "50", "enc0_vocab_size": "10000", "epochs": "20", "feature_dim": "50",
    "k": "10", "mini_batch_size": "100", "num_class": "3", "num_classes": "10", "num_entity_vectors": "20000",
    "num_factors": "64", "num_round": "100", "num_topics": "10", "num_training_samples": "10000",
    "prediction_length": "24", "sample_size": "5000", "time_freq": "D", "vector_dim": "128",
}  # fmt: skip

UNKNOWN_TYPES = ("ml.m99.xlarge", "ml.x1.metal-48xl")
"""Instance types that hptsdk does not know."""

VALUES: Mapping[str, Mapping[str, Any]] = {
    "CreateHyperParameterTuningJobRequest": {
        "region": {
            "us-east-1": 42,
            "us-west-2": 14,
            "eu-west-1": 10,
            "eu-central-1": 8,
            "ap-northeast-1": 6,
            "us-east-2": 4,
            "ap-southeast-2": 3,
            "ap-south-1": 3,
            "ca-central-1": 2,
            "eu-north-1": 2,
            "sa-east-1": 2,
            "us-gov-west-1": 2,
            "cn-north-1": 2,
        },
        "HyperParameterTuningJobName": tuple(
            f"{name}{suffix}" for suffix in ("", "-1", "-2", "-2026-11-27", "-v10", "-261127-0900") for name in _NAMES
        ),
    },
    "ParentHyperParameterTuningJob": {"HyperParameterTuningJobName": tuple(f"{name}-0" for name in _NAMES)},
    "Tag": {
        "Key": ("team", "project", "cost-center", "owner", "environment", "stage:name", "Größe", "チーム"),
        "Value": ("growth", "churn", "1234", "", "test", "ana@example.com", "Zürich", "研究", "v1.0+exp_2/a"),
    },
    "HyperParameterTuningJobObjective": {"MetricName": _METRIC_NAMES, "Type": ("Minimize", "Maximize")},
    "MetricDefinition": {"Name": _METRIC_NAMES},
    "HyperParameterTuningJobConfig": {
        "Strategy": {"Bayesian": 50, "Random": 25, "Hyperband": 15, "Grid": 10},
        "TrainingJobEarlyStoppingType": {"Auto": 75, "Off": 25},
        "RandomSeed": range(10_000),
    },
    "HyperbandStrategyConfig": {"MaxResource": (9, 10, 27, 30, 50, 81, 100, 200), "MinResource": (1, 2, 3, 5, 9)},
    "ResourceLimits": {
        "MaxNumberOfTrainingJobs": (*range(1, 17), 20, 25, 30, 40, 50, 75, 100, 250, 500),
        "MaxParallelTrainingJobs": range(1, 11),
        "MaxRuntimeInSeconds": (172_800, 259_200, 604_800, 1_209_600, 2_592_000),
    },
    "TuningJobCompletionCriteria": {"TargetObjectiveMetricValue": (0.9, 0.95, 0.1, 0.01, 1.5, 42.0)},
    "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": range(3, 31)},
    "ConvergenceDetected": {"CompleteOnConvergence": {"Enabled": 90, "Disabled": 10}},
    "Autotune": {"Mode": ("Enabled",)},
    "HyperParameterTuningJobWarmStartConfig": {"WarmStartType": ("IdenticalDataAndAlgorithm", "TransferLearning")},
    "AutoParameter": {"Name": ("patience", "warmup_steps", "clip_norm"), "ValueHint": ("5", "0.1", "64")},
    "HyperParameterTrainingJobDefinition": {
        "DefinitionName": ("first", "xgboost", "resnet", "baseline", "large-model"),
        "RoleArn": tuple(
            f"arn:{{partition}}:iam::{_ACCOUNT}:role/{name}"
            for name in (
                "tuning",
                "service-role/AmazonSageMaker-ExecutionRole-20261127T090000",
                "ml-team/training",
                "tuning@research",
            )
        ),
        "EnableManagedSpotTraining": {True: 95, False: 5},
        "EnableNetworkIsolation": {True: 90, False: 10},
        "EnableInterContainerTrafficEncryption": {True: 90, False: 10},
        "StaticHyperParameters": (
            ("epochs", "10"),
            ("seed", "42"),
            ("objective", "binary:logistic"),
            ("shuffle", "true"),
            ("layers", "[64, 32]"),
            ("model_name", '"bert-base-uncased"'),
        ),
        "Environment": (
            ("LOG_LEVEL", "INFO"),
            ("TOKENIZERS_PARALLELISM", "false"),
            ("PYTHONUNBUFFERED", "1"),
            ("EXPERIMENT", "churn v2"),
        ),
    },
    "HyperParameterAlgorithmSpecification": {
        "TrainingInputMode": {"File": 85, "FastFile": 10, "Pipe": 5},
        "TrainingImage": tuple(
            f"{_ACCOUNT}.dkr.ecr.{{region}}.{{suffix}}/{image}"
            for image in ("mine:1", "churn:latest", "ml-team/pytorch-resnet:2.1-py310", "tuning@sha256:" + "0a" * 32)
        ),
        "AlgorithmName": ("churn-model", f"{_ARN}:algorithm/churn-model", "Forecast-2"),
    },
    "Channel": {
        "ChannelName": ("train", "validation", "test", "labels", "vocabulary.txt"),
        "ContentType": ("text/csv", "application/x-parquet", "application/json", "application/x-image"),
        "InputMode": {"File": 50, "FastFile": 40, "Pipe": 10},
        "CompressionType": {"Gzip": 90, "None": 10},
        "RecordWrapperType": {"RecordIO": 60, "None": 40},
    },
    "ShuffleConfig": {"Seed": range(1000)},
    "S3DataSource": {
        "S3Uri": _uris("train", "data/2026-11-27", "churn/v2", "images/resized"),
        "S3DataType": {"S3Prefix": 80, "ManifestFile": 10, "Converse": 10},
        "S3DataDistributionType": {"FullyReplicated": 70, "ShardedByS3Key": 30},
        "AttributeNames": (["source-ref"], ["source-ref", "label"], ["source-ref", "label", "label-metadata"]),
    },
    "HubAccessConfig": {"HubContentArn": (f"{_ARN}:hub-content/hub/Model/bert/1.0.0",)},
    "FileSystemDataSource": {
        "FileSystemId": ("fs-0123456789abcdef0", "fs-1a2b3c4d"),
        "FileSystemAccessMode": {"ro": 80, "rw": 20},
        "FileSystemType": {"EFS": 60, "FSxLustre": 40},
        "DirectoryPath": ("/train", "/data/images", "/fsx/train"),
    },
    "DatasetSource": {"DatasetArn": (f"{_ARN}:hub-content/hub/DataSet/churn/1.0.0",)},
    "VpcConfig": {
        "SecurityGroupIds": (["sg-0123456789abcdef0"], ["sg-0a1b2c3d4e5f67890", "sg-1a2b3c4d"]),
        "Subnets": (["subnet-0123456789abcdef0"], ["subnet-0a1b2c3d4e5f67890", "subnet-9876543210fedcba9"]),
    },
    "OutputDataConfig": {
        "S3OutputPath": _uris("out", "models/", "churn/models/", "jobs/2026-11/"),
        "KmsKeyId": _KEYS,
        "CompressionType": {"GZIP": 40, "NONE": 60},
    },
    "CheckpointConfig": {
        "S3Uri": _uris("checkpoints/"),
        "LocalPath": ("/opt/ml/checkpoints", "/opt/ml/checkpoints/model"),
    },
    "RetryStrategy": {"MaximumRetryAttempts": (1, 2, 3, 5, 10, 30)},
    "ResourceConfig": {
        **_RESOURCES,
        "KeepAlivePeriodInSeconds": (600, 1800, 3600),
        "TrainingPlanArn": (_PLAN,),
        "InstanceGroups": (
            [_group("workers", "ml.m5.xlarge", 2)],
            [_group("data", "ml.c5.2xlarge", 1), _group("gpu", "ml.g5.xlarge", 1)],
        ),
        "InstancePreferences": (
            _instances("ml.m5.xlarge", "ml.m5.2xlarge"),
            _instances("ml.g5.xlarge", "ml.g4dn.xlarge", InstanceCount=1),
            _instances("ml.p4d.24xlarge", TrainingPlanArns=[_PLAN]),
        ),
        "InstancePlacementConfig": (
            {},
            {"EnableMultipleJobs": True},
            {"PlacementSpecifications": [{"UltraServerId": "ultraserver-1", "InstanceCount": 1}]},
            {"EnableMultipleJobs": False, "PlacementSpecifications": [{"InstanceCount": 2}]},
        ),
    },
    "HyperParameterTuningResourceConfig": {
        **_RESOURCES,
        "AllocationStrategy": ("Prioritized",),
        "InstanceConfigs": (
            _instances("ml.m5.xlarge", "ml.m5.2xlarge", InstanceCount=1, VolumeSizeInGB=30),
            _instances("ml.g5.xlarge", "ml.g4dn.xlarge", InstanceCount=2, VolumeSizeInGB=50),
        ),
    },
    "InstanceGroup": {**_RESOURCES, "InstanceGroupName": ("workers", "data", "gpu")},
    "InstancePreference": _RESOURCES,
    "HyperParameterTuningInstanceConfig": _RESOURCES,
    "PlacementSpecification": {"InstanceCount": (1, 2)},
    "StoppingCondition": {
        "MaxRuntimeInSeconds": (None, 3600, 1800, 7200, 14_400, 21_600, 43_200, 86_400),
        # at least the maximum runtime
        "MaxWaitTimeInSeconds": (3600, 7200, 43_200, 86_400, 172_800),
        "MaxPendingTimeInSeconds": (7200, 1800, 86_400),
    },
}
"""By class, the values of members."""
