"""Requests and responses of the local service, XML documents, and the base class of its services."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Literal
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import attrs

from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from hptsdk.local.http._signatures import Signature

__all__ = ["Content", "Request", "RequestError", "Response", "Service", "xml_document"]

Reason = Literal[
    "denied", "method", "missing", "malformed", "key", "scope", "digest", "signature", "expired", "internal"
]

Content: TypeAlias = "str | int | Mapping[str, Content] | Sequence[Content] | None"

# The characters that XML 1.0 does not allow. S3 also writes them as references.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]")


class RequestError(Exception):
    """A request that is not passed to a service. Each service has its own error code for each reason.

    Attributes:
        reason: the reason: no access ("denied"), a wrong method, a problem of the signature ("missing", "malformed",
            "key", "scope", "digest", "signature" or "expired"), or an error of the service ("internal").
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


class Service(ABC):
    """A service of AWS, which has its own protocol and its own error responses.

    Attributes:
        methods: the HTTP methods of its operations.
        codes: the error codes and statuses of requests that are not passed to an operation.
    """

    methods: ClassVar[frozenset[str]]
    codes: ClassVar[Mapping[Reason, tuple[str, int]]]

    @abstractmethod
    def operation(self, request: Request) -> str:
        """Return the operation of a request for the log, without text from callers that have no credentials."""

    @abstractmethod
    def call(self, request: Request, signature: Signature) -> Response:
        """Return the response of an operation.

        Raises:
            Refusal: the request is rejected.
            StoreUnavailableError: the store cannot be read or written now.
        """

    @abstractmethod
    def error(self, request: Request, refusal: Refusal) -> Response:
        """Return an error response."""

    def respond(self, request: Request, signature: Signature) -> Response:
        """Return the response to a request whose signature is valid. Errors of the operation are also responses."""
        try:
            return self.call(request, signature)
        except Refusal as refusal:
            return self.error(request, refusal)

    def refuse(self, request: Request, error: RequestError) -> Response:
        """Return the response to a request that is not passed to the service, or fails in it."""
        code, status = self.codes[error.reason]
        return self.error(request, Refusal(code, error.message, status))


def xml_document(name: str, content: Content, namespace: str | None = None) -> bytes:
    """Return an XML document.

    Args:
        name: the name of the root element.
        content: its content: a text, a number, or its child elements by name. A sequence is an element for each item.
            An element that is None is omitted.
        namespace: the XML namespace. Defaults to none.

    Example:
        >>> xml_document("Parts", {"Part": [{"Number": 1}, {"Number": 2}], "Last": True}).decode().splitlines()[1]
        '<Parts><Part><Number>1</Number></Part><Part><Number>2</Number></Part><Last>true</Last></Parts>'
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
