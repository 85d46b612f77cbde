"""The protocol of SageMaker: AWS JSON 1.1."""

from __future__ import annotations

import json
import re
import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Protocol

from hptsdk._validation import is_dict
from hptsdk.local.http._messages import Response
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local.http._messages import Reason, Request, RequestError
    from hptsdk.local.http._signatures import Signature

__all__ = ["JsonService"]

_HEADERS = {"Content-Type": "application/x-amz-json-1.1"}
# Requests with larger bodies are handled one at a time: each takes seconds, and others would wait for a thread.
_LARGE_BODY = 1 << 20

# The error codes and statuses of requests that are not passed to an operation.
_CODES: dict[Reason, tuple[str, int]] = {
    "denied": ("AccessDeniedException", 403),
    "method": ("UnknownOperationException", 405),
    "missing": ("MissingAuthenticationTokenException", 403),
    "malformed": ("IncompleteSignatureException", 403),
    "key": ("UnrecognizedClientException", 403),
    "scope": ("InvalidSignatureException", 403),
    "digest": ("InvalidSignatureException", 403),
    "signature": ("InvalidSignatureException", 403),
    "expired": ("InvalidSignatureException", 403),
    "state": ("InternalFailure", 500),
    "internal": ("InternalFailure", 500),
}


class _Operations(Protocol):
    """The operations of a service."""

    def call(self, operation: str, body: Mapping[str, object], /) -> dict[str, Any] | None:
        """Return the response of an operation; None if it has no output."""
        ...


class JsonService:
    """A service with the protocol AWS JSON 1.1.

    Args:
        operations: its operations.
        prefix: the prefix of their names in the header X-Amz-Target, such as "SageMaker".
    """

    methods = frozenset({"POST"})

    def __init__(self, operations: _Operations, prefix: str) -> None:
        self._operations = operations
        self._prefix = f"{prefix}."
        self._target = re.compile(rf"{re.escape(prefix)}\.([A-Za-z]{{1,60}})")
        self._large_request = threading.Lock()

    def operation(self, request: Request) -> str:
        """Return the operation of a request for the log."""
        match = self._target.fullmatch(request.headers.get("x-amz-target", ""))
        return match[1] if match else "a request without an operation"

    def respond(self, request: Request, _signature: Signature) -> Response:
        """Return the response of an operation."""
        try:
            return Response(self._call(request), headers=_HEADERS)
        except Refusal as refusal:
            return _error(refusal.status, refusal.code, refusal.message)

    def refuse(self, _request: Request, error: RequestError) -> Response:
        """Return the response to a request that is not passed to an operation."""
        code, status = _CODES[error.reason]
        return _error(status, code, error.message)

    def _call(self, request: Request) -> bytes:
        """Return the content of the response of an operation.

        Raises:
            Refusal: the request is refused.
            StoreUnavailableError: the store cannot be read or written now.
        """
        body, target = request.body.read(), request.headers.get("x-amz-target", "")
        if not target.startswith(self._prefix) or (request.path, request.query) != ("/", ""):
            message = f"The operation {target or '(no X-Amz-Target)'} does not exist."
            raise Refusal("UnknownOperationException", message, 404)
        with self._large_request if len(body) > _LARGE_BODY else nullcontext():
            response = self._operations.call(target.removeprefix(self._prefix), _parse(body))
        return b"" if response is None else json.dumps(response, allow_nan=False).encode()


def _error(status: int, code: str, message: str) -> Response:
    return Response(json.dumps({"__type": code, "message": message}).encode(), status, code, _HEADERS)


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
