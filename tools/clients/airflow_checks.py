"""The hooks, operators and sensors of Airflow's provider for Amazon against the local service."""

import os

import boto3
import pytest
from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator, SageMakerTuningOperator
from airflow.providers.amazon.aws.sensors.sagemaker import SageMakerTrainingSensor, SageMakerTuningSensor
from running import BUCKET, IMAGE, job, training

import hptsdk
from hptsdk.export import convert_request
from hptsdk.local import Recorder

TRAINING = {
    "TrainingJobName": "trained",
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "HyperParameters": {"rate": "0.5"},
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 600},
}


@pytest.fixture
def hook(service):
    """A hook with the credentials of the environment, and an object for the channel of the tuning job."""
    boto3.Session().client("s3").put_object(Bucket=BUCKET, Key="train/rows.csv", Body=b"1,2")
    return SageMakerHook(aws_conn_id=None)


def request():
    """Return the request of a tuning job; the provider needs a channel."""
    return job("demo", training().channel("train", f"s3://{BUCKET}/train/")).build()


def tuning_job():
    """Return the exported configuration of the tuning job."""
    return hptsdk.export.airflow(request())


def test_the_tuning_operator_waits_for_the_end(hook):
    tune = SageMakerTuningOperator(
        task_id="tune", config=tuning_job(), aws_conn_id=None, check_interval=1, deferrable=False
    )
    result = tune.execute({})
    assert result["Tuning"]["HyperParameterTuningJobName"] == "demo"
    assert hook.describe_tuning_job("demo")["TrainingJobStatusCounters"]["Completed"] == 3


def test_the_exported_code_creates_an_operator_that_runs_the_job(hook):
    names = {}
    exec(convert_request(request(), "airflow").text, names)  # noqa: S102 - the project's own code
    [tune] = [value for value in names.values() if isinstance(value, SageMakerTuningOperator)]
    tune.aws_conn_id, tune.check_interval, tune.deferrable = None, 1, False
    tune.execute({})
    assert hook.describe_tuning_job("demo")["HyperParameterTuningJobStatus"] == "Completed"


def test_the_hook_sends_the_exported_configuration_as_it_is(monkeypatch, tmp_path):
    with Recorder() as recorder:
        monkeypatch.setattr(os, "environ", recorder.environment())
        boto3.Session().client("s3").put_object(Bucket=BUCKET, Key="train/rows.csv", Body=b"1,2")
        hook = SageMakerHook(aws_conn_id=None)
        hook.create_tuning_job(tuning_job(), wait_for_completion=True, check_interval=1)
    [recorded] = recorder.requests
    assert recorded.body == hptsdk.to_wire(request())


def test_the_tuning_sensor_sees_the_end(hook):
    hook.create_tuning_job(tuning_job(), wait_for_completion=True, check_interval=1)
    assert SageMakerTuningSensor(task_id="wait", job_name="demo", aws_conn_id=None).poke({})


def test_the_training_operator_waits_for_the_end(hook):
    train = SageMakerTrainingOperator(
        task_id="train", config=TRAINING, aws_conn_id=None, print_log=False, check_interval=1, deferrable=False
    )
    assert train.execute({})["Training"]["TrainingJobStatus"] == "Completed"


def test_the_training_operator_prints_the_log(hook, capfd):
    train = SageMakerTrainingOperator(
        task_id="train", config=TRAINING, aws_conn_id=None, print_log=True, check_interval=1, deferrable=False
    )
    train.execute({})
    # Airflow's own log, with the lines of the program
    assert capfd.readouterr().out.count(" loss=0.5 ") == 1


def test_the_training_operator_chooses_another_name_for_a_name_in_use(hook):
    for number in (1, 2):
        SageMakerTrainingOperator(
            task_id=f"train{number}",
            config=dict(TRAINING),
            aws_conn_id=None,
            print_log=False,
            check_interval=1,
            deferrable=False,
        ).execute({})
    assert len(hook.list_training_jobs(name_contains="trained")) == 2


def test_the_training_sensor_sees_the_end(hook):
    hook.create_training_job(TRAINING, print_log=False, wait_for_completion=True, check_interval=1)
    sensor = SageMakerTrainingSensor(task_id="wait", job_name="trained", aws_conn_id=None, print_log=False)
    assert sensor.poke({})
