"""The commands for existing tuning jobs."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import Name, Output, choice
from hptsdk.cli._output import print_message, print_table
from hptsdk.enums import HyperParameterTuningJobStatus, TrainingJobStatus

app = typer.Typer()

_ORDERS = ("name", "time", "status", "objective")


@app.command("list", epilog="Example: hptsdk list --name-contains churn --status Completed")
@with_connection
def list_jobs(
    *,
    name_contains: Annotated[str | None, typer.Option(help="Only jobs whose name contains this text.")] = None,
    status: Annotated[
        HyperParameterTuningJobStatus | None,
        choice(get_args(HyperParameterTuningJobStatus), "--status", "Only jobs with this status."),
    ] = None,
    limit: Annotated[int, typer.Option(help="Maximum number of jobs.", min=1)] = 50,
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


@app.command(epilog="Example: hptsdk describe churn-2026-11 --output json")
@with_connection
def describe(name: Name, *, output: Output = "text", connection: Connection) -> None:
    """Show the status and the results of a tuning job."""
    from hptsdk import dumps
    from hptsdk.cli._job_tables import job_table

    with connection.client() as client:
        response = client.describe(name)
    if output == "json":
        print(dumps(response))
    else:
        print_table(job_table(response))


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
    columns: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME", help="Hyperparameters in the table, separated by commas. Defaults to all."),
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
        names = None if columns is None else columns.split(",")
        print_table(training_jobs_table(summaries, redaction_of(response), names))


@app.command(epilog="Example: hptsdk watch churn-2026-11 --local runs")
@with_connection
def watch(
    name: Name,
    *,
    poll: Annotated[float | None, typer.Option(help="Seconds between two calls of Describe.", min=0.05)] = None,
    connection: Connection,
) -> None:
    """Show a tuning job until it ends. Ctrl-C ends the command, not the job."""
    from hptsdk.cli._live_table import watch_job

    with connection.client() as client:
        try:
            status = watch_job(client.get(name), poll)
        except KeyboardInterrupt:
            print_message(f"{name} continues; watch it again with: {connection.command('watch', name)}")
            raise
    if status not in {"Completed", "Stopped"}:
        raise typer.Exit(1)


@app.command(epilog="Example: hptsdk report churn-2026-11 --file churn.html")
@with_connection
def report(
    name: Name,
    *,
    file: Annotated[str, typer.Option(help="Path of the page.")] = "report.html",
    learning_curves: Annotated[
        bool, typer.Option("--learning-curves", help="Read the logs, and draw the objective metric during training.")
    ] = False,
    connection: Connection,
) -> None:
    """Write a self-contained HTML page about a tuning job: plots, training jobs, and the request."""
    with connection.client() as client:
        print(client.get(name).report(file, learning_curves=learning_curves))


@app.command(epilog="Example: hptsdk dashboard churn-2026-11")
@with_connection
def dashboard(
    name: Annotated[str | None, typer.Argument(help="Name of the tuning job. Defaults to a list of the jobs.")] = None,
    *,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any free port.", min=0, max=65535)] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    connection: Connection,
) -> None:
    """Show tuning jobs on a page of this machine, live, with their logs. Ctrl-C ends the page, not the jobs."""
    from hptsdk.cli._dashboard_server import serve_dashboard

    with connection.client() as client:
        serve_dashboard(client, name, is_local=connection.local is not None, port=port, opens_browser=not no_browser)


@app.command(epilog="Example: hptsdk stop churn-2026-11")
@with_connection
def stop(name: Name, *, connection: Connection) -> None:
    """Stop a tuning job and its training jobs."""
    with connection.client() as client:
        client.get(name).stop()
    print_message(f"{name} is stopping")


@app.command(epilog="Example: hptsdk delete churn-2026-11")
@with_connection
def delete(name: Name, *, connection: Connection) -> None:
    """Delete a tuning job that has ended; its training jobs and models remain."""
    with connection.client() as client:
        client.get(name).delete()
    print_message(f"{name} is deleted")
