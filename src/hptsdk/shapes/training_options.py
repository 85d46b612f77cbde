"""Settings of a described training job: algorithm, experiment, serverless, debugger, profiler, TensorBoard."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import attrs

from hptsdk._validation import Response
from hptsdk.constraints import Items
from hptsdk.enums import (
    CustomizationTechnique,
    EvaluationType,
    Peft,
    RuleEvaluationStatus,
    ServerlessJobType,
    TrainingInputMode,
    TrainingRepositoryAccessMode,
)
from hptsdk.instance_types import ProcessingInstanceType
from hptsdk.scalars import (
    AlgorithmImage,
    ArnOrName,
    CollectionName,
    CollectionParameters,
    DirectoryPath,
    EvaluatorArn,
    ExperimentEntityName,
    HookParameters,
    ModelPackageArn,
    ModelPackageGroupArn,
    OptionalVolumeSizeInGB,
    ProcessingJobArn,
    ProfilingParameters,
    RuleConfigurationName,
    RuleParameters,
    S3Uri,
    SequenceLength,
    ServerlessJobBaseModelArn,
    StatusDetails,
    TrainingContainerArguments,
    TrainingContainerEntrypoint,
    TrainingRepositoryCredentialsProviderArn,
)
from hptsdk.shapes.training import MetricDefinitionList


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TrainingRepositoryAuthConfig(Response):
    """The authentication to a private Docker registry.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrainingRepositoryAuthConfig.html
    """

    training_repository_credentials_provider_arn: TrainingRepositoryCredentialsProviderArn
    """ARN of the Lambda function that returns the registry credentials."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TrainingImageConfig(Response):
    """The access to a training image in a private registry.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrainingImageConfig.html
    """

    training_repository_access_mode: TrainingRepositoryAccessMode
    """Network through which the job accesses the registry."""
    training_repository_auth_config: TrainingRepositoryAuthConfig | None = None
    """Authentication to the registry."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AlgorithmSpecification(Response):
    """The algorithm or image that a training job runs.

    A job names either an image or an algorithm resource, not both.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AlgorithmSpecification.html
    """

    training_image: AlgorithmImage | None = None
    """Registry path of the training image; not set if an algorithm resource is named."""
    algorithm_name: ArnOrName | None = None
    """Name or ARN of an algorithm resource, own or from Marketplace; not set if an image is set."""
    training_input_mode: TrainingInputMode
    """Input mode of the training data."""
    metric_definitions: MetricDefinitionList | None = None
    """Metrics to read from the logs of the algorithm, with a regular expression for each."""
    enable_sage_maker_metrics_time_series: bool | None = None
    """Whether metrics are also saved as time series."""
    container_entrypoint: TrainingContainerEntrypoint | None = None
    """Command of the container, in place of its default training command."""
    container_arguments: TrainingContainerArguments | None = None
    """Arguments passed to the container."""
    training_image_config: TrainingImageConfig | None = None
    """Access to an image in a private registry."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ExperimentConfig(Response):
    """The experiment and trial in which a training job is tracked, as a trial component.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ExperimentConfig.html
    """

    experiment_name: ExperimentEntityName | None = None
    """Name of the experiment."""
    trial_name: ExperimentEntityName | None = None
    """Name of the trial; if it is not set, a new one is created."""
    trial_component_display_name: ExperimentEntityName | None = None
    """Display name of the trial component. Defaults to its name."""
    run_name: ExperimentEntityName | None = None
    """Name of the experiment run."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RemoteDebugConfig(Response):
    """The remote debugging of a training container.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RemoteDebugConfig.html
    """

    enable_remote_debug: bool | None = None
    """Whether remote debugging is enabled."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InfraCheckConfig(Response):
    """The check of instance hardware and cluster network for faults.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InfraCheckConfig.html
    """

    enable_infra_check: bool | None = None
    """Whether the check is enabled."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ServerlessJobConfig(Response):
    """The customization or evaluation of a base model by a serverless job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ServerlessJobConfig.html
    """

    base_model_arn: ServerlessJobBaseModelArn
    """ARN of the base model in the public hub; the latest version is used."""
    accept_eula: bool | None = None
    """Whether you accept the license of the base model. Defaults to False."""
    job_type: ServerlessJobType
    """Type of the serverless job."""
    customization_technique: CustomizationTechnique | None = None
    """Technique that customizes the base model."""
    peft: Peft | None = None
    """Method of parameter-efficient fine-tuning."""
    evaluation_type: EvaluationType | None = None
    """Type of the evaluation; required for evaluation jobs only."""
    evaluator_arn: EvaluatorArn | None = None
    """ARN of the evaluator, a function or a prompt that returns the reward."""
    sequence_length: SequenceLength | None = None
    """Maximum length of a sequence in thousands of tokens, such as `8K`."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ModelPackageConfig(Response):
    """The model packages that a training job reads and writes.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageConfig.html
    """

    model_package_group_arn: ModelPackageGroupArn
    """ARN of the group to which the resulting model package is added."""
    source_model_package_arn: ModelPackageArn | None = None
    """ARN of the model package to fine-tune further or to evaluate; not set if there is none."""


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
    """Settings of framework profiling: JSON texts by type of profiling."""
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
