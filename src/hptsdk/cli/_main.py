"""`hptsdk local serve`: the local service as a process of its own."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_EXAMPLE = """example:
  hptsdk local serve --root runs --image my-image:1="python train.py" --bucket amzn-s3-demo-bucket=data
"""


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hptsdk", description="Amazon SageMaker automatic model tuning.")
    groups = parser.add_subparsers(required=True, metavar="COMMAND")
    local = groups.add_parser("local", help="the local service").add_subparsers(required=True, metavar="COMMAND")
    serve = local.add_parser(
        "serve",
        help="run tuning jobs on this machine, until interrupted",
        description="Run tuning jobs on this machine, over the protocol of Amazon SageMaker, until interrupted.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("--root", required=True, help="folder for its state, logs and buckets")
    _pairs(serve, "--image", "IMAGE=COMMAND", "what runs for a training image")
    _pairs(serve, "--algorithm", "NAME=COMMAND", "what runs for an algorithm")
    _pairs(serve, "--bucket", "BUCKET=FOLDER", "folder that stands for a bucket")
    _pairs(serve, "--file-system", "ID=FOLDER", "folder that stands for a file system")
    serve.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; any free one where nothing is said")
    serve.add_argument("--region", default="us-east-1", help="the region that it seems to be in")
    grace = "between asking a program to end and killing it"
    serve.add_argument("--stop-grace", type=float, default=120.0, metavar="SECONDS", help=grace)
    serve.set_defaults(run=_serve)
    return parser


def _pairs(parser: argparse.ArgumentParser, name: str, form: str, what: str) -> None:
    said = f"{what}; may be given several times"
    parser.add_argument(name, type=_pair, action="append", default=[], metavar=form, help=said)


def _serve(arguments: argparse.Namespace) -> int:
    from hptsdk.local import LocalService  # noqa: PLC0415 - only this command needs it

    stopped = threading.Event()

    def stop(number: int, frame: object) -> None:  # noqa: ARG001 - the handler's own signature
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with LocalService(
        arguments.root,
        images={name: shlex.split(command) for name, command in arguments.image},
        algorithms={name: shlex.split(command) for name, command in arguments.algorithm},
        buckets=dict(arguments.bucket),
        file_systems=dict(arguments.file_system),
        port=arguments.port,
        region_name=arguments.region,
        stop_grace=arguments.stop_grace,
    ) as service:
        print(f"listening on {service.endpoint_url}")
        print("for boto3 and the AWS CLI:")
        print(f"  export AWS_SHARED_CREDENTIALS_FILE={shlex.quote(str(service.root / 'credentials'))}")
        print(
            f"  export AWS_ENDPOINT_URL_SAGEMAKER={service.endpoint_url} AWS_REGION={service.region_name}", flush=True
        )
        stopped.wait()
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: those of the process where nothing is said.

    Returns:
        0 when done, 1 when refused or failed; a wrong usage exits with 2.
    """
    parsed = _parser().parse_args(arguments)
    try:
        code: int = parsed.run(parsed)
    except (OSError, RuntimeError, ValueError, ImportError) as error:
        print(f"hptsdk: {error}", file=sys.stderr)
        return 1
    return code
