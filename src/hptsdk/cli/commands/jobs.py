"""The commands for existing tuning jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, get_args

import typer

from hptsdk.cli._options import Connection, Name, Output, choice, with_connection
from hptsdk.cli._output import has_reader, print_message, print_table
from hptsdk.enums import HyperParameterTuningJobStatus, TrainingJobStatus

app = typer.Typer()

_ORDERS = ("name", "time", "status", "objective")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _since(text: str) -> timedelta:
    """Return the duration of a text such as "10m", or the time since an ISO 8601 time, which is in UTC by default."""
    try:
        if text[-1:] in _UNITS:
            return timedelta(**{_UNITS[text[-1]]: float(text[:-1])})
        time = datetime.fromisoformat(text)
        return max(timedelta(), datetime.now(UTC) - (time if time.tzinfo else time.replace(tzinfo=UTC)))
    except (ValueError, OverflowError):
        expected = "a duration such as 30s, 10m, 2h or 1d, or a time such as 2026-11-27T08:00Z"
        raise typer.BadParameter(f"expected {expected}, got {text!r}") from None


@app.command("list", epilog="Example: hptsdk list --name-contains churn --status Completed")
@with_connection
def list_jobs(
    *,
    name_contains: Annotated[str | None, typer.Option(help="Only tuning jobs whose name contains this text.")] = None,
    status: Annotated[
        HyperParameterTuningJobStatus | None,
        choice(get_args(HyperParameterTuningJobStatus), "--status", "Only tuning jobs with this status."),
    ] = None,
    limit: Annotated[int, typer.Option(help="Maximum number of tuning jobs.", min=1)] = 50,
    output: Output = "text",
    connection: Connection,
) -> None:
    """List tuning jobs, the newest first."""
    from itertools import islice

    from hptsdk.cli._tables import json_list, tuning_jobs_table

    with connection.client(only_reads=True) as client:
        jobs = client.list(
            name_contains=name_contains, status_equals=status, sort_by="CreationTime", sort_order="Descending"
        )
        summaries = list(islice(jobs, limit))
    if output == "json":
        print(json_list(summaries))
    else:
        print_table(tuning_jobs_table(summaries))


@app.command(epilog="Example: hptsdk describe churn-2026-11 --output json")
@with_connection
def describe(name: Name, *, output: Output = "text", connection: Connection) -> None:
    """Show the status and the results of a tuning job.

    JSON output is the complete response, which can contain secrets.
    """
    from hptsdk import dumps
    from hptsdk.cli._tables import job_table

    with connection.client(only_reads=True) as client:
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
        str, choice(_ORDERS, "--sort", "Order; time: oldest first; objective: best first, jobs without a value last.")
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
    from hptsdk.cli._tables import json_list
    from hptsdk.cli._training_jobs import sorted_training_jobs, training_jobs_table
    from hptsdk.transport import redaction_of

    with connection.client(only_reads=True) as client:
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
    poll: Annotated[
        float | None,
        typer.Option(
            help="Seconds between the first two calls of Describe. Defaults to 10, or 0.2 with --local.", min=0.05
        ),
    ] = None,
    logs: Annotated[bool, typer.Option("--logs", help="Also show the logs of the training jobs.")] = False,
    connection: Connection,
) -> None:
    """Show a tuning job until it ends; the exit code is 1 if it failed. Ctrl-C ends the command, not the tuning job."""
    from hptsdk.cli._training_jobs import watch_job

    with connection.client() as client:
        try:
            status = watch_job(client.get(name), poll, logs=logs)
        except KeyboardInterrupt:
            print_message(f"{name} continues; watch it again with: {connection.command('watch', name)}")
            raise
    if status not in {"Completed", "Stopped"}:
        raise typer.Exit(1)


@app.command(epilog="Example: hptsdk logs churn-2026-11 --since 10m --follow")
@with_connection
def logs(
    name: Name,
    *,
    training_job: Annotated[str | None, typer.Option(help="Only the logs of this training job.")] = None,
    since: Annotated[
        timedelta | None,
        typer.Option(
            parser=_since, metavar="TIME", help="Only lines of the last 10m, or since a time such as 2026-11-27T08:00Z."
        ),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Wait for more lines until the tuning job ends.")] = False,
    output: Output = "text",
    connection: Connection,
) -> None:
    """Print the logs of the training jobs of a tuning job, merged by time, in UTC.

    JSON output is one object per line.
    """
    from hptsdk.cli._tables import json_event
    from hptsdk.client import log_line
    from hptsdk.transport import redaction_of

    with connection.client(only_reads=not follow, tuning_job=name) as client:
        job = client.get(name)
        redaction = redaction_of(job.describe())
        for event in job.logs(training_job=training_job, since=since, follow=follow):
            print((json_event if output == "json" else log_line)(event, redaction), flush=follow)
            if not has_reader():
                return


@app.command(epilog="Example: hptsdk best churn-2026-11 --output json")
@with_connection
def best(name: Name, *, output: Output = "text", connection: Connection) -> None:
    """Show the best training job: its objective value, hyperparameters and model."""
    import json

    from hptsdk.cli._tables import best_document, best_table

    with connection.client(only_reads=True) as client:
        response = client.describe(name)
        if response.best_training_job is None:
            print_message(f"{name} has no training job with an objective value")
            raise typer.Exit(1)
        described = client.describe_training_job(response.best_training_job.training_job_name)
    document = best_document(response, described)
    if output == "json":
        print(json.dumps(document, indent=2))
    else:
        print_table(best_table(document))


@app.command(epilog="Example: hptsdk report churn-2026-11 --file churn.html")
@with_connection
def report(
    name: Name,
    *,
    file: Annotated[str, typer.Option(help="Path of the HTML file.")] = "report.html",
    learning_curves: Annotated[
        bool, typer.Option("--learning-curves", help="Read the logs, and draw the objective metric during training.")
    ] = False,
    connection: Connection,
) -> None:
    """Write an HTML report about a tuning job: plots, the training jobs, and the request without secrets.

    It replaces an existing file, and prints the path. The option --learning-curves requires the extra `local`.
    """
    with connection.client(only_reads=True) as client:
        print(client.get(name).report(file, learning_curves=learning_curves))


@app.command(epilog="Example: hptsdk dashboard churn-2026-11")
@with_connection
def dashboard(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Name of the tuning job. Defaults to a list of tuning jobs.")
    ] = None,
    *,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any free port.", min=0, max=65535)] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    connection: Connection,
) -> None:
    """Show tuning jobs and their logs in a browser while they run. Ctrl-C ends the command, not the tuning jobs.

    Requires the extra `local`.
    """
    import threading
    import time
    import webbrowser

    from hptsdk.dashboard import Dashboard

    with connection.client(only_reads=True) as client, Dashboard(client, name, port=port) as page:
        print(f"dashboard: {page.url}", flush=True)
        if not no_browser:
            # a browser in the terminal would block
            threading.Thread(target=webbrowser.open, args=(page.url,), daemon=True).start()
        while True:
            time.sleep(1)


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
