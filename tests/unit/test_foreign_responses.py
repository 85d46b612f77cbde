"""The errors of calls that have a response from another service than SageMaker, or that cannot be sent."""

import traceback

import botocore.session
import pytest
from sample_requests import tuning_request

import hptsdk
from hptsdk import errors

CREATE, DESCRIBE, STOP = (f"{verb}HyperParameterTuningJob" for verb in ("Create", "Describe", "Stop"))
BODY = {"HyperParameterTuningJobName": "job"}
PAGE = (
    b"""<!DOCTYPE html><html><head><title>Web filter</title><style>p { color: red }</style>
<script>if (1 < 2) { alert("boo") }</script></head>
<body><!-- nothing --><p class="a">This site is <b>blocked</b> &amp; reported.</p>"""
    + b"<p>More.</p>" * 500
)


@pytest.fixture
def error_after(calls):
    """Call an operation with this response, and return the error."""

    def error_after(status, content, operation=DESCRIBE, body=BODY):
        calls.answer(status, content)
        with pytest.raises(errors.HptsdkError) as raised:
            calls.transport.call(operation, body)
        return raised.value

    return error_after


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (200, errors.OutcomeUnknownError),
        (302, errors.OutcomeUnknownError),
        (408, errors.OutcomeUnknownError),
        (418, errors.OutcomeUnknownError),
        (425, errors.OutcomeUnknownError),
        (499, errors.OutcomeUnknownError),
        (403, errors.AccessDeniedError),
        (404, errors.ServiceError),
        (407, errors.ServiceError),
        (429, errors.ThrottledError),
        (502, errors.ServiceUnavailableError),
    ],
)
def test_the_error_of_a_page_has_its_status_and_its_first_words(error_after, status, cls):
    error = error_after(status, PAGE)
    assert type(error) is cls
    text = (
        f"the response is not SageMaker's: HTTP status {status}, \"Web filter This site is blocked & reported. More. "
    )
    assert text in str(error)
    assert "check the endpoint and the proxy settings" in str(error)
    assert len(str(error)) < 350


def test_the_traceback_of_a_page_does_not_contain_it(error_after):
    assert "<p>" not in "".join(traceback.format_exception(error_after(403, PAGE)))


@pytest.mark.parametrize(
    ("content", "quoted"),
    [
        (b"Access denied.", '"Access denied."'),
        (b'{"message": "Forbidden"}', '"{"message": "Forbidden"}"'),
        (b'["no", "object"]', '"["no", "object"]"'),
        (b'{"__type": 5}', '"{"__type": 5}"'),
        (b"\x1b[2J\xff", '"\ufffd[2J\ufffd"'),
        (b"<html></html>", "a body without text"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("status", [400, 503])
def test_the_error_of_another_response_format_has_its_first_words(error_after, status, content, quoted):
    error = error_after(status, content)
    assert isinstance(error, errors.ServiceError)
    assert (error.code, error.status_code) == (str(status), status)
    assert error.message.startswith(f"the response is not SageMaker's: HTTP status {status}, {quoted};")


@pytest.mark.parametrize("content", [b"Sign in first.", b'{"status": "ok"}', b"[1]", b"5", b""], ids=repr)
@pytest.mark.parametrize("operation", [CREATE, DESCRIBE])
def test_a_successful_response_in_another_format_leaves_the_outcome_unknown(error_after, operation, content):
    error = error_after(200, content, operation)
    assert type(error) is errors.OutcomeUnknownError
    assert (error.attempts, error.may_have_been_sent) == (1, True)
    assert "not SageMaker's: HTTP status 200" in str(error)


@pytest.mark.parametrize("status", [300, 302, 408, 418, 425])
@pytest.mark.parametrize(
    "content", [b'{"HyperParameterTuningJobArn": "arn:aws:x"}', b'{"__type": "ValidationException"}', b""], ids=repr
)
def test_a_status_that_is_not_an_error_leaves_the_outcome_unknown_with_any_body(error_after, status, content):
    error = error_after(status, content, CREATE)
    assert type(error) is errors.OutcomeUnknownError
    assert (error.attempts, error.may_have_been_sent) == (1, True)


def test_a_service_failure_with_status_400_is_an_unanswered_attempt(error_after):
    error = error_after(400, b'{"__type": "InternalFailure", "message": "sorry"}', CREATE)
    assert type(error) is errors.ServiceUnavailableError
    assert error.unanswered == 1


def test_a_create_with_a_response_in_another_format_describes_the_job(calls):
    calls.answer(200, b"Sign in first.")
    with pytest.raises(errors.OutcomeUnknownError, match="the call of Describe failed"):
        hptsdk.TuningClient(transport=calls.transport).create(tuning_request())


def test_a_stop_accepts_an_empty_response(calls):
    calls.answer(200, b"no JSON")
    with pytest.raises(errors.OutcomeUnknownError):
        calls.transport.call(STOP, BODY)
    calls.answer(200, b"")
    assert calls.transport.call(STOP, BODY) == {}


def test_the_error_of_sagemaker_has_its_message(error_after):
    error = error_after(400, b'{"__type": "ValidationException", "message": "Too many jobs"}')
    assert str(error) == f"{DESCRIBE}: Too many jobs [ValidationException]"


@pytest.mark.parametrize("status", [200, 400])
def test_the_first_words_have_no_secrets(error_after, status):
    body = BODY | {"TrainingJobDefinition": {"Environment": {"TOKEN": "hunter2&hunter2"}}}
    content = b"<p>You sent hunter2&amp;hunter2 with testing-secret</p>"
    error = error_after(status, content, CREATE, body)
    assert '"You sent (hidden) with (hidden)"' in str(error)
    assert "hunter2" not in "".join(traceback.format_exception(error))


# --- not sent ---


@pytest.fixture
def nothing_set(monkeypatch, tmp_path):
    """Remove all sources of credentials and regions of botocore."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def text_without(**arguments):
    with hptsdk.TuningClient(**arguments) as client, pytest.raises(errors.NotSentError) as raised:
        client.describe("job")
    return str(raised.value)


@pytest.mark.usefixtures("nothing_set")
def test_the_error_without_credentials_says_how_to_set_them():
    assert text_without(region_name="us-east-1") == (
        "DescribeHyperParameterTuningJob: not sent: Unable to locate credentials; set AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE or session=boto3.Session(profile_name=...), or run: "
        "aws configure"
    )


@pytest.mark.usefixtures("nothing_set")
def test_the_error_without_a_region_says_how_to_set_it():
    assert text_without() == (
        "DescribeHyperParameterTuningJob: not sent: You must specify a region; set AWS_DEFAULT_REGION, pass "
        "region_name= to TuningClient, or run: aws configure; for a local service use LocalService(...).client()"
    )


@pytest.mark.usefixtures("nothing_set")
def test_the_error_of_a_missing_profile_says_how_to_list_profiles():
    session = botocore.session.Session(profile="nobody")
    text = text_without(region_name="us-east-1", session=session)
    assert text.endswith(
        "(nobody) could not be found; choose a profile that this command lists: aws configure list-profiles"
    )
