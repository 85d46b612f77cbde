"""Responses of the tuning job and tag operations, and their structures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import attrs

from hptsdk._validation import Response
from hptsdk.constraints import Entries, Length, Pattern
from hptsdk.enums import (
    HyperParameterTuningJobObjectiveType,
    HyperParameterTuningJobStatus,
    HyperParameterTuningJobStrategyType,
    ObjectiveStatus,
    TrainingJobStatus,
)
from hptsdk.scalars import (
    FailureReason,
    HyperParameterKey,
    HyperParameterTrainingJobDefinitionName,
    HyperParameterTuningJobArn,
    HyperParameterTuningJobName,
    MetricName,
    NextToken,
    ObjectiveStatusCounter,
    TrainingJobArn,
    TrainingJobName,
    TrainingJobStatusCounter,
)
from hptsdk.shapes.request import HyperParameterTuningJobWarmStartConfig, TagList
from hptsdk.shapes.training import HyperParameterTrainingJobDefinition, HyperParameterTrainingJobDefinitions
from hptsdk.shapes.tuning import Autotune, HyperParameterTuningJobConfig, ResourceLimits


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CreateHyperParameterTuningJobResponse(Response):
    """The response of CreateHyperParameterTuningJob.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
    """

    hyper_parameter_tuning_job_arn: HyperParameterTuningJobArn
    """ARN of the new tuning job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TrainingJobStatusCounters(Response):
    """Counts of a tuning job's training jobs by training status.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrainingJobStatusCounters.html
    """

    completed: TrainingJobStatusCounter | None = None
    """Number of completed jobs."""
    in_progress: TrainingJobStatusCounter | None = None
    """Number of running jobs."""
    retryable_error: TrainingJobStatusCounter | None = None
    """Number of jobs that failed because of an internal service error, and can be retried."""
    non_retryable_error: TrainingJobStatusCounter | None = None
    """Number of jobs that failed because of a client error, and cannot be retried."""
    stopped: TrainingJobStatusCounter | None = None
    """Number of jobs that a user stopped."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ObjectiveStatusCounters(Response):
    """Counts of a tuning job's training jobs by the state of their final objective metric.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ObjectiveStatusCounters.html
    """

    succeeded: ObjectiveStatusCounter | None = None
    """Number of jobs with a final objective value that the search has used."""
    pending: ObjectiveStatusCounter | None = None
    """Number of running jobs without a final objective value."""
    failed: ObjectiveStatusCounter | None = None
    """Number of jobs without an objective value, usually because they failed or did not emit the metric."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FinalHyperParameterTuningJobObjectiveMetric(Response):
    """The last objective value that a training job emitted.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FinalHyperParameterTuningJobObjectiveMetric.html
    """

    type: HyperParameterTuningJobObjectiveType | None = None
    """Whether the tuning job minimizes or maximizes the metric."""
    metric_name: MetricName
    """Name of the metric, as set in the tuning job's objective."""
    value: float
    """Value of the metric."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTrainingJobSummary(Response):
    """A summary of a training job of a tuning job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTrainingJobSummary.html
    """

    training_job_definition_name: HyperParameterTrainingJobDefinitionName | None = None
    """Name of the training job definition."""
    training_job_name: TrainingJobName
    """Name of the training job."""
    training_job_arn: TrainingJobArn
    """ARN of the training job."""
    tuning_job_name: HyperParameterTuningJobName | None = None
    """Name of the tuning job that launched it."""
    creation_time: datetime
    """When the job was created."""
    training_start_time: datetime | None = None
    """When training and its billing started; not set before."""
    training_end_time: datetime | None = None
    """When billing ended: after the model upload, or when a failure was detected; not set before."""
    training_job_status: TrainingJobStatus
    """Status of the training job."""
    # HyperParameters of the model; the search chose these values, so that they are not secrets
    tuned_hyper_parameters: Annotated[
        Mapping[HyperParameterKey, Annotated[str, Length(0, 2500), Pattern(r".*")]], Entries(0, 100)
    ]
    """Values chosen for the hyperparameters that have a search range, keyed by name."""
    failure_reason: FailureReason | None = None
    """Why the training job failed; not set if it did not."""
    final_hyper_parameter_tuning_job_objective_metric: FinalHyperParameterTuningJobObjectiveMetric | None = None
    """Objective value that the job reached; not set if there is none."""
    objective_status: ObjectiveStatus | None = None
    """Whether the search has used the final objective value, is waiting for it, or cannot get one."""

    def __str__(self) -> str:
        """Return a summary: name, status, objective value and tuned hyperparameters."""
        from hptsdk.progress import training_job_summary

        return training_job_summary(self).text

    def _repr_html_(self) -> str:
        from hptsdk.progress import training_job_summary

        return training_job_summary(self).html


HyperParameterTrainingJobSummaries = Sequence[HyperParameterTrainingJobSummary]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobCompletionDetails(Response):
    """The progress of a tuning job towards convergence.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobCompletionDetails.html
    """

    number_of_training_jobs_objective_not_improving: int | None = None
    """Number of training jobs that did not improve the objective by more than 1%."""
    convergence_detected_time: datetime | None = None
    """When the tuning job converged; not set if it has not."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobConsumedResources(Response):
    """The resources that a tuning job has used.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobConsumedResources.html
    """

    runtime_in_seconds: int | None = None
    """Wall clock time of the tuning job, in seconds."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DescribeHyperParameterTuningJobResponse(Response):
    """The description of one tuning job.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeHyperParameterTuningJob.html
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job."""
    hyper_parameter_tuning_job_arn: HyperParameterTuningJobArn
    """ARN of the tuning job."""
    hyper_parameter_tuning_job_config: HyperParameterTuningJobConfig
    """Strategy, objective, limits and ranges of the tuning job."""
    training_job_definition: HyperParameterTrainingJobDefinition | None = None
    """Definition of the training jobs; not set if the tuning job has a list of definitions."""
    training_job_definitions: HyperParameterTrainingJobDefinitions | None = None
    """Definitions of the training jobs; not set if the tuning job has a single definition."""
    hyper_parameter_tuning_job_status: HyperParameterTuningJobStatus
    """Status of the tuning job."""
    creation_time: datetime
    """When the tuning job was created."""
    hyper_parameter_tuning_end_time: datetime | None = None
    """When the tuning job ended; not set while it runs."""
    last_modified_time: datetime | None = None
    """When the status of the tuning job last changed."""
    training_job_status_counters: TrainingJobStatusCounters
    """Counts of its training jobs by training status."""
    objective_status_counters: ObjectiveStatusCounters
    """Counts of its training jobs by the state of their final objective metric."""
    best_training_job: HyperParameterTrainingJobSummary | None = None
    """Best training job so far; not set until one has a final objective value."""
    overall_best_training_job: HyperParameterTrainingJobSummary | None = None
    """Best training job of this tuning job and its parents; only after a warm start with identical data."""
    warm_start_config: HyperParameterTuningJobWarmStartConfig | None = None
    """Earlier tuning jobs whose results the search uses; not set if there are none."""
    autotune: Autotune | None = None
    """Autotune of the tuning job; not set if it is not used."""
    failure_reason: FailureReason | None = None
    """Why the tuning job failed; not set if it did not."""
    tuning_job_completion_details: HyperParameterTuningJobCompletionDetails | None = None
    """Progress of the tuning job towards convergence."""
    consumed_resources: HyperParameterTuningJobConsumedResources | None = None
    """Running time of the tuning job."""

    def __str__(self) -> str:
        """Return a summary: name, status, counts of training jobs, running time and the best training job."""
        from hptsdk.progress import tuning_job_summary

        return tuning_job_summary(self).text

    def _repr_html_(self) -> str:
        from hptsdk.progress import tuning_job_summary

        return tuning_job_summary(self).html


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobSummary(Response):
    """A summary of a tuning job in a list.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobSummary.html
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job."""
    hyper_parameter_tuning_job_arn: HyperParameterTuningJobArn
    """ARN of the tuning job."""
    hyper_parameter_tuning_job_status: HyperParameterTuningJobStatus
    """Status of the tuning job."""
    strategy: HyperParameterTuningJobStrategyType
    """Search strategy."""
    creation_time: datetime
    """When the tuning job was created."""
    hyper_parameter_tuning_end_time: datetime | None = None
    """When the tuning job ended; not set while it runs."""
    last_modified_time: datetime | None = None
    """When the tuning job last changed."""
    training_job_status_counters: TrainingJobStatusCounters
    """Counts of its training jobs by training status."""
    objective_status_counters: ObjectiveStatusCounters
    """Counts of its training jobs by the state of their final objective metric."""
    resource_limits: ResourceLimits | None = None
    """Limits on the number of training jobs, in total and in parallel, and on the running time."""


HyperParameterTuningJobSummaries = Sequence[HyperParameterTuningJobSummary]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListHyperParameterTuningJobsResponse(Response):
    """One page of tuning jobs.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListHyperParameterTuningJobs.html
    """

    hyper_parameter_tuning_job_summaries: HyperParameterTuningJobSummaries
    """Tuning jobs on this page."""
    next_token: NextToken | None = None
    """Token for the next page; not set on the last page."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTrainingJobsForHyperParameterTuningJobResponse(Response):
    """One page of the training jobs of a tuning job.

    If the pages are sorted by final objective value, training jobs without one are omitted.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobsForHyperParameterTuningJob.html
    """

    training_job_summaries: HyperParameterTrainingJobSummaries
    """Training jobs on this page."""
    next_token: NextToken | None = None
    """Token for the next page; not set on the last page."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AddTagsOutput(Response):
    """The response of AddTags.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html
    """

    tags: TagList | None = None
    """Tags of the resource."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTagsOutput(Response):
    """One page of the tags of a resource.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTags.html
    """

    tags: TagList | None = None
    """Tags on this page."""
    next_token: NextToken | None = None
    """Token for the next page; not set on the last page."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DeleteTagsOutput(Response):
    """The response of DeleteTags, which is empty.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteTags.html
    """
