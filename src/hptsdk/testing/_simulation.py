"""A clock whose time is simulated, and the faults of an attempt, which the server and the stub have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hptsdk.transport import foreign_response_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    from hptsdk.transport import Refusal

_30_DAYS = 30 * 24 * 3600.0


class PretendClock:
    """A clock whose time advances only by `sleep`, which does not wait; for `TuningClient(clock=...)`.

    Args:
        limit: the time in seconds after which `sleep` raises an AssertionError, so that an endless loop ends. Defaults
            to 30 days.
        on_sleep: called after each sleep with the time in seconds. Defaults to None.

    Attributes:
        now: the time in seconds; it starts at 0.
        slept: the durations of all sleeps, in seconds.

    Example:
        >>> from hptsdk.testing import PretendClock
        >>> clock = PretendClock()
        >>> clock.sleep(90)
        >>> clock.monotonic()
        90.0
    """

    def __init__(self, *, limit: float = _30_DAYS, on_sleep: Callable[[float], object] | None = None) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._limit = limit
        self._on_sleep = on_sleep

    def monotonic(self) -> float:
        """Return the time in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Advance the time.

        Args:
            seconds: the duration, 0 or more.

        Raises:
            ValueError: the duration is negative or NaN, as for `time.sleep`.
            AssertionError: the time is after the limit.
        """
        if not seconds >= 0:
            raise ValueError(f"seconds: expected 0 seconds or more, got {seconds!r}")
        self.slept.append(seconds)
        self.now += seconds
        if self.now > self._limit:
            count = "1 sleep" if len(self.slept) == 1 else f"{len(self.slept)} sleeps"
            raise AssertionError(f"slept past {self._limit:.15g} seconds, in {count}; check that the loop ends")
        if self._on_sleep:
            self._on_sleep(self.now)


Fault = Literal[
    "none",
    "hang up before acting",
    "hang up after acting",
    "reset in mid-request",
    "reset in mid-answer",
    "cut the answer short",
    "stall before acting",
    "stall after acting",
    "throttle",
    "throttle by status",
    "fail before acting",
    "fail after acting",
    "fail with a page before acting",
    "fail with a page after acting",
    "be unavailable",
    "answer status 302 before acting",
    "answer status 302 after acting",
    "answer status 408 before acting",
    "answer status 408 after acting",
    "answer status 418 before acting",
    "answer status 418 after acting",
    "answer status 425 before acting",
    "answer status 425 after acting",
    "answer nonsense",
    "answer broken JSON",
    "answer about another job",
    "answer with an ARN of another type",
    "answer an unknown code",
    "answer that the clock is wrong",
    "answer that access is denied",
    "answer that the token has expired",
    "answer that a limit is exceeded",
    "answer that the request is invalid",
    "answer that the job does not exist",
    "hang up before acting, then refuse connections",
    "hang up after acting, then refuse connections",
]
"""A fault of one attempt. "Acting" means that the service performs the operation, even if the response is lost.

The service acts with each fault that contains "after acting", and with "none", "reset in mid-answer", "cut the answer
short", "answer nonsense", "answer broken JSON", "answer about another job" and "answer with an ARN of another type".

