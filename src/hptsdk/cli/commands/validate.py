"""The command `validate`."""

from __future__ import annotations

from typing import Annotated

import typer

from hptsdk.cli._options import choice
from hptsdk.cli._output import print_message

app = typer.Typer()


@app.command(epilog="Example: hptsdk validate jobs/*.yaml --output sarif > findings.sarif")
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="JSON or YAML files; - for standard input.")],
    output: Annotated[str, choice(("text", "json", "sarif"), "--output", "Format of the findings.")] = "text",
    *,
    advice: Annotated[bool, typer.Option("--advice/--no-advice", help="Print advice too.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="Fail for advice too.")] = False,
) -> None:
    """Validate requests, and print each violation and advice with its place in the file."""
    from hptsdk.cli._findings import as_json, as_sarif, findings_in

    findings = list(findings_in(files, advice=advice))
    if output == "text":
        for finding in findings:
            print_message(str(finding))
    else:
        print(as_json(findings) if output == "json" else as_sarif(findings))
    if any(finding.level == "error" or strict for finding in findings):
        raise typer.Exit(1)
