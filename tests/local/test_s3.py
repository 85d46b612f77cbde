"""S3 over the folders of the buckets: buckets and objects, with boto3."""

import hashlib
import io
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import psutil
import pytest
from botocore.exceptions import ClientError, HTTPClientError
from running import BUCKET, bucket, job, run, shell, training
from s3_client import client, keys, refusal

MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def service(open_shared):
    return open_shared()


@pytest.fixture(scope="module")
def s3(service):
    return client(service)


@pytest.fixture
def data(service):
    """Return the folder of the bucket, which is empty at the beginning of each test."""
    folder = bucket(service.root.parent)
    yield folder
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        else:
            path.rmdir()


def put(s3, key, body=b"content", **members):
    return s3.put_object(Bucket=BUCKET, Key=key, Body=body, **members)


def get(s3, key, **members):
    return s3.get_object(Bucket=BUCKET, Key=key, **members)


def head(s3, key, **members):
    return s3.head_object(Bucket=BUCKET, Key=key, **members)


# --- buckets ---


def test_a_bucket_is_a_folder_that_was_passed(s3):
    assert BUCKET in [each["Name"] for each in s3.list_buckets()["Buckets"]]


def test_a_created_bucket_is_a_folder_of_the_root(service, s3):
    s3.create_bucket(Bucket="created")
    assert (service.root / "buckets" / "created").is_dir()
    assert "created" in [each["Name"] for each in s3.list_buckets()["Buckets"]]


def test_a_bucket_can_be_created_again(s3):
    s3.create_bucket(Bucket="again")
    s3.create_bucket(Bucket="again")


def test_a_bucket_of_another_region_cannot_be_created_again(open_service):
    s3 = client(open_service(region_name="eu-west-1"))
    location = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    s3.create_bucket(Bucket="again", **location)
    assert refusal(s3.create_bucket, Bucket="again", **location) == (409, "BucketAlreadyOwnedByYou")
    assert s3.get_bucket_location(Bucket="again")["LocationConstraint"] == "eu-west-1"


@pytest.mark.parametrize("name", ["UPPER", "a", "under_score", "two..dots", "-begins", "xn--name"])
def test_a_bucket_with_an_invalid_name_is_refused(s3, name):
    assert refusal(s3.create_bucket, Bucket=name) in [(400, "InvalidBucketName"), (404, "NoSuchBucket")]


def test_an_empty_bucket_can_be_deleted(service, s3):
    s3.create_bucket(Bucket="deleted")
    s3.delete_bucket(Bucket="deleted")
    assert not (service.root / "buckets" / "deleted").exists()


def test_a_bucket_with_objects_cannot_be_deleted(s3):
    s3.create_bucket(Bucket="filled")
    s3.put_object(Bucket="filled", Key="a", Body=b"")
    assert refusal(s3.delete_bucket, Bucket="filled") == (409, "BucketNotEmpty")


def test_a_bucket_with_a_folder_of_its_own_cannot_be_deleted(s3, data):
    assert refusal(s3.delete_bucket, Bucket=BUCKET) == (403, "AccessDenied")
    assert data.is_dir()


def test_the_error_for_a_missing_bucket_has_the_argument_that_adds_it(s3):
    with pytest.raises(
        ClientError, match=r"again with buckets=\{'missing': FOLDER\}, in a shell with --bucket missing="
    ):
        s3.list_objects_v2(Bucket="missing")


@pytest.mark.parametrize("name", ["missing", "..", "."])
def test_a_missing_bucket_is_an_error(s3, name):
    assert refusal(s3.head_bucket, Bucket=name)[0] in (400, 404)
    assert refusal(s3.list_objects_v2, Bucket="missing") == (404, "NoSuchBucket")
    assert refusal(s3.put_object, Bucket="missing", Key="a", Body=b"") == (404, "NoSuchBucket")


def test_a_bucket_has_the_region_of_the_service(s3):
    assert s3.head_bucket(Bucket=BUCKET)["BucketRegion"] == "us-east-1"
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] is None


def test_a_bucket_of_another_owner_is_refused(s3):
    assert refusal(s3.list_objects_v2, Bucket=BUCKET, ExpectedBucketOwner="210987654321") == (403, "AccessDenied")
    s3.list_objects_v2(Bucket=BUCKET, ExpectedBucketOwner="123456789012")


