"""Which service a command talks to: SageMaker, an endpoint, or the local service of a root."""

from __future__ import annotations

import fcntl
from pathlib import Path

from hptsdk import TuningClient
from hptsdk._local_root import read_address, read_keys, read_missing_programs
from hptsdk.cli._missing import report_missing_programs
from hptsdk.local import MissingProgram, serve_command

__all__ = ["connected"]


def connected(profile: str | None, region: str | None, endpoint_url: str | None, local: str | None) -> TuningClient:
    """Make a client.

    Args:
        profile: of the AWS configuration.
        region: where the profile has none or another.
        endpoint_url: where to call instead.
        local: the root of a local service that runs.

    Raises:
        ValueError: the local service does not run, or a file of its root is damaged.
        OSError: a file of the root cannot be read.
    """
    from botocore.config import Config  # noqa: PLC0415 - takes long to import
    from botocore.session import Session  # noqa: PLC0415 - likewise

    session = Session(profile=profile)
    if local is None:
        return TuningClient(region, session=session, endpoint_url=endpoint_url)
    root = Path(local)
    endpoint, own_region = _running(root)
    session.set_credentials(*read_keys(root / "credentials"))
    missing = [MissingProgram(*program) for program in read_missing_programs(root)]
    report_missing_programs(root, missing, end="end the service")
    config = Config(proxies={}, retries={"total_max_attempts": 2})
    return TuningClient(region or own_region, session=session, endpoint_url=endpoint, config=config, poll=0.2)


def _running(root: Path) -> tuple[str, str]:
    """Return the endpoint and the region of the local service that runs for a root."""
    try:
        with (root / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_address(root / "endpoint")
    except FileNotFoundError:
        pass
    except NotADirectoryError:
        raise ValueError(f"--local takes the folder of a local service; {root} is a file") from None
    raise ValueError(f"no local service runs for {root}; start one with: {serve_command(root)}")
