"""The opening of a service: its arguments, the lock, the keys and the ID of its root, and its server.

The ID is a random string in the environment of the programs of a root, by which they are recognized after a crash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import attrs
import cattrs
from botocore.credentials import Credentials

from hptsdk._validation import format_value
from hptsdk.enums import Sampler
from hptsdk.local._files import write_private
from hptsdk.local.http import Application, JsonService, Logs, Operations, Server, Service, Signatures, Sts, Tokens
from hptsdk.local.jobs import ACCOUNT
from hptsdk.local.process import end_processes, remove_containers
from hptsdk.local.s3 import S3
from hptsdk.transport import ROOT_FILES, SDK_CONFIGURATION, read_keys, sdk_configuration, service_variables

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from hptsdk.advice import Quotas
    from hptsdk.local.jobs import Engine

_LOCK, _ID_FILE = "lock", "mark.json"

# Identifies this process: processes in different containers may have the same process ID.
_TOKEN = secrets.token_hex(8)


class RootLock:
    """The lock of a root. The system releases it when the process ends.

    If possible, the folder is locked together with the file `lock`, so that a second service cannot open it even if the
    file was deleted.

    Raises:
        RuntimeError: another service holds the lock.
        OSError: the folder or the file cannot be opened or locked.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / _LOCK
        self._descriptors: list[int] = []
        try:
            self._lock(os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), is_required=False)
            self._lock(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), is_required=True)
        except OSError as error:
            self.release()
            if not isinstance(error, BlockingIOError):
                raise
            raise RuntimeError(f"{root} is open in another LocalService{self._holder()}, or use another root") from None
        status = os.fstat(self._descriptors[-1])
        os.ftruncate(self._descriptors[-1], 0)
        os.pwrite(self._descriptors[-1], f"{os.getpid()} {_TOKEN}".encode(), 0)
        self._identity = status.st_dev, status.st_ino

    def _holder(self) -> str:
        """Return the end of a message: the process that holds the lock, if it is known, and an instruction."""
        try:
            holder = re.fullmatch(r"([0-9]{1,10}) ([0-9a-z]+)", self.path.read_bytes()[:100].decode(errors="replace"))
        except OSError:
            holder = None
        if holder is None:
            return "; end that service first"
        if holder.groups() == (f"{os.getpid()}", _TOKEN):
            return " of this process; close it first with service.close()"
        return f", in process {holder[1]}; end that process first"

    def _lock(self, descriptor: int, *, is_required: bool) -> None:
        import fcntl  # missing on Windows, on which this module can be imported

        self._descriptors.append(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # network file systems cannot lock a folder
            if is_required or isinstance(error, BlockingIOError):
                raise

    @property
    def is_held(self) -> bool:
        """Whether the locked file is still the lock of the root: False if it or the root was deleted or moved."""
        try:
            status = self.path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return (status.st_dev, status.st_ino) == self._identity

    def release(self) -> None:
        """Release the lock."""
        while self._descriptors:
            with suppress(OSError):
                os.close(self._descriptors.pop())


def claim_keys(root: Path) -> tuple[str, str]:
    """Return the access key and the secret key of callers, which the root stores, or create them.

    Raises:
        ValueError: the file of the keys is damaged.
    """
    path = root / "credentials"
    try:
        return read_keys(path)
    except FileNotFoundError:
        key, secret = f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
        write_private(path, f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n\n")
        return key, secret


@attrs.frozen
class _Place:
    path: str  # without links
    device: int
    inode: int

    @classmethod
    def of(cls, folder: Path) -> Self:
        status = folder.stat()
        return cls(str(folder.resolve()), status.st_dev, status.st_ino)


@attrs.frozen
class _Identity:
    mark: str  # the ID, with its name in the file
    place: _Place


def claim_id(root: Path) -> str:
    """Return the ID of a root whose lock is held. Create one if it is missing, or the root was copied or moved.

    Programs with the former ID are ended, unless the root is a copy: then they belong to the original.

    Raises:
        TimeoutError: a program does not end.
        ContainerEngineError: a container cannot be removed.
        ValueError: a file of the root is damaged.
    """
    place, recorded = _Place.of(root), _read(root / _ID_FILE)
    if recorded is not None and recorded.place == place:
        return recorded.mark
    if recorded is not None and not _is_copy(recorded.place, place):
        end_processes(f"{recorded.mark}.")
        remove_containers(root, recorded.mark)
    created = _Identity(secrets.token_hex(8), place)
    write_private(root / _ID_FILE, json.dumps(attrs.asdict(created)))
    return created.mark


def _read(file: Path) -> _Identity | None:
    """Return the stored ID; None if there is none."""
    try:
        return cattrs.structure(json.loads(file.read_text(encoding="utf-8")), _Identity)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, LookupError, cattrs.BaseValidationError) as error:
        raise ValueError(
            f"{file}: expected the ID of this root, got other content; end the programs that this root has started, "
            "and remove the file"
        ) from error


def _is_copy(recorded: _Place, place: _Place) -> bool:
    """Check whether the folder for which the ID was created still exists, and is not this root."""
    if (recorded.device, recorded.inode) == (place.device, place.inode):
        return False
    try:
        return _Place.of(Path(recorded.path)) == recorded
    except OSError:
        return False


_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_mapping(option: str, value: object, example: str) -> None:
    """Check that an argument is a mapping.

    Raises:
        TypeError: it is not a mapping.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{option}: expected a mapping, such as {example}, got {format_value(value)}")


def check_root(root: Path) -> None:
    """Check that a folder is a root, or can become one: it is missing, empty, or has only the folder `buckets`.

    Raises:
        NotADirectoryError: it is a file, or below a file.
        ValueError: it has other files.
    """
    try:
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


def check_options(sampler: str, max_parallel: object) -> None:
    """Check two arguments of `LocalService`.

    Raises:
        ValueError: the sampler is unknown, or `max_parallel` is not an integer of at least 1.
        ImportError: the sampler needs torch, which is not installed.
    """
    samplers = get_args(Sampler)
    if sampler not in samplers:
        expected = " or ".join(f'"{name}"' for name in samplers)
        raise ValueError(f"sampler: expected {expected}, got {sampler!r}")
    if sampler == "gp" and find_spec("torch") is None:
        raise ImportError('sampler: "gp" needs torch, which is not installed; run: pip install "hptsdk[gp]"')
    if isinstance(max_parallel, bool) or not isinstance(max_parallel, int) or max_parallel < 1:
        raise ValueError(f"max_parallel: expected an integer of at least 1, got {max_parallel!r}")


def folders(option: str, value: Mapping[str, str | os.PathLike[str]] | None) -> dict[str, Path]:
    """Return the absolute folders of buckets or of file systems, by name.

    Args:
        option: the argument of `LocalService`, "buckets" or "file_systems".
        value: its value; None for no folders.

    Raises:
        TypeError: the argument is not a mapping to paths.
        ValueError: the name of a bucket is invalid.
        NotADirectoryError: a folder is missing, or is a file.
    """
    if value is None:
        return {}
    name = "amzn-s3-demo-bucket" if option == "buckets" else "fs-12345678"
    check_mapping(option, value, f"{{'{name}': 'data'}}")
    absolute = {name: Path(folder).absolute() for name, folder in value.items()}
    for name, folder in absolute.items():
        if option == "buckets" and not _BUCKET.fullmatch(name):
            address = re.match(r"s3://([A-Za-z0-9._-]+)", name)
            hint = f"; write {address[1]!r}" if address else ""
            expected = "expected the name of a bucket, such as 'amzn-s3-demo-bucket'"
            raise ValueError(f"{option}: {expected}, got {format_value(name)}{hint}")
        if not folder.is_dir():
            hint = ", which is a file" if folder.exists() else "; create this folder"
            raise NotADirectoryError(f"{option}: expected a folder for {name}, got {folder}{hint}")
    return absolute


def stored_folders(
    kind: str, stored: Mapping[str, str], passed: Mapping[str, Path], *, needed: bool
) -> dict[str, Path]:
    """Return the existing stored folders whose names are not passed.

    Args:
        kind: "bucket" or "file system", for the message.
        stored: the folders that the root stores, by name.
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
    """Create the server of a service. It does not answer requests before it is started.

    Args:
        engine: runs the jobs.
        credentials: those of callers.
        quotas: those of new tuning jobs.
        port: as for `Server`.
        closers: receives the functions that close the server and what it uses, in the order of opening.

    Raises:
        OSError, OverflowError: see `Server`.
    """
    config = engine.context.config
    s3 = S3(config.storage, config.root, engine.context.store.check_lock, account=ACCOUNT, region=config.region)
    closers.append(s3.close)
    tokens = Tokens(credentials.secret_key.encode())
    # a service is chosen by its name in the signature of a request
    services: dict[str, Service] = {
        "sagemaker": JsonService(Operations(engine, tokens, quotas).call, "SageMaker"),
        "s3": s3,
        "logs": JsonService(Logs(engine.context.store, config, tokens).call, "Logs_20140328"),
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
    """Write the files for clients that have only the root: the endpoint, and the configuration of the SageMaker SDK."""
    write_private(root / SDK_CONFIGURATION, sdk_configuration(f"sagemaker-{region}-{ACCOUNT}"))
    # last, because clients wait for it
    write_private(root / "endpoint", f"{endpoint_url} {region}\n")