# --- objects ---


def test_an_object_is_a_file(s3, data):
    put(s3, "a/b.txt")
    assert (data / "a" / "b.txt").read_bytes() == b"content"


def test_a_file_is_an_object(s3, data):
    (data / "a.txt").write_bytes(b"text")
    response = get(s3, "a.txt")
    assert (response["Body"].read(), response["ContentLength"]) == (b"text", 4)


@pytest.mark.parametrize("key", ["a b+c&d", "é/ü", "100%", "a=b;c,d", "~$@!*'()", "a\tb", "?query#fragment", "<&>"])
def test_a_key_can_have_any_characters(s3, data, key):
    put(s3, key)
    assert get(s3, key)["Body"].read() == b"content"
    assert keys(s3.list_objects_v2(Bucket=BUCKET)) == [key]
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": key}]})
    assert list(data.iterdir()) == []


def test_an_object_is_replaced(s3, data):
    put(s3, "a", b"first", Metadata={"first": "1"})
    put(s3, "a", b"second")
    assert (get(s3, "a")["Body"].read(), head(s3, "a")["Metadata"]) == (b"second", {})


def test_the_name_of_a_metadata_entry_can_contain_a_dot(s3, data):
    put(s3, "a", Metadata={"first.part": "1"})
    assert head(s3, "a")["Metadata"] == {"first.part": "1"}


def test_the_error_for_a_metadata_entry_with_an_underscore_names_its_header(s3, data):
    with pytest.raises(ClientError, match=r"x-amz-meta-my_key: .* underscore"):
        put(s3, "a", Metadata={"my_key": "1"})


def test_an_empty_object_is_returned(s3, data):
    put(s3, "a", b"")
    assert get(s3, "a")["Body"].read() == b""


