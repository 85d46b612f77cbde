"""Multipart uploads, with boto3."""

import hashlib
import io
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from running import BUCKET, bucket
from s3_client import client, keys, refusal

MEBIBYTE = 1 << 20
SMALLEST = 5 * MEBIBYTE


@pytest.fixture(scope="module")
def service(open_shared):
    return open_shared()


@pytest.fixture(scope="module")
def s3(service):
    return client(service)


@pytest.fixture(scope="module")
def content():
    return os.urandom(SMALLEST + 7)


@pytest.fixture
def data(service):
    return bucket(service.root.parent)


class Upload:
    """An upload of a key."""

    def __init__(self, s3, key="a", **members):
        self._s3 = s3
        created = s3.create_multipart_upload(Bucket=BUCKET, Key=key, **members)
        self.members = {"Bucket": BUCKET, "Key": key, "UploadId": created["UploadId"]}

    def part(self, number, body):
        response = self._s3.upload_part(**self.members, PartNumber=number, Body=body)
        return {"PartNumber": number, "ETag": response["ETag"]}

    def complete(self, *parts):
        return self._s3.complete_multipart_upload(**self.members, MultipartUpload={"Parts": list(parts)})


def md5(*contents):
    return hashlib.md5(b"".join(contents), usedforsecurity=False)


def test_the_parts_of_an_upload_become_one_object(s3, service, data, content):
    upload = Upload(s3, Metadata={"k": "v"}, ContentType="text/plain")
    parts = [upload.part(1, content), upload.part(3, b"end")]
    etag = upload.complete(*parts)["ETag"]
    assert (data / "a").read_bytes() == content + b"end"
    assert etag == f'"{md5(md5(content).digest(), md5(b"end").digest()).hexdigest()}-2"'
    head = s3.head_object(Bucket=BUCKET, Key="a")
    assert (head["ETag"], head["Metadata"], head["ContentType"]) == (etag, {"k": "v"}, "text/plain")
    assert list((service.root / "uploads").iterdir()) == []


def test_an_unfinished_upload_is_no_object(s3, content):
    upload = Upload(s3, "unfinished")
    upload.part(1, b"x")
    assert "unfinished" not in keys(s3.list_objects_v2(Bucket=BUCKET))
    assert refusal(s3.head_object, Bucket=BUCKET, Key="unfinished") == (404, "404")


def test_a_part_is_replaced(s3, data):
    upload = Upload(s3)
    upload.part(1, b"first")
    upload.complete(upload.part(1, b"second"))
    assert (data / "a").read_bytes() == b"second"


def test_parts_are_listed_in_pages(s3):
    upload = Upload(s3)
    for number in (2, 1, 5):
        upload.part(number, b"x" * number)
    pages = list(s3.get_paginator("list_parts").paginate(**upload.members, PaginationConfig={"PageSize": 2}))
    assert [[(part["PartNumber"], part["Size"]) for part in page["Parts"]] for page in pages] == [
        [(1, 1), (2, 2)],
        [(5, 5)],
    ]


def test_the_uploads_of_a_bucket_are_listed(s3):
    upload = Upload(s3, "listed/é")
    (listed,) = s3.list_multipart_uploads(Bucket=BUCKET, Prefix="listed/")["Uploads"]
    assert (listed["Key"], listed["UploadId"]) == ("listed/é", upload.members["UploadId"])


def test_an_aborted_upload_leaves_nothing(s3, service):
    before = list((service.root / "uploads").iterdir())
    upload = Upload(s3)
    upload.part(1, b"x")
    s3.abort_multipart_upload(**upload.members)
    assert list((service.root / "uploads").iterdir()) == before
    assert refusal(upload.part, 1, b"x") == (404, "NoSuchUpload")


def test_an_upload_continues_when_the_root_is_opened_again(open_service):
    service = open_service()
    upload = Upload(client(service))
    part = upload.part(1, b"x")
    service.close()
    s3 = client(open_service())
    s3.complete_multipart_upload(**upload.members, MultipartUpload={"Parts": [part]})
    assert s3.get_object(Bucket=BUCKET, Key="a")["Body"].read() == b"x"