With "stall", `FaultyServer` waits for 60 seconds, or until it is closed, and closes the connection without a response;
`StubTransport` does not wait.
"""

REQUEST_ID = "00000000-0000-0000-0000-000000000000"
"""The request id of each response that has one."""


class ErrorResponse(NamedTuple):
    """An error response, or one that is not valid.

    Attributes:
        status: the HTTP status.
        code: the error code that botocore reads; empty for an invalid response with the status 200.
        message: the message that botocore reads.
        content: the bytes of the response. Defaults to the usual JSON document.
    """

    status: int
    code: str
    message: str = ""
    content: bytes | None = None

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """Create the response of the service."""
        return cls(refusal.status, refusal.code, refusal.message)

    def to_bytes(self) -> bytes:
        document = {"__type": self.code, "message": self.message}
        return json.dumps(document).encode() if self.content is None else self.content


class Effect(NamedTuple):
    """The effects of a fault.

    Attributes:
        acts: whether the service performs the operation.
        response: the response in place of that of the service.
        lost: how the response is lost; None if it is not.
        refuses: whether later connections are refused.
        replaced: other values for members of the response.
    """

    acts: bool = False
    response: ErrorResponse | None = None
    lost: Literal["hang up", "stall", "reset early", "reset late", "cut"] | None = None
    refuses: bool = False
    replaced: Mapping[str, str] = {}

    def apply(self, response: Mapping[str, Any]) -> dict[str, Any]:
        """Return a response with the replaced members; missing members are not added."""
        return {name: self.replaced.get(name, value) for name, value in response.items()}


def _page(status: int) -> ErrorResponse:
    """Return the response of a proxy in place of the service."""
    content = f"<html><body>HTTP {status}</body></html>".encode()
    return ErrorResponse(status, str(status), foreign_response_text(status, content, str), content)


def _error(code: str, message: str, status: int = 400) -> Effect:
    return Effect(response=ErrorResponse(status, code, message))


def _invalid_response(content: bytes) -> Effect:
    return Effect(acts=True, response=ErrorResponse(200, "", content=content))


_ARN = "arn:aws:sagemaker:us-east-1:123456789012:"
_ANOTHER_JOB = {
    "HyperParameterTuningJobName": "another-job",
    "HyperParameterTuningJobArn": f"{_ARN}hyper-parameter-tuning-job/another-job",
}
_ANOTHER_TYPE = {"HyperParameterTuningJobArn": f"{_ARN}training-job/job"}

# Effects of faults before acting; those after acting have the same effects, and the service acts.
_BEFORE_ACTING: dict[str, Effect] = {
    "hang up before acting": Effect(lost="hang up"),
    "stall before acting": Effect(lost="stall"),
    "fail before acting": _error("InternalFailure", "", 500),
    "fail with a page before acting": Effect(response=_page(502)),
    **{f"answer status {status} before acting": Effect(response=_page(status)) for status in (302, 408, 418, 425)},
    "hang up before acting, then refuse connections": Effect(lost="hang up", refuses=True),
}

EFFECTS: dict[str, Effect] = {
    **_BEFORE_ACTING,
    **{fault.replace("before", "after"): effect._replace(acts=True) for fault, effect in _BEFORE_ACTING.items()},
    "none": Effect(acts=True),
    "reset in mid-request": Effect(lost="reset early"),
    "reset in mid-answer": Effect(acts=True, lost="reset late"),
    "cut the answer short": Effect(acts=True, lost="cut"),
    "throttle": _error("ThrottlingException", "Rate exceeded"),
    "throttle by status": _error("TooManyRequestsException", "Too many requests", 429),
    "be unavailable": _error("ServiceUnavailable", "Try again later", 503),
    "answer nonsense": _invalid_response(b"<html>not what was asked for</html>"),
    "answer broken JSON": _invalid_response(b'{"HyperParameterTuningJobArn": "arn:aws:'),
    "answer about another job": Effect(acts=True, replaced=_ANOTHER_JOB),
    "answer with an ARN of another type": Effect(acts=True, replaced=_ANOTHER_TYPE),
    "answer an unknown code": _error("BrandNewException", "never seen before"),
    "answer that the clock is wrong": _error(
        "InvalidSignatureException",
        "Signature expired: 20261124T070000Z is now earlier than 20261124T075500Z (20261124T080000Z - 5 min.)",
        403,
    ),
    "answer that access is denied": _error("AccessDeniedException", "User is not authorized to perform this action"),
    "answer that the token has expired": _error(
        "ExpiredTokenException", "The security token included in the request is expired"
    ),
    "answer that a limit is exceeded": _error("ResourceLimitExceeded", "The account-level service limit is exceeded"),
    "answer that the request is invalid": _error("ValidationException", "The request is not valid for this account"),
    "answer that the job does not exist": _error(
        "ResourceNotFound", "Amazon SageMaker can't find a tuning job with this name"
    ),
}
"""The effects of each fault."""
