"""Lists of the objects of a bucket, against an independent list of keys."""

import os
from collections import defaultdict
from contextlib import suppress

import pytest
from running import BUCKET, bucket
from s3_client import client, keys, prefixes, refusal

KEYS = [
    "a",
    "a!",
    "a-b",
    "a/b",
    "a/b-c/d",
    "a/b/c",
    "a/b/d",
    "a/bc",
    "a0",
    "aa/",
    "b/c/d/e",
    "b/é",
    "ba",
    "z/1",
    "z/10",
    "z/2",
    "\U0001f600",
]
# an object cannot also be a folder
FILES = [key for key in KEYS if key not in ("a", "a/b")]


@pytest.fixture(scope="module")
def service(open_shared):
    return open_shared()


@pytest.fixture(scope="module")
def s3(service):
    """Return a client of a service whose bucket has the objects."""
    s3 = client(service)
    for key in FILES:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    (bucket(service.root.parent) / "empty" / "folder").mkdir(parents=True)
    return s3


def expected(prefix="", delimiter="", after=""):
    """Return the keys and the common prefixes that S3 has for these objects."""
    groups = defaultdict(list)
    for key in sorted(FILES, key=str.encode):
        if key.startswith(prefix) and key > after:
            before, separator, _ = key[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
            groups[f"{prefix}{before}{separator}" if separator else None].append(key)
    return groups.pop(None, []), list(groups)


@pytest.mark.parametrize("delimiter", ["", "/", "-", "b", "/b"])
@pytest.mark.parametrize(
    "prefix", ["", "a", "a/", "a/b", "a/b/", "a/b/c", "b/", "b/c/d/e", "z/1", "none", "none/", "/"]
)
def test_objects_are_listed_by_prefix_and_delimiter(s3, prefix, delimiter):
    for operation in (s3.list_objects_v2, s3.list_objects):
        listed = operation(Bucket=BUCKET, Prefix=prefix, Delimiter=delimiter)
        assert (keys(listed), prefixes(listed)) == expected(prefix, delimiter)


@pytest.mark.parametrize("operation", ["list_objects_v2", "list_objects"])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("delimiter", ["", "/", "b"])
@pytest.mark.parametrize("prefix", ["", "a", "a/", "z/"])
def test_all_pages_together_are_the_list(s3, operation, size, delimiter, prefix):
    pages = s3.get_paginator(operation).paginate(
        Bucket=BUCKET, Prefix=prefix, Delimiter=delimiter, PaginationConfig={"PageSize": size}
    )
    listed = list(pages)
    assert all(len(keys(page)) + len(prefixes(page)) <= size for page in listed)
    together = [key for page in listed for key in keys(page)], [each for page in listed for each in prefixes(page)]
    assert together == expected(prefix, delimiter)


@pytest.mark.parametrize("after", ["", "a", "a-b", "a/b", "a/b/c", "a/b/zzz", "b", "zz", "\U0001f600"])
@pytest.mark.parametrize("delimiter", ["", "/"])
def test_a_list_begins_after_a_key(s3, after, delimiter):
    listed = s3.list_objects_v2(Bucket=BUCKET, StartAfter=after, Delimiter=delimiter)
    assert (keys(listed), prefixes(listed)) == expected(delimiter=delimiter, after=after)


def test_a_list_has_the_size_and_the_time_of_each_object(s3):
    (listed,) = s3.list_objects_v2(Bucket=BUCKET, Prefix="ba")["Contents"]
    head = s3.head_object(Bucket=BUCKET, Key="ba")
    assert (listed["Size"], listed["ETag"]) == (head["ContentLength"], head["ETag"])
    assert listed["LastModified"].replace(microsecond=0) == head["LastModified"]


def test_a_list_can_be_empty(s3):
    listed = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=0)
    assert (listed["KeyCount"], listed["IsTruncated"]) == (0, False)


def test_a_page_can_have_any_size_of_32_bits(s3):
    assert s3.list_objects_v2(Bucket=BUCKET, MaxKeys=2**31 - 1)["MaxKeys"] == 1000
    assert refusal(s3.list_objects_v2, Bucket=BUCKET, MaxKeys=2**31) == (400, "InvalidArgument")


def test_an_invalid_page_is_refused(s3):
    assert refusal(s3.list_objects_v2, Bucket=BUCKET, ContinuationToken="é") == (400, "InvalidArgument")
    assert refusal(s3.list_objects_v2, Bucket=BUCKET, MaxKeys=-1) == (400, "InvalidArgument")


def test_files_that_cannot_be_objects_are_not_listed(open_service, tmp_path):
    service = open_service()
    folder, outside = bucket(tmp_path), tmp_path / "outside"
    outside.write_text("secret")
    (folder / "a").write_text("a")
    (folder / "in").symlink_to("a")
    (folder / "out").symlink_to(outside)
    (folder / "folder").symlink_to(tmp_path)
    (folder / "broken").symlink_to("missing")
    (folder / ".x.hptsdk-part").write_text("unfinished")
    os.mkfifo(folder / "fifo")
    with suppress(OSError):  # macOS has no names that are not UTF-8
        os.close(os.open(os.fsencode(folder) + b"/\xff", os.O_CREAT | os.O_WRONLY))
        os.mkdir(os.fsencode(folder) + b"/\xfe")  # noqa: PTH102 - pathlib has no names in bytes
    assert keys(client(service).list_objects_v2(Bucket=BUCKET)) == ["a", "in"]
