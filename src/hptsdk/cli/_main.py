"""The commands of `hptsdk`; what takes long to import is imported by the command that needs it."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hptsdk import TuningClient
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["main"]

app = typer.Typer(
    name="hptsdk",
    help="Amazon SageMaker automatic model tuning: requests as files, jobs as tables.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
local = typer.Typer(help="The local service.", no_args_is_help=True)
app.add_typer(local, name="local")


class Output(StrEnum):
    """How results are written."""

    text = "text"
    json = "json"


class Findings(StrEnum):
    """How findings are written."""

    text = "text"
    json = "json"
    sarif = "sarif"


class Target(StrEnum):
    """What a request can be converted to."""

    python = "python"
    json = "json"
    yaml = "yaml"
    terraform = "terraform"
    ack = "ack"


class Order(StrEnum):
    """What training jobs are sorted by."""

    NAME = "name"
    TIME = "time"
    STATUS = "status"
    OBJECTIVE = "objective"


Profile = Annotated[str | None, typer.Option("--profile", help="Profile of the AWS configuration.")]
Region = Annotated[str | None, typer.Option("--region", help="Region, where the profile has none or another.")]
Endpoint = Annotated[str | None, typer.Option("--endpoint-url", help="Where to call instead of the region's endpoint.")]
Local = Annotated[str | None, typer.Option("--local", metavar="ROOT", help="Root of a local service that runs.")]
Written = Annotated[Output, typer.Option("--output", help="How the result is written.")]
Name = Annotated[str, typer.Argument(help="Name of the tuning job.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="JSON or YAML; - is standard input.")]


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _show(table: object) -> None:
    from rich.console import Console  # noqa: PLC0415 - on first use only

    console = Console()
    # a table on a pipe is for other programs: nothing of it is to be cut
    if not console.is_terminal:
        console = Console(width=240)
    console.print(table)


def _client(profile: str | None, region: str | None, endpoint_url: str | None, root: str | None) -> TuningClient:
    from hptsdk.cli._connecting import connected  # noqa: PLC0415 - on first use only

    return connected(profile, region, endpoint_url, root)


def _read(name: str) -> CreateHyperParameterTuningJobRequest:
    """Read a request out of a file, or end with what is wrong with it."""
    from hptsdk import errors  # noqa: PLC0415 - on first use only
    from hptsdk.cli._files import RequestFile, UnreadableError  # noqa: PLC0415 - likewise
    from hptsdk.cli._findings import findings  # noqa: PLC0415 - likewise

    try:
        file = RequestFile(name)
        try:
            return file.request()
        except errors.InvalidShapeError:
            for finding in findings(file):
                _say(str(finding))
    except UnreadableError as error:
        _say(str(error))
    raise typer.Exit(1)


# --- files ---


@app.command(epilog="Example: hptsdk validate jobs/*.yaml --output sarif > findings.sarif")
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="JSON or YAML; - is standard input.")],
    output: Annotated[Findings, typer.Option("--output", help="How findings are written.")] = Findings.text,
    *,
    advice: Annotated[bool, typer.Option("--advice/--no-advice", help="Tell also what is likely wrong.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="Fail for advice too.")] = False,
) -> None:
    """Check requests; print everything that is wrong with its place in the file, the rule, and how to mend it."""
    from hptsdk.cli._files import RequestFile, UnreadableError  # noqa: PLC0415 - on first use only
    from hptsdk.cli._findings import Finding, as_json, as_sarif, findings, unreadable  # noqa: PLC0415 - likewise

    found: list[Finding] = []
    for name in files:
        try:
            found += [f for f in findings(RequestFile(name), advice=advice) if advice or f.level == "error"]
        except UnreadableError as error:
            found.append(unreadable(error))
    if output is Findings.text:
        for finding in found:
            _say(str(finding))
    else:
        print(as_json(found) if output is Findings.json else as_sarif(found))
    if any(finding.level == "error" or strict for finding in found):
        raise typer.Exit(1)


@app.command(epilog="Example: hptsdk convert job.yaml --to python > job.py")
def convert(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON, YAML, or Python with a request; - is standard input.")
    ] = None,
    to: Annotated[Target, typer.Option("--to", help="What to make of it.")] = Target.python,
    *,
    job: Annotated[str | None, typer.Option("--job", metavar="NAME", help="A tuning job that there is.")] = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Turn a request, or a job that there is, into builder code, JSON, YAML, Terraform or an ACK manifest."""
    from hptsdk.cli._converting import converted, from_python  # noqa: PLC0415 - on first use only

    if (file is None) == (job is None):
        raise typer.BadParameter("give a FILE or --job, one of them")
    if job is not None:
        with _client(profile, region, endpoint_url, root) as client:
            request = client.get(job).request()
    else:
        name = file or "-"
        request = from_python(name) if name.endswith(".py") else _read(name)
    text, notes = converted(request, to.value)
    for note in notes:
        _say(note)
    print(text, end="" if text.endswith("\n") else "\n")


