"""The results of creates when the network or the service fails, over HTTP."""

import os
import socket
import traceback
from datetime import UTC, datetime

import botocore.session
import pytest
from botocore.config import Config
from sample_requests import tuning_request

import hptsdk
from hptsdk import errors
from hptsdk.testing import FaultyServer, PretendClock

FAST = Config(retries={"total_max_attempts": 2, "mode": "standard"}, read_timeout=0.3, connect_timeout=0.3)
ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=0.3, connect_timeout=0.3)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAQUITEPUBLIC")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-to-be-shown-anywhere")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-token-that-stays-hidden")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)


@pytest.fixture
def server():
    with FaultyServer() as server:
        yield server


def client_of(server, config=FAST):
    return hptsdk.TuningClient("us-east-1", endpoint_url=server.url, config=config, clock=PretendClock())


CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"


def test_a_job_is_created_by_one_call(server):
    job = client_of(server).create(tuning_request())
    assert job.arn.endswith("hyper-parameter-tuning-job/job")
    assert server.received == [CREATE]


def test_a_time_with_a_zone_in_the_service_is_sent(server):
    time = datetime(2026, 11, 27, 9, 30, 0, 250_000, UTC)
    client_of(server).create(tuning_request())
    server.service.jobs["job"]["CreationTime"] = time
    assert client_of(server).describe("job").creation_time == time


@pytest.mark.parametrize("fault", ["hang up after acting", "stall after acting", "fail after acting"])
def test_a_retry_returns_the_job_of_the_first_attempt(server, fault):
    server.faults.append(fault)
    job = client_of(server).create(tuning_request())
    assert job.name == "job"
    assert server.received == [CREATE, CREATE, DESCRIBE]
    assert server.service.acted.count(CREATE) == 1


@pytest.mark.parametrize(
    "fault", ["hang up after acting", "stall after acting", "cut the answer short", "answer nonsense"]
)
def test_describe_is_called_after_a_lost_response_without_a_retry(server, fault):
    server.faults.append(fault)
    assert client_of(server, ONCE).create(tuning_request()).name == "job"
    assert server.received == [CREATE, DESCRIBE]


@pytest.mark.parametrize("fault", ["hang up before acting", "stall before acting"])
def test_a_lost_request_is_sent_again(server, fault):
    server.faults.append(fault)
    assert client_of(server).create(tuning_request()).name == "job"
    assert server.received == [CREATE, CREATE]


@pytest.mark.parametrize("fault", ["hang up before acting", "stall before acting"])
def test_a_lost_request_without_a_retry_has_an_unknown_outcome(server, fault):
    server.faults.append(fault)
    with pytest.raises(errors.OutcomeUnknownError, match="no job with this name was found") as raised:
        client_of(server, ONCE).create(tuning_request())
    assert raised.value.may_have_been_sent
    assert raised.value.attempts == 1


def test_a_different_job_with_the_name_is_a_conflict_after_a_lost_response(server):
    client = client_of(server)
    client.create(tuning_request(max_jobs=4))
    server.faults.append("hang up before acting")
    with pytest.raises(errors.JobConflictError) as raised:
        client.create(tuning_request(max_jobs=5))
    assert raised.value.differences == ("HyperParameterTuningJobConfig.ResourceLimits.MaxNumberOfTrainingJobs",)


def test_a_throttled_call_is_made_again(server):
    server.faults.append("throttle")
    assert client_of(server).create(tuning_request()).name == "job"
    assert server.received == [CREATE, CREATE]


def test_a_job_that_existed_before_a_throttled_call_is_in_use(server):
    client = client_of(server)
    client.create(tuning_request())
    server.faults.append("throttle")
    with pytest.raises(errors.ResourceInUseError) as raised:
        client.create(tuning_request())
    assert (raised.value.attempts, raised.value.unanswered) == (2, 0)


def test_a_job_is_found_after_a_lost_response_and_a_refused_retry(server):
    server.faults.extend(["hang up after acting", "throttle"])
    assert client_of(server).create(tuning_request()).name == "job"
    assert server.service.acted.count(CREATE) == 1