def test_an_upload_without_a_new_part_for_seven_days_is_removed(s3, service):
    abandoned, recent = Upload(s3), Upload(s3)
    for upload, days in ((abandoned, 7.1), (recent, 6.9)):
        changed = time.time() - days * 86_400
        os.utime(service.root / "uploads" / upload.members["UploadId"], (changed, changed))
    Upload(s3)
    assert refusal(abandoned.part, 1, b"x") == (404, "NoSuchUpload")
    assert recent.part(1, b"x")


@pytest.mark.long
def test_uploads_can_be_created_while_others_are_aborted(s3):
    def create_and_abort(key):
        return s3.abort_multipart_upload(**Upload(s3, key).members)["ResponseMetadata"]["HTTPStatusCode"]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(create_and_abort, map(str, range(80)))) == {204}


def test_a_file_of_a_request_that_a_crash_ended_is_removed_when_the_root_is_opened_again(open_service):
    service = open_service()
    service.close()
    (service.root / "uploads" / "crashed.hptsdk-part").write_text("x")
    open_service()
    assert list((service.root / "uploads").iterdir()) == []


def test_a_part_is_copied_from_an_object(s3, data):
    s3.put_object(Bucket=BUCKET, Key="source", Body=b"0123456789")
    upload = Upload(s3)
    copied = s3.upload_part_copy(
        **upload.members, PartNumber=1, CopySource=f"{BUCKET}/source", CopySourceRange="bytes=2-4"
    )
    upload.complete({"PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"]})
    assert (data / "a").read_bytes() == b"234"


def test_parts_in_another_order_are_refused(s3, content):
    upload = Upload(s3)
    parts = [upload.part(number, content) for number in (1, 2)]
    assert refusal(upload.complete, *reversed(parts)) == (400, "InvalidPartOrder")
    assert refusal(upload.complete, parts[0], parts[0]) == (400, "InvalidPartOrder")


def test_parts_that_were_not_uploaded_are_refused(s3):
    upload = Upload(s3)
    upload.part(1, b"x")
    assert refusal(upload.complete, {"PartNumber": 1, "ETag": '"other"'}) == (400, "InvalidPart")
    assert refusal(upload.complete, {"PartNumber": 2, "ETag": '"other"'}) == (400, "InvalidPart")
    assert refusal(upload.complete) == (400, "InvalidPart")


def test_a_small_part_before_the_last_one_is_refused(s3):
    upload = Upload(s3)
    parts = [upload.part(1, b"small"), upload.part(2, b"last")]
    assert refusal(upload.complete, *parts) == (400, "EntityTooSmall")


@pytest.mark.parametrize("number", [0, 10001])
def test_a_part_with_an_invalid_number_is_refused(s3, number):
    assert refusal(Upload(s3).part, number, b"x") == (400, "InvalidArgument")


@pytest.mark.parametrize("upload_id", ["missing", "..", "../buckets", "0" * 32])
def test_an_unknown_upload_is_an_error(s3, upload_id):
    members = {"Bucket": BUCKET, "Key": "a", "UploadId": upload_id}
    assert refusal(s3.upload_part, **members, PartNumber=1, Body=b"") == (404, "NoSuchUpload")
    assert refusal(s3.abort_multipart_upload, **members) == (404, "NoSuchUpload")


def test_the_upload_of_another_key_is_an_error(s3):
    members = Upload(s3, "a").members | {"Key": "b"}
    assert refusal(s3.upload_part, **members, PartNumber=1, Body=b"") == (404, "NoSuchUpload")


def test_the_transfer_manager_uploads_copies_and_downloads_a_large_file(s3, data):
    content = os.urandom(20 * MEBIBYTE)
    s3.upload_fileobj(io.BytesIO(content), BUCKET, "large/one")
    s3.copy({"Bucket": BUCKET, "Key": "large/one"}, BUCKET, "large/two")
    downloaded = io.BytesIO()
    s3.download_fileobj(BUCKET, "large/two", downloaded)
    assert downloaded.getvalue() == content
    assert s3.head_object(Bucket=BUCKET, Key="large/one")["ETag"].endswith('-3"')
