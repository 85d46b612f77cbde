"""Amazon S3 over the folders of the buckets: its requests, error responses and operations."""

from __future__ import annotations

import logging
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes

import attrs
from typing_extensions import override

from hptsdk.local.http import Response, Service, xml_document
from hptsdk.local.s3._call import Call
from hptsdk.local.s3._objects import Objects
from hptsdk.local.s3._operations import Buckets, ObjectOperations
from hptsdk.local.s3._uploads import Uploads
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from hptsdk.local.http import Request, Signature
    from hptsdk.local.process import Storage

_logger = logging.getLogger("hptsdk.local")

# The parameters of a query that choose an operation. Unknown parameters are rejected, because they may choose an
# operation that the local service does not have: a PUT with `?acl` would replace the object.
_CHOOSING = ("delete", "list-type", "location", "tagging", "uploadId", "uploads", "versioning")
_IGNORED = {"x-id"}

# The headers that are refused. Others, such as those for encryption and access, are ignored.
_REFUSED = ("x-amz-tagging", "x-amz-object-lock-mode", "x-amz-server-side-encryption-customer-algorithm")


class _Operation(NamedTuple):
    """The name of an operation, the function that returns its response, and the parameters of its query."""

    name: str
    respond: Callable[[Call], Response]
    query: str = ""


class S3(Service):
    """Amazon S3 with addresses in path style.

    Args:
        storage: the folders of the buckets.
        root: the root of the service, for the index of the objects and the parts of uploads.
        check_root: raises an error if the root is no longer that of the service.
        account: the ID of the AWS account.
        region: the AWS region.
    """

    methods = frozenset({"DELETE", "GET", "HEAD", "POST", "PUT"})
    codes = {  # noqa: RUF012 - a constant
        "denied": ("AccessDenied", 403),
        "method": ("MethodNotAllowed", 405),
        "missing": ("AccessDenied", 403),
        "malformed": ("AuthorizationHeaderMalformed", 400),
        "key": ("InvalidAccessKeyId", 403),
        "scope": ("AuthorizationHeaderMalformed", 400),
        "signature": ("SignatureDoesNotMatch", 403),
        "expired": ("RequestTimeTooSkewed", 403),
        "internal": ("InternalError", 500),
    }

    def __init__(
        self, storage: Storage, root: Path, check_root: Callable[[], None], *, account: str, region: str
    ) -> None:
        self._account = account
        self._region = region
        self._check_root = check_root
        objects = Objects(storage, root / "objects.sqlite3")
        self.close = objects.close
        buckets = Buckets(storage, objects, account=account, region=region)
        single = ObjectOperations(objects, root / "uploads")
        uploads = Uploads(single, objects, root / "uploads")
        pages = "prefix delimiter max-keys encoding-type"
        tokens = "continuation-token start-after fetch-owner"
        # by the method, the type of the resource, and the parameter of the query that chooses the operation
        self._operations = {
            "GET service": _Operation("ListBuckets", buckets.list_buckets, "prefix max-buckets"),
            "PUT bucket": _Operation("CreateBucket", buckets.create),
            "HEAD bucket": _Operation("HeadBucket", buckets.head),
            "DELETE bucket": _Operation("DeleteBucket", buckets.delete),
            "GET bucket location": _Operation("GetBucketLocation", buckets.location),
            "GET bucket versioning": _Operation("GetBucketVersioning", buckets.versioning),
            "GET bucket": _Operation("ListObjects", buckets.list_objects, f"{pages} marker"),
            "GET bucket list-type": _Operation("ListObjectsV2", buckets.list_objects_v2, f"{pages} {tokens}"),
            "GET bucket uploads": _Operation("ListMultipartUploads", uploads.list_uploads, f"{pages} max-uploads"),
            "POST bucket delete": _Operation("DeleteObjects", single.delete_several),
            "GET object": _Operation("GetObject", single.get),
            "HEAD object": _Operation("HeadObject", single.head),
            "GET object tagging": _Operation("GetObjectTagging", single.tagging),
            "PUT object": _Operation("PutObject", single.put),
            "DELETE object": _Operation("DeleteObject", single.delete),
            "POST object uploads": _Operation("CreateMultipartUpload", uploads.create),
            "PUT object uploadId": _Operation("UploadPart", uploads.upload_part, "partNumber"),
            "POST object uploadId": _Operation("CompleteMultipartUpload", uploads.complete),
            "DELETE object uploadId": _Operation("AbortMultipartUpload", uploads.abort),
            "GET object uploadId": _Operation("ListParts", uploads.list_parts, "max-parts part-number-marker"),
        }

    @override
    def operation(self, request: Request) -> str:
        try:
            return f"s3 {self._operation(_call(request, None)).name}"
        except Refusal:
            return "a request to S3 without a known operation"

    @override
    def call(self, request: Request, signature: Signature) -> Response:
        self._check_root()
        with _os_errors():
            call = _call(request, signature)
            operation = self._operation(call)
            self._check_headers(request)
            response = operation.respond(call)
        return attrs.evolve(response, headers={"x-amz-request-id": uuid.uuid4().hex.upper(), **response.headers})

    def _operation(self, call: Call) -> _Operation:
        method, kind = call.request.method, "object" if call.key else "bucket" if call.bucket else "service"
        choosing = next((name for name in _CHOOSING if name in call.query), "")
        operation = self._operations.get(f"{method} {kind} {choosing}".strip())
        if operation is None or not call.query.keys() <= {*operation.query.split(), choosing} | _IGNORED:
            names = f"{method} for a {kind} with the query parameters {', '.join(call.query) or '(none)'}"
            raise Refusal("NotImplemented", f"The local service does not support {names}.", 501)
        return operation

    def _check_headers(self, request: Request) -> None:
        """Check that the headers name no other owner of the buckets, and that none of them is refused."""
        owner = request.headers.get("x-amz-expected-bucket-owner", self._account)
        if owner != self._account:
            raise Refusal("AccessDenied", f"The owner of the bucket is {self._account}, not {owner}.", 403)
        for name in _REFUSED:
            if name in request.headers:
                raise Refusal("NotImplemented", f"The local service does not support the header {name}.", 501)

    @override
    def error(self, request: Request, refusal: Refusal) -> Response:
        request_id = uuid.uuid4().hex.upper()
        content = {
            "Code": refusal.code,
            "Message": refusal.message,
            "Resource": request.path,
            "Region": self._region if refusal.code == "AuthorizationHeaderMalformed" else None,
            "RequestId": request_id,
        }
        headers = {"Content-Type": "application/xml", "x-amz-request-id": request_id}
        body = b"" if request.method == "HEAD" else xml_document("Error", content)
        return Response(body, refusal.status, refusal.code, headers)


def _call(request: Request, signature: Signature | None) -> Call:
    try:
        bucket, _, key = unquote_to_bytes(request.path[1:]).decode().partition("/")
        query = dict(parse_qsl(request.query, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise Refusal("InvalidURI", "Couldn't parse the specified URI: it is not UTF-8.") from None
    return Call(request, signature, bucket, key, query)


@contextmanager
def _os_errors() -> Generator[None]:
    """Convert an error of the file system to an error response."""
    try:
        yield
    except OSError as error:
        _logger.warning("a request to S3 failed: %s", error)
        message = f"The local service cannot read or write its files now: {error.strerror}."
        raise Refusal("InternalError", message, 500) from error
