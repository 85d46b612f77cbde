"""What can go wrong with one attempt at a call, and what each of these does; the same for the server and the stub."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hptsdk.transport import foreign_response_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EFFECTS", "REQUEST_ID", "Effect", "Fault", "Said"]

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
"""What can go wrong with one attempt; "acting" is what the service does, which an answer that is lost does not undo.

Of a server, stalling lasts until the client hangs up or the server closes.
"""

# The id that both give every answer.
REQUEST_ID = "00000000-0000-0000-0000-000000000000"


class Said(NamedTuple):
    """An answer in place of the service's own.

    Attributes:
        status: of HTTP.
        code: as botocore reads it; empty in an answer that makes no sense.
        message: likewise.
        content: the bytes, where they are not the usual JSON.
    """

    status: int
    code: str
    message: str = ""
    content: bytes | None = None

    def as_bytes(self) -> bytes:
        """Write it as the service would."""
        usual = {"__type": self.code, "message": self.message}
        return json.dumps(usual).encode() if self.content is None else self.content


class Effect(NamedTuple):
    """What a fault does.

    Attributes:
        acts: whether the service acts.
        said: what is answered instead of the service's answer.
        lost: how the answer is lost, if it is.
        refuses: whether no connection is accepted from then on.
        replaced: other values for members of the service's answer.
    """

    acts: bool = False
    said: Said | None = None
    lost: Literal["hang up", "stall", "reset early", "reset late", "cut"] | None = None
    refuses: bool = False
    replaced: Mapping[str, str] = {}

    def changed(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Return the service's answer with the replaced members; members that it lacks are not added."""
        return {name: self.replaced.get(name, value) for name, value in answer.items()}


_FAILED = Said(500, "InternalFailure")
_ARN = "arn:aws:sagemaker:us-east-1:123456789012:"
_OF_ANOTHER_JOB = {
    "HyperParameterTuningJobName": "another-job",
    "HyperParameterTuningJobArn": f"{_ARN}hyper-parameter-tuning-job/another-job",
}


def _page(status: int) -> Said:
    """Return the answer of a proxy that answers in place of the service."""
    content = f"<html><body>HTTP {status}</body></html>".encode()
    return Said(status, str(status), foreign_response_text(status, content, str), content)


EFFECTS: dict[Fault, Effect] = {
    "none": Effect(acts=True),
    "hang up before acting": Effect(lost="hang up"),
    "hang up after acting": Effect(acts=True, lost="hang up"),
    "reset in mid-request": Effect(lost="reset early"),
    "reset in mid-answer": Effect(acts=True, lost="reset late"),
    "cut the answer short": Effect(acts=True, lost="cut"),
    "stall before acting": Effect(lost="stall"),
    "stall after acting": Effect(acts=True, lost="stall"),
    "throttle": Effect(said=Said(400, "ThrottlingException", "Rate exceeded")),
    "throttle by status": Effect(said=Said(429, "TooManyRequestsException", "Too many requests")),
    "fail before acting": Effect(said=_FAILED),
    "fail after acting": Effect(acts=True, said=_FAILED),
    "fail with a page before acting": Effect(said=_page(502)),
    "fail with a page after acting": Effect(acts=True, said=_page(502)),
    "be unavailable": Effect(said=Said(503, "ServiceUnavailable", "Try again later")),
    "answer status 302 before acting": Effect(said=_page(302)),
    "answer status 302 after acting": Effect(acts=True, said=_page(302)),
    "answer status 408 before acting": Effect(said=_page(408)),
    "answer status 408 after acting": Effect(acts=True, said=_page(408)),
    "answer status 418 before acting": Effect(said=_page(418)),
    "answer status 418 after acting": Effect(acts=True, said=_page(418)),
    "answer status 425 before acting": Effect(said=_page(425)),
    "answer status 425 after acting": Effect(acts=True, said=_page(425)),
    "answer nonsense": Effect(acts=True, said=Said(200, "", content=b"<html>not what was asked for</html>")),
    "answer broken JSON": Effect(acts=True, said=Said(200, "", content=b'{"HyperParameterTuningJobArn": "arn:aws:')),
    "answer about another job": Effect(acts=True, replaced=_OF_ANOTHER_JOB),
    "answer with an ARN of another type": Effect(
        acts=True, replaced={"HyperParameterTuningJobArn": f"{_ARN}training-job/job"}
    ),
    "answer an unknown code": Effect(said=Said(400, "BrandNewException", "never seen before")),
    "answer that the clock is wrong": Effect(
        said=Said(
            403,
            "InvalidSignatureException",
            "Signature expired: 20261124T070000Z is now earlier than 20261124T075500Z (20261124T080000Z - 5 min.)",
        )
    ),
    "answer that access is denied": Effect(
        said=Said(400, "AccessDeniedException", "User is not authorized to perform this action")
    ),
    "answer that the token has expired": Effect(
        said=Said(400, "ExpiredTokenException", "The security token included in the request is expired")
    ),
    "answer that a limit is exceeded": Effect(
        said=Said(400, "ResourceLimitExceeded", "The account-level service limit is exceeded")
    ),
    "answer that the request is invalid": Effect(
        said=Said(400, "ValidationException", "The request is invalid for a reason of the account")
    ),
    "answer that the job does not exist": Effect(
        said=Said(400, "ResourceNotFound", "Amazon SageMaker can't find a tuning job of this name")
    ),
    "hang up before acting, then refuse connections": Effect(lost="hang up", refuses=True),
    "hang up after acting, then refuse connections": Effect(acts=True, lost="hang up", refuses=True),
}
