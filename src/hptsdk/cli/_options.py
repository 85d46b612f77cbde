"""Options and small parts that the commands share."""

from __future__ import annotations

import shlex
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from hptsdk._validation import closest, shown
from hptsdk.cli._plain import plain_lines

if TYPE_CHECKING:
    from collections.abc import Generator

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
    "command_line",
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

# The width of what goes to a pipe.
_UNLIMITED = 100_000


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
    from rich.console import Console  # on first use only

    console = Console()
    if console.is_terminal:
        console.print(table)
        return
    # a table on a pipe is for other programs: nothing of it is cut, and its cells are not filled up
    console = Console(width=_UNLIMITED)
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().removesuffix("\n").split("\n")))


def command_line(
    *words: str, profile: str | None, region: str | None, endpoint_url: str | None, root: str | None
) -> str:
    """Return a command of hptsdk for a shell, with the options that name the service."""
    options = {"--profile": profile, "--region": region, "--endpoint-url": endpoint_url, "--local": root}
    named = [part for option, value in options.items() if value is not None for part in (option, value)]
    return shlex.join(["hptsdk", *words, *named])


@contextmanager
def client_of(
    profile: str | None, region: str | None, endpoint_url: str | None, root: str | None
) -> Generator[TuningClient]:
    """Open a client of the service that the options name."""
    from hptsdk.cli._connecting import connected  # on first use only
    from hptsdk.errors import ResourceNotFoundError  # likewise

    if root is not None and (profile is not None or endpoint_url is not None):
        raise typer.BadParameter("--local names the service and its keys; leave out --profile and --endpoint-url")
    with connected(profile, region, endpoint_url, root) as client:
        try:
            yield client
        except ResourceNotFoundError as error:
            jobs = command_line("list", profile=profile, region=region, endpoint_url=endpoint_url, root=root)
            error.add_note(f"See what jobs there are with: {jobs}")
            raise


def read_request(name: str) -> CreateHyperParameterTuningJobRequest:
    """Read a request out of a file, or end with what is wrong with it."""
    from hptsdk.cli._findings import request_in  # on first use only

    outcome = request_in(name)
    if not isinstance(outcome, list):
        return outcome
    for finding in outcome:
        say(str(finding))
    raise typer.Exit(1)
