"""The WSGI application, which chooses the service of a request by its signature, and the protocols of the services.

The protocols are AWS JSON 1.1, and the query protocol of STS, whose responses are XML documents.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from typing_extensions import override
from waitress.buffers import ReadOnlyFileBasedBuffer

from hptsdk._validation import is_dict
from hptsdk.local.http._messages import RequestError, Response, Service, service_of
from hptsdk.local.http._server import CONNECTION, REQUEST
from hptsdk.local.jobs import INTERNAL_FAILURE, STATE_ERRORS
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hptsdk.local.http._messages import Content, Request, Signature, Signatures
    from hptsdk.local.http._server import Connection

_logger = logging.getLogger("hptsdk.local")

_SAGEMAKER, _S3 = "sagemaker", "s3"


class _File(ReadOnlyFileBasedBuffer):
    """A file that is sent as a response."""

    @override
    def get(self, numbytes: int = -1, skip: bool = False) -> bytes:
        block: bytes = super().get(numbytes, skip)
        if self.remain and not block:
            raise OSError("the file became shorter while it was sent")
        return block


class Application:
    """The WSGI application of a server, which passes each request to a service.

    Args:
        services: the services, by their names in the scope of a signature. It has "sagemaker" and "s3".
        signatures: checks the signatures of requests.
        uploads: the folder for large bodies.
        other: the service for requests whose signature names none of these. Defaults to "sagemaker".

    Attributes:
        host: the host that the header Host of a request must have, if not localhost.
        port: its port, which `Server` sets.
    """

    host = "127.0.0.1"

    def __init__(
        self, services: Mapping[str, Service], signatures: Signatures, uploads: Path, other: Service | None = None
    ) -> None:
        self._services = services
        self._other = other
        self._signatures = signatures
        self.uploads = uploads
        self.port = 0

    def __call__(
        self, environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]
    ) -> list[bytes] | _File:
        began = time.monotonic()
        request: Request = environ[REQUEST]
        name, service = self._service(request)
        response = self._respond(name, service, request, environ[CONNECTION])
        milliseconds = (time.monotonic() - began) * 1000
        operation = service.operation(request)
        _logger.info("%s: %d %s in %.0f ms", operation, response.status, response.code, milliseconds)
        headers = {
            # a header is sent as Latin-1, and the metadata of an object may have other characters
            **{name: value.encode().decode("latin-1") for name, value in response.headers.items()},
            "Content-Length": str(response.length),
            "x-amzn-RequestId": str(uuid.uuid4()),
        }
        start(f"{response.status} {HTTPStatus(response.status).phrase}", list(headers.items()))
        if isinstance(response.body, bytes):
            return [response.body]
        # waitress has types for files in memory only
        file: Any = response.body
        return _File(file)

    def _service(self, request: Request) -> tuple[str, Service]:
        """Return the name that a request must be signed for, and its service."""
        name = service_of(request.headers)
        if name is None:  # the service that its form suggests
            name = _SAGEMAKER if (request.method, request.path) == ("POST", "/") else _S3
        if (service := self._services.get(name, self._other)) is not None:
            return name, service
        return _SAGEMAKER, self._services[_SAGEMAKER]

    def _respond(self, name: str, service: Service, request: Request, connection: Connection) -> Response:
        try:
            self._check_host(request.headers.get("host", ""))
            _check_method(request.method, service.methods)
            signature = self._signatures.check(request, name)
            connection.is_signed = True
            return service.respond(request, signature)
        except RequestError as error:
            return service.refuse(request, error)
        except STATE_ERRORS as error:
            _logger.warning("a request failed, because the store cannot be read or written: %s", error)
            message = f"The local service cannot read or write its state now: {error}."
            return service.refuse(request, RequestError("internal", message))
        except Exception:
            # a caller gets a response after every error
            _logger.exception("a request failed: internal error")
            return service.refuse(request, RequestError("internal", INTERNAL_FAILURE))

    def accepts_large_body(self, request: Request) -> bool:
        """Check whether a request, of which only the headers are received, may have a body of 4 MiB or more.

        It may if it is a request to S3 with a valid host and signature.
        """
        if service_of(request.headers) != _S3:
            return False
        try:
            self._check_host(request.headers.get("host", ""))
            self._signatures.check(request, _S3)
        except RequestError:
            return False
        return True

    def _check_host(self, host: str) -> None:
        """Reject requests with another header Host, which a web page could send by DNS rebinding."""
        name, _, port = host.partition(":")
        if name not in (self.host, "localhost") or port != str(self.port):
            raise RequestError("denied", f"Host: expected {self.host}:{self.port}, got {host}.")


def _check_method(method: str, methods: frozenset[str]) -> None:
    if method not in methods:
        raise RequestError("method", f"Every operation requires the method {' or '.join(sorted(methods))}.")


_JSON_HEADERS = {"Content-Type": "application/x-amz-json-1.1"}
# Requests with more bytes are handled one at a time: each takes seconds, and others would wait for a thread.
_LARGE_BODY = 1 << 20

_XML_HEADERS = {"Content-Type": "text/xml"}
_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_IDENTITY = "GetCallerIdentity"


class JsonService(Service):
    """A service with the protocol AWS JSON 1.1.

    Args:
        respond: returns the response to the name of an operation and the body of a request; None for no output.
        prefix: the prefix of the names of operations in the header X-Amz-Target, such as "SageMaker".
    """

    methods = frozenset({"POST"})
    codes = {  # noqa: RUF012 - a constant
        "denied": ("AccessDeniedException", 403),
        "method": ("UnknownOperationException", 405),
        "missing": ("MissingAuthenticationTokenException", 403),
        "malformed": ("IncompleteSignatureException", 403),
        "key": ("UnrecognizedClientException", 403),
        "signature": ("InvalidSignatureException", 403),
        "internal": ("InternalFailure", 500),
    }

    def __init__(self, respond: Callable[[str, dict[str, object]], dict[str, Any] | None], prefix: str) -> None:
        self._respond = respond
        self._target = re.compile(rf"{re.escape(prefix)}\.([A-Za-z]{{1,60}})")
        self._large_request = threading.Lock()

    @override
    def operation(self, request: Request) -> str:
        match = self._target.fullmatch(request.headers.get("x-amz-target", ""))
        return match[1] if match else "a request without an operation"

    @override
    def call(self, request: Request, signature: Signature) -> Response:
        body, target = request.body.read(), request.headers.get("x-amz-target", "")
        match = self._target.fullmatch(target)
        if match is None or (request.path, request.query) != ("/", ""):
            message = f"X-Amz-Target: expected SERVICE.OPERATION for /, got {target or 'no header'} for {request.path}."
            raise Refusal("UnknownOperationException", message, 404)
        with self._large_request if len(body) > _LARGE_BODY else nullcontext():
            response = self._respond(match[1], _parse(body))
        text = "" if response is None else json.dumps(response, allow_nan=False)
        return Response(text.encode(), headers=_JSON_HEADERS)

    @override
    def error(self, request: Request, refusal: Refusal) -> Response:
        body = json.dumps({"__type": refusal.code, "message": refusal.message}).encode()
        return Response(body, refusal.status, refusal.code, _JSON_HEADERS)


def _parse(body: bytes) -> dict[str, object]:
    """Return the JSON object in a body; an empty body is an empty object."""
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
    """AWS STS with the operation GetCallerIdentity, which returns a user of the account."""

    methods = frozenset({"GET", "POST"})
    codes = {  # noqa: RUF012 - a constant
        "denied": ("AccessDenied", 403),
        "method": ("InvalidAction", 400),
        "missing": ("MissingAuthenticationToken", 403),
        "malformed": ("IncompleteSignature", 400),
        "key": ("InvalidClientTokenId", 403),
        "signature": ("SignatureDoesNotMatch", 403),
        "internal": ("InternalFailure", 500),
    }

    def __init__(self, account: str, access_key: str) -> None:
        self._identity = {
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
        error = {"Type": "Sender", "Code": refusal.code, "Message": refusal.message}
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


# The characters that XML 1.0 does not allow, and CR, which parsers replace. S3 also writes them as references.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]")


def xml_document(name: str, content: Content, namespace: str | None = None) -> bytes:
    """Return an XML document.

    Args:
        name: the name of the root element.
        content: its content: text, an integer, a Boolean, or its child elements by name. A sequence is an element for
            each item. An element that is None is omitted.
        namespace: the XML namespace. Defaults to none.
    """
    attribute = f' xmlns="{namespace}"' if namespace else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}{attribute}>{_text(content)}</{name}>'.encode()


def _text(content: Content) -> str:
    if isinstance(content, Mapping):
        return "".join(f"<{name}>{_text(item)}</{name}>" for name, value in content.items() for item in _items(value))
    if isinstance(content, bool):
        return "true" if content else "false"
    return _CONTROL.sub(lambda match: f"&#{ord(match[0])};", escape(f"{content}"))


def _items(value: Content) -> Sequence[Content]:
    if value is None:
        return ()
    return [value] if isinstance(value, (str, int, Mapping)) else value
