"""The operations of buckets, with the lists of their objects, and of objects."""

from __future__ import annotations

import base64
import errno
import re
import uuid
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import unquote

from hptsdk.local._files import PART_SUFFIX, create_file
from hptsdk.local.http import Response
from hptsdk.local.s3._call import byte_range, failed, iso_date, malformed, object_headers, xml_response
from hptsdk.local.s3._index import Keys, copy_digests
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from hptsdk.local.http import Content
    from hptsdk.local.process import Storage
    from hptsdk.local.s3._call import Call
    from hptsdk.local.s3._index import Digests
    from hptsdk.local.s3._objects import Object, Objects

_NAME = re.compile(r"(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# The region whose name a location does not have.
_FIRST_REGION = "us-east-1"


class _Page(NamedTuple):
    """The objects and common prefixes of a page, and the last of them if there are more."""

    objects: list[Object]
    prefixes: list[str]
    last: str | None


class Buckets:
    def __init__(self, storage: Storage, objects: Objects, *, account: str, region: str) -> None:
        self._storage = storage
        self._objects = objects
        self._owner = {"ID": account, "DisplayName": "hptsdk"}
        self._region = region

    def list_buckets(self, call: Call) -> Response:
        prefix = call.query.get("prefix", "")
        buckets: list[Content] = []
        for name, folder in self._storage.buckets().items():
            # it may have been deleted
            with suppress(FileNotFoundError):
                if name.startswith(prefix):
                    buckets.append({"Name": name, "CreationDate": iso_date(folder.stat().st_mtime)})
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
        """Delete an empty bucket, unless its folder was passed to `LocalService`."""
        folder = self._objects.folder(call.bucket)
        if self._storage.has_own_folder(call.bucket):
            message = f"The bucket {call.bucket} cannot be deleted, because its folder was passed to the local service."
            raise Refusal("AccessDenied", message, 403)
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise Refusal("BucketNotEmpty", "The bucket you tried to delete is not empty", 409) from error
            raise
        return Response(status=204)

    def location(self, call: Call) -> Response:
        self._objects.folder(call.bucket)
        return xml_response("LocationConstraint", "" if self._region == _FIRST_REGION else self._region)

    def versioning(self, call: Call) -> Response:
        """Return the response for a bucket without versioning."""
        self._objects.folder(call.bucket)
        return xml_response("VersioningConfiguration", "")

    def list_objects(self, call: Call) -> Response:
        """Return a page of objects in the form of ListObjects."""
        marker = call.query.get("marker", "")
        page = self._page(call, marker)
        # without a delimiter, callers use the last key
        following = call.text(page.last) if page.last and call.query.get("delimiter") else None
        return self._list(call, page, {"Marker": call.text(marker), "NextMarker": following})

    def list_objects_v2(self, call: Call) -> Response:
        """Return a page of objects in the form of ListObjectsV2."""
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
        for key in Keys(self._objects, call.bucket, prefix, delimiter, after):
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


_MAX_DELETED = 1000
_SOURCE = "x-amz-copy-source"


class ReceivedContent(NamedTuple):
    """The content of an object or a part, and the object that it was copied from; None for the body of a request."""

    path: Path
    digests: Digests
    source: Object | None

    def response(self, name: str, etag: str, modified: float) -> Response:
        """Return the response to a call that stored it; for a copy, a document with this name."""
        if self.source is None:
            return Response(headers={"ETag": f'"{etag}"', **self.digests.checksums})
        return xml_response(name, {"LastModified": iso_date(modified), "ETag": f'"{etag}"'})


class ObjectOperations:
    """The operations of objects. `folder` contains files before they are moved into a bucket."""

    def __init__(self, objects: Objects, folder: Path) -> None:
        self._objects = objects
        self._folder = folder

    @contextmanager
    def temporary(self) -> Generator[Path]:
        """Yield the path of a file that does not exist, and remove the file if it was not moved."""
        path = self._folder / f"{uuid.uuid4().hex}{PART_SUFFIX}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    @contextmanager
    def receive(self, call: Call) -> Generator[ReceivedContent]:
        """Yield the content of a call: its body, or that of the object that it names as source.

        Raises:
            Refusal: the body does not match its digests, or the source cannot be copied.
        """
        with self.temporary() as path, create_file(path) as file:
            if _SOURCE not in call.headers:
                content = ReceivedContent(path, call.save(file.write), None)
            else:
                source_file, source = self._source(call)
                with source_file:
                    start, end = byte_range(call.headers.get(f"{_SOURCE}-range"), source.size) or (0, source.size)
                    source_file.seek(start)
                    content = ReceivedContent(path, copy_digests(source_file, end - start, file), source)
            file.flush()
            yield content

    def _source(self, call: Call) -> tuple[BinaryIO, Object]:
        address, _, version = call.headers[_SOURCE].partition("?versionId=")
        bucket, _, key = unquote(address).lstrip("/").partition("/")
        if version or not key:
            message = "Copy Source must mention the source bucket and key, and no version: sourcebucket/sourcekey"
            raise Refusal("InvalidArgument", message)
        file, source = self._objects.open(bucket, key)
        with ExitStack() as stack:
            stack.enter_context(file)
            if not call.check_conditions(source, prefix=f"{_SOURCE}-"):
                raise failed("If-None-Match or If-Modified-Since")
            stack.pop_all()
        return file, source

    def get(self, call: Call) -> Response:
        """Return an object or a range of it."""
        file, item = self._objects.open(call.bucket, call.key)
        with ExitStack() as stack:
            stack.enter_context(file)
            has_changed = call.check_conditions(item)
            part = byte_range(call.headers.get("range"), item.size) if has_changed else None
            start, end = part or (0, item.size)
            has_checksums = call.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED"
            headers = object_headers(item, checksums=has_checksums and has_changed and part is None)
            if part:
                headers["Content-Range"] = f"bytes {start}-{end - 1}/{item.size}"
            if start == end or not has_changed:
                return Response(status=200 if has_changed else 304, headers=headers)
            file.seek(start)
            stack.pop_all()
        return Response(file, 206 if part else 200, headers=headers, length=end - start)

    def head(self, call: Call) -> Response:
        response = self.get(call)
        if not isinstance(response.body, bytes):
            response.body.close()
        return Response(b"", response.status, headers=response.headers, length=response.length)

    def tagging(self, call: Call) -> Response:
        """Return an empty list of tags."""
        self._objects.head(call.bucket, call.key)
        return xml_response("Tagging", {"TagSet": ""})

    def put(self, call: Call) -> Response:
        """Store an object, or copy one."""
        place = self._objects.place(call.bucket, call.key, is_new=True)
        self.check_write(call)
        replaces = call.headers.get("x-amz-metadata-directive") == "REPLACE"
        with self.receive(call) as content:
            if content.source is not None and not replaces:
                self._check_copy(call, content.source)
            stored = dict(call.metadata() if content.source is None or replaces else content.source.headers)
            result = self._objects.put(place, content.path, content.digests.md5, stored | content.digests.checksums)
        return content.response("CopyObjectResult", result.etag, result.modified)

    def check_write(self, call: Call) -> None:
        """Check the conditions of a call that writes an object.

        Raises:
            Refusal: a condition is false.
        """
        if {"if-match", "if-none-match"}.isdisjoint(call.headers):
            return
        try:
            existing = self._objects.head(call.bucket, call.key)
        except Refusal as refusal:
            if refusal.code != "NoSuchKey":
                raise
            existing = None
        if not call.check_conditions(existing):
            raise failed("If-None-Match")

    def _check_copy(self, call: Call, source: Object) -> None:
        """Check that a copy changes something, as S3 requires."""
        if unquote(call.headers[_SOURCE]).lstrip("/") == f"{call.bucket}/{call.key}" and source.key == call.key:
            message = (
                "This copy request is illegal because it is trying to copy an object to itself without changing the "
                "object's metadata, storage class, website redirect location or encryption attributes."
            )
            raise Refusal("InvalidRequest", message)

    def delete(self, call: Call) -> Response:
        self._objects.delete(call.bucket, call.key)
        return Response(status=204)

    def delete_several(self, call: Call) -> Response:
        self._objects.folder(call.bucket)
        root = call.document()
        keys = [element.findtext("Key", "") for element in root.iter("Object")]
        if not 0 < len(keys) <= _MAX_DELETED or "" in keys:
            raise malformed()
        deleted: list[Content] = []
        errors: list[Content] = []
        for key in keys:
            try:
                self._objects.delete(call.bucket, key)
                deleted.append({"Key": key})
            except Refusal as refusal:
                errors.append({"Key": key, "Code": refusal.code, "Message": refusal.message})
        is_quiet = root.findtext("Quiet") == "true"
        return xml_response("DeleteResult", {"Deleted": [] if is_quiet else deleted, "Error": errors})
