"""Which error of ours an answer of the service is, by its code, its HTTP status and, for one case, its text.

The same for every transport, also those that only pretend.
"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple, cast

from hptsdk import errors
from hptsdk._lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "command_line_text",
    "error_class",
    "foreign_text",
    "is_outcome_unknown",
    "is_undecided",
    "json_object",
    "next_step",
    "no_answer",
    "service_error",
]

_CLASSES: dict[str, type[errors.ServiceError]] = {
    **dict.fromkeys(("ResourceInUse", "ConflictException"), errors.ResourceInUseError),
    **dict.fromkeys(("ResourceLimitExceeded", "LimitExceededException"), errors.ResourceLimitExceededError),
    **dict.fromkeys(("ResourceNotFound", "ResourceNotFoundException"), errors.ResourceNotFoundError),
    **dict.fromkeys(
        ("ValidationException", "ValidationError", "SerializationException"), errors.ValidationRefusedError
    ),
    **dict.fromkeys(
        (
            "BandwidthLimitExceeded",
            "EC2ThrottledException",
            "PriorRequestNotComplete",
            "RequestLimitExceeded",
            "RequestThrottled",
            "RequestThrottledException",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "TooManyRequestsException",
        ),
        errors.ThrottledError,
    ),
    **dict.fromkeys(
        ("AccessDenied", "AccessDeniedException", "NotAuthorized", "OptInRequired", "UnauthorizedOperation"),
        errors.AccessDeniedError,
    ),
    **dict.fromkeys(
        (
            "AuthFailure",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        ),
        errors.CredentialsRejectedError,
    ),
    **dict.fromkeys(
        (
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "InternalServerException",
            "RequestTimeout",
            "RequestTimeoutException",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "TransientError",
        ),
        errors.ServiceUnavailableError,
    ),
}

_BY_STATUS: dict[int, type[errors.ServiceError]] = {
    401: errors.CredentialsRejectedError,
    403: errors.AccessDeniedError,
    429: errors.ThrottledError,
}

# What the service says of an absent job under the code of a validation error.
_ABSENT = lazy_pattern(r"requested resource not found|could not find|can't find|does not exist", re.IGNORECASE)


def error_class(code: str, status: int | None, message: str) -> type[errors.ServiceError]:
    """Choose the class of a service error by its code, else by the HTTP status."""
    found = _CLASSES.get(code) or _BY_STATUS.get(status or 0)
    if found is errors.ValidationRefusedError and _ABSENT.match(message):
        return errors.ResourceNotFoundError
    if found is None and (status or 0) >= 500:  # noqa: PLR2004 - HTTP's
        return errors.ServiceUnavailableError
    return found or errors.ServiceError


# The statuses of HTTP below 500 that refuse a request before anything acts on it.
_REFUSALS = frozenset({*range(400, 418), 421, 422, 426, 428, 429, 431, 451} - {402, 408})


def is_undecided(code: str, status: int | None) -> bool:
    """Check whether an answer leaves open whether the service acted.

    Such answers are redirects, the time-outs of proxies (408), unknown statuses, and failures of the service itself.
    """
    if _CLASSES.get(code) is errors.ServiceUnavailableError:
        return True
    return status is not None and status >= 300 and status not in _REFUSALS  # noqa: PLR2004 - HTTP's


def is_outcome_unknown(error: errors.ServiceError | errors.TransportError) -> bool:
    """Check whether the service may have acted in spite of an error."""
    return error.unanswered > 0 if isinstance(error, errors.ServiceError) else error.may_have_been_sent


# Calls that do the same when they are made once more.
_REPEATABLE = ("Describe", "List", "Stop", "Delete")


def service_error(  # noqa: PLR0913 - these are its parts
    code: str,
    message: str,
    *,
    operation: str,
    status: int | None,
    request_id: str | None = None,
    attempts: int = 1,
    unanswered: int = 0,
) -> errors.ServiceError | errors.OutcomeUnknownError:
    """Create the error for an answer that is not a success, the same for every transport.

    It is an OutcomeUnknownError if the answer does not refuse the call either.
    """
    kind = error_class(code, status, message)
    if kind is not errors.ServiceUnavailableError and is_undecided(code, status):
        return errors.OutcomeUnknownError(message, operation=operation, may_have_been_sent=True, attempts=attempts)
    is_repeatable = operation.startswith(_REPEATABLE)
    safe = (kind is errors.ThrottledError and (is_repeatable or unanswered == 0)) or (
        kind is errors.ServiceUnavailableError and is_repeatable
    )
    return kind(
        message,
        code=code,
        operation=operation,
        request_id=request_id,
        status_code=status,
        is_retry_safe=safe,
        attempts=attempts,
        unanswered=unanswered,
    )


class _NextStep(NamedTuple):
    """What to do if a call could not be sent, in Python and on the command line."""

    in_python: str
    on_command_line: str


_CREDENTIALS = _NextStep(
    in_python="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE or "
    "session=boto3.Session(profile_name=...), or run: aws configure",
    on_command_line="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE or --profile "
    "NAME, or run: aws configure; for a local service use --local ROOT",
)
_PROFILES = "choose a profile that this command lists: aws configure list-profiles"

# By the name of botocore's class.
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
    """Return what to do about an error of botocore that kept a call from being sent; empty text if it is not known."""
    step = _next_step(error)
    return step.in_python if step else ""


def command_line_text(error: BaseException) -> str:
    """Return the text of an error for the command line, whose options take the place of arguments in Python."""
    step = _next_step(error.__cause__)
    return str(error).replace(step.in_python, step.on_command_line) if step else str(error)


def _next_step(error: BaseException | None) -> _NextStep | None:
    return next((_NEXT_STEPS[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in _NEXT_STEPS), None)


def json_object(content: bytes) -> dict[str, object] | None:
    """Parse the body of an answer; None if it is not a JSON object."""
    try:
        found: object = json.loads(content)
    except ValueError:
        return None
    return cast("dict[str, object]", found) if isinstance(found, dict) else None


# Scripts, comments and tags of a page, and how much of an answer is read and shown.
_MARKUP = lazy_pattern(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_READ, _SHOWN = 10_000, 100


def foreign_text(status: int | None, content: bytes, redact: Callable[[str], str]) -> str:
    """Describe an answer that is not SageMaker's, such as the page of a proxy, by its status and its first words."""
    text = redact(content[:_READ].decode(errors="replace"))
    words = redact(" ".join(unescape(_MARKUP.sub(" ", text)).split()))
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in words)
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
    body = f'"{shown}"' if shown else "a body without text"
    return f"the answer is not SageMaker's: HTTP status {status}, {body}; check the endpoint and the proxy settings"


def no_answer(why: str, *, operation: str, attempts: int, unanswered: int) -> errors.TransportError:
    """Make the error that silence is: whether the service may have acted depends on how far any attempt came."""
    sent = unanswered > 0
    kind = errors.OutcomeUnknownError if sent else errors.NotSentError
    return kind(
        f"{'no answer came' if sent else 'not sent'}: {why}",
        operation=operation,
        may_have_been_sent=sent,
        attempts=attempts,
    )
