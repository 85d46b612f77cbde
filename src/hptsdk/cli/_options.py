"""Arguments and options that several commands have, such as the options of the connection."""

# Annotations are evaluated here: typer reads the options from them.
import inspect
import shlex
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, get_args

import typer

if TYPE_CHECKING:
    from hptsdk import TuningClient


def choice(values: Sequence[str], name: str, text: str) -> object:
    """Create an option that takes one of several values.

    The help and the shell completion list the values, and the message for a misspelled value names the closest one. The
    messages of typer's own choices depend on its version.

    Args:
        values: the values that the option takes.
        name: the option, such as `--output`.
        text: the help text of the option.
    """

    def parse(value: str) -> str:
        from hptsdk._validation import format_value, suggestion

        if value in values:
            return value
        got = f"{format_value(value)}{suggestion(value, values)}"
        raise typer.BadParameter(f"expected one of {', '.join(values)}, got {got}")

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return typer.Option(name, parser=parse, metavar="|".join(values), autocompletion=complete, help=text)


_Format = Literal["text", "json"]
Output = Annotated[_Format, choice(get_args(_Format), "--output", "Format of the result.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the tuning job.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="JSON or YAML file; - for standard input.")]


class Connection(NamedTuple):
    """The service that a command calls: Amazon SageMaker, another endpoint, or a local service.

    The attributes are options, with their help. `local` excludes `profile` and `endpoint_url`.
    """

    profile: Annotated[str | None, typer.Option(help="Profile of the AWS configuration; overrides AWS_PROFILE.")] = None
    region: Annotated[
        str | None, typer.Option(help="Region. Defaults to that of the environment, profile or local service.")
    ] = None
    endpoint_url: Annotated[str | None, typer.Option(help="URL to call instead of the region's endpoint.")] = None
    local: Annotated[str | None, typer.Option(metavar="ROOT", help="Call the local service of this root folder.")] = (
        None
    )

    def command(self, *words: str) -> str:
        """Return a command of hptsdk for a shell, with the options of this connection."""
        options = [
            (f"--{name.replace('_', '-')}", value) for name, value in self._asdict().items() if value is not None
        ]
        return shlex.join(["hptsdk", *words, *(word for option in options for word in option)])

    @contextmanager
    def client(self, *, only_reads: bool = False, tuning_job: str = "") -> Generator["TuningClient"]:
        """Open a client, and close it at the end of the `with` block.

        If a job does not exist, the error gets a note with the command that lists existing ones.

        Args:
            only_reads: whether the client only reads the current state. Then no local service has to run. Defaults to
                False.
            tuning_job: the tuning job whose training jobs that command lists if one does not exist. Defaults to none.

        Raises:
            BadParameter: `--local` together with `--profile` or `--endpoint-url`.
            ValueError, OSError: the errors of `local_client`.
        """
        from botocore.session import Session

        from hptsdk import TuningClient
        from hptsdk.cli._local_service import local_client
        from hptsdk.errors import ResourceNotFoundError

        if self.local is not None and (self.profile is not None or self.endpoint_url is not None):
            raise typer.BadParameter("--local selects the service and its keys; remove --profile and --endpoint-url")
        opened = (
            TuningClient(self.region, session=Session(profile=self.profile), endpoint_url=self.endpoint_url)
            if self.local is None
            else local_client(self.local, self.region, only_reads=only_reads)
        )
        with opened as client:
            try:
                yield client
            except ResourceNotFoundError as error:
                lists = ("jobs", tuning_job) if tuning_job and error.operation == "DescribeTrainingJob" else ("list",)
                error.add_note(f"List the existing jobs with: {self.command(*lists)}")
                raise


def with_connection(command: Callable[..., None]) -> Callable[..., None]:
    """Replace the parameter `connection` of a command, which is a `Connection`, with its options.

    Returns:
        A function for typer with the same name, documentation and other parameters.
    """
    own, options = inspect.signature(command, eval_str=True), inspect.signature(Connection).parameters
    parameters = [parameter for parameter in own.parameters.values() if parameter.annotation is not Connection]
    parameters += [option.replace(kind=inspect.Parameter.KEYWORD_ONLY) for option in options.values()]

    def run(**values: Any) -> None:  # noqa: ANN401 - the values of all options of the command
        connection = Connection(**{name: values.pop(name) for name in options})
        command(connection=connection, **values)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    vars(run)["__signature__"] = own.replace(parameters=parameters)
    return run
