"""Tuning jobs as text, as tables and as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from hptsdk import dumps
from hptsdk.cli._output import printable_lines
from hptsdk.cli._tables import Column, OneLineTable, cell
from hptsdk.progress import job_status, status_text
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hptsdk._validation import Shape
    from hptsdk.progress import JobStatus
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTuningJobSummary
    from hptsdk.transport import Redaction

__all__ = ["coloured", "job_table", "json_list", "overview", "tuning_job_rows", "tuning_jobs_table"]

_COLOURS = {"Completed": "green", "Failed": "red", "InProgress": "cyan", "Stopped": "yellow", "Stopping": "yellow"}


def json_list(shapes: Iterable[Shape], redaction: Redaction | None = None) -> str:
    """Return the JSON list of shapes.

    Args:
        shapes: parts of responses.
        redaction: the secrets to redact in failure reasons. Defaults to none.
    """
    documents = [json.loads(dumps(shape)) for shape in shapes]
    for document in documents:
        if redaction and "FailureReason" in document:
            document["FailureReason"] = redaction.apply(document["FailureReason"])
    return json.dumps(documents, indent=2)


def coloured(status: str | None) -> Text:
    """Return a status in its colour."""
    text = cell(status)
    text.stylize(_COLOURS.get(status or "", "white"))
    return text


def _time(time: object) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if isinstance(time, datetime) else ""


def overview(response: DescribeHyperParameterTuningJobResponse) -> Text:
    """Return the status and the progress of a tuning job in one line."""
    job = job_status(response)
    return cell(f"{job.name}: ") + coloured(job.status) + cell(f", {_progress(job)}")


def _progress(job: JobStatus) -> str:
    return status_text(job).removeprefix(f"{job.name}: {job.status}, ")


def job_table(response: DescribeHyperParameterTuningJobResponse) -> Table:
    """Return a table with a row for each property of a tuning job that is set.

    The failure reason is redacted. If there is a best training job, its hyperparameters are the last rows.
    """
    best = response.best_training_job
    reason = redaction_of(response).apply(response.failure_reason or "")
    rows: list[tuple[str, object]] = [
        ("name", response.hyper_parameter_tuning_job_name),
        ("status", coloured(response.hyper_parameter_tuning_job_status)),
        ("strategy", response.hyper_parameter_tuning_job_config.strategy),
        ("created", _time(response.creation_time)),
        ("ended", _time(response.hyper_parameter_tuning_end_time)),
        ("progress", _progress(job_status(response))),
        ("failure", Text(printable_lines(reason))),
        ("best", best.training_job_name if best else ""),
    ]
    if best is not None:
        rows += [(f"  {name}", value) for name, value in best.tuned_hyper_parameters.items()]
    table = Table(show_header=False, box=None)
    for name, value in rows:
        if value:
            table.add_row(cell(name), value if isinstance(value, Text) else cell(value))
    return table


def tuning_job_rows(summaries: Iterable[HyperParameterTuningJobSummary]) -> list[dict[str, str]]:
    """Return the name, the status, the creation time in UTC, the strategy and the training jobs of each tuning job."""
    rows: list[dict[str, str]] = []
    for summary in summaries:
        counters = summary.training_job_status_counters
        rows.append({
            "name": summary.hyper_parameter_tuning_job_name,
            "status": summary.hyper_parameter_tuning_job_status,
            "created": _time(summary.creation_time),
            "strategy": summary.strategy,
            "completed": str(counters.completed or 0),
            "running": str(counters.in_progress or 0),
            "failed": str((counters.non_retryable_error or 0) + (counters.retryable_error or 0)),
        })  # fmt: skip
    return rows


def tuning_jobs_table(summaries: Sequence[HyperParameterTuningJobSummary]) -> OneLineTable:
    """Return a table with a row for each tuning job."""
    rows = tuning_job_rows(summaries)
    columns: list[Column] = []
    for name in ("name", "status", "created", "strategy", "completed", "running", "failed"):
        values = [row[name] for row in rows]
        columns.append(
            Column(
                name,
                [*map(coloured if name == "status" else cell, values)],
                brief=[cell(time[:-3]) for time in values] if name == "created" else None,
                is_optional=name in {"created", "strategy"},
                is_number=name in {"completed", "running", "failed"},
            )
        )
    return OneLineTable(columns)
