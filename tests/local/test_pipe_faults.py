"""Errors in the data of Pipe channels fail the training job. A program never uses incomplete data as complete data."""

import gzip
import json
import os
import resource
from contextlib import ExitStack, suppress

import attrs
import pytest
from running import BUCKET, job, only, shell, training, until

from hptsdk import errors
from hptsdk.local.process import ChannelData, Feeder, Storage, feeding_failure
from hptsdk.shapes import Channel, DataSource, S3DataSource

GOOD = gzip.compress(b"good")
LONG = gzip.compress(os.urandom(100_000))
AUGMENTED = {"s3_data_type": "AugmentedManifestFile", "s3_uri": f"s3://{BUCKET}/train", "attribute_names": ["x-ref"]}


def request_of(source, **channel):
    """Return a request with one Pipe channel."""
    request = job("demo", training(), max_jobs=1, parallel=1).build()
    channel = Channel(channel_name="train", input_mode="Pipe", data_source=DataSource(s3_data_source=source), **channel)
    definition = attrs.evolve(request.training_job_definition, input_data_config=[channel])
    return attrs.evolve(request, training_job_definition=definition)


def outcome(service, source, **channel):
    """Return the status and the failure reason of a training job that reads a Pipe channel."""
    handle = service.client().create(request_of(source, **channel))
    with suppress(errors.TuningJobFailed):
        handle.wait(timeout=20, poll=0.05)
    description = only(handle)
    return description.training_job_status, description.failure_reason


def reader(script="cat train_0 > /dev/null"):
    """Return a program that reads its data and always succeeds."""
    return shell(f"cd $SM_INPUT_DIR/data; {script}; echo 'loss=1;'; exit 0")


@pytest.fixture
def prefix(data):
    """Return a function that writes the second file of a prefix, after a valid one, and returns the source."""

    def write(content=None, link=None):
        (data / "train").mkdir()
        (data / "train" / "1").write_bytes(GOOD)
        second = data / "train" / "2"
        second.write_bytes(content) if link is None else second.symlink_to(link)
        return S3DataSource(s3_data_type="S3Prefix", s3_uri=f"s3://{BUCKET}/train/")

    return write


@pytest.fixture
def manifest(data):
    """Return a function that writes an augmented manifest whose first line is valid, and returns the source."""

    def write(second):
        (data / "object").write_text("content")
        first = json.dumps({"x-ref": f"s3://{BUCKET}/object"})
        (data / "train").write_bytes(first.encode() + b"\n" + second)
        return S3DataSource(**AUGMENTED)

    return write


@pytest.fixture
def fault(tmp_path, data):
    """Return a function that writes a Pipe channel to a reader, and returns its error."""

    def feeding(source, **channel):
        folder = tmp_path / "fed"
        folder.mkdir()
        definition = request_of(source, **channel).training_job_definition
        places = Storage(tmp_path, {BUCKET: data}, {})
        feeders = ChannelData(places, tmp_path / "copies").put(0, definition, folder)
        try:
            with open_pipe(folder / "train_0") as pipe:
                until(lambda: pipe.read(1 << 20) is None and feeding_failure(feeders))
            return feeding_failure(feeders)
        finally:
            feeders[0].stop()

    return feeding


