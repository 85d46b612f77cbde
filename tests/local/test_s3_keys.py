"""Keys of S3 that are no files: they never lead out of the folder of the bucket."""

import pytest
from running import BUCKET, bucket
from s3_client import client, refusal, send, signed


@pytest.fixture(scope="module")
def service(open_shared):
    return open_shared()


@pytest.fixture(scope="module")
def s3(service):
    return client(service)


@pytest.fixture
def data(service):
    return bucket(service.root.parent)


def contents(folder):
    """Return the files below a folder, with their contents."""
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


UNSAFE = [
    "/../root/credentials",
    "/a/../../root/credentials",
    "/a/..",
    "/.",
    "/a/./b",
    "//etc/passwd",
    "/a//b",
    "/a/b//",
    "/a%00b",
    "/%2e%2e/root/credentials",
    "/..%2froot%2fcredentials",
    "/" + "a/" * 600,
    "/a.hptsdk-part",
]


@pytest.mark.parametrize("key", UNSAFE)
def test_a_key_that_cannot_be_a_file_is_refused(service, data, key):
    before = contents(data.parent / "root" / "buckets")
    path = f"/{BUCKET}{key}"
    status, content = send(service, "PUT", path, signed(service, "PUT", path, b"x"), b"x")
    assert (status, b"<Code>InvalidRequest</Code>" in content) == (400, True)
    status, content = send(service, "GET", path, signed(service, "GET", path))
    assert (status, b"<Code>NoSuchKey</Code>" in content) == (404, True)
    assert send(service, "DELETE", path, signed(service, "DELETE", path))[0] == 204
    assert contents(data) == {}
    assert contents(data.parent / "root" / "buckets") == before


@pytest.mark.parametrize("path", ["/../root/credentials", "/%2e%2e/credentials", "/..", "//a", "/%00/a"])
def test_a_bucket_that_cannot_be_a_folder_does_not_exist(service, path):
    for method in ("GET", "PUT"):
        status, content = send(service, method, path, signed(service, method, path))
        assert status in (400, 404), content
        assert b"<Code>" in content


def test_a_name_that_is_too_long_for_a_file_is_refused(s3):
    members = {"Bucket": BUCKET, "Key": "x" * 300}
    assert refusal(s3.put_object, **members, Body=b"") == (400, "KeyTooLongError")
    assert refusal(s3.get_object, **members) == (404, "NoSuchKey")


def test_a_key_that_is_not_utf_8_is_refused(service):
    path = f"/{BUCKET}/%ff"
    status, content = send(service, "PUT", path, signed(service, "PUT", path))
    assert (status, b"<Code>InvalidURI</Code>" in content) == (400, True)


def test_an_object_cannot_also_be_a_folder(s3, data):
    s3.put_object(Bucket=BUCKET, Key="folder/a", Body=b"")
    assert refusal(s3.put_object, Bucket=BUCKET, Key="folder", Body=b"") == (400, "InvalidRequest")
    assert refusal(s3.put_object, Bucket=BUCKET, Key="folder/a/b", Body=b"") == (400, "InvalidRequest")
    s3.delete_object(Bucket=BUCKET, Key="folder/a")
    s3.put_object(Bucket=BUCKET, Key="folder", Body=b"")
    s3.delete_object(Bucket=BUCKET, Key="folder")


@pytest.fixture
def outside(data):
    """A folder with a file to which the bucket has links."""
    folder = data.parent / "outside"
    folder.mkdir()
    (folder / "file").write_text("secret")
    (data / "file-link").symlink_to(folder / "file")
    (data / "folder-link").symlink_to(folder)
    yield folder
    (data / "file-link").unlink(missing_ok=True)
    (data / "folder-link").unlink()
    (folder / "file").unlink()
    folder.rmdir()


@pytest.mark.parametrize("key", ["file-link", "folder-link/file"])
def test_an_object_behind_a_link_out_of_the_bucket_is_refused(s3, outside, key):
    assert refusal(s3.get_object, Bucket=BUCKET, Key=key) == (403, "AccessDenied")
    assert refusal(s3.copy_object, Bucket=BUCKET, Key="b", CopySource=f"{BUCKET}/{key}") == (403, "AccessDenied")


def test_an_object_is_not_written_or_deleted_through_a_link_out_of_the_bucket(s3, outside):
    key = {"Bucket": BUCKET, "Key": "folder-link/file"}
    assert refusal(s3.put_object, **key, Body=b"changed") == (403, "AccessDenied")
    assert refusal(s3.delete_object, **key) == (403, "AccessDenied")
    assert (outside / "file").read_text() == "secret"


def test_an_object_replaces_a_link(s3, data, outside):
    s3.put_object(Bucket=BUCKET, Key="file-link", Body=b"own")
    assert (outside / "file").read_text() == "secret"
    assert (data / "file-link").read_text() == "own"
    assert not (data / "file-link").is_symlink()


def test_a_deleted_link_leaves_its_target(s3, data, outside):
    s3.delete_object(Bucket=BUCKET, Key="file-link")
    assert (outside / "file").read_text() == "secret"
    assert not (data / "file-link").is_symlink()


def test_an_object_behind_a_link_in_the_bucket_is_returned(s3, data):
    s3.put_object(Bucket=BUCKET, Key="target", Body=b"content")
    (data / "link").symlink_to("target")
    assert s3.get_object(Bucket=BUCKET, Key="link")["Body"].read() == b"content"
    for key in ("link", "target"):
        s3.delete_object(Bucket=BUCKET, Key=key)


def test_a_bucket_folder_that_is_a_link_is_followed(open_service, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    s3 = client(open_service(buckets={"linked": tmp_path / "link"}))
    s3.put_object(Bucket="linked", Key="a/b", Body=b"content")
    assert (tmp_path / "real" / "a" / "b").read_bytes() == b"content"
    assert s3.get_object(Bucket="linked", Key="a/b")["Body"].read() == b"content"
