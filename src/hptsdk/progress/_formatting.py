"""Numbers, durations, statuses and summaries as text for terminals, notebooks, tables and reports."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from html import escape
from math import isfinite
from time import monotonic
from typing import TYPE_CHECKING

import attrs

from hptsdk._validation import ENDED, aware_datetime, format_value, is_mapping, member_at, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOUR, _MINUTE = 3600, 60

# Times below these are formatted in tenths of a second, in seconds, and in minutes.
_TENTHS, _SECONDS, _MINUTES = 10, 120, 7200


def format_number(value: float, digits: int = 6) -> str:
    """Format a number with at most `digits` significant digits, as in "0.3", "2.5e-7" and "nan". Defaults to 6."""
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def format_duration(seconds: float) -> str:
    """Format a number of seconds as minutes and seconds, as in "1:15", from one hour on with hours: "1:00:00"."""
    hours, rest = divmod(int(seconds), _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_seconds(seconds: float | None) -> str:
    """Format a number of seconds with its unit, as in "9.5 s", "83 s", "15 min" and "2.5 h"; empty text for None."""
    if seconds is None:
        return ""
    if seconds < _SECONDS:
        return f"{seconds:.1f} s" if seconds < _TENTHS else f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _MINUTES else f"{seconds / _HOUR:.1f} h"


def format_time(time: object) -> str:
    """Format a time in UTC, as in "2026-11-27 08:00:00"; empty text if the value is not a time."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if isinstance(time, datetime) else ""


def printable(value: object) -> str:
    """Return a value as text in one line, with spaces for white space, and U+FFFD for what cannot be printed."""
    string = text(value)
    if string.isprintable():
        return string
    return "".join([c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in string])


def display_width(string: str) -> int:
    """Return the number of terminal columns that a string occupies."""
    return sum(map(_character_width, string))


def truncate(string: str, width: int) -> str:
    """Cut a string to a number of terminal columns."""
    remaining = width
    for index, character in enumerate(string):
        remaining -= _character_width(character)
        if remaining < 0:
            return string[:index]
    return string


def _character_width(character: str) -> int:
    """Return the number of terminal columns of a character: 0 if it combines with another one, 2 if it is wide."""
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


@attrs.frozen
class JobStatus:
    """The status of a tuning job.

    Attributes:
        completed, running, failed, stopped: the numbers of training jobs by status.
        total: the maximum number of training jobs; None if there is no limit.
        best: the best objective value so far, as "loss 0.25"; empty if there is none.
        start: the creation time of the tuning job.
        end: its end time; None if it has not ended.
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
        """The running time in seconds; 0 if it is not known."""
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
    """Format the status of a tuning job as one line, as in "demo: InProgress, 3 of 9 done, 2 running"."""
    best = [f"best {job.best}"] if job.best else []
    return ", ".join([f"{job.name}: {job.status}", *job.counts, *best])


@attrs.frozen
class _Summary:
    """The summary of a training job or a tuning job.

    Attributes:
        kind: "Training job" or "Tuning job".
        rows: the names and values of further facts.
        values: the names and values of the tuned hyperparameters, of the best training job for a tuning job.
    """

    kind: str
    name: str
    status: str
    rows: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The summary as text with several lines."""
        lines = [f"{self.kind} {self.name}: {self.status}"]
        lines += [f"{name}: {value}" for name, value in self.rows]
        lines += [f"  {name} = {value}" for name, value in self.values]
        return "\n".join(lines)

    @property
    def html(self) -> str:
        """The summary as HTML."""
        rows = "".join(f"<br>{escape(name)}: {escape(value)}" for name, value in self.rows)
        cells = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th><td style='text-align:left'>{escape(value)}</td></tr>"
            for name, value in self.values
        )
        table = f"<table>{cells}</table>" if cells else ""
        return f"<div>{escape(self.kind)} <b>{escape(self.name)}</b>: {escape(self.status)}{rows}{table}</div>"


def training_job_summary(response: object) -> _Summary:
    """Return the summary of a training job from a response. Any member can be missing or have another type."""
    rows = {"Objective": _objective(response), "Failure reason": _reason(response)}
    return _summary("Training job", response, "training_job", rows, response)


def tuning_job_summary(response: object) -> _Summary:
    """Return the summary of a tuning job and its best training job from a Describe response."""
    status = job_status(response)
    has_time = status.runtime is not None or status.start is not None
    best = member_at(response, "best_training_job")
    rows = {
        "Training jobs": ", ".join(status.counts),
        "Running time": format_duration(status.seconds) if has_time else "",
        "Failure reason": _reason(response),
        "Best training job": ", ".join(filter(None, (_text(member_at(best, "training_job_name")), _objective(best)))),
    }
    return _summary("Tuning job", response, "hyper_parameter_tuning_job", rows, best)


def _summary(kind: str, response: object, prefix: str, rows: Mapping[str, str], tuned: object) -> _Summary:
    """Create a summary; empty rows are omitted.

    The names of the members for the name and the status begin with the prefix. `tuned` has the hyperparameters.
    """
    values = member_at(tuned, "tuned_hyper_parameters")
    return _Summary(
        kind=kind,
        name=_text(member_at(response, f"{prefix}_name")),
        status=_text(member_at(response, f"{prefix}_status")),
        rows=tuple((name, value) for name, value in rows.items() if value),
        values=tuple((_text(name), _text(value)) for name, value in values.items()) if is_mapping(values) else (),
    )


def _reason(response: object) -> str:
    """Return where the failure reason is, which can contain secrets; empty text if there is none."""
    return "in the attribute failure_reason" if _text(member_at(response, "failure_reason")) else ""


def tuning_job_row(summary: object) -> dict[str, str]:
    """Return a tuning job as a row of a table, by column. The counts are those of its training jobs."""
    counts = job_status(summary)
    return {
        "name": text(member_at(summary, "hyper_parameter_tuning_job_name")),
        "status": text(member_at(summary, "hyper_parameter_tuning_job_status")),
        "created": format_time(member_at(summary, "creation_time")),
        "strategy": text(member_at(summary, "strategy")),
        "completed": str(counts.completed),
        "running": str(counts.running),
        "failed": str(counts.failed),
    }


def _objective(response: object) -> str:
    """Format the final objective metric; empty text if it is missing."""
    metric = member_at(response, "final_hyper_parameter_tuning_job_objective_metric")
    value = number(member_at(metric, "value"))
    return "" if value is None else f"{_text(member_at(metric, 'metric_name')) or 'value'} = {format_number(value)}"


def _text(value: object) -> str:
    """Format a scalar in one line, and any other value as its type and size, because it may contain secrets."""
    return printable(
        value if value is None or isinstance(value, str | int | float) else format_value(value, secret=True)
    )
