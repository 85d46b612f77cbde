"""A create with an unknown outcome: the calls, results and errors of the client."""

import traceback

import pytest
from sample_requests import training, tuning_request

import hptsdk
from hptsdk import errors
from hptsdk.testing import MemoryService, PretendClock, StubTransport
from hptsdk.transport import command_line_text

CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"
ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/job"
QUOTED = "hunter2hunter2"
ABSENT = "answer that the job does not exist"

REFUSALS = {
    "throttle": errors.ThrottledError,
    "throttle by status": errors.ThrottledError,
    "answer that a limit is exceeded": errors.ResourceLimitExceededError,
    "answer that the request is invalid": errors.ValidationRefusedError,
    "answer that access is denied": errors.AccessDeniedError,
    "answer that the token has expired": errors.CredentialsRejectedError,
    "answer that the clock is wrong": errors.CredentialsRejectedError,
    "answer an unknown code": errors.ServiceError,
    "fail before acting": errors.ServiceUnavailableError,
    "be unavailable": errors.ServiceUnavailableError,
}
UNDECIDED = [
    *(f"answer status {status} {when} acting" for status in (302, 408, 418, 425) for when in ("before", "after")),
    *(f"fail{page} {when} acting" for page in ("", " with a page") for when in ("before", "after")),
]


REQUEST = tuning_request()


@pytest.fixture
def clock():
    return PretendClock()


@pytest.fixture
def stub():
    return StubTransport(service=MemoryService(), max_attempts=2)


@pytest.fixture
def client(stub, clock):
    return hptsdk.TuningClient(transport=stub, clock=clock)


def unknown(client, request=REQUEST, **options):
    with pytest.raises(errors.OutcomeUnknownError) as raised:
        client.create(request, **options)
    return raised.value


def described(name="job", *, max_jobs=5, **members):
    body = hptsdk.to_wire(tuning_request(name, max_jobs=max_jobs))
    return {**body, "HyperParameterTuningJobArn": ARN.replace("/job", f"/{name}"), **members}


def after_lost_create(*responses):
    """Return a client whose Create has no response, and whose next calls have these responses."""
    lost = errors.OutcomeUnknownError("no response", operation=CREATE, attempts=1)
    transport = StubTransport(lost, *responses)
    return hptsdk.TuningClient(transport=transport, clock=PretendClock())


# --- a lost response, then an error ---


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_job_created_before_an_error_is_returned_although_describe_does_not_find_it_at_once(stub, client, refusal):
    stub.faults.extend(["hang up after acting", refusal, ABSENT, ABSENT])
    assert client.create(REQUEST).arn == ARN
    assert stub.service.acted.count(CREATE) == 1


@pytest.mark.parametrize(("refusal", "cause"), REFUSALS.items())
def test_an_error_after_a_lost_response_is_an_unknown_outcome_if_the_job_is_not_found(stub, client, refusal, cause):
    stub.faults.extend(["hang up after acting", refusal, *[ABSENT] * 20])
    assert type(unknown(client).__cause__) is cause


@pytest.mark.parametrize("refusal", REFUSALS)
def test_no_error_after_an_unanswered_attempt_is_safe_to_retry(stub, client, refusal):
    stub.faults.extend(["hang up before acting", refusal])
    error = unknown(client)
    assert not getattr(error, "is_retry_safe", False)
    assert not error.__cause__.is_retry_safe


def test_a_throttled_create_without_an_unanswered_attempt_is_safe_to_retry(stub, client):
    stub.faults.extend(["throttle", "throttle"])
    with pytest.raises(errors.ThrottledError) as raised:
        client.create(REQUEST)
    assert raised.value.is_retry_safe


def test_describe_is_called_again_for_some_seconds(stub, client, clock):
    stub.faults.extend(["hang up before acting", "throttle"])
    unknown(client)
    assert [call.operation for call in stub.calls] == [CREATE, *[DESCRIBE] * 4]
    assert 5 <= clock.now <= 10