def open_pipe(path):
    """Open a FIFO without blocking; reading returns None if no data has arrived."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", 0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"plain text", id="not gzip"),
        pytest.param(b"", id="empty"),
        pytest.param(LONG[:-9], id="truncated"),
        pytest.param(LONG[:200] + bytes(200) + LONG[400:], id="corrupt"),
        pytest.param(LONG[:-8] + bytes(8), id="wrong checksum"),
        pytest.param(GOOD + b"more", id="garbage after it"),
    ],
)
@pytest.mark.parametrize("wrapper", ["None", "RecordIO"])
def test_an_incomplete_gzip_file_fails_the_channel_with_its_name(fault, prefix, data, content, wrapper):
    reason = fault(prefix(content), compression_type="Gzip", record_wrapper_type=wrapper)
    assert reason.startswith(
        f"Channel train cannot be written: CompressionType is Gzip, and {data}/train/2 is not a complete gzip file: "
    )


@pytest.mark.parametrize(
    ("line", "text"),
    [
        pytest.param(b"[" * 100_000, "line 2 of {} is nested too deeply", id="too deep"),
        pytest.param(b"{", "line 2 of {} is not JSON: ", id="not JSON"),
        pytest.param(b"\xff", "line 2 of {} is not JSON: ", id="no text"),
        pytest.param(b"1", "line 2 of {} is not a JSON object", id="no object"),
        pytest.param(b'{"other": 1}', "line 2 of {} has no attribute x-ref", id="no attribute"),
        pytest.param(
            b'{"x-ref": "s3://BUCKET/../secret"}', "has a part that cannot be the name of a file", id="climbs out"
        ),
        pytest.param(b'{"x-ref": "s3://BUCKET/link"}', "a link leads from link out of ", id="link out"),
        pytest.param(b'{"x-ref": "s3://BUCKET/missing"}', "No such file or directory", id="missing"),
        pytest.param(b'{"x-ref": "s3://BUCKET/fifo"}', "Not a regular file", id="fifo"),
        pytest.param(b'{"x-ref": "/etc/passwd"}', "of the form s3://BUCKET/KEY, got /etc/passwd", id="no address"),
    ],
)
def test_a_line_of_a_manifest_that_cannot_be_read_fails_the_channel(fault, manifest, data, line, text):
    (data / "link").symlink_to("/etc/passwd")
    os.mkfifo(data / "fifo")
    reason = fault(manifest(line.replace(b"BUCKET", BUCKET.encode())))
    assert reason.startswith("Channel train cannot be written: ")
    assert text.format(f"s3://{BUCKET}/train") in reason


def test_a_link_out_of_the_folder_fails_the_channel(fault, prefix):
    assert "is a link to a file outside" in fault(prefix(link="/etc/passwd"))


def test_a_failed_channel_fails_the_training_job_even_if_its_program_succeeds(open_service, manifest):
    status, reason = outcome(open_service(reader()), manifest(b"[" * 100_000))
    assert (status, reason) == (
        "Failed",
        f"ClientError: Channel train cannot be written: line 2 of s3://{BUCKET}/train is nested too deeply",
    )


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("cat train_0 train_1 train_2 > /dev/null", id="the next passes"),
        pytest.param("trap '' TERM; cat train_0 > /dev/null", id="ignores that it is asked to end"),
        pytest.param("trap 'exit 0' TERM; cat train_0 > /dev/null", id="ends well if it is asked"),
        pytest.param("cat train_0 > /dev/null; exit 3", id="fails itself"),
    ],
)
def test_a_program_that_waits_for_the_data_of_a_failed_channel_is_ended(open_service, prefix, script):
    status, reason = outcome(open_service(reader(script)), prefix(b"x"), compression_type="Gzip")
    assert (status, reason.partition(":")[0]) == ("Failed", "ClientError")


def test_a_program_does_not_see_the_end_of_incomplete_data(open_service, prefix, tmp_path):
    program = reader(f"cat train_0 > /dev/null; touch {tmp_path / 'end'}")
    outcome(open_service(program), prefix(b"x"), compression_type="Gzip")
    assert not (tmp_path / "end").exists()


@pytest.fixture
def feed(tmp_path):
    """Yield a function that writes a channel below the folder of the test; writing stops at the end."""
    with ExitStack() as stack:

        def feeding(content=lambda _: iter([b"data"])):
            feeder = Feeder(tmp_path, "train", content, None)
            stack.callback(feeder.stop)
            return feeder

        yield feeding


def test_every_error_in_the_data_is_a_failure(feed, tmp_path):
    def content(_):
        yield b"data"
        raise KeyError("unexpected")

    feeder = feed(content)
    with (tmp_path / "train_0").open("rb") as pipe:
        assert pipe.read(4) == b"data"
        until(lambda: isinstance(feeder.failure, KeyError))


def test_a_link_that_replaces_a_fifo_is_not_written_to(feed, tmp_path):
    (tmp_path / "precious").write_text("kept")
    feeder = feed()
    (tmp_path / "link").symlink_to("precious")
    (tmp_path / "link").replace(tmp_path / "train_0")
    until(lambda: feeder.failure)
    assert (tmp_path / "precious").read_text() == "kept"


def test_a_file_that_replaces_a_fifo_is_not_written_to(feed, tmp_path):
    (tmp_path / "file").write_text("kept")
    feeder = feed()
    (tmp_path / "file").replace(tmp_path / "train_0")
    until(lambda: feeder.failure)
    assert (tmp_path / "train_0").read_text() == "kept"


def test_a_program_may_remove_its_fifos(feed, tmp_path):
    feeder = feed()
    with (tmp_path / "train_0").open("rb") as pipe:
        assert pipe.read() == b"data"
    (tmp_path / "train_1").unlink()
    until(lambda: not feeder._thread.is_alive())
    assert feeder.failure is None


def test_a_channel_is_fed_by_a_service_that_has_many_files_open(feed, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    try:
        with ExitStack() as stack:
            for _ in range(1100):
                stack.enter_context(open(os.devnull))  # noqa: PTH123 - as fast as it goes
            feed()
            with (tmp_path / "train_0").open("rb") as pipe:
                assert pipe.read() == b"data"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
