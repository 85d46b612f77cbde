"""The operations of buckets, and the lists of their objects."""

from __future__ import annotations

import base64
import errno
import re
from typing import TYPE_CHECKING

from hptsdk.local.http import Response
from hptsdk.local.s3._call import iso_date, xml_response
from hptsdk.local.s3._listing import list_objects
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from hptsdk.local.http import Content
    from hptsdk.local.process import Storage
    from hptsdk.local.s3._call import Call
    from hptsdk.local.s3._index import Index
    from hptsdk.local.s3._listing import Page
    from hptsdk.local.s3._objects import Objects

__all__ = ["BucketOperations"]

_NAME = re.compile(r"(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# The region whose name a location does not have.
_FIRST_REGION = "us-east-1"


class BucketOperations:
    """The operations of buckets.

    Args:
        storage: the folders of the buckets.
        objects: the objects.
        index: the index of the objects.
        account: the ID of the AWS account.
        region: the AWS region.
    """

    def __init__(self, storage: Storage, objects: Objects, index: Index, *, account: str, region: str) -> None:
        self._storage = storage
        self._objects = objects
        self._index = index
        self._owner = {"ID": account, "DisplayName": "hptsdk"}
        self._region = region

    def list_buckets(self, call: Call) -> Response:
        """Return all buckets."""
        prefix = call.query.get("prefix", "")
        buckets: list[Content] = [
            {"Name": name, "CreationDate": iso_date(folder.stat().st_mtime)}
            for name, folder in self._storage.buckets().items()
            if name.startswith(prefix)
        ]
        return xml_response("ListAllMyBucketsResult", {"Owner": self._owner, "Buckets": {"Bucket": buckets}})

    def create(self, call: Call) -> Response:
        """Create a bucket as a folder of the root."""
        if not _NAME.fullmatch(call.bucket) or ".." in call.bucket:
            raise Refusal("InvalidBucketName", "The specified bucket is not valid.")
        if (call.bucket in self._storage.buckets()) and self._region != _FIRST_REGION:
            message = "Your previous request to create the named bucket succeeded and you already own it."
            raise Refusal("BucketAlreadyOwnedByYou", message, 409)
        self._storage.bucket(call.bucket).mkdir(mode=0o700, exist_ok=True)
        return Response(headers={"Location": f"/{call.bucket}"})

    def head(self, call: Call) -> Response:
        """Check that a bucket exists."""
        self._objects.folder(call.bucket)
        return Response(headers={"x-amz-bucket-region": self._region})

    def delete(self, call: Call) -> Response:
        """Delete an empty bucket, unless it is a folder that the user passed."""
        folder = self._objects.folder(call.bucket)
        if self._storage.has_own_folder(call.bucket):
            message = f"The bucket {call.bucket} is a folder outside the root of the local service, which keeps it."
            raise Refusal("AccessDenied", message, 403)
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise Refusal("BucketNotEmpty", "The bucket you tried to delete is not empty", 409) from error
            raise
        self._index.delete_bucket(call.bucket)
        return Response(status=204)

    def location(self, call: Call) -> Response:
        """Return the region of a bucket."""
        self._objects.folder(call.bucket)
        return xml_response("LocationConstraint", "" if self._region == _FIRST_REGION else self._region)

    def versioning(self, call: Call) -> Response:
        """Return that a bucket has no versions."""
        self._objects.folder(call.bucket)
        return xml_response("VersioningConfiguration", "")

    def list_objects(self, call: Call) -> Response:
        """Return a page of objects, as the first version of the operation."""
        marker = call.query.get("marker", "")
        page = self._page(call, marker)
        content: dict[str, Content | list[Content] | None] = {
            "Marker": call.text(marker),
            # without a delimiter, callers use the last key
            "NextMarker": call.text(page.last) if page.last and call.query.get("delimiter") else None,
        }
        return self._list(call, page, content)

    def list_objects_v2(self, call: Call) -> Response:
        """Return a page of objects, as the second version of the operation."""
        token, start = call.query.get("continuation-token"), call.query.get("start-after", "")
        page = self._page(call, start if token is None else _key_of(token))
        content: dict[str, Content | list[Content] | None] = {
            "KeyCount": len(page.objects) + len(page.prefixes),
            "ContinuationToken": token,
            "NextContinuationToken": _token_of(page.last) if page.last else None,
            "StartAfter": call.text(start) if start else None,
        }
        return self._list(call, page, content)

    def _page(self, call: Call, after: str) -> Page:
        """Return a page of objects after a key or a common prefix."""
        prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
        return list_objects(
            self._objects, call.bucket, prefix=prefix, delimiter=delimiter, after=after, limit=call.page_size
        )

    def _list(self, call: Call, page: Page, content: dict[str, Content | list[Content] | None]) -> Response:
        """Return the response with a page of objects."""
        owner = self._owner if "list-type" not in call.query or call.query.get("fetch-owner") == "true" else None
        contents: list[Content] = [
            {
                "Key": call.text(each.key),
                "LastModified": iso_date(each.modified),
                "ETag": f'"{each.etag}"',
                "Size": each.size,
                "StorageClass": "STANDARD",
                **({"Owner": owner} if owner else {}),
            }
            for each in page.objects
        ]
        prefixes: list[Content] = [{"Prefix": call.text(each)} for each in page.prefixes]
        delimiter = call.query.get("delimiter")
        return xml_response(
            "ListBucketResult",
            {
                "Name": call.bucket,
                "Prefix": call.text(call.query.get("prefix", "")),
                "Delimiter": call.text(delimiter) if delimiter else None,
                "MaxKeys": call.page_size,
                "EncodingType": call.query.get("encoding-type"),
                "IsTruncated": bool(page.last),
                **content,
                "Contents": contents,
                "CommonPrefixes": prefixes,
            },
        )


def _token_of(key: str) -> str:
    """Return the continuation token for a key or a common prefix."""
    return base64.urlsafe_b64encode(key.encode()).decode()


def _key_of(token: str) -> str:
    """Return the key or the common prefix of a continuation token.

    Raises:
        Refusal: it is not a token.
    """
    try:
        return base64.b64decode(token, b"-_", validate=True).decode()
    except ValueError:
        raise Refusal("InvalidArgument", "The continuation token provided is incorrect") from None
