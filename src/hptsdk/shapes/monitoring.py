"""Debugger, profiler, TensorBoard and MLflow settings of a described training job."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import attrs

from hptsdk._validation import Response
from hptsdk.constraints import Items
from hptsdk.enums import RuleEvaluationStatus
from hptsdk.instance_types import ProcessingInstanceType
from hptsdk.scalars import (
    AlgorithmImage,
    CollectionName,
    CollectionParameters,
    DirectoryPath,
    HookParameters,
    MlflowExperimentId,
    MlflowExperimentName,
    MlFlowResourceArn,
    MlflowRunId,
    MlflowRunName,
    OptionalVolumeSizeInGB,
    ProcessingJobArn,
    ProfilingParameters,
    RuleConfigurationName,
    RuleParameters,
    S3Uri,
    StatusDetails,
)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CollectionConfiguration(Response):
    """A set of tensors that Debugger saves together.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CollectionConfiguration.html
    """

    collection_name: CollectionName | None = None
    """Name of the tensor collection, different from the names of rule configurations."""
    collection_parameters: CollectionParameters | None = None
    """Settings of the collection, such as its tensors and when they are saved."""


CollectionConfigurations = Annotated[Sequence[CollectionConfiguration], Items(0, 20)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DebugHookConfig(Response):
    """The tensors that Debugger saves during training, and their location.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DebugHookConfig.html
    """

    local_path: DirectoryPath | None = None
    """Directory for metrics and tensors. Defaults to `/opt/ml/output/tensors/`."""
    s3_output_path: S3Uri
    """S3 URI for metrics and tensors."""
    hook_parameters: HookParameters | None = None
    """Settings of the Debugger hook."""
    collection_configurations: CollectionConfigurations | None = None
    """Tensor collections to save."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DebugRuleConfiguration(Response):
    """A Debugger rule that monitors the output tensors of a training job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DebugRuleConfiguration.html
    """

    rule_configuration_name: RuleConfigurationName
    """Name of the rule configuration, unique in the training job."""
    local_path: DirectoryPath | None = None
    """Directory for rule output. Defaults to `/opt/ml/processing/output/rule/`."""
    s3_output_path: S3Uri | None = None
    """S3 URI for rule output."""
    rule_evaluator_image: AlgorithmImage
    """Registry path of the image that evaluates the rule."""
    instance_type: ProcessingInstanceType | None = None
    """Instance type that a custom rule runs on."""
    volume_size_in_gb: OptionalVolumeSizeInGB | None = None
    """Size of the storage volume of that instance, in GB."""
    rule_parameters: RuleParameters | None = None
    """Settings passed to the rule container."""


DebugRuleConfigurations = Annotated[Sequence[DebugRuleConfiguration], Items(0, 20)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TensorBoardOutputConfig(Response):
    """The location of the TensorBoard output of a training job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TensorBoardOutputConfig.html
    """

    local_path: DirectoryPath | None = None
    """Directory for TensorBoard output. Defaults to `/opt/ml/output/tensorboard`."""
    s3_output_path: S3Uri
    """S3 URI for TensorBoard output."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DebugRuleEvaluationStatus(Response):
    """The status of the evaluation of one debugging rule.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DebugRuleEvaluationStatus.html
    """

    rule_configuration_name: RuleConfigurationName | None = None
    """Name of the rule configuration."""
    rule_evaluation_job_arn: ProcessingJobArn | None = None
    """ARN of the processing job that evaluates the rule."""
    rule_evaluation_status: RuleEvaluationStatus | None = None
    """Status of the evaluation."""
    status_details: StatusDetails | None = None
    """Details of the evaluation, as text."""
    last_modified_time: datetime | None = None
    """When the status of the evaluation last changed."""


DebugRuleEvaluationStatuses = Annotated[Sequence[DebugRuleEvaluationStatus], Items(0, 20)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ProfilerConfig(Response):
    """The profiling of a training job, and the location of the metrics.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProfilerConfig.html
    """

    s3_output_path: S3Uri | None = None
    """S3 URI for system and framework metrics."""
    profiling_interval_in_milliseconds: int | None = None
    """Time between two captures of system metrics, in milliseconds. Defaults to 500."""
    profiling_parameters: ProfilingParameters | None = None
    """Settings of framework profiling, as JSON text by type of profiling."""
    disable_profiler: bool | None = None
    """Whether monitoring and profiling are turned off."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ProfilerRuleConfiguration(Response):
    """A Debugger rule that monitors the system and framework metrics of a training job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProfilerRuleConfiguration.html
    """

    rule_configuration_name: RuleConfigurationName
    """Name of the rule configuration, unique in the training job."""
    local_path: DirectoryPath | None = None
    """Directory for rule output. Defaults to `/opt/ml/processing/output/rule/`."""
    s3_output_path: S3Uri | None = None
    """S3 URI for rule output."""
    rule_evaluator_image: AlgorithmImage
    """Registry path of the image that evaluates the rule."""
    instance_type: ProcessingInstanceType | None = None
    """Instance type that a custom rule runs on."""
    volume_size_in_gb: OptionalVolumeSizeInGB | None = None
    """Size of the storage volume of that instance, in GB."""
    rule_parameters: RuleParameters | None = None
    """Settings passed to the rule container."""


ProfilerRuleConfigurations = Annotated[Sequence[ProfilerRuleConfiguration], Items(0, 20)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ProfilerRuleEvaluationStatus(Response):
    """The status of the evaluation of one profiling rule.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProfilerRuleEvaluationStatus.html
    """

    rule_configuration_name: RuleConfigurationName | None = None
    """Name of the rule configuration."""
    rule_evaluation_job_arn: ProcessingJobArn | None = None
    """ARN of the processing job that evaluates the rule."""
    rule_evaluation_status: RuleEvaluationStatus | None = None
    """Status of the evaluation."""
    status_details: StatusDetails | None = None
    """Details of the evaluation, as text."""
    last_modified_time: datetime | None = None
    """When the status of the evaluation last changed."""


ProfilerRuleEvaluationStatuses = Annotated[Sequence[ProfilerRuleEvaluationStatus], Items(0, 20)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MlflowConfig(Response):
    """The managed MLflow resource, experiment and run in which a training job is tracked.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MlflowConfig.html
    """

    mlflow_resource_arn: MlFlowResourceArn
    """ARN of the MLflow resource."""
    mlflow_experiment_name: MlflowExperimentName | None = None
    """Name of the MLflow experiment."""
    mlflow_run_name: MlflowRunName | None = None
    """Name of the MLflow run."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MlflowDetails(Response):
    """The MLflow experiment and run in which a training job was tracked.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MlflowDetails.html
    """

    mlflow_experiment_id: MlflowExperimentId | None = None
    """ID of the MLflow experiment."""
    mlflow_run_id: MlflowRunId | None = None
    """ID of the MLflow run."""
