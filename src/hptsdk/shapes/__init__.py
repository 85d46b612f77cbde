"""Every structure of the tuning-job API under its AWS name.

A class is loaded with its file when it is first asked for, so that importing hptsdk stays cheap; `dir`, `import *` and
editors know all of them from the start. A test holds that the two lists below and the files agree.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.shapes.channels import (
        Channel as Channel,
    )
    from hptsdk.shapes.channels import (
        DatasetSource as DatasetSource,
    )
    from hptsdk.shapes.channels import (
        DataSource as DataSource,
    )
    from hptsdk.shapes.channels import (
        FileSystemDataSource as FileSystemDataSource,
    )
    from hptsdk.shapes.channels import (
        HubAccessConfig as HubAccessConfig,
    )
    from hptsdk.shapes.channels import (
        ModelAccessConfig as ModelAccessConfig,
    )
    from hptsdk.shapes.channels import (
        S3DataSource as S3DataSource,
    )
    from hptsdk.shapes.channels import (
        ShuffleConfig as ShuffleConfig,
    )
    from hptsdk.shapes.compute import (
        HyperParameterTuningInstanceConfig as HyperParameterTuningInstanceConfig,
    )
    from hptsdk.shapes.compute import (
        HyperParameterTuningResourceConfig as HyperParameterTuningResourceConfig,
    )
    from hptsdk.shapes.compute import (
        InstanceGroup as InstanceGroup,
    )
    from hptsdk.shapes.compute import (
        InstancePlacementConfig as InstancePlacementConfig,
    )
    from hptsdk.shapes.compute import (
        InstancePreference as InstancePreference,
    )
    from hptsdk.shapes.compute import (
        PlacementSpecification as PlacementSpecification,
    )
    from hptsdk.shapes.compute import (
        ResourceConfig as ResourceConfig,
    )
    from hptsdk.shapes.monitoring import (
        CollectionConfiguration as CollectionConfiguration,
    )
    from hptsdk.shapes.monitoring import (
        DebugHookConfig as DebugHookConfig,
    )
    from hptsdk.shapes.monitoring import (
        DebugRuleConfiguration as DebugRuleConfiguration,
    )
    from hptsdk.shapes.monitoring import (
        DebugRuleEvaluationStatus as DebugRuleEvaluationStatus,
    )
    from hptsdk.shapes.monitoring import (
        MlflowConfig as MlflowConfig,
    )
    from hptsdk.shapes.monitoring import (
        MlflowDetails as MlflowDetails,
    )
    from hptsdk.shapes.monitoring import (
        ProfilerConfig as ProfilerConfig,
    )
    from hptsdk.shapes.monitoring import (
        ProfilerRuleConfiguration as ProfilerRuleConfiguration,
    )
    from hptsdk.shapes.monitoring import (
        ProfilerRuleEvaluationStatus as ProfilerRuleEvaluationStatus,
    )
    from hptsdk.shapes.monitoring import (
        TensorBoardOutputConfig as TensorBoardOutputConfig,
    )
    from hptsdk.shapes.queries import (
        AddTagsInput as AddTagsInput,
    )
    from hptsdk.shapes.queries import (
        DeleteHyperParameterTuningJobRequest as DeleteHyperParameterTuningJobRequest,
    )
    from hptsdk.shapes.queries import (
        DeleteTagsInput as DeleteTagsInput,
    )
    from hptsdk.shapes.queries import (
        DescribeHyperParameterTuningJobRequest as DescribeHyperParameterTuningJobRequest,
    )
    from hptsdk.shapes.queries import (
        DescribeTrainingJobRequest as DescribeTrainingJobRequest,
    )
    from hptsdk.shapes.queries import (
        ListHyperParameterTuningJobsRequest as ListHyperParameterTuningJobsRequest,
    )
    from hptsdk.shapes.queries import (
        ListTagsInput as ListTagsInput,
    )
    from hptsdk.shapes.queries import (
        ListTrainingJobsForHyperParameterTuningJobRequest as ListTrainingJobsForHyperParameterTuningJobRequest,
    )
    from hptsdk.shapes.queries import (
        ListTrainingJobsRequest as ListTrainingJobsRequest,
    )
    from hptsdk.shapes.queries import (
        StopHyperParameterTuningJobRequest as StopHyperParameterTuningJobRequest,
    )
    from hptsdk.shapes.queries import (
        StopTrainingJobRequest as StopTrainingJobRequest,
    )
    from hptsdk.shapes.ranges import (
        AutoParameter as AutoParameter,
    )
    from hptsdk.shapes.ranges import (
        CategoricalParameterRange as CategoricalParameterRange,
    )
    from hptsdk.shapes.ranges import (
        ContinuousParameterRange as ContinuousParameterRange,
    )
    from hptsdk.shapes.ranges import (
        IntegerParameterRange as IntegerParameterRange,
    )
    from hptsdk.shapes.ranges import (
        ParameterRanges as ParameterRanges,
    )
    from hptsdk.shapes.request import (
        CreateHyperParameterTuningJobRequest as CreateHyperParameterTuningJobRequest,
    )
    from hptsdk.shapes.request import (
        Tag as Tag,
    )
    from hptsdk.shapes.responses import (
        AddTagsOutput as AddTagsOutput,
    )
    from hptsdk.shapes.responses import (
        CreateHyperParameterTuningJobResponse as CreateHyperParameterTuningJobResponse,
    )
    from hptsdk.shapes.responses import (
        DeleteTagsOutput as DeleteTagsOutput,
    )
    from hptsdk.shapes.responses import (
        DescribeHyperParameterTuningJobResponse as DescribeHyperParameterTuningJobResponse,
    )
    from hptsdk.shapes.responses import (
        FinalHyperParameterTuningJobObjectiveMetric as FinalHyperParameterTuningJobObjectiveMetric,
    )
    from hptsdk.shapes.responses import (
        HyperParameterTrainingJobSummary as HyperParameterTrainingJobSummary,
    )
    from hptsdk.shapes.responses import (
        HyperParameterTuningJobCompletionDetails as HyperParameterTuningJobCompletionDetails,
    )
    from hptsdk.shapes.responses import (
        HyperParameterTuningJobConsumedResources as HyperParameterTuningJobConsumedResources,
    )
    from hptsdk.shapes.responses import (
        HyperParameterTuningJobSummary as HyperParameterTuningJobSummary,
    )
    from hptsdk.shapes.responses import (
        ListHyperParameterTuningJobsResponse as ListHyperParameterTuningJobsResponse,
    )
    from hptsdk.shapes.responses import (
        ListTagsOutput as ListTagsOutput,
    )
    from hptsdk.shapes.responses import (
        ListTrainingJobsForHyperParameterTuningJobResponse as ListTrainingJobsForHyperParameterTuningJobResponse,
    )
    from hptsdk.shapes.responses import (
        ObjectiveStatusCounters as ObjectiveStatusCounters,
    )
    from hptsdk.shapes.responses import (
        TrainingJobStatusCounters as TrainingJobStatusCounters,
    )
    from hptsdk.shapes.runtime import (
        CheckpointConfig as CheckpointConfig,
    )
    from hptsdk.shapes.runtime import (
        OutputDataConfig as OutputDataConfig,
    )
    from hptsdk.shapes.runtime import (
        RetryStrategy as RetryStrategy,
    )
    from hptsdk.shapes.runtime import (
        StoppingCondition as StoppingCondition,
    )
    from hptsdk.shapes.runtime import (
        VpcConfig as VpcConfig,
    )
    from hptsdk.shapes.training import (
        HyperParameterAlgorithmSpecification as HyperParameterAlgorithmSpecification,
    )
    from hptsdk.shapes.training import (
        HyperParameterTrainingJobDefinition as HyperParameterTrainingJobDefinition,
    )
    from hptsdk.shapes.training import (
        MetricDefinition as MetricDefinition,
    )
    from hptsdk.shapes.training_job import (
        DescribeTrainingJobResponse as DescribeTrainingJobResponse,
    )
    from hptsdk.shapes.training_job import (
        ListTrainingJobsResponse as ListTrainingJobsResponse,
    )
    from hptsdk.shapes.training_job import (
        MetricData as MetricData,
    )
    from hptsdk.shapes.training_job import (
        ModelArtifacts as ModelArtifacts,
    )
    from hptsdk.shapes.training_job import (
        SecondaryStatusTransition as SecondaryStatusTransition,
    )
    from hptsdk.shapes.training_job import (
        TrainingJobSummary as TrainingJobSummary,
    )
    from hptsdk.shapes.training_job import (
        TrainingProgressInfo as TrainingProgressInfo,
    )
    from hptsdk.shapes.training_job import (
        WarmPoolStatus as WarmPoolStatus,
    )
    from hptsdk.shapes.training_options import (
        AlgorithmSpecification as AlgorithmSpecification,
    )
    from hptsdk.shapes.training_options import (
        ExperimentConfig as ExperimentConfig,
    )
    from hptsdk.shapes.training_options import (
        InfraCheckConfig as InfraCheckConfig,
    )
    from hptsdk.shapes.training_options import (
        ModelPackageConfig as ModelPackageConfig,
    )
    from hptsdk.shapes.training_options import (
        RemoteDebugConfig as RemoteDebugConfig,
    )
    from hptsdk.shapes.training_options import (
        ServerlessJobConfig as ServerlessJobConfig,
    )
    from hptsdk.shapes.training_options import (
        TrainingImageConfig as TrainingImageConfig,
    )
    from hptsdk.shapes.training_options import (
        TrainingRepositoryAuthConfig as TrainingRepositoryAuthConfig,
    )
    from hptsdk.shapes.tuning import (
        Autotune as Autotune,
    )
    from hptsdk.shapes.tuning import (
        BestObjectiveNotImproving as BestObjectiveNotImproving,
    )
    from hptsdk.shapes.tuning import (
        ConvergenceDetected as ConvergenceDetected,
    )
    from hptsdk.shapes.tuning import (
        HyperbandStrategyConfig as HyperbandStrategyConfig,
    )
    from hptsdk.shapes.tuning import (
        HyperParameterTuningJobConfig as HyperParameterTuningJobConfig,
    )
    from hptsdk.shapes.tuning import (
        HyperParameterTuningJobObjective as HyperParameterTuningJobObjective,
    )
    from hptsdk.shapes.tuning import (
        HyperParameterTuningJobStrategyConfig as HyperParameterTuningJobStrategyConfig,
    )
    from hptsdk.shapes.tuning import (
        ResourceLimits as ResourceLimits,
    )
    from hptsdk.shapes.tuning import (
        TuningJobCompletionCriteria as TuningJobCompletionCriteria,
    )
    from hptsdk.shapes.warm_start import (
        HyperParameterTuningJobWarmStartConfig as HyperParameterTuningJobWarmStartConfig,
    )
    from hptsdk.shapes.warm_start import (
        ParentHyperParameterTuningJob as ParentHyperParameterTuningJob,
    )

_HOMES = {
    "channels": """
        Channel DataSource DatasetSource FileSystemDataSource HubAccessConfig ModelAccessConfig S3DataSource
        ShuffleConfig
    """,
    "compute": """
        HyperParameterTuningInstanceConfig HyperParameterTuningResourceConfig InstanceGroup
        InstancePlacementConfig InstancePreference PlacementSpecification ResourceConfig
    """,
    "monitoring": """
        CollectionConfiguration DebugHookConfig DebugRuleConfiguration DebugRuleEvaluationStatus MlflowConfig
        MlflowDetails ProfilerConfig ProfilerRuleConfiguration ProfilerRuleEvaluationStatus
        TensorBoardOutputConfig
    """,
    "queries": """
        AddTagsInput DeleteHyperParameterTuningJobRequest DeleteTagsInput
        DescribeHyperParameterTuningJobRequest DescribeTrainingJobRequest ListHyperParameterTuningJobsRequest
        ListTagsInput ListTrainingJobsForHyperParameterTuningJobRequest ListTrainingJobsRequest
        StopHyperParameterTuningJobRequest StopTrainingJobRequest
    """,
    "ranges": """
        AutoParameter CategoricalParameterRange ContinuousParameterRange IntegerParameterRange ParameterRanges
    """,
    "request": """
        CreateHyperParameterTuningJobRequest Tag
    """,
    "responses": """
        AddTagsOutput CreateHyperParameterTuningJobResponse DeleteTagsOutput
        DescribeHyperParameterTuningJobResponse FinalHyperParameterTuningJobObjectiveMetric
        HyperParameterTrainingJobSummary HyperParameterTuningJobCompletionDetails
        HyperParameterTuningJobConsumedResources HyperParameterTuningJobSummary
        ListHyperParameterTuningJobsResponse ListTagsOutput ListTrainingJobsForHyperParameterTuningJobResponse
        ObjectiveStatusCounters TrainingJobStatusCounters
    """,
    "runtime": """
        CheckpointConfig OutputDataConfig RetryStrategy StoppingCondition VpcConfig
    """,
    "training": """
        HyperParameterAlgorithmSpecification HyperParameterTrainingJobDefinition MetricDefinition
    """,
    "training_job": """
        DescribeTrainingJobResponse ListTrainingJobsResponse MetricData ModelArtifacts
        SecondaryStatusTransition TrainingJobSummary TrainingProgressInfo WarmPoolStatus
    """,
    "training_options": """
        AlgorithmSpecification ExperimentConfig InfraCheckConfig ModelPackageConfig RemoteDebugConfig
        ServerlessJobConfig TrainingImageConfig TrainingRepositoryAuthConfig
    """,
    "tuning": """
        Autotune BestObjectiveNotImproving ConvergenceDetected HyperParameterTuningJobConfig
        HyperParameterTuningJobObjective HyperParameterTuningJobStrategyConfig HyperbandStrategyConfig
        ResourceLimits TuningJobCompletionCriteria
    """,
    "warm_start": """
        HyperParameterTuningJobWarmStartConfig ParentHyperParameterTuningJob
    """,
}

_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605 # pyright: ignore[reportUnsupportedDunderAll] - made of the list above


def __getattr__(name: str) -> object:
    """Load a class with its file."""
    if (home := _HOME_OF.get(name)) is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found: object = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List every class, loaded or not."""
    return __all__
