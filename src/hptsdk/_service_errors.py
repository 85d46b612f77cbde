"""Which error of ours an answer of the service is, by its code, its HTTP status and, for one case, its text.

The same for every transport, also those that only pretend.
"""

from __future__ import annotations

import re

from hptsdk import errors
from hptsdk._lazy import lazy_pattern

__all__ = ["error_class", "no_answer", "service_error"]

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
) -> errors.ServiceError:
    """Make the error that a refusal is, whichever transport heard it."""
    kind = error_class(code, status, message)
    safe = kind is errors.ThrottledError or (
        kind is errors.ServiceUnavailableError and operation.startswith(_REPEATABLE)
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
