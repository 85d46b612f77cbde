"""Training jobs for commands: by name or from a file, their table and failure reasons, and a live table."""

from __future__ import annotations

import math
from collections import defaultdict
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import typer
from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from hptsdk._validation import count_of, counted, is_dict
from hptsdk.cli._files import RequestFile
from hptsdk.cli._output import UnreadableError, printable_lines
from hptsdk.cli._tables import Column, OneLineTable, cell, coloured, list_of_names, overview
from hptsdk.client import log_line
from hptsdk.errors import TuningJobFailed
from hptsdk.progress import format_number, format_seconds, printable
from hptsdk.report import minimizes
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import ConsoleOptions, RenderableType, RenderResult

    from hptsdk import Difference, LeftOut, LogEvent, TuningJob
    from hptsdk._validation import Shape
    from hptsdk.cli._options import Connection
    from hptsdk.enums import TrainingJobSortByOptions, TrainingJobStatus
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary
    from hptsdk.transport import Redaction

_SORT_BY: dict[str, TrainingJobSortByOptions] = {"name": "Name", "time": "CreationTime", "status": "Status"}

# Header and values of a hyperparameter are cut to this width if the table is too wide otherwise.
_BRIEF_WIDTH = 10

# The maximum number of failure reasons, and of characters of one, in a terminal.
_MAX_REASONS, _MAX_REASON = 5, 500


def sorted_training_jobs(
    job: TuningJob,
    response: DescribeHyperParameterTuningJobResponse,
    order: str,
    status: TrainingJobStatus | None = None,
) -> list[HyperParameterTrainingJobSummary]:
    """Return training jobs by "name", "time", "status", or "objective": the best first, those without a value last."""
    # sorted by the objective, the service omits the training jobs without a value
    sort_by = _SORT_BY.get(order, "Name")
    summaries = list(job.training_jobs(status_equals=status, sort_by=sort_by, sort_order="Ascending", page_size=100))
    if order == "objective":
        sign = 1 if minimizes(response) else -1
        summaries.sort(key=lambda summary: _rank(summary, sign))
    return summaries


def _rank(summary: HyperParameterTrainingJobSummary, sign: int) -> tuple[bool, float]:
    metric = summary.final_hyper_parameter_tuning_job_objective_metric
    if metric is None or math.isnan(metric.value):
        return True, 0.0
    return False, sign * metric.value


def training_jobs_table(
    summaries: Sequence[HyperParameterTrainingJobSummary],
    redaction: Redaction,
    hyperparameters: Sequence[str] | None = None,
) -> RenderableType:
    """Return a table with a row for each training job, and the redacted reasons for failures below.

    Args:
        summaries: the training jobs.
        redaction: the secrets of the tuning job.
        hyperparameters: the hyperparameters in the table. Defaults to all.

    Raises:
        ValueError: no training job has one of the hyperparameters.
    """
    names = [f"{summary.training_job_name}" for summary in summaries]
    brief = _without_common_prefix(names)
    tuned = sorted({name for summary in summaries for name in summary.tuned_hyper_parameters})
    chosen = hyperparameters or tuned
    unknown = next((name for name in chosen if name not in tuned), None)
    if summaries and unknown is not None:
        raise ValueError(f"--columns: expected one of {', '.join(tuned)}, got {unknown!r}")
    metrics = [summary.final_hyper_parameter_tuning_job_objective_metric for summary in summaries]
    objectives = [format_number(metric.value) if metric else "" for metric in metrics]
    durations = [_duration(summary.training_start_time, summary.training_end_time) for summary in summaries]
    table = OneLineTable([
        Column("training job", [*map(cell, names)], brief=[*map(cell, brief)]),
        Column("status", [coloured(summary.training_job_status) for summary in summaries]),
        Column("objective", [*map(cell, objectives)], is_number=True),
        *(_hyperparameter(name, [each.tuned_hyper_parameters.get(name, "") for each in summaries]) for name in chosen),
        Column("took", [*map(cell, durations)], is_number=True),
    ])  # fmt: skip
    indices: dict[str, list[int]] = defaultdict(list)
    for index, summary in enumerate(summaries):
        if summary.failure_reason:
            indices[redaction.apply(summary.failure_reason)].append(index)
    return Group(table, _FailureReasons(indices, names, brief)) if indices else table


def _duration(begin: object, end: object) -> str:
    if not isinstance(begin, datetime):
        return ""
    return format_seconds(((end if isinstance(end, datetime) else datetime.now(UTC)) - begin).total_seconds())


def _hyperparameter(name: str, values: Sequence[str]) -> Column:
    return Column(
        name,
        [cell(_rounded(value, 6)) for value in values],
        brief=[cell(_rounded(value, 3)) for value in values],
        longest=_BRIEF_WIDTH,
        is_number=all(_is_number(value) for value in values if value),
        is_optional=True,
    )


