"""How far a tuning job has come, in words."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from math import isfinite
from time import monotonic

import attrs

from hptsdk._validation import ENDED, moment, number, reach, text

__all__ = ["Standing", "columns", "cut", "elapsed", "printable", "sentence", "standing_of"]

_HOUR, _MINUTE = 3600, 60


@attrs.frozen
class Standing:
    """How a tuning job stands.

    Attributes:
        completed: training jobs that completed.
        total: the maximum number of training jobs; None if there is no limit.
        best: the best objective value so far, as "loss 0.25"; empty before there is one.
        begin: when the job was created.
        end: when it ended.
        stopped: training jobs that were stopped.
        runtime: the seconds that the job had run when the response arrived; None if the response does not have them.
        received: when the response arrived, by the monotonic clock.
    """

    name: str
    status: str
    completed: int = 0
    running: int = 0
    failed: int = 0
    total: int | None = None
    best: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    stopped: int = 0
    runtime: float | None = None
    received: float = attrs.field(default=0.0, eq=False)

    @property
    def ended(self) -> int:
        """The number of training jobs that ended, however they ended."""
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
        """The seconds that the job has run, without the time in which a local service was closed."""
        if self.runtime is not None:
            return self.runtime if self.status in ENDED else self.runtime + monotonic() - self.received
        if self.begin is None:
            return 0.0
        return max(0.0, ((self.end or datetime.now(UTC)) - self.begin).total_seconds())


def standing_of(response: object) -> Standing:
    """Read a description, any part of which may be missing or of another kind one day."""
    counters = reach(response, "training_job_status_counters")
    limits = reach(response, "hyper_parameter_tuning_job_config", "resource_limits")
    metric = reach(response, "best_training_job", "final_hyper_parameter_tuning_job_objective_metric")
    value = number(reach(metric, "value"))
    runtime = number(reach(response, "consumed_resources", "runtime_in_seconds"))
    return Standing(
        name=printable(reach(response, "hyper_parameter_tuning_job_name")),
        status=printable(reach(response, "hyper_parameter_tuning_job_status")),
        completed=_count(counters, "completed"),
        running=_count(counters, "in_progress"),
        failed=_count(counters, "non_retryable_error", "retryable_error"),
        total=_count(limits, "max_number_of_training_jobs") or None,
        best=f"{printable(reach(metric, 'metric_name'))} {value:.6g}".strip() if value is not None else "",
        begin=moment(reach(response, "creation_time")),
        end=moment(reach(response, "hyper_parameter_tuning_end_time")),
        stopped=_count(counters, "stopped"),
        runtime=runtime if runtime is not None and isfinite(runtime) and runtime >= 0 else None,
        received=monotonic(),
    )


def printable(value: object) -> str:
    """Return a value as text in which what cannot be printed is replaced."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text(value))


def _count(members: object, *names: str) -> int:
    found = [getattr(members, name, None) for name in names]
    return sum(max(0, count) for count in found if isinstance(count, int))


def sentence(standing: Standing) -> str:
    """Say in one line how a job stands."""
    best = [f"best {standing.best}"] if standing.best else []
    return ", ".join([f"{standing.name}: {standing.status}", *standing.counts, *best])


def columns(words: str) -> int:
    """Count the columns that a terminal takes for words."""
    return sum(map(_columns, words))


def cut(words: str, width: int) -> str:
    """Shorten words to so many columns."""
    room = width
    for place, letter in enumerate(words):
        room -= _columns(letter)
        if room < 0:
            return words[:place]
    return words


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def elapsed(seconds: float) -> str:
    """Write a time as a clock does."""
    hours, rest = divmod(int(seconds), _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
