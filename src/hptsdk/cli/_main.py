"""The command `hptsdk` and its exit codes."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from hptsdk.cli import commands
from hptsdk.cli._output import ignored_closed_pipes, print_message

if TYPE_CHECKING:
    from collections.abc import Sequence

# The exit code of a process that SIGINT ended, as shells report it: 128 plus the number of the signal.
_INTERRUPTED = 130


class _Group(TyperGroup):
    """A group that ends an interrupted command with the exit code 130; that of typer depends on its version."""

    @override
    def invoke(self, ctx: Any) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None


app = typer.Typer(
    name="hptsdk",
    cls=_Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


# each module of the package `commands` has an app with its commands
for module in iter_modules(commands.__path__):
    app.add_typer(import_module(f"{commands.__name__}.{module.name}").app)


def _print_version(*, is_set: bool) -> None:
    if is_set:
        import hptsdk

        print(f"hptsdk {hptsdk.__version__}")
        raise typer.Exit


@app.callback(help="Amazon SageMaker automatic model tuning: requests as files, jobs as tables.")
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
) -> None: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, print its error, and return its exit code. A closed pipe does not change it."""
    with ignored_closed_pipes():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        app(args=None if arguments is None else list(arguments), prog_name="hptsdk")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except (OSError, RuntimeError, ValueError, ImportError) as error:
        print_message(f"hptsdk: {_message(error)}{_notes(error)}")
    except Exception as error:
        from hptsdk.errors import HptsdkError
        from hptsdk.transport import command_line_text

        if not isinstance(error, HptsdkError):
            raise
        print_message(f"hptsdk: {command_line_text(error)}{_notes(error)}")
    else:
        return 0
    return 1


def _message(error: Exception) -> str:
    """Return the message of an error; for one of the operating system, the file, if it is known, and the reason."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror if error.filename is None else f"{error.filename}: {error.strerror}"
    return f"{error}"


def _notes(error: Exception) -> str:
    """Return the notes of an error, each after a line break."""
    return "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))
