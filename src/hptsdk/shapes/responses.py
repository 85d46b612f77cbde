"""Replies of the tuning job and tag operations, and the structures they hold."""

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
from hptsdk.shapes.request import TagList
from hptsdk.shapes.training import HyperParameterTrainingJobDefinition, HyperParameterTrainingJobDefinitions
from hptsdk.shapes.tuning import Autotune, HyperParameterTuningJobConfig, ResourceLimits
from hptsdk.shapes.warm_start import HyperParameterTuningJobWarmStartConfig


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CreateHyperParameterTuningJobResponse(Response):
    """What CreateHyperParameterTuningJob returns.

    Source: API_CreateHyperParameterTuningJob
    """

    hyper_parameter_tuning_job_arn: HyperParameterTuningJobArn
    """ARN given to the new tuning job."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TrainingJobStatusCounters(Response):
    """Counts of a tuning job's training jobs by training status.

    Source: API_TrainingJobStatusCounters
    """

    completed: TrainingJobStatusCounter | None = None
    """How many ran to completion."""
    in_progress: TrainingJobStatusCounter | None = None
    """How many are still running."""
    retryable_error: TrainingJobStatusCounter | None = None
    """How many failed on an internal service error and so can be tried again."""
    non_retryable_error: TrainingJobStatusCounter | None = None
    """How many failed on a client error and so cannot be tried again."""
    stopped: TrainingJobStatusCounter | None = None
    """How many were stopped by hand."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ObjectiveStatusCounters(Response):
    """Counts of a tuning job's training jobs by the state of their final objective metric.

    Source: API_ObjectiveStatusCounters
    """

    succeeded: ObjectiveStatusCounter | None = None
    """How many have a final objective value that the search has used."""
    pending: ObjectiveStatusCounter | None = None
    """How many still run and have no final objective value yet."""
    failed: ObjectiveStatusCounter | None = None
    """How many gave the search no objective value, mostly because they failed or never emitted the metric."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FinalHyperParameterTuningJobObjectiveMetric(Response):
    """The last objective value that a training job emitted.

    Source: API_FinalHyperParameterTuningJobObjectiveMetric
    """

    type: HyperParameterTuningJobObjectiveType | None = None
    """Whether the tuning job minimizes or maximizes the metric."""
    metric_name: MetricName
    """Name of the metric, as set in the tuning job's objective."""
    value: float
    """Value of the metric."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTrainingJobSummary(Response):
    """One training job of a tuning job, in brief.

    Source: API_HyperParameterTrainingJobSummary
    """

    training_job_definition_name: HyperParameterTrainingJobDefinitionName | None = None
    """Name of the definition that the job was launched from."""
    training_job_name: TrainingJobName
    """Name of the training job."""
    training_job_arn: TrainingJobArn
    """ARN of the training job."""
    tuning_job_name: HyperParameterTuningJobName | None = None
    """Name of the tuning job behind it."""
    creation_time: datetime
    """When the job was created."""
    training_start_time: datetime | None = None
    """When training started, which is also when billing starts; absent before that."""
    training_end_time: datetime | None = None
    """When billing ended: after the model upload, or on failure when it was noticed; absent before that."""
    training_job_status: TrainingJobStatus
    """State of the training job."""
    # HyperParameters of the model; the search chose these values, so that they are no secrets
    tuned_hyper_parameters: Annotated[
        Mapping[HyperParameterKey, Annotated[str, Length(0, 2500), Pattern(r".*")]], Entries(0, 100)
    ]
    """Values chosen for the hyperparameters that have a search range, keyed by name."""
    failure_reason: FailureReason | None = None
    """Why the training job failed; absent if it did not."""
    final_hyper_parameter_tuning_job_objective_metric: FinalHyperParameterTuningJobObjectiveMetric | None = None
    """Objective value that the job reached; absent if there is none."""
    objective_status: ObjectiveStatus | None = None
    """Whether the search has used, awaits or lacks the job's final objective value."""

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
    """How near a tuning job, running or ended, is to convergence.

    Source: API_HyperParameterTuningJobCompletionDetails
    """

    number_of_training_jobs_objective_not_improving: int | None = None
    """How many training jobs failed to better the objective by more than 1%."""
    convergence_detected_time: datetime | None = None
    """When the tuning job was found to have converged; absent if it has not."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobConsumedResources(Response):
    """What a tuning job has used up so far.

    Source: API_HyperParameterTuningJobConsumedResources
    """

    runtime_in_seconds: int | None = None
    """Wall clock time of the tuning job, in seconds."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DescribeHyperParameterTuningJobResponse(Response):
    """Everything the service tells about one tuning job.

    Source: API_DescribeHyperParameterTuningJob
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job."""
    hyper_parameter_tuning_job_arn: HyperParameterTuningJobArn
    """ARN of the tuning job."""
    hyper_parameter_tuning_job_config: HyperParameterTuningJobConfig
    """Strategy, objective, limits and ranges of the tuning job."""
    training_job_definition: HyperParameterTrainingJobDefinition | None = None
    """Definition of the training jobs; absent if the tuning job has a list of definitions."""
    training_job_definitions: HyperParameterTrainingJobDefinitions | None = None
    """Definitions of the training jobs; absent if the tuning job has a single definition."""
    hyper_parameter_tuning_job_status: HyperParameterTuningJobStatus
    """State of the tuning job."""
    creation_time: datetime
    """When the tuning job was created."""
    hyper_parameter_tuning_end_time: datetime | None = None
    """When the tuning job ended; absent while it runs."""
    last_modified_time: datetime | None = None
    """When the state of the tuning job last changed."""
    training_job_status_counters: TrainingJobStatusCounters
    """Counts of its training jobs by training status."""
    objective_status_counters: ObjectiveStatusCounters
    """Counts of its training jobs by the state of their final objective metric."""
    best_training_job: HyperParameterTrainingJobSummary | None = None
    """Best training job so far; absent until one has a final objective value."""
    overall_best_training_job: HyperParameterTrainingJobSummary | None = None
    """Best job of this and all parent tuning jobs; absent unless warm started on identical data."""
    warm_start_config: HyperParameterTuningJobWarmStartConfig | None = None
    """Earlier tuning jobs whose results guide the search; absent if it started cold."""
    autotune: Autotune | None = None
    """Whether the service picks settings that were left out; absent if autotune is not used."""
    failure_reason: FailureReason | None = None
    """Why the tuning job failed; absent if it did not."""
    tuning_job_completion_details: HyperParameterTuningJobCompletionDetails | None = None
    """How near the tuning job is to convergence."""
    consumed_resources: HyperParameterTuningJobConsumedResources | None = None
    """Running time the tuning job has used."""

    def __str__(self) -> str:
        """Return a summary: name, status, counts of training jobs, running time and the best training job."""
        from hptsdk.progress import tuning_job_summary

        return tuning_job_summary(self).text

    def _repr_html_(self) -> str:
        from hptsdk.progress import tuning_job_summary

        return tuning_job_summary(self).html


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HyperParameterTuningJobSummary(Response):
    """One tuning job in a listing, in brief.

    Source: API_HyperParameterTuningJobSummary
    """

    hyper_parameter_tuning_job_name: HyperParameterTuningJobName
    """Name of the tuning job."""
    hyper_parameter_tuning_job_arn: HyperParameterTuningJobArn
    """ARN of the tuning job."""
    hyper_parameter_tuning_job_status: HyperParameterTuningJobStatus
    """State of the tuning job."""
    strategy: HyperParameterTuningJobStrategyType
    """How the tuning job chooses the hyperparameter values to try next."""
    creation_time: datetime
    """When the tuning job was created."""
    hyper_parameter_tuning_end_time: datetime | None = None
    """When the tuning job ended; absent while it runs."""
    last_modified_time: datetime | None = None
    """When the tuning job last changed."""
    training_job_status_counters: TrainingJobStatusCounters
    """Counts of its training jobs by training status."""
    objective_status_counters: ObjectiveStatusCounters
    """Counts of its training jobs by the state of their final objective metric."""
    resource_limits: ResourceLimits | None = None
    """Limits on its training jobs, in total and in parallel, and on its running time."""


