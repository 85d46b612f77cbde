"""Print `kept` if the request of a tuner of the SageMaker SDK has network isolation, otherwise `lost`.

Version 2 or version 3 of the SDK is installed.
"""

import importlib.metadata
import json
from typing import Any

from unsent import SentError, catch

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"
OUTPUT = "s3://amzn-s3-demo-bucket/out/"
TRAIN = "s3://amzn-s3-demo-bucket/train/"
TUNER: dict[str, Any] = {
    "objective_metric_name": "loss",
    "objective_type": "Minimize",
    "metric_definitions": [{"Name": "loss", "Regex": "loss=(.*);"}],
    "max_jobs": 4,
    "max_parallel_jobs": 1,
}


def with_version_2() -> None:
    """Start the tuner of version 2 with an estimator that has network isolation."""
    from sagemaker.estimator import Estimator
    from sagemaker.parameter import ContinuousParameter
    from sagemaker.session import Session
    from sagemaker.tuner import HyperparameterTuner

    estimator = Estimator(
        IMAGE,
        ROLE,
        instance_count=1,
        instance_type="ml.m5.xlarge",
        output_path=OUTPUT,
        enable_network_isolation=True,
        sagemaker_session=Session(default_bucket="amzn-s3-demo-bucket"),
    )
    ranges = {"lr": ContinuousParameter(0.0, 1.0)}
    HyperparameterTuner(estimator, hyperparameter_ranges=ranges, **TUNER).fit({"train": TRAIN}, wait=False)


def with_version_3() -> None:
    """Start the tuner of version 3 with a model trainer that has network isolation."""
    from sagemaker.core.parameter import ContinuousParameter
    from sagemaker.train.configs import Compute, InputData, Networking, OutputDataConfig, StoppingCondition
    from sagemaker.train.model_trainer import ModelTrainer
    from sagemaker.train.tuner import HyperparameterTuner

    trainer = ModelTrainer(
        training_image=IMAGE,
        role=ROLE,
        compute=Compute(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
        networking=Networking(enable_network_isolation=True),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=600),
        output_data_config=OutputDataConfig(s3_output_path=OUTPUT),
    )
    tuner = HyperparameterTuner(
        model_trainer=trainer, hyperparameter_ranges={"lr": ContinuousParameter(0.0, 1.0)}, **TUNER
    )
    tuner.tune(inputs=[InputData(channel_name="train", data_source=TRAIN)], job_name="x", wait=False)


def main() -> None:
    """Start the tuner of the installed version, and print the result."""
    catch()
    version_2 = importlib.metadata.version("sagemaker").startswith("2.")
    try:
        (with_version_2 if version_2 else with_version_3)()
    except SentError as sent:
        isolation = json.loads(sent.body)["TrainingJobDefinition"].get("EnableNetworkIsolation")
        print("kept" if isolation else "lost")


if __name__ == "__main__":
    main()