def test_the_etag_is_the_md5_of_the_content(s3, data):
    etag = f'"{hashlib.md5(b"content").hexdigest()}"'  # noqa: S324 - the ETag of S3
    (data / "b").write_bytes(b"content")
    assert put(s3, "a")["ETag"] == etag
    assert [head(s3, key)["ETag"] for key in "ab"] == [etag, etag]
    assert [each["ETag"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == [etag, etag]


def test_the_etag_of_a_large_file_that_was_not_uploaded_has_the_form_of_a_multipart_upload(s3, data):
    with (data / "a").open("wb") as file:
        file.truncate(17 * MEBIBYTE)
    etag = head(s3, "a")["ETag"]
    assert etag.endswith('-3"')
    with (data / "a").open("ab") as file:
        file.write(b"x")
    assert head(s3, "a")["ETag"] not in ("", etag)


def test_an_object_that_a_program_changes_has_another_etag_and_no_metadata(s3, data):
    put(s3, "a", b"first", Metadata={"k": "v"})
    (data / "a").write_bytes(b"other")
    response = head(s3, "a")
    assert response["Metadata"] == {}
    assert response["ETag"].strip('"') == hashlib.md5(b"other").hexdigest()  # noqa: S324 - the ETag of S3


def test_the_metadata_of_an_object_is_returned(s3, data):
    members = {
        "Metadata": {"name": "value"},
        "ContentType": "text/csv",
        "ContentEncoding": "gzip",
        "ContentDisposition": "attachment",
        "ContentLanguage": "de",
        "CacheControl": "no-store",
    }
    put(s3, "a", **members)
    response = head(s3, "a")
    assert {name: response[name] for name in members} == members


def test_the_metadata_remains_when_the_root_is_opened_again(open_service):
    service = open_service()
    put(client(service), "a", Metadata={"k": "v"})
    service.close()
    assert head(client(open_service()), "a")["Metadata"] == {"k": "v"}


def test_a_damaged_index_is_created_again(open_service, data):
    service = open_service()
    put(client(service), "a", Metadata={"k": "v"})
    service.close()
    (service.root / "objects.sqlite3").write_bytes(b"damaged" * 1000)
    response = get(client(open_service()), "a")
    assert (response["Body"].read(), response["Metadata"]) == (b"content", {})


def test_a_missing_object_is_an_error(s3, data):
    (data / "folder").mkdir()
    assert refusal(get, s3, "a") == (404, "NoSuchKey")
    assert refusal(get, s3, "folder") == (404, "NoSuchKey")
    assert refusal(head, s3, "a/b") == (404, "404")


@pytest.mark.parametrize(
    ("text", "content"),
    [("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-2", b"89"), ("bytes=5-100", b"56789"), ("bytes=-99", None)],
)
def test_a_range_is_returned(s3, data, text, content):
    put(s3, "a", b"0123456789")
    response = get(s3, "a", Range=text)
    assert response["Body"].read() == (content or b"0123456789")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_the_position_of_a_range_is_returned(s3, data):
    put(s3, "a", b"0123456789")
    assert get(s3, "a", Range="bytes=2-4")["ContentRange"] == "bytes 2-4/10"
    assert head(s3, "a", Range="bytes=2-4")["ContentLength"] == 3


@pytest.mark.parametrize("text", ["bytes=0-1,3-4", "bytes=5-2", "lines=1-2", "bytes=-", f"bytes={'1' * 5000}-"])
def test_an_invalid_range_is_ignored(s3, data, text):
    put(s3, "a", b"0123456789")
    assert get(s3, "a", Range=text)["Body"].read() == b"0123456789"


@pytest.mark.parametrize("text", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_after_the_end_is_an_error(s3, data, text):
    put(s3, "a", b"0123456789")
    assert refusal(get, s3, "a", Range=text) == (416, "InvalidRange")


def test_an_object_is_returned_under_a_condition(s3, data):
    etag = put(s3, "a")["ETag"]
    before, after = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=1)
    for condition in ({"IfMatch": etag}, {"IfUnmodifiedSince": after}, {"IfModifiedSince": before}):
        assert get(s3, "a", **condition)["Body"].read() == b"content"
    assert refusal(get, s3, "a", IfMatch='"other"') == (412, "PreconditionFailed")
    assert refusal(get, s3, "a", IfUnmodifiedSince=before) == (412, "PreconditionFailed")
    assert refusal(get, s3, "a", IfNoneMatch=etag) == (304, "304")
    assert refusal(get, s3, "a", IfModifiedSince=after) == (304, "304")


def test_an_object_is_stored_under_a_condition(s3, data):
    etag = put(s3, "a", IfNoneMatch="*")["ETag"]
    assert refusal(put, s3, "a", IfNoneMatch="*") == (412, "PreconditionFailed")
    put(s3, "a", b"other", IfMatch=etag)
    assert refusal(put, s3, "a", IfMatch=etag) == (412, "PreconditionFailed")
    assert refusal(put, s3, "b", IfMatch=etag) == (412, "PreconditionFailed")


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_the_checksum_of_an_object_is_returned(s3, data, algorithm):
    member = f"Checksum{algorithm}"
    sent = put(s3, "a", ChecksumAlgorithm=algorithm)[member]
    assert get(s3, "a", ChecksumMode="ENABLED")[member] == sent
    assert member not in get(s3, "a", Range="bytes=0-1")


def test_a_wrong_checksum_is_refused(s3, data):
    assert refusal(put, s3, "a", ChecksumCRC32="AAAAAA==") == (400, "BadDigest")
    assert refusal(put, s3, "a", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==") == (400, "BadDigest")
    assert refusal(put, s3, "a", ContentMD5="short") == (400, "InvalidDigest")
    assert list(data.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is no other file system")  # noqa: S108 - of Linux
def test_an_object_is_stored_in_a_bucket_on_another_file_system(open_service):
    with TemporaryDirectory(dir="/dev/shm") as folder:
        s3 = client(open_service(buckets={BUCKET: folder}))
        put(s3, "a/b", Metadata={"k": "v"})
        assert (get(s3, "a/b")["Body"].read(), head(s3, "a/b")["Metadata"]) == (b"content", {"k": "v"})
        assert [path.name for path in sorted(Path(folder).rglob("*"))] == ["a", "b"]


# --- copies ---


def test_an_object_is_copied_with_its_metadata(s3, data):
    put(s3, "a b/é", Metadata={"k": "v"}, ContentType="text/plain")
    s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": "a b/é"})
    response = get(s3, "copy")
    assert (response["Body"].read(), response["Metadata"], response["ContentType"]) == (
        b"content",
        {"k": "v"},
        "text/plain",
    )


def test_a_copy_can_have_other_metadata(s3, data):
    put(s3, "a", Metadata={"k": "v"})
    s3.copy_object(
        Bucket=BUCKET,
        Key="a",
        CopySource={"Bucket": BUCKET, "Key": "a"},
        MetadataDirective="REPLACE",
        Metadata={"k": "other"},
    )
    assert head(s3, "a")["Metadata"] == {"k": "other"}


def test_a_copy_that_changes_nothing_is_refused(s3, data):
    put(s3, "a")
    source = {"Bucket": BUCKET, "Key": "a"}
    assert refusal(s3.copy_object, Bucket=BUCKET, Key="a", CopySource=source) == (400, "InvalidRequest")


def test_a_copy_of_a_missing_object_is_an_error(s3, data):
    assert refusal(s3.copy_object, Bucket=BUCKET, Key="b", CopySource=f"{BUCKET}/a") == (404, "NoSuchKey")
    assert refusal(s3.copy_object, Bucket=BUCKET, Key="b", CopySource=BUCKET) == (400, "InvalidArgument")


def test_a_copy_can_have_a_condition(s3, data):
    source, etag = f"{BUCKET}/a", put(s3, "a")["ETag"]
    s3.copy_object(Bucket=BUCKET, Key="b", CopySource=source, CopySourceIfMatch=etag)
    refused = refusal(s3.copy_object, Bucket=BUCKET, Key="b", CopySource=source, CopySourceIfNoneMatch=etag)
    assert refused == (412, "PreconditionFailed")


# --- deletion ---


def test_a_deleted_object_and_its_empty_folders_are_removed(s3, data):
    put(s3, "a/b/c")
    put(s3, "a/d")
    s3.delete_object(Bucket=BUCKET, Key="a/b/c")
    assert sorted(path.name for path in data.rglob("*")) == ["a", "d"]


@pytest.mark.parametrize("key", ["a", "a/b", "folder", "../a", "a//b", "x" * 300])
def test_the_deletion_of_a_missing_object_changes_nothing(s3, data, key):
    (data / "folder").mkdir()
    s3.delete_object(Bucket=BUCKET, Key=key)
    assert (data / "folder").is_dir()


def test_several_objects_are_deleted(s3, data):
    for key in "abc":
        put(s3, key)
    wanted = {"Objects": [{"Key": "a"}, {"Key": "b"}, {"Key": "missing"}]}
    response = s3.delete_objects(Bucket=BUCKET, Delete=wanted)
    assert [each["Key"] for each in response["Deleted"]] == ["a", "b", "missing"]
    assert keys(s3.list_objects_v2(Bucket=BUCKET)) == ["c"]


def test_a_quiet_deletion_lists_errors_only(s3, data):
    put(s3, "a")
    response = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "a"}], "Quiet": True})
    assert "Deleted" not in response
    assert "Errors" not in response


