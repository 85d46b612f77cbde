"""The command `watch`."""

from __future__ import annotations

from typing import Annotated

import typer

from hptsdk.cli._connection import Connection, with_connection
from hptsdk.cli._options import Name
from hptsdk.cli._output import print_message

app = typer.Typer()


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
