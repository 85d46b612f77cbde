"""The responses about a tuning job from its creation to its end, and a service that returns them."""

from __future__ import annotations

from collections import Counter, deque
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import attrs
from typing_extensions import override

from hptsdk._validation import ENDED
from hptsdk.local.descriptions import OBJECTIVE_METRIC, definitions, described_training_job, wire_names
from hptsdk.progress import job_status, status_text
from hptsdk.report import minimizes
from hptsdk.shapes import (
    DescribeTrainingJobResponse,
    HyperParameterTuningJobConsumedResources,
    HyperParameterTuningJobSummary,
    ObjectiveStatusCounters,
    TrainingJobStatusCounters,
)
from hptsdk.testing._memory_service import Document, MemoryService, summary_of
from hptsdk.testing._stub_transport import StubTransport
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hypothesis.vendor.pretty import RepresentationPrinter

    from hptsdk._validation import Shape
    from hptsdk.enums import HyperParameterTuningJobStatus, TrainingJobStatus
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        DescribeHyperParameterTuningJobResponse,
        HyperParameterTrainingJobSummary,
    )
    from hptsdk.testing._simulation import Fault

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
        tuning_job = self.description.hyper_parameter_tuning_job_name
        raise LookupError(f"the tuning job {tuning_job} has no training job {name}")


@attrs.frozen(kw_only=True, repr=False)
class JobHistory:
    """The responses about one tuning job, from its creation to its end.

    `hptsdk.testing.strategies.job_histories` draws them.

    Attributes:
        request: the request that created the tuning job.
        snapshots: the responses about it at several times, in order. The first one has no training jobs; in the last
            one the status of the tuning job is Completed, Failed or Stopped.

    Raises:
        ValueError: `snapshots` is empty.

    Example:
        >>> import hptsdk
        >>> from hypothesis import given
        >>> from hptsdk.testing import PretendClock, strategies
        >>> @given(strategies.job_histories(status="Completed"))
        ... def test_a_wait_returns_the_best_training_job(history):
        ...     client = hptsdk.TuningClient(transport=history.transport(), clock=PretendClock())
        ...     job = client.get(history.name)
        ...     job.wait()
        ...     assert job.best in list(job.training_jobs())
        >>> test_a_wait_returns_the_best_training_job()
    """

    request: CreateHyperParameterTuningJobRequest
    snapshots: tuple[JobSnapshot, ...] = attrs.field(validator=attrs.validators.min_len(1))

    @property
    def name(self) -> str:
        """The name of the tuning job."""
        return self.request.hyper_parameter_tuning_job_name

    def service(self) -> MemoryService:
        """Create a service with the tuning job, for `MemoryTransport` or `StubTransport`.

        Each Describe call for the tuning job responds with the next snapshot; the last one is repeated.
        The other calls respond with the snapshot of the last Describe call, or the first one. One Create call with the
        request of the history succeeds. After a Stop call the tuning job and its training jobs stop.
        """
        return _HistoryService(self)

    def transport(self, *, faults: Iterable[Fault] = (), max_attempts: int = 3) -> StubTransport:
        """Create a transport that calls a new service with the tuning job.

        Args:
            faults: see `StubTransport`.
            max_attempts: see `StubTransport`.
        """
        return StubTransport(service=self.service(), faults=faults, max_attempts=max_attempts)

    @override
    def __repr__(self) -> str:
        """Return the name, and the status and the counters of each snapshot."""
        texts = [status_text(job_status(snapshot.description)) for snapshot in self.snapshots]
        states = "; ".join(text.removeprefix(f"{self.name}: ") for text in texts)
        return f"JobHistory({self.name!r}: {states})"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001 - IPython passes it by position
        # Hypothesis would print all members of all responses instead
        printer.text(repr(self))


class _HistoryService(MemoryService):
    def __init__(self, history: JobHistory) -> None:
        super().__init__()
        self._request = to_wire(history.request)
        self._key = history.name.lower()
        self._next = deque(history.snapshots)
        self._current = history.snapshots[0]
        self._is_created = False
        arn = self._current.description.hyper_parameter_tuning_job_arn
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in self._request.get("Tags", ())}
        self.jobs[self._key] = to_wire(self._current.description)

    @override
    def _create(self, body: Document) -> Document:
        if self._is_created or body != self._request:
            return super()._create(body)
        self._is_created = True
        return {"HyperParameterTuningJobArn": self._current.description.hyper_parameter_tuning_job_arn}

    @override
    def _describe(self, body: Document) -> Document:
        if self._has_job(body) and self._next:
            self._current = self._next.popleft()
            self.jobs[self._key] = to_wire(self._current.description)
        return super()._describe(body)

    @override
    def _stop(self, body: Document) -> Document:
        if not self._has_job(body):
            return super()._stop(body)
        if self._current.description.hyper_parameter_tuning_end_time is None:
            self._next = deque(end_of(self._current, is_stopped=True))
        return {}

    @override
    def _list_training_jobs(self, body: Document) -> Document:
        self.training_jobs[self._key] = [to_wire(job) for job in self._current.training_jobs]
        return super()._list_training_jobs(body)

    @override
    def _describe_training_job(self, body: Document) -> Document:
        try:
            return to_wire(self._current.training_job(str(body["TrainingJobName"])))
        except LookupError:
            return super()._describe_training_job(body)

    def _has_job(self, body: Document) -> bool:
        """Check whether a request names the tuning job of the history, and it was not deleted."""
        return str(body["HyperParameterTuningJobName"]).lower() == self._key and self._key in self.jobs


