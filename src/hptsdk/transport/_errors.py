"""The exceptions for error responses, by the codes and texts of SageMaker, and the redaction of secrets in messages."""

from __future__ import annotations

import json
import re
from html import unescape
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from hptsdk import errors
from hptsdk._validation import is_dict, is_list, is_mapping, text
from hptsdk.progress import printable
from hptsdk.schema import secret_members
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

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
    """Return the class of a service error by its code and message, or by the HTTP status if the code is not known."""
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


def service_error(
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

    It is an OutcomeUnknownError if the response is undecided, unless it is a ServiceUnavailableError. `status` and
    `request_id` are None if they are not known. See `Call` for `unanswered`.
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


def command_line_text(error: BaseException) -> str:
    """Return the message of an error, with commands and options instead of Python calls and arguments."""
    if isinstance(error, errors.OutcomeUnknownError) and error.command:
        command = f"the command {error.command}"
        return re.sub(r"client\.get\(\S+\)\.describe\(\)", lambda _: command, str(error), count=1)
    step = next_step(error.__cause__)
    return str(error).replace(step.in_python, step.on_command_line) if step else str(error)


def next_step(error: BaseException | None) -> _NextStep | None:
    """Return how to correct the cause of an error of botocore, by its class or a base class; None if not known."""
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


# --- redaction of secrets in messages, and in the responses that errors have as attributes ---

ReasonT = TypeVar("ReasonT", "DescribeHyperParameterTuningJobResponse", "HyperParameterTrainingJobSummary")

# A value in a message of the service, with the path of its member.
_QUOTED = re.compile(r"(?i)(value )'.*?'( at '[^']*(?:environment|hyperparameters)[^']*')", re.DOTALL)

# Shorter secrets, and secrets that are words up to this length, are only redacted as whole words, because they also
# occur in other words and numbers.
_SHORT, _LONGEST_WORD = 4, 10

HIDDEN = "(hidden)"
"""The text that replaces a secret."""


class Redaction:
    """The secrets of one call, to redact in messages.

    A value that the request also has in a member that is not secret, such as the name of a metric, is not redacted.

    Args:
        body: the request as a document.
        credentials: further strings to redact. Defaults to none.
    """

    def __init__(self, body: Mapping[str, object], credentials: Iterable[str] = ()) -> None:
        secrets = set(_strings(body, secret=True)) - set(_strings(body, secret=False))
        texts = {form for secret in (*secrets, *credentials) for form in _quoted_forms(secret)}
        self._texts = sorted((text for text in texts if text.strip()), key=len, reverse=True)

    def apply(self, message: str) -> str:
        """Return the message with each secret replaced by "(hidden)"."""
        message = _QUOTED.sub(rf"\1{HIDDEN}\2", message)
        for secret in self._texts:
            if len(secret) < _SHORT or _is_word(secret):
                # in a quoted text, the letter of an escape can precede the word
                message = re.sub(rf"(?:(?<!\w)|(?<=\\[nrt])){re.escape(secret)}(?!\w)", HIDDEN, message)
            else:
                message = message.replace(secret, HIDDEN)
        return message


def _is_word(secret: str) -> bool:
    """Check whether a secret is short and has ASCII letters only, so that it can be a part of another word."""
    return len(secret) <= _LONGEST_WORD and secret.isascii() and secret.isalpha()


def _quoted_forms(secret: str) -> Iterator[str]:
    """Yield the forms in which a message can quote a secret: unchanged, stripped, and as a Python or JSON string."""
    yield secret
    yield secret.strip()
    yield repr(secret)[1:-1]
    yield repr(secret.encode(errors="replace"))[2:-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]


def _strings(value: object, *, secret: bool, inside: bool = False) -> Iterator[str]:
    """Yield the secrets of a document, or all its other strings, including the names of members."""
    if is_mapping(value):
        for name, item in value.items():
            if not secret:
                yield str(name)
            yield from _strings(item, secret=secret, inside=inside or name in secret_members())
    elif isinstance(value, str):
        if inside is secret:
            yield value
    elif is_list(value):
        for item in value:
            yield from _strings(item, secret=secret, inside=inside)


def redaction_of(response: DescribeHyperParameterTuningJobResponse) -> Redaction:
    """Return the redaction for the values of a tuning job's environments and static hyperparameters."""
    members = to_wire(response)
    # the tuned hyperparameters of the best training job are not secrets
    names = ("HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions")
    return Redaction({name: members.get(name) for name in names})


def with_redacted_reason(response: ReasonT, redaction: Redaction) -> ReasonT:
    """Return the response with the secrets in its failure reason redacted."""
    reason = text(response.failure_reason)
    redacted = redaction.apply(reason)
    if redacted == reason:
        return response
    # converted to a document and back, to preserve members that are not modelled
    return from_wire(type(response), to_wire(response) | {"FailureReason": redacted})


def without_secrets(response: DescribeHyperParameterTuningJobResponse) -> DescribeHyperParameterTuningJobResponse:
    """Return the response without the values of environments and static hyperparameters, also in its failure reason."""
    redacted = with_redacted_reason(response, redaction_of(response))
    return from_wire(type(response), hide_secrets(to_wire(redacted)))


def hide_secrets(members: Mapping[str, object]) -> dict[str, object]:
    """Return a document with each value that may be a secret replaced by "(hidden)"."""
    return {name: _hidden(item, secret=name in secret_members()) for name, item in members.items()}


def _hidden(value: object, *, secret: bool) -> object:
    """Return a value with its secrets hidden. If `secret` is true, all of its scalars are secrets."""
    if is_dict(value):
        return {name: _hidden(item, secret=secret or name in secret_members()) for name, item in value.items()}
    if is_list(value):
        return [_hidden(item, secret=secret) for item in value]
    return HIDDEN if secret else value
