"""Summaries of jobs in a few lines, for `print` and for notebooks.

They do not show secrets: tuned hyperparameters are not secret, and failure reasons, which can quote a secret, are
omitted.
"""

from __future__ import annotations

from html import escape

import attrs

from hptsdk._validation import aware_datetime, is_mapping, member_at, number, shown
from hptsdk.progress._formatting import format_duration, format_number, job_status, printable

__all__ = ["Summary", "training_job_summary", "tuning_job_summary"]

_REASON = ("Failure reason", "read failure_reason")


@attrs.frozen
class Summary:
    """The summary of a training job or a tuning job.

    Attributes:
        kind: "Training job" or "Tuning job".
        name: the name of the job.
        status: the status of the job.
        rows: the names and values of further facts.
        values: the names and values of the tuned hyperparameters.
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


def training_job_summary(response: object) -> Summary:
    """Return the summary of a training job from a response. Any member can be missing or have another type."""
    rows = [
        ("Objective", _objective(response)),
        _REASON if _text(member_at(response, "failure_reason")) else ("", ""),
    ]
    return Summary(
        kind="Training job",
        name=_text(member_at(response, "training_job_name")),
        status=_text(member_at(response, "training_job_status")),
        rows=tuple(row for row in rows if row[1]),
        values=_values(response),
    )


def tuning_job_summary(response: object) -> Summary:
    """Return the summary of a tuning job and its best training job from a Describe response."""
    status = job_status(response)
    has_time = status.runtime is not None or aware_datetime(status.start) is not None
    best = member_at(response, "best_training_job")
    parts = (_text(member_at(best, "training_job_name")), _objective(best))
    rows = [
        ("Training jobs", ", ".join(status.counts)),
        ("Running time", format_duration(status.seconds) if has_time else ""),
        _REASON if _text(member_at(response, "failure_reason")) else ("", ""),
        ("Best training job", ", ".join(part for part in parts if part)),
    ]
    return Summary(
        kind="Tuning job",
        name=_text(member_at(response, "hyper_parameter_tuning_job_name")),
        status=_text(member_at(response, "hyper_parameter_tuning_job_status")),
        rows=tuple(row for row in rows if row[1]),
        values=_values(best),
    )


def _objective(response: object) -> str:
    """Format the final objective metric; empty text if it is missing."""
    metric = member_at(response, "final_hyper_parameter_tuning_job_objective_metric")
    value = number(member_at(metric, "value"))
    return "" if value is None else f"{_text(member_at(metric, 'metric_name')) or 'value'} = {format_number(value)}"


def _values(response: object) -> tuple[tuple[str, str], ...]:
    """Format the tuned hyperparameters."""
    tuned = member_at(response, "tuned_hyper_parameters")
    if not is_mapping(tuned):
        return ()
    return tuple((_text(name), _text(value)) for name, value in tuned.items())


def _text(value: object) -> str:
    """Format a scalar unchanged, and any other value as its type and size, because it may contain secrets."""
    return printable(value if value is None or isinstance(value, str | int | float) else shown(value, secret=True))
