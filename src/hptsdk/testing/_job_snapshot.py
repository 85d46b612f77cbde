"""A tuning job at one time: the responses about it and its training jobs, which agree with each other."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from hptsdk._validation import ENDED
from hptsdk.local.descriptions import OBJECTIVE_METRIC, definitions, described_training_job, wire_names
from hptsdk.report import minimizes
from hptsdk.shapes import (
    DescribeTrainingJobResponse,
    HyperParameterTuningJobCompletionDetails,
    HyperParameterTuningJobConsumedResources,
    HyperParameterTuningJobSummary,
    ObjectiveStatusCounters,
    TrainingJobStatusCounters,
)
from hptsdk.testing._memory_service import summary_of
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hptsdk._validation import Shape
    from hptsdk.enums import HyperParameterTuningJobStatus, TrainingJobStatus
    from hptsdk.shapes import (
        DescribeHyperParameterTuningJobResponse,
        HyperParameterTrainingJobSummary,
    )

ShapeT = TypeVar("ShapeT", bound="Shape")

# The statuses of a training job that has not ended.
_RUNNING = frozenset({"InProgress", "Stopping"})

# The seconds in which SageMaker stops training jobs, or ends a tuning job.
_END_SECONDS = 30


@attrs.frozen(kw_only=True)
class JobSnapshot:
    """The responses about a tuning job and its training jobs at one time.

    Attributes:
        description: the response of DescribeHyperParameterTuningJob.
        training_jobs: the summaries of all its training jobs, sorted by name, as
            ListTrainingJobsForHyperParameterTuningJob returns them on one or more pages. Defaults to none.

    See `JobHistory` for an example.
    """

    description: DescribeHyperParameterTuningJobResponse
    training_jobs: tuple[HyperParameterTrainingJobSummary, ...] = ()

    @property
    def summary(self) -> HyperParameterTuningJobSummary:
        """The summary of the tuning job, as ListHyperParameterTuningJobs returns it."""
        return from_wire(HyperParameterTuningJobSummary, summary_of(to_wire(self.description)))

    def training_job(self, name: str) -> DescribeTrainingJobResponse:
        """Return the response of DescribeTrainingJob.

        Args:
            name: the name of a training job.

        Raises:
            LookupError: the tuning job has no training job with this name.
        """
        for summary in self.training_jobs:
            if summary.training_job_name == name:
                return _describe_training_job(summary, self.description)
        raise LookupError(
            f"the tuning job {self.description.hyper_parameter_tuning_job_name} has no training job {name}"
        )


@attrs.frozen(kw_only=True)
class JobState:
    """A tuning job at one time, from which its snapshot is created.

    Attributes:
        description: a response with the settings of the tuning job.
        training_jobs: its training jobs, sorted by name.
        time: the time.
        not_improving: the number of training jobs since the last improvement.
        converged: the time at which it converged; None if it has not.
        status: its status. Defaults to InProgress.
        failure_reason: its failure reason. Defaults to None.
    """

    description: DescribeHyperParameterTuningJobResponse
    training_jobs: tuple[HyperParameterTrainingJobSummary, ...]
    time: datetime
    not_improving: int
    converged: datetime | None
    status: HyperParameterTuningJobStatus = "InProgress"
    failure_reason: str | None = None

    def snapshot(self) -> JobSnapshot:
        """Create the snapshot. The counters and the best training job are those of the training jobs."""
        best = _best(self.description, self.training_jobs)
        runtime = round((self.time - self.description.creation_time).total_seconds())
        description = attrs.evolve(
            self.description,
            hyper_parameter_tuning_job_status=self.status,
            last_modified_time=self.time,
            hyper_parameter_tuning_end_time=self.time if self.status in ENDED else None,
            training_job_status_counters=_counters(TrainingJobStatusCounters, map(_counter, self.training_jobs)),
            objective_status_counters=_counters(
                ObjectiveStatusCounters, (job.objective_status for job in self.training_jobs)
            ),
            best_training_job=best,
            overall_best_training_job=_overall_best(self.description, best),
            failure_reason=self.failure_reason,
            tuning_job_completion_details=HyperParameterTuningJobCompletionDetails(
                number_of_training_jobs_objective_not_improving=self.not_improving,
                convergence_detected_time=self.converged,
            ),
            consumed_resources=HyperParameterTuningJobConsumedResources(runtime_in_seconds=runtime),
        )
        return JobSnapshot(description=description, training_jobs=self.training_jobs)

    def end(self, *, is_stopped: bool = False, failure_reason: str | None = None) -> list[JobState]:
        """Return the last states of the tuning job: its training jobs are stopped, and it ends.

        Args:
            is_stopped: whether a user stops it. Defaults to False, if it completes or fails.
            failure_reason: the reason if it fails. Defaults to None.
        """
        status: HyperParameterTuningJobStatus = "Stopping" if is_stopped else "InProgress"
        time, states = self.time, list[JobState]()
        jobs = tuple(_with_status(job, "Stopping", time) for job in self.training_jobs)
        if is_stopped or jobs != self.training_jobs:
            time += timedelta(seconds=1)
            states.append(attrs.evolve(self, training_jobs=jobs, time=time, status=status))
        time += timedelta(seconds=_END_SECONDS)
        jobs = tuple(_with_status(job, "Stopped", time) for job in jobs)
        status = "Stopped" if is_stopped else "Completed" if failure_reason is None else "Failed"
        last = attrs.evolve(self, training_jobs=jobs, time=time, status=status, failure_reason=failure_reason)
        return [*states, last]


def state_of(snapshot: JobSnapshot) -> JobState:
    """Return the state of a tuning job that has not ended, from its snapshot."""
    description = snapshot.description
    details = description.tuning_job_completion_details or HyperParameterTuningJobCompletionDetails()
    return JobState(
        description=description,
        training_jobs=snapshot.training_jobs,
        time=description.last_modified_time or description.creation_time,
        not_improving=details.number_of_training_jobs_objective_not_improving or 0,
        converged=details.convergence_detected_time,
    )


def _with_status(
    job: HyperParameterTrainingJobSummary, status: TrainingJobStatus, time: datetime
) -> HyperParameterTrainingJobSummary:
    """Return a training job that is being stopped, or was; one that has ended is not changed."""
    if job.training_job_status not in _RUNNING:
        return job
    if status == "Stopping":
        return attrs.evolve(job, training_job_status=status)
    return attrs.evolve(job, training_job_status=status, training_end_time=time, objective_status="Failed")


def _counter(job: HyperParameterTrainingJobSummary) -> str:
    """Return the counter of a training job: an internal error can be retried, and an error of the user cannot."""
    if job.training_job_status == "Failed":
        return "RetryableError" if (job.failure_reason or "").startswith("InternalServerError") else "NonRetryableError"
    return "InProgress" if job.training_job_status in _RUNNING else job.training_job_status


def _counters(cls: type[ShapeT], counters: Iterable[str | None]) -> ShapeT:
    """Return how often each member of a structure is the counter of a training job."""
    counts = Counter(counters)
    return from_wire(cls, {name: counts[name] for name in wire_names(cls)})


def _best(
    description: DescribeHyperParameterTuningJobResponse, training_jobs: Sequence[HyperParameterTrainingJobSummary]
) -> HyperParameterTrainingJobSummary | None:
    """Return the best completed training job; of several with the same value, the one that ended first."""
    sign = 1 if minimizes(description) else -1
    candidates = [
        (sign * metric.value, job.training_end_time, job.training_job_name, job)
        for job in training_jobs
        if job.training_job_status == "Completed"
        and (metric := job.final_hyper_parameter_tuning_job_objective_metric) is not None
    ]
    return min(candidates)[-1] if candidates else None


def _overall_best(
    description: DescribeHyperParameterTuningJobResponse, best: HyperParameterTrainingJobSummary | None
) -> HyperParameterTrainingJobSummary | None:
    """Return the best training job of a tuning job and its parents; theirs are worse."""
    warm_start = description.warm_start_config
    if best is None or warm_start is None or warm_start.warm_start_type != "IdenticalDataAndAlgorithm":
        return None
    return attrs.evolve(best, tuning_job_name=description.hyper_parameter_tuning_job_name)


Document = dict[str, Any]

# The message of each secondary status.
_MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Stopping": "Stopping the training job",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
}


def _describe_training_job(
    summary: HyperParameterTrainingJobSummary, tuning_job: DescribeHyperParameterTuningJobResponse
) -> DescribeTrainingJobResponse:
    """Return the response of DescribeTrainingJob for a training job of a tuning job."""
    job, described = to_wire(summary), to_wire(tuning_job)
    several, name = definitions(described), job.get("TrainingJobDefinitionName")
    definition = next((each for each in several if each.get("DefinitionName") == name), several[0])
    transitions = list(_transitions(summary))
    start, end = summary.training_start_time, summary.training_end_time
    seconds = None if start is None or end is None else round((end - start).total_seconds())
    members = {
        **described_training_job(definition, summary.training_job_name),
        **{name: value for name, value in job.items() if name in wire_names(DescribeTrainingJobResponse)},
        "TuningJobArn": described["HyperParameterTuningJobArn"],
        "AlgorithmSpecification": {"EnableSageMakerMetricsTimeSeries": False, **definition["AlgorithmSpecification"]},
        "SecondaryStatus": transitions[-1]["Status"],
        "SecondaryStatusTransitions": transitions,
        "HyperParameters": {**definition["StaticHyperParameters"], **job["TunedHyperParameters"]},
        "LastModifiedTime": transitions[-1]["StartTime"],
        "FinalMetricDataList": _final_values(job, end),
        "TrainingTimeInSeconds": seconds,
        "BillableTimeInSeconds": seconds,
    }
    document = {name: value for name, value in members.items() if value is not None}
    return from_wire(DescribeTrainingJobResponse, document)


def _final_values(job: Document, end: datetime | None) -> list[Document] | None:
    """Return the final value of the objective metric, under its name and under the one that SageMaker adds."""
    metric = job.get("FinalHyperParameterTuningJobObjectiveMetric")
    if metric is None:
        return None
    names = dict.fromkeys([metric["MetricName"], OBJECTIVE_METRIC])
    return [{"MetricName": name, "Value": metric["Value"], "Timestamp": end} for name in names]


def _transitions(summary: HyperParameterTrainingJobSummary) -> Iterator[Document]:
    """Yield the secondary statuses that a training job has had, with their times."""
    start, end = summary.training_start_time, summary.training_end_time
    stages: list[tuple[str, datetime]] = [("Starting", summary.creation_time)]
    if start is not None:
        stages += [("Downloading", start), ("Training", start)]
    if summary.training_job_status == "Stopping":
        stages.append(("Stopping", stages[-1][1]))
    elif end is not None:
        if summary.training_job_status == "Completed":
            stages.append(("Uploading", end))
        stages.append((summary.training_job_status, end))
    ends: list[datetime | None] = [*(time for _, time in stages[1:]), end]
    for (status, time), until in zip(stages, ends, strict=True):
        stage = {"Status": status, "StartTime": time, "StatusMessage": _MESSAGES[status]}
        yield stage if until is None else {**stage, "EndTime": until}
