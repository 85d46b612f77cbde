"""The local service as a process of its own."""

from __future__ import annotations

import errno
import logging
import shlex
import signal
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from hptsdk import Quotas
from hptsdk.cli._missing_programs import report_missing_programs, restart
from hptsdk.cli._output import print_message, printable, printable_lines
from hptsdk.local import LocalService, MissingProgramWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

__all__ = ["pairs", "quotas_of", "serve_until_stopped"]


def pairs(given: Sequence[str] | None) -> dict[str, str]:
    """Take NAME=VALUE apart.

    Raises:
        ValueError: one is not of that form.
    """
    found: dict[str, str] = {}
    for text in given or ():
        name, _, value = text.partition("=")
        if not (name and value):
            raise ValueError(f"{text!r} is not of the form NAME=VALUE")
        found[name] = value
    return found


class _Formatter(logging.Formatter):
    """Formats a message in one line, whatever is in it, and a traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        message = printable(record.getMessage())
        return printable_lines(super().format(logging.makeLogRecord(vars(record) | {"msg": message, "args": None})))


@contextmanager
def _logging(level: int) -> Generator[None]:
    """Write the log of the service to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    loggers = [(logging.getLogger("hptsdk.local"), level), (logging.getLogger("waitress"), logging.ERROR)]
    before = [logger.level for logger, _ in loggers]
    for logger, least in loggers:
        logger.addHandler(handler)
        logger.setLevel(least)
    try:
        yield
    finally:
        for (logger, _), earlier in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(earlier)


def quotas_of(given: Sequence[str] | None) -> Quotas:
    """Return the highest quotas, with other values for those that are named as NAME=NUMBER.

    Raises:
        ValueError: there is no quota of a name, or its value is no whole number.
    """
    known = Quotas.highest()
    for name, value in pairs(given).items():
        if name not in Quotas.__slots__:
            raise ValueError(f"there is no quota {name!r}; expected one of {', '.join(Quotas.__slots__)}")
        if not value.isdecimal():
            raise ValueError(f"--quota {name}: expected a whole number, got {value!r}")
        setattr(known, name, int(value))
    return known


def serve_until_stopped(
    root: str,
    *,
    images: Mapping[str, str],
    algorithms: Mapping[str, str],
    buckets: Mapping[str, str],
    file_systems: Mapping[str, str],
    port: int,
    region: str,
    stop_grace: float,
    sampler: Literal["tpe", "gp"],
    max_parallel: int,
    quotas: Quotas,
    quiet: bool,
) -> None:
    """Run it until the process is asked to end."""
    stopped = threading.Event()

    def stop(number: int, frame: object) -> None:  # noqa: ARG001 - the handler's own signature
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # what it warns of is reported in the words of a shell
    warnings.simplefilter("ignore", MissingProgramWarning)
    with (
        _logging(logging.WARNING if quiet else logging.INFO),
        _at(
            port,
            lambda: LocalService(
                root,
                images=_programs("--image", images),
                algorithms=_programs("--algorithm", algorithms),
                buckets=buckets,
                file_systems=file_systems,
                port=port,
                region_name=region,
                stop_grace=stop_grace,
                sampler=sampler,
                max_parallel=max_parallel,
                quotas=quotas,
            ),
        ) as service,
    ):
        report_missing_programs(root, service.missing_programs, end="end this service with Ctrl-C")
        print(f"listening on {service.endpoint_url}")
        print("for boto3 and the AWS CLI:")
        print(f"  export AWS_SHARED_CREDENTIALS_FILE={shlex.quote(str(service.root / 'credentials'))}")
        print(f"  export AWS_ENDPOINT_URL_SAGEMAKER={service.endpoint_url}")
        print(f"  export AWS_DEFAULT_REGION={service.region_name}", flush=True)
        stopped.wait()
    if service.unfinished_tuning_jobs:
        print_message(f"hptsdk: unfinished tuning jobs: {', '.join(service.unfinished_tuning_jobs)}")
        print_message(f"to go on with them, start the service again{restart(root, service.missing_programs)}")


def _programs(option: str, commands: Mapping[str, str]) -> dict[str, list[str]]:
    """Split the commands of programs.

    Raises:
        ValueError: one is the placeholder of a suggested command, or cannot be split.
    """
    programs: dict[str, list[str]] = {}
    for name, command in commands.items():
        if command == "COMMAND":
            raise ValueError(f"{option} {name}=COMMAND: replace COMMAND by the command that runs the program")
        try:
            programs[name] = shlex.split(command)
        except ValueError as error:
            raise ValueError(f"{option} {name}={command}: {error}; quote it as a shell does") from error
    return programs


def _at(port: int, start: Callable[[], LocalService]) -> LocalService:
    try:
        return start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        mend = "name another with --port, or leave it out for any free one"
        raise OSError(f"port {port} of 127.0.0.1 is in use by another program; {mend}") from error