@pytest.mark.parametrize("fault", ["throttle", "fail before acting", "hang up before acting", "answer nonsense"])
def test_the_outcome_is_unknown_if_describe_fails_after_a_lost_response(server, fault):
    server.faults.extend(["hang up after acting", "throttle", fault, fault])
    with pytest.raises(errors.OutcomeUnknownError, match="the call of Describe failed") as raised:
        client_of(server).create(tuning_request())
    assert (raised.value.may_have_been_sent, raised.value.attempts) == (True, 2)
    assert isinstance(raised.value.__cause__, errors.ThrottledError)


REFUSALS = [
    "throttle",
    "answer that a limit is exceeded",
    "answer that the request is invalid",
    "answer that access is denied",
    "answer that the token has expired",
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_the_outcome_is_unknown_if_describe_does_not_find_the_job_after_a_lost_response(server, refusal):
    server.faults.extend(["hang up after acting", refusal, *["answer that the job does not exist"] * 4])
    with pytest.raises(errors.OutcomeUnknownError, match="no job with this name was found") as raised:
        client_of(server).create(tuning_request())
    assert isinstance(raised.value.__cause__, errors.ServiceError)
    assert not raised.value.__cause__.is_retry_safe
    assert server.received == [CREATE, CREATE, *[DESCRIBE] * 4]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_job_is_found_after_an_error_response_though_describe_finds_it_late(server, refusal):
    server.faults.extend(["hang up after acting", refusal, *["answer that the job does not exist"] * 3])
    assert client_of(server).create(tuning_request()).name == "job"
    assert server.service.acted.count(CREATE) == 1


def test_a_different_job_with_the_name_is_a_conflict_after_a_lost_request(server):
    client = client_of(server)
    client.create(tuning_request(max_jobs=4))
    server.faults.extend(["hang up before acting", "throttle"])
    with pytest.raises(errors.JobConflictError):
        client.create(tuning_request(max_jobs=5))


@pytest.mark.parametrize("status", [302, 408, 418, 425])
def test_a_job_is_found_after_an_undecided_status(server, status):
    server.faults.append(f"answer status {status} after acting")
    assert client_of(server).create(tuning_request()).name == "job"
    assert server.received == [CREATE, DESCRIBE]


@pytest.mark.parametrize("fault", ["answer about another job", "answer with an ARN of another type"])
def test_a_job_is_found_after_a_response_about_another_job(server, fault):
    server.faults.append(fault)
    assert client_of(server).create(tuning_request()).arn.endswith("hyper-parameter-tuning-job/job")
    assert server.received == [CREATE, DESCRIBE]


def test_throttling_of_all_attempts_raises_throttled(server):
    server.faults.extend(["throttle", "throttle"])
    with pytest.raises(errors.ThrottledError) as raised:
        client_of(server).create(tuning_request())
    assert raised.value.is_retry_safe
    assert raised.value.attempts == 2


def test_a_failure_of_all_attempts_may_have_had_an_effect(server):
    server.faults.extend(["fail before acting", "fail before acting"])
    with pytest.raises(errors.OutcomeUnknownError) as raised:
        client_of(server).create(tuning_request())
    assert isinstance(raised.value.__cause__, errors.ServiceUnavailableError)
    assert not raised.value.__cause__.is_retry_safe
    assert raised.value.__cause__.status_code == 500


def test_a_job_is_found_after_the_service_failed(server):
    server.faults.append("fail after acting")
    assert client_of(server, ONCE).create(tuning_request()).name == "job"
    assert server.received == [CREATE, DESCRIBE]


def test_a_refused_connection_means_not_sent(server):
    server.refuse_connections()
    with pytest.raises(errors.NotSentError) as raised:
        client_of(server).create(tuning_request())
    assert not raised.value.may_have_been_sent
    assert raised.value.attempts == 2


def test_a_server_refuses_connections_at_once():
    for _ in range(20):
        with FaultyServer() as server:
            server.refuse_connections()
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=5)


@pytest.mark.parametrize("acting", ["before", "after"])
def test_a_refused_retry_is_not_a_not_sent_error(server, acting):
    server.faults.append(f"hang up {acting} acting, then refuse connections")
    with pytest.raises(errors.OutcomeUnknownError) as raised:
        client_of(server).create(tuning_request())
    assert raised.value.may_have_been_sent
    assert server.received == [CREATE]


