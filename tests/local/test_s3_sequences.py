"""Sequences of calls of S3, against a dictionary of the objects that S3 would have."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from running import BUCKET
from s3_client import client, keys, prefixes, refusal

from hptsdk.local import LocalService

names = st.sampled_from(["a", "b", "a-", "é", "a b"])
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
all_keys = st.one_of(paths, paths.map("{}/".format), st.sampled_from(["..", "../a", "a/./b", "a//b", "/a"]))


def is_unsafe(key):
    """Check whether a key cannot be that of a file."""
    return not {"", ".", ".."}.isdisjoint(key.removesuffix("/").split("/"))


class Calls(RuleBasedStateMachine):
    """The objects of a bucket."""

    def __init__(self):
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        self.data = folder / "bucket"
        self.data.mkdir()
        service = self.stack.enter_context(LocalService(folder / "root", buckets={BUCKET: self.data}))
        self.s3 = client(service)
        self.objects = {}

    def teardown(self):
        self.stack.close()

    def conflicts(self, key):
        """Check whether another object is a folder of the key, or the key is a folder of another object."""
        files = [other for other in self.objects if not other.endswith("/")]
        is_below_file = any(f"{key}/".startswith(f"{other}/") and other != key for other in files)
        is_folder = not key.endswith("/") and any(other.startswith(f"{key}/") for other in self.objects)
        return is_below_file or is_folder

    @rule(key=all_keys, content=st.binary(max_size=5))
    def put(self, key, content):
        content = b"" if key.endswith("/") else content
        members = {"Bucket": BUCKET, "Key": key, "Body": content}
        if is_unsafe(key) or self.conflicts(key):
            assert refusal(self.s3.put_object, **members) == (400, "InvalidRequest")
        else:
            self.s3.put_object(**members)
            self.objects[key] = content

    @rule(key=all_keys)
    def delete(self, key):
        self.s3.delete_object(Bucket=BUCKET, Key=key)
        self.objects.pop(key, None)

    @precondition(lambda self: self.objects)
    @rule(choice=st.randoms(use_true_random=False), key=all_keys)
    def copy(self, choice, key):
        source = choice.choice(sorted(self.objects))
        if source.endswith("/") or key.endswith("/") or source == key:
            return
        members = {"Bucket": BUCKET, "Key": key, "CopySource": {"Bucket": BUCKET, "Key": source}}
        if is_unsafe(key) or self.conflicts(key):
            assert refusal(self.s3.copy_object, **members) == (400, "InvalidRequest")
        else:
            self.s3.copy_object(**members)
            self.objects[key] = self.objects[source]

    @rule(prefix=st.one_of(st.just(""), all_keys), delimiter=st.sampled_from(["", "/"]))
    def list(self, prefix, delimiter):
        matches = [key for key in sorted(self.objects, key=str.encode) if key.startswith(prefix)]
        groups = {key: delimiter and key[len(prefix) :].partition(delimiter) for key in matches}
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix, Delimiter=delimiter)
        assert keys(listed) == [key for key in matches if not (groups[key] and groups[key][1])]
        wanted = {f"{prefix}{group[0]}{group[1]}" for group in groups.values() if group and group[1]}
        assert prefixes(listed) == sorted(wanted, key=str.encode)

    @rule(key=all_keys)
    def get(self, key):
        if key in self.objects:
            assert self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == self.objects[key]
        else:
            assert refusal(self.s3.get_object, Bucket=BUCKET, Key=key) == (404, "NoSuchKey")

    @invariant()
    def each_object_is_a_file_and_no_other_file_exists(self):
        files = {path.relative_to(self.data).as_posix(): path for path in self.data.rglob("*") if path.is_file()}
        wanted = {key: content for key, content in self.objects.items() if not key.endswith("/")}
        assert {name: path.read_bytes() for name, path in files.items()} == wanted


@pytest.mark.long
def test_calls_change_the_objects_as_in_s3():
    run_state_machine_as_test(
        Calls,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
