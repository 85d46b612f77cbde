"""All structures of the tuning-job API, with their AWS names.

`dir` and editors list all classes. The examples in docstrings need ``from hptsdk.shapes import *``.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.shapes.channels import (
        Channel as Channel,
        DatasetSource as DatasetSource,
        DataSource as DataSource,
        FileSystemDataSource as FileSystemDataSource,
        HubAccessConfig as HubAccessConfig,
        ModelAccessConfig as ModelAccessConfig,
        S3DataSource as S3DataSource,
        ShuffleConfig as ShuffleConfig,
    )
    from hptsdk.shapes.compute import (
        HyperParameterTuningInstanceConfig as HyperParameterTuningInstanceConfig,
        HyperParameterTuningResourceConfig as HyperParameterTuningResourceConfig,
        InstanceGroup as InstanceGroup,
        InstancePlacementConfig as InstancePlacementConfig,
        InstancePreference as InstancePreference,
        PlacementSpecification as PlacementSpecification,
        ResourceConfig as ResourceConfig,
    )
    from hptsdk.shapes.queries import (
        AddTagsInput as AddTagsInput,
        DeleteHyperParameterTuningJobRequest as DeleteHyperParameterTuningJobRequest,
        DeleteTagsInput as DeleteTagsInput,
        DescribeHyperParameterTuningJobRequest as DescribeHyperParameterTuningJobRequest,
        DescribeTrainingJobRequest as DescribeTrainingJobRequest,
        ListHyperParameterTuningJobsRequest as ListHyperParameterTuningJobsRequest,
        ListTagsInput as ListTagsInput,
        ListTrainingJobsForHyperParameterTuningJobRequest as ListTrainingJobsForHyperParameterTuningJobRequest,
        ListTrainingJobsRequest as ListTrainingJobsRequest,
        StopHyperParameterTuningJobRequest as StopHyperParameterTuningJobRequest,
        StopTrainingJobRequest as StopTrainingJobRequest,
    )
    from hptsdk.shapes.request import (
        CreateHyperParameterTuningJobRequest as CreateHyperParameterTuningJobRequest,
        HyperParameterTuningJobWarmStartConfig as HyperParameterTuningJobWarmStartConfig,
        ParentHyperParameterTuningJob as ParentHyperParameterTuningJob,
        Tag as Tag,
    )
    from hptsdk.shapes.responses import (
        AddTagsOutput as AddTagsOutput,
        CreateHyperParameterTuningJobResponse as CreateHyperParameterTuningJobResponse,
        DeleteTagsOutput as DeleteTagsOutput,
        DescribeHyperParameterTuningJobResponse as DescribeHyperParameterTuningJobResponse,
        FinalHyperParameterTuningJobObjectiveMetric as FinalHyperParameterTuningJobObjectiveMetric,
        HyperParameterTrainingJobSummary as HyperParameterTrainingJobSummary,
        HyperParameterTuningJobCompletionDetails as HyperParameterTuningJobCompletionDetails,
        HyperParameterTuningJobConsumedResources as HyperParameterTuningJobConsumedResources,
        HyperParameterTuningJobSummary as HyperParameterTuningJobSummary,
        ListHyperParameterTuningJobsResponse as ListHyperParameterTuningJobsResponse,
        ListTagsOutput as ListTagsOutput,
        ListTrainingJobsForHyperParameterTuningJobResponse as ListTrainingJobsForHyperParameterTuningJobResponse,
        ObjectiveStatusCounters as ObjectiveStatusCounters,
        TrainingJobStatusCounters as TrainingJobStatusCounters,
    )
    from hptsdk.shapes.training import (
        CheckpointConfig as CheckpointConfig,
        HyperParameterAlgorithmSpecification as HyperParameterAlgorithmSpecification,
        HyperParameterTrainingJobDefinition as HyperParameterTrainingJobDefinition,
        MetricDefinition as MetricDefinition,
        OutputDataConfig as OutputDataConfig,
        RetryStrategy as RetryStrategy,
        StoppingCondition as StoppingCondition,
        VpcConfig as VpcConfig,
    )
    from hptsdk.shapes.training_job import (
        DescribeTrainingJobResponse as DescribeTrainingJobResponse,
        ListTrainingJobsResponse as ListTrainingJobsResponse,
        MetricData as MetricData,
        MlflowConfig as MlflowConfig,
        MlflowDetails as MlflowDetails,
        ModelArtifacts as ModelArtifacts,
        SecondaryStatusTransition as SecondaryStatusTransition,
        TrainingJobSummary as TrainingJobSummary,
        TrainingProgressInfo as TrainingProgressInfo,
        WarmPoolStatus as WarmPoolStatus,
    )
    from hptsdk.shapes.training_options import (
        AlgorithmSpecification as AlgorithmSpecification,
        CollectionConfiguration as CollectionConfiguration,
        DebugHookConfig as DebugHookConfig,
        DebugRuleConfiguration as DebugRuleConfiguration,
        DebugRuleEvaluationStatus as DebugRuleEvaluationStatus,
        ExperimentConfig as ExperimentConfig,
        InfraCheckConfig as InfraCheckConfig,
        ModelPackageConfig as ModelPackageConfig,
        ProfilerConfig as ProfilerConfig,
        ProfilerRuleConfiguration as ProfilerRuleConfiguration,
        ProfilerRuleEvaluationStatus as ProfilerRuleEvaluationStatus,
        RemoteDebugConfig as RemoteDebugConfig,
        ServerlessJobConfig as ServerlessJobConfig,
        TensorBoardOutputConfig as TensorBoardOutputConfig,
        TrainingImageConfig as TrainingImageConfig,
        TrainingRepositoryAuthConfig as TrainingRepositoryAuthConfig,
    )
    from hptsdk.shapes.tuning import (
        AutoParameter as AutoParameter,
        Autotune as Autotune,
        BestObjectiveNotImproving as BestObjectiveNotImproving,
        CategoricalParameterRange as CategoricalParameterRange,
        ContinuousParameterRange as ContinuousParameterRange,
        ConvergenceDetected as ConvergenceDetected,
        HyperbandStrategyConfig as HyperbandStrategyConfig,
        HyperParameterTuningJobConfig as HyperParameterTuningJobConfig,
        HyperParameterTuningJobObjective as HyperParameterTuningJobObjective,
        HyperParameterTuningJobStrategyConfig as HyperParameterTuningJobStrategyConfig,
        IntegerParameterRange as IntegerParameterRange,
        ParameterRanges as ParameterRanges,
        ResourceLimits as ResourceLimits,
        TuningJobCompletionCriteria as TuningJobCompletionCriteria,
    )

_NAMES = {
    "channels": """
        Channel DataSource DatasetSource FileSystemDataSource HubAccessConfig ModelAccessConfig S3DataSource
        ShuffleConfig
    """,
    "compute": """
        HyperParameterTuningInstanceConfig HyperParameterTuningResourceConfig InstanceGroup
        InstancePlacementConfig InstancePreference PlacementSpecification ResourceConfig
    """,
    "queries": """
        AddTagsInput DeleteHyperParameterTuningJobRequest DeleteTagsInput
        DescribeHyperParameterTuningJobRequest DescribeTrainingJobRequest ListHyperParameterTuningJobsRequest
        ListTagsInput ListTrainingJobsForHyperParameterTuningJobRequest ListTrainingJobsRequest
        StopHyperParameterTuningJobRequest StopTrainingJobRequest
    """,
    "request": """
        CreateHyperParameterTuningJobRequest HyperParameterTuningJobWarmStartConfig
        ParentHyperParameterTuningJob Tag
    """,
    "responses": """
        AddTagsOutput CreateHyperParameterTuningJobResponse DeleteTagsOutput
        DescribeHyperParameterTuningJobResponse FinalHyperParameterTuningJobObjectiveMetric
        HyperParameterTrainingJobSummary HyperParameterTuningJobCompletionDetails
        HyperParameterTuningJobConsumedResources HyperParameterTuningJobSummary
        ListHyperParameterTuningJobsResponse ListTagsOutput ListTrainingJobsForHyperParameterTuningJobResponse
        ObjectiveStatusCounters TrainingJobStatusCounters
    """,
    "training": """
        CheckpointConfig HyperParameterAlgorithmSpecification HyperParameterTrainingJobDefinition
        MetricDefinition OutputDataConfig RetryStrategy StoppingCondition VpcConfig
    """,
    "training_job": """
        DescribeTrainingJobResponse ListTrainingJobsResponse MetricData MlflowConfig MlflowDetails
        ModelArtifacts SecondaryStatusTransition TrainingJobSummary TrainingProgressInfo WarmPoolStatus
    """,
    "training_options": """
        AlgorithmSpecification CollectionConfiguration DebugHookConfig DebugRuleConfiguration
        DebugRuleEvaluationStatus ExperimentConfig InfraCheckConfig ModelPackageConfig ProfilerConfig
        ProfilerRuleConfiguration ProfilerRuleEvaluationStatus RemoteDebugConfig ServerlessJobConfig
        TensorBoardOutputConfig TrainingImageConfig TrainingRepositoryAuthConfig
    """,
    "tuning": """
        AutoParameter Autotune BestObjectiveNotImproving CategoricalParameterRange ContinuousParameterRange
        ConvergenceDetected HyperParameterTuningJobConfig HyperParameterTuningJobObjective
        HyperParameterTuningJobStrategyConfig HyperbandStrategyConfig IntegerParameterRange ParameterRanges
        ResourceLimits TuningJobCompletionCriteria
    """,
}

_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_MODULE_OF)  # noqa: PLE0605 # pyright: ignore[reportUnsupportedDunderAll] - derived from the table above


def __getattr__(name: str) -> object:
    """Import a class on first use."""
    if (module := _MODULE_OF.get(name)) is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    cls: object = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    globals()[name] = cls
    return cls


def __dir__() -> list[str]:
    """Return the names of all classes."""
    return __all__
