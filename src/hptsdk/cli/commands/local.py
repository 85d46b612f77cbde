"""The commands that run a local service."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from hptsdk.cli._options import Output, choice
from hptsdk.local import Sampler

app = typer.Typer()
_local = typer.Typer(help="The local service. Requires the extra `local`.", no_args_is_help=True)
app.add_typer(_local, name="local")

_Pairs = list[str] | None


@app.command(epilog="Example: hptsdk demo")
def demo() -> None:
    """Run a small tuning job on this machine. Requires the extra `local`."""
    from hptsdk.cli._local_service import run_demo

    run_demo()


@_local.command(
    epilog='Example: hptsdk local serve --root runs --image my-image:1="python train.py" --bucket my-bucket=data'
)
def serve(
    root: Annotated[str, typer.Option(help="Root folder: the state, logs and buckets of the service.")],
    *,
    image: Annotated[
        _Pairs,
        typer.Option(metavar="IMAGE=COMMAND", help="Command that replaces an image. IMAGE can contain * for any text."),
    ] = None,
    container: Annotated[
        _Pairs,
        typer.Option(metavar="IMAGE[=LOCAL]", help="Image that runs with Docker or Podman, or that LOCAL replaces."),
    ] = None,
    algorithm: Annotated[
        _Pairs, typer.Option(metavar="NAME=COMMAND", help="Command that replaces an algorithm, by name or ARN.")
    ] = None,
    bucket: Annotated[_Pairs, typer.Option(metavar="BUCKET=FOLDER", help="Folder that replaces a bucket.")] = None,
    file_system: Annotated[
        _Pairs, typer.Option(metavar="ID=FOLDER", help="Folder that replaces a file system.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any free port.", min=0, max=65535)] = 0,
    region: Annotated[str, typer.Option(help="Region in the ARNs of the service.")] = "us-east-1",
    stop_grace: Annotated[
        float, typer.Option(help="Seconds between SIGTERM and SIGKILL for a training job that is stopped.")
    ] = 120.0,
    sampler: Annotated[
        Sampler, choice(get_args(Sampler), "--sampler", "Sampler of Bayesian searches; gp requires the extra `gp`.")
    ] = "tpe",
    max_parallel: Annotated[
        int, typer.Option(help="Maximum number of training jobs that run at the same time.", min=1)
    ] = 100,
    quota: Annotated[
        _Pairs,
        typer.Option(metavar="NAME=NUMBER", help="Quota, such as max_parallel_jobs=50. Defaults to the highest."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Log only warnings and errors.")] = False,
) -> None:
    """Run a local service on 127.0.0.1, with the protocol of Amazon SageMaker, until Ctrl-C.

    COMMAND is a command, or JSON with the arguments of Program or script in Python: {"entry_point": "train.py"}.

    LOCAL is an image on this machine, or JSON with the arguments of Container in Python.

    An option with "=" can be repeated. Images and algorithms that are not passed keep their programs of the last start.

    The log of calls, training jobs and errors is written to standard error.
    """
    from hptsdk.cli._server import containers, pairs, programs, quotas_of, serve_until_stopped
    from hptsdk.local import LocalService

    try:
        images, algorithms = pairs("--image", image), pairs("--algorithm", algorithm)
        buckets, file_systems = pairs("--bucket", bucket), pairs("--file-system", file_system)
        quotas = quotas_of(quota)
    except ValueError as error:
        raise typer.BadParameter(f"{error}") from error
    serve_until_stopped(
        lambda: LocalService(
            root,
            images={**programs("--image", images), **containers(container)},
            algorithms=programs("--algorithm", algorithms),
            buckets=buckets,
            file_systems=file_systems,
            port=port,
            region_name=region,
            stop_grace=stop_grace,
            sampler=sampler,
            max_parallel=max_parallel,
            stored_programs=True,
            quotas=quotas,
        ),
        root=root,
        quiet=quiet,
    )


@_local.command(epilog='Example: eval "$(hptsdk local env --root runs)"')
def env(root: Annotated[str, typer.Option(help="Root folder of the service.")], *, output: Output = "text") -> None:
    """Print the environment variables for boto3, the AWS CLI and other clients of a running local service.

    The output contains the secret key of the service. Text output is commands for a shell.
    """
    import json
    import shlex

    from hptsdk.cli._local_service import local_environment

    variables = local_environment(root)
    if output == "json":
        print(json.dumps(variables, indent=2))
    else:
        print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