def test_describe_is_not_called_again_if_the_job_is_found(stub, client, clock):
    stub.faults.extend(["hang up after acting", "throttle"])
    client.create(REQUEST)
    assert (len(stub.calls), clock.now) == (2, 0)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_different_job_with_the_name_is_a_conflict(stub, client, refusal):
    client.create(tuning_request(max_jobs=4))
    stub.faults.extend(["hang up before acting", refusal])
    with pytest.raises(errors.JobConflictError, match="MaxNumberOfTrainingJobs"):
        client.create(REQUEST)


def test_a_name_in_use_after_a_lost_response_is_an_unknown_outcome_if_the_job_is_not_found(stub, client):
    stub.faults.extend(["hang up after acting", "none", *[ABSENT] * 20])
    assert type(unknown(client).__cause__) is errors.ResourceInUseError


def test_a_name_in_use_at_the_first_attempt_is_an_error_without_a_lookup(stub, client, clock):
    client.create(REQUEST)
    with pytest.raises(errors.ResourceInUseError):
        client.create(REQUEST)
    assert (len(stub.calls), clock.now) == (2, 0)


def test_an_existing_job_is_returned_although_describe_does_not_find_it_at_once(stub, client):
    client.create(REQUEST)
    stub.faults.extend(["none", ABSENT, ABSENT])
    assert client.create(REQUEST, if_exists="return").arn == ARN


# --- the text of the error ---


def test_the_error_of_an_unknown_outcome_describes_the_check(stub, client):
    stub.faults.extend(["hang up before acting", "throttle"])
    assert str(unknown(client)) == (
        f"{CREATE}: the tuning job job may exist: the outcome of an attempt to create it is unknown, and no job with "
        "this name was found in 7 seconds. Check with client.get('job').describe() before you create it again. Do not "
        "choose another name: that can create a second job. Create ended with ThrottledError: "
        f"{CREATE}: Rate exceeded [ThrottlingException]"
    )


def test_an_unknown_outcome_of_a_local_service_names_the_command_that_checks(stub, client):
    client.local_root = "my runs"
    stub.faults.extend(["hang up before acting", "throttle"])
    error = unknown(client)
    assert error.command == "hptsdk describe job --local 'my runs'"
    assert "Check with client.get('job').describe() before" in str(error)
    assert "Check with the command hptsdk describe job --local 'my runs' before" in command_line_text(error)


@pytest.mark.parametrize(
    ("fault", "cls"),
    [
        ("answer that access is denied", errors.AccessDeniedError),
        ("answer nonsense", errors.OutcomeUnknownError),
        ("answer about another job", errors.UnexpectedResponseError),
        ("answer with an ARN of another type", errors.UnexpectedResponseError),
    ],
)
def test_an_unknown_outcome_has_both_errors_if_describe_fails(stub, client, fault, cls):
    stub.faults.extend(["hang up after acting", "throttle", fault])
    error = unknown(client)
    assert type(error.__cause__) is errors.ThrottledError
    assert type(error.__context__) is cls
    assert f"the call of Describe failed: {error.__context__}" in str(error).replace(f"{cls.__name__}: ", "")
    assert str(error.__cause__) in str(error)


def test_an_unknown_outcome_has_the_number_of_attempts(stub, client):
    stub.faults.extend(["hang up before acting", "throttle"])
    assert (unknown(client).attempts, unknown(after_lost_create(*[missing_job()] * 4)).attempts) == (2, 1)


def missing_job():
    return errors.ResourceNotFoundError("can't find it", code="ResourceNotFound", operation=DESCRIBE)


def test_an_unknown_outcome_shows_no_secret_that_a_response_quotes():
    quoting = errors.ValidationRefusedError(f"bad {QUOTED}", code="ValidationException", operation=DESCRIBE)
    assert QUOTED not in str(
        unknown(after_lost_create(quoting), tuning_request(definition=training().static(password=QUOTED)))
    )


# --- responses that leave the outcome open ---


@pytest.mark.parametrize("fault", [fault for fault in UNDECIDED if "after" in fault])
def test_a_job_is_looked_up_after_a_response_that_leaves_the_outcome_open(stub, client, fault):
    stub.faults.extend([fault] * (1 if "status" in fault else 2))
    assert client.create(REQUEST).arn == ARN
    assert stub.service.acted.count(CREATE) == 1