def snapshot_at(
    time: datetime,
    description: DescribeHyperParameterTuningJobResponse,
    training_jobs: Sequence[HyperParameterTrainingJobSummary],
    status: HyperParameterTuningJobStatus = "InProgress",
    failure_reason: str | None = None,
) -> JobSnapshot:
    """Create a snapshot of a tuning job with its training jobs, from an earlier description of it.

    The counters and the best training job are those of the training jobs; the completion details do not change.
    """
    best, warm_start = _best(description, training_jobs), description.warm_start_config
    is_identical = warm_start and warm_start.warm_start_type == "IdenticalDataAndAlgorithm"
    tuning_job = description.hyper_parameter_tuning_job_name
    runtime = round((time - description.creation_time).total_seconds())
    described = attrs.evolve(
        description,
        hyper_parameter_tuning_job_status=status,
        last_modified_time=time,
        hyper_parameter_tuning_end_time=time if status in ENDED else None,
        training_job_status_counters=_counters(TrainingJobStatusCounters, map(_counter, training_jobs)),
        objective_status_counters=_counters(ObjectiveStatusCounters, (job.objective_status for job in training_jobs)),
        best_training_job=best,
        # the training jobs of the parents are worse
        overall_best_training_job=attrs.evolve(best, tuning_job_name=tuning_job) if best and is_identical else None,
        failure_reason=failure_reason,
        consumed_resources=HyperParameterTuningJobConsumedResources(runtime_in_seconds=runtime),
    )
    return JobSnapshot(description=described, training_jobs=tuple(training_jobs))


def end_of(snapshot: JobSnapshot, *, is_stopped: bool = False, failure_reason: str | None = None) -> list[JobSnapshot]:
    """Return the snapshots after this one, until the tuning job completes, fails for a reason, or is stopped."""
    description = snapshot.description
    time, snapshots = description.last_modified_time or description.creation_time, list[JobSnapshot]()
    jobs = [_with_status(job, "Stopping", time) for job in snapshot.training_jobs]
    if is_stopped or tuple(jobs) != snapshot.training_jobs:
        time += timedelta(seconds=1)
        snapshots.append(snapshot_at(time, description, jobs, "Stopping" if is_stopped else "InProgress"))
    time += timedelta(seconds=_END_SECONDS)
    jobs = [_with_status(job, "Stopped", time) for job in jobs]
    status: HyperParameterTuningJobStatus = "Completed" if failure_reason is None else "Failed"
    return [*snapshots, snapshot_at(time, description, jobs, "Stopped" if is_stopped else status, failure_reason)]


def _with_status(
    job: HyperParameterTrainingJobSummary, status: TrainingJobStatus, time: datetime
) -> HyperParameterTrainingJobSummary:
    """Return a training job with the status Stopping or Stopped; one that has ended is not changed."""
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
    """Create a structure with the number of training jobs for each counter."""
    counts = Counter(counters)
    return from_wire(cls, {name: counts[name] for name in wire_names(cls)})


def _best(
    description: DescribeHyperParameterTuningJobResponse, training_jobs: Sequence[HyperParameterTrainingJobSummary]
) -> HyperParameterTrainingJobSummary | None:
    """Return the best completed training job, of equal ones the first that ended; None if there is none."""
    sign = 1 if minimizes(description) else -1
    candidates = [
        (sign * metric.value, job.training_end_time, job.training_job_name, job)
        for job in training_jobs
        if job.training_job_status == "Completed"
        and (metric := job.final_hyper_parameter_tuning_job_objective_metric) is not None
    ]
    return min(candidates)[-1] if candidates else None


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
    seconds = round((end - start).total_seconds()) if start and end else None
    final_values: list[Document] = []
    if (metric := job.get("FinalHyperParameterTuningJobObjectiveMetric")) is not None:
        # under its name, and under the one that SageMaker adds
        names = dict.fromkeys([metric["MetricName"], OBJECTIVE_METRIC])
        final_values = [{"MetricName": name, "Value": metric["Value"], "Timestamp": end} for name in names]
    members = {
        **described_training_job(definition, summary.training_job_name),
        **{name: value for name, value in job.items() if name in wire_names(DescribeTrainingJobResponse)},
        "TuningJobArn": described["HyperParameterTuningJobArn"],
        "AlgorithmSpecification": {"EnableSageMakerMetricsTimeSeries": False, **definition["AlgorithmSpecification"]},
        "SecondaryStatus": transitions[-1]["Status"],
        "SecondaryStatusTransitions": transitions,
        "HyperParameters": {**definition.get("StaticHyperParameters", {}), **job.get("TunedHyperParameters", {})},
        "LastModifiedTime": transitions[-1]["StartTime"],
        "FinalMetricDataList": final_values or None,
        **dict.fromkeys(("TrainingTimeInSeconds", "BillableTimeInSeconds"), seconds),
    }
    return from_wire(DescribeTrainingJobResponse, {name: value for name, value in members.items() if value is not None})


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
