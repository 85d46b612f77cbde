"""The command `demo`."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command(epilog="Example: hptsdk demo")
def demo() -> None:
    """Run a small tuning job on this machine. Requires the extra `local`."""
    from hptsdk.cli._demo import run_demo

    run_demo()
