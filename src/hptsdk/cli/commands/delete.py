"""The command `delete`."""

from __future__ import annotations

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import Name
from hptsdk.cli._output import print_message

app = typer.Typer()


@app.command(epilog="Example: hptsdk delete churn-2026-11")
@with_connection
def delete(name: Name, *, connection: Connection) -> None:
    """Delete a tuning job that has ended; its training jobs and models remain."""
    with connection.client() as client:
        client.get(name).delete()
    print_message(f"{name} is deleted")
