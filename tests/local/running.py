"""Programs and requests for the local service, and functions that run them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hptsdk
from hptsdk.local import LocalService, Program

IMAGE = "my-image:1"
BUCKET = "amzn-s3-demo-bucket"
SHELL = "/bin/sh"


def shell(script: str) -> Program:
    """A program that is a line of shell: it starts in a millisecond."""
    return Program(command=[SHELL, "-c", script], arguments="none")


def bucket(tmp_path: Path) -> Path:
    """The folder of the bucket."""
    folder = tmp_path / "bucket"
    folder.mkdir(exist_ok=True)
    return folder


def training(**changes: Any) -> Any:
    """A training definition's builder."""
    settings = {
        "image": IMAGE,
        "role_arn": "arn:aws:iam::123456789012:role/SageMakerRole",
        "output": f"s3://{BUCKET}/out/",
        "instance_type": "ml.m5.large",
        "instance_count": 1,
        "volume_size_in_gb": 30,
        "max_runtime_in_seconds": 3600,
    }
    return hptsdk.training(**(settings | changes)).metric("loss", r"loss=([-+.e0-9]+)")


def job(name: str = "demo", definition: Any = None, *, max_jobs: int | None = 3, parallel: int = 2) -> Any:
    """A tuning job's builder, which searches one range at random."""
    return (
        hptsdk.tuning_job(
            name, definition or training(), minimize="loss", max_jobs=max_jobs, max_parallel_jobs=parallel
        )
        .continuous("rate", 0.1, 1.0)
        .random(random_seed=7)
    )


def run(service: LocalService, request: Any = None) -> Any:
    """Creates a job, waits for its end, and returns its handle."""
    handle = service.client().create(request or job().build())
    handle.wait(timeout=60, poll=0.05)
    return handle


def only(handle: Any) -> Any:
    """The description of a job's only training job."""
    (summary,) = handle.training_jobs()
    return described(handle, summary.training_job_name)


def described(handle: Any, name: str) -> Any:
    """The description of a training job."""
    return handle._calls.request(
        "DescribeTrainingJob",
        hptsdk.shapes.DescribeTrainingJobRequest(training_job_name=name),
        hptsdk.shapes.DescribeTrainingJobResponse,
    )


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Waits for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
