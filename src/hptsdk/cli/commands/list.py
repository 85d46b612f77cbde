"""The command `list`."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import Output, choice
from hptsdk.cli._output import print_table
from hptsdk.enums import HyperParameterTuningJobStatus

app = typer.Typer()


@app.command("list", epilog="Example: hptsdk list --name-contains churn --status Completed")
@with_connection
def list_jobs(
    *,
    name_contains: Annotated[str | None, typer.Option(help="Only jobs whose name contains this text.")] = None,
    status: Annotated[
        HyperParameterTuningJobStatus | None,
        choice(get_args(HyperParameterTuningJobStatus), "--status", "Only jobs with this status."),
    ] = None,
    limit: Annotated[int, typer.Option(help="Largest number of jobs.", min=1)] = 50,
    output: Output = "text",
    connection: Connection,
) -> None:
    """List tuning jobs, the newest first."""
    from itertools import islice

    from hptsdk.cli._job_tables import json_list, tuning_jobs_table

    with connection.client() as client:
        jobs = client.list(
            name_contains=name_contains,
            status_equals=status,
            sort_by="CreationTime",
            sort_order="Descending",
        )
        summaries = list(islice(jobs, limit))
    if output == "json":
        print(json_list(summaries))
    else:
        print_table(tuning_jobs_table(summaries))
