"""What can go wrong with one attempt at a call, and what each of these does; the same for the server and the stub."""

from __future__ import annotations

import json
from typing import Literal, NamedTuple

from hptsdk._service_errors import foreign_text

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
    "answer nonsense",
    "answer broken JSON",
    "answer an unknown code",
    "answer that the clock is wrong",
    "answer that access is denied",
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
    """

    acts: bool = False
    said: Said | None = None
    lost: Literal["hang up", "stall", "reset early", "reset late", "cut"] | None = None
    refuses: bool = False


_FAILED = Said(500, "InternalFailure")
# A proxy or gateway speaks for a service that it cannot reach.
_PAGE_CONTENT = b"<html><body>502 Bad Gateway</body></html>"
_PAGE = Said(502, "502", foreign_text(502, _PAGE_CONTENT, str), _PAGE_CONTENT)

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
    "fail with a page before acting": Effect(said=_PAGE),
    "fail with a page after acting": Effect(acts=True, said=_PAGE),
    "be unavailable": Effect(said=Said(503, "ServiceUnavailable", "Try again later")),
    "answer nonsense": Effect(acts=True, said=Said(200, "", content=b"<html>not what was asked for</html>")),
    "answer broken JSON": Effect(acts=True, said=Said(200, "", content=b'{"HyperParameterTuningJobArn": "arn:aws:')),
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
    "hang up before acting, then refuse connections": Effect(lost="hang up", refuses=True),
    "hang up after acting, then refuse connections": Effect(acts=True, lost="hang up", refuses=True),
}
