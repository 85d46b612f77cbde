"""The command `describe`."""

from __future__ import annotations

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import Name, Output
from hptsdk.cli._output import print_table

app = typer.Typer()


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
