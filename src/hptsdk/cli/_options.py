"""Options and small parts that the commands share."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hptsdk import TuningClient
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = [
    "Endpoint",
    "File",
    "Findings",
    "Local",
    "Name",
    "Order",
    "Output",
    "Profile",
    "Region",
    "Target",
    "Written",
    "client_of",
    "read_request",
    "say",
    "show",
]


class Output(StrEnum):
    """How results are written."""

    text = "text"
    json = "json"


class Findings(StrEnum):
    """How findings are written."""

    text = "text"
    json = "json"
    sarif = "sarif"


class Target(StrEnum):
    """What a request can be converted to."""

    python = "python"
    json = "json"
    yaml = "yaml"
    terraform = "terraform"
    ack = "ack"


class Order(StrEnum):
    """What training jobs are sorted by."""

    NAME = "name"
    TIME = "time"
    STATUS = "status"
    OBJECTIVE = "objective"


Profile = Annotated[str | None, typer.Option("--profile", help="Profile of the AWS configuration.")]
Region = Annotated[str | None, typer.Option("--region", help="Region, where the profile has none or another.")]
Endpoint = Annotated[str | None, typer.Option("--endpoint-url", help="Where to call instead of the region's endpoint.")]
Local = Annotated[str | None, typer.Option("--local", metavar="ROOT", help="Root of a local service that runs.")]
Written = Annotated[Output, typer.Option("--output", help="How the result is written.")]
Name = Annotated[str, typer.Argument(help="Name of the tuning job.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="JSON or YAML; - is standard input.")]


def say(text: str) -> None:
    print(text, file=sys.stderr)


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
    from hptsdk import errors  # noqa: PLC0415 - on first use only
    from hptsdk.cli._files import RequestFile, UnreadableError  # noqa: PLC0415 - likewise
    from hptsdk.cli._findings import findings  # noqa: PLC0415 - likewise

    try:
        file = RequestFile(name)
        try:
            return file.request()
        except errors.InvalidShapeError:
            for finding in findings(file):
                say(str(finding))
    except UnreadableError as error:
        say(str(error))
    raise typer.Exit(1)
