"""Commands for requests as files; what takes long to import is imported by the command that needs it."""

from __future__ import annotations

from typing import Annotated

import typer

from hptsdk.cli._options import (
    Endpoint,
    Findings,
    Local,
    Profile,
    Region,
    Target,
    choice,
    client_of,
    read_request,
    say,
)

app = typer.Typer()


@app.command(epilog="Example: hptsdk validate jobs/*.yaml --output sarif > findings.sarif")
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="JSON or YAML; - is standard input.")],
    output: Annotated[Findings, choice(Findings, "--output", "How findings are written.")] = "text",
    *,
    advice: Annotated[bool, typer.Option("--advice/--no-advice", help="Tell also what is likely wrong.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="Fail for advice too.")] = False,
) -> None:
    """Check requests; print everything that is wrong with its place in the file, the rule, and how to mend it."""
    from hptsdk.cli._findings import as_json, as_sarif, findings_in

    findings = list(findings_in(files, advice=advice))
    if output == "text":
        for finding in findings:
            say(str(finding))
    else:
        print(as_json(findings) if output == "json" else as_sarif(findings))
    if any(finding.level == "error" or strict for finding in findings):
        raise typer.Exit(1)


@app.command(epilog="Example: hptsdk convert job.yaml --to python > job.py")
def convert(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="JSON, YAML, or a Python file that makes a request, which is run; - is standard input.",
        ),
    ] = None,
    to: Annotated[Target, choice(Target, "--to", "What to make of it.")] = "python",
    *,
    job: Annotated[str | None, typer.Option("--job", metavar="NAME", help="A tuning job that there is.")] = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: Endpoint = None,
    root: Local = None,
) -> None:
    """Convert a request, or an existing job, to builder code, JSON, YAML, Terraform or an ACK manifest.

    A Python file is run as any program of yours is, so convert only files that you trust.
    """
    from hptsdk.cli._converting import converted, from_python  # on first use only

    if (file is None) == (job is None):
        raise typer.BadParameter("give a FILE or --job, one of them")
    if job is not None:
        with client_of(profile, region, endpoint_url, root) as client:
            request = client.get(job).request()
    else:
        name = file or "-"
        request = from_python(name) if name.endswith(".py") else read_request(name)
    text, notes = converted(request, to)
    for note in notes:
        say(note)
    print(text, end="" if text.endswith("\n") else "\n")


@app.command(epilog="Example: hptsdk schema > tuning-job.schema.json")
def schema() -> None:
    """Print a JSON Schema (2020-12) of the request, for editors."""
    import json  # on first use only

    from hptsdk.cli._json_schema import json_schema  # likewise

    print(json.dumps(json_schema(), indent=2))
