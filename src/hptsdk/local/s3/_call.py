"""A call of an operation: its query, headers and body, and the headers and documents of responses.

A body has digests, and may have the content encoding `aws-chunked`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote
from xml.etree import ElementTree as ET

import attrs

from hptsdk.local.http import Response, xml_document
from hptsdk.local.s3._index import BLOCK, CHECKSUM, CHECKSUMS, Digests, checked_headers, md5
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hptsdk.local.http import Content, Request, Signature
    from hptsdk.local.s3._index import Hash
    from hptsdk.local.s3._objects import Object

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_MAX_PAGE, _MAX_DIGITS = 1000, 11
# The largest document: 1,000 keys to delete, or 10,000 parts of an upload.
_MAX_DOCUMENT = 4 << 20
_STORED = ("content-type", "content-encoding", "content-disposition", "content-language", "cache-control", "expires")
_METADATA = "x-amz-meta-"
_RANGE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})")
_MAX_LINE = 8 << 10

_EMPTY = hashlib.sha256().hexdigest()
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?")

# The values of x-amz-content-sha256 of a chunked body, and whether its chunks are signed.
_CHUNKED = {
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": True,
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": True,
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER": False,
}


@attrs.frozen
class Call:
    """A call of an operation. Bucket and key are empty if it has none; the signature is None before the check."""

    request: Request
    signature: Signature | None
    bucket: str
    key: str
    query: Mapping[str, str]

    @property
    def headers(self) -> Mapping[str, str]:
        return self.request.headers

    def number(self, name: str, default: int = _MAX_PAGE) -> int:
        """Return a number of the query; the default if it is missing.

        Raises:
            Refusal: it is not an integer from 0 to 2,147,483,647.
        """
        text = self.query.get(name) or f"{default}"
        if not (text.isascii() and text.isdigit() and len(text) < _MAX_DIGITS and int(text) < 2**31):
            raise Refusal("InvalidArgument", f"Argument {name} must be an integer between 0 and 2147483647")
        return int(text)

    @property
    def page_size(self) -> int:
        """The largest number of items of a page."""
        return min(self.number("max-keys"), _MAX_PAGE)

    def text(self, value: str) -> str:
        """Return a key or a prefix as the response has it: percent-encoded if the caller requests it."""
        return quote(value, safe="/") if self.query.get("encoding-type") == "url" else value

    def save(self, write: Callable[[bytes], object]) -> Digests:
        """Pass the content of the body to a function in blocks, and return its digests.

        Raises:
            Refusal: the body is incomplete, its encoding is not supported, or a digest or a signature is wrong.
        """
        assert self.signature is not None  # noqa: S101 - an operation always has it
        declared, headers = self.headers["x-amz-content-sha256"], dict(self.headers)
        file = self.request.body
        chunks = _Chunks(file, self.signature, is_signed=_CHUNKED[declared]) if declared in _CHUNKED else None
        if chunks is None and declared.startswith("STREAMING-"):
            message = f"The local service does not support x-amz-content-sha256: {declared}."
            raise Refusal("NotImplemented", message, 501)
        is_declared = chunks is None and declared != "UNSIGNED-PAYLOAD"
        hashes: dict[str, Hash] = {"md5": md5(), **({"sha256": hashlib.sha256()} if is_declared else {})}
        for name in (*headers, *headers.get("x-amz-trailer", "").lower().split(",")):
            checksum = name.strip().removeprefix(CHECKSUM)
            if (create := CHECKSUMS.get(checksum)) is not None:
                hashes[checksum] = create()
        size = 0
        for block in chunks.blocks() if chunks else iter(lambda: file.read(BLOCK), b""):
            for each in hashes.values():
                each.update(block)
            size += len(block)
            write(block)
        if chunks is not None:
            headers |= chunks.trailer
            if headers.get("x-amz-decoded-content-length", f"{size}") != f"{size}":
                raise _incomplete()
        digests = {name: each.digest() for name, each in hashes.items()}
        if is_declared and declared != digests["sha256"].hex():
            message = "The provided 'x-amz-content-sha256' header does not match what was computed."
            raise Refusal("XAmzContentSHA256Mismatch", message)
        return Digests(digests["md5"].hex(), checked_headers(headers, digests))

    def document(self) -> ET.Element:
        """Return the XML document in the body.

        Raises:
            Refusal: the body is too large or not XML, or `save` rejects it.
        """
        content = bytearray()

        def add(block: bytes) -> None:
            content.extend(block)
            if len(content) > _MAX_DOCUMENT:
                raise Refusal("EntityTooLarge", f"The body of this request must have at most {_MAX_DOCUMENT} bytes.")

        self.save(add)
        try:
            root = ET.fromstring(content)  # noqa: S314 - of a caller with keys
        # an unknown encoding, or one with several bytes for a character
        except (ET.ParseError, LookupError, ValueError) as error:
            raise malformed() from error
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        return root

    def metadata(self) -> dict[str, str]:
        """Return the headers that are stored with an object."""
        stored = {name: value for name, value in self.headers.items() if name in _STORED or name.startswith(_METADATA)}
        encodings = [each.strip() for each in stored.pop("content-encoding", "").split(",")]
        # this encoding is that of the request only
        if encoding := ",".join(each for each in encodings if each not in ("", "aws-chunked")):
            stored["content-encoding"] = encoding
        return stored

    def check_conditions(self, existing: Object | None, *, prefix: str = "") -> bool:
        """Check the conditions in the headers.

        Args:
            existing: the object that the call reads or replaces; None if it does not exist.
            prefix: the prefix of the headers, for the source of a copy. Defaults to none.

        Returns:
            Whether to send the object; False if If-None-Match or If-Modified-Since is false.

        Raises:
            Refusal: If-Match or If-Unmodified-Since is false.
        """
        match, none_match = (self.headers.get(f"{prefix}{name}") for name in ("if-match", "if-none-match"))
        if match is not None and (existing is None or not _has_etag(match, existing.etag)):
            raise failed("If-Match")
        if existing is None:
            return True
        since = self._time(f"{prefix}if-unmodified-since")
        if match is None and since is not None and int(existing.modified) > since:
            raise failed("If-Unmodified-Since")
        if none_match is not None:
            return not _has_etag(none_match, existing.etag)
        since = self._time(f"{prefix}if-modified-since")
        return since is None or int(existing.modified) > since

    def _time(self, name: str) -> float | None:
        """Return the time in a header in seconds since 1970; None if it is missing or invalid."""
        try:
            return parsedate_to_datetime(self.headers[name]).timestamp()
        except (KeyError, ValueError, TypeError):
            return None


def _has_etag(text: str, etag: str) -> bool:
    return any(each.strip().strip('"') in (etag, "*") for each in text.split(","))


def failed(condition: str) -> Refusal:
    """Create the error response for a condition that is false."""
    message = f"At least one of the pre-conditions you specified did not hold: {condition}"
    return Refusal("PreconditionFailed", message, 412)


def malformed() -> Refusal:
    """Create the error response for an invalid document."""
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return Refusal("MalformedXML", message)


def byte_range(text: str | None, size: int) -> tuple[int, int] | None:
    """Return the first byte of a range and the byte after it.

    Returns:
        Their positions; None for the whole object, also if the header has several ranges or is invalid, as in S3.

    Raises:
        Refusal: the object has no byte of the range.
    """
    match = _RANGE.fullmatch(text or "")
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = size if not first or not last else min(int(last) + 1, size)
    if first and last and int(last) < int(first):
        return None
    if start >= end:
        raise Refusal("InvalidRange", "The requested range is not satisfiable", 416)
    return start, end


def xml_response(name: str, content: Content) -> Response:
    return Response(xml_document(name, content, _NAMESPACE), headers={"Content-Type": "application/xml"})


def object_headers(item: Object, *, checksums: bool) -> dict[str, str]:
    """Return the headers of a response with an object, including those of its checksums if `checksums` is true."""
    stored = {name: value for name, value in item.headers.items() if checksums or not name.startswith(CHECKSUM)}
    return {
        "Content-Type": "binary/octet-stream",
        **{name.title() if name in _STORED else name: value for name, value in stored.items()},
        "Accept-Ranges": "bytes",
        "ETag": f'"{item.etag}"',
        "Last-Modified": formatdate(item.modified, usegmt=True),
    }


def iso_date(seconds: float) -> str:
    """Return a time as in XML documents."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _incomplete() -> Refusal:
    message = "You did not provide the number of bytes specified by the Content-Length HTTP header."
    return Refusal("IncompleteBody", message)


