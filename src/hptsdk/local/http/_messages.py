"""Requests and responses of the local service, the base class of its services, and the signatures of requests."""

from __future__ import annotations

import hashlib
import hmac
import re
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Literal

import attrs
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest

from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from botocore.credentials import Credentials

Reason = Literal["denied", "method", "missing", "malformed", "key", "scope", "signature", "expired", "internal"]

Content: TypeAlias = "str | int | Mapping[str, Content] | Sequence[Content] | None"


class RequestError(Exception):
    """A rejected or failed request. Each service has its own error codes for the reasons."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)
        self.reason: Reason = reason
        self.message = message


@attrs.frozen
class Request:
    """An HTTP request. Its path and query are percent-encoded, and the names of its headers in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: BinaryIO


@attrs.frozen
class Response:
    """An HTTP response. The server adds its length and the ID of the request.

    A file is sent from its current position and closed by the server. `code` is the error code, for the log. `length`
    is required for a file and for a response to HEAD.
    """

    body: bytes | BinaryIO = b""
    status: int = 200
    code: str = "OK"
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    length: int = attrs.field(default=attrs.Factory(lambda response: len(response.body), takes_self=True))


class Service(ABC):
    """A service of AWS, which has its own protocol and its own error responses.

    Attributes:
        methods: the HTTP methods of its operations.
        codes: the error codes and statuses of requests that fail with a `RequestError`, by its reason. A reason
            without a code has that of "signature".
    """

    methods: ClassVar[frozenset[str]]
    codes: ClassVar[Mapping[Reason, tuple[str, int]]]

    @abstractmethod
    def operation(self, request: Request) -> str:
        """Return the name of the operation of a request for the log, or a fixed text if it is unknown."""

    @abstractmethod
    def call(self, request: Request, signature: Signature) -> Response:
        """Return the response of an operation.

        Raises:
            Refusal: the request is rejected.
            StoreUnavailableError: the store cannot be read or written now.
        """

    @abstractmethod
    def error(self, request: Request, refusal: Refusal) -> Response:
        """Return the response to a rejected or failed request, in the protocol of the service."""

    def respond(self, request: Request, signature: Signature) -> Response:
        """Return the response to a request whose signature is valid, also if the operation rejects it."""
        try:
            return self.call(request, signature)
        except Refusal as refusal:
            return self.error(request, refusal)

    def refuse(self, request: Request, error: RequestError) -> Response:
        """Return the response to a request that is not passed to the service, or fails in it."""
        code, status = self.codes.get(error.reason) or self.codes["signature"]
        return self.error(request, Refusal(code, error.message, status))


_ALGORITHM = "AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    _ALGORITHM + r"\s+Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request,\s*"
    r"SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})"
)
_DATE_FORMAT = "%Y%m%dT%H%M%SZ"

_S3 = "s3"
_DIGEST = "x-amz-content-sha256"

# The headers that each service requires to be signed; the operation of some is in a header.
_REQUIRED = frozenset({"host", "x-amz-date"})
_REQUIRED_BY_SERVICE = {"sagemaker": {"x-amz-target"}, "logs": {"x-amz-target"}, _S3: {_DIGEST}}

_OF_PROGRAMS = frozenset({_S3, "sts"})

_MAX_SKEW = 300


def service_of(headers: Mapping[str, str]) -> str | None:
    """Return the service in the scope of a signature; None if there is none."""
    match = _AUTHORIZATION.fullmatch(headers.get("authorization", "").strip())
    return match[4] if match else None


@attrs.frozen
class Signature:
    """A valid signature.

    See https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html for the signatures of chunks.

    Attributes:
        text: the signature, in hexadecimal digits.
        date: the value of the header X-Amz-Date.
        scope: the day, region and service for which the key is valid.
        key: the key that signs chunks.
    """

    text: str
    date: str
    scope: str
    key: bytes = attrs.field(repr=False)

    def next(self, kind: str, previous: str, *digests: str) -> str:
        """Return the signature of a chunk of the body, or of the trailer.

        Args:
            kind: "PAYLOAD" or "TRAILER".
            previous: the signature of the previous chunk; that of the headers for the first chunk.
            digests: the SHA-256 digests that it covers.
        """
        text = "\n".join([f"{_ALGORITHM}-{kind}", self.date, self.scope, previous, *digests])
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()


