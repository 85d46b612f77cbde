"""What a local service and its clients share: files in its root, environment variables, and error responses."""

from __future__ import annotations

import errno
import json
import os
import re
from configparser import ConfigParser, Error
from typing import TYPE_CHECKING

import attrs
from typing_extensions import override

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable
    from pathlib import Path

MISSING_PROGRAMS = "missing-programs.json"
"""The name of the file with the missing programs of a running service. The file does not exist if none is missing."""

SDK_CONFIGURATION = "sagemaker-sdk.yaml"
"""The name of the file with the configuration of the SageMaker Python SDK."""

ROOT_FILES = frozenset({"lock", "mark.json", "state.sqlite3"})
"""The names of files that identify the root of a local service. A root has at least one of them."""

_KEY = re.compile(r"[!-~]+")
_ADDRESS = re.compile(r"(http://127\.0\.0\.1:[0-9]{1,5}) ([a-z0-9-]+)")


@attrs.frozen
class MissingProgram:
    """A training image or an algorithm whose program is missing, or cannot continue unfinished tuning jobs.

    Attributes:
        image: the training image; None for an algorithm.
        algorithm: the name or the ARN of the algorithm; None for a training image.
        tuning_jobs: the names of the tuning jobs and standalone training jobs that need it.
        reason: why the existing program cannot continue them. Defaults to empty text: there is no program.
    """

    image: str | None
    algorithm: str | None
    tuning_jobs: tuple[str, ...]
    reason: str = ""

    @property
    def problem(self) -> str:
        """Why the tuning jobs cannot continue."""
        target = f"image {self.image}" if self.image is not None else f"algorithm {self.algorithm}"
        return self.reason or f"no program for the {target}"


def read_keys(path: Path) -> tuple[str, str]:
    """Read the access key and the secret key of a local service from its file of AWS credentials.

    Raises:
        OSError: the file is missing or cannot be read.
        ValueError: the file has no valid keys. The message does not show its content.
    """
    parser = ConfigParser(interpolation=None)
    try:
        # `parser.read` would ignore a file that cannot be read
        with path.open(encoding="utf-8") as file:
            parser.read_file(file)
        keys = parser["default"]["aws_access_key_id"], parser["default"]["aws_secret_access_key"]
    except (Error, KeyError, UnicodeDecodeError):
        keys = ("", "")
    if not all(map(_KEY.fullmatch, keys)):
        raise ValueError(
            f"{path} is damaged: it does not have the keys of a local service. Restore it, or delete it: the service "
            "creates new keys when it is opened again."
        )
    return keys


def read_address(path: Path) -> tuple[str, str]:
    """Read the endpoint URL and the region of the local service that runs for a root.

    Raises:
        OSError: the file is missing or cannot be read.
        ValueError: the file has no address.
    """
    match = _ADDRESS.fullmatch(path.read_bytes().decode(errors="replace").strip())
    if match is None:
        raise ValueError(
            f"{path} is damaged: it does not have the address of the local service. End the service, and start it "
            "again."
        )
    return match[1], match[2]


def is_served(root: Path) -> bool:
    """Check whether a local service holds the lock of a root."""
    import fcntl  # missing on Windows, on which this module can be imported

    try:
        with (root / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (FileNotFoundError, NotADirectoryError):
        pass
    return False


def read_missing_programs(root: Path) -> list[MissingProgram]:
    """Read the missing programs of the service that runs for a root; none if the file cannot be read."""
    try:
        rows = json.loads((root / MISSING_PROGRAMS).read_bytes())
        return [MissingProgram(image, algorithm, tuple(jobs), reason) for image, algorithm, jobs, reason in rows]
    except (OSError, ValueError, TypeError, RecursionError):
        # only a message shows the result
        return []


def sdk_configuration(bucket: str) -> str:
    """Return a configuration file of the SageMaker Python SDK, with its default bucket and without its telemetry."""
    modules = {"Session": {"DefaultS3Bucket": bucket}, "TelemetryOptOut": True}
    # JSON is also YAML
    return json.dumps({"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": modules}}})


def client_environment(root: Path, endpoint_url: str, region_name: str, keys: tuple[str, str]) -> dict[str, str]:
    """Return the environment variables with which clients of AWS call the local service of a root."""
    return {
        **service_variables(("SAGEMAKER", "S3", "STS", "CLOUDWATCH_LOGS"), endpoint_url, region_name, keys),
        # without it, the SDK calls STS at its address on the internet for the name of its default bucket
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(root / SDK_CONFIGURATION),
        # without it, version 3 of the SDK calls IAM on the internet to check the role
        "SAGEMAKER_VALIDATE_ROLE": "false",
    }


def service_variables(
    services: Iterable[str], endpoint_url: str, region_name: str, keys: tuple[str, str]
) -> dict[str, str]:
    """Return the environment variables with the address, the region and the keys of a local service.

    A service has its name in the variable, so "SAGEMAKER" sets ``AWS_ENDPOINT_URL_SAGEMAKER``.
    """
    # a proxy cannot reach this machine; clients read the variable in small letters first
    proxies = {name: os.environ[name] for name in ("no_proxy", "NO_PROXY") if name in os.environ} or {"NO_PROXY": ""}
    return {
        **{f"AWS_ENDPOINT_URL_{service}": endpoint_url for service in services},
        "AWS_ACCESS_KEY_ID": keys[0],
        "AWS_SECRET_ACCESS_KEY": keys[1],
        "AWS_REGION": region_name,
        "AWS_DEFAULT_REGION": region_name,
        **{name: ",".join(filter(None, [value, "127.0.0.1"])) for name, value in proxies.items()},
    }


# --- error responses of SageMaker ---


class Refusal(Exception):  # noqa: N818 - a public name, and an error response rather than an error of hptsdk
    """An error response, which a local service or `hptsdk.testing.StubTransport` returns.

    Attributes:
        code: the error code, such as ``ResourceInUse``.
        message: the message of the error.
        status: the HTTP status. Defaults to 400.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message, status)
        self.code = code
        self.message = message
        self.status = status

    @override
    def __str__(self) -> str:
        """Return the code and the message."""
        return f"{self.code}: {self.message}"


def bad_request(message: str) -> Refusal:
    """Create the error response for a request that the service does not accept."""
    return Refusal("ValidationException", message)


def job_not_found(name: str) -> Refusal:
    """Create the error response for a tuning job that does not exist."""
    return Refusal("ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}. Type another name.")


def job_name_in_use(name: str) -> Refusal:
    """Create the error response for a second tuning job with the same name."""
    message = f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name."
    return Refusal("ResourceInUse", message)


def training_job_name_in_use(arn: str) -> Refusal:
    """Create the error response for a second training job with the same name."""
    message = f"a job with this name already exists ({arn})"
    return Refusal("ResourceInUse", f"Job name must be unique within an AWS account and region, and {message}")


def training_job_not_found() -> Refusal:
    """Create the error response for a training job that does not exist."""
    return bad_request("Requested resource not found.")


def bind_port(port: int) -> socket.socket:
    """Return a socket that is bound to a port of 127.0.0.1; 0 means any free port.

    Raises:
        OSError: the port is in use, or needs a permission.
        OverflowError: the port is not from 0 to 65535.
    """
    # waitress does not close its own socket after an error
    import socket

    bound = socket.socket()
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
    except BaseException as error:
        bound.close()
        if not isinstance(error, OSError) or error.errno != errno.EADDRINUSE:
            raise
        hint = "use another port, or omit it to use any free port"
        raise OSError(error.errno, f"port {port} of 127.0.0.1 is in use; {hint}") from error
    return bound
