"""Responses that describe and list training jobs, and their structures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import attrs

from hptsdk._validation import Response, WithTunedNames
from hptsdk.constraints import Items
from hptsdk.enums import ProfilingStatus, SecondaryStatus, TrainingJobStatus, WarmPoolResourceStatus
from hptsdk.scalars import (
    AutoMLJobArn,
    BillableTimeInSeconds,
    BillableTokenCount,
    FailureReason,
    HyperParameters,
    HyperParameterTuningJobArn,
    LabelingJobArn,
    MetricName,
    MlflowExperimentId,
    MlflowExperimentName,
    MlFlowResourceArn,
    MlflowRunId,
    MlflowRunName,
    ModelPackageArn,
    NextToken,
    ResourceRetainedBillableTimeInSeconds,
    RoleArn,
    S3Uri,
    TotalStepCountPerEpoch,
    TrainingEnvironmentMap,
    TrainingEpochCount,
    TrainingEpochIndex,
    TrainingJobArn,
    TrainingJobName,
    TrainingPlanArn,
    TrainingStepIndex,
    TrainingTimeInSeconds,
)
from hptsdk.shapes.channels import InputDataConfig
from hptsdk.shapes.compute import ResourceConfig
from hptsdk.shapes.training import CheckpointConfig, OutputDataConfig, RetryStrategy, StoppingCondition, VpcConfig
from hptsdk.shapes.training_options import (
    AlgorithmSpecification,
    DebugHookConfig,
    DebugRuleConfigurations,
    DebugRuleEvaluationStatuses,
    ExperimentConfig,
    InfraCheckConfig,
    ModelPackageConfig,
    ProfilerConfig,
    ProfilerRuleConfigurations,
    ProfilerRuleEvaluationStatuses,
    RemoteDebugConfig,
    ServerlessJobConfig,
    TensorBoardOutputConfig,
)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ModelArtifacts(Response):
    """The location of the trained model.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelArtifacts.html
    """

    s3_model_artifacts: S3Uri
    """S3 URI of the trained model."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WarmPoolStatus(Response):
    """The status and the billed time of the warm pool of a training job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_WarmPoolStatus.html
    """

    status: WarmPoolResourceStatus
    """Status of the warm pool."""
    resource_retained_billable_time_in_seconds: ResourceRetainedBillableTimeInSeconds | None = None
    """Billed time of the pool, in seconds of wall clock time, for each of its instances."""
    reused_by_job: TrainingJobName | None = None
    """Name of the job that reused the pool; not set if none did."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SecondaryStatusTransition(Response):
    """One stage of a training job: the time in which it has one secondary status.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SecondaryStatusTransition.html
    """

    status: SecondaryStatus
    """Secondary status of the training job in this stage."""
    start_time: datetime
    """When the stage started."""
    end_time: datetime | None = None
    """When the stage ended; not set for the current stage."""
    status_message: str | None = None
    """Description of the progress. Programs should not parse it, because the text can change."""


SecondaryStatusTransitions = Sequence[SecondaryStatusTransition]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MetricData(Response):
    """One metric value that a training job sent to CloudWatch.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricData.html
    """

    metric_name: MetricName | None = None
    """Name of the metric."""
    value: float | None = None
    """Value of the metric."""
    timestamp: datetime | None = None
    """When the algorithm emitted the value."""


FinalMetricDataList = Annotated[Sequence[MetricData], Items(0, 40)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TrainingProgressInfo(Response):
    """Progress of a serverless training job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrainingProgressInfo.html
    """

    total_step_count_per_epoch: TotalStepCountPerEpoch | None = None
    """Number of steps in one epoch."""
    current_step: TrainingStepIndex | None = None
    """Number of the step that is running."""
    current_epoch: TrainingEpochIndex | None = None
    """Number of the epoch that is running."""
    max_epoch: TrainingEpochCount | None = None
    """Maximum number of epochs."""


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


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DescribeTrainingJobResponse(WithTunedNames):
    """The description of one training job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
    """

    training_job_name: TrainingJobName
    """Name of the training job."""
    training_job_arn: TrainingJobArn
    """ARN of the training job."""
    tuning_job_arn: HyperParameterTuningJobArn | None = None
    """ARN of the tuning job that launched it; not set if there is none."""
    labeling_job_arn: LabelingJobArn | None = None
    """ARN of the labeling job that launched it; not set if there is none."""
    auto_ml_job_arn: AutoMLJobArn | None = None
    """ARN of the AutoML job that launched it; not set if there is none."""
    model_artifacts: ModelArtifacts
    """Where the trained model is stored in S3."""
    training_job_status: TrainingJobStatus
    """Status of the training job."""
    secondary_status: SecondaryStatus
    """Secondary status of the training job: its stage, or how it ended."""
    failure_reason: FailureReason | None = None
    """Why the training job failed; not set if it did not."""
    hyper_parameters: HyperParameters | None = None
    """Hyperparameters passed to the algorithm, keyed by name."""
    algorithm_specification: AlgorithmSpecification | None = None
    """Algorithm or image of the training job, with its input mode and metrics."""
    role_arn: RoleArn | None = None
    """ARN of the IAM role under which the training job runs."""
    input_data_config: InputDataConfig | None = None
    """Input channels of the job."""
    output_data_config: OutputDataConfig | None = None
    """Where in S3 the job writes its output."""
    resource_config: ResourceConfig | None = None
    """Instances and storage volumes of the training job."""
    warm_pool_status: WarmPoolStatus | None = None
    """Status of the warm pool; not set if there is none."""
    vpc_config: VpcConfig | None = None
    """VPC to which the training job connects; not set if there is none."""
    stopping_condition: StoppingCondition
    """Time limits of the job, for running and, for a spot job, in total."""
    creation_time: datetime
    """When the job was created."""
    training_start_time: datetime | None = None
    """When training and its billing started; not set before."""
    training_end_time: datetime | None = None
    """When billing ended: after the model upload, or when a failure was detected; not set before."""
    last_modified_time: datetime | None = None
    """When the status of the training job last changed."""
    secondary_status_transitions: SecondaryStatusTransitions | None = None
    """Stages of the training job, in order."""
    final_metric_data_list: FinalMetricDataList | None = None
    """Final metric values that the algorithm sent to CloudWatch."""
    enable_network_isolation: bool | None = None
    """Whether containers have no network access, except to the other nodes of a distributed training job."""
    enable_inter_container_traffic_encryption: bool | None = None
    """Whether traffic between the nodes of a distributed training job is encrypted."""
    enable_managed_spot_training: bool | None = None
    """Whether the job runs on managed spot instances."""
    checkpoint_config: CheckpointConfig | None = None
    """Where checkpoints are stored; not set if there are none."""
    training_time_in_seconds: TrainingTimeInSeconds | None = None
    """Time spent on training, in seconds."""
    billable_time_in_seconds: BillableTimeInSeconds | None = None
    """Billed time, in seconds of wall clock time, for each instance."""
    billable_token_count: BillableTokenCount | None = None
    """Number of billed tokens, for serverless jobs that are billed by token."""
    debug_hook_config: DebugHookConfig | None = None
    """Tensors that Debugger saves, and their location."""
    experiment_config: ExperimentConfig | None = None
    """Experiment and trial in which the training job is tracked; not set if there is none."""
    debug_rule_configurations: DebugRuleConfigurations | None = None
    """Debugger rules that monitor the output tensors."""
    tensor_board_output_config: TensorBoardOutputConfig | None = None
    """Where TensorBoard output is stored."""
    debug_rule_evaluation_statuses: DebugRuleEvaluationStatuses | None = None
    """Status of the evaluation of each debugging rule."""
    profiler_config: ProfilerConfig | None = None
    """Profiling of the job, and the location of its metrics."""
    profiler_rule_configurations: ProfilerRuleConfigurations | None = None
    """Debugger rules that monitor the system and framework metrics."""
    profiler_rule_evaluation_statuses: ProfilerRuleEvaluationStatuses | None = None
    """Status of the evaluation of each profiling rule."""
    profiling_status: ProfilingStatus | None = None
    """Whether the job is being profiled."""
    environment: TrainingEnvironmentMap | None = None
    """Environment variables of the container. They should not contain secrets."""
    retry_strategy: RetryStrategy | None = None
    """Retries of the job after an internal server error."""
    remote_debug_config: RemoteDebugConfig | None = None
    """Whether remote debugging of the container is enabled."""
    infra_check_config: InfraCheckConfig | None = None
    """Whether the check of the instances is enabled."""
    serverless_job_config: ServerlessJobConfig | None = None
    """Settings of a serverless job."""
    mlflow_config: MlflowConfig | None = None
    """MLflow resource, experiment and run in which the training job is tracked."""
    model_package_config: ModelPackageConfig | None = None
    """Model packages that the job reads and writes."""
    mlflow_details: MlflowDetails | None = None
    """IDs of the MLflow experiment and run of the job."""
    progress_info: TrainingProgressInfo | None = None
    """Progress of a serverless job."""
    output_model_package_arn: ModelPackageArn | None = None
    """ARN of the model package with the resulting weights or checkpoints."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TrainingJobSummary(Response):
    """A summary of a training job in a list.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrainingJobSummary.html
    """

    training_job_name: TrainingJobName
    """Name of the training job."""
    training_job_arn: TrainingJobArn
    """ARN of the training job."""
    creation_time: datetime
    """When the job was created."""
    training_end_time: datetime | None = None
    """When the training job ended; not set until it has."""
    last_modified_time: datetime | None = None
    """When the training job last changed."""
    training_job_status: TrainingJobStatus
    """Status of the training job."""
    secondary_status: SecondaryStatus | None = None
    """Secondary status of the training job: its stage, or how it ended."""
    warm_pool_status: WarmPoolStatus | None = None
    """Status of the warm pool; not set if there is none."""
    training_plan_arn: TrainingPlanArn | None = None
    """ARN of the training plan that the job uses; not set if there is none."""


TrainingJobSummaries = Sequence[TrainingJobSummary]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTrainingJobsResponse(Response):
    """One page of training jobs.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html
    """

    training_job_summaries: TrainingJobSummaries
    """Training jobs on this page."""
    next_token: NextToken | None = None
    """Token for the next page; not set on the last page."""