def _rounded(text: str, digits: int) -> str:
    return format_number(float(text), digits) if _is_number(text) and not text.lstrip("-").isdigit() else text


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _without_common_prefix(names: Sequence[str]) -> list[str]:
    """Shorten several names by the parts, separated by hyphens, that all of them begin with."""
    prefix = commonprefix([*names]) if len(names) > 1 else ""  # noqa: RUF071 - of names, not of paths
    length = prefix.rfind("-") + 1
    return [f"…{name[length:]}" if length > 1 else name for name in names]


@attrs.frozen
class _FailureReasons:
    """The reasons for failures, each once with its training jobs, the most frequent first."""

    indices: Mapping[str, Sequence[int]]
    names: Sequence[str]
    brief: Sequence[str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        reasons = sorted(self.indices, key=lambda reason: -len(self.indices[reason]))
        shown = reasons[:_MAX_REASONS] if options.is_terminal else reasons
        for reason in shown:
            yield Text()
            yield self._training_jobs(self.indices[reason], options.max_width)
            text = printable_lines(_cut(reason) if options.is_terminal else reason)
            yield Padding(Text(text), (0, 0, 0, 2), expand=False)
        if others := len(reasons) - len(shown):
            yield cell(f"and {counted(others, 'other reason')}; hptsdk jobs NAME --output json has all")

    def _training_jobs(self, indices: Sequence[int], width: int) -> Text:
        """List the training jobs of a reason, by their brief names if the line is too long otherwise."""
        count = count_of(indices, "training job")
        whole, brief = (
            cell(f"{count} ({list_of_names([names[index] for index in indices])}):")
            for names in (self.names, self.brief)
        )
        return whole if whole.cell_len <= width else brief


def _cut(reason: str) -> str:
    return reason if len(reason) <= _MAX_REASON else f"{reason[: _MAX_REASON - 1]}…"


def described_training_job(name: str, connection: Connection) -> Shape | dict[str, Any]:
    """Return a training job: the content of a file if it exists or its name has a suffix, else the response.

    Raises:
        BadParameter: the file cannot be read, or has no TrainingJobName.
        HptsdkError: the call failed.
    """
    if Path(name).suffix or Path(name).is_file():  # names have no dot
        try:
            document = RequestFile(name).document()
        except UnreadableError as error:
            raise typer.BadParameter(f"{name}: {error}") from error
        if not is_dict(document) or "TrainingJobName" not in document:
            raise typer.BadParameter(f"{name}: expected the response of DescribeTrainingJob, with TrainingJobName")
        return document
    with connection.client(only_reads=True) as client:
        return client.describe_training_job(name)


def difference_text(difference: Difference) -> str:
    """Format a difference between a training job and a request."""
    has, gets = printable(difference.training_job), printable(difference.tuning_job)
    return f"{printable(difference.path)}: the training job has {has}, the request {gets}"


def left_out_text(part: LeftOut) -> str:
    """Format a part of a training job that a tuning job cannot have."""
    return f"{part.path}: left out, because {part.reason}"


# The maximum number of running training jobs in the live table, and the minimum number of the best ones.
_ROWS, _MIN_BEST = 15, 3

# The width of a line in a pipe.
_WIDE = 240


def watch_job(job: TuningJob, poll: float | None = None, *, logs: bool = False) -> str | None:
    """Show a tuning job until it ends, with its logs if wanted, and return its status."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    redaction = cache(lambda: redaction_of(job.describe()))

    def print_event(event: LogEvent) -> None:
        console.print(Text(log_line(event, redaction())), soft_wrap=True)

    def show(response: DescribeHyperParameterTuningJobResponse) -> None:
        if isinstance(display, Live):
            display.update(_live_view(job, response), refresh=True)
        else:
            console.print(overview(response))

    display = Live(console=console, auto_refresh=False) if console.is_terminal else nullcontext()
    try:
        with display:
            response = job.wait(poll=poll, on_update=show, logs=print_event if logs else False)
    except TuningJobFailed as error:
        console.print(Text(printable_lines(f"{error}")))
        return error.status
    return response.hyper_parameter_tuning_job_status


def _live_view(job: TuningJob, response: DescribeHyperParameterTuningJobResponse) -> Group:
    running = list(islice(job.training_jobs(status_equals="InProgress", page_size=_ROWS), _ROWS))
    best = job.training_jobs(
        sort_by="FinalObjectiveMetricValue",
        sort_order="Ascending" if minimizes(response) else "Descending",
        page_size=_ROWS,
    )
    rows = [*running, *islice(best, max(_MIN_BEST, _ROWS - len(running)))]
    return Group(overview(response), training_jobs_table(rows, redaction_of(response)))
