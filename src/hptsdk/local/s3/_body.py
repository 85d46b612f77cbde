"""The bodies of requests: their digests, and the chunks of the content encoding `aws-chunked`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import zlib
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import BinaryIO

    from hptsdk.local.http import Request, Signature

__all__ = ["Digests", "copy_digests", "save_body"]

# The bytes that are read at a time.
_BLOCK = 1 << 20

_MAX_LINE = 8 << 10

_CHECKSUM = "x-amz-checksum-"
_EMPTY = hashlib.sha256().hexdigest()
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?")

# The values of x-amz-content-sha256 of a chunked body, and whether its chunks are signed.
_CHUNKED = {
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": True,
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": True,
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER": False,
}


class _Hash(Protocol):
    def update(self, data: bytes, /) -> object: ...
    def digest(self) -> bytes: ...


class _Crc32:
    """The checksum CRC-32, with the methods of a hash."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


_MD5 = partial(hashlib.md5, usedforsecurity=False)

# The checksums. Those that Python does not have are not compared.
_CHECKSUMS: dict[str, Callable[[], _Hash] | None] = {
    "crc32": _Crc32,
    "crc32c": None,
    "crc64nvme": None,
    "sha1": partial(hashlib.sha1, usedforsecurity=False),
    "sha256": hashlib.sha256,
}


class Digests(NamedTuple):
    """The digests of a body.

    Attributes:
        md5: its MD5.
        checksums: the headers with its checksums, as they were sent.
    """

    md5: str
    checksums: dict[str, str]


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
                block = self._file.read(min(_BLOCK, remaining))
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
            if not hmac.compare_digest(signature, expected):
                raise Refusal("SignatureDoesNotMatch", "The signature of a chunk of the body is invalid.", 403)
            self._previous = expected


def copy_digests(source: BinaryIO, size: int, file: BinaryIO) -> Digests:
    """Copy bytes from one file to another, and return their digests.

    Args:
        source: the file to read, from its current position.
        size: the number of bytes.
        file: the file to write.
    """
    md5, remaining = _MD5(), size
    while remaining and (block := source.read(min(_BLOCK, remaining))):
        md5.update(block)
        file.write(block)
        remaining -= len(block)
    return Digests(md5.hexdigest(), {})


def save_body(request: Request, signature: Signature, write: Callable[[bytes], object]) -> Digests:
    """Pass the content of a body to a function in blocks, and check its digests.

    Raises:
        Refusal: the body is incomplete, or a digest or a signature is not that of the body.
    """
    declared, headers = request.headers["x-amz-content-sha256"], dict(request.headers)
    chunks = _Chunks(request.body, signature, is_signed=_CHUNKED[declared]) if declared in _CHUNKED else None
    if chunks is None and declared.startswith("STREAMING-"):
        raise Refusal("NotImplemented", f"The local service does not support bodies with {declared}.", 501)
    is_declared = chunks is None and declared != "UNSIGNED-PAYLOAD"
    hashes: dict[str, _Hash] = {"md5": _MD5(), **({"sha256": hashlib.sha256()} if is_declared else {})}
    for name in (*headers, *headers.get("x-amz-trailer", "").lower().split(",")):
        checksum = name.strip().removeprefix(_CHECKSUM)
        if (create := _CHECKSUMS.get(checksum)) is not None:
            hashes[checksum] = create()
    size = 0
    for block in chunks.blocks() if chunks else iter(lambda: request.body.read(_BLOCK), b""):
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
    return Digests(digests["md5"].hex(), _checked(headers, digests))


def _checked(headers: Mapping[str, str], digests: Mapping[str, bytes]) -> dict[str, str]:
    """Return the headers with checksums, after a comparison with those of the body."""
    sent = {name: headers[f"{_CHECKSUM}{name}"] for name in _CHECKSUMS if f"{_CHECKSUM}{name}" in headers}
    md5 = {"md5": headers["content-md5"]} if "content-md5" in headers else {}
    for name, text in (md5 | sent).items():
        try:
            value = base64.b64decode(text, validate=True)
        except ValueError:
            value = b""
        if name == "md5" and len(value) != len(digests[name]):
            raise Refusal("InvalidDigest", "The Content-MD5 you specified was invalid.")
        if digests.get(name, value) != value:
            raise Refusal("BadDigest", f"The {name.upper()} you specified did not match what we received.")
    return {f"{_CHECKSUM}{name}": text for name, text in sent.items()}


def _incomplete() -> Refusal:
    message = "You did not provide the number of bytes specified by the Content-Length HTTP header."
    return Refusal("IncompleteBody", message)
