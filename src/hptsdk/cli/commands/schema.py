"""The command `schema`."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command(epilog="Example: hptsdk schema > tuning-job.schema.json")
def schema() -> None:
    """Print the JSON Schema (2020-12) of a request, for editors."""
    import json

    from hptsdk.cli._json_schema import json_schema

    print(json.dumps(json_schema(), indent=2))
