"""Multipart uploads: their parts are files in a folder of the root, until they become one object."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from hptsdk.local._files import PART_SUFFIX, create_file, remove_tree, write_private
from hptsdk.local.http import Response
from hptsdk.local.s3._call import iso_date, malformed, xml_response
from hptsdk.local.s3._index import BLOCK, md5
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hptsdk.local.http import Content
    from hptsdk.local.s3._call import Call
    from hptsdk.local.s3._objects import Objects
    from hptsdk.local.s3._operations import ObjectOperations

_DESCRIPTION = "upload.json"
_ID = re.compile(r"[0-9a-f]{32}")
_MAX_PARTS = 10_000
# All parts except the last one have at least this size.
_MIN_SIZE = 5 << 20
# An upload is removed this many seconds after its last part, as by a lifecycle rule of seven days.
_MAX_AGE = 7 * 86_400


class _Part(NamedTuple):
    """The number of a part, its ETag, which is its MD5, and its file."""

    number: int
    etag: str
    path: Path


class _Upload(NamedTuple):
    """The ID of an upload, the bucket, the key and the metadata of its object, and the time of its creation."""

    id: str
    bucket: str
    key: str
    headers: Mapping[str, str]
    created: float


class Uploads:
    """The operations of multipart uploads. Uploads can continue after a restart of the service.

    `folder` contains their parts. Files of requests that a crash ended are removed from it.
    """

    def __init__(self, operations: ObjectOperations, objects: Objects, folder: Path) -> None:
        self._operations = operations
        self._objects = objects
        self._folder = folder
        for path in folder.glob(f"*{PART_SUFFIX}"):
            path.unlink()
        self._remove_abandoned()

    def _folders(self) -> list[Path]:
        return [path for path in self._folder.iterdir() if _ID.fullmatch(path.name)]

    def _remove_abandoned(self) -> None:
        """Remove the uploads to which no part was added for seven days."""
        oldest = time.time() - _MAX_AGE
        for path in self._folders():
            # another request may remove it at the same time
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    remove_tree(path)

    def _read(self, upload_id: str) -> _Upload | None:
        path = self._folder / upload_id / _DESCRIPTION
        try:
            text, created = path.read_bytes(), path.stat().st_mtime
        except FileNotFoundError:
            return None
        return _Upload(upload_id, **json.loads(text), created=created)

    def _upload(self, call: Call) -> _Upload:
        upload_id = call.query["uploadId"]
        upload = self._read(upload_id) if _ID.fullmatch(upload_id) else None
        if upload is None or (upload.bucket, upload.key) != (call.bucket, call.key):
            message = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
            raise Refusal("NoSuchUpload", f"{message}aborted or completed.", 404)
        return upload

    def _parts(self, upload: _Upload) -> list[_Part]:
        paths = [path for path in (self._folder / upload.id).iterdir() if path.name != _DESCRIPTION]
        names = sorted((path.name.partition("-"), path) for path in paths)
        return [_Part(int(number), etag, path) for (number, _, etag), path in names]

    def create(self, call: Call) -> Response:
        self._objects.place(call.bucket, call.key, is_new=True)
        self._remove_abandoned()
        upload_id = secrets.token_hex(16)
        folder = self._folder / upload_id
        folder.mkdir(mode=0o700)
        description = {"bucket": call.bucket, "key": call.key, "headers": call.metadata()}
        write_private(folder / _DESCRIPTION, json.dumps(description))
        content = {"Bucket": call.bucket, "Key": call.key, "UploadId": upload_id}
        return xml_response("InitiateMultipartUploadResult", content)

    def upload_part(self, call: Call) -> Response:
        """Store a part, or copy one from an object. It replaces an earlier part with its number."""
        upload, number = self._upload(call), call.number("partNumber", 0)
        if not 1 <= number <= _MAX_PARTS:
            message = f"Part number must be an integer between 1 and {_MAX_PARTS}, inclusive"
            raise Refusal("InvalidArgument", message)
        with self._operations.receive(call) as content:
            etag = content.digests.md5
            earlier = [part for part in self._parts(upload) if part.number == number and part.etag != etag]
            content.path.replace(self._folder / upload.id / f"{number:05}-{etag}")
            for part in earlier:
                part.path.unlink(missing_ok=True)
        return content.response("CopyPartResult", etag, content.source.modified if content.source else 0)

    def complete(self, call: Call) -> Response:
        """Combine the listed parts into one object."""
        upload = self._upload(call)
        try:
            parts = [
                (int(part.findtext("PartNumber", "")), part.findtext("ETag", "").strip('"'))
                for part in call.document().iter("Part")
            ]
        except ValueError:
            raise malformed() from None
        self._operations.check_write(call)
        place = self._objects.place(call.bucket, call.key, is_new=True)
        with self._operations.temporary() as path:
            etag = self._join(upload, parts, path)
            self._objects.put(place, path, etag, upload.headers)
        remove_tree(self._folder / upload.id)
        content = {
            "Location": f"http://{call.headers['host']}{call.request.path}",
            "Bucket": call.bucket,
            "Key": call.key,
            "ETag": f'"{etag}"',
        }
        return xml_response("CompleteMultipartUploadResult", content)

    def _join(self, upload: _Upload, listed: Sequence[tuple[int, str]], file: Path) -> str:
        """Write the listed parts of an upload to a file, and return the ETag of the object."""
        numbers = [number for number, _ in listed]
        if numbers != sorted(set(numbers)):
            message = "The list of parts was not in ascending order. The parts list must be specified in order."
            raise Refusal("InvalidPartOrder", message)
        available = {(part.number, part.etag): part.path for part in self._parts(upload)}
        if not listed or any(part not in available for part in listed):
            message = (
                "One or more of the specified parts could not be found. The part might not have been uploaded, or the "
                "specified entity tag might not have matched the part's entity tag."
            )
            raise Refusal("InvalidPart", message)
        paths = [available[part] for part in listed]
        if any(path.stat().st_size < _MIN_SIZE for path in paths[:-1]):
            message = "Your proposed upload is smaller than the minimum allowed object size."
            raise Refusal("EntityTooSmall", message)
        with create_file(file) as target:
            for path in paths:
                with path.open("rb") as source:
                    shutil.copyfileobj(source, target, BLOCK)
        digests = b"".join(bytes.fromhex(etag) for _, etag in listed)
        return f"{md5(digests).hexdigest()}-{len(listed)}"

    def abort(self, call: Call) -> Response:
        remove_tree(self._folder / self._upload(call).id)
        return Response(status=204)

    def list_parts(self, call: Call) -> Response:
        upload, marker, limit = self._upload(call), call.number("part-number-marker", 0), call.number("max-parts")
        parts = [part for part in self._parts(upload) if part.number > marker]
        page: list[Content] = [
            {
                "PartNumber": part.number,
                "LastModified": iso_date(part.path.stat().st_mtime),
                "ETag": f'"{part.etag}"',
                "Size": part.path.stat().st_size,
            }
            for part in parts[:limit]
        ]
        return xml_response(
            "ListPartsResult",
            {
                "Bucket": call.bucket,
                "Key": call.key,
                "UploadId": upload.id,
                "PartNumberMarker": marker,
                "NextPartNumberMarker": parts[len(page) - 1].number if page else marker,
                "MaxParts": limit,
                "IsTruncated": len(parts) > len(page),
                "Part": page,
                "StorageClass": "STANDARD",
            },
        )

    def list_uploads(self, call: Call) -> Response:
        """Return the uploads of a bucket, sorted by key and time; all of them are in one page."""
        self._objects.folder(call.bucket)
        prefix = call.query.get("prefix", "")
        read = [upload for path in self._folders() if (upload := self._read(path.name)) is not None]
        wanted = [upload for upload in read if upload.bucket == call.bucket and upload.key.startswith(prefix)]
        uploads = [
            {"Key": call.text(upload.key), "UploadId": upload.id, "Initiated": iso_date(upload.created)}
            for upload in sorted(wanted, key=lambda upload: (upload.key, upload.created))
        ]
        return xml_response(
            "ListMultipartUploadsResult",
            {
                "Bucket": call.bucket,
                "Prefix": call.text(prefix),
                "MaxUploads": max(1000, len(uploads)),
                "EncodingType": call.query.get("encoding-type"),
                "IsTruncated": False,
                "Upload": uploads,
            },
        )
