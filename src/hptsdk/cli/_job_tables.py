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

__all__ = ["coloured", "job_table", "json_list", "overview", "tuning_jobs_table"]

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


def tuning_jobs_table(summaries: Sequence[HyperParameterTuningJobSummary]) -> OneLineTable:
    """Return a table with a row for each tuning job: status, creation time in UTC, strategy, and training jobs."""
    counters = [summary.training_job_status_counters for summary in summaries]
    failed = [(each.non_retryable_error or 0) + (each.retryable_error or 0) for each in counters]
    created = [_time(summary.creation_time) for summary in summaries]
    return OneLineTable([
        Column("name", [cell(summary.hyper_parameter_tuning_job_name) for summary in summaries]),
        Column("status", [coloured(summary.hyper_parameter_tuning_job_status) for summary in summaries]),
        Column("created", [*map(cell, created)], brief=[cell(time[:-3]) for time in created], is_optional=True),
        Column("strategy", [cell(summary.strategy) for summary in summaries], is_optional=True),
        Column("completed", [cell(each.completed or 0) for each in counters], is_number=True),
        Column("running", [cell(each.in_progress or 0) for each in counters], is_number=True),
        Column("failed", [*map(cell, failed)], is_number=True),
    ])  # fmt: skip
