"""The main job, start to end: gradient boosting tuned for real on this machine, over SageMaker's own protocol.

20 training jobs, two at a time, each a process that reads its channel and prints its objective. It needs no account.
"""

import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from train import error_of

import hptsdk
from hptsdk.local import LocalService

HERE = Path(__file__).parent
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/boosting:1"

boosting = (
    hptsdk.training(
        image=IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/models/",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        volume_size_in_gb=10,
        max_runtime_in_seconds=600,
    )
    .channel("train", "s3://amzn-s3-demo-bucket/diabetes/", content_type="text/csv")
    .metric("validation:rmse", r"validation:rmse=([0-9.]+);")
)

diabetes = (
    hptsdk.tuning_job("diabetes", boosting, minimize="validation:rmse", max_jobs=20, max_parallel_jobs=2)
    .continuous("learning_rate", 0.01, 0.3, scaling="Logarithmic")
    .integer("n_estimators", 20, 300)
    .integer("max_depth", 1, 5)
    .continuous("subsample", 0.4, 1.0)
    .categorical("loss", ["squared_error", "huber"])
    .random(random_seed=7)
    .tag("team", "health")
)


def show_mistakes() -> None:
    """Show what three typical mistakes look like; none of them gets as far as the service."""
    wire = hptsdk.to_wire(diabetes.build())
    wire["HyperParameterTuningJobName"] = "diabetes_2"
    wire["TrainingJobDefinition"]["ResourceConfig"]["InstanceType"] = "m5.xlarge"
    wire["TrainingJobDefinition"]["InputDataConfig"][0]["ContenType"] = "text/csv"
    try:
        hptsdk.from_wire(hptsdk.shapes.CreateHyperParameterTuningJobRequest, wire)
    except hptsdk.errors.InvalidShapeError as error:
        for violation in error.violations:
            print(f"  {violation.message}")


def main() -> None:
    """Run it."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "diabetes")
        data.mkdir()
        features, target = load_diabetes(return_X_y=True)
        np.savetxt(data / "train.csv", np.column_stack([features, target]), delimiter=",")
        programs = {IMAGE: ["python", str(HERE / "train.py")]}
        with LocalService(Path(folder, "runs"), images=programs, buckets={"amzn-s3-demo-bucket": folder}) as service:
            # for SageMaker itself: hptsdk.TuningClient(region_name="us-east-1")
            client = service.client()
            job = client.create(diabetes.build())
            print(f"Created {job}, as {job.arn}")
            job.wait(progress=True)
            best = job.best_training_job()
        if best is None or best.final_metric_data_list is None or best.hyper_parameters is None:
            raise SystemExit("no training job has an objective")
        default = error_of(GradientBoostingRegressor(random_state=0), data)
        print(f"\nBest of 20: validation:rmse {best.final_metric_data_list[0].value:.2f}, with")
        for name, value in best.hyper_parameters.items():
            print(f"  {name} = {value}")
        print(f"Its model: {best.model_artifacts.s3_model_artifacts}")
        print(f"With the default values: {default:.2f}\n")
    print("Three mistakes, found before anything is sent:")
    show_mistakes()


if __name__ == "__main__":
    main()
