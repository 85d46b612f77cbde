"""Whether a call is signed (AWS Signature Version 4) with the keys of this service, now, and as it came."""

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
_NEEDED = frozenset({"host", "x-amz-date", "x-amz-target"})
_STAMP = "%Y%m%dT%H%M%SZ"
_SKEW = 300
_DIFFERS = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method."
)


class Signatures:
    """Checks the signatures of calls.

    Args:
        credentials: what callers must have signed with.
        region: what callers must have signed for.
    """

    def __init__(self, credentials: Credentials, region: str) -> None:
        self._credentials = credentials
        self._region = region
        self._signer = SigV4Auth(credentials, _SERVICE, region)

    def check(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """See that a call is signed.

        Args:
            path: what was asked for.
            headers: by name in lower case.
            body: as it came.

        Raises:
            Refusal: it is not.
        """
        given = headers.get("authorization")
        if given is None:
            raise Refusal("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
        match = _AUTHORIZATION.fullmatch(given.strip())
        if match is None:
            raise Refusal(
                "IncompleteSignatureException", "The Authorization header is not of AWS Signature Version 4.", 403
            )
        key, day, region, service, names, signature = match.groups()
        if not hmac.compare_digest(key.encode(), self._credentials.access_key.encode()):
            raise Refusal("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
        if (region, service) != (self._region, _SERVICE):
            raise _unsigned(f"Credential should be scoped to {self._region}/{_SERVICE}, not to {region}/{service}.")
        _check_digest(headers.get("x-amz-content-sha256"), body)
        signed = names.split(";")
        if missing := _NEEDED - set(signed):
            raise Refusal("IncompleteSignatureException", f"{', '.join(sorted(missing))} must be signed.", 403)
        stamp = headers.get("x-amz-date", "")
        _check_time(stamp, day)
        if not hmac.compare_digest(
            signature, self._expected(path, {n: headers.get(n, "") for n in signed}, body, stamp)
        ):
            raise _unsigned(_DIFFERS)

    def _expected(self, path: str, headers: Mapping[str, str], body: bytes, stamp: str) -> str:
        request = AWSRequest("POST", f"http://{headers['host']}{path}", data=body, headers=dict(headers))
        request.context["timestamp"] = stamp
        text = self._signer.string_to_sign(request, self._signer.canonical_request(request))
        found: str = self._signer.signature(text, request)
        return found


def _unsigned(message: str) -> Refusal:
    return Refusal("InvalidSignatureException", message, 403)


def _check_digest(digest: str | None, body: bytes) -> None:
    """Check that the digest that a call may be signed over is the one of its body."""
    actual = hashlib.sha256(body).hexdigest()
    if digest is not None and not hmac.compare_digest(digest.encode(), actual.encode()):
        raise _unsigned("The x-amz-content-sha256 header is not the SHA-256 of the request body.")


def _check_time(stamp: str, day: str) -> None:
    try:
        then = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise Refusal("IncompleteSignatureException", "X-Amz-Date is not of the form YYYYMMDDTHHMMSSZ.", 403) from None
    if not stamp.startswith(day):
        raise _unsigned("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
    now = datetime.now(UTC)
    late = (now - then).total_seconds()
    said = now.strftime(_STAMP)
    if late > _SKEW:
        raise _unsigned(f"Signature expired: {stamp} is now earlier than {said} ({said} - 5 min.)")
    if late < -_SKEW:
        raise _unsigned(f"Signature not yet current: {stamp} is still later than {said} ({said} + 5 min.)")
