"""Amazon S3 over the folders of the buckets: its requests, error responses and operations."""

from __future__ import annotations

import logging
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_to_bytes

import attrs

from hptsdk.local.http import Response, xml_document
from hptsdk.local.s3._bucket_operations import BucketOperations
from hptsdk.local.s3._call import Call
from hptsdk.local.s3._index import Index
from hptsdk.local.s3._object_operations import ObjectOperations
from hptsdk.local.s3._objects import Objects
from hptsdk.local.s3._upload_operations import UploadOperations
from hptsdk.local.s3._uploads import Uploads
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    from hptsdk.local.http import Content, Reason, Request, RequestError, Signature
    from hptsdk.local.process import Storage

__all__ = ["S3"]

_logger = logging.getLogger("hptsdk.local")

# The error codes and statuses of requests that are not passed to an operation.
_CODES: dict[Reason, tuple[str, int]] = {
    "denied": ("AccessDenied", 403),
    "method": ("MethodNotAllowed", 405),
    "missing": ("AccessDenied", 403),
    "malformed": ("AuthorizationHeaderMalformed", 400),
    "key": ("InvalidAccessKeyId", 403),
    "scope": ("AuthorizationHeaderMalformed", 400),
    "digest": ("XAmzContentSHA256Mismatch", 400),
    "signature": ("SignatureDoesNotMatch", 403),
    "expired": ("RequestTimeTooSkewed", 403),
    "state": ("InternalError", 500),
    "internal": ("InternalError", 500),
}

# The members of a query that choose an operation. The others that an operation does not have are refused, because they
# choose operations that the local service does not have: a PUT with `?acl` would replace the object.
_CHOOSING = ("delete", "list-type", "location", "tagging", "uploadId", "uploads", "versioning")
_IGNORED = {"x-id"}

# Headers that the local service cannot comply with. It ignores others, such as those for encryption and access.
_REFUSED = ("x-amz-tagging", "x-amz-object-lock-mode", "x-amz-server-side-encryption-customer-algorithm")


@attrs.frozen
class _Operation:
    """An operation.

    Attributes:
        name: its name.
        respond: returns its response.
        query: the members of its query, besides the one that chooses it.
    """

    name: str
    respond: Callable[[Call], Response]
    query: frozenset[str]


