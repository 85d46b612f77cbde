"""The recorder: what it records, and how it responds to the clients of AWS."""

import json
import os
from pathlib import Path
from unittest import mock

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from botocore.session import Session
from running import IMAGE, job

from hptsdk import to_wire
from hptsdk.local import Recorder

TRAINING = {
    "TrainingJobName": "trained",
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "HyperParameters": {"rate": "0.5"},
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    "Tags": [{"Key": "team", "Value": "vision"}],
}
NAMED = {"HyperParameterTuningJobName": "demo"}


def tuning(**changes):
    return to_wire(job().build()) | changes


def client_of(recorder, service, **options):
    """Create a client with the environment of a recorder."""
    with mock.patch.dict(os.environ, recorder.environment(), clear=True):
        return Session(profile=options.pop("profile", None)).create_client(service, **options)


@pytest.fixture(scope="module", autouse=True)
def region():
    """Set the region as a user has it."""
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1"}):
        yield


@pytest.fixture(scope="module")
def shared():
    """A recorder and a client of SageMaker, whose model is loaded once."""
    with Recorder() as recorder:
        yield recorder, client_of(recorder, "sagemaker")


@pytest.fixture
def recorder(shared):
    """The recorder without requests of other tests."""
    recorder, _ = shared
    operations = recorder._operations
    for each in (operations.requests, operations.refused, operations._jobs, operations._tags):
        each.clear()
    return recorder


@pytest.fixture
def sagemaker(shared):
    return shared[1]


