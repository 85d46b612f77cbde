"""The signatures of requests: AWS Signature Version 4, with the credentials of the service."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.credentials import Credentials

__all__ = ["Signatures"]

_SERVICE = "sagemaker"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request,\s*"
    r"SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})"
)
_REQUIRED = frozenset({"host", "x-amz-date", "x-amz-target"})
_DATE_FORMAT = "%Y%m%dT%H%M%SZ"

# The largest difference between the time of a signature and the current time, in seconds.
_MAX_SKEW = 300


class Signatures:
    """The validator of the signatures of requests.

    Args:
        credentials: the credentials that callers must sign with.
        region: the region that callers must sign for.
    """

    def __init__(self, credentials: Credentials, region: str) -> None:
        self._credentials = credentials
        self._region = region
        self._signer = SigV4Auth(credentials, _SERVICE, region)

    def check(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Check the signature of a request.

        Args:
            path: the path of its URL.
            headers: its headers, with names in lower case.
            body: its body.

        Raises:
            Refusal: the signature is missing, invalid or expired.
        """
        authorization = headers.get("authorization")
        if authorization is None:
            raise Refusal("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
        match = _AUTHORIZATION.fullmatch(authorization.strip())
        if match is None:
            raise _incomplete("The Authorization header is not of AWS Signature Version 4.")
        key, day, region, service, names, signature = match.groups()
        if not hmac.compare_digest(key.encode(), self._credentials.access_key.encode()):
            raise Refusal("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
        if (region, service) != (self._region, _SERVICE):
            raise _invalid(f"Credential should be scoped to {self._region}/{_SERVICE}, not to {region}/{service}.")
        _check_digest(headers.get("x-amz-content-sha256"), body)
        signed = names.split(";")
        if missing := _REQUIRED - set(signed):
            raise _incomplete(f"{', '.join(sorted(missing))} must be signed.")
        date = headers.get("x-amz-date", "")
        _check_date(date, day)
        expected = self._signature(path, {name: headers.get(name, "") for name in signed}, body, date)
        if not hmac.compare_digest(signature, expected):
            raise _invalid(
                "The request signature we calculated does not match the signature you provided. "
                "Check your AWS Secret Access Key and signing method."
            )

    def _signature(self, path: str, headers: Mapping[str, str], body: bytes, date: str) -> str:
        """Return the signature that a request with these signed headers must have."""
        request = AWSRequest("POST", f"http://{headers['host']}{path}", data=body, headers=dict(headers))
        request.context["timestamp"] = date
        text = self._signer.string_to_sign(request, self._signer.canonical_request(request))
        return str(self._signer.signature(text, request))


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidSignatureException", message, 403)


def _incomplete(message: str) -> Refusal:
    return Refusal("IncompleteSignatureException", message, 403)


def _check_digest(digest: str | None, body: bytes) -> None:
    """Check that the SHA-256 that a request may be signed with is that of its body."""
    actual = hashlib.sha256(body).hexdigest()
    if digest is not None and not hmac.compare_digest(digest.encode(), actual.encode()):
        raise _invalid("The x-amz-content-sha256 header is not the SHA-256 of the request body.")


def _check_date(date: str, day: str) -> None:
    """Check that a signature is not older than five minutes, nor in the future."""
    try:
        signed = datetime.strptime(date, _DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise _incomplete("X-Amz-Date is not of the form YYYYMMDDTHHMMSSZ.") from None
    if not date.startswith(day):
        raise _invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
    now = datetime.now(UTC)
    age, text = (now - signed).total_seconds(), now.strftime(_DATE_FORMAT)
    if age > _MAX_SKEW:
        raise _invalid(f"Signature expired: {date} is now earlier than {text} ({text} - 5 min.)")
    if age < -_MAX_SKEW:
        raise _invalid(f"Signature not yet current: {date} is still later than {text} ({text} + 5 min.)")