HyperParameterTuningJobSummaries = Sequence[HyperParameterTuningJobSummary]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListHyperParameterTuningJobsResponse(Response):
    """One page of tuning jobs.

    Source: API_ListHyperParameterTuningJobs
    """

    hyper_parameter_tuning_job_summaries: HyperParameterTuningJobSummaries
    """Tuning jobs on this page."""
    next_token: NextToken | None = None
    """Token that asks for the next page; absent on the last one."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTrainingJobsForHyperParameterTuningJobResponse(Response):
    """One page of the training jobs of a tuning job.

    Sorted by final objective value, the pages leave out training jobs that have none.

    Source: API_ListTrainingJobsForHyperParameterTuningJob
    """

    training_job_summaries: HyperParameterTrainingJobSummaries
    """Training jobs on this page."""
    next_token: NextToken | None = None
    """Token that asks for the next page; absent on the last one."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AddTagsOutput(Response):
    """What AddTags returns.

    Source: API_AddTags
    """

    tags: TagList | None = None
    """Tags of the resource."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListTagsOutput(Response):
    """One page of the tags of a resource.

    Source: API_ListTags
    """

    tags: TagList | None = None
    """Tags on this page."""
    next_token: NextToken | None = None
    """Token that asks for the next page; absent on the last one."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DeleteTagsOutput(Response):
    """What DeleteTags returns: nothing.

    Source: API_DeleteTags
    """
