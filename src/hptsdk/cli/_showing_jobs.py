"""Jobs as tables and as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hptsdk import dumps
from hptsdk._standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        DescribeHyperParameterTuningJobResponse,
        HyperParameterTrainingJobSummary,
        HyperParameterTuningJobSummary,
    )
    from hptsdk.shapes._base import Shape

__all__ = ["as_documents", "job_table", "jobs_table", "overview", "training_table", "worst_case"]

_COLOURS = {"Completed": "green", "Failed": "red", "InProgress": "cyan", "Stopped": "yellow", "Stopping": "yellow"}
_DAY = 24 * 3600
_HOUR = 3600
_LONGEST_JOB = 30 * _DAY


def as_documents(shapes: Iterable[Shape]) -> str:
    """Write shapes as a JSON list."""
    return json.dumps([json.loads(dumps(shape)) for shape in shapes], indent=2)


def status(name: str | None) -> str:
    """Colour a status."""
    return f"[{_COLOURS.get(name or '', 'white')}]{name}[/]"


def _time(when: object) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if isinstance(when, datetime) else ""


def _took(begin: object, end: object) -> str:
    if not isinstance(begin, datetime):
        return ""
    seconds = ((end if isinstance(end, datetime) else datetime.now(UTC)) - begin).total_seconds()
    return f"{seconds:.0f} s" if seconds < 10 * 60 else f"{seconds / 60:.0f} min"


def overview(response: DescribeHyperParameterTuningJobResponse) -> str:
    """Say in one line how a job stands."""
    standing = standing_of(response)
    best = [f"best {standing.best}"] if standing.best else []
    return ", ".join([f"{standing.name}: {status(standing.status)}", *standing.counts, *best])


def job_table(response: DescribeHyperParameterTuningJobResponse) -> Table:
    """Describe one job."""
    from rich.markup import escape  # noqa: PLC0415 - on first use only
    from rich.table import Table  # noqa: PLC0415 - likewise

    table = Table(show_header=False, box=None)
    config, best = response.hyper_parameter_tuning_job_config, response.best_training_job
    rows: list[tuple[str, str]] = [
        ("name", escape(response.hyper_parameter_tuning_job_name)),
        ("status", status(response.hyper_parameter_tuning_job_status)),
        ("strategy", config.strategy),
        ("created", _time(response.creation_time)),
        ("ended", _time(response.hyper_parameter_tuning_end_time)),
        ("progress", overview(response).partition(", ")[2]),
        ("failure", escape(response.failure_reason or "")),
        ("best", escape(best.training_job_name) if best else ""),
    ]
    if best is not None:
        rows += [(f"  {escape(k)}", escape(v)) for k, v in best.tuned_hyper_parameters.items()]
    for name, text in rows:
        if text:
            table.add_row(name, text)
    return table


def jobs_table(summaries: Iterable[HyperParameterTuningJobSummary]) -> Table:
    """List tuning jobs."""
    from rich.table import Table  # noqa: PLC0415 - on first use only

    table = Table("name", "status", "strategy", "created", "completed", "running", "failed")
    for summary in summaries:
        counters = summary.training_job_status_counters
        bad = (counters.non_retryable_error or 0) + (counters.retryable_error or 0)
        table.add_row(
            summary.hyper_parameter_tuning_job_name,
            status(summary.hyper_parameter_tuning_job_status),
            summary.strategy,
            _time(summary.creation_time),
            str(counters.completed or 0),
            str(counters.in_progress or 0),
            str(bad),
        )
    return table


def training_table(summaries: Iterable[HyperParameterTrainingJobSummary]) -> Table:
    """List training jobs with what they tried."""
    from rich.markup import escape  # noqa: PLC0415 - on first use only
    from rich.table import Table  # noqa: PLC0415 - likewise

    found = list(summaries)
    names = sorted({name for summary in found for name in summary.tuned_hyper_parameters})
    table = Table("training job", "status", "objective", *map(escape, names), "took", "reason")
    for summary in found:
        metric = summary.final_hyper_parameter_tuning_job_objective_metric
        table.add_row(
            summary.training_job_name,
            status(summary.training_job_status),
            f"{metric.value:.6g}" if metric else "",
            *(escape(_short(summary.tuned_hyper_parameters.get(name, ""))) for name in names),
            _took(summary.training_start_time, summary.training_end_time),
            escape((summary.failure_reason or "").partition("\n")[0][:80]),
        )
    return table


def _short(text: str) -> str:
    try:
        return text if text.lstrip("-").isdigit() else f"{float(text):.6g}"
    except ValueError:
        return text


def worst_case(request: CreateHyperParameterTuningJobRequest) -> str:
    """Say how many instance-hours a job can take at most."""
    limits = request.hyper_parameter_tuning_job_config.resource_limits
    parts = [request.training_job_definition] if request.training_job_definition else []
    definitions = [*parts, *(request.training_job_definitions or ())]
    instances = max(_instances(definition) for definition in definitions)
    longest = max(definition.stopping_condition.max_runtime_in_seconds or _DAY for definition in definitions)
    parallel = limits.max_parallel_training_jobs
    whole = limits.max_runtime_in_seconds or _LONGEST_JOB
    seconds = whole * parallel
    said = f"{whole / _HOUR:g} h x {parallel} in parallel"
    if limits.max_number_of_training_jobs and limits.max_number_of_training_jobs * longest < seconds:
        seconds = limits.max_number_of_training_jobs * longest
        said = f"{limits.max_number_of_training_jobs} training jobs x {longest / _HOUR:g} h"
    return f"worst case: {seconds * instances / _HOUR:,.1f} instance-hours ({said} x {instances} instances)"


def _instances(definition: object) -> int:
    simple = getattr(definition, "resource_config", None)
    tuning = getattr(definition, "hyper_parameter_tuning_resource_config", None)
    counts = [1]
    for part in (simple, tuning):
        if part is not None:
            counts.append(part.instance_count or 1)
            counts += [item.instance_count or 1 for item in getattr(part, "instance_configs", None) or ()]
            counts += [item.instance_count or 1 for item in getattr(part, "instance_preferences", None) or ()]
            groups = getattr(part, "instance_groups", None) or ()
            counts.append(sum(group.instance_count for group in groups))
    return max(counts)
