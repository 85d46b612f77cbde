"""The command `jobs`."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import Name, Output, choice
from hptsdk.cli._output import print_table
from hptsdk.enums import TrainingJobStatus

app = typer.Typer()

_ORDERS = ("name", "time", "status", "objective")


@app.command(epilog="Example: hptsdk jobs churn-2026-11 --sort objective")
@with_connection
def jobs(
    name: Name,
    *,
    sort: Annotated[
        str,
        choice(_ORDERS, "--sort", "Order of the training jobs; objective: the best first, those without a value last."),
    ] = "name",
    status: Annotated[
        TrainingJobStatus | None,
        choice(get_args(TrainingJobStatus), "--status", "Only training jobs with this status."),
    ] = None,
    output: Output = "text",
    connection: Connection,
) -> None:
    """List the training jobs of a tuning job with their hyperparameters."""
    from hptsdk.cli._job_tables import json_list
    from hptsdk.cli._training_jobs import sorted_training_jobs, training_jobs_table
    from hptsdk.transport import redaction_of

    with connection.client() as client:
        job = client.get(name)
        response = job.describe()
        summaries = sorted_training_jobs(job, response, sort, status)
    if output == "json":
        print(json_list(summaries, redaction_of(response)))
    else:
        print_table(training_jobs_table(summaries, redaction_of(response)))
