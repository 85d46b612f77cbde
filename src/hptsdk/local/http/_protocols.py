"""The protocols of SageMaker, AWS JSON 1.1, and of AWS STS, the AWS query protocol."""

from __future__ import annotations

import json
import re
import threading
import uuid
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from typing_extensions import override

from hptsdk._validation import is_dict
from hptsdk.local.http._messages import Response, Service, xml_document
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local.http._messages import Content, Request
    from hptsdk.local.http._signatures import Signature

__all__ = ["JsonService", "Sts"]

_JSON_HEADERS = {"Content-Type": "application/x-amz-json-1.1"}
# Requests with larger bodies are handled one at a time: each takes seconds, and others would wait for a thread.
_LARGE_BODY = 1 << 20

_XML_HEADERS = {"Content-Type": "text/xml"}
_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_IDENTITY = "GetCallerIdentity"


class _Operations(Protocol):
    """The operations of a service."""

    def call(self, operation: str, body: Mapping[str, object], /) -> dict[str, Any] | None:
        """Return the response of an operation; None if it has no output."""
        ...


class JsonService(Service):
    """A service with the protocol AWS JSON 1.1.

    Args:
        operations: its operations.
        prefix: the prefix of their names in the header X-Amz-Target, such as "SageMaker".
    """

    methods = frozenset({"POST"})
    codes = {  # noqa: RUF012 - a constant
        "denied": ("AccessDeniedException", 403),
        "method": ("UnknownOperationException", 405),
        "missing": ("MissingAuthenticationTokenException", 403),
        "malformed": ("IncompleteSignatureException", 403),
        "key": ("UnrecognizedClientException", 403),
        "scope": ("InvalidSignatureException", 403),
        "digest": ("InvalidSignatureException", 403),
        "signature": ("InvalidSignatureException", 403),
        "expired": ("InvalidSignatureException", 403),
        "internal": ("InternalFailure", 500),
    }

    def __init__(self, operations: _Operations, prefix: str) -> None:
        self._operations = operations
        self._prefix = f"{prefix}."
        self._target = re.compile(rf"{re.escape(prefix)}\.([A-Za-z]{{1,60}})")
        self._large_request = threading.Lock()

    @override
    def operation(self, request: Request) -> str:
        match = self._target.fullmatch(request.headers.get("x-amz-target", ""))
        return match[1] if match else "a request without an operation"

    @override
    def call(self, request: Request, signature: Signature) -> Response:
        body, target = request.body.read(), request.headers.get("x-amz-target", "")
        if not target.startswith(self._prefix) or (request.path, request.query) != ("/", ""):
            message = f"The operation {target or '(no X-Amz-Target)'} does not exist."
            raise Refusal("UnknownOperationException", message, 404)
        with self._large_request if len(body) > _LARGE_BODY else nullcontext():
            response = self._operations.call(target.removeprefix(self._prefix), _parse(body))
        return Response(
            b"" if response is None else json.dumps(response, allow_nan=False).encode(), headers=_JSON_HEADERS
        )

    @override
    def error(self, request: Request, refusal: Refusal) -> Response:
        body = json.dumps({"__type": refusal.code, "message": refusal.message}).encode()
        return Response(body, refusal.status, refusal.code, _JSON_HEADERS)


def _parse(body: bytes) -> dict[str, object]:
    """Return the JSON object in a body; an empty body is an empty object.

    Raises:
        Refusal: the body has other content.
    """
    try:
        document: object = json.loads(body or b"{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal("SerializationException", f"The body is not JSON: {error}") from error
    if not is_dict(document):
        raise Refusal("SerializationException", "The body is not a JSON object.")
    return document


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not a JSON number")


class Sts(Service):
    """AWS STS, which has the operation GetCallerIdentity.

    Args:
        account: the ID of the AWS account.
        access_key: the access key of callers.
    """

    methods = frozenset({"GET", "POST"})
    codes = {  # noqa: RUF012 - a constant
        "denied": ("AccessDenied", 403),
        "method": ("InvalidAction", 400),
        "missing": ("MissingAuthenticationToken", 403),
        "malformed": ("IncompleteSignature", 400),
        "key": ("InvalidClientTokenId", 403),
        "scope": ("SignatureDoesNotMatch", 403),
        "digest": ("SignatureDoesNotMatch", 403),
        "signature": ("SignatureDoesNotMatch", 403),
        "expired": ("SignatureDoesNotMatch", 403),
        "internal": ("InternalFailure", 500),
    }

    def __init__(self, account: str, access_key: str) -> None:
        self._identity: dict[str, Content] = {
            "Arn": f"arn:aws:iam::{account}:user/hptsdk",
            "UserId": f"AIDA{access_key[4:]}",
            "Account": account,
        }

    @override
    def operation(self, request: Request) -> str:
        return _IDENTITY if _IDENTITY in _actions(request) else "a request to STS without a known operation"

    @override
    def call(self, request: Request, signature: Signature) -> Response:
        if _actions(request) != [_IDENTITY]:
            raise Refusal("InvalidAction", f"The local service has no operation of STS except {_IDENTITY}.")
        return _xml(f"{_IDENTITY}Response", {f"{_IDENTITY}Result": self._identity, "ResponseMetadata": _request_id()})

    @override
    def error(self, request: Request, refusal: Refusal) -> Response:
        error: Content = {"Type": "Sender", "Code": refusal.code, "Message": refusal.message}
        return _xml("ErrorResponse", {"Error": error, **_request_id()}, refusal)


def _actions(request: Request) -> list[str]:
    """Return the actions that a request names, which should be one."""
    request.body.seek(0)
    text = request.query if request.method == "GET" else request.body.read().decode("latin-1")
    return [value for name, value in parse_qsl(text) if name == "Action"]


def _request_id() -> dict[str, str]:
    return {"RequestId": str(uuid.uuid4())}


def _xml(name: str, content: Content, refusal: Refusal | None = None) -> Response:
    status, code = (200, "OK") if refusal is None else (refusal.status, refusal.code)
    return Response(xml_document(name, content, _NAMESPACE), status, code, _XML_HEADERS)
