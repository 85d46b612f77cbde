"""The client of a running local service, and messages about its missing programs."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.session import Session

from hptsdk import TuningClient
from hptsdk.cli._output import print_message
from hptsdk.errors import TransportError
from hptsdk.local import read_root, serve_command
from hptsdk.transport import (
    ROOT_FILES,
    client_environment,
    is_served,
    read_address,
    read_keys,
    read_missing_programs,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from hptsdk.transport import MissingProgram

__all__ = ["local_client", "local_environment", "report_missing_programs", "restart"]

# Seconds between two calls of Describe. A local service responds within milliseconds.
_POLL = 0.2


@contextmanager
def local_client(folder: str, region: str | None, *, only_reads: bool) -> Generator[TuningClient]:
    """Open a client of the local service of a root.

    Args:
        folder: the root folder of the service.
        region: region of the client. Defaults to the region of the service.
        only_reads: whether the client only reads, for which no service has to run.

    Yields:
        A client with the keys of the root, without proxies, that retries a call once.

    Raises:
        ValueError: the folder is not a root, its local service does not run, or a file of the root is damaged.
        OSError: a file of the root cannot be read.
    """
    root = Path(folder)
    _check_root(root, "--local")
    if only_reads and not is_served(root):
        with read_root(root) as client:
            yield client
        return
    endpoint, own_region = _address(root)
    session = Session()
    session.set_credentials(*read_keys(root / "credentials"))
    missing = read_missing_programs(root)
    report_missing_programs(root, missing, end="end the service")
    config = Config(proxies={}, retries={"total_max_attempts": 2})
    with TuningClient(
        region or own_region, session=session, endpoint_url=endpoint, config=config, poll=_POLL
    ) as client:
        try:
            yield client
        except TransportError as error:
            if not is_served(root):
                error.add_note(f"The local service of {root} has ended. Start it again with: {serve_command(root)}")
            raise


def local_environment(folder: str) -> dict[str, str]:
    """Return the environment variables with which the clients of AWS call the local service of a root.

    Args:
        folder: the root folder of the service.

    Raises:
        ValueError: the folder is not a root, its local service does not run, or a file of the root is damaged.
        OSError: a file of the root cannot be read.
    """
    root = Path(folder).absolute()
    _check_root(root, "--root")
    endpoint, region = _address(root)
    return client_environment(root, endpoint, region, read_keys(root / "credentials"))


def _check_root(root: Path, option: str) -> None:
    """Check that the folder in an option is the root of a local service."""
    try:
        names = {path.name for path in root.iterdir()}
    except FileNotFoundError:
        raise ValueError(f"{option}: the folder {root} does not exist") from None
    except NotADirectoryError:
        raise ValueError(f"{option}: expected the root folder of a local service, got the file {root}") from None
    if ROOT_FILES.isdisjoint(names):
        hint = "use the folder with which the service was started"
        raise ValueError(f"{option}: {root} is not the root of a local service; {hint}")


def _address(root: Path) -> tuple[str, str]:
    """Return the endpoint and the region of the local service that runs for a root."""
    if not is_served(root):
        raise ValueError(f"no local service runs for {root}; start one with: {serve_command(root)}")
    return read_address(root / "endpoint")


# --- missing programs ---


def report_missing_programs(root: str | Path, missing: Sequence[MissingProgram], *, end: str) -> None:
    """Print the missing programs, and the command that starts the service with them, to standard error.

    Args:
        root: the folder of the service.
        missing: the images and algorithms without a program.
        end: the instruction that ends the service.
    """
    if not missing:
        return
    print_message("hptsdk: these tuning jobs start no training jobs, because programs are missing:")
    for program in missing:
        print_message(f"  {', '.join(program.tuning_jobs)}: no program for the {program.target}")
    print_message(f"{end} and start it again{restart(root, missing)}")


def restart(root: str | Path, missing: Sequence[MissingProgram]) -> str:
    """Return the end of an instruction: the command that starts the service with its programs."""
    command = serve_command(root, missing=missing)
    place = " after you have replaced COMMAND with the program and its arguments" if "=COMMAND" in command else ""
    return f"{place} with:\n  {command}"
