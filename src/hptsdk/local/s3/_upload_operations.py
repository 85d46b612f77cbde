"""The operations of multipart uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.local.http import Response
from hptsdk.local.s3._call import iso_date, metadata, xml_response
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    from hptsdk.local.http import Content
    from hptsdk.local.s3._call import Call
    from hptsdk.local.s3._object_operations import ObjectOperations
    from hptsdk.local.s3._objects import Objects
    from hptsdk.local.s3._uploads import Upload, Uploads

__all__ = ["UploadOperations"]


class UploadOperations:
    """The operations of multipart uploads.

    Args:
        operations: the operations of objects.
        objects: the objects.
        uploads: the uploads.
    """

    def __init__(self, operations: ObjectOperations, objects: Objects, uploads: Uploads) -> None:
        self._operations = operations
        self._objects = objects
        self._uploads = uploads

    def create(self, call: Call) -> Response:
        """Create an upload."""
        self._objects.place(call.bucket, call.key, is_new=True)
        upload_id = self._uploads.create(call.bucket, call.key, metadata(call.headers))
        content: dict[str, Content] = {"Bucket": call.bucket, "Key": call.key, "UploadId": upload_id}
        return xml_response("InitiateMultipartUploadResult", content)

    def _upload(self, call: Call) -> Upload:
        """Return the upload of a call."""
        return self._uploads.get(call.query["uploadId"], call.bucket, call.key)

    def upload_part(self, call: Call) -> Response:
        """Store a part, or copy one from an object."""
        upload, number = self._upload(call), call.number("partNumber", 0)
        with self._operations.saved(call) as saved:
            self._uploads.add(upload, number, saved.path, saved.digests.md5)
        etag = f'"{saved.digests.md5}"'
        if saved.source is None:
            return Response(headers={"ETag": etag, **saved.digests.checksums})
        content: dict[str, Content] = {"LastModified": iso_date(saved.source.modified), "ETag": etag}
        return xml_response("CopyPartResult", content)

    def complete(self, call: Call) -> Response:
        """Make the listed parts one object."""
        upload = self._upload(call)
        try:
            parts = [
                (int(part.findtext("PartNumber", "")), part.findtext("ETag", "").strip('"'))
                for part in call.document().iter("Part")
            ]
        except ValueError:
            message = "The XML you provided was not well-formed or did not validate against our published schema"
            raise Refusal("MalformedXML", message) from None
        self._operations.check_write(call)
        place = self._objects.place(call.bucket, call.key, is_new=True)
        with self._operations.temporary() as path:
            etag = self._uploads.join(upload, parts, path)
            self._objects.put(place, path, etag, upload.headers)
        self._uploads.remove(upload)
        content: dict[str, Content] = {
            "Location": f"http://{call.headers['host']}{call.request.path}",
            "Bucket": call.bucket,
            "Key": call.key,
            "ETag": f'"{etag}"',
        }
        return xml_response("CompleteMultipartUploadResult", content)

    def abort(self, call: Call) -> Response:
        """Remove an upload and its parts."""
        self._uploads.remove(self._upload(call))
        return Response(status=204)

    def list_parts(self, call: Call) -> Response:
        """Return a page of the parts of an upload."""
        upload, marker, limit = self._upload(call), call.number("part-number-marker", 0), call.number("max-parts")
        parts = [part for part in self._uploads.parts(upload) if part.number > marker]
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
        """Return the uploads of a bucket; all of them are in one page."""
        self._objects.folder(call.bucket)
        prefix = call.query.get("prefix", "")
        uploads: list[Content] = [
            {"Key": call.text(upload.key), "UploadId": upload.id, "Initiated": iso_date(upload.created)}
            for upload in self._uploads.of_bucket(call.bucket, prefix)
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
