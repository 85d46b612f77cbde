"""Tuning jobs as tables, as text and as JSON. A table of jobs has a line for each job at any width of the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import attrs
from rich.box import SIMPLE_HEAD
from rich.cells import set_cell_size
from rich.table import Table
from rich.text import Text

from hptsdk import dumps
from hptsdk._validation import is_mapping, member_at
from hptsdk.cli._output import printable_lines
from hptsdk.progress import format_time, job_status, printable, status_text, tuning_job_row
from hptsdk.report import typed_hyperparameters
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

    from hptsdk import LogEvent
    from hptsdk._validation import Shape
    from hptsdk.progress import JobStatus
    from hptsdk.shapes import (
        DescribeHyperParameterTuningJobResponse,
        DescribeTrainingJobResponse,
        HyperParameterTuningJobSummary,
    )
    from hptsdk.transport import Redaction

# The number of spaces between two columns.
_GAP = 2

# The maximum number of names in a list.
_MAX_NAMES = 3


def cell(text: object) -> Text:
    """Return a string as the cell of a table, without interpreting the markup of rich."""
    return Text(printable(text))


@attrs.frozen
class Column:
    """One column of a table.

    Attributes:
        name: its header.
        cells: one for each row.
        brief: shorter cells, used if the table is too wide otherwise. Defaults to the cells.
        longest: the width to which the header and the brief cells are cut. Defaults to no limit.
        is_number: whether the cells are aligned right. Defaults to False.
        is_optional: whether the column is omitted if the table is too wide otherwise. Defaults to False.
    """

    name: str
    cells: Sequence[Text]
    brief: Sequence[Text] | None = None
    longest: int | None = None
    is_number: bool = False
    is_optional: bool = False

    @property
    def width(self) -> int:
        """The largest width of its header and its cells."""
        return max(cell(self.name).cell_len, *(text.cell_len for text in self.cells), 0)

    def shortened(self) -> Column:
        """Return the column with its brief cells."""
        if self.brief is None:
            return self
        if self.longest is None:
            return attrs.evolve(self, cells=self.brief)
        cells = [text.copy() for text in self.brief]
        for text in cells:
            text.truncate(self.longest, overflow="ellipsis")
        return attrs.evolve(self, name=_without_middle(printable(self.name), self.longest), cells=cells)


@attrs.frozen
class OneLineTable:
    """A table with one line for each row.

    If it is too wide, its cells are shortened, then optional columns are omitted and listed below it.

    Attributes:
        columns: all columns.
    """

    columns: Sequence[Column]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table for the available width."""
        columns, left_out = fitted(self.columns, options.max_width)
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
        for column in columns:
            table.add_column(
                cell(column.name), no_wrap=True, overflow="ellipsis", justify="right" if column.is_number else "left"
            )
        for row in zip(*(column.cells for column in columns), strict=True):
            table.add_row(*row)
        yield table
        if left_out:
            yield cell(f"not shown: {list_of_names(left_out)}; use a wider terminal")


def fitted(columns: Sequence[Column], width: int) -> tuple[list[Column], list[str]]:
    """Return the columns for a width, shortened if necessary, and the names of omitted optional ones."""
    shown = list(columns)
    for index, column in enumerate(columns):
        if _width(shown) > width:
            shown[index] = column.shortened()
    left_out: list[str] = []
    for index in reversed(range(len(columns))):
        if _width(shown) > width and columns[index].is_optional:
            del shown[index]
            left_out.insert(0, columns[index].name)
    return shown, left_out


def _width(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + _GAP * (len(columns) - 1)


def _without_middle(name: str, width: int) -> str:
    """Shorten a name in the middle, because the ends of similar names differ most."""
    if cell(name).cell_len <= width:
        return name
    begin, end = width // 2, width - width // 2 - 1
    return f"{set_cell_size(name, begin)}…{name[-end:]}"


def list_of_names(names: Sequence[str]) -> str:
    """Return the first names, and the number of the others."""
    others = len(names) - _MAX_NAMES
    return ", ".join(names[:_MAX_NAMES]) + (f" and {others} more" if others > 0 else "")


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
        response: the description of the tuning job.
        described: that of its best training job.
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
    """Return a table of a tuning job, without rows for empty values.

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
    return _property_table(row for row in rows if row[1])


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
