"""The command `stop`."""

from __future__ import annotations

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import Name
from hptsdk.cli._output import print_message

app = typer.Typer()


@app.command(epilog="Example: hptsdk stop churn-2026-11")
@with_connection
def stop(name: Name, *, connection: Connection) -> None:
    """Stop a tuning job and its training jobs."""
    with connection.client() as client:
        client.get(name).stop()
    print_message(f"{name} is stopping")
