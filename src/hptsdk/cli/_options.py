"""Options and small parts that the commands share."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from hptsdk._showing import closest, shown
from hptsdk.cli._plain import plain_lines

if TYPE_CHECKING:
    from hptsdk import TuningClient
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = [
    "Endpoint",
    "File",
    "Findings",
    "IfExists",
    "Local",
    "Name",
    "Order",
    "Output",
    "Profile",
    "Region",
    "Sampler",
    "Target",
    "Written",
    "choice",
    "client_of",
    "read_request",
    "say",
    "show",
]


Output = Literal["text", "json"]
Findings = Literal["text", "json", "sarif"]
Target = Literal["python", "json", "yaml", "terraform", "ack"]
Order = Literal["name", "time", "status", "objective"]
IfExists = Literal["error", "return"]
Sampler = Literal["tpe", "gp"]


def choice(kind: object, name: str, text: str) -> object:
    """Make an option of a literal type: its help and completion list the words, and a typo is told what it was meant.

    typer's own choices are told in words that differ from version to version.
    """
    words: tuple[str, ...] = get_args(kind)

    def parsed(given: str) -> str:
        if given in words:
            return given
        mend = closest(given, words)
        said = f"expected one of {', '.join(words)}, got {shown(given)}{mend and f'; {mend}'}"
        raise typer.BadParameter(said)

    def completed(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return typer.Option(name, parser=parsed, metavar="|".join(words), autocompletion=completed, help=text)


Profile = Annotated[str | None, typer.Option("--profile", help="Profile of the AWS configuration.")]
Region = Annotated[str | None, typer.Option("--region", help="Region, where the profile has none or another.")]
Endpoint = Annotated[str | None, typer.Option("--endpoint-url", help="Where to call instead of the region's endpoint.")]
Local = Annotated[str | None, typer.Option("--local", metavar="ROOT", help="Root of a local service that runs.")]
Written = Annotated[Output, choice(Output, "--output", "How the result is written.")]
Name = Annotated[str, typer.Argument(help="Name of the tuning job.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="JSON or YAML; - is standard input.")]


def say(text: str) -> None:
    print(plain_lines(text), file=sys.stderr)


def show(table: object) -> None:
    from rich.console import Console  # noqa: PLC0415 - on first use only

    console = Console()
    # a table on a pipe is for other programs: nothing of it is to be cut
    if not console.is_terminal:
        console = Console(width=240)
    console.print(table)


def client_of(profile: str | None, region: str | None, endpoint_url: str | None, root: str | None) -> TuningClient:
    from hptsdk.cli._connecting import connected  # noqa: PLC0415 - on first use only

    return connected(profile, region, endpoint_url, root)


def read_request(name: str) -> CreateHyperParameterTuningJobRequest:
    """Read a request out of a file, or end with what is wrong with it."""
    from hptsdk.cli._findings import request_in  # noqa: PLC0415 - on first use only

    outcome = request_in(name)
    if not isinstance(outcome, list):
        return outcome
    for finding in outcome:
        say(str(finding))
    raise typer.Exit(1)