def test_an_unknown_code_is_a_service_error(server):
    server.faults.append("answer an unknown code")
    with pytest.raises(errors.ServiceError) as raised:
        client_of(server).create(tuning_request())
    assert type(raised.value) is errors.ServiceError
    assert raised.value.code == "BrandNewException"
    assert raised.value.request_id == "00000000-0000-0000-0000-000000000000"


def test_a_wrong_clock_raises_credentials_rejected(server):
    server.faults.append("answer that the clock is wrong")
    with pytest.raises(errors.CredentialsRejectedError, match="Signature expired"):
        client_of(server, ONCE).create(tuning_request())


@pytest.mark.parametrize("password", ["hunter2", "hunt%40er2", "hunt/er2", "hunt er2"])
def test_the_password_of_an_endpoint_url_is_not_shown(server, monkeypatch, password):
    server.refuse_connections()
    url = server.url.replace("//", f"//someone:{password}@")
    client = hptsdk.TuningClient("us-east-1", endpoint_url=url, config=ONCE)
    with pytest.raises(errors.NotSentError) as raised:
        client.get("job").describe()
    shown = "".join(traceback.format_exception(raised.value)) + repr(client) + str(client.command_options())
    assert not [part for part in ("someone", "hunt", "er2") if part in shown]


def test_the_password_of_an_endpoint_url_in_the_environment_is_not_shown(server, monkeypatch):
    server.refuse_connections()
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url.replace("//", "//someone:hunter2@"))
    with pytest.raises(errors.NotSentError) as raised:
        hptsdk.TuningClient("us-east-1", config=ONCE).get("job").describe()
    assert "hunter2" not in "".join(traceback.format_exception(raised.value))


def test_the_command_for_an_endpoint_url_with_a_password_has_the_same_endpoint(server):
    client = hptsdk.TuningClient("us-east-1", endpoint_url=server.url.replace("//", "//someone:hunter2@"))
    assert client.command_options() == ("--region", "us-east-1", "--endpoint-url", server.url)


@pytest.mark.parametrize("configured", [None, "ap-south-1"])
def test_the_region_of_a_config_is_that_of_the_calls(monkeypatch, configured):
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    if configured:
        monkeypatch.setenv("AWS_DEFAULT_REGION", configured)
    client = hptsdk.TuningClient(config=Config(region_name="eu-north-1"))
    assert client.command_options() == ("--region", "eu-north-1")


def test_no_region_means_not_sent(monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(errors.NotSentError, match="region") as raised:
        hptsdk.TuningClient().get("job").describe()
    assert raised.value.attempts == 0


def test_no_credentials_means_not_sent(monkeypatch, server):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    with pytest.raises(errors.NotSentError, match="credentials"):
        client_of(server).get("job").describe()
    assert server.received == []


def test_an_invalid_endpoint_raises_not_sent():
    with pytest.raises(errors.NotSentError, match="endpoint"):
        hptsdk.TuningClient(region_name="us-east-1", endpoint_url="no url at all").get("job").describe()


@pytest.mark.parametrize("fault", ["throttle", "fail before acting", "hang up before acting", "answer nonsense"])
def test_no_credentials_show_in_an_error_or_a_repr_or_a_log(server, fault, caplog):
    caplog.set_level("DEBUG", logger="hptsdk")
    server.faults.extend([fault, fault])
    client = client_of(server)
    with pytest.raises(errors.HptsdkError) as raised:
        client.get("job").describe()
    shown = f"{raised.value!s}{raised.value!r}{client!r}{caplog.text}"
    assert "AKIAQUITEPUBLIC" not in shown
    assert "not-to-be-shown" not in shown
    assert "stays-hidden" not in shown


def test_the_cause_is_botocores_own_error(server):
    with pytest.raises(errors.ResourceNotFoundError) as raised:
        client_of(server).get("nowhere").describe()
    assert type(raised.value.__cause__).__mro__[1].__name__ == "ClientError"


def test_a_boto3_session_or_a_botocore_session_is_accepted(server):
    session = botocore.session.Session()
    client = hptsdk.TuningClient("us-east-1", session=session, endpoint_url=server.url)
    assert client.create(tuning_request()).name == "job"
