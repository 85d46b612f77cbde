"""Commands for jobs; what takes long to import is imported by the command that needs it."""

from __future__ import annotations

from typing import Annotated

import typer

from hptsdk.cli._options import (
    Endpoint,
    File,
    IfExists,
    Local,
    Name,
    Order,
    Profile,
    Region,
    Written,
    choice,
    client_of,
    command_line,
    read_request,
    say,
    show,
)
from hptsdk.enums import HyperParameterTuningJobStatus, TrainingJobStatus

app = typer.Typer()

_NAME_IN_USE = (
    "A name can be used once. Use another name, or get the existing job, if it has the same settings, with "
    "--if-exists return."
)


@app.command(epilog="Example: hptsdk create job.yaml --dry-run")
def create(
    file: File,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")] = False,
    if_exists: Annotated[
        IfExists,
        choice(
            IfExists,
            "--if-exists",
            "For an existing job of this name: an error, or return it if it is equal.",
        ),
    ] = "error",
    output: Written = "text",
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Create a tuning job from a request; prints the largest possible cost in instance-hours first."""
    import json  # on first use only

    from hptsdk import advise, dumps  # likewise
    from hptsdk.cli._cost import worst_case  # likewise
    from hptsdk.cli._plain import plain  # likewise
    from hptsdk.errors import ResourceInUseError  # likewise

    request = read_request(file)
    for advice in advise(request):
        say(f"advice: {advice.message}")
    say(worst_case(request))
    if dry_run:
        print(json.dumps(json.loads(dumps(request)), indent=2))
        return
    with client_of(profile, region, endpoint_url, root) as client:
        try:
            job = client.create(request, if_exists=if_exists)
        except ResourceInUseError as error:
            error.__notes__ = [_NAME_IN_USE]  # in place of the note for Python
            raise
        arn = job.arn
    print(json.dumps({"HyperParameterTuningJobArn": arn}, indent=2) if output == "json" else plain(arn))


@app.command(epilog="Example: hptsdk describe churn-2026-11 --output json")
def describe(
    name: Name,
    *,
    output: Written = "text",
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Show the state of a tuning job."""
    from hptsdk import dumps  # on first use only
    from hptsdk.cli._showing_jobs import job_table  # likewise

    with client_of(profile, region, endpoint_url, root) as client:
        response = client.describe(name)
    if output == "json":
        print(dumps(response))
    else:
        show(job_table(response))


@app.command("list", epilog="Example: hptsdk list --name-contains churn --status Completed")
def list_(
    *,
    name_contains: Annotated[str | None, typer.Option(help="Only jobs whose name has this in it.")] = None,
    status: Annotated[
        HyperParameterTuningJobStatus | None,
        choice(HyperParameterTuningJobStatus, "--status", "Only jobs of this status."),
    ] = None,
    limit: Annotated[int, typer.Option(help="At most so many, the newest first.", min=1)] = 50,
    output: Written = "text",
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """List tuning jobs, the newest first."""
    from itertools import islice  # on first use only

    from hptsdk.cli._showing_jobs import as_documents, jobs_table  # likewise

    with client_of(profile, region, endpoint_url, root) as client:
        found = client.list(
            name_contains=name_contains,
            status_equals=status,
            sort_by="CreationTime",
            sort_order="Descending",
        )
        summaries = list(islice(found, limit))
    if output == "json":
        print(as_documents(summaries))
    else:
        show(jobs_table(summaries))


@app.command(epilog="Example: hptsdk jobs churn-2026-11 --sort objective")
def jobs(
    name: Name,
    *,
    sort: Annotated[
        Order,
        choice(Order, "--sort", "What to sort by; objective puts the best first, and last those that have none yet."),
    ] = "name",
    status: Annotated[
        TrainingJobStatus | None, choice(TrainingJobStatus, "--status", "Only training jobs of this status.")
    ] = None,
    output: Written = "text",
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """List the training jobs of a tuning job with what they tried."""
    from hptsdk.cli._showing_jobs import as_documents, training_table  # likewise
    from hptsdk.cli._watching import sorted_training_jobs  # likewise
    from hptsdk.transport import redaction_of  # on first use only

    with client_of(profile, region, endpoint_url, root) as client:
        job = client.get(name)
        response = job.describe()
        summaries = sorted_training_jobs(job, response, sort, status)
    if output == "json":
        print(as_documents(summaries, redaction_of(response)))
    else:
        show(training_table(summaries, redaction_of(response)))


@app.command(epilog="Example: hptsdk watch churn-2026-11 --local runs")
def watch(
    name: Name,
    *,
    poll: Annotated[float | None, typer.Option(help="Seconds between two looks.", min=0.05)] = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Watch a tuning job until it ends; leaving with Ctrl-C does not touch the job."""
    from hptsdk.cli._watching import watched  # on first use only

    again = command_line("watch", name, profile=profile, region=region, endpoint_url=endpoint_url, root=root)
    with client_of(profile, region, endpoint_url, root) as client:
        ended = watched(client.get(name), poll if poll is not None else client.poll, again)
    if ended not in ("Completed", "Stopped"):
        raise typer.Exit(1)


@app.command(epilog="Example: hptsdk report churn-2026-11 --file churn.html")
def report(
    name: Name,
    *,
    file: Annotated[str, typer.Option("--file", help="Where to write it.")] = "report.html",
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Write a page about a tuning job: pictures, training jobs, the request; one file that needs nothing else."""
    with client_of(profile, region, endpoint_url, root) as client:
        print(client.get(name).report(file))


@app.command(epilog="Example: hptsdk stop churn-2026-11")
def stop(
    name: Name,
    *,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Stop a tuning job and its training jobs."""
    with client_of(profile, region, endpoint_url, root) as client:
        client.get(name).stop()
    say(f"{name} is stopping")


@app.command(epilog="Example: hptsdk delete churn-2026-11")
def delete(
    name: Name,
    *,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Delete the record of a tuning job that has ended; its training jobs and models stay."""
    with client_of(profile, region, endpoint_url, root) as client:
        client.get(name).delete()
    say(f"{name} is deleted")
