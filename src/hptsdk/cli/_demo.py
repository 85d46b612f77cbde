"""A small tuning job on this machine, to see it work."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import hptsdk
from hptsdk.cli._watching import watched
from hptsdk.local import LocalService, Program

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["run_demo"]

_IMAGE = "demo:1"
_PROGRAM = """
import math, os, time
rate, layers = float(os.environ["SM_HP_RATE"]), int(os.environ["SM_HP_LAYERS"])
time.sleep(0.3)
print("loss=%.4f" % (0.2 + (math.log10(rate) + 2) ** 2 / 8 + (layers - 4) ** 2 / 60))
"""


def _request() -> CreateHyperParameterTuningJobRequest:
    definition = hptsdk.training(
        image=_IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.large",
        instance_count=1,
        volume_size_in_gb=10,
        max_runtime_in_seconds=60,
    ).metric("loss", r"loss=([0-9.]+)")
    return (
        hptsdk.tuning_job("demo", definition, minimize="loss", max_jobs=12, max_parallel_jobs=2)
        .continuous("rate", 1e-5, 1.0, scaling="Logarithmic")
        .integer("layers", 1, 12)
        .bayesian(random_seed=7)
        .build()
    )


def run_demo() -> None:
    """Tune, and watch it."""
    program = Program(command=["python", "-c", _PROGRAM], arguments="none")
    with tempfile.TemporaryDirectory() as root, LocalService(root, images={_IMAGE: program}) as service:
        client = service.client()
        job = client.create(_request())
        watched(job, client.poll)
        if job.best is not None:
            print(f"best: {dict(job.best.tuned_hyper_parameters)}")
