"""Tuning jobs as text, as tables and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import attrs
from rich.table import Table
from rich.text import Text

from hptsdk import dumps
from hptsdk._validation import is_mapping, member_at
from hptsdk.cli._output import printable_lines
from hptsdk.cli._tables import Column, OneLineTable, cell
from hptsdk.progress import format_time, job_status, status_text, tuning_job_row
from hptsdk.report import typed_hyperparameters
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hptsdk import LogEvent
    from hptsdk._validation import Shape
    from hptsdk.progress import JobStatus
    from hptsdk.shapes import (
        DescribeHyperParameterTuningJobResponse,
        DescribeTrainingJobResponse,
        HyperParameterTuningJobSummary,
    )
    from hptsdk.transport import Redaction

__all__ = [
    "best_document",
    "best_table",
    "coloured",
    "job_table",
    "json_event",
    "json_list",
    "overview",
    "tuning_jobs_table",
]

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


def json_event(event: LogEvent, redaction: Redaction) -> str:
    """Return a log event as a JSON object in one line, with its secrets redacted."""
    document = attrs.asdict(event) | {"time": event.time.isoformat(), "message": redaction.apply(event.message)}
    return json.dumps(document)


def best_document(
    response: DescribeHyperParameterTuningJobResponse, described: DescribeTrainingJobResponse
) -> dict[str, object]:
    """Return the objective value, the typed hyperparameters and the model of the best training job, by their AWS names.

    Args:
        response: the response of Describe for the tuning job, which has a best training job.
        described: the description of the best training job.
    """
    best = response.best_training_job
    metric = member_at(best, "final_hyper_parameter_tuning_job_objective_metric")
    return {
        "TrainingJobName": described.training_job_name,
        "MetricName": member_at(metric, "metric_name"),
        "Value": member_at(metric, "value"),
        "S3ModelArtifacts": member_at(described, "model_artifacts", "s3_model_artifacts"),
        "TunedHyperParameters": typed_hyperparameters(response, best) if best else {},
    }


def best_table(document: Mapping[str, object]) -> Table:
    """Return a table with the document of the best training job."""
    name, metric, value, model, tuned = document.values()
    values = tuned.items() if is_mapping(tuned) else ()
    rows = [("training job", name), (metric, value), ("model", model), *((f"  {key}", value) for key, value in values)]
    return _property_table(rows)


def coloured(status: str | None) -> Text:
    """Return a status in its colour."""
    text = cell(status)
    text.stylize(_COLOURS.get(status or "", "white"))
    return text


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
        ("created", format_time(response.creation_time)),
        ("ended", format_time(response.hyper_parameter_tuning_end_time)),
        ("progress", _progress(job_status(response))),
        ("failure", Text(printable_lines(reason))),
        ("best", best.training_job_name if best else ""),
    ]
    if best is not None:
        rows += [(f"  {name}", value) for name, value in best.tuned_hyper_parameters.items()]
    return _property_table((name, value) for name, value in rows if value)


def _property_table(rows: Iterable[tuple[object, object]]) -> Table:
    """Return a table with a row for each name and value."""
    table = Table(show_header=False, box=None)
    for name, value in rows:
        table.add_row(cell(name), value if isinstance(value, Text) else cell(value))
    return table


def tuning_jobs_table(summaries: Sequence[HyperParameterTuningJobSummary]) -> OneLineTable:
    """Return a table with a row for each tuning job."""
    rows = [tuning_job_row(summary) for summary in summaries]
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
