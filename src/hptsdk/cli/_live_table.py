"""A tuning job while it runs: a live table in a terminal, lines elsewhere."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from hptsdk.cli._job_tables import overview
from hptsdk.cli._output import printable_lines
from hptsdk.cli._training_jobs import training_jobs_table
from hptsdk.client import log_line
from hptsdk.errors import TuningJobFailed
from hptsdk.report import minimizes
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from hptsdk import LogEvent, TuningJob
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["watch_job"]

# The number of rows of the live table, and how many of them, at least, show the best training jobs.
_ROWS, _MIN_BEST = 15, 3

# The width of a line in a pipe.
_WIDE = 240


def watch_job(job: TuningJob, poll: float | None = None, *, logs: bool = False) -> str | None:
    """Show a tuning job until it ends, and return its status.

    Args:
        job: the job to show.
        poll: seconds between two calls of Describe. Defaults to that of the client.
        logs: whether to show the logs of its training jobs above it. Defaults to False.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed; the tuning job continues.
        HptsdkError: a call failed.
    """
    console = Console(highlight=False)
    redaction = cache(lambda: redaction_of(job.describe()))

    def print_event(event: LogEvent) -> None:
        console.print(Text(log_line(event, redaction())), soft_wrap=True)

    try:
        if console.is_terminal:
            with Live(console=console, auto_refresh=False) as live:
                response = job.wait(
                    poll=poll,
                    on_update=lambda new: live.update(_live_view(job, new), refresh=True),
                    logs=print_event if logs else False,
                )
        else:
            console = Console(highlight=False, width=_WIDE)
            response = job.wait(
                poll=poll,
                on_update=lambda new: console.print(overview(new)),
                logs=print_event if logs else False,
            )
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
