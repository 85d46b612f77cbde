"""The operations of objects."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import unquote

from hptsdk.local._files import PART_SUFFIX, create_file
from hptsdk.local.http import Response
from hptsdk.local.s3._body import copy_digests, save_body
from hptsdk.local.s3._call import iso_date, metadata, object_headers, xml_response
from hptsdk.local.s3._conditions import byte_range, check_conditions, check_write_conditions
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hptsdk.local.http import Content
    from hptsdk.local.s3._body import Digests
    from hptsdk.local.s3._call import Call
    from hptsdk.local.s3._objects import Object, Objects

__all__ = ["ObjectOperations", "Saved"]

_MAX_DELETED = 1000
_SOURCE = "x-amz-copy-source"


class Saved(NamedTuple):
    """Content that is to become an object or a part of one.

    Attributes:
        path: its file.
        digests: its digests.
        source: the object that it was copied from; None if it is the body of a request.
    """

    path: Path
    digests: Digests
    source: Object | None


class ObjectOperations:
    """The operations of objects.

    Args:
        objects: the objects.
        folder: the folder for files before they are moved into a bucket.
    """

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
    def saved(self, call: Call) -> Generator[Saved]:
        """Yield the content of a call: its body, or that of the object that it names as source.

        Raises:
            Refusal: the body is not that of its digests, or the source cannot be read.
        """
        with self.temporary() as path, create_file(path) as file:
            if _SOURCE not in call.headers:
                saved = Saved(path, save_body(call.request, call.checked_signature, file), None)
            else:
                source_file, source = self._source(call)
                with source_file:
                    start, end = byte_range(call.headers.get(f"{_SOURCE}-range"), source.size) or (0, source.size)
                    source_file.seek(start)
                    saved = Saved(path, copy_digests(source_file, end - start, file), source)
            file.flush()
            yield saved

    def _source(self, call: Call) -> tuple[BinaryIO, Object]:
        """Open the object from which a call copies."""
        address, _, version = call.headers[_SOURCE].partition("?versionId=")
        bucket, _, key = unquote(address).lstrip("/").partition("/")
        if version or not key:
            raise Refusal(
                "InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
            )
        file, source = self._objects.open(bucket, key)
        try:
            has_changed = check_conditions(call.headers, source, prefix=f"{_SOURCE}-")
        except BaseException:
            file.close()
            raise
        if not has_changed:
            file.close()
            raise Refusal("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
        return file, source

    # --- operations ---

    def get(self, call: Call) -> Response:
        """Return an object or a range of it."""
        file, found = self._objects.open(call.bucket, call.key)
        try:
            if not check_conditions(call.headers, found):
                file.close()
                return Response(status=304, headers=object_headers(found))
            part = byte_range(call.headers.get("range"), found.size)
        except BaseException:
            file.close()
            raise
        start, end = part or (0, found.size)
        headers = object_headers(found)
        if part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
        else:
            headers |= _checksums(call, found)
        if start == end:
            file.close()
            return Response(headers=headers)
        file.seek(start)
        return Response(file, 206 if part else 200, headers=headers, length=end - start)

    def head(self, call: Call) -> Response:
        """Return the headers of an object."""
        response = self.get(call)
        if not isinstance(response.body, bytes):
            response.body.close()
        return Response(b"", response.status, headers=response.headers, length=response.content_length)

    def tagging(self, call: Call) -> Response:
        """Return that an object has no tags."""
        self._objects.head(call.bucket, call.key)
        return xml_response("Tagging", {"TagSet": ""})

    def put(self, call: Call) -> Response:
        """Store an object, or copy one."""
        place = self._objects.place(call.bucket, call.key, is_new=True)
        self.check_write(call)
        replaces = call.headers.get("x-amz-metadata-directive") == "REPLACE"
        with self.saved(call) as saved:
            if saved.source is not None:
                self._check_copy(call, saved.source, replaces=replaces)
            stored = metadata(call.headers if saved.source is None or replaces else saved.source.headers)
            stored |= saved.digests.checksums
            result = self._objects.put(place, saved.path, saved.digests.md5, stored)
        etag = f'"{result.etag}"'
        if saved.source is None:
            return Response(headers={"ETag": etag, **saved.digests.checksums})
        return xml_response("CopyObjectResult", {"LastModified": iso_date(result.modified), "ETag": etag})

    def check_write(self, call: Call) -> None:
        """Check the conditions of a call that writes an object."""
        if not {"if-match", "if-none-match"}.isdisjoint(call.headers):
            check_write_conditions(call.headers, self._existing(call))

    def _existing(self, call: Call) -> Object | None:
        """Return the object of a call; None if it does not exist."""
        try:
            return self._objects.head(call.bucket, call.key)
        except Refusal as refusal:
            if refusal.code == "NoSuchKey":
                return None
            raise

    def _check_copy(self, call: Call, source: Object, *, replaces: bool) -> None:
        """Check that a copy changes something, as S3 requires."""
        address = unquote(call.headers[_SOURCE]).lstrip("/")
        if address == f"{call.bucket}/{source.key}" and source.key == call.key and not replaces:
            message = (
                "This copy request is illegal because it is trying to copy an object to itself without changing the "
                "object's metadata, storage class, website redirect location or encryption attributes."
            )
            raise Refusal("InvalidRequest", message)

    def delete(self, call: Call) -> Response:
        """Delete an object."""
        self._objects.delete(call.bucket, call.key)
        return Response(status=204)

    def delete_several(self, call: Call) -> Response:
        """Delete the listed objects."""
        self._objects.folder(call.bucket)
        root = call.document()
        keys = [element.findtext("Key", "") for element in root.iter("Object")]
        if not 0 < len(keys) <= _MAX_DELETED or "" in keys:
            message = "The XML you provided was not well-formed or did not validate against our published schema"
            raise Refusal("MalformedXML", message)
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


def _checksums(call: Call, found: Object) -> dict[str, str]:
    """Return the checksums of an object, which the caller compares, if the caller requests them."""
    if call.headers.get("x-amz-checksum-mode", "").upper() != "ENABLED":
        return {}
    return {name: value for name, value in found.headers.items() if name.startswith("x-amz-checksum-")}
