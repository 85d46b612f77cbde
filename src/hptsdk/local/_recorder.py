"""`Recorder`, which records the requests for jobs that other clients send, and runs nothing."""

from __future__ import annotations

import os
import secrets
import tempfile
from configparser import ConfigParser
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.credentials import Credentials
from botocore.session import Session
from typing_extensions import override

from hptsdk.local._recorded_operations import OtherServices, RecordedOperations, RecordedRequest
from hptsdk.local.http import Application, JsonService, Server, Service, Signatures, Sts
from hptsdk.local.jobs import ACCOUNT
from hptsdk.local.process import Storage
from hptsdk.local.s3 import S3
from hptsdk.transport import SDK_CONFIGURATION, sdk_configuration, service_variables

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["Recorder"]

# Variables that would lead a client to another address, or that belong to other keys.
_REMOVED = frozenset({
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
})  # fmt: skip

# The region of a program if neither its environment nor its profile has one.
_REGION = "us-east-1"


class Recorder:
    """A service on this machine that records requests for jobs, and runs nothing.

    It answers the clients of Amazon SageMaker as far as they need to create tuning jobs and training jobs, and to wait
    for their end: each job has the status Stopped, without training jobs or results. An invalid request is refused with
    a ValidationException. S3 has what the program itself has stored; STS has GetCallerIdentity. All other operations
    are refused. Linux and macOS only.

    Attributes:
        requests: the requests for tuning jobs and training jobs so far, in the order in which they were sent.
        refused: the operations so far that the recorder does not have.

    Raises:
        RuntimeError: the system is neither Linux nor macOS.

    Example:
        >>> import subprocess
        >>> with Recorder() as recorder:
        ...     result = subprocess.run(["true"], env=recorder.environment())
        >>> recorder.requests
        ()
    """

    def __init__(self) -> None:
        if os.name != "posix":
            raise RuntimeError("the recorder runs on Linux and macOS only")
        self._keys = f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
        with ExitStack() as opened:
            self._root = root = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="hptsdk-")))
            for name in ("buckets", "uploads"):
                (root / name).mkdir()
            region = _write_configuration(root, self._keys)
            self._operations = RecordedOperations(region)
            s3 = S3(_Buckets(root, {}, {}), root, account=ACCOUNT, region=region, check_root=lambda: None)
            opened.callback(s3.close)
            sts = Sts(ACCOUNT, self._keys[0])
            services: dict[str, Service] = {
                "sagemaker": JsonService(self._operations, "SageMaker"),
                "s3": s3,
                "sts": sts,
            }
            other, signatures = OtherServices(self._operations, sts), Signatures(Credentials(*self._keys))
            self._server = Server(Application(services, signatures, root / "uploads", other), 0)
            opened.callback(self._server.close)
            self._server.start()
            self._opened = opened.pop_all()

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The requests for tuning jobs and training jobs so far, in the order in which they were sent."""
        return tuple(self._operations.requests)

    @property
    def refused(self) -> tuple[str, ...]:
        """The operations so far that the recorder does not have, such as "sagemaker CreateModel" or "iam"."""
        return tuple(self._operations.refused)

    def environment(self) -> dict[str, str]:
        """Return the environment for a program whose clients of AWS call the recorder.

        It is the environment of this process with the address of the recorder for all services, and with keys that only
        the recorder accepts. The profiles of the AWS configuration keep their names and regions, and nothing else.

        Returns:
            The variables by name, for `subprocess.run(..., env=...)`.

        Example:
            >>> with Recorder() as recorder:
            ...     recorder.environment()["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
            True
        """
        url, root = f"http://127.0.0.1:{self._server.port}", self._root
        own = {
            name: value
            for name, value in os.environ.items()
            if name not in _REMOVED and not name.startswith("AWS_ENDPOINT_URL")
        }
        added = service_variables(("SAGEMAKER", "S3", "STS"), url, _REGION, self._keys)
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            del added[name]  # the environment or the profile has the region
        return {
            **own,
            **added,
            "AWS_ENDPOINT_URL": url,
            "AWS_CONFIG_FILE": str(root / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(root / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            # the user's own configuration of the SageMaker SDK applies over it, because it changes what the SDK sends
            "SAGEMAKER_ADMIN_CONFIG_OVERRIDE": str(root / SDK_CONFIGURATION),
            "SAGEMAKER_VALIDATE_ROLE": "false",
        }

    def close(self) -> None:
        """Stop answering, and delete what clients have stored. The recorded requests stay."""
        self._opened.close()

    def __enter__(self) -> Self:
        """Return the recorder."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the recorder."""
        self.close()


def _write_configuration(root: Path, keys: tuple[str, str]) -> str:
    """Write the configuration for clients, and return the region of a program without a profile.

    The keys are in each profile, because a client with a profile does not read those of the environment.
    """
    session = Session()
    profiles: dict[str, dict[str, Any]] = {"default": {}, **session.full_config["profiles"]}
    parser = ConfigParser(interpolation=None)
    for name, profile in profiles.items():
        parser[name if name == "default" else f"profile {name}"] = {
            "aws_access_key_id": keys[0],
            "aws_secret_access_key": keys[1],
            "region": f"{profile.get('region') or _REGION}",
        }
    with (root / "config").open("w", encoding="utf-8") as file:
        parser.write(file)
    region: str = session.get_config_variable("region") or os.environ.get("AWS_REGION") or _REGION
    (root / SDK_CONFIGURATION).write_text(sdk_configuration(f"sagemaker-{region}-{ACCOUNT}"))
    return region


class _Buckets(Storage):
    """Buckets of all names: a program can store objects in buckets that exist in its account."""

    @override
    def bucket(self, name: str) -> Path:
        folder = super().bucket(name)
        folder.mkdir(exist_ok=True)
        return folder
