"""The command `hptsdk`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hptsdk.cli import _file_commands, _job_commands
from hptsdk.cli._options import Sampler, choice, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["main"]

app = typer.Typer(
    name="hptsdk",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
local = typer.Typer(help="The local service.", no_args_is_help=True)
app.add_typer(_file_commands.app)
app.add_typer(_job_commands.app)
app.add_typer(local, name="local")


def _tell_version(*, wanted: bool) -> None:
    if wanted:
        import hptsdk  # on first use only

        print(f"hptsdk {hptsdk.__version__}")
        raise typer.Exit


@app.callback(help="Amazon SageMaker automatic model tuning: requests as files, jobs as tables.")
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_tell_version)
    ] = False,
) -> None: ...


@app.command(epilog="Example: hptsdk demo")
def demo() -> None:
    """Tune a small function on this machine, to see it work; needs the extra `local`."""
    from hptsdk.cli._demo import run_demo  # on first use only

    raise typer.Exit(run_demo())


@local.command(
    epilog='Example: hptsdk local serve --root runs --image my-image:1="python train.py" --bucket my-bucket=data'
)
def serve(
    root: Annotated[str, typer.Option("--root", help="Folder for its state, logs and buckets.")],
    *,
    image: Annotated[list[str] | None, typer.Option(metavar="IMAGE=COMMAND", help="What runs for an image.")] = None,
    algorithm: Annotated[
        list[str] | None, typer.Option(metavar="NAME=COMMAND", help="What runs for an algorithm.")
    ] = None,
    bucket: Annotated[list[str] | None, typer.Option(metavar="BUCKET=FOLDER", help="Folder for a bucket.")] = None,
    file_system: Annotated[
        list[str] | None, typer.Option(metavar="ID=FOLDER", help="Folder for a file system.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; any free one for 0.", min=0, max=65535)] = 0,
    region: Annotated[str, typer.Option(help="The region that it seems to be in.")] = "us-east-1",
    stop_grace: Annotated[float, typer.Option(help="Seconds between asking a program to end and killing it.")] = 120.0,
    sampler: Annotated[Sampler, choice(Sampler, "--sampler", "The sampler of Bayesian searches.")] = "tpe",
    max_parallel: Annotated[int, typer.Option(help="The most training jobs that run at a time.", min=1)] = 100,
    quota: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help="Another value for a quota, such as max_parallel_jobs=200."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Log warnings and errors only.")] = False,
) -> None:
    """Run tuning jobs on this machine, over the protocol of Amazon SageMaker, until interrupted.

    Calls, training jobs and errors are logged to standard error.
    """
    from hptsdk.cli._serving import pairs, quotas_in, serve_until_stopped  # on first use only

    try:
        programs, algorithms = pairs(image), pairs(algorithm)
        buckets, systems = pairs(bucket), pairs(file_system)
        quotas = quotas_in(quota)
    except ValueError as error:
        raise typer.BadParameter(f"{error}") from error
    serve_until_stopped(
        root,
        images=programs,
        algorithms=algorithms,
        buckets=buckets,
        file_systems=systems,
        port=port,
        region=region,
        stop_grace=stop_grace,
        sampler=sampler,
        max_parallel=max_parallel,
        quotas=quotas,
        quiet=quiet,
    )


def _guarded(run: Callable[[], object]) -> int:
    """Run the commands, and give the exit code."""
    try:
        run()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except (OSError, RuntimeError, ValueError, ImportError) as error:
        # those of hptsdk that are no ValueError are told below
        say(f"hptsdk: {_message(error)}{_notes(error)}")
        return 1
    except Exception as error:
        from hptsdk.errors import HptsdkError  # likewise
        from hptsdk.transport import command_line_text  # on first use only

        if not isinstance(error, HptsdkError):
            raise
        say(f"hptsdk: {command_line_text(error)}{_notes(error)}")
        return 1
    return 0


def _message(error: Exception) -> str:
    """Return what happened; of an error of the operating system the file and the reason, without its number."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return f"{error}"


def _notes(error: Exception) -> str:
    """Return the notes of an error, each on a line of its own."""
    return "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: those of the process where nothing is said.

    Returns:
        0 when done, 1 when refused or failed, 2 for a wrong usage.
    """
    given = list(arguments) if arguments is not None else None
    return _guarded(lambda: app(args=given, prog_name="hptsdk"))
