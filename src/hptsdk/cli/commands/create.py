"""The command `create`."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import File, Output, choice
from hptsdk.cli._output import indented_json, print_message, printable

app = typer.Typer()

_IfExists = Literal["error", "return"]

_NAME_IN_USE = (
    "A name can be used once. Use another name, or get the existing job, if it has the same settings, with "
    "--if-exists return."
)


@app.command(epilog="Example: hptsdk create job.yaml --dry-run")
@with_connection
def create(
    file: File,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the request, and send nothing.")] = False,
    if_exists: Annotated[
        _IfExists,
        choice(
            get_args(_IfExists),
            "--if-exists",
            "Result if a job of this name exists: an error, or the existing job if it has the same settings.",
        ),
    ] = "error",
    output: Output = "text",
    connection: Connection,
) -> None:
    """Create a tuning job from a request, and print its largest possible cost in instance-hours."""
    import json

    from hptsdk import advise
    from hptsdk.cli._cost import largest_cost
    from hptsdk.cli._findings import read_request
    from hptsdk.errors import ResourceInUseError

    request = read_request(file)
    for advice in advise(request):
        print_message(f"advice: {advice.message}")
    print_message(largest_cost(request))
    if dry_run:
        print(indented_json(request))
        return
    with connection.client() as client:
        try:
            job = client.create(request, if_exists=if_exists)
        except ResourceInUseError as error:
            error.__notes__ = [_NAME_IN_USE]  # in place of the note for Python
            raise
        arn = job.arn
    print(json.dumps({"HyperParameterTuningJobArn": arn}, indent=2) if output == "json" else printable(arn))
