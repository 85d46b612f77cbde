"""The environment variables with which clients of AWS call a local service."""

import json
import os
import subprocess
import sys

import pytest
from running import BUCKET, job, run as train

PROGRAM = """
import boto3
print(boto3.client("sts").get_caller_identity()["Account"])
print(boto3.client("sagemaker").list_training_jobs()["TrainingJobSummaries"])
boto3.client("s3").put_object(Bucket="{bucket}", Key="a", Body=b"content")
print(boto3.Session().region_name)
"""


def run(service, **variables):
    """Run a program that uses boto3 without any arguments, and return its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-c", PROGRAM.format(bucket=BUCKET)]
    done = subprocess.run(  # noqa: S603 - a program of this test
        command, env={**environment, **variables, **service.environment()}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_unmodified_clients_call_the_service(open_service, data):
    service = open_service(region_name="eu-central-1")
    assert run(service) == ["123456789012", "[]", "eu-central-1"]
    assert (data / "a").read_bytes() == b"content"


def test_other_settings_of_the_user_have_no_effect(open_service):
    variables = {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "other",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_REGION": "ap-south-1",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    assert run(open_service(), **variables)[0] == "123456789012"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"NO_PROXY": "127.0.0.1"}),
        ({"NO_PROXY": "example.com"}, {"NO_PROXY": "example.com,127.0.0.1"}),
        ({"no_proxy": "example.com"}, {"no_proxy": "example.com,127.0.0.1"}),
    ],
)
def test_the_exceptions_from_proxies_are_extended(open_service, monkeypatch, before, after):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    variables = open_service().environment()
    assert {name: value for name, value in variables.items() if name.lower() == "no_proxy"} == after


def test_the_default_bucket_of_the_sagemaker_sdk_is_configured(open_service):
    variables = open_service(region_name="eu-central-1").environment()
    with open(variables["SAGEMAKER_USER_CONFIG_OVERRIDE"], encoding="utf-8") as file:  # noqa: PTH123 - a text
        session = json.load(file)["SageMaker"]["PythonSDK"]["Modules"]["Session"]
    assert session == {"DefaultS3Bucket": "sagemaker-eu-central-1-123456789012"}


# --- the variables of training programs ---

TRAINS = """
import boto3, os
s3 = boto3.client("s3")
s3.put_object(Bucket="amzn-s3-demo-bucket", Key="result", Body=os.environ["TRAINING_JOB_NAME"].encode())
try:
    boto3.client("sagemaker", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"]).list_training_jobs()
except Exception as error:
    print(f"refused: {error}")
print("loss=1")
"""


def test_a_training_program_uses_s3_but_not_the_jobs_of_the_service(open_service, data, tmp_path):
    (tmp_path / "train.py").write_text(TRAINS)
    service = open_service([sys.executable, str(tmp_path / "train.py")], region_name="eu-west-1")
    name = train(service, job(max_jobs=1).build()).best.training_job_name
    assert (data / "result").read_text() == name
    assert "AccessDeniedException" in service.log(name)


def test_a_closed_service_has_no_environment(open_service):
    service = open_service()
    service.close()
    with pytest.raises(RuntimeError, match="the service is closed"):
        service.environment()
