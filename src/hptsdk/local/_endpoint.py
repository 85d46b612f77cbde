"""The endpoint of a service: its server with the services of AWS, and the files by which clients find it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from botocore.credentials import Credentials

from hptsdk.local._files import write_private
from hptsdk.local.http import Application, JsonService, Logs, Operations, Server, Service, Signatures, Sts, Tokens
from hptsdk.local.jobs import ACCOUNT
from hptsdk.local.s3 import S3
from hptsdk.transport import SDK_CONFIGURATION, service_variables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hptsdk.advice import Quotas
    from hptsdk.local.jobs import Engine

__all__ = ["create_server", "write_address"]


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
    s3 = S3(config.storage, config.root, account=ACCOUNT, region=config.region)
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
    session = {"DefaultS3Bucket": f"sagemaker-{region}-{ACCOUNT}"}
    configuration = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"Session": session}}}}
    # JSON is also YAML
    write_private(root / SDK_CONFIGURATION, json.dumps(configuration))
    # last, because clients wait for it
    write_private(root / "endpoint", f"{endpoint_url} {region}\n")