def test_too_many_deletions_are_refused(s3, data):
    wanted = {"Objects": [{"Key": f"{number}"} for number in range(1001)]}
    assert refusal(s3.delete_objects, Bucket=BUCKET, Delete=wanted) == (400, "MalformedXML")


# --- folders ---


def test_a_key_with_a_slash_at_its_end_is_a_folder(s3, data):
    put(s3, "folder/", b"")
    assert (data / "folder").is_dir()
    assert head(s3, "folder/")["ContentLength"] == 0
    assert keys(s3.list_objects_v2(Bucket=BUCKET)) == ["folder/"]


def test_a_folder_remains_until_its_key_is_deleted(s3, data):
    put(s3, "folder/", b"")
    put(s3, "folder/a")
    s3.delete_object(Bucket=BUCKET, Key="folder/a")
    assert (data / "folder").is_dir()
    s3.delete_object(Bucket=BUCKET, Key="folder/")
    assert list(data.iterdir()) == []


def test_a_folder_that_no_client_has_created_is_no_object(s3, data):
    (data / "folder").mkdir()
    assert refusal(head, s3, "folder/") == (404, "404")
    assert keys(s3.list_objects_v2(Bucket=BUCKET)) == []


def test_a_folder_with_content_is_refused(s3, data):
    assert refusal(put, s3, "folder/", b"content") == (400, "InvalidRequest")


