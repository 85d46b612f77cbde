"""Error responses with the codes and texts of SageMaker, and their mapping to the exceptions of hptsdk."""

from __future__ import annotations

import json
import re
from html import unescape
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

from hptsdk import errors
from hptsdk._validation import is_dict
from hptsdk.progress import printable

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Refusal",
    "bad_request",
    "command_line_text",
    "error_class",
    "foreign_response_text",
    "is_outcome_unknown",
    "is_success",
    "is_undecided",
    "job_name_in_use",
    "job_not_found",
    "json_object",
    "next_step",
    "service_error",
    "training_job_name_in_use",
    "training_job_not_found",
    "transport_error",
]

_CODES: dict[type[errors.ServiceError], str] = {
    errors.ResourceInUseError: "ResourceInUse ConflictException",
    errors.ResourceLimitExceededError: "ResourceLimitExceeded LimitExceededException",
    errors.ResourceNotFoundError: "ResourceNotFound ResourceNotFoundException",
    errors.ValidationRefusedError: "ValidationException ValidationError SerializationException "
    "InvalidParameterException",
    errors.ThrottledError: "BandwidthLimitExceeded EC2ThrottledException PriorRequestNotComplete RequestLimitExceeded "
    "RequestThrottled RequestThrottledException SlowDown Throttling ThrottlingException ThrottledException "
    "TooManyRequestsException",
    errors.AccessDeniedError: "AccessDenied AccessDeniedException NotAuthorized OptInRequired UnauthorizedOperation",
    errors.CredentialsRejectedError: "AuthFailure ExpiredToken ExpiredTokenException IncompleteSignature "
    "IncompleteSignatureException InvalidAccessKeyId InvalidClientTokenId InvalidSignatureException "
    "MissingAuthenticationToken MissingAuthenticationTokenException RequestExpired RequestTimeTooSkewed "
    "SignatureDoesNotMatch UnrecognizedClientException",
    errors.ServiceUnavailableError: "InternalError InternalFailure InternalServerError InternalServerException "
    "RequestTimeout RequestTimeoutException ServiceUnavailable ServiceUnavailableException TransientError",
}

_CLASSES = {code: cls for cls, codes in _CODES.items() for code in codes.split()}

_BY_STATUS: dict[int, type[errors.ServiceError]] = {
    401: errors.CredentialsRejectedError,
    403: errors.AccessDeniedError,
    429: errors.ThrottledError,
}

# The text of an error for a missing job, which has the code of a validation error.
_NOT_FOUND = re.compile(r"requested resource not found|could not find|can't find|does not exist", re.IGNORECASE)

# The statuses below 500 with which a service or a proxy rejects a request before it acts on it.
_REJECTIONS = frozenset({*range(400, 418), 421, 422, 426, 428, 429, 431, 451} - {402, 408})


