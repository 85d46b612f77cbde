"""The status of a tuning job, read from a Describe response, and its text."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from time import monotonic

import attrs

from hptsdk._validation import ENDED, aware_datetime, member_at, number
from hptsdk.progress._formatting import format_number, printable

__all__ = ["JobStatus", "job_status", "status_text"]


@attrs.frozen
class JobStatus:
    """The status of a tuning job.

    Attributes:
        name: the name of the tuning job.
        status: the status, such as InProgress.
        completed: the number of training jobs that completed.
        running: the number of training jobs in progress.
        failed: the number of training jobs that failed.
        total: the maximum number of training jobs; None if there is no limit.
        best: the best objective value so far, as "loss 0.25"; empty if there is none.
        start: the creation time of the tuning job.
        end: its end time; None if it has not ended.
        stopped: the number of training jobs that were stopped.
        runtime: the running time in seconds when the response arrived; None if the response does not have it.
        received: the time of the monotonic clock, in seconds, when the response arrived.
    """

    name: str
    status: str
    completed: int = 0
    running: int = 0
    failed: int = 0
    total: int | None = None
    best: str = ""
    start: datetime | None = None
    end: datetime | None = None
    stopped: int = 0
    runtime: float | None = None
    received: float = attrs.field(default=0.0, eq=False)

    @property
    def ended(self) -> int:
        """The number of training jobs that ended with any status."""
        return self.completed + self.stopped + self.failed

    @property
    def counts(self) -> list[str]:
        """The numbers of training jobs by status, as text."""
        of_total = f" of {'at most ' if self._ends_early else ''}{self.total}" if self.total else ""
        running = f"{self.running} running"
        if self.ended == self.completed:
            return [f"{self.completed}{of_total} done", running]
        parts = {"completed": self.completed, "stopped": self.stopped, "failed": self.failed}
        by_status = ", ".join(f"{count} {status}" for status, count in parts.items() if count or status == "completed")
        return [f"{self.ended}{of_total} ended ({by_status})", running]

    @property
    def _ends_early(self) -> bool:
        """Whether the tuning job has ended, or is ending, before its maximum number of training jobs."""
        return self.status != "InProgress" and self.ended < (self.total or 0)

    @property
    def seconds(self) -> float:
        """The running time in seconds, without the time in which a local service was closed."""
        if self.runtime is not None:
            return self.runtime if self.status in ENDED else self.runtime + monotonic() - self.received
        if self.start is None:
            return 0.0
        return max(0.0, ((self.end or datetime.now(UTC)) - self.start).total_seconds())


def job_status(response: object) -> JobStatus:
    """Return the status of a tuning job from a Describe response. Any member can be missing or have another type."""
    counters = member_at(response, "training_job_status_counters")
    limits = member_at(response, "hyper_parameter_tuning_job_config", "resource_limits")
    metric = member_at(response, "best_training_job", "final_hyper_parameter_tuning_job_objective_metric")
    value = number(member_at(metric, "value"))
    runtime = number(member_at(response, "consumed_resources", "runtime_in_seconds"))
    return JobStatus(
        name=printable(member_at(response, "hyper_parameter_tuning_job_name")),
        status=printable(member_at(response, "hyper_parameter_tuning_job_status")),
        completed=_count(counters, "completed"),
        running=_count(counters, "in_progress"),
        failed=_count(counters, "non_retryable_error", "retryable_error"),
        total=_count(limits, "max_number_of_training_jobs") or None,
        best=f"{printable(member_at(metric, 'metric_name'))} {format_number(value)}".strip()
        if value is not None
        else "",
        start=aware_datetime(member_at(response, "creation_time")),
        end=aware_datetime(member_at(response, "hyper_parameter_tuning_end_time")),
        stopped=_count(counters, "stopped"),
        runtime=runtime if runtime is not None and isfinite(runtime) and runtime >= 0 else None,
        received=monotonic(),
    )


def _count(members: object, *names: str) -> int:
    """Return the sum of the counters with these names. A missing or invalid counter is 0."""
    counts = (member_at(members, name) for name in names)
    return sum(max(0, count) for count in counts if isinstance(count, int))


def status_text(job: JobStatus) -> str:
    """Format the status of a tuning job as one line."""
    best = [f"best {job.best}"] if job.best else []
    return ", ".join([f"{job.name}: {job.status}", *job.counts, *best])
