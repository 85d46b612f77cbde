"""The protocol of the API: AWS JSON 1.1 over HTTP, as a WSGI application."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
import uuid
from contextlib import nullcontext
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from hptsdk._validation import is_dict
from hptsdk.local.http._server import MARK_SIGNED
from hptsdk.local.jobs import INTERNAL_FAILURE, STATE_ERRORS
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hptsdk.local.http._operations import Operations
    from hptsdk.local.http._signatures import Signatures

__all__ = ["Application"]

_logger = logging.getLogger("hptsdk.local")

_CONTENT_TYPE = "application/x-amz-json-1.1"
# Requests with larger bodies are handled one at a time: each takes seconds, and others would wait for a thread.
_LARGE_BODY = 1 << 20
_PREFIX = "SageMaker."
_TARGET = re.compile(r"SageMaker\.([A-Za-z]{1,60})")


class Application:
    """The WSGI application.

    Args:
        operations: the operations of the API.
        signatures: checks the signatures of requests.

    Attributes:
        host: the host that requests must name, besides localhost.
        port: the port that requests must name.
    """

    host = "127.0.0.1"

    def __init__(self, operations: Operations, signatures: Signatures) -> None:
        self._operations = operations
        self._signatures = signatures
        self.port = 0
        self._large_request = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]
    ) -> Iterable[bytes]:
        """Respond to a request."""
        began = time.monotonic()
        status, code, content = self._respond(environ)
        _logger.info("%s: %d %s in %.0f ms", _operation(environ), status, code, (time.monotonic() - began) * 1000)
        headers = [
            ("Content-Type", _CONTENT_TYPE),
            ("Content-Length", str(len(content))),
            ("x-amzn-RequestId", str(uuid.uuid4())),
        ]
        start(f"{status} {HTTPStatus(status).phrase}", headers)
        return [content]

    def _respond(self, environ: dict[str, Any]) -> tuple[int, str, bytes]:
        """Return the status, "OK" or the error code, and the content of a response."""
        try:
            return 200, "OK", self._call(environ)
        except Refusal as refusal:
            status, code, message = refusal.status, refusal.code, refusal.message
        except STATE_ERRORS as error:
            _logger.warning("a request failed, because the store cannot be read or written: %s", error)
            message = f"The local service cannot read or write its state now: {error}."
            status, code = 500, "InternalFailure"
        except Exception:
            # a caller gets a response after every error
            _logger.exception("a request failed: internal error")
            status, code, message = 500, "InternalFailure", INTERNAL_FAILURE
        return status, code, json.dumps({"__type": code, "message": message}).encode()

    def _call(self, environ: dict[str, Any]) -> bytes:
        """Return the content of the response of an operation.

        Raises:
            Refusal: the request is refused.
            StoreUnavailableError: the store cannot be read or written now.
        """
        headers = _headers(environ)
        self._check_host(headers.get("host", ""))
        if environ["REQUEST_METHOD"] != "POST":
            raise Refusal("UnknownOperationException", "Every operation requires the method POST.", 405)
        body: bytes = environ["wsgi.input"].read()
        path = str(environ.get("PATH_INFO") or "/")
        self._signatures.check(path, headers, body)
        environ[MARK_SIGNED]()
        target = headers.get("x-amz-target", "")
        if not target.startswith(_PREFIX) or path != "/":
            message = f"The operation {target or '(no X-Amz-Target)'} does not exist."
            raise Refusal("UnknownOperationException", message, 404)
        with self._large_request if len(body) > _LARGE_BODY else nullcontext():
            response = self._operations.call(target.removeprefix(_PREFIX), _parse(body))
        return b"" if response is None else json.dumps(response, allow_nan=False).encode()

    def _check_host(self, host: str) -> None:
        """Refuse requests for another host name, which a web page could send by DNS rebinding."""
        name, _, port = host.partition(":")
        if name not in (self.host, "localhost") or port != str(self.port):
            raise Refusal("AccessDeniedException", f"This service is {self.host}:{self.port}, not {host}.", 403)


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    """Return the headers of a request, with names in lower case."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    return {name: value.encode("latin-1").decode(errors="replace") for name, value in headers.items()}


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


def _operation(environ: dict[str, Any]) -> str:
    """Return the operation for the log, which has no other text from callers without credentials."""
    match = _TARGET.fullmatch(environ.get("HTTP_X_AMZ_TARGET", ""))
    return match[1] if match else "a request without an operation"
