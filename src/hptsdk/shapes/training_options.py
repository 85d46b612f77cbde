"""Algorithm, experiment and serverless settings of a described training job."""

import attrs

from hptsdk._validation import Response
from hptsdk.enums import (
    CustomizationTechnique,
    EvaluationType,
    Peft,
    ServerlessJobType,
    TrainingInputMode,
    TrainingRepositoryAccessMode,
)
from hptsdk.scalars import (
    AlgorithmImage,
    ArnOrName,
    EvaluatorArn,
    ExperimentEntityName,
    ModelPackageArn,
    ModelPackageGroupArn,
    SequenceLength,
    ServerlessJobBaseModelArn,
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
    """The network through which the job accesses the registry."""
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
    """Whether metrics are also saved as time series; if it is not set, the service decides."""
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