class S3:
    """Amazon S3 with addresses in path style.

    Args:
        storage: the folders of the buckets.
        root: the folder of the local service, for the index of the objects and the parts of uploads.
        account: the ID of the AWS account.
        region: the AWS region.
    """

    methods = frozenset({"DELETE", "GET", "HEAD", "POST", "PUT"})

    def __init__(self, storage: Storage, root: Path, *, account: str, region: str) -> None:
        self._account = account
        self._region = region
        self._index = Index(root / "objects.sqlite3")
        objects = Objects(storage, self._index)
        buckets = BucketOperations(storage, objects, self._index, account=account, region=region)
        uploads = Uploads(root / "uploads")
        of_objects = ObjectOperations(objects, root / "uploads")
        parts = UploadOperations(of_objects, objects, uploads)
        pages = ("prefix", "delimiter", "max-keys", "encoding-type")
        # by the method, the kind of resource, and the member of the query that chooses the operation
        self._operations: dict[tuple[str, str, str], _Operation] = {
            (method, kind, choosing): _Operation(name, respond, frozenset(query))
            for (method, kind, choosing, name), respond, query in [
                (("GET", "service", "", "ListBuckets"), buckets.list_buckets, ("prefix", "max-buckets")),
                (("PUT", "bucket", "", "CreateBucket"), buckets.create, ()),
                (("HEAD", "bucket", "", "HeadBucket"), buckets.head, ()),
                (("DELETE", "bucket", "", "DeleteBucket"), buckets.delete, ()),
                (("GET", "bucket", "location", "GetBucketLocation"), buckets.location, ()),
                (("GET", "bucket", "versioning", "GetBucketVersioning"), buckets.versioning, ()),
                (("GET", "bucket", "", "ListObjects"), buckets.list_objects, (*pages, "marker")),
                (
                    ("GET", "bucket", "list-type", "ListObjectsV2"),
                    buckets.list_objects_v2,
                    (*pages, "continuation-token", "start-after", "fetch-owner"),
                ),
                (("GET", "bucket", "uploads", "ListMultipartUploads"), parts.list_uploads, (*pages, "max-uploads")),
                (("POST", "bucket", "delete", "DeleteObjects"), of_objects.delete_several, ()),
                (("GET", "object", "", "GetObject"), of_objects.get, ()),
                (("HEAD", "object", "", "HeadObject"), of_objects.head, ()),
                (("GET", "object", "tagging", "GetObjectTagging"), of_objects.tagging, ()),
                (("PUT", "object", "", "PutObject"), of_objects.put, ()),
                (("DELETE", "object", "", "DeleteObject"), of_objects.delete, ()),
                (("POST", "object", "uploads", "CreateMultipartUpload"), parts.create, ()),
                (("PUT", "object", "uploadId", "UploadPart"), parts.upload_part, ("partNumber",)),
                (("POST", "object", "uploadId", "CompleteMultipartUpload"), parts.complete, ()),
                (("DELETE", "object", "uploadId", "AbortMultipartUpload"), parts.abort, ()),
                (
                    ("GET", "object", "uploadId", "ListParts"),
                    parts.list_parts,
                    ("max-parts", "part-number-marker"),
                ),
            ]
        }

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    def operation(self, request: Request) -> str:
        """Return the operation of a request for the log."""
        try:
            return f"s3 {self._operation(_call(request, None)).name}"
        except Refusal:
            return "a request to S3 without a known operation"

    def respond(self, request: Request, signature: Signature) -> Response:
        """Return the response of an operation."""
        try:
            with _os_errors():
                call = _call(request, signature)
                operation = self._operation(call)
                self._check_headers(request)
                response = operation.respond(call)
        except Refusal as refusal:
            return self._error(request, refusal.code, refusal.status, refusal.message)
        return attrs.evolve(response, headers={"x-amz-request-id": uuid.uuid4().hex.upper(), **response.headers})

    def refuse(self, request: Request, error: RequestError) -> Response:
        """Return the response to a request that is not passed to an operation."""
        code, status = _CODES[error.reason]
        return self._error(request, code, status, error.message)

    def _operation(self, call: Call) -> _Operation:
        """Return the operation of a call.

        Raises:
            Refusal: the local service does not have it.
        """
        kind = "object" if call.key else "bucket" if call.bucket else "service"
        choosing = next((name for name in _CHOOSING if name in call.query), "")
        operation = self._operations.get((call.request.method, kind, choosing))
        if operation is None or not call.query.keys() <= operation.query | {choosing} | _IGNORED:
            names = f"{call.request.method} of a {kind} with the query {', '.join(call.query) or '(none)'}"
            raise Refusal("NotImplemented", f"The local service does not have the operation {names}.", 501)
        return operation

    def _check_headers(self, request: Request) -> None:
        """Check that the local service can comply with the headers of a request."""
        owner = request.headers.get("x-amz-expected-bucket-owner", self._account)
        if owner != self._account:
            raise Refusal("AccessDenied", f"The owner of the bucket is {self._account}, not {owner}.", 403)
        for name in _REFUSED:
            if name in request.headers:
                raise Refusal("NotImplemented", f"The local service does not support the header {name}.", 501)

    def _error(self, request: Request, code: str, status: int, message: str) -> Response:
        """Return an error response."""
        request_id = uuid.uuid4().hex.upper()
        content: Mapping[str, Content | None] = {
            "Code": code,
            "Message": message,
            "Resource": request.path,
            "Region": self._region if code == "AuthorizationHeaderMalformed" else None,
            "RequestId": request_id,
        }
        headers = {"Content-Type": "application/xml", "x-amz-request-id": request_id}
        body = b"" if request.method == "HEAD" else xml_document("Error", content)
        return Response(body, status, code, headers)


def _call(request: Request, signature: Signature | None) -> Call:
    """Return the call of a request.

    Raises:
        Refusal: the path or the query is not UTF-8.
    """
    try:
        bucket, _, key = unquote_to_bytes(request.path[1:]).decode().partition("/")
        query = dict(parse_qsl(request.query, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise Refusal("InvalidURI", "Couldn't parse the specified URI: it is not UTF-8.") from None
    return Call(request, signature, bucket, key, query)


@contextmanager
def _os_errors() -> Generator[None]:
    """Turn an error of the file system into an error response."""
    try:
        yield
    except OSError as error:
        _logger.warning("a request to S3 failed: %s", error)
        message = f"The local service cannot read or write its files now: {error.strerror}."
        raise Refusal("InternalError", message, 500) from error
