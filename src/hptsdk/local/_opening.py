"""The opening of a service: the checks of its arguments, its server, and the files by which clients find it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.credentials import Credentials

from hptsdk._validation import shown
from hptsdk.local._files import write_private
from hptsdk.local.http import Application, JsonService, Logs, Operations, Server, Service, Signatures, Sts, Tokens
from hptsdk.local.jobs import ACCOUNT
from hptsdk.local.s3 import S3
from hptsdk.transport import ROOT_FILES, SDK_CONFIGURATION, sdk_configuration, service_variables

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from hptsdk.advice import Quotas
    from hptsdk.local.jobs import Engine

__all__ = [
    "check_mapping",
    "check_root",
    "check_sampler",
    "check_slots",
    "create_server",
    "folders",
    "stored_folders",
    "write_address",
]

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_mapping(option: str, value: object, example: str) -> None:
    """Check that an argument is a mapping.

    Raises:
        TypeError: it is not a mapping.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{option}: expected a mapping, such as {example}, got {shown(value)}")


def check_root(root: Path) -> None:
    """Check that a folder is a root, or can become one: it is missing, empty, or has only the folder `buckets`.

    Raises:
        NotADirectoryError: it is a file.
        ValueError: it has other files.
    """
    try:
        # users may put data into `buckets` before they open the root for the first time
        names = {path.name for path in root.iterdir()} - {"buckets"}
    except FileNotFoundError:
        return
    except NotADirectoryError:
        if root.exists():
            raise NotADirectoryError(f"root: expected a folder, got the file {root}") from None
        raise
    if names and ROOT_FILES.isdisjoint(names):
        raise ValueError(
            f"{root} has other files, such as {min(names)}, and is not the root of a local service; use an empty or "
            "new folder"
        )


def check_sampler(sampler: str) -> None:
    """Check the sampler of Bayesian searches.

    Raises:
        ValueError: the name is unknown.
        ImportError: the sampler needs torch, which is not installed.
    """
    if sampler not in ("tpe", "gp"):
        raise ValueError(f'sampler: expected "tpe" or "gp", got {sampler!r}')
    if sampler == "gp" and find_spec("torch") is None:
        raise ImportError('the sampler "gp" needs torch; install hptsdk[gp], or use "tpe"')


def check_slots(count: object) -> None:
    """Check the number of slots.

    Raises:
        ValueError: it is not an integer of at least 1.
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError(f"max_parallel: expected an integer of at least 1, got {count!r}")


def folders(option: str, value: Mapping[str, str | os.PathLike[str]] | None) -> dict[str, Path]:
    """Return the absolute folders of buckets or of file systems.

    Raises:
        TypeError: the argument is not a mapping.
        ValueError: the name of a bucket is invalid.
        NotADirectoryError: a folder does not exist.
    """
    if value is None:
        return {}
    check_mapping(
        option, value, "{'amzn-s3-demo-bucket': 'data'}" if option == "buckets" else "{'fs-12345678': 'data'}"
    )
    absolute = {name: Path(folder).absolute() for name, folder in value.items()}
    for name, folder in absolute.items():
        if option == "buckets" and not _BUCKET.fullmatch(name):
            address = re.match(r"s3://([A-Za-z0-9._-]+)", name)
            hint = f"; write {address[1]!r}" if address else ""
            expected = "expected the name of a bucket, such as 'amzn-s3-demo-bucket'"
            raise ValueError(f"{option}: {expected}, got {shown(name)}{hint}")
        if not folder.is_dir():
            owner = option.removesuffix("s").replace("_", " ")
            raise NotADirectoryError(f"the folder of the {owner} {name} does not exist: {folder}")
    return absolute


def stored_folders(
    kind: str, stored: Mapping[str, str], passed: Mapping[str, Path], *, needed: bool
) -> dict[str, Path]:
    """Return the stored folders that are not passed.

    Args:
        kind: "bucket" or "file system", for the message.
        stored: the folders with which the root was opened last, by name.
        passed: the folders that are passed now, by name.
        needed: whether there are unfinished tuning jobs, which may need each of them.

    Raises:
        NotADirectoryError: a folder no longer exists, and there are unfinished tuning jobs.
    """
    earlier = {name: Path(folder) for name, folder in stored.items() if name not in passed}
    missing = [name for name, folder in earlier.items() if not folder.is_dir()]
    if missing and needed:
        name, option = missing[0], kind.replace(" ", "_")
        raise NotADirectoryError(
            f"the {kind} {name} was {earlier[name]}, which is no longer a folder; restore it, or pass another "
            f"with {option}s={{{name!r}: FOLDER}}, in a shell with --{option.replace('_', '-')} {name}=FOLDER"
        )
    return {name: folder for name, folder in earlier.items() if name not in missing}


def create_server(
    engine: Engine, credentials: Credentials, quotas: Quotas, port: int, closers: list[Callable[[], None]]
) -> Server:
    """Create the server of a service. It does not accept requests before it is started.

    Args:
        engine: runs the jobs.
        credentials: the credentials of callers.
        quotas: the quotas of SageMaker.
        port: the port on 127.0.0.1; 0 for any free port.
        closers: receives the functions that close the server and what it uses, in the order of opening.

    Raises:
        OSError: the port is in use.
    """
    config = engine.context.config
    s3 = S3(config.storage, config.root, engine.context.store.check_lock, account=ACCOUNT, region=config.region)
    closers.append(s3.close)
    tokens = Tokens(credentials.secret_key.encode())
    operations = Operations(engine, tokens, quotas)
    # a service is chosen by its name in the signature of a request
    services: dict[str, Service] = {
        "sagemaker": JsonService(operations, "SageMaker"),
        "s3": s3,
        "logs": JsonService(Logs(engine.context.store, config, tokens), "Logs_20140328"),
        "sts": Sts(ACCOUNT, credentials.access_key),
    }
    programs = _program_credentials(credentials)
    signatures = Signatures(credentials, programs, config.region)
    server = Server(Application(services, signatures, config.root / "uploads"), port)
    closers.append(server.close)
    endpoint_url, keys = f"http://127.0.0.1:{server.port}", (programs.access_key, programs.secret_key)
    config.program_environment.update(service_variables(("S3", "STS"), endpoint_url, config.region, keys))
    return server


def _program_credentials(credentials: Credentials) -> Credentials:
    """Return the credentials of training programs, from which those of callers cannot be computed."""
    key, secret = (
        hmac.new(credentials.secret_key.encode(), name, hashlib.sha256).hexdigest() for name in (b"key", b"secret")
    )
    return Credentials(f"AKIA{key[:16].upper()}", secret)


def write_address(root: Path, endpoint_url: str, region: str) -> None:
    """Write the files for clients that only have the root: the address, and the configuration of the SageMaker SDK."""
    write_private(root / SDK_CONFIGURATION, sdk_configuration(f"sagemaker-{region}-{ACCOUNT}"))
    # last, because clients wait for it
    write_private(root / "endpoint", f"{endpoint_url} {region}\n")