@app.command(epilog="Example: hptsdk schema > tuning-job.schema.json")
def schema() -> None:
    """Print a JSON Schema (2020-12) of the request, for editors."""
    import json  # noqa: PLC0415 - on first use only

    from hptsdk.cli._json_schema import json_schema  # noqa: PLC0415 - likewise

    print(json.dumps(json_schema(), indent=2))


# --- jobs ---


@app.command(epilog="Example: hptsdk create job.yaml --dry-run")
def create(
    file: File,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")] = False,
    if_exists: Annotated[str, typer.Option(help="For a job of this name: error, or return an equal one.")] = "error",
    output: Written = Output.text,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Create a tuning job of a request; its worst case in instance-hours is told first."""
    import json  # noqa: PLC0415 - on first use only

    from hptsdk import advise, dumps  # noqa: PLC0415 - likewise
    from hptsdk.cli._showing_jobs import worst_case  # noqa: PLC0415 - likewise

    if if_exists not in ("error", "return"):
        raise typer.BadParameter("--if-exists is error or return")
    request = _read(file)
    for advice in advise(request):
        _say(f"advice: {advice.message}")
    _say(worst_case(request))
    if dry_run:
        print(json.dumps(json.loads(dumps(request)), indent=2))
        return
    with _client(profile, region, endpoint_url, root) as client:
        job = client.create(request, if_exists="return" if if_exists == "return" else "error")
        arn = job.arn
    print(json.dumps({"HyperParameterTuningJobArn": arn}, indent=2) if output is Output.json else arn)


@app.command(epilog="Example: hptsdk describe churn-2026-11 --output json")
def describe(
    name: Name,
    *,
    output: Written = Output.text,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Show the state of a tuning job."""
    from hptsdk import dumps  # noqa: PLC0415 - on first use only
    from hptsdk.cli._showing_jobs import job_table  # noqa: PLC0415 - likewise

    with _client(profile, region, endpoint_url, root) as client:
        response = client.describe(name)
    if output is Output.json:
        print(dumps(response))
    else:
        _show(job_table(response))


@app.command("list", epilog="Example: hptsdk list --name-contains churn --status Completed")
def list_(
    *,
    name_contains: Annotated[str | None, typer.Option(help="Only jobs whose name has this in it.")] = None,
    status: Annotated[str | None, typer.Option(help="Only jobs of this status.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many, the newest first.", min=1)] = 50,
    output: Written = Output.text,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """List tuning jobs, the newest first."""
    from itertools import islice  # noqa: PLC0415 - on first use only

    from hptsdk.cli._showing_jobs import as_documents, jobs_table  # noqa: PLC0415 - likewise

    with _client(profile, region, endpoint_url, root) as client:
        found = client.list(
            name_contains=name_contains,
            status_equals=status,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - checked by the shape
            sort_by="CreationTime",
            sort_order="Descending",
        )
        summaries = list(islice(found, limit))
    if output is Output.json:
        print(as_documents(summaries))
    else:
        _show(jobs_table(summaries))


@app.command(epilog="Example: hptsdk jobs churn-2026-11 --sort objective")
def jobs(
    name: Name,
    *,
    sort: Annotated[Order, typer.Option("--sort", help="What to sort by; objective puts the best first.")] = Order.NAME,
    status: Annotated[str | None, typer.Option(help="Only training jobs of this status.")] = None,
    output: Written = Output.text,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """List the training jobs of a tuning job with what they tried."""
    from hptsdk.cli._showing_jobs import as_documents, training_table  # noqa: PLC0415 - on first use only
    from hptsdk.cli._watching import sorted_training_jobs  # noqa: PLC0415 - likewise

    with _client(profile, region, endpoint_url, root) as client:
        summaries = sorted_training_jobs(client.get(name), sort.value, status)
    if output is Output.json:
        print(as_documents(summaries))
    else:
        _show(training_table(summaries))


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
    from hptsdk.cli._watching import watched  # noqa: PLC0415 - on first use only

    with _client(profile, region, endpoint_url, root) as client:
        ended = watched(client.get(name), poll if poll is not None else client.poll)
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
    with _client(profile, region, endpoint_url, root) as client:
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
    with _client(profile, region, endpoint_url, root) as client:
        client.get(name).stop()
    _say(f"{name} is stopping")


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
    with _client(profile, region, endpoint_url, root) as client:
        client.get(name).delete()
    _say(f"{name} is deleted")


@app.command(epilog="Example: hptsdk demo")
def demo() -> None:
    """Tune a small function on this machine, to see it work; needs the extra `local`."""
    from hptsdk.cli._demo import run_demo  # noqa: PLC0415 - on first use only

    run_demo()


@local.command(
    epilog='Example: hptsdk local serve --root runs --image my-image:1="python train.py" --bucket my-bucket=data'
)
def serve(
    root: Annotated[str, typer.Option("--root", help="Folder for its state, logs and buckets.")],
    *,
    image: Annotated[list[str] | None, typer.Option(metavar="IMAGE=COMMAND", help="What runs for an image.")] = None,
    algorithm: Annotated[
        list[str] | None, typer.Option(metavar="NAME=COMMAND", help="What runs for an algorithm.")
    ] = None,
    bucket: Annotated[list[str] | None, typer.Option(metavar="BUCKET=FOLDER", help="Folder for a bucket.")] = None,
    file_system: Annotated[
        list[str] | None, typer.Option(metavar="ID=FOLDER", help="Folder for a file system.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; any free one for 0.")] = 0,
    region: Annotated[str, typer.Option(help="The region that it seems to be in.")] = "us-east-1",
    stop_grace: Annotated[float, typer.Option(help="Seconds between asking a program to end and killing it.")] = 120.0,
) -> None:
    """Run tuning jobs on this machine, over the protocol of Amazon SageMaker, until interrupted."""
    from hptsdk.cli._serving import pairs, serve_until_stopped  # noqa: PLC0415 - on first use only

    try:
        programs, algorithms = pairs(image), pairs(algorithm)
        buckets, systems = pairs(bucket), pairs(file_system)
    except ValueError as error:
        raise typer.BadParameter(f"{error}") from error
    serve_until_stopped(
        root,
        images=programs,
        algorithms=algorithms,
        buckets=buckets,
        file_systems=systems,
        port=port,
        region=region,
        stop_grace=stop_grace,
    )


def _guarded(run: Callable[[], object]) -> int:
    """Run the commands, and give the exit code."""
    try:
        run()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except (OSError, RuntimeError, ValueError, ImportError) as error:
        # those of hptsdk that are no ValueError are told below
        _say(f"hptsdk: {error}")
        return 1
    except Exception as error:
        from hptsdk.errors import HptsdkError  # noqa: PLC0415 - on first use only

        if not isinstance(error, HptsdkError):
            raise
        _say(f"hptsdk: {error}")
        return 1
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: those of the process where nothing is said.

    Returns:
        0 when done, 1 when refused or failed, 2 for a wrong usage.
    """
    given = list(arguments) if arguments is not None else None
    return _guarded(lambda: app(args=given, prog_name="hptsdk"))
