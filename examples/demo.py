"""Tune gradient boosting on this machine, with the API of SageMaker.

The tuning job has 20 training jobs, two at a time. Each is a process that reads its channel and prints the value of its
objective metric. No AWS account is required. Ctrl-C interrupts the demo, and `--folder FOLDER` continues it.
`--compare 5` runs the strategies Bayesian and Random with 5 seeds, and prints the medians of the best values.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import attrs

import hptsdk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk import TuningJob
    from hptsdk.local import LocalService

HERE = Path(__file__).parent
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/boosting:1"
BUCKET = "amzn-s3-demo-bucket"

boosting = (
    hptsdk.training(
        image=IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output=f"s3://{BUCKET}/models/",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        volume_size_in_gb=10,
        max_runtime_in_seconds=600,
    )
    .channel("train", f"s3://{BUCKET}/diabetes/", content_type="text/csv")
    .metric("validation:rmse", r"validation:rmse=([-+0-9.eE]+);")
)

diabetes = (
    hptsdk.tuning_job("diabetes", boosting, minimize="validation:rmse", max_jobs=20, max_parallel_jobs=2)
    .continuous("learning_rate", 0.01, 0.3, scaling="Logarithmic")
    .integer("n_estimators", 20, 300)
    .integer("max_depth", 1, 5)
    .continuous("subsample", 0.4, 1.0)
    .categorical("loss", ["squared_error", "huber"])
    .tag("team", "health")
)


def show_mistakes() -> None:
    """Print the messages about three typical mistakes in a request, which is not sent."""
    wire = hptsdk.to_wire(diabetes.build())
    wire["HyperParameterTuningJobName"] = "diabetes_2"
    wire["TrainingJobDefinition"]["ResourceConfig"]["InstanceType"] = "m5.xlarge"
    wire["TrainingJobDefinition"]["InputDataConfig"][0]["ContenType"] = "text/csv"
    try:
        hptsdk.from_wire(hptsdk.shapes.CreateHyperParameterTuningJobRequest, wire)
    except hptsdk.errors.InvalidShapeError as error:
        for violation in error.violations:
            print(f"  {violation.message}")


@contextmanager
def service(folder: Path) -> Iterator[LocalService]:
    """Open a local service in a folder, with the data in its bucket. It is closed at the end."""
    # imported after the first line is printed, because these imports take seconds
    import numpy as np
    from sklearn.datasets import load_diabetes

    from hptsdk.local import LocalService

    data = folder / "bucket" / "diabetes"
    data.mkdir(parents=True, exist_ok=True)
    features, target = load_diabetes(return_X_y=True)
    np.savetxt(data / "train.csv", np.column_stack([features, target]), delimiter=",")
    programs = {IMAGE: ["python", str(HERE / "train.py")]}
    with LocalService(folder / "runs", images=programs, buckets={BUCKET: folder / "bucket"}) as opened:
        yield opened


def tune(folder: Path) -> None:
    """Tune once, or continue the interrupted tuning job in a folder, and print the results."""
    print("Tunes gradient boosting on this machine: 20 training jobs, two at a time, in about a minute.")
    print(f"Its files are in {folder}", flush=True)
    with service(folder) as opened:
        # for SageMaker: hptsdk.TuningClient(region_name="us-east-1")
        client = opened.client()
        job = client.create(diabetes.bayesian(random_seed=7).build(), if_exists="return")
        print(f"Created {job}, as {job.arn}", flush=True)
        try:
            job.wait(progress=True if sys.stderr.isatty() else "lines")
        except KeyboardInterrupt:
            command = shlex.join([sys.executable, str(Path(__file__).resolve()), "--folder", str(folder)])
            raise SystemExit(f"\nInterrupted. To continue, run:\n  {command}") from None
        show_results(job, folder)


def show_results(job: TuningJob, folder: Path) -> None:
    """Print the best training job with its model, and write a report."""
    from sklearn.ensemble import GradientBoostingRegressor
    from train import error_of

    best = job.best_training_job()
    if job.best is None or best is None or best.final_metric_data_list is None:
        raise SystemExit(f"No training job has a value of validation:rmse. Their logs are below {folder / 'runs'}.")
    print(f"\nBest of 20: validation:rmse {best.final_metric_data_list[0].value:.2f}, with")
    for name, value in job.best.tuned_hyper_parameters.items():
        print(f"  {name} = {value}")
    default = error_of(GradientBoostingRegressor(random_state=0), folder / "bucket" / "diabetes")
    print(f"With the default values: {default:.2f}")
    print(f"Model: {best.model_artifacts.s3_model_artifacts.replace(f's3://{BUCKET}', str(folder / 'bucket'))}")
    print(f"Report with plots: {job.report(folder / 'report.html')}\n")


def compare(seeds: int) -> None:
    """Tune with both strategies and several seeds, and print the medians of the best values."""
    best: dict[str, list[float]] = {"Bayesian": [], "Random": []}
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as opened:
        for seed in range(seeds):
            searches = {"Bayesian": diabetes.bayesian(random_seed=seed), "Random": diabetes.random(random_seed=seed)}
            for strategy, search in searches.items():
                request = attrs.evolve(search.build(), hyper_parameter_tuning_job_name=f"{strategy}-{seed}")
                job = opened.client().create(request)
                job.wait()
                metric = job.best.final_hyper_parameter_tuning_job_objective_metric if job.best else None
                best[strategy].append(metric.value if metric else float("inf"))
            print(f"seed {seed}: Bayesian {best['Bayesian'][-1]:.2f}, Random {best['Random'][-1]:.2f}", flush=True)
    for strategy, values in best.items():
        print(f"{strategy}: median of the best validation:rmse {median(values):.2f}")


def main() -> None:
    """Run the demo, or the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--compare", type=int, metavar="SEEDS", help="compare Bayesian and Random with this number of seeds"
    )
    parser.add_argument(
        "--folder", type=Path, help="the folder of an interrupted run, to continue it; defaults to a new folder"
    )
    options = parser.parse_args()
    if options.compare is not None:
        compare(options.compare)
        return
    tune(options.folder or Path(tempfile.mkdtemp(prefix="hptsdk-demo-")))
    print("Three mistakes, reported before the request is sent:")
    show_mistakes()


if __name__ == "__main__":
    main()