def error_class(code: str, status: int | None, message: str) -> type[errors.ServiceError]:
    """Return the class of a service error by its code, or by the HTTP status if the code is not known."""
    cls = _CLASSES.get(code) or _BY_STATUS.get(status or 0)
    if cls is errors.ValidationRefusedError and _NOT_FOUND.match(message):
        return errors.ResourceNotFoundError
    if cls is None and (status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.ServiceUnavailableError
    return cls or errors.ServiceError


def is_success(status: int) -> bool:
    """Check whether an HTTP status is neither a redirect nor an error."""
    return status < HTTPStatus.MULTIPLE_CHOICES


def is_undecided(code: str, status: int | None) -> bool:
    """Check whether the service may have acted despite a response that is not a success.

    Such responses are redirects, the time-outs of proxies (408), unknown statuses, and failures of the service itself.
    """
    if _CLASSES.get(code) is errors.ServiceUnavailableError:
        return True
    return status is not None and not is_success(status) and status not in _REJECTIONS


def is_outcome_unknown(error: errors.ServiceError | errors.TransportError) -> bool:
    """Check whether the service may have acted despite an error."""
    return error.unanswered > 0 if isinstance(error, errors.ServiceError) else error.may_have_been_sent


# The beginnings of the names of idempotent operations.
_REPEATABLE = ("Describe", "List", "Stop", "Delete", "Filter", "Get")


def service_error(  # noqa: PLR0913 - the attributes of the error
    code: str,
    message: str,
    *,
    operation: str,
    status: int | None,
    request_id: str | None = None,
    attempts: int = 1,
    unanswered: int = 0,
) -> errors.ServiceError | errors.OutcomeUnknownError:
    """Create the error for an error response.

    It is an OutcomeUnknownError if the response does not show whether the service acted.

    Args:
        code: the error code of the response.
        message: the message of the response.
        operation: the operation that was called.
        status: the HTTP status; None if it is not known.
        request_id: the id of the request. Defaults to None, for an unknown id.
        attempts: the number of attempts. Defaults to 1.
        unanswered: the number of attempts that may have reached the service without a response that shows their effect.
            Defaults to 0.
    """
    cls = error_class(code, status, message)
    if cls is not errors.ServiceUnavailableError and is_undecided(code, status):
        return errors.OutcomeUnknownError(message, operation=operation, may_have_been_sent=True, attempts=attempts)
    is_repeatable = operation.startswith(_REPEATABLE)
    is_retry_safe = (cls is errors.ThrottledError and (is_repeatable or unanswered == 0)) or (
        cls is errors.ServiceUnavailableError and is_repeatable
    )
    return cls(
        message,
        code=code,
        operation=operation,
        request_id=request_id,
        status_code=status,
        is_retry_safe=is_retry_safe,
        attempts=attempts,
        unanswered=unanswered,
    )


def transport_error(reason: str, *, operation: str, attempts: int, unanswered: int) -> errors.TransportError:
    """Create the error for a call without a response.

    It is an OutcomeUnknownError if an attempt may have reached the service, and a NotSentError otherwise.
    """
    sent = unanswered > 0
    cls = errors.OutcomeUnknownError if sent else errors.NotSentError
    return cls(
        f"{'no response' if sent else 'not sent'}: {reason}",
        operation=operation,
        may_have_been_sent=sent,
        attempts=attempts,
    )


class _NextStep(NamedTuple):
    """The instruction that corrects the cause of a call that could not be sent, in Python and on the command line."""

    in_python: str
    on_command_line: str


_CREDENTIALS = _NextStep(
    in_python="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE or "
    "session=boto3.Session(profile_name=...), or run: aws configure",
    on_command_line="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE or --profile "
    "NAME, or run: aws configure; for a local service use --local ROOT",
)
_PROFILES = "choose a profile that this command lists: aws configure list-profiles"

# The keys are the names of botocore's classes.
_NEXT_STEPS = {
    "NoCredentialsError": _CREDENTIALS,
    "PartialCredentialsError": _CREDENTIALS,
    "CredentialRetrievalError": _CREDENTIALS,
    "NoRegionError": _NextStep(
        in_python="set AWS_DEFAULT_REGION, pass region_name= to TuningClient, or run: aws configure; for a local "
        "service use LocalService(...).client()",
        on_command_line="set AWS_DEFAULT_REGION, use --region NAME, or run: aws configure; for a local service use "
        "--local ROOT",
    ),
    "ProfileNotFound": _NextStep(in_python=_PROFILES, on_command_line=_PROFILES),
}


def next_step(error: BaseException) -> str:
    """Return how to correct the cause of an error of botocore; empty text if that is not known."""
    step = _next_step(error)
    return step.in_python if step else ""


def command_line_text(error: BaseException) -> str:
    """Return the message of an error, with commands and options instead of Python calls and arguments."""
    if isinstance(error, errors.OutcomeUnknownError) and error.command:
        command = f"the command {error.command}"
        return re.sub(r"client\.get\(\S+\)\.describe\(\)", lambda _: command, str(error), count=1)
    step = _next_step(error.__cause__)
    return str(error).replace(step.in_python, step.on_command_line) if step else str(error)


def _next_step(error: BaseException | None) -> _NextStep | None:
    """Return the next step for the class of an error or the nearest of its base classes; None if it is not known."""
    return next((_NEXT_STEPS[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in _NEXT_STEPS), None)


def json_object(content: bytes) -> dict[str, object] | None:
    """Parse the body of a response; None if it is not a JSON object."""
    try:
        document: object = json.loads(content)
    except ValueError:
        return None
    return document if is_dict(document) else None


# Scripts, comments and tags of an HTML page, and the numbers of bytes that are read and of characters that are shown.
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_READ, _SHOWN = 10_000, 100


def foreign_response_text(status: int | None, content: bytes, redact: Callable[[str], str]) -> str:
    """Describe a response that is not SageMaker's, such as the page of a proxy, by its status and its first text."""
    text = redact(content[:_READ].decode(errors="replace"))
    line = redact(" ".join(unescape(_MARKUP.sub(" ", text)).split()))
    shown = printable(line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…")
    body = f'"{shown}"' if shown else "a body without text"
    return f"the response is not SageMaker's: HTTP status {status}, {body}; check the endpoint and the proxy settings"


class Refusal(Exception):  # noqa: N818 - a public name, and an error response rather than an error of hptsdk
    """An error response of a service.

    Attributes:
        code: the error code, such as ``ResourceInUse``.
        message: the message of the error.
        status: the HTTP status. Defaults to 400.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message, status)
        self.code = code
        self.message = message
        self.status = status

    @override
    def __str__(self) -> str:
        """Return the code and the message."""
        return f"{self.code}: {self.message}"


def bad_request(message: str) -> Refusal:
    """Create the error response for a request that the service does not accept."""
    return Refusal("ValidationException", message)


def job_not_found(name: str) -> Refusal:
    """Create the error response for a tuning job that does not exist."""
    return Refusal("ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}. Type another name.")


def job_name_in_use(name: str) -> Refusal:
    """Create the error response for a second tuning job with the same name."""
    message = f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name."
    return Refusal("ResourceInUse", message)


def training_job_name_in_use(arn: str) -> Refusal:
    """Create the error response for a second training job with the same name."""
    message = f"a job with this name already exists ({arn})"
    return Refusal("ResourceInUse", f"Job name must be unique within an AWS account and region, and {message}")


def training_job_not_found() -> Refusal:
    """Create the error response for a training job that does not exist, with the code that SageMaker uses."""
    return bad_request("Requested resource not found.")
