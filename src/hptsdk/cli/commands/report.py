"""The command `report`."""

from __future__ import annotations

from typing import Annotated

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import Name

app = typer.Typer()


@app.command(epilog="Example: hptsdk report churn-2026-11 --file churn.html")
@with_connection
def report(
    name: Name,
    *,
    file: Annotated[str, typer.Option(help="Path of the page.")] = "report.html",
    connection: Connection,
) -> None:
    """Write a self-contained HTML page about a tuning job: plots, training jobs, and the request."""
    with connection.client() as client:
        print(client.get(name).report(file))
