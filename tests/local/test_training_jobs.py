"""Training jobs that no tuning job creates: CreateTrainingJob and the operations around it."""

import sqlite3
from contextlib import closing

import botocore.exceptions
import pytest
from running import BUCKET, IMAGE, job, run, shell, until
from test_recorded_responses import RECORDED, ROUNDS, paths, sagemaker
from training_job_requests import PRINTS, REQUEST, describe, ended

from hptsdk.local import LocalService


def refused(client, **changes):
    """Return the error of a request that is refused."""
    with pytest.raises(botocore.exceptions.ClientError) as error:
        client.create_training_job(**(REQUEST | changes))
    return error.value.response["Error"]


@pytest.fixture
def service(open_service):
    return open_service(PRINTS)


@pytest.fixture
def client(service):
    return sagemaker(service)


# --- create, describe and list ---


def test_a_training_job_runs_the_program_of_its_image(service, client, data):
    client.create_training_job(**REQUEST)
    assert ended(client)["TrainingJobStatus"] == "Completed"
    assert service.log("alone").startswith("loss=0.5")
    assert (data / "out" / "alone" / "output" / "model.tar.gz").is_file()


def test_the_response_has_the_arn(client):
    arn = client.create_training_job(**REQUEST)["TrainingJobArn"]
    assert arn == "arn:aws:sagemaker:us-east-1:123456789012:training-job/alone"
    assert describe(client)["TrainingJobArn"] == arn


def test_a_training_job_has_only_its_own_hyperparameters(client):
    client.create_training_job(**REQUEST)
    assert describe(client)["HyperParameters"] == {"rate": "0.5"}
    assert "TuningJobArn" not in describe(client)


def test_a_training_job_without_hyperparameters_has_none(client):
    client.create_training_job(**{name: value for name, value in REQUEST.items() if name != "HyperParameters"})
    assert "HyperParameters" not in describe(client)


def test_its_metrics_are_read(client):
    specification = REQUEST["AlgorithmSpecification"] | {
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(\\S+)"}]
    }
    client.create_training_job(**(REQUEST | {"AlgorithmSpecification": specification}))
    (metric,) = ended(client)["FinalMetricDataList"]
    assert (metric["MetricName"], metric["Value"]) == ("loss", 0.5)


def test_a_training_job_exists_while_it_waits_for_a_slot(open_service):
    client = sagemaker(open_service(shell("sleep 60"), max_parallel=1))
    client.create_training_job(**REQUEST)
    client.create_training_job(**(REQUEST | {"TrainingJobName": "second"}))
    assert describe(client, "second")["SecondaryStatus"] == "Starting"


def test_it_is_listed_with_the_others(service, client):
    client.create_training_job(**REQUEST)
    run(service, job(max_jobs=1, parallel=1).build())
    names = [summary["TrainingJobName"] for summary in client.list_training_jobs()["TrainingJobSummaries"]]
    assert [names[0], names[1][:8]] == ["alone", "demo-001"]


def test_it_creates_no_tuning_job(client):
    client.create_training_job(**REQUEST)
    assert client.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"] == []


def test_a_tuning_job_can_have_its_name(service, client):
    tags = [{"Key": "team", "Value": "vision"}]
    client.create_training_job(**(REQUEST | {"TrainingJobName": "demo", "Tags": tags}))
    handle = run(service, job(max_jobs=1, parallel=1).build())
    (summary,) = handle.training_jobs()
    assert client.list_tags(ResourceArn=summary.training_job_arn)["Tags"] == []


# --- the recorded response ---


def test_a_description_has_the_members_of_the_recorded_one(open_service, data):
    recorded = RECORDED["training-job"]
    request = recorded["request"]
    client = sagemaker(open_service(images={request["AlgorithmSpecification"]["TrainingImage"]: ROUNDS}))
    for channel in ("train", "validation"):
        (data / f"abalone_{channel}.libsvm").touch()
    client.create_training_job(**request)
    description = ended(client, request["TrainingJobName"])
    # a program that ends within half a second has no time
    description = {"TrainingTimeInSeconds": 0, "BillableTimeInSeconds": 0} | description
    assert paths(description) == paths(recorded["response"])
    for name in ("OutputDataConfig", "InputDataConfig", "DebugHookConfig", "ProfilerConfig", "ProfilingStatus"):
        assert description[name] == recorded["response"][name]
    assert [metric["MetricName"] for metric in description["FinalMetricDataList"]] == ["train:rmse", "validation:rmse"]


def test_a_summary_has_the_members_of_the_recorded_one(client):
    client.create_training_job(**REQUEST)
    ended(client)
    (summary,) = client.list_training_jobs()["TrainingJobSummaries"]
    # SecondaryStatus is newer
    assert (
        summary.keys() - {"SecondaryStatus"} == RECORDED["training-jobs"]["response"]["TrainingJobSummaries"][0].keys()
    )


# --- the container ---


def test_an_entry_point_replaces_the_program(service, client):
    entry = {"ContainerEntrypoint": ["/bin/sh", "-c", "echo entry $0"], "ContainerArguments": ["one"]}
    client.create_training_job(**(REQUEST | {"AlgorithmSpecification": REQUEST["AlgorithmSpecification"] | entry}))
    assert ended(client)["AlgorithmSpecification"].items() >= entry.items()
    assert service.log("alone") == "entry one\n"


