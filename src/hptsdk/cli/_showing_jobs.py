"""Jobs as tables and as JSON."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from os.path import commonprefix
from typing import TYPE_CHECKING

import attrs
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hptsdk import dumps
from hptsdk.cli._plain import plain_lines
from hptsdk.cli._tables import Column, OneLineTable, cell, list_of_names
from hptsdk.progress import job_status
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from hptsdk._validation import Shape
    from hptsdk.shapes import (
        DescribeHyperParameterTuningJobResponse,
        HyperParameterTrainingJobSummary,
        HyperParameterTuningJobSummary,
    )
    from hptsdk.transport import Redaction

__all__ = ["as_documents", "job_table", "jobs_table", "overview", "training_table"]

_COLOURS = {"Completed": "green", "Failed": "red", "InProgress": "cyan", "Stopped": "yellow", "Stopping": "yellow"}


# Times of fewer seconds are shown with tenths, times of more in minutes.
_TENTHS, _MINUTES = 10, 600

# Header and values of a hyperparameter are cut to this width if there is no room for them.
_BRIEF = 10

# Reasons of failures: this many, and each up to this many characters.
_MOST_REASONS, _LONGEST_REASON = 5, 500


def as_documents(shapes: Iterable[Shape], redaction: Redaction | None = None) -> str:
    """Write shapes as a JSON list, without secrets in the reasons for failures."""
    documents = [json.loads(dumps(shape)) for shape in shapes]
    for document in documents:
        if redaction and "FailureReason" in document:
            document["FailureReason"] = redaction.apply(document["FailureReason"])
    return json.dumps(documents, indent=2)


def status(name: str | None) -> Text:
    """Colour a status."""
    coloured = cell(name)
    coloured.stylize(_COLOURS.get(name or "", "white"))
    return coloured


def _time(when: object) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if isinstance(when, datetime) else ""


def _took(begin: object, end: object) -> str:
    if not isinstance(begin, datetime):
        return ""
    seconds = ((end if isinstance(end, datetime) else datetime.now(UTC)) - begin).total_seconds()
    if seconds < _MINUTES:
        return f"{seconds:.1f} s" if seconds < _TENTHS else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"


def overview(response: DescribeHyperParameterTuningJobResponse) -> Text:
    """Say in one line how a job stands."""
    standing = job_status(response)
    return cell(f"{standing.name}: ") + status(standing.status) + cell(f", {_progress(response)}")


def _progress(response: DescribeHyperParameterTuningJobResponse) -> str:
    standing = job_status(response)
    return ", ".join([*standing.counts, *([f"best {standing.best}"] if standing.best else [])])


def job_table(response: DescribeHyperParameterTuningJobResponse) -> Table:
    """Describe one job."""
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
            table.add_row(cell(name), value if isinstance(value, Text) else cell(value))
    return table


def jobs_table(summaries: Iterable[HyperParameterTuningJobSummary]) -> OneLineTable:
    """List tuning jobs."""
    found = list(summaries)
    counters = [summary.training_job_status_counters for summary in found]
    failed = [(each.non_retryable_error or 0) + (each.retryable_error or 0) for each in counters]
    created = [_time(summary.creation_time) for summary in found]
    return OneLineTable([
        Column("name", [cell(summary.hyper_parameter_tuning_job_name) for summary in found]),
        Column("status", [status(summary.hyper_parameter_tuning_job_status) for summary in found]),
        Column("created", [*map(cell, created)], brief=[cell(time[:-3]) for time in created], can_be_left_out=True),
        Column("strategy", [cell(summary.strategy) for summary in found], can_be_left_out=True),
        Column("completed", [cell(each.completed or 0) for each in counters], is_number=True),
        Column("running", [cell(each.in_progress or 0) for each in counters], is_number=True),
        Column("failed", [*map(cell, failed)], is_number=True),
    ])  # fmt: skip


def training_table(summaries: Iterable[HyperParameterTrainingJobSummary], redaction: Redaction) -> RenderableType:
    """List training jobs with what they tried, and below why some failed, without the secrets of the request."""
    found = list(summaries)
    names = [f"{summary.training_job_name}" for summary in found]
    brief = _without_common_begin(names)
    tried = sorted({name for summary in found for name in summary.tuned_hyper_parameters})
    metrics = [summary.final_hyper_parameter_tuning_job_objective_metric for summary in found]
    took = [_took(summary.training_start_time, summary.training_end_time) for summary in found]
    table = OneLineTable([
        Column("training job", [*map(cell, names)], brief=[*map(cell, brief)]),
        Column("status", [status(summary.training_job_status) for summary in found]),
        Column("objective", [cell(f"{metric.value:.6g}" if metric else "") for metric in metrics], is_number=True),
        *(_hyperparameter(name, [summary.tuned_hyper_parameters.get(name, "") for summary in found]) for name in tried),
        Column("took", [*map(cell, took)], is_number=True),
    ])  # fmt: skip
    reasons: dict[str, list[int]] = {}
    for index, summary in enumerate(found):
        if summary.failure_reason:
            reasons.setdefault(redaction.apply(summary.failure_reason), []).append(index)
    return Group(table, _Reasons(reasons, names, brief)) if reasons else table


def _hyperparameter(name: str, values: Sequence[str]) -> Column:
    are_numbers = all(_is_number(value) for value in values if value)
    return Column(
        name,
        [cell(_short(value, 6)) for value in values],
        brief=[cell(_short(value, 3)) for value in values],
        longest=_BRIEF,
        is_number=are_numbers,
        can_be_left_out=True,
    )


def _without_common_begin(names: Sequence[str]) -> list[str]:
    """Shorten names by the words that all of them begin with."""
    begin = commonprefix([*names]) if len(names) > 1 else ""  # noqa: RUF071 - of names
    length = begin.rfind("-") + 1
    return [f"…{name[length:]}" if length > 1 else name for name in names]


@attrs.frozen
class _Reasons:
    """Reasons of failures, each once with the training jobs that have it, the most frequent first."""

    reasons: Mapping[str, Sequence[int]]
    names: Sequence[str]
    brief: Sequence[str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        by_count = sorted(self.reasons.items(), key=lambda item: -len(item[1]))
        shown = by_count[:_MOST_REASONS] if options.is_terminal else by_count
        for reason, indices in shown:
            yield Text()
            yield self._jobs(indices, options.max_width)
            words = plain_lines(reason if not options.is_terminal else _cut(reason))
            yield Padding(Text(words), (0, 0, 0, 2), expand=False)
        if others := len(by_count) - len(shown):
            yield cell(f"and {others} other reason{'s' if others > 1 else ''}; use --output json for all")

    def _jobs(self, indices: Sequence[int], width: int) -> Text:
        """Name the training jobs of a reason, by their brief names if the whole ones have no room."""
        count = f"{len(indices)} training job{'s' if len(indices) > 1 else ''}"
        whole, brief = (
            cell(f"{count} ({list_of_names([names[index] for index in indices])}):")
            for names in (self.names, self.brief)
        )
        return whole if whole.cell_len <= width else brief


def _cut(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"


def _short(text: str, digits: int) -> str:
    return f"{float(text):.{digits}g}" if _is_number(text) and not text.lstrip("-").isdigit() else text


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