def send(recorder, **body):
    """Send a CreateTrainingJob request without the checks of a client, and return the text of the response."""
    variables = recorder.environment()
    keys = Credentials(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"])
    headers = {"X-Amz-Target": "SageMaker.CreateTrainingJob"}
    request = AWSRequest("POST", f"{variables['AWS_ENDPOINT_URL']}/", data=json.dumps(body), headers=headers)
    SigV4Auth(keys, "sagemaker", "us-east-1").add_auth(request)
    return URLLib3Session().send(request.prepare()).text


def refused(call, **arguments):
    """Return the code and the message of the error of a call."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_request_is_recorded_as_it_was_sent(recorder, sagemaker):
    sagemaker.create_training_job(**TRAINING)
    sagemaker.create_hyper_parameter_tuning_job(**tuning())
    first, second = recorder.requests
    assert (first.operation, first.job_name, first.body) == ("CreateTrainingJob", "trained", TRAINING)
    assert (second.operation, second.job_name) == ("CreateHyperParameterTuningJob", "demo")
    assert second.body == tuning()


def test_a_valid_request_has_no_violations(recorder, sagemaker):
    sagemaker.create_training_job(**TRAINING)
    sagemaker.create_hyper_parameter_tuning_job(**tuning())
    assert [request.violations for request in recorder.requests] == [(), ()]


def test_an_invalid_tuning_job_is_refused_and_recorded(recorder, sagemaker):
    code, message = refused(sagemaker.create_hyper_parameter_tuning_job, **tuning(HyperParameterTuningJobName="de_mo"))
    assert (code, message[:29]) == ("ValidationException", "1 validation error detected: ")
    (request,) = recorder.requests
    assert [violation.path for violation in request.violations] == ["HyperParameterTuningJobName"]


def test_an_invalid_training_job_has_the_paths_of_its_request(recorder, sagemaker):
    invalid = TRAINING | {"HyperParameters": {"rate": "x" * 2501}, "TrainingJobName": "trained"}
    assert refused(sagemaker.create_training_job, **invalid)[0] == "ValidationException"
    (violation,) = recorder.requests[0].violations
    assert (violation.shape, violation.path) == ("CreateTrainingJobRequest", 'HyperParameters["rate"]')


def test_advice_is_about_the_valid_parts_of_an_invalid_request(recorder, sagemaker):
    body = tuning(HyperParameterTuningJobName="de_mo")
    body["TrainingJobDefinition"] |= {"EnableManagedSpotTraining": True}
    body["TrainingJobDefinition"]["StoppingCondition"] = {"MaxRuntimeInSeconds": 5000, "MaxWaitTimeInSeconds": 7200}
    refused(sagemaker.create_hyper_parameter_tuning_job, **body)
    assert "TrainingJobDefinition.CheckpointConfig" in {advice.path for advice in recorder.requests[0].advice}


def test_a_training_job_without_an_algorithm_is_recorded(recorder, sagemaker):
    serverless = {name: value for name, value in TRAINING.items() if name != "AlgorithmSpecification"}
    for changes in ({}, {"TrainingJobName": "other", "OutputDataConfig": None}):
        send(recorder, **(serverless | changes))
    assert [request.violations for request in recorder.requests] == [(), ()]


GROUPS = [{"InstanceGroupName": "cpu", "InstanceType": "ml.c5.xlarge", "InstanceCount": 2}]


@pytest.mark.parametrize(
    "changes",
    [
        {"AlgorithmSpecification": {"AlgorithmName": "my-algorithm", "TrainingInputMode": "File"}},
        {
            "AlgorithmSpecification": {
                "AlgorithmName": "arn:aws:sagemaker:us-east-1:865070037744:algorithm/market",
                "TrainingInputMode": "File",
            },
            "EnableNetworkIsolation": True,
        },
        {"ResourceConfig": {"InstanceGroups": GROUPS, "VolumeSizeInGB": 30}},
        {"ResourceConfig": TRAINING["ResourceConfig"] | {"KeepAlivePeriodInSeconds": 600}},
        {"SessionChainingConfig": {"EnableSessionTagChaining": True}, "RemoteDebugConfig": {"EnableRemoteDebug": True}},
    ],
    ids=["algorithm", "marketplace", "instance groups", "warm pool", "other settings"],
)
def test_a_training_job_of_another_kind_is_valid(recorder, sagemaker, changes):
    sagemaker.create_training_job(**(TRAINING | changes))
    assert recorder.requests[0].violations == ()
    assert recorder.requests[0].body == TRAINING | changes


@pytest.mark.parametrize("value", [None, "text", 7, ["a"], {"TrainingImage": {}}])
def test_an_algorithm_of_another_type_is_a_violation(recorder, value):
    assert "AlgorithmSpecification" in send(recorder, **(TRAINING | {"AlgorithmSpecification": value}))
    assert recorder.requests[0].violations


def test_a_tuning_job_has_ended_without_training_jobs(recorder, sagemaker):
    sagemaker.create_hyper_parameter_tuning_job(**tuning())
    response = sagemaker.describe_hyper_parameter_tuning_job(**NAMED)
    assert response["HyperParameterTuningJobStatus"] == "Stopped"
    assert set(response["TrainingJobStatusCounters"].values()) == {0}
    assert "BestTrainingJob" not in response
    assert sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(**NAMED)["TrainingJobSummaries"] == []


def test_a_training_job_has_ended_without_running(recorder, sagemaker):
    sagemaker.create_training_job(**TRAINING)
    response = sagemaker.describe_training_job(TrainingJobName="trained")
    assert (response["TrainingJobStatus"], response["HyperParameters"]) == ("Stopped", {"rate": "0.5"})
    assert response["SecondaryStatusTransitions"][0]["StatusMessage"] == "The request was recorded. Nothing was run."
    assert response["ModelArtifacts"]["S3ModelArtifacts"].endswith("/out/trained/output/model.tar.gz")


def test_the_waiter_of_a_training_job_ends(recorder, sagemaker):
    sagemaker.create_training_job(**TRAINING)
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName="trained", WaiterConfig={"MaxAttempts": 1})


def test_the_tags_of_a_job_can_be_listed(recorder, sagemaker):
    arn = sagemaker.create_training_job(**TRAINING)["TrainingJobArn"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == TRAINING["Tags"]


@pytest.mark.parametrize("operation", ["create_training_job", "create_hyper_parameter_tuning_job"])
def test_a_second_job_with_the_name_is_refused_and_recorded(recorder, sagemaker, operation):
    body = TRAINING if operation == "create_training_job" else tuning()
    getattr(sagemaker, operation)(**body)
    assert refused(getattr(sagemaker, operation), **body)[0] == "ResourceInUse"
    assert len(recorder.requests) == 2


@pytest.mark.parametrize("operation", ["describe", "stop"])
def test_a_job_of_another_program_is_not_found(recorder, sagemaker, operation):
    assert refused(getattr(sagemaker, f"{operation}_hyper_parameter_tuning_job"), **NAMED)[0] == "ResourceNotFound"


def test_a_job_is_already_stopped(recorder, sagemaker):
    sagemaker.create_hyper_parameter_tuning_job(**tuning())
    code, message = refused(sagemaker.stop_hyper_parameter_tuning_job, **NAMED)
    assert (code, message) == ("ValidationException", "The job demo is already Stopped.")


def test_another_operation_is_refused_by_name(recorder, sagemaker):
    code, message = refused(sagemaker.list_models)
    assert (code, "does not have the operation ListModels" in message) == ("UnknownOperationException", True)
    assert recorder.refused == ("sagemaker ListModels",)


# One service for each protocol: the query protocol of XML, JSON, and JSON with addresses.
@pytest.mark.parametrize(
    ("service", "operation"), [("sns", "list_topics"), ("events", "list_rules"), ("lambda", "list_functions")]
)
def test_another_service_is_refused_by_name(recorder, service, operation):
    code, message = refused(getattr(client_of(recorder, service), operation))
    assert (code, message.endswith(f"does not have the service {service}.")) == ("UnknownOperationException", True)
    assert recorder.refused == (service,)


def test_there_are_no_logs(recorder):
    logs = client_of(recorder, "logs")
    code, _ = refused(logs.describe_log_streams, logGroupName="/aws/sagemaker/TrainingJobs")
    assert (code, recorder.refused) == ("ResourceNotFoundException", ())


def test_a_bucket_of_any_name_in_any_region_has_what_the_program_has_stored(recorder):
    s3 = client_of(recorder, "s3", region_name="eu-west-1")
    s3.put_object(Bucket="a-bucket", Key="code/source.tar.gz", Body=b"content")
    assert s3.get_object(Bucket="a-bucket", Key="code/source.tar.gz")["Body"].read() == b"content"
    assert refused(s3.get_object, Bucket="a-bucket", Key="other")[0] == "NoSuchKey"


def test_a_caller_has_an_identity(recorder):
    assert client_of(recorder, "sts").get_caller_identity()["Account"] == "123456789012"


@pytest.mark.parametrize("service", ["sagemaker", "events"])
def test_other_keys_are_refused(recorder, service):
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "other"}
    client = client_of(recorder, service, **keys)
    call = client.list_models if service == "sagemaker" else client.list_rules
    assert refused(call)[0] in ("UnrecognizedClientException", "AccessDeniedException")
    assert recorder.refused == ()


def test_a_profile_has_its_region_and_the_keys_of_the_recorder(tmp_path, monkeypatch):
    config = tmp_path / "config"
    config.write_text("[profile prod]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = prod\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with Recorder() as recorder:
        sts = client_of(recorder, "sts", profile="prod")
        assert sts.meta.region_name == "eu-west-1"
        assert sts.get_caller_identity()["Account"] == "123456789012"


def test_a_program_without_a_region_gets_one(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with Recorder() as recorder:
        assert client_of(recorder, "sts").meta.region_name == "us-east-1"


def test_the_environment_does_not_lead_to_another_address(recorder, monkeypatch):
    for name in ("AWS_ENDPOINT_URL_IAM", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "true")
    environment = recorder.environment()
    assert not {"AWS_ENDPOINT_URL_IAM", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_SESSION_TOKEN"} & set(environment)


def test_the_environment_has_the_variables_of_this_process(recorder, monkeypatch):
    monkeypatch.setenv("ROLE", "arn:aws:iam::123456789012:role/SageMakerRole")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", "mine.yaml")
    environment = recorder.environment()
    assert environment["ROLE"] == "arn:aws:iam::123456789012:role/SageMakerRole"
    assert environment["SAGEMAKER_USER_CONFIG_OVERRIDE"] == "mine.yaml"


def test_the_representation_of_a_request_does_not_show_its_members(recorder, sagemaker):
    sagemaker.create_training_job(**(TRAINING | {"Environment": {"TOKEN": "secret-value"}}))
    assert "secret-value" not in repr(recorder.requests[0])


def test_a_closed_recorder_has_its_requests_and_no_files():
    with Recorder() as recorder:
        send(recorder, **TRAINING)
        folder = Path(recorder.environment()["AWS_CONFIG_FILE"]).parent
        assert folder.is_dir()
    assert [request.job_name for request in recorder.requests] == ["trained"]
    assert not folder.exists()


def test_the_recorder_runs_on_linux_and_macos_only():
    with mock.patch("os.name", "nt"), pytest.raises(RuntimeError, match="Linux and macOS"):
        Recorder()
