"""The operation GetCallerIdentity of AWS STS, with the AWS query protocol."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from hptsdk.local.http._messages import Response
from hptsdk.local.http._xml import xml_document

if TYPE_CHECKING:
    from hptsdk.local.http._messages import Reason, Request, RequestError
    from hptsdk.local.http._signatures import Signature
    from hptsdk.local.http._xml import Content

__all__ = ["Sts"]

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_HEADERS = {"Content-Type": "text/xml"}
_OPERATION = "GetCallerIdentity"

# The error codes and statuses of requests that are not passed to an operation.
_CODES: dict[Reason, tuple[str, int]] = {
    "denied": ("AccessDenied", 403),
    "method": ("InvalidAction", 400),
    "missing": ("MissingAuthenticationToken", 403),
    "malformed": ("IncompleteSignature", 400),
    "key": ("InvalidClientTokenId", 403),
    "scope": ("SignatureDoesNotMatch", 403),
    "digest": ("SignatureDoesNotMatch", 403),
    "signature": ("SignatureDoesNotMatch", 403),
    "expired": ("SignatureDoesNotMatch", 403),
    "state": ("InternalFailure", 500),
    "internal": ("InternalFailure", 500),
}


class Sts:
    """AWS STS, which has the operation GetCallerIdentity.

    Args:
        account: the ID of the AWS account.
        access_key: the access key of callers.
    """

    methods = frozenset({"GET", "POST"})

    def __init__(self, account: str, access_key: str) -> None:
        self._identity: dict[str, Content] = {
            "Arn": f"arn:aws:iam::{account}:user/hptsdk",
            "UserId": f"AIDA{access_key[4:]}",
            "Account": account,
        }

    def operation(self, request: Request) -> str:
        """Return the operation of a request for the log."""
        return _OPERATION if _OPERATION in _actions(request) else "a request to STS without a known operation"

    def respond(self, request: Request, _signature: Signature) -> Response:
        """Return the response of an operation."""
        if _actions(request) != [_OPERATION]:
            return _error("InvalidAction", 400, f"The local service has no operation of STS except {_OPERATION}.")
        request_id: dict[str, Content] = {"RequestId": str(uuid.uuid4())}
        content: dict[str, Content] = {f"{_OPERATION}Result": self._identity, "ResponseMetadata": request_id}
        return Response(xml_document(f"{_OPERATION}Response", content, _NAMESPACE), headers=_HEADERS)

    def refuse(self, _request: Request, error: RequestError) -> Response:
        """Return the response to a request that is not passed to an operation."""
        return _error(*_CODES[error.reason], error.message)


def _actions(request: Request) -> list[str]:
    """Return the actions that a request names, which should be one."""
    request.body.seek(0)
    text = request.query if request.method == "GET" else request.body.read().decode("latin-1")
    return [value for name, value in parse_qsl(text) if name == "Action"]


def _error(code: str, status: int, message: str) -> Response:
    error: dict[str, Content] = {"Type": "Sender", "Code": code, "Message": message}
    content: dict[str, Content] = {"Error": error, "RequestId": str(uuid.uuid4())}
    return Response(xml_document("ErrorResponse", content, _NAMESPACE), status, code, _HEADERS)
