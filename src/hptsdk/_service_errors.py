"""Which error of ours an answer of the service is, by its code, its HTTP status and, for one case, its text."""

from __future__ import annotations

import re

from hptsdk import errors
from hptsdk._lazy import lazy_pattern

__all__ = ["error_class"]

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
