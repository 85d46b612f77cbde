"""The shares of the optional members and of the alternatives of plausible requests, in percent.

To change how frequent a member is, change these tables. The first alternative is the simplest one, to which a failing
example shrinks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "ALGORITHM_SHARES",
    "ANOTHER_ITEM",
    "ANOTHER_RANGE",
    "AUGMENTED_MANIFESTS",
    "CUSTOM",
    "DEFINITION_FORMS",
    "OTHER_METRICS",
    "RARELY_OMITTED",
    "REGIONS",
    "RESOURCE",
    "SHARES",
    "SOURCES",
    "STRATEGIES",
    "WITH_CHECKPOINTS",
]

CUSTOM, RESOURCE = "custom image", "algorithm resource"

ALGORITHM_SHARES = {CUSTOM: 60, "first-party": 32, RESOURCE: 8}
"""The algorithms of definitions: a custom image, the image of a first-party algorithm, or an algorithm resource."""

REGIONS = {
    "us-east-1": 42, "us-west-2": 14, "eu-west-1": 10, "eu-central-1": 8, "ap-northeast-1": 6, "us-east-2": 4,
    "ap-southeast-2": 3, "ap-south-1": 3, "ca-central-1": 2, "eu-north-1": 2, "sa-east-1": 2, "us-gov-west-1": 2,
    "cn-north-1": 2,
}  # fmt: skip

STRATEGIES = {"Bayesian": 52, "Random": 24, "Hyperband": 12, "Grid": 12}

DEFINITION_FORMS = {(1, False): 86, (1, True): 2, (2, True): 8, (3, True): 2, (5, True): 2}
"""The numbers of definitions, each with whether they are in `TrainingJobDefinitions`."""

WITH_CHECKPOINTS = 90
"""How many definitions with managed spot training have a `CheckpointConfig`."""

ANOTHER_ITEM = 35
"""How many lists have another item after each item."""

ANOTHER_RANGE = 50
"""How many definitions have another range after each range."""

RARELY_OMITTED = 5
"""A member that is omitted at most so often is in the simplest instance."""

SOURCES: Sequence[tuple[int, str, Mapping[str, str]]] = (
    (67, "s3_data_source", {"s3_data_type": "S3Prefix"}),
    (12, "s3_data_source", {"s3_data_type": "S3Prefix", "s3_data_distribution_type": "FullyReplicated"}),
    (8, "s3_data_source", {"s3_data_type": "S3Prefix", "s3_data_distribution_type": "ShardedByS3Key"}),
    (5, "s3_data_source", {"s3_data_type": "ManifestFile"}),
    (3, "s3_data_source", {}),
    (4, "file_system_data_source", {}),
    (1, "dataset_source", {}),
)
"""The data sources of channels: the share, and the members of a data source that are decided; {} decides none."""

AUGMENTED_MANIFESTS = 30
"""How many data sources that are read in Pipe mode are augmented manifest files."""

OTHER_METRICS = 35
"""How many custom images have other metrics than the objective metric."""

SHARES: Mapping[str, Sequence[Mapping[str, int]]] = {
    "CreateHyperParameterTuningJobRequest": ({"tags": 40}, {"warm_start_config": 10, "autotune": 5}),
    "AddTagsInput": ({"tags": 100},),
    "HyperParameterTuningJobConfig": (
        {"training_job_early_stopping_type": 40},
        {"random_seed": 15, "tuning_job_completion_criteria": 10},
        {"parameter_ranges": 100},
        {"hyper_parameter_tuning_job_objective": 95},
    ),
    "HyperParameterTuningJobStrategyConfig": ({"hyperband_strategy_config": 100},),
    "HyperbandStrategyConfig": ({"max_resource": 100}, {"min_resource": 50}),
    "ResourceLimits": (
        {
            "max_number_of_training_jobs": 90,
            "max_number_of_training_jobs max_runtime_in_seconds": 8,
            "max_runtime_in_seconds": 2,
        },
    ),
    "TuningJobCompletionCriteria": (
        {"best_objective_not_improving": 40, "convergence_detected": 35, "target_objective_metric_value": 25},
    ),
    "BestObjectiveNotImproving": ({"max_number_of_training_jobs_not_improving": 100},),
    "ConvergenceDetected": ({"complete_on_convergence": 100},),
    "ContinuousParameterRange": ({"scaling_type": 60},),
    "IntegerParameterRange": ({"scaling_type": 40},),
    "ParameterRanges": ({"auto_parameters": 50},),
    "HyperParameterTrainingJobDefinition": (
        {"static_hyper_parameters": 60},
        {"input_data_config": 90},
        {"enable_managed_spot_training": 12, "checkpoint_config": 4},
        {
            "vpc_config": 8,
            "environment": 8,
            "retry_strategy": 6,
            "hyper_parameter_tuning_resource_config": 6,
            "enable_network_isolation": 4,
            "enable_inter_container_traffic_encryption": 2,
            "tuning_objective": 2,
        },
    ),
    "HyperParameterAlgorithmSpecification": ({"metric_definitions": 100},),
    "Channel": (
        {"content_type": 40, "input_mode": 6, "compression_type": 6, "record_wrapper_type": 4, "shuffle_config": 4},
    ),
    "DataSource": (),
    "S3DataSource": ({"s3_data_distribution_type": 25, "model_access_config": 2, "hub_access_config": 1},),
    "FileSystemDataSource": (),
    "VpcConfig": (),
    "CheckpointConfig": ({"local_path": 20},),
    "OutputDataConfig": ({"kms_key_id": 8, "compression_type": 4},),
    "ResourceConfig": (
        {
            "volume_size_in_gb": 20,
            "volume_kms_key_id": 6,
            "instance_groups": 4,
            "instance_preferences": 4,
            "instance_placement_config": 2,
            "training_plan_arn": 2,
            "keep_alive_period_in_seconds": 2,
        },
    ),
    "InstancePlacementConfig": ({"enable_multiple_jobs": 50}, {"placement_specifications": 50}),
    "PlacementSpecification": ({"ultra_server_id": 80},),
    "InstancePreference": ({"training_plan_arns": 30},),
    "HyperParameterTuningResourceConfig": (
        {"instance_configs": 40, "instance_configs allocation_strategy": 20, "volume_kms_key_id": 10},
    ),
    "StoppingCondition": (
        {"max_runtime_in_seconds": 90, "max_runtime_in_seconds max_pending_time_in_seconds": 4},
        {"max_wait_time_in_seconds": 10},
    ),
    "ParentHyperParameterTuningJob": (),
    "HyperParameterTuningJobObjective": (),
    "HyperParameterTuningJobWarmStartConfig": (),
    "Tag": (),
    "AutoParameter": (),
    "CategoricalParameterRange": (),
    "MetricDefinition": (),
    "HubAccessConfig": (),
    "ModelAccessConfig": (),
    "DatasetSource": (),
    "ShuffleConfig": (),
    "RetryStrategy": (),
    "InstanceGroup": (),
    "HyperParameterTuningInstanceConfig": (),
    "Autotune": (),
}
"""By class, the shares of optional members, or of several of them with spaces between. One mapping is one choice.

Other optional members are in an instance if other members need them, such as `StrategyConfig` for Hyperband.
"""
