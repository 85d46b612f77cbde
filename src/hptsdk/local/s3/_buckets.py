"""The operations of buckets, and the lists of their objects in the order of their keys."""

from __future__ import annotations

import base64
import errno
import re
from typing import TYPE_CHECKING, NamedTuple

from hptsdk.local._files import entries_below
from hptsdk.local.http import Response
from hptsdk.local.process import is_inside
from hptsdk.local.s3._call import iso_date, xml_response
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk.local._files import Entry
    from hptsdk.local.http import Content
    from hptsdk.local.process import Storage
    from hptsdk.local.s3._call import Call
    from hptsdk.local.s3._objects import Object, Objects

__all__ = ["Buckets"]

_NAME = re.compile(r"(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# The region whose name a location does not have.
_FIRST_REGION = "us-east-1"
_SLASH = "/"


class _Page(NamedTuple):
    """The objects and common prefixes of a page, and the last of them if there are more."""

    objects: list[Object]
    prefixes: list[str]
    last: str | None


class Buckets:
    """The operations of buckets."""

    def __init__(self, storage: Storage, objects: Objects, *, account: str, region: str) -> None:
        self._storage = storage
        self._objects = objects
        self._owner = {"ID": account, "DisplayName": "hptsdk"}
        self._region = region

    def list_buckets(self, call: Call) -> Response:
        """Return all buckets."""
        prefix = call.query.get("prefix", "")
        buckets = [
            {"Name": name, "CreationDate": iso_date(folder.stat().st_mtime)}
            for name, folder in self._storage.buckets().items()
            if name.startswith(prefix)
        ]
        return xml_response("ListAllMyBucketsResult", {"Owner": self._owner, "Buckets": {"Bucket": buckets}})

    def create(self, call: Call) -> Response:
        """Create a bucket as a folder of the root."""
        if not _NAME.fullmatch(call.bucket) or ".." in call.bucket:
            raise Refusal("InvalidBucketName", "The specified bucket is not valid.")
        if call.bucket in self._storage.buckets() and self._region != _FIRST_REGION:
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
            message = f"The bucket {call.bucket} is a folder outside the root and cannot be deleted."
            raise Refusal("AccessDenied", message, 403)
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise Refusal("BucketNotEmpty", "The bucket you tried to delete is not empty", 409) from error
            raise
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
        # without a delimiter, callers use the last key
        following = call.text(page.last) if page.last and call.query.get("delimiter") else None
        return self._list(call, page, {"Marker": call.text(marker), "NextMarker": following})

    def list_objects_v2(self, call: Call) -> Response:
        """Return a page of objects, as the second version of the operation."""
        token, start = call.query.get("continuation-token"), call.query.get("start-after", "")
        try:
            page = self._page(call, start if token is None else base64.b64decode(token, b"-_", validate=True).decode())
        except ValueError:
            raise Refusal("InvalidArgument", "The continuation token provided is incorrect") from None
        content = {
            "KeyCount": len(page.objects) + len(page.prefixes),
            "ContinuationToken": token,
            "NextContinuationToken": base64.urlsafe_b64encode(page.last.encode()).decode() if page.last else None,
            "StartAfter": call.text(start) if start else None,
        }
        return self._list(call, page, content)

    def _page(self, call: Call, after: str) -> _Page:
        prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
        page, folder = _Page([], [], None), self._objects.folder(call.bucket)
        last = ""
        for key in _Keys(self._objects, call.bucket, prefix, delimiter, after):
            if len(page.objects) + len(page.prefixes) == call.page_size:
                return page._replace(last=last)
            before, separator, _ = key[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
            group = f"{prefix}{before}{separator}" if separator else None
            if group is None:
                try:
                    page.objects.append(self._objects.listed(call.bucket, folder, key))
                except Refusal:
                    # it was deleted, or cannot be read
                    continue
            elif group not in {last, after}:
                page.prefixes.append(group)
            else:
                continue
            last = group or key
        return page

    def _list(self, call: Call, page: _Page, content: Mapping[str, Content]) -> Response:
        owner = self._owner if "list-type" not in call.query or call.query.get("fetch-owner") == "true" else None
        contents = [
            {
                "Key": call.text(each.key),
                "LastModified": iso_date(each.modified),
                "ETag": f'"{each.etag}"',
                "Size": each.size,
                "StorageClass": "STANDARD",
                "Owner": owner,
            }
            for each in page.objects
        ]
        prefixes = [{"Prefix": call.text(each)} for each in page.prefixes]
        delimiter = call.query.get("delimiter")
        document = {
            "Name": call.bucket,
            "Prefix": call.text(call.query.get("prefix", "")),
            "Delimiter": call.text(delimiter) if delimiter else None,
            "MaxKeys": call.page_size,
            "EncodingType": call.query.get("encoding-type"),
            "IsTruncated": bool(page.last),
            **content,
            "Contents": contents,
            "CommonPrefixes": prefixes,
        }
        return xml_response("ListBucketResult", document)


class _Keys:
    """The keys of a bucket, in the order of S3. With the delimiter "/", a folder has one key only, which may be any.

    Args:
        objects: the objects of all buckets.
        bucket: the name of the bucket.
        prefix: the prefix of the keys.
        delimiter: the delimiter of groups.
        after: the key or common prefix after which the keys begin.
    """

    def __init__(self, objects: Objects, bucket: str, prefix: str, delimiter: str, after: str) -> None:
        self._objects = objects
        self._bucket = bucket
        self._prefix = prefix
        self._is_grouped = delimiter == _SLASH
        self._after = after
        self._folder = objects.folder(bucket)

    def __iter__(self) -> Iterator[str]:
        """Return the keys."""
        base = self._prefix.rpartition(_SLASH)[0]
        parts = base.split(_SLASH) if base else []
        if {"", ".", ".."}.isdisjoint(parts) and "\0" not in base:
            yield from self._below(f"{base}/" if base else "")

    def _below(self, parent: str) -> Iterator[str]:
        """Return the keys below a folder, and the marker of the folder.

        Args:
            parent: the path of the folder with a slash at the end; empty for the folder of the bucket.
        """
        if parent and self._is_wanted(parent) and self._objects.has_marker(self._bucket, parent):
            yield parent
        for key, entry in self._entries(parent):
            if entry.kind != "folder":
                if self._is_wanted(key) and self._is_object(entry):
                    yield key
            elif self._may_have_keys(key):
                keys = self._below(key)
                if self._is_grouped and key.startswith(self._prefix):
                    yield from (first for first in [next(keys, None)] if first is not None)
                else:
                    yield from keys

    def _entries(self, parent: str) -> list[tuple[str, Entry]]:
        """Return the entries of a folder with their keys, sorted as the keys below them; none if it cannot be read."""
        try:
            entries = entries_below(self._folder, parent)
        except OSError:
            return []
        keys = [(f"{entry.name}/" if entry.kind == "folder" else entry.name, entry) for entry in entries]
        # names that are not UTF-8 cannot be keys
        return sorted((key, entry) for key, entry in keys if key.encode(errors="ignore").decode() == key)

    def _is_wanted(self, key: str) -> bool:
        """Check whether a key has the prefix and is not on an earlier page."""
        return key.startswith(self._prefix) and key > self._after

    def _may_have_keys(self, folder: str) -> bool:
        """Check whether keys below a folder can have the prefix and not be on an earlier page."""
        is_group = self._is_grouped and folder == self._after and folder != self._prefix
        is_listed = folder <= self._after and (not self._after.startswith(folder) or is_group)
        return not is_listed and (folder.startswith(self._prefix) or self._prefix.startswith(folder))

    def _is_object(self, entry: Entry) -> bool:
        """Check whether an entry is an object: a file, or a link to a file in the bucket."""
        path = self._folder / entry.name
        return entry.kind == "file" or (entry.kind == "link" and is_inside(path, self._folder) and path.is_file())
