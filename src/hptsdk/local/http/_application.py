"""The WSGI application: it finds the service of a request by its signature, and checks the host and the signature."""

from __future__ import annotations

import logging
import time
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from typing_extensions import override
from waitress.buffers import ReadOnlyFileBasedBuffer

from hptsdk.local.http._messages import Request, RequestError
from hptsdk.local.http._server import MARK_SIGNED
from hptsdk.local.http._signatures import service_of
from hptsdk.local.jobs import INTERNAL_FAILURE, STATE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hptsdk.local.http._messages import Response, Service
    from hptsdk.local.http._signatures import Signatures

__all__ = ["Application"]

_logger = logging.getLogger("hptsdk.local")

_SAGEMAKER, _S3 = "sagemaker", "s3"


class _File(ReadOnlyFileBasedBuffer):
    """A file that is sent as a response."""

    @override
    def get(self, numbytes: int = -1, skip: bool = False) -> bytes:
        """Return the next bytes.

        Raises:
            OSError: the file has become shorter; the server closes the connection.
        """
        block: bytes = super().get(numbytes, skip)
        if self.remain and not block:
            raise OSError("the file became shorter while it was sent")
        return block


class Application:
    """The WSGI application.

    Args:
        services: the services, by their names in the scope of a signature. It has "sagemaker" and "s3".
        signatures: checks the signatures of requests.
        uploads: the folder for large bodies.

    Attributes:
        host: the host that requests must name, besides localhost.
        port: the port that requests must name.
        uploads: the folder for large bodies.
    """

    host = "127.0.0.1"

    def __init__(self, services: Mapping[str, Service], signatures: Signatures, uploads: Path) -> None:
        self._services = services
        self._signatures = signatures
        self.uploads = uploads
        self.port = 0

    def __call__(
        self, environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]
    ) -> list[bytes] | _File:
        """Respond to a request."""
        began = time.monotonic()
        request = Request.of_environ(environ)
        service = self._service(request)
        response = self._respond(service, request, environ[MARK_SIGNED])
        seconds = time.monotonic() - began
        operation = service.operation(request)
        _logger.info("%s: %d %s in %.0f ms", operation, response.status, response.code, seconds * 1000)
        headers = {
            # a header is sent as Latin-1, and the metadata of an object may have other characters
            **{name: value.encode().decode("latin-1") for name, value in response.headers.items()},
            "Content-Length": str(response.content_length),
            "x-amzn-RequestId": str(uuid.uuid4()),
        }
        start(f"{response.status} {HTTPStatus(response.status).phrase}", list(headers.items()))
        if isinstance(response.body, bytes):
            return [response.body]
        # waitress has types for files in memory only
        file: Any = response.body
        return _File(file)

    def _name(self, request: Request) -> str:
        """Return the name of the service of a request; without a valid scope, the one that its form suggests."""
        name = service_of(request.headers)
        if name is not None and name in self._services:
            return name
        return _SAGEMAKER if (request.method, request.path) == ("POST", "/") or name is not None else _S3

    def _service(self, request: Request) -> Service:
        return self._services[self._name(request)]

    def _respond(self, service: Service, request: Request, mark_signed: Callable[[], None]) -> Response:
        """Return the response to a request."""
        try:
            self._check_host(request.headers.get("host", ""))
            _check_method(request.method, service.methods)
            signature = self._signatures.check(request, self._name(request))
            mark_signed()
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
        """Check whether a request, of which only the headers are received, may have a large body: an object for S3."""
        if service_of(request.headers) != _S3:
            return False
        try:
            self._check_host(request.headers.get("host", ""))
            self._signatures.check(request, _S3)
        except RequestError:
            return False
        return True

    def _check_host(self, host: str) -> None:
        """Refuse requests for another host name, which a web page could send by DNS rebinding."""
        name, _, port = host.partition(":")
        if name not in (self.host, "localhost") or port != str(self.port):
            raise RequestError("denied", f"This service is {self.host}:{self.port}, not {host}.")


def _check_method(method: str, methods: frozenset[str]) -> None:
    """Refuse methods that no operation of a service has."""
    if method not in methods:
        raise RequestError("method", f"Every operation requires the method {' or '.join(sorted(methods))}.")
