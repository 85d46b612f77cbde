"""The SageMaker Python SDK (version 3), with sagemaker-core, against the local service."""

from importlib.metadata import version

import boto3
import pytest
from lost_settings import lost_on_the_page, lost_settings, run_command
from running import IMAGE, until
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.parameter import ContinuousParameter
from sagemaker.core.resources import HyperParameterTuningJob, TrainingJob
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode
from sagemaker.train.tuner import HyperparameterTuner

PROGRAM = "import os; print('loss=' + os.environ['SM_HP_RATE']); open('/opt/ml/model/weights', 'w').write('1')"
METRICS = [{"Name": "loss", "Regex": "loss=([-+.e0-9]+)"}]


@pytest.fixture(scope="module")
def shared(tmp_path_factory, serving):
    """A service whose program prints a value; with source code, the entry point of the SDK replaces it."""
    with serving(tmp_path_factory.mktemp("shared"), "echo loss=${SM_HP_RATE:-0.5}", isolation="auto") as service:
        yield service


@pytest.fixture(scope="module")
def trainer(shared, tmp_path_factory):
    """A trainer whose source code and data are on this machine."""
    source = tmp_path_factory.mktemp("source")
    (source / "train.py").write_text(PROGRAM)
    return ModelTrainer(
        training_image=IMAGE,
        source_code=SourceCode(source_dir=str(source), entry_script="train.py"),
        role="arn:aws:iam::123456789012:role/SageMakerRole",
        compute=Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30),
        sagemaker_session=Session(boto_session=boto3.Session()),
        hyperparameters={"rate": "0.5"},
        base_job_name="trained",
    )


@pytest.fixture(scope="module")
def trained(trainer, tmp_path_factory):
    """The training job of the trainer after its end."""
    rows = tmp_path_factory.mktemp("data") / "rows.csv"
    rows.write_text("1,2\n")
    channel = InputData(channel_name="train", data_source=str(rows.parent))
    trainer.train(input_data_config=[channel], wait=True, logs=True)
    (job,) = TrainingJob.get_all(name_contains="trained")
    return job


@pytest.fixture(scope="module")
def tuned(trainer):
    """A tuner after the end of its tuning job."""
    tuner = HyperparameterTuner(
        trainer,
        "loss",
        {"rate": ContinuousParameter(0.1, 1.0)},
        metric_definitions=METRICS,
        objective_type="Minimize",
        strategy="Random",
        max_jobs=3,
        max_parallel_jobs=2,
    )
    tuner.tune(None, wait=True)
    return tuner


def test_a_trainer_runs_source_code_that_it_uploads(trained, shared):
    assert trained.refresh().training_job_status == "Completed"
    assert "loss=0.5" in shared.log(trained.training_job_name)


def test_the_model_can_be_downloaded(trained):
    bucket, _, key = trained.model_artifacts.s3_model_artifacts.removeprefix("s3://").partition("/")
    assert boto3.client("s3").head_object(Bucket=bucket, Key=key)["ContentLength"] > 0


def test_a_tuner_waits_for_the_end(tuned):
    assert tuned.describe().hyper_parameter_tuning_job_status == "Completed"


def test_the_best_training_job_has_the_smallest_value(tuned):
    job = HyperParameterTuningJob.get(tuned.latest_tuning_job.hyper_parameter_tuning_job_name)
    listed = list(job.get_all_training_jobs(sort_by="FinalObjectiveMetricValue", sort_order="Ascending"))
    assert tuned.best_training_job() == listed[0].training_job_name


def test_core_creates_a_training_job(shared):
    job = TrainingJob.create(
        training_job_name="core",
        algorithm_specification={"training_image": IMAGE, "training_input_mode": "File"},
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output_data_config={"s3_output_path": "s3://amzn-s3-demo-bucket/out"},
        resource_config={"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 30},
        stopping_condition={"max_runtime_in_seconds": 600},
    )
    job.wait(poll=1)
    assert job.refresh().training_job_status == "Completed"


def test_core_stops_a_training_job(tmp_path, serving):
    with serving(tmp_path, "exec sleep 60"):
        job = TrainingJob.create(
            training_job_name="core",
            algorithm_specification={"training_image": IMAGE, "training_input_mode": "File"},
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            output_data_config={"s3_output_path": "s3://amzn-s3-demo-bucket/out"},
            resource_config={"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 30},
            stopping_condition={"max_runtime_in_seconds": 600},
            session=boto3.Session(),
        )
        job.stop()
        until(lambda: job.refresh().training_job_status == "Stopped")


def test_capture_reports_what_a_tuner_loses(tmp_path):
    report = run_command("launch_sdk3.py", tmp_path)
    assert lost_settings(report) == lost_on_the_page(f"SageMaker SDK {version('sagemaker')}")
