"""The values of the members of plausible requests, and the hyperparameters and metrics of custom images.

The first value is the simplest one, to which a failing example shrinks. Texts may contain ``{region}``, ``{partition}``
and ``{suffix}``, which are those of the region of the request.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hptsdk.testing.strategies._profile import STRATEGIES
from hptsdk.testing.strategies._shares import Shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.enums import HyperParameterScalingType, HyperParameterTuningJobObjectiveType

__all__ = ["CATEGORIES", "CHANNEL_NAMES", "CONTINUOUS", "INTEGERS", "METRICS", "STATIC_VALUES", "VALUES", "values_of"]

_ACCOUNT = "123456789012"
_ROLES = tuple(
    f"arn:{{partition}}:iam::{_ACCOUNT}:role/{name}"
    for name in (
        "SageMakerRole",
        "service-role/AmazonSageMaker-ExecutionRole-20261127T090000",
        "ml-team/training",
        "tuning@research",
    )
)
_KEYS = (
    f"arn:{{partition}}:kms:{{region}}:{_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "alias/training",
)
_PLANS = (f"arn:{{partition}}:sagemaker:{{region}}:{_ACCOUNT}:training-plan/november",)
_BUCKETS = ("amzn-s3-demo-bucket", "amzn-s3-demo-bucket1", f"sagemaker-{{region}}-{_ACCOUNT}", "amzn-s3-demo-bucket2")
_DATA = ("train", "data/2026-11-27", "churn/v2/train.csv", "images/resized", "features/daily")
_RESULTS = ("out", "models", "churn/models", "jobs/2026-11")
_NAMES = ("tuning", "churn", "demand-forecast", "resnet50", "fraud", "llm-lora", "nightly", "Segmentation")
_SUFFIXES = ("", "-1", "-2", "-2026-11-27", "-v10", "-261127-0900")
_CPU = ("ml.m5.xlarge", "ml.m5.2xlarge", "ml.c5.2xlarge", "ml.m5.4xlarge", "ml.r5.2xlarge", "ml.m6i.xlarge")
_GPU = ("ml.g4dn.xlarge", "ml.g5.xlarge", "ml.g5.2xlarge", "ml.p3.2xlarge", "ml.g6.4xlarge", "ml.p4d.24xlarge")
_COUNTS = {1: 84, 2: 10, 4: 4, 8: 2}
_SIZES = (30, 10, 50, 100)

CHANNEL_NAMES = ("train", "validation", "test", "labels", "vocabulary.txt")
"""The names of the first channels of a definition, in this order."""

# Common texts by member, for all classes that have such a member.
_COMMON: dict[str, Any] = {
    "role_arn": _ROLES,
    "kms_key_id": _KEYS,
    "volume_kms_key_id": _KEYS,
    "training_plan_arn": _PLANS,
    "training_plan_arns": _PLANS,
    "hyper_parameter_tuning_job_name": tuple(f"{name}{suffix}" for suffix in _SUFFIXES for name in _NAMES),
    "instance_type": (*_CPU, *_GPU),
    "instance_count": _COUNTS,
    "volume_size_in_gb": _SIZES,
    "s3_output_path": tuple(f"s3://{bucket}/{path}/" for path in _RESULTS for bucket in _BUCKETS),
}

# Metrics of custom images: name, type of the objective, and regular expression.
METRICS: Sequence[tuple[str, HyperParameterTuningJobObjectiveType, str]] = (
    ("loss", "Minimize", r"loss=(\S+)"),
    ("validation:accuracy", "Maximize", r"val_acc: ([0-9.]+)"),
    ("auc", "Maximize", r"AUC = (\d\.\d+)"),
    ("validation:rmse", "Minimize", r"rmse:(\S+)"),
    ("f1", "Maximize", r"\[eval\] F1 ([0-9.]+)"),
    ("reward", "Maximize", r"(?i)episode return (?P<value>-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)"),
)

# Hyperparameters of custom images with their bounds and scaling; a name may have several ranges.
CONTINUOUS: Sequence[tuple[str, str, str, HyperParameterScalingType | None]] = (
    ("learning_rate", "0.001", "0.3", None),
    ("learning_rate", "1e-5", "0.1", "Logarithmic"),
    ("learning_rate", "0.0001", "0.01", "Logarithmic"),
    ("learning_rate", "1e-6", "5e-4", "Auto"),
    ("dropout", "0.0", "0.5", "Linear"),
    ("dropout", "0.1", "0.9", None),
    ("weight_decay", "1e-6", "0.01", "Logarithmic"),
    ("weight_decay", "0", "0.1", "Linear"),
    ("momentum", "0.8", "0.999", "ReverseLogarithmic"),
    ("momentum", "0.5", "0.99", None),
    ("shift", "-1.0", "1.0", None),
    ("shift", "-0.25", "0.25", "Linear"),
)
INTEGERS: Sequence[tuple[str, str, str, HyperParameterScalingType | None]] = (
    ("batch_size", "16", "512", "Logarithmic"),
    ("batch_size", "8", "128", None),
    ("batch_size", "1", "64", "Auto"),
    ("num_layers", "1", "8", "Linear"),
    ("num_layers", "2", "12", None),
    ("hidden_units", "32", "1024", "Logarithmic"),
    ("hidden_units", "64", "256", None),
)
# Categorical hyperparameters, likewise, with their values.
CATEGORIES: Sequence[tuple[str, Sequence[str]]] = (
    ("optimizer", ("adam", "sgd")),
    ("optimizer", ("adam", "sgd", "rmsprop")),
    ("optimizer", ("adamw", "lamb")),
    ("activation", ("relu", "tanh")),
    ("activation", ("relu", "gelu", "swish")),
    ("augmentation", ("true", "false")),
    ("augmentation", ("none", "flip", "flip and crop")),
    ("kernel_size", ("3", "5")),
    ("kernel_size", ("3", "5", "7")),
)

# Values of static hyperparameters that first-party algorithms require; those of others are their first or lowest value.
STATIC_VALUES = {
    "context_length": "24", "enc0_max_seq_len": "50", "enc0_vocab_size": "10000", "epochs": "20", "feature_dim": "50",
    "k": "10", "mini_batch_size": "100", "num_class": "3", "num_classes": "10", "num_entity_vectors": "20000",
    "num_factors": "64", "num_round": "100", "num_topics": "10", "num_training_samples": "10000",
    "prediction_length": "24", "sample_size": "5000", "time_freq": "D", "vector_dim": "128",
}  # fmt: skip

VALUES: Mapping[str, Mapping[str, Any]] = {
    "Tag": {
        "key": ("team", "project", "cost-center", "owner", "environment", "stage:name", "Größe", "チーム"),
        "value": (
            "growth",
            "churn",
            "1234",
            "",
            "test",
            "ana@example.com",
            "Zürich",
            "研究",
            "данные и модели",
            "v1.0+exp_2/a",
        ),
    },
    "HyperParameterTuningJobConfig": {
        "strategy": STRATEGIES,
        "training_job_early_stopping_type": {"Auto": 75, "Off": 25},
        "random_seed": range(10_000),
    },
    "HyperbandStrategyConfig": {"min_resource": (1, 2, 3, 5, 10), "max_resource": (9, 10, 27, 30, 50, 81, 100, 200)},
    "ResourceLimits": {
        "max_number_of_training_jobs": range(1, 501),
        "max_parallel_training_jobs": range(1, 11),
        "max_runtime_in_seconds": (172_800, 259_200, 604_800, 1_209_600, 2_592_000),
    },
    "TuningJobCompletionCriteria": {"target_objective_metric_value": (0.9, 0.95, 0.1, 0.01, 1.5, 42.0)},
    "BestObjectiveNotImproving": {"max_number_of_training_jobs_not_improving": range(3, 31)},
    "ConvergenceDetected": {"complete_on_convergence": {"Enabled": 90, "Disabled": 10}},
    "Autotune": {"mode": ("Enabled",)},
    "InstancePlacementConfig": {"enable_multiple_jobs": {True: 70, False: 30}},
    "HyperParameterTuningResourceConfig": {"allocation_strategy": ("Prioritized",)},
    "ModelAccessConfig": {"accept_eula": (True,)},
    "AutoParameter": {"name": ("batch_size", "dropout", "momentum"), "value_hint": ("64", "0.1", "0.9")},
    "HyperParameterTrainingJobDefinition": {
        "enable_managed_spot_training": {True: 96, False: 4},
        "enable_network_isolation": {True: 90, False: 10},
        "enable_inter_container_traffic_encryption": {True: 90, False: 10},
        "definition_name": ("first", "xgboost", "resnet", "baseline", "large-model"),
        "static_hyper_parameters": (
            ("epochs", "10"),
            ("seed", "42"),
            ("objective", "binary:logistic"),
            ("early_stopping_patience", "5"),
            ("num_classes", "10"),
            ("shuffle", "true"),
            ("pretrained", "True"),
            ("layers", "[64, 32]"),
            ("model_name", '"bert-base-uncased"'),
            ("warmup_ratio", "0.06"),
        ),
        "environment": (
            ("LOG_LEVEL", "INFO"),
            ("NCCL_DEBUG", "WARN"),
            ("TOKENIZERS_PARALLELISM", "false"),
            ("PYTHONUNBUFFERED", "1"),
            ("EXPERIMENT", "churn v2"),
        ),
    },
    "HyperParameterAlgorithmSpecification": {
        "training_input_mode": {"File": 88, "FastFile": 8, "Pipe": 4},
        "training_image": tuple(
            f"{_ACCOUNT}.dkr.ecr.{{region}}.{{suffix}}/{image}"
            for image in (
                "mine:1",
                "churn:latest",
                "ml-team/pytorch-resnet:2.1-py310",
                "tuning@sha256:" + "0a" * 32,
            )
        ),
        "algorithm_name": (
            "churn-model",
            f"arn:{{partition}}:sagemaker:{{region}}:{_ACCOUNT}:algorithm/churn-model",
            "Forecast-2",
        ),
    },
    "Channel": {
        "channel_name": CHANNEL_NAMES,
        "content_type": ("text/csv", "application/x-parquet", "application/json", "application/x-image"),
        "input_mode": {"File": 50, "FastFile": 40, "Pipe": 10},
        "compression_type": {"Gzip": 70, "None": 30},
        "record_wrapper_type": {"RecordIO": 60, "None": 40},
    },
    "ShuffleConfig": {"seed": range(1000)},
    "S3DataSource": {
        "s3_uri": tuple(f"s3://{bucket}/{path}" for path in _DATA for bucket in _BUCKETS),
        "s3_data_type": {"S3Prefix": 94, "ManifestFile": 5, "Converse": 1},
        "s3_data_distribution_type": {"FullyReplicated": 70, "ShardedByS3Key": 30},
        "attribute_names": ("source-ref", "label", "label-metadata"),
    },
    "HubAccessConfig": {
        "hub_content_arn": (f"arn:{{partition}}:sagemaker:{{region}}:{_ACCOUNT}:hub-content/hub/Model/bert/1.0.0",)
    },
    "FileSystemDataSource": {
        "file_system_id": ("fs-0123456789abcdef0", "fs-1a2b3c4d"),
        "file_system_access_mode": {"ro": 80, "rw": 20},
        "file_system_type": {"EFS": 60, "FSxLustre": 40},
        "directory_path": ("/train", "/data/images", "/fsx/train"),
    },
    "DatasetSource": {
        "dataset_arn": (f"arn:{{partition}}:sagemaker:{{region}}:{_ACCOUNT}:hub-content/hub/DataSet/churn/1.0.0",)
    },
    "VpcConfig": {
        "security_group_ids": ("sg-0123456789abcdef0", "sg-0a1b2c3d4e5f67890", "sg-1a2b3c4d"),
        "subnets": ("subnet-0123456789abcdef0", "subnet-0a1b2c3d4e5f67890", "subnet-9876543210fedcba9"),
    },
    "OutputDataConfig": {"compression_type": {"GZIP": 40, "NONE": 60}},
    "CheckpointConfig": {
        "s3_uri": tuple(f"s3://{bucket}/checkpoints/" for bucket in _BUCKETS),
        "local_path": ("/opt/ml/checkpoints", "/opt/ml/checkpoints/model"),
    },
    "RetryStrategy": {"maximum_retry_attempts": (1, 2, 3, 5, 10, 30)},
    "ResourceConfig": {
        "keep_alive_period_in_seconds": (600, 1800, 3600),
    },
    "InstanceGroup": {"instance_group_name": ("workers", "data", "gpu")},
    "PlacementSpecification": {"ultra_server_id": ("ultraserver-1", "ultraserver-2")},
    "StoppingCondition": {
        "max_runtime_in_seconds": (3600, 1800, 7200, 14_400, 21_600, 43_200, 86_400),
        "max_wait_time_in_seconds": (0, 600, 3600, 7200, 86_400),
        "max_pending_time_in_seconds": (7200, 1800, 86_400),
    },
    "HyperParameterTuningJobWarmStartConfig": {
        "warm_start_type": {"IdenticalDataAndAlgorithm": 50, "TransferLearning": 50},
    },
}
"""By class, the values of members: equally frequent ones, or ones with their shares in percent.

The values of a list are its possible items, and those of a map its possible entries. The maximum wait time is added to
the maximum runtime.
"""


@cache
def values_of(cls: str, member: str) -> Any:  # noqa: ANN401 - the values of a member have any type
    """Return the plausible values of a member, with their shares if they have any; None if there are none."""
    values: Any = VALUES.get(cls, {}).get(member, _COMMON.get(member))
    return Shares.of(values) if _has_shares(values) else values


def _has_shares(values: object) -> bool:
    """Check whether values have shares."""
    return isinstance(values, dict)
