"""Intercept the requests of a tool in botocore before they are sent."""

import io
import os
from collections.abc import Iterator
from typing import Any

import botocore.httpsession
from botocore.awsrequest import AWSResponse


class SentError(BaseException):
    """botocore would send a request with this body. No tool catches this error, because it is not an Exception."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body


class _Raw(io.BytesIO):
    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.getvalue()


def catch() -> None:
    """Make botocore raise SentError for a Create call of a tuning job, and return AccessDenied for other calls."""
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
    os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
    session: Any = botocore.httpsession.URLLib3Session
    session.send = _send


def _send(_: object, request: Any) -> Any:  # noqa: ANN401 - a request of botocore
    if b"CreateHyperParameterTuningJob" in (request.headers.get("X-Amz-Target") or b""):
        raise SentError(request.body)
    denied = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>offline</Message></Error></ErrorResponse>"
    answer: Any = AWSResponse
    return answer(request.url, 403, {}, _Raw(denied))
