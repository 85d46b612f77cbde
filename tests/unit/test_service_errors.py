"""Errors of the service and of botocore become errors of hptsdk."""

import inspect
import json

import botocore.exceptions
import botocore.session
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from hptsdk import errors

DESCRIBE, BODY = "DescribeHyperParameterTuningJob", {"HyperParameterTuningJobName": "job"}
CODES = {
    "ResourceInUse": errors.ResourceInUseError,
    "ResourceLimitExceeded": errors.ResourceLimitExceededError,
    "ResourceNotFound": errors.ResourceNotFoundError,
    "ConflictException": errors.ResourceInUseError,
    "ValidationException": errors.ValidationRefusedError,
    "ThrottlingException": errors.ThrottledError,
    "Throttling": errors.ThrottledError,
    "TooManyRequestsException": errors.ThrottledError,
    "RequestLimitExceeded": errors.ThrottledError,
    "AccessDeniedException": errors.AccessDeniedError,
    "AccessDenied": errors.AccessDeniedError,
    "UnrecognizedClientException": errors.CredentialsRejectedError,
    "InvalidSignatureException": errors.CredentialsRejectedError,
    "ExpiredTokenException": errors.CredentialsRejectedError,
    "MissingAuthenticationTokenException": errors.CredentialsRejectedError,
    "IncompleteSignatureException": errors.CredentialsRejectedError,
    "InternalFailure": errors.ServiceUnavailableError,
    "ServiceUnavailable": errors.ServiceUnavailableError,
}


@pytest.fixture
def error_class(calls):
    """Call an operation that fails with a code, and return the class of the error."""

    def error_class(code, status=400, message="text"):
        calls.answer(status, json.dumps({"__type": code, "message": message}).encode())
        with pytest.raises(errors.ServiceError) as raised:
            calls.transport.call(DESCRIBE, BODY)
        return type(raised.value)

    return error_class


@pytest.mark.parametrize(("code", "cls"), CODES.items())
def test_a_known_code_has_its_class(error_class, code, cls):
    assert error_class(code) is cls


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (400, errors.ServiceError),
        (401, errors.CredentialsRejectedError),
        (403, errors.AccessDeniedError),
        (429, errors.ThrottledError),
        (500, errors.ServiceUnavailableError),
        (503, errors.ServiceUnavailableError),
    ],
)
def test_the_status_decides_the_class_of_an_unknown_code(error_class, status, cls):
    assert error_class("BrandNew", status) is cls


def test_every_modelled_error_of_the_operations_is_known(error_class):
    client = botocore.session.get_session().create_client("sagemaker", region_name="us-east-1")
    model = client.meta.service_model
    operations = [name for name in model.operation_names if "HyperParameterTuning" in name or name.endswith("Tags")]
    modelled = {shape.name for name in operations for shape in model.operation_model(name).error_shapes}
    assert modelled
    assert all(error_class(code) is not errors.ServiceError for code in modelled)


@pytest.mark.parametrize(
    "text", ["Requested resource not found.", "Could not find training job", "Requested resource not found"]
)
def test_a_missing_resource_with_a_validation_code_is_not_found(error_class, text):
    assert error_class("ValidationException", message=text) is errors.ResourceNotFoundError


def test_a_validation_message_about_another_missing_resource_is_a_validation_error(error_class):
    text = 'No S3 objects found under S3 URL "s3://b/p" given in input data source. The bucket does not exist'
    assert error_class("ValidationException", message=text) is errors.ValidationRefusedError


# --- botocore's own classes ---


def botocore_classes():
    classes = [cls for _, cls in inspect.getmembers(botocore.exceptions, inspect.isclass) if issubclass(cls, Exception)]
    return [cls for cls in classes if cls.__module__ == botocore.exceptions.__name__]


def instance_of(cls):
    error = cls.__new__(cls)
    Exception.__init__(error, f"as {cls.__name__} says")
    if issubclass(cls, ClientError):
        error.response = {"Error": {"Code": "Some", "Message": "text"}, "ResponseMetadata": {}}
        error.operation_name = "DescribeHyperParameterTuningJob"
    return error


def test_more_than_fifty_classes_of_botocore_are_tested():
    assert len(botocore_classes()) > 50
    assert sum(issubclass(cls, BotoCoreError) for cls in botocore_classes()) > 50


@pytest.mark.parametrize("cls", botocore_classes(), ids=lambda cls: cls.__name__)
def test_every_class_of_botocore_raised_before_sending_becomes_an_error_of_hptsdk(cls, calls):
    calls.fail("before-call", instance_of(cls))
    with pytest.raises(errors.HptsdkError) as raised:
        calls.transport.call(DESCRIBE, BODY)
    expected = errors.ServiceError if issubclass(cls, ClientError) else errors.NotSentError
    assert isinstance(raised.value, expected)
    assert type(raised.value.__cause__) is cls


CONNECTING = {"EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError"}


@pytest.mark.parametrize("cls", botocore_classes(), ids=lambda cls: cls.__name__)
def test_every_class_of_botocore_raised_while_sending_becomes_an_error_that_states_whether_it_was_sent(cls, calls):
    calls.fail("before-send", instance_of(cls))
    with pytest.raises(errors.HptsdkError) as raised:
        calls.transport.call(DESCRIBE, BODY)
    if issubclass(cls, ClientError):
        assert isinstance(raised.value, errors.ServiceError)
    elif cls.__name__ in CONNECTING:
        assert isinstance(raised.value, errors.NotSentError)
    else:
        assert isinstance(raised.value, errors.OutcomeUnknownError)


def test_any_other_exception_becomes_a_not_sent_error(calls):
    calls.fail("before-call", ZeroDivisionError())
    with pytest.raises(errors.NotSentError, match="ZeroDivisionError"):
        calls.transport.call(DESCRIBE, BODY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", errors.NotSentError),
        ("[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure", errors.NotSentError),
        ("[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC] bad record mac", errors.OutcomeUnknownError),
    ],
)
def test_a_tls_failure_is_a_not_sent_error_only_before_the_end_of_the_handshake(text, expected, calls):
    calls.fail("before-send", botocore.exceptions.SSLError(endpoint_url="https://x", error=text))
    with pytest.raises(expected):
        calls.transport.call(DESCRIBE, BODY)
