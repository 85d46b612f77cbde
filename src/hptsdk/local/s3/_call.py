"""A call of an operation, and the texts that responses have."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree as ET

import attrs

from hptsdk.local.http import Response, xml_document
from hptsdk.local.s3._body import read_body
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.local.http import Content, Request, Signature
    from hptsdk.local.s3._objects import Object

__all__ = ["Call", "http_date", "iso_date", "metadata", "object_headers", "xml_response"]

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_MAX_PAGE = 1000
_STORED = (
    "content-type",
    "content-encoding",
    "content-disposition",
    "content-language",
    "cache-control",
    "expires",
)
_METADATA = "x-amz-meta-"


@attrs.frozen
class Call:
    """A call of an operation.

    Attributes:
        request: the request.
        signature: its signature; None before it is checked.
        bucket: the name of the bucket; empty if it has none.
        key: the key; empty if it has none.
        query: the query.
    """

    request: Request
    signature: Signature | None
    bucket: str
    key: str
    query: Mapping[str, str]

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the request."""
        return self.request.headers

    @property
    def checked_signature(self) -> Signature:
        """The signature, which an operation always has."""
        assert self.signature is not None  # noqa: S101 - for the type checker
        return self.signature

    def number(self, name: str, default: int = _MAX_PAGE) -> int:
        """Return a number of the query, of at most 1,000 for the size of a page.

        Raises:
            Refusal: it is not a number.
        """
        text = self.query.get(name) or f"{default}"
        if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - below 2 ** 31
            raise Refusal("InvalidArgument", f"Argument {name} must be an integer between 0 and 2147483647")
        return int(text)

    @property
    def page_size(self) -> int:
        """The largest number of items of a page."""
        return min(self.number("max-keys"), _MAX_PAGE)

    def text(self, value: str) -> str:
        """Return a key or a prefix as the response has it: percent-encoded if the caller requests it."""
        return quote(value, safe="/") if self.query.get("encoding-type") == "url" else value

    def document(self) -> ET.Element:
        """Return the XML document in the body.

        Raises:
            Refusal: the body is not XML, or its digests are not those of the headers.
        """
        try:
            root = ET.fromstring(read_body(self.request, self.checked_signature))  # noqa: S314 - of a caller with keys
        except ET.ParseError as error:
            message = "The XML you provided was not well-formed or did not validate against our published schema"
            raise Refusal("MalformedXML", message) from error
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        return root


def xml_response(name: str, content: Content) -> Response:
    """Return a response with an XML document."""
    return Response(xml_document(name, content, _NAMESPACE), headers={"Content-Type": "application/xml"})


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a request that are stored with an object."""
    stored = {name: value for name, value in headers.items() if name in _STORED or name.startswith(_METADATA)}
    encodings = [each.strip() for each in stored.pop("content-encoding", "").split(",")]
    # this encoding is that of the request only
    if encoding := ",".join(each for each in encodings if each not in ("", "aws-chunked")):
        stored["content-encoding"] = encoding
    return stored


def object_headers(found: Object) -> dict[str, str]:
    """Return the headers of a response with an object, without its checksums."""
    stored = {name: value for name, value in found.headers.items() if not name.startswith("x-amz-checksum-")}
    return {
        "Content-Type": "binary/octet-stream",
        **{name.title() if name in _STORED else name: value for name, value in stored.items()},
        "Accept-Ranges": "bytes",
        "ETag": f'"{found.etag}"',
        "Last-Modified": http_date(found.modified),
    }


def http_date(seconds: float) -> str:
    """Return a time as in headers."""
    return formatdate(seconds, usegmt=True)


def iso_date(seconds: float) -> str:
    """Return a time as in XML documents."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