@pytest.mark.parametrize("fault", [fault for fault in UNDECIDED if "before" in fault])
def test_a_response_that_leaves_the_outcome_open_is_an_unknown_outcome_if_no_job_is_found(stub, client, fault):
    stub.faults.extend([fault] * (1 if "status" in fault else 2))
    assert "no job with this name was found" in str(unknown(client))


ANOTHER_ARN = [
    ARN.replace("/job", "/another-job"),
    ARN.replace("/job", "/"),
    ARN.replace("/job", "/job/job"),
    ARN.replace("hyper-parameter-tuning-job", "training-job"),
    ARN.replace("sagemaker", "iam"),
    ARN.replace("123456789012", "aws"),
    "job",
    7,
    None,
]


@pytest.mark.parametrize("arn", ANOTHER_ARN)
def test_a_create_response_about_another_job_is_looked_up(clock, arn):
    response = {} if arn is None else {"HyperParameterTuningJobArn": arn}
    transport = StubTransport(response, described())
    job = hptsdk.TuningClient(transport=transport, clock=clock).create(REQUEST)
    assert job.arn == ARN
    assert [call.operation for call in transport.calls] == [CREATE, DESCRIBE]


@pytest.mark.parametrize("arn", ANOTHER_ARN)
def test_a_create_response_about_another_job_is_an_unknown_outcome_if_no_job_is_found(clock, arn):
    transport = StubTransport({"HyperParameterTuningJobArn": arn}, *[missing_job()] * 4)
    error = unknown(hptsdk.TuningClient(transport=transport, clock=clock))
    assert type(error.__cause__) is errors.UnexpectedResponseError


@pytest.mark.parametrize("arn", [ARN, ARN.replace("arn:aws:", "arn:aws-cn:"), ARN.replace("us-east-1", "eu-west-3")])
def test_a_create_response_about_the_job_is_accepted(clock, arn):
    transport = StubTransport({"HyperParameterTuningJobArn": arn})
    assert hptsdk.TuningClient(transport=transport, clock=clock).create(tuning_request("Job")).arn == arn


def test_a_create_response_about_another_job_shows_no_secret(clock):
    transport = StubTransport({"HyperParameterTuningJobArn": f"arn:{QUOTED}"}, *[missing_job()] * 4)
    error = unknown(
        hptsdk.TuningClient(transport=transport, clock=clock),
        tuning_request(definition=training().static(password=QUOTED)),
    )
    assert QUOTED not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "response",
    [
        described("another-job"),
        *(described(HyperParameterTuningJobArn=arn) for arn in ANOTHER_ARN if arn != 7),
        described(HyperParameterTuningJobName=None),
        described(HyperParameterTuningJobConfig=None),
        {},
    ],
)
def test_a_describe_response_about_another_job_does_not_prove_that_the_job_exists(response):
    assert "the call of Describe failed: UnexpectedResponseError" in str(unknown(after_lost_create(response)))


# --- Describe ---


@pytest.mark.parametrize(
    "response",
    [
        described("another-job"),
        *(described(HyperParameterTuningJobArn=arn) for arn in ANOTHER_ARN if arn not in (7, None)),
    ],
)
def test_a_describe_response_about_another_job_is_an_error(response):
    with pytest.raises(errors.UnexpectedResponseError, match="the response is about another job: expected") as raised:
        hptsdk.TuningClient(transport=StubTransport(response)).get("job").describe()
    assert (raised.value.operation, raised.value.attempts) == (DESCRIBE, 1)


def test_names_in_a_describe_response_are_not_case_sensitive():
    client = hptsdk.TuningClient(transport=StubTransport(described("JOB")))
    assert client.get("job").describe().hyper_parameter_tuning_job_name == "JOB"


def test_a_wait_continues_after_a_describe_response_about_another_job(clock):
    ended = described(HyperParameterTuningJobStatus="Completed")
    stub = StubTransport(described("another-job", HyperParameterTuningJobStatus="Failed"), ended)
    response = hptsdk.TuningClient(transport=stub, clock=clock).get("job").wait()
    assert response.hyper_parameter_tuning_job_status == "Completed"


def test_the_settings_are_compared_as_for_an_existing_job():
    response = described()
    response["HyperParameterTuningJobConfig"]["TrainingJobEarlyStoppingType"] = "Off"
    assert after_lost_create(response).create(REQUEST).arn == ARN
