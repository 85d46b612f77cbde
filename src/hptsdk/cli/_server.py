"""The process of `hptsdk local serve`."""

from __future__ import annotations

import json
import logging
import shlex
import signal
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
from typing_extensions import override

from hptsdk import Quotas
from hptsdk._validation import suggestion
from hptsdk.cli._local_service import report_missing_programs, restart
from hptsdk.cli._output import print_message, printable_lines
from hptsdk.local import Container, LocalService, MissingProgramWarning, Program, script
from hptsdk.progress import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

ResultT = TypeVar("ResultT")

# Seconds between two checks whether the root was moved.
_SECONDS_BETWEEN_CHECKS = 0.5

# The arguments of `script` that `Program` does not have.
_SCRIPT_OPTIONS = {"entry_point", "source_dir", "requirements"}


def pairs(option: str, texts: Sequence[str] | None) -> dict[str, str]:
    """Return the values in strings of the form NAME=VALUE by their names.

    Args:
        option: the option, for messages.
        texts: its values; None if it is not set.

    Raises:
        ValueError: a string does not have that form.
    """
    split = [text.partition("=") for text in texts or ()]
    for name, sign, value in split:
        if not (name and value.strip()):
            raise ValueError(f"{option}: expected NAME=VALUE, got {name + sign + value!r}")
    return {name: value for name, _, value in split}


def programs(option: str, commands: Mapping[str, str]) -> dict[str, Program | list[str]]:
    """Split the commands of programs as a shell does.

    A command can also be a JSON object with the arguments of `Program` or `script`.

    Args:
        option: the option, for messages.
        commands: commands by the name of an image or an algorithm.

    Raises:
        ValueError: a command is the placeholder of a suggested command, cannot be split, or is an invalid JSON object.
    """
    split: dict[str, Program | list[str]] = {}
    for name, command in commands.items():
        if command == "COMMAND":
            raise ValueError(f"{option} {name}=COMMAND: replace COMMAND with the command that runs the program")
        if command.startswith("{"):
            split[name] = _from_json(f"{option} {name}", command, _program)
            continue
        try:
            split[name] = shlex.split(command)
        except ValueError as error:
            raise ValueError(f"{option} {name}={command}: {error}; quote it as in a shell") from error
    return split


def _program(**options: Any) -> Program:  # noqa: ANN401 - from JSON
    if names := options.keys() & attrs.fields_dict(Container).keys() - attrs.fields_dict(Program).keys():
        raise TypeError(f"{min(names)} is an argument of Container; use --container IMAGE=JSON")
    return (script if _SCRIPT_OPTIONS & options.keys() else Program)(**options)


def _from_json(option: str, text: str, create: Callable[..., ResultT]) -> ResultT:
    """Return the result of a function whose arguments are a JSON object.

    Args:
        option: the option, for messages.
        text: a JSON object.
        create: the function.

    Raises:
        ValueError: the text is not JSON, or the arguments are invalid. The message does not show an environment,
            which may have secrets.
    """
    try:
        return create(**json.loads(text))
    except json.JSONDecodeError as error:
        raise ValueError(f"{option}: expected a JSON object, got invalid JSON: {error}") from None
    except (TypeError, ValueError, FileNotFoundError) as error:
        raise ValueError(f"{option}: {error}") from error


def containers(texts: Sequence[str] | None) -> dict[str, Container]:
    """Return the containers of strings of the form IMAGE, IMAGE=LOCAL or IMAGE=JSON.

    Args:
        texts: the values of the option; None if it is not set.

    Raises:
        ValueError: a string has another form, or the arguments are invalid.
    """
    result: dict[str, Container] = {}
    for image, sign, local in (text.partition("=") for text in texts or ()):
        option = f"--container {image}"
        if not image or (sign and not local):
            raise ValueError(f"{option}: expected IMAGE or IMAGE=LOCAL, got {image + sign!r}")
        if local.startswith("{"):
            result[image] = _from_json(option, local, Container)
        else:
            result[image] = Container(local or None)
    return result


def quotas_of(texts: Sequence[str] | None) -> Quotas:
    """Return the highest quotas, except for those in strings of the form NAME=NUMBER.

    Raises:
        ValueError: a string does not have that form, or there is no such quota.
    """
    names = [field.name for field in attrs.fields(Quotas)]
    quotas = pairs("--quota", texts)
    for name, value in quotas.items():
        if name not in names:
            raise ValueError(f"--quota: expected one of {', '.join(names)}, got {name!r}{suggestion(name, names)}")
        if not value.isdecimal():
            raise ValueError(f"--quota {name}: expected a whole number, got {value!r}")
    return Quotas.highest(**{name: int(value) for name, value in quotas.items()})


class _Formatter(logging.Formatter):
    """A formatter that writes the message of a record in one line, and a traceback below it."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        message = printable(record.getMessage())
        return printable_lines(super().format(logging.makeLogRecord(vars(record) | {"msg": message, "args": None})))


@contextmanager
def _logging(level: int) -> Generator[None]:
    """Write the log of the service to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    levels = {logging.getLogger("hptsdk.local"): level, logging.getLogger("waitress"): logging.ERROR}
    levels_before = {logger: logger.level for logger in levels}
    for logger, new_level in levels.items():
        logger.addHandler(handler)
        logger.setLevel(new_level)
    try:
        yield
    finally:
        for logger, old_level in levels_before.items():
            logger.removeHandler(handler)
            logger.setLevel(old_level)


def serve_until_stopped(start: Callable[[], LocalService], *, root: str, quiet: bool) -> None:
    """Run a local service until the process gets SIGINT or SIGTERM.

    Args:
        start: opens the service, or raises its errors.
        root: its root folder, as passed by the user.
        quiet: whether to log only warnings and errors.

    Raises:
        RuntimeError: the root was deleted, replaced or moved.
    """
    stopped = threading.Event()

    def stop(*_: object) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # the command reports missing programs with the options of the command line
    warnings.simplefilter("ignore", MissingProgramWarning)
    with _logging(logging.WARNING if quiet else logging.INFO), start() as service:
        report_missing_programs(root, service.missing_programs, end="end this service with Ctrl-C")
        print(f"listening on {service.endpoint_url}")
        print("to use boto3, the AWS CLI and other clients with it:")
        print(f'  eval "$(hptsdk local env --root {shlex.quote(root)})"', flush=True)
        while not stopped.wait(_SECONDS_BETWEEN_CHECKS):
            if service.has_lost_root:
                raise RuntimeError(
                    f"{service.root} was deleted, replaced or moved, so the service and its programs have ended; start "
                    "it again with the new path of the folder, or with another folder, in --root"
                )
    if service.unfinished_tuning_jobs:
        print_message(f"hptsdk: unfinished tuning jobs: {', '.join(service.unfinished_tuning_jobs)}")
        print_message(f"to continue them, start the service again{restart(root, service.missing_programs)}")