# --- training jobs ---


def test_a_training_job_reads_an_uploaded_object_and_its_model_can_be_downloaded(open_service):
    program = "read rows < $SM_CHANNEL_TRAIN/rows.csv; echo loss=$rows; echo model > $SM_MODEL_DIR/model"
    service = open_service(shell(program))
    s3 = client(service)
    s3.upload_fileobj(io.BytesIO(b"7\n"), BUCKET, "train/rows.csv")
    definition = training().channel("train", f"s3://{BUCKET}/train/")
    handle = run(service, job(definition=definition, max_jobs=1).build())
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 7
    uri = handle.best_training_job().model_artifacts.s3_model_artifacts
    model = io.BytesIO()
    s3.download_fileobj(BUCKET, uri.removeprefix(f"s3://{BUCKET}/"), model)
    assert model.getvalue()[:2] == b"\x1f\x8b"


# --- concurrent calls ---


def test_objects_can_be_stored_and_deleted_at_the_same_time(s3, data):
    errors = []

    def repeat(number):
        try:
            for _ in range(20):
                put(s3, f"a/b/{number}")
                s3.delete_object(Bucket=BUCKET, Key=f"a/b/{number}")
        except ClientError as error:
            errors.append(error)

    threads = [Thread(target=repeat, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(data.iterdir()) == []


def test_a_download_ends_if_its_file_becomes_shorter(s3, data):
    size = 64 * MEBIBYTE
    with (data / "a").open("wb") as file:
        file.truncate(size)
    body = get(s3, "a")["Body"]
    body.read(1)
    os.truncate(data / "a", 0)
    with pytest.raises(HTTPClientError):
        body.read()
    assert head(s3, "a")["ContentLength"] == 0


def test_downloads_that_are_not_read_do_not_block_other_calls(service, data):
    s3 = client(service, max_pool_connections=30)
    with (data / "a").open("wb") as file:
        file.truncate(64 * MEBIBYTE)
    # more than the threads of the service
    bodies = [get(s3, "a")["Body"] for _ in range(20)]
    assert head(s3, "a")["ContentLength"] == 64 * MEBIBYTE
    for body in bodies:
        body.close()


def test_a_file_that_is_not_sent_completely_is_closed_with_the_service(open_service):
    service = open_service()
    s3 = client(service)
    s3.create_bucket(Bucket="big-bucket")
    s3.put_object(Bucket="big-bucket", Key="big", Body=bytes(8 << 20))
    body = s3.get_object(Bucket="big-bucket", Key="big")["Body"]
    body.read(1)
    assert [file for file in psutil.Process().open_files() if file.path.endswith("/big")]
    service.close()
    body.close()
    assert [file for file in psutil.Process().open_files() if file.path.endswith("/big")] == []


# --- requests at the same time ---


def at_the_same_time(first, second, count=150):
    """Call two functions again and again, each in threads of its own, and return the results of the first one."""
    with ThreadPoolExecutor(6) as pool:
        results = [(pool.submit(first), pool.submit(second)) for _ in range(count)]
        return [future.result() for future, _ in results]


@pytest.mark.long
def test_a_folder_can_be_created_while_it_is_deleted(s3):
    member = {"Bucket": BUCKET, "Key": "created/and/deleted/"}
    responses = at_the_same_time(lambda: s3.put_object(**member), lambda: s3.delete_object(**member))
    assert {response["ResponseMetadata"]["HTTPStatusCode"] for response in responses} == {200}


@pytest.mark.long
def test_buckets_can_be_listed_while_one_is_deleted(s3):
    def create_and_delete():
        name = f"{uuid.uuid4()}"
        s3.create_bucket(Bucket=name)
        s3.delete_bucket(Bucket=name)

    responses = at_the_same_time(s3.list_buckets, create_and_delete)
    assert {response["ResponseMetadata"]["HTTPStatusCode"] for response in responses} == {200}
