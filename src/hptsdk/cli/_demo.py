"""The command `demo`: a small tuning job on this machine."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk.cli._connection import Connection

if TYPE_CHECKING:
    from hptsdk import TuningJob
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["run_demo"]

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
    import hptsdk  # after the first line is printed

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
    """Run the tuning job and print its results.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed; the commands that continue the tuning job are printed.
    """
    folder = Path(tempfile.mkdtemp(prefix="hptsdk-demo-"))
    print(f"Tunes a small function: {_JOBS} training jobs on this machine, {_PARALLEL} at a time, in a few seconds.")
    print(f"Its files are in {folder}", flush=True)
    from hptsdk.local import LocalService, serve_command  # takes long to import

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