@attrs.frozen
class Signatures:
    """The validator of the signatures of requests, which are of AWS Signature Version 4.

    Args:
        credentials: the credentials of callers.
        program_credentials: the credentials of training programs, with which they can only call S3 and STS. Defaults to
            none.
        region: the region that callers must sign for. Defaults to any region.
    """

    _credentials: Credentials
    _program_credentials: Credentials | None = None
    _region: str | None = None

    def _credentials_of(self, key: str, service: str) -> Credentials:
        for credentials in filter(None, (self._credentials, self._program_credentials)):
            if hmac.compare_digest(key.encode(), credentials.access_key.encode()):
                if credentials is self._program_credentials and service not in _OF_PROGRAMS:
                    message = f"The keys of training programs are valid only for s3 and sts, not for {service}."
                    raise RequestError("denied", message)
                return credentials
        raise RequestError("key", "The security token included in the request is invalid.")

    def check(self, request: Request, service: str) -> Signature:
        """Check the signature of a request.

        For S3, the signature covers only the digest of the body, with which S3 compares the body while it reads it.

        Args:
            request: the request. Its body is read, unless the service is S3.
            service: the service that it must be signed for.

        Raises:
            RequestError: the signature is missing, invalid or expired, or of another region or service.
        """
        authorization = request.headers.get("authorization")
        if authorization is None:
            raise RequestError("missing", "Missing Authentication Token")
        match = _AUTHORIZATION.fullmatch(authorization.strip())
        if match is None:
            raise RequestError("malformed", "The Authorization header is not valid for AWS Signature Version 4.")
        key, day, region, signed_service, names, text = match.groups()
        signed = names.split(";")
        # waitress omits such a header, because WSGI cannot distinguish it from one with a hyphen
        if unreadable := [name for name in signed if "_" in name]:
            raise RequestError("malformed", f"{unreadable[0]}: the name of a header cannot contain an underscore.")
        credentials = self._credentials_of(key, service)
        expected = f"{self._region or region}/{service}"
        if f"{region}/{signed_service}" != expected:
            message = f"Credential should be scoped to {expected}, not to {region}/{signed_service}."
            raise RequestError("scope", message)
        body = b""
        if service != _S3:
            body = request.body.read()
            request.body.seek(0)
            if request.headers.get(_DIGEST) not in (None, hashlib.sha256(body).hexdigest()):
                message = "The x-amz-content-sha256 header is not the SHA-256 of the request body."
                raise RequestError("signature", message)
        if missing := (_REQUIRED | _REQUIRED_BY_SERVICE.get(service, set())) - set(signed):
            raise RequestError("malformed", f"SignedHeaders must contain {', '.join(sorted(missing))}.")
        date = request.headers.get("x-amz-date", "")
        _check_date(date, day)
        signer = (S3SigV4Auth if service == _S3 else SigV4Auth)(credentials, service, region)
        url = f"http://{request.headers['host']}{request.path}{request.query and '?'}{request.query}"
        headers = {name: request.headers.get(name, "") for name in signed}
        signed_request = AWSRequest(request.method, url, data=body, headers=headers)
        signed_request.context["timestamp"] = date
        to_sign = signer.string_to_sign(signed_request, signer.canonical_request(signed_request))
        if not hmac.compare_digest(text, str(signer.signature(to_sign, signed_request))):
            raise RequestError(
                "signature",
                "The request signature we calculated does not match the signature you provided. "
                "Check your AWS Secret Access Key and signing method.",
            )
        scope = [day, region, service, "aws4_request"]
        return Signature(text, date, "/".join(scope), _signing_key(credentials.secret_key, *scope))


def _signing_key(secret: str, *scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _check_date(date: str, day: str) -> None:
    """Check that the time of a signature is on the day of its scope, and at most five minutes from the current time."""
    try:
        signed = datetime.strptime(date, _DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise RequestError("malformed", "X-Amz-Date is not of the form YYYYMMDDTHHMMSSZ.") from None
    if not date.startswith(day):
        raise RequestError(
            "scope", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP."
        )
    now = datetime.now(UTC)
    age, text = (now - signed).total_seconds(), now.strftime(_DATE_FORMAT)
    if age > _MAX_SKEW:
        raise RequestError("expired", f"Signature expired: {date} is now earlier than {text} ({text} - 5 min.)")
    if age < -_MAX_SKEW:
        raise RequestError("expired", f"Signature not yet current: {date} is still later than {text} ({text} + 5 min.)")