def test_container_arguments_are_added_to_the_program(service, client):
    specification = REQUEST["AlgorithmSpecification"] | {"ContainerArguments": ["one", "two"]}
    client.create_training_job(**(REQUEST | {"AlgorithmSpecification": specification}))
    ended(client)
    assert service.log("alone") == "loss=0.5 one two\n"


def test_checkpoints_have_the_address_of_the_request(open_service, data):
    client = sagemaker(open_service(shell("echo 1 > $SM_CHECKPOINT_DIR/one")))
    client.create_training_job(**(REQUEST | {"CheckpointConfig": {"S3Uri": f"s3://{BUCKET}/checkpoints"}}))
    ended(client)
    assert (data / "checkpoints" / "one").read_text() == "1\n"


# --- stop, interruption and tags ---


def test_a_training_job_can_be_stopped(open_service):
    client = sagemaker(open_service(shell("exec sleep 60")))
    client.create_training_job(**REQUEST)
    until(lambda: describe(client)["SecondaryStatus"] == "Training")
    client.stop_training_job(TrainingJobName="alone")
    assert ended(client)["TrainingJobStatus"] == "Stopped"


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE tuning_jobs SET request = 'no JSON'",
        "UPDATE tuning_jobs SET request = '{}'",
        "UPDATE training_jobs SET tuned = '['",
        "UPDATE training_jobs SET transitions = '['",
    ],
)
def test_a_training_job_whose_rows_are_damaged_waits_and_can_be_stopped(tmp_path, damage):
    root = tmp_path / "root"
    with LocalService(root, images={IMAGE: shell("exec sleep 60")}, stop_grace=1) as service:
        client = sagemaker(service)
        client.create_training_job(**REQUEST)
        until(lambda: describe(client)["SecondaryStatus"] == "Training")
    with closing(sqlite3.connect(root / "state.sqlite3")) as connection, connection:
        connection.execute(damage)
    with LocalService(root, images={IMAGE: PRINTS}) as service:
        client = sagemaker(service)
        assert describe(client)["TrainingJobStatus"] == "InProgress"
        assert "cannot read" in describe(client)["FailureReason"]
        client.stop_training_job(TrainingJobName="alone")
        assert describe(client)["TrainingJobStatus"] == "Stopped"


def test_a_training_job_continues_when_the_root_is_opened_again(tmp_path):
    root = tmp_path / "root"
    with LocalService(root, images={IMAGE: shell("exec sleep 60")}, stop_grace=1) as service:
        client = sagemaker(service)
        client.create_training_job(**REQUEST)
        until(lambda: describe(client)["SecondaryStatus"] == "Training")
    with LocalService(root, images={IMAGE: PRINTS}) as service:
        assert ended(sagemaker(service))["TrainingJobStatus"] == "Completed"


def test_tags_of_a_training_job_are_added_listed_and_deleted(client):
    tags = [{"Key": "team", "Value": "vision"}]
    arn = client.create_training_job(**(REQUEST | {"Tags": tags}))["TrainingJobArn"]
    assert client.list_tags(ResourceArn=arn)["Tags"] == tags
    client.add_tags(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
    client.delete_tags(ResourceArn=arn, TagKeys=["team"])
    assert client.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "stage", "Value": "test"}]


# --- requests that are rejected ---


def test_a_name_in_use_is_refused(client):
    client.create_training_job(**REQUEST)
    error = refused(client, TrainingJobName="Alone")
    assert error["Code"] == "ResourceInUse"
    assert error["Message"].endswith("(arn:aws:sagemaker:us-east-1:123456789012:training-job/alone)")


INVALID = {
    "the name": ({"TrainingJobName": "a b"}, "TrainingJobName"),
    "a hyperparameter": ({"HyperParameters": {"x" * 257: "1"}}, "HyperParameters"),
    "a role": ({"RoleArn": "the role of the training job"}, "RoleArn"),
    "a tag": ({"Tags": [{"Key": "?", "Value": ""}]}, "Tags"),
    "an image without a program": (
        {"AlgorithmSpecification": {"TrainingImage": "other:1", "TrainingInputMode": "File"}},
        "no program for other:1",
    ),
    "data that does not exist": (
        {
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/none"}},
                }
            ]
        },
        "No S3 objects found",
    ),
}


@pytest.mark.parametrize(("changes", "text"), INVALID.values(), ids=INVALID)
def test_an_invalid_request_is_refused(client, changes, text):
    error = refused(client, **changes)
    assert error["Code"] == "ValidationException"
    assert text in error["Message"]


def test_metric_definitions_of_an_algorithm_are_refused(open_service):
    image = RECORDED["training-job"]["request"]["AlgorithmSpecification"]["TrainingImage"]
    client = sagemaker(open_service(images={image: ROUNDS}))
    error = refused(
        client,
        AlgorithmSpecification={
            "TrainingImage": image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(.+)"}],
        },
    )
    assert error["Message"].startswith("You can't override the metric definitions")
