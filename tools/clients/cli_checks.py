"""The AWS CLI against the local service."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lost_settings import run_command
from running import job, until

from hptsdk.wire import dumps

AWS = Path(sys.executable).with_name("aws")
# the command of Debian's package awscli
VERSION_2 = Path("/usr/bin/aws")
GROUP = "/aws/sagemaker/TrainingJobs"
NAMED = ("--hyper-parameter-tuning-job-name", "demo")


def run(*arguments: str):
    """Run a command of the AWS CLI."""
    command = [AWS, "sagemaker", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def aws(*arguments: str):
    """Run a command that must succeed, and return its output; None if there is none."""
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout) if result.stdout else None


def error_of(*arguments: str) -> str:
    """Run a command that the service must reject, and return the error message."""
    result = run(*arguments)
    assert result.returncode not in (0, 2), result.stdout
    return result.stderr.strip()


def described():
    """Return the response of Describe for the tuning job."""
    return aws("describe-hyper-parameter-tuning-job", *NAMED)


def has_ended() -> bool:
    """Check whether the tuning job has ended."""
    return described()["HyperParameterTuningJobStatus"] in ("Completed", "Failed", "Stopped")


@pytest.fixture
def create(tmp_path):
    """Return a function that creates the tuning job from a file and returns its ARN."""

    def create_job() -> str:
        path = tmp_path / "request.json"
        path.write_text(dumps(job(max_jobs=3).tag("team", "vision").build()))
        return aws("create-hyper-parameter-tuning-job", "--cli-input-json", f"file://{path}")[
            "HyperParameterTuningJobArn"
        ]

    return create_job


@pytest.fixture
def ran(service, create):
    """The ARN of a tuning job that has ended."""
    arn = create()
    until(has_ended, 60)
    return arn


def test_it_runs_a_job_to_its_end(ran):
    response = described()
    assert (response["HyperParameterTuningJobStatus"], response["HyperParameterTuningJobArn"]) == ("Completed", ran)
    assert response["TrainingJobStatusCounters"]["Completed"] == 3


def test_the_best_training_job_is_the_one_with_the_smallest_value(ran):
    best = described()["BestTrainingJob"]
    listed = aws(
        "list-training-jobs-for-hyper-parameter-tuning-job", *NAMED, *("--sort-by", "FinalObjectiveMetricValue")
    )["TrainingJobSummaries"]
    assert [len(listed), listed[0]["TrainingJobName"]] == [3, best["TrainingJobName"]]


def test_it_requests_several_pages_of_training_jobs(ran):
    listed = aws("list-training-jobs", "--page-size", "1", "--query", "TrainingJobSummaries[].TrainingJobName")
    assert len(set(listed)) == 3


def test_it_lists_the_jobs_of_a_status(ran):
    query = ("--query", "HyperParameterTuningJobSummaries[].HyperParameterTuningJobName")
    response = [aws("list-hyper-parameter-tuning-jobs", "--status-equals", s, *query) for s in ("Completed", "Stopped")]
    assert response == [["demo"], []]


def test_it_describes_a_training_job(ran):
    best = described()["BestTrainingJob"]
    response = aws("describe-training-job", "--training-job-name", best["TrainingJobName"])
    assert response["FinalMetricDataList"][0]["Value"] == best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]


def test_its_waiter_waits_for_a_training_job(ran):
    name = described()["BestTrainingJob"]["TrainingJobName"]
    assert aws("wait", "training-job-completed-or-stopped", "--training-job-name", name) is None


def test_it_stops_a_job(lasting, create):
    create()
    assert aws("stop-hyper-parameter-tuning-job", *NAMED) is None
    until(has_ended)
    assert described()["HyperParameterTuningJobStatus"] == "Stopped"


def test_it_stops_a_training_job(lasting, create):
    create()
    until(lambda: aws("list-training-jobs")["TrainingJobSummaries"])
    name = aws("list-training-jobs")["TrainingJobSummaries"][0]["TrainingJobName"]
    assert aws("stop-training-job", "--training-job-name", name) is None
    until(lambda: aws("describe-training-job", "--training-job-name", name)["TrainingJobStatus"] == "Stopped")


def test_it_deletes_a_job(ran):
    assert aws("delete-hyper-parameter-tuning-job", *NAMED) is None
    message = error_of("describe-hyper-parameter-tuning-job", *NAMED)
    assert "(ResourceNotFound)" in message


def test_it_adds_lists_and_deletes_tags(ran):
    resource = ("--resource-arn", ran)
    aws("add-tags", *resource, "--tags", "Key=stage,Value=test")
    aws("delete-tags", *resource, "--tag-keys", "team")
    assert aws("list-tags", *resource)["Tags"] == [{"Key": "stage", "Value": "test"}]


def test_a_second_job_with_the_name_is_refused(ran, tmp_path):
    message = error_of("create-hyper-parameter-tuning-job", "--cli-input-json", f"file://{tmp_path / 'request.json'}")
    assert "(ResourceInUse)" in message


def test_a_wrong_key_is_refused(service, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    assert "(UnrecognizedClientException)" in error_of("list-training-jobs")


def logs(program, *arguments: str) -> str:
    """Run a command for the log group of training jobs, and return its output."""
    command = [program, "logs", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_it_prints_the_events_of_the_logs(ran):
    options = ("--log-group-name", GROUP, "--output", "json")
    names = json.loads(logs(AWS, "describe-log-streams", *options, "--query", "logStreams[].logStreamName"))
    found = json.loads(logs(AWS, "filter-log-events", *options, "--max-items", "100"))["events"]
    of_each = [
        json.loads(logs(AWS, "get-log-events", *options, "--log-stream-name", name, "--start-from-head"))["events"]
        for name in names
    ]
    assert [events[0]["message"] for events in of_each] == ["starting"] * 3
    assert sorted(event["message"] for event in found) == sorted(
        event["message"] for events in of_each for event in events
    )


@pytest.mark.skipif(not VERSION_2.exists(), reason="the command is in version 2, which PyPI does not have")
def test_version_2_prints_and_filters_the_logs(ran):
    assert logs(VERSION_2, "tail", GROUP, "--format", "short").count(" starting\n") == 3
    assert logs(VERSION_2, "tail", GROUP, "--filter-pattern", "loss -starting").count("loss=") == 3


@pytest.mark.skipif(not VERSION_2.exists(), reason="the command is in version 2, which PyPI does not have")
def test_version_2_follows_the_logs(service, create):
    command = [VERSION_2, "logs", "tail", GROUP, "--follow", "--format", "short"]
    # without this variable, Python writes to a pipe only after several kilobytes
    env = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        create()
        lines = [process.stdout.readline().split(" ", 1)[1] for _ in range(6)]
        process.terminate()
    assert sorted(line.partition("=")[0].strip() for line in lines) == ["loss"] * 3 + ["starting"] * 3


def test_the_address_can_be_an_option(service, monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL_SAGEMAKER")
    assert aws("list-training-jobs", "--endpoint-url", service.endpoint_url) == {"TrainingJobSummaries": []}


def test_capture_records_a_request(tmp_path):
    (tmp_path / "captured").mkdir()
    request = dumps(job(max_jobs=3).build()).replace('"demo"', '"churn"')
    (tmp_path / "captured" / "churn.json").write_text(request)
    run_command("-- aws ", tmp_path)
    assert json.loads((tmp_path / "cli" / "churn.json").read_text()) == json.loads(request)