class _Chunks:
    """The decoder of a body with the content encoding `aws-chunked`.

    Attributes:
        trailer: the headers after the last chunk; complete after all blocks are read.
    """

    def __init__(self, file: BinaryIO, signature: Signature, *, is_signed: bool) -> None:
        self._file = file
        self._signature = signature
        self._is_signed = is_signed
        self._previous = signature.text
        self.trailer: dict[str, str] = {}

    def blocks(self) -> Iterator[bytes]:
        """Return the content, and check the signature of each chunk."""
        size = 1
        while size:
            line = self._file.readline(_MAX_LINE)
            match = _CHUNK.fullmatch(line.rstrip(b"\r\n"))
            if match is None or not line.endswith(b"\n"):
                raise _incomplete()
            size, digest = int(match[1], 16), hashlib.sha256()
            remaining = size
            while remaining:
                block = self._file.read(min(BLOCK, remaining))
                if not block:
                    raise _incomplete()
                digest.update(block)
                remaining -= len(block)
                yield block
            self._check("PAYLOAD", (match[2] or b"").decode(), _EMPTY, digest.hexdigest())
            if size and self._file.read(2) != b"\r\n":
                raise _incomplete()
        self._read_trailer()

    def _read_trailer(self) -> None:
        """Read the trailer, and check its signature. A body without a trailer may end without an empty line."""
        text = ""
        for line in iter(lambda: self._file.readline(_MAX_LINE).rstrip(b"\r\n"), b""):
            name, _, value = line.decode("latin-1").partition(":")
            name, value = name.strip().lower(), value.strip()
            if name == "x-amz-trailer-signature":
                self._check("TRAILER", value, hashlib.sha256(text.encode("latin-1")).hexdigest())
                return
            text += f"{name}:{value}\n"
            self.trailer[name] = value
        if self._is_signed and self.trailer:
            raise Refusal("SignatureDoesNotMatch", "The trailer of the body is not signed.", 403)

    def _check(self, kind: str, signature: str, *digests: str) -> None:
        """Check the signature of a chunk or the trailer, if they are signed."""
        if self._is_signed:
            expected = self._signature.next(kind, self._previous, *digests)
            if not hmac.compare_digest(signature.encode(), expected.encode()):
                raise Refusal("SignatureDoesNotMatch", "The signature of a chunk of the body is invalid.", 403)
            self._previous = expected
