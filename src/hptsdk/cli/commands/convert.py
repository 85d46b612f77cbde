"""The command `convert`."""

from __future__ import annotations

from typing import Annotated

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import choice
from hptsdk.cli._output import print_message
from hptsdk.cli.convert import targets

app = typer.Typer()


@app.command(epilog="Example: hptsdk convert job.yaml --to python > job.py")
@with_connection
def convert(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="JSON or YAML file, or a Python file that builds a request, which is run; - for standard input.",
        ),
    ] = None,
    to: Annotated[str, choice(targets(), "--to", "Format of the result.")] = "python",
    *,
    job: Annotated[str | None, typer.Option(metavar="NAME", help="Name of an existing tuning job.")] = None,
    connection: Connection,
) -> None:
    """Convert a request, or the request of an existing tuning job, to another format.

    A Python file is run with your permissions: convert only files that you trust.
    """
    from hptsdk.cli._findings import read_request
    from hptsdk.cli._python_files import request_of_python_file
    from hptsdk.cli.convert import convert_request

    if (file is None) == (job is None):
        raise typer.BadParameter("expected either FILE or --job")
    if job is not None:
        with connection.client() as client:
            request = client.get(job).request()
    else:
        name = file or "-"
        request = request_of_python_file(name) if name.endswith(".py") else read_request(name)
    document = convert_request(request, to)
    for note in document.notes:
        print_message(note)
    print(document.text, end="" if document.text.endswith("\n") else "\n")
