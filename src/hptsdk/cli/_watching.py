"""A tuning job as it runs: a live table in a terminal, lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from hptsdk.cli._showing_jobs import overview, training_table
from hptsdk.plots._frame import minimizes

if TYPE_CHECKING:
    from hptsdk import TuningJob
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = ["sorted_training_jobs", "watched"]

# Rows of the live table: those that run, and the best.
_ROWS = 15

_ORDERS = {"name": "Name", "time": "CreationTime", "status": "Status", "objective": "FinalObjectiveMetricValue"}


def sorted_training_jobs(
    job: TuningJob, order: str, status: str | None = None
) -> list[HyperParameterTrainingJobSummary]:
    """Give the training jobs; by objective the best come first and those without one are left out."""
    sort_by = {"name": "Name", "time": "CreationTime", "status": "Status", "objective": "FinalObjectiveMetricValue"}[
        order
    ]
    found = list(
        job.training_jobs(
            status_equals=status,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - checked by the shape
            sort_by=sort_by,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - one of the four
            sort_order="Ascending",
            page_size=100,
        )
    )
    if order == "objective" and not minimizes(job.describe()):
        found.reverse()
    return found


def watched(job: TuningJob, poll: float) -> str | None:
    """Show a job until it ends, and give the status that it ended with; None when the watcher left."""
    from hptsdk.errors import TuningJobFailed  # noqa: PLC0415 - beside the shapes, which describe loads

    console = Console(highlight=False)
    try:
        if console.is_terminal:
            with Live(console=console, auto_refresh=False) as live:
                response = job.wait(poll=poll, on_update=lambda seen: live.update(_picture(job, seen), refresh=True))
        else:
            console = Console(highlight=False, width=240)
            response = job.wait(poll=poll, on_update=lambda seen: console.print(overview(seen)))
    except TuningJobFailed as error:
        console.print(Text(f"{error}"))
        return error.status
    except KeyboardInterrupt:
        console.print(f"{job.name} goes on; watch it again with: hptsdk watch {job.name}")
        return None
    return response.hyper_parameter_tuning_job_status


def _picture(job: TuningJob, response: DescribeHyperParameterTuningJobResponse) -> Group:
    running = list(job.training_jobs(status_equals="InProgress", page_size=_ROWS))[:_ROWS]
    best = sorted_training_jobs(job, "objective")[: max(3, _ROWS - len(running))]
    return Group(Text.from_markup(overview(response)), training_table([*running, *best]))
