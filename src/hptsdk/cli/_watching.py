"""A tuning job as it runs: a live table in a terminal, lines elsewhere."""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from hptsdk.cli._options import say
from hptsdk.cli._plain import plain_lines
from hptsdk.cli._showing_jobs import overview, training_table
from hptsdk.report import minimizes
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from hptsdk import TuningJob
    from hptsdk.cli._options import Order
    from hptsdk.enums import TrainingJobSortByOptions, TrainingJobStatus
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["sorted_training_jobs", "watched"]

# Rows of the live table: those that run, and the best.
_ROWS = 15

_ORDERS: dict[Order, TrainingJobSortByOptions] = {"name": "Name", "time": "CreationTime", "status": "Status"}


def sorted_training_jobs(
    job: TuningJob,
    response: DescribeHyperParameterTuningJobResponse,
    order: Order,
    status: TrainingJobStatus | None = None,
) -> list[HyperParameterTrainingJobSummary]:
    """Give the training jobs; by objective the best come first, and last those that have none."""
    # the service leaves those without an objective out where it is to sort by it
    sort_by = _ORDERS.get(order, "Name")
    found = list(job.training_jobs(status_equals=status, sort_by=sort_by, sort_order="Ascending", page_size=100))
    if order == "objective":
        sign = 1 if minimizes(response) else -1
        found.sort(key=lambda summary: _rank(summary, sign))
    return found


def _rank(summary: HyperParameterTrainingJobSummary, sign: int) -> tuple[bool, float]:
    metric = summary.final_hyper_parameter_tuning_job_objective_metric
    # NaN is neither more nor less than anything
    has_value = metric is not None and not math.isnan(metric.value)
    return not has_value, sign * metric.value if metric is not None and has_value else 0.0


def watched(job: TuningJob, poll: float, again: str = "") -> str | None:
    """Show a job until it ends, and return the status that it ended with; None if Ctrl-C was pressed before.

    Args:
        job: the job to show.
        poll: seconds between two descriptions.
        again: the command that watches it again; empty if the job does not go on.
    """
    from hptsdk.errors import TuningJobFailed  # beside the shapes, which describe loads

    console = Console(highlight=False)
    try:
        if console.is_terminal:
            with Live(console=console, auto_refresh=False) as live:
                response = job.wait(poll=poll, on_update=lambda seen: live.update(_picture(job, seen), refresh=True))
        else:
            console = Console(highlight=False, width=240)
            response = job.wait(poll=poll, on_update=lambda seen: console.print(overview(seen)))
    except TuningJobFailed as error:
        console.print(Text(plain_lines(f"{error}")))
        return error.status
    except KeyboardInterrupt:
        if again:
            say(f"{job.name} goes on; watch it again with: {again}")
        return None
    return response.hyper_parameter_tuning_job_status


def _picture(job: TuningJob, response: DescribeHyperParameterTuningJobResponse) -> Group:
    running = list(islice(job.training_jobs(status_equals="InProgress", page_size=_ROWS), _ROWS))
    best = job.training_jobs(
        sort_by="FinalObjectiveMetricValue",
        sort_order="Ascending" if minimizes(response) else "Descending",
        page_size=_ROWS,
    )
    shown = [*running, *islice(best, max(3, _ROWS - len(running)))]
    return Group(overview(response), training_table(shown, redaction_of(response)))
