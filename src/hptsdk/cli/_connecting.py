"""Which service a command talks to: SageMaker, an endpoint, or the local service of a root."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk import TuningClient
from hptsdk.cli._missing import report_missing_programs
from hptsdk.errors import TransportError
from hptsdk.local import MissingProgram, serve_command
from hptsdk.transport import ROOT_FILES, read_address, read_keys, read_missing_programs

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["connected"]


@contextmanager
def connected(
    profile: str | None, region: str | None, endpoint_url: str | None, local: str | None
) -> Generator[TuningClient]:
    """Open a client.

    Args:
        profile: of the AWS configuration.
        region: where the profile has none or another.
        endpoint_url: where to call instead.
        local: the root of a local service that runs.

    Raises:
        ValueError: there is no such root, its local service does not run, or a file of the root is damaged.
        OSError: a file of the root cannot be read.
    """
    from botocore.config import Config  # takes long to import
    from botocore.session import Session  # likewise

    session = Session(profile=profile)
    if local is None:
        with TuningClient(region, session=session, endpoint_url=endpoint_url) as client:
            yield client
        return
    root = Path(local)
    endpoint, own_region = _running(root)
    session.set_credentials(*read_keys(root / "credentials"))
    missing = [MissingProgram(*program) for program in read_missing_programs(root)]
    report_missing_programs(root, missing, end="end the service")
    config = Config(proxies={}, retries={"total_max_attempts": 2})
    with TuningClient(region or own_region, session=session, endpoint_url=endpoint, config=config, poll=0.2) as client:
        try:
            yield client
        except TransportError as error:
            if not _is_running(root):
                error.add_note(f"The local service of {root} has ended. Start it again with: {serve_command(root)}")
            raise


def _running(root: Path) -> tuple[str, str]:
    """Return the endpoint and the region of the local service that runs for a root."""
    try:
        names = os.listdir(root)  # noqa: PTH208 - only names
    except FileNotFoundError:
        raise ValueError(f"--local: there is no folder {root}") from None
    except NotADirectoryError:
        raise ValueError(f"--local takes the folder of a local service; {root} is a file") from None
    if ROOT_FILES.isdisjoint(names):
        raise ValueError(
            f"--local: {root} is not the root of a local service; name the folder that the service was started with"
        )
    if not _is_running(root):
        raise ValueError(f"no local service runs for {root}; start one with: {serve_command(root)}")
    return read_address(root / "endpoint")


def _is_running(root: Path) -> bool:
    """Check whether a local service holds the lock of a root."""
    try:
        with (root / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (FileNotFoundError, NotADirectoryError):
        pass
    return False
