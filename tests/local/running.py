"""Programs and requests for the local service, and functions that run them."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import hptsdk
from hptsdk.local import LocalService, Program

IMAGE = "my-image:1"
BUCKET = "amzn-s3-demo-bucket"
SHELL = "/bin/sh"


def shell(script: str, **options: Any) -> Program:
    """Return a program that is a shell script, which starts faster than Python.

    It is not isolated by default, so that it can write files that a test reads.
    """
    return Program(command=[SHELL, "-c", script], arguments="none", **({"isolation": "none"} | options))


def bucket(tmp_path: Path) -> Path:
    """Return the folder of the bucket."""
    folder = tmp_path / "bucket"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def opener(folder: Path) -> Iterator[Callable[..., LocalService]]:
    """Yield a function that opens services below a folder; open services are closed at the end."""
    with ExitStack() as stack:

        def opening(program: object = None, *, root: str = "root", **options: Any) -> LocalService:
            images = options.pop("images", {IMAGE: program or shell("echo 'loss=0.5;'")})
            options = {"stop_grace": 5.0, "buckets": {BUCKET: bucket(folder)}} | options
            return stack.enter_context(LocalService(folder / root, images=images, **options))

        yield opening


def training(*, regex: str = r"loss=([-+.e0-9]+)", **changes: Any) -> Any:
    """Return the builder of a training job definition with one metric."""
    settings = {
        "image": IMAGE,
        "role_arn": "arn:aws:iam::123456789012:role/SageMakerRole",
        "output": f"s3://{BUCKET}/out/",
        "instance_type": "ml.m5.large",
        "instance_count": 1,
        "volume_size_in_gb": 30,
        "max_runtime_in_seconds": 3600,
    }
    return hptsdk.training(**(settings | changes)).metric("loss", regex)


def job(name: str = "demo", definition: Any = None, *, max_jobs: int | None = 3, parallel: int = 2) -> Any:
    """Return the builder of a tuning job with a random search over one range."""
    return (
        hptsdk.tuning_job(
            name, definition or training(), minimize="loss", max_jobs=max_jobs, max_parallel_jobs=parallel
        )
        .continuous("rate", 0.1, 1.0)
        .random(random_seed=7)
    )


def run(service: LocalService, request: Any = None) -> Any:
    """Create a tuning job, wait for its end, and return its handle."""
    handle = service.client().create(request or job().build())
    handle.wait(timeout=60, poll=0.05)
    return handle


def only(handle: Any) -> Any:
    """Return the description of the only training job of a tuning job."""
    (summary,) = handle.training_jobs()
    return described(handle, summary.training_job_name)


def create_late(
    open_service: Callable[..., LocalService], folder: Path, request: Any, change: Callable[[], object]
) -> Any:
    """Create a tuning job that waits for another one, make a change, and return its handle after its end.

    The first tuning job uses `max_parallel=1` of the service until the change is made. The tuning job may fail.
    """
    wait = f"case $TRAINING_JOB_NAME in first-*) until [ -e {folder}/go ]; do sleep 0.01; done; esac; echo loss=1"
    service = open_service(shell(wait), max_parallel=1)
    first = service.client().create(job("first", max_jobs=1, parallel=1).build())
    until(lambda: [each for each in first.training_jobs() if each.training_start_time])
    handle = service.client().create(request)
    change()
    (folder / "go").touch()
    with suppress(hptsdk.errors.TuningJobFailed):
        handle.wait(timeout=30, poll=0.05)
    return handle


def described(handle: Any, name: str) -> Any:
    """Return the description of a training job."""
    return handle._calls.describe_training_job(name)


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait until a condition is true; fail after this number of seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not become true"
        time.sleep(0.02)
