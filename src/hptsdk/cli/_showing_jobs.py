"""Jobs as tables and as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hptsdk import dumps
from hptsdk._reasons import redaction_of
from hptsdk._standing import standing_of
from hptsdk.cli._plain import plain, plain_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table
    from rich.text import Text

    from hptsdk._redaction import Redaction
    from hptsdk.shapes import (
        DescribeHyperParameterTuningJobResponse,
        HyperParameterTrainingJobSummary,
        HyperParameterTuningJobSummary,
    )
    from hptsdk.shapes._base import Shape

__all__ = ["as_documents", "job_table", "jobs_table", "overview", "training_table"]

_COLOURS = {"Completed": "green", "Failed": "red", "InProgress": "cyan", "Stopped": "yellow", "Stopping": "yellow"}


def as_documents(shapes: Iterable[Shape], redaction: Redaction | None = None) -> str:
    """Write shapes as a JSON list, without secrets in the reasons for failures."""
    documents = [json.loads(dumps(shape)) for shape in shapes]
    for document in documents:
        if redaction and "FailureReason" in document:
            document["FailureReason"] = redaction.apply(document["FailureReason"])
    return json.dumps(documents, indent=2)


def _cell(text: object) -> Text:
    """Make a cell that shows a text as it is: a `str` would be read for rich's own marks."""
    from rich.text import Text  # noqa: PLC0415 - on first use only

    return Text(plain(text))


def _table(*names: str) -> Table:
    from rich.table import Column, Table  # noqa: PLC0415 - on first use only

    return Table(*(Column(header=_cell(name)) for name in names))


def status(name: str | None) -> Text:
    """Colour a status."""
    cell = _cell(name)
    cell.stylize(_COLOURS.get(name or "", "white"))
    return cell


def _time(when: object) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if isinstance(when, datetime) else ""


def _took(begin: object, end: object) -> str:
    if not isinstance(begin, datetime):
        return ""
    seconds = ((end if isinstance(end, datetime) else datetime.now(UTC)) - begin).total_seconds()
    return f"{seconds:.0f} s" if seconds < 10 * 60 else f"{seconds / 60:.0f} min"


def overview(response: DescribeHyperParameterTuningJobResponse) -> Text:
    """Say in one line how a job stands."""
    standing = standing_of(response)
    return _cell(f"{standing.name}: ") + status(standing.status) + _cell(f", {_progress(response)}")


def _progress(response: DescribeHyperParameterTuningJobResponse) -> str:
    standing = standing_of(response)
    return ", ".join([*standing.counts, *([f"best {standing.best}"] if standing.best else [])])


def job_table(response: DescribeHyperParameterTuningJobResponse) -> Table:
    """Describe one job."""
    from rich.table import Table  # noqa: PLC0415 - on first use only
    from rich.text import Text  # noqa: PLC0415 - likewise

    config, best = response.hyper_parameter_tuning_job_config, response.best_training_job
    reason = redaction_of(response).apply(response.failure_reason or "")
    rows: list[tuple[str, object]] = [
        ("name", response.hyper_parameter_tuning_job_name),
        ("status", status(response.hyper_parameter_tuning_job_status)),
        ("strategy", config.strategy),
        ("created", _time(response.creation_time)),
        ("ended", _time(response.hyper_parameter_tuning_end_time)),
        ("progress", _progress(response)),
        ("failure", Text(plain_lines(reason))),
        ("best", best.training_job_name if best else ""),
    ]
    if best is not None:
        rows += [(f"  {name}", value) for name, value in best.tuned_hyper_parameters.items()]
    table = Table(show_header=False, box=None)
    for name, value in rows:
        if value:
            table.add_row(_cell(name), value if isinstance(value, Text) else _cell(value))
    return table


def jobs_table(summaries: Iterable[HyperParameterTuningJobSummary]) -> Table:
    """List tuning jobs."""
    table = _table("name", "status", "strategy", "created", "completed", "running", "failed")
    for summary in summaries:
        counters = summary.training_job_status_counters
        bad = (counters.non_retryable_error or 0) + (counters.retryable_error or 0)
        table.add_row(
            _cell(summary.hyper_parameter_tuning_job_name),
            status(summary.hyper_parameter_tuning_job_status),
            _cell(summary.strategy),
            _time(summary.creation_time),
            str(counters.completed or 0),
            str(counters.in_progress or 0),
            str(bad),
        )
    return table


def training_table(summaries: Iterable[HyperParameterTrainingJobSummary], redaction: Redaction) -> Table:
    """List training jobs with what they tried, and why they failed, without the secrets of the request."""
    found = list(summaries)
    names = sorted({name for summary in found for name in summary.tuned_hyper_parameters})
    table = _table("training job", "status", "objective", *names, "took", "reason")
    for summary in found:
        metric = summary.final_hyper_parameter_tuning_job_objective_metric
        table.add_row(
            _cell(summary.training_job_name),
            status(summary.training_job_status),
            f"{metric.value:.6g}" if metric else "",
            *(_cell(_short(summary.tuned_hyper_parameters.get(name, ""))) for name in names),
            _took(summary.training_start_time, summary.training_end_time),
            _cell(redaction.apply(summary.failure_reason or "").partition("\n")[0][:80]),
        )
    return table


def _short(text: str) -> str:
    try:
        return text if text.lstrip("-").isdigit() else f"{float(text):.6g}"
    except ValueError:
        return text
