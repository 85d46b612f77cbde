"""The client of a local service, messages about missing programs, and the command `demo`."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.session import Session

from hptsdk.cli._options import Connection
from hptsdk.cli._output import print_message
from hptsdk.client import TuningClient
from hptsdk.errors import TransportError
from hptsdk.transport import ROOT_FILES, client_environment, is_served, read_address, read_keys, read_missing_programs

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from hptsdk import TuningJob
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.transport import MissingProgram

# Seconds between the first two calls of Describe. A local service responds within milliseconds.
_POLL = 0.2

# `hptsdk.local` is imported by the functions that use it, because its import is slow.


@contextmanager
def local_client(folder: str, region: str | None, *, only_reads: bool) -> Generator[TuningClient]:
    """Open a client of the local service of a root.

    Args:
        folder: the root folder of the service.
        region: the region. Defaults to the region of the service.
        only_reads: whether the client only reads, for which no service has to run.

    Yields:
        A client with the keys of the root, without proxies, that retries a call once, or that of `read_root`.

    Raises:
        ValueError: the folder is not a root, its local service does not run, or a file of the root is damaged.
        OSError: a file of the root cannot be read.
    """
    from hptsdk.local import read_root, serve_command

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
        client.local_root = str(root)
        try:
            yield client
        except TransportError as error:
            if not is_served(root):
                error.add_note(f"The local service of {root} has ended. Start it again with: {serve_command(root)}")
            raise


def local_environment(folder: str) -> dict[str, str]:
    """Return the environment variables with which the clients of AWS call the local service of a root.

    It raises the errors of `local_client`.
    """
    root = Path(folder).absolute()
    _check_root(root, "--root")
    endpoint, region = _address(root)
    return client_environment(root, endpoint, region, read_keys(root / "credentials"))


def _check_root(root: Path, option: str) -> None:
    """Check that the folder in an option is the root of a local service."""
    hint = "use the folder that a service was started with"
    try:
        names = {path.name for path in root.iterdir()}
    except FileNotFoundError:
        raise ValueError(f"{option}: the folder {root} does not exist") from None
    except NotADirectoryError:
        raise ValueError(f"{option}: {root} is not a folder; {hint}") from None
    if ROOT_FILES.isdisjoint(names):
        raise ValueError(f"{option}: {root} is not the root of a local service; {hint}")


def _address(root: Path) -> tuple[str, str]:
    """Return the endpoint and the region of the local service that runs for a root."""
    if not is_served(root):
        from hptsdk.local import serve_command

        raise ValueError(f"no local service runs for {root}; start one with: {serve_command(root)}")
    return read_address(root / "endpoint")


# --- missing programs ---


def report_missing_programs(root: str | Path, missing: Sequence[MissingProgram], *, end: str) -> None:
    """Print the missing programs, and the command that starts the service with them, to standard error.

    Args:
        root: the folder of the service.
        missing: the missing programs; nothing is printed if there are none.
        end: the instruction that ends the service.
    """
    if not missing:
        return
    print_message("hptsdk: these tuning jobs start no training jobs:")
    for program in missing:
        print_message(f"  {', '.join(program.tuning_jobs)}: {program.problem}")
    print_message(f"{end} and start it again{restart(root, missing)}")


def restart(root: str | Path, missing: Sequence[MissingProgram]) -> str:
    """Return the end of an instruction: " with", and the command that starts the service with its programs."""
    from hptsdk.local import serve_command

    command = serve_command(root, missing=missing)
    note = " this command; replace COMMAND with the program and its arguments" if "=COMMAND" in command else ""
    return f" with{note}:\n  {command}"


_IMAGE, _BUCKET = "demo:1", "amzn-s3-demo-bucket"
_JOBS, _PARALLEL = 12, 2
_PROGRAM = """\
import json, math, os, time
rate, layers = float(os.environ["SM_HP_RATE"]), int(os.environ["SM_HP_LAYERS"])
time.sleep(0.3)
with open(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"), "w") as file:
    json.dump({"rate": rate, "layers": layers}, file)
print("loss=%.4f" % (0.2 + (math.log10(rate) + 2) ** 2 / 8 + (layers - 4) ** 2 / 60))
"""


def _request() -> CreateHyperParameterTuningJobRequest:
    import hptsdk

    definition = hptsdk.training(
        image=_IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output=f"s3://{_BUCKET}/models/",
        instance_type="ml.m5.large",
        instance_count=1,
        volume_size_in_gb=10,
        max_runtime_in_seconds=60,
    ).metric("loss", r"loss=([-+0-9.eE]+)")
    return (
        hptsdk.tuning_job("demo", definition, minimize="loss", max_jobs=_JOBS, max_parallel_jobs=_PARALLEL)
        .continuous("rate", 1e-5, 1.0, scaling="Logarithmic")
        .integer("layers", 1, 12)
        .bayesian(random_seed=7)
        .build()
    )


def run_demo() -> None:
    """Run the tuning job of the demo and print its results. After Ctrl-C, print the commands that continue it."""
    folder = Path(tempfile.mkdtemp(prefix="hptsdk-demo-"))
    print(f"Tunes a small function: {_JOBS} training jobs on this machine, {_PARALLEL} at a time, in a few seconds.")
    print(f"Its files are in {folder}", flush=True)
    from hptsdk.local import LocalService, serve_command

    (folder / "train.py").write_text(_PROGRAM, encoding="utf-8")
    (folder / "data").mkdir()
    root = folder / "runs"
    programs = {_IMAGE: ["python", str(folder / "train.py")]}
    with LocalService(root, images=programs, buckets={_BUCKET: folder / "data"}) as service:
        job = service.client().create(_request())
        try:
            job.wait(progress=True if sys.stderr.isatty() else "lines")
        except KeyboardInterrupt:
            print("\nInterrupted. To continue, run:")
            print(f"  {serve_command(root)}")
            print("and in another terminal:")
            print(f"  {Connection(local=str(root)).command('watch', job.name)}")
            raise
        _print_results(job, folder)


def _print_results(job: TuningJob, folder: Path) -> None:
    summary, best = job.best, job.best_training_job()
    if summary is None or best is None or best.final_metric_data_list is None:
        raise RuntimeError("the demo has no best training job")
    print(f"Best training job: {best.training_job_name}, loss {best.final_metric_data_list[0].value}")
    for name, value in summary.tuned_hyper_parameters.items():
        print(f"  {name} = {value}")
    model = best.model_artifacts.s3_model_artifacts.replace(f"s3://{_BUCKET}", str(folder / "data"))
    print(f"Its model: {model}")
    print(f"Report with plots: {job.report(folder / 'report.html')}")
