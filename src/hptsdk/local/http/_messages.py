"""Requests and responses of the local service, and the interface of its services."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol
from urllib.parse import urlsplit

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hptsdk.local.http._signatures import Signature

__all__ = ["Request", "RequestError", "Response", "Service"]

Reason = Literal[
    "denied", "method", "missing", "malformed", "key", "scope", "digest", "signature", "expired", "state", "internal"
]


class RequestError(Exception):
    """A request that is not passed to a service. Each service has its own error code for each reason.

    Attributes:
        reason: the reason: no access ("denied"), a wrong method, a problem of the signature ("missing", "malformed",
            "key", "scope", "digest", "signature" or "expired"), or an error of the service ("state" or "internal").
        message: the message of the error.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)
        self.reason: Reason = reason
        self.message = message


@attrs.frozen
class Request:
    """An HTTP request.

    Attributes:
        method: its method.
        path: the path of its URL, percent-encoded as it was sent.
        query: the query string of its URL, percent-encoded as it was sent.
        headers: its headers, with names in lower case.
        body: its body, at the beginning.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: BinaryIO

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: BinaryIO) -> Request:
        """Return the request for a target, which is a path with a query, or a URL.

        Args:
            method: the method.
            target: the target of the request line.
            headers: the headers as they were received, with names in upper case and underscores, as in a WSGI
                environment without the prefix `HTTP_`.
            body: the body.
        """
        if not target.startswith("/"):
            url = urlsplit(target)
            target = f"{url.path or '/'}?{url.query}"
        path, _, query = target.partition("?")
        decoded = {
            name.replace("_", "-").lower(): value.encode("latin-1").decode(errors="replace")
            for name, value in headers.items()
        }
        return cls(method, path, query, decoded, body)

    @classmethod
    def of_environ(cls, environ: Mapping[str, Any]) -> Request:
        """Return the request of a WSGI environment."""
        headers = {
            name.removeprefix("HTTP_"): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
        }
        return cls.of(environ["REQUEST_METHOD"], environ["REQUEST_URI"], headers, environ["wsgi.input"])


@attrs.frozen
class Response:
    """An HTTP response.

    Attributes:
        body: its body: bytes, or a file from its current position. The server closes the file. Defaults to no body.
        status: its status. Defaults to 200.
        code: the error code; "OK" if it is not an error.
        headers: its headers, except Content-Length and the ID of the request.
        length: the value of Content-Length, which a file or a response to HEAD needs. Defaults to the length of the
            bytes.
    """

    body: bytes | BinaryIO = b""
    status: int = 200
    code: str = "OK"
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    length: int | None = None

    @property
    def content_length(self) -> int:
        """The value of Content-Length."""
        if self.length is None:
            return len(self.body) if isinstance(self.body, bytes) else 0
        return self.length


class Service(Protocol):
    """A service of AWS, which has its own protocol and its own error responses.

    Attributes:
        methods: the HTTP methods of its operations.
    """

    @property
    def methods(self) -> frozenset[str]:
        """The HTTP methods of its operations."""
        ...

    def operation(self, request: Request, /) -> str:
        """Return the operation of a request for the log, without text from callers that have no credentials."""
        ...

    def respond(self, request: Request, signature: Signature, /) -> Response:
        """Return the response to a request whose signature is valid. Errors of the operation are responses, too."""
        ...

    def refuse(self, request: Request, error: RequestError, /) -> Response:
        """Return the response to a request that is not passed to the service, or fails in it."""
        ...
