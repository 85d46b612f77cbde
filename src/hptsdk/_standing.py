"""How far a tuning job has come, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import attrs

if TYPE_CHECKING:
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["Standing", "elapsed", "sentence", "standing_of"]

_HOUR, _MINUTE = 3600, 60


@attrs.frozen
class Standing:
    """How a tuning job stands.

    Attributes:
        done: training jobs that completed or were stopped.
        total: how many there will be at most; None where nothing says.
        best: the best objective so far, as "loss 0.25"; empty before there is one.
        begin: when the job was created.
        end: when it ended.
    """

    name: str
    status: str
    done: int = 0
    running: int = 0
    failed: int = 0
    total: int | None = None
    best: str = ""
    begin: datetime | None = None
    end: datetime | None = None

    @property
    def counts(self) -> list[str]:
        """What there is to count, in words."""
        of = f" of {self.total}" if self.total else ""
        return [
            f"{self.done}{of} done",
            f"{self.running} running",
            *([f"{self.failed} failed"] if self.failed else []),
        ]

    @property
    def seconds(self) -> float:
        """How long the job has taken, until now where it goes on."""
        if self.begin is None:
            return 0.0
        return max(0.0, ((self.end or datetime.now(UTC)) - self.begin).total_seconds())


def standing_of(response: DescribeHyperParameterTuningJobResponse) -> Standing:
    """Read a description; a service that only stands in for SageMaker may leave out any part of it."""
    counters: object = response.training_job_status_counters
    limits = getattr(response.hyper_parameter_tuning_job_config, "resource_limits", None)
    best = response.best_training_job
    metric = best.final_hyper_parameter_tuning_job_objective_metric if best else None
    begin, end = (cast("object", t) for t in (response.creation_time, response.hyper_parameter_tuning_end_time))
    return Standing(
        name=response.hyper_parameter_tuning_job_name,
        status=response.hyper_parameter_tuning_job_status,
        done=_count(counters, "completed", "stopped"),
        running=_count(counters, "in_progress"),
        failed=_count(counters, "non_retryable_error", "retryable_error"),
        total=_count(limits, "max_number_of_training_jobs") or None,
        best=f"{metric.metric_name} {metric.value:.6g}" if metric else "",
        begin=begin if isinstance(begin, datetime) else None,
        end=end if isinstance(end, datetime) else None,
    )


def _count(members: object, *names: str) -> int:
    found = [getattr(members, name, None) for name in names]
    return sum(number for number in found if isinstance(number, int))


def sentence(standing: Standing) -> str:
    """Say in one line how a job stands."""
    best = [f"best {standing.best}"] if standing.best else []
    return ", ".join([f"{standing.name}: {standing.status}", *standing.counts, *best])


def elapsed(seconds: float) -> str:
    """Write a time as a clock does."""
    hours, rest = divmod(int(seconds), _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
