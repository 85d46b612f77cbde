"""The data of channels in all modes. No request has access to files outside of the mapped folders."""

import gzip
import json
import struct

import attrs
import pytest
from running import BUCKET, create_late, job, only, run, shell, training

from hptsdk import errors
from hptsdk.shapes import Channel, DataSource, FileSystemDataSource, S3DataSource, ShuffleConfig

ONE = {"max_jobs": 1, "parallel": 1}


def source(key="train/", kind="S3Prefix", bucket=BUCKET, **members):
    """Return the source of a channel in a bucket."""
    return DataSource(s3_data_source=S3DataSource(s3_data_type=kind, s3_uri=f"s3://{bucket}/{key}", **members))


def request_of(*channels, mode="File"):
    """Return a request with channels."""
    definition = job("demo", training(), **ONE).build().training_job_definition
    algorithm = attrs.evolve(definition.algorithm_specification, training_input_mode=mode)
    definition = attrs.evolve(definition, algorithm_specification=algorithm, input_data_config=channels or None)
    return attrs.evolve(job("demo", training(), **ONE).build(), training_job_definition=definition)


@pytest.fixture
def read(open_service, tmp_path, data):
    """Return a function that runs a training job and returns the output of a command that reads its data."""

    def reading(*channels, command="find . -type f -exec sh -c 'echo {} $(cat {})' \\; | sort", mode="File", **options):
        shown = tmp_path / "shown"
        program = shell(f"cd $SM_INPUT_DIR/data && {{ {command}; }} > {shown}; echo loss=1")
        run(open_service(program, **options), request_of(*channels, mode=mode))
        return shown.read_bytes()

    return reading


@pytest.fixture
def files(data):
    """Write three files in two folders."""
    (data / "train" / "deep").mkdir(parents=True)
    for name in ("a", "b", "deep/c"):
        (data / "train" / name).write_text(name)
    return data


def refusal(open_service, *channels, mode="File", **options):
    """Return the message with which Create rejects a request."""
    with pytest.raises(errors.ValidationRefusedError) as caught:
        open_service(**options).client().create(request_of(*channels, mode=mode))
    return caught.value.message


def test_a_prefix_that_is_a_folder_has_all_its_files(read, files):
    assert read(Channel(channel_name="train", data_source=source())) == (
        b"./train/a a\n./train/b b\n./train/deep/c deep/c\n"
    )


def test_a_prefix_that_is_a_file_has_that_file(read, files):
    assert read(Channel(channel_name="train", data_source=source("train/a"))) == b"./train/a a\n"


def test_a_prefix_has_the_files_whose_names_begin_with_it(read, data):
    for name in ("part-1", "part-2", "other"):
        (data / name).write_text(name)
    assert read(Channel(channel_name="x", data_source=source("part-"))) == b"./x/part-1 part-1\n./x/part-2 part-2\n"


def test_a_program_cannot_change_its_source(read, files):
    read(Channel(channel_name="train", data_source=source()), command="rm -f train/a; echo changed >> train/b || true")
    assert (files / "train" / "a").read_text() == "a"


def test_a_training_job_cannot_change_the_files_of_another(open_service, files):
    request = request_of(Channel(channel_name="train", data_source=source()))
    config = request.hyper_parameter_tuning_job_config
    limits = attrs.evolve(config.resource_limits, max_number_of_training_jobs=3)
    request = attrs.evolve(request, hyper_parameter_tuning_job_config=attrs.evolve(config, resource_limits=limits))
    program = shell("echo loss=$(ls $SM_CHANNEL_TRAIN | wc -l); rm -rf $SM_CHANNEL_TRAIN/*")
    values = [
        s.final_hyper_parameter_tuning_job_objective_metric.value
        for s in run(open_service(program), request).training_jobs()
    ]
    assert values == [3, 3, 3]


def test_a_manifest_has_the_files_that_it_names(read, files):
    manifest = [{"prefix": f"s3://{BUCKET}/train/"}, "b", "deep/c"]
    (files / "list.json").write_text(json.dumps(manifest))
    output = read(Channel(channel_name="x", data_source=source("list.json", "ManifestFile")))
    assert output.splitlines()[1:] == [b"./x/b b", b"./x/deep/c deep/c"]
    assert output.startswith(b"./x-manifest [")


def test_fastfile_mode_has_the_folder_itself(read, files):
    output = read(
        Channel(channel_name="train", data_source=source(), input_mode="FastFile"), command="ls train/; readlink train"
    )
    assert output == b"a\nb\ndeep\n" + str(files / "train").encode() + b"\n"


def test_a_file_system_has_its_folder(open_service, tmp_path):
    (tmp_path / "efs" / "set").mkdir(parents=True)
    (tmp_path / "efs" / "set" / "a").write_text("0.25")
    system = FileSystemDataSource(
        file_system_id="fs-0123456789", file_system_access_mode="ro", file_system_type="EFS", directory_path="/set"
    )
    channel = Channel(channel_name="train", data_source=DataSource(file_system_data_source=system))
    program = shell("echo loss=$(cat $SM_CHANNEL_TRAIN/a)")
    handle = run(open_service(program, file_systems={"fs-0123456789": tmp_path / "efs"}), request_with_vpc(channel))
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 0.25


def request_with_vpc(channel):
    """Return a request that mounts a file system."""
    definition = training().vpc(subnets=["subnet-0123456789"], security_group_ids=["sg-0123456789"])
    request = job("demo", definition, **ONE).build()
    return attrs.evolve(
        request, training_job_definition=attrs.evolve(request.training_job_definition, input_data_config=[channel])
    )


# --- Pipe ---


def pipe(**members):
    """Return a channel in Pipe mode."""
    return Channel(channel_name="train", data_source=members.pop("data_source", source()), input_mode="Pipe", **members)


def test_pipe_feeds_one_pass_after_another(read, files):
    assert read(pipe(), command="cat train_0; echo; cat train_1") == b"abdeep/c\nabdeep/c"


def test_a_program_may_close_a_pipe_early(read, data):
    (data / "train").mkdir()
    (data / "train" / "big").write_bytes(b"x" * 3_000_000)
    assert read(pipe(), command="head -c 3 train_0; cat train_1 | wc -c") == b"xxx3000000\n"


def test_pipe_unpacks_gzip(read, data):
    (data / "train").mkdir()
    (data / "train" / "a.gz").write_bytes(gzip.compress(b"hello"))
    assert read(pipe(compression_type="Gzip"), command="cat train_0") == b"hello"


def test_pipe_wraps_records(read, data):
    (data / "train").mkdir()
    (data / "train" / "a").write_bytes(b"hello")
    assert read(pipe(record_wrapper_type="RecordIO"), command="cat train_0") == (
        struct.pack("<II", 0xCED7230A, 5) + b"hello\0\0\0"
    )


def test_pipe_shuffles_the_files_of_each_pass_by_the_seed(read, data):
    (data / "train").mkdir()
    for number in range(9):
        (data / "train" / str(number)).write_text(str(number))
    passes = read(pipe(shuffle_config=ShuffleConfig(seed=3)), command="cat train_0; echo; cat train_1").split(b"\n")
    assert passes[0] != passes[1]
    assert sorted(passes[0]) == sorted(passes[1]) == sorted(b"012345678")


def test_pipe_feeds_the_attributes_of_an_augmented_manifest_in_order(read, files):
    line = {"label": 7, "image-ref": f"s3://{BUCKET}/train/a"}
    (files / "list.jsonl").write_text(json.dumps(line) + "\n")
    data_source = source("list.jsonl", "AugmentedManifestFile", attribute_names=["image-ref", "label"])
    assert read(pipe(data_source=data_source), command="cat train_0") == b"a7"


def test_a_program_that_never_reads_its_pipe_can_end(read, files):
    assert read(pipe(), command="echo done") == b"done\n"


# --- rejected requests ---


def test_a_prefix_without_files_is_refused(open_service, data):
    message = refusal(open_service, Channel(channel_name="train", data_source=source("absent/")))
    assert message.startswith(f'No S3 objects found under S3 URL "s3://{BUCKET}/absent/"')


def test_a_bucket_without_a_folder_has_its_own_below_the_root(open_service, read, tmp_path):
    place = tmp_path / "root" / "buckets" / "other-bucket" / "train"
    place.mkdir(parents=True)
    (place / "a").write_text("a")
    assert read(Channel(channel_name="x", data_source=source(bucket="other-bucket"))) == b"./x/a a\n"


@pytest.mark.parametrize("name", [".", ".."])
def test_a_channel_with_the_name_of_a_parent_folder_is_refused(open_service, files, name):
    assert "cannot be the name of a channel" in refusal(open_service, Channel(channel_name=name, data_source=source()))


@pytest.mark.parametrize("key", ["../secret", "train/../../secret", "./train", "train/.."])
def test_an_address_that_leads_out_of_its_bucket_is_refused(open_service, files, tmp_path, key):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("x")
    message = refusal(open_service, Channel(channel_name="train", data_source=source(key)))
    assert "cannot be the name of a file or folder" in message


@pytest.mark.parametrize(("kind", "key"), [("ManifestFile", "list.json"), ("S3Prefix", "train/a")])
def test_fast_file_mode_requires_a_folder(open_service, files, kind, key):
    (files / "list.json").write_text(json.dumps([{"prefix": f"s3://{BUCKET}/train/"}, "a"]))
    channel = Channel(channel_name="train", data_source=source(key, kind), input_mode="FastFile")
    expected = f"FastFile requires the S3Prefix of a folder, got {kind} s3://{BUCKET}/{key}; use File mode."
    assert expected in refusal(open_service, channel)


def test_fast_file_mode_without_objects_is_refused_as_in_file_mode(open_service, files):
    channel = Channel(channel_name="train", data_source=source("absent/"), input_mode="FastFile")
    assert "No S3 objects found under S3 URL" in refusal(open_service, channel)


def test_a_bucket_name_with_the_name_of_a_parent_folder_is_refused(open_service, files):
    channel = Channel(channel_name="train", data_source=source("x", bucket=".."))
    assert "expected an address of the form s3://BUCKET/KEY, got " in refusal(open_service, channel)


def test_a_link_that_leads_out_of_its_bucket_is_refused(open_service, files, tmp_path):
    (tmp_path / "key").write_text("secret")
    (files / "train" / "0-link").symlink_to(tmp_path / "key")
    message = refusal(open_service, Channel(channel_name="train", data_source=source()))
    assert "outside" in message


def test_a_folder_that_is_a_link_out_of_its_bucket_is_refused(open_service, files, tmp_path):
    (files / "out-link").symlink_to("/etc")
    message = refusal(open_service, Channel(channel_name="train", data_source=source("out-link/passwd")))
    assert "out of" in message


def test_a_link_that_appears_after_the_check_fails_the_training_job(open_service, files, tmp_path):
    request = request_of(Channel(channel_name="train", data_source=source()))
    handle = create_late(open_service, tmp_path, request, lambda: (files / "train" / "0-link").symlink_to(tmp_path))
    assert "is a link to a folder; replace it with the folder" in only(handle).failure_reason


@pytest.mark.parametrize(
    "manifest",
    [
        [{"prefix": f"s3://{BUCKET}/"}, "../secret"],
        [{"prefix": "s3://../"}, "a"],
        [{"prefix": "file:///etc/"}, "passwd"],
        [{"prefix": f"s3://{BUCKET}/train/"}, "absent"],
        [{"prefix": 1}, "a"],
        ["a"],
        {},
        [],
    ],
)
def test_an_invalid_manifest_or_one_that_leads_out_of_its_bucket_is_refused(open_service, files, manifest):
    (files / "list.json").write_text(json.dumps(manifest))
    message = refusal(open_service, Channel(channel_name="train", data_source=source("list.json", "ManifestFile")))
    assert message.startswith("The data of channel train cannot be read: ")


def test_an_augmented_manifest_that_leads_out_of_its_bucket_is_refused(open_service, files):
    (files / "list.jsonl").write_text(json.dumps({"image-ref": f"s3://{BUCKET}/../secret"}) + "\n")
    data_source = source("list.jsonl", "AugmentedManifestFile", attribute_names=["image-ref"])
    assert "cannot be the name of a file or folder" in refusal(open_service, pipe(data_source=data_source))


def test_a_file_system_without_a_folder_is_refused(open_service):
    system = FileSystemDataSource(
        file_system_id="fs-0123456789", file_system_access_mode="ro", file_system_type="EFS", directory_path="/set"
    )
    channel = Channel(channel_name="train", data_source=DataSource(file_system_data_source=system))
    with pytest.raises(
        errors.ValidationRefusedError,
        match=r"open it again with file_systems=\{'fs-0123456789': FOLDER\}, in a shell with --file-system fs",
    ):
        open_service().client().create(request_with_vpc(channel))


def test_an_output_address_that_leads_out_of_its_bucket_is_refused(open_service):
    definition = training(output=f"s3://{BUCKET}/../../made")
    with pytest.raises(errors.ValidationRefusedError, match="cannot be the name of a file or folder"):
        open_service().client().create(job("demo", definition, **ONE).build())


def test_a_checkpoint_address_that_leads_out_of_its_bucket_is_refused(open_service):
    definition = training().checkpoints(f"s3://{BUCKET}/../made")
    with pytest.raises(errors.ValidationRefusedError, match="cannot be the name of a file or folder"):
        open_service().client().create(job("demo", definition, **ONE).build())


def test_checkpoints_in_another_folder_are_refused_without_isolation(open_service):
    definition = training().checkpoints(f"s3://{BUCKET}/made", local_path="/opt/ml/other")
    with pytest.raises(errors.ValidationRefusedError, match="SM_CHECKPOINT_DIR"):
        open_service(shell("echo loss=1", isolation="none")).client().create(job("demo", definition, **ONE).build())


def test_a_bucket_whose_folder_is_a_file_is_refused(open_service, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match=f"got {tmp_path}/file, which is a file$"):
        open_service(buckets={"one": tmp_path / "file"})


def test_a_bucket_whose_folder_does_not_exist_is_refused(open_service, tmp_path):
    with pytest.raises(NotADirectoryError, match="buckets: expected a folder for absent"):
        open_service(buckets={"absent": tmp_path / "absent"})


def test_a_log_outside_of_the_root_cannot_be_read(open_service):
    service = open_service()
    with pytest.raises(FileNotFoundError):
        service.log("../../etc/passwd")


# --- unusual names and links ---

LONG_NAME = "x" * 256
LONG_PATH = "/".join(["\N{GRINNING FACE}" * 63] * 15)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        pytest.param(f"a/{LONG_NAME}/b", "256 bytes, and the name of a file or folder has at most 255", id="name"),
        pytest.param(
            "\N{GRINNING FACE}" * 64, "256 bytes, and the name of a file or folder has at most 255", id="bytes"
        ),
        pytest.param(LONG_PATH, "bytes on this machine, and a path has at most", id="path"),
        pytest.param("a\0b", "cannot be the name of a file or folder", id="NUL"),
    ],
)
@pytest.mark.parametrize("member", ["channel", "output", "checkpoints"])
def test_a_key_that_cannot_be_a_file_name_is_refused(open_service, data, member, key, text):
    uri = f"s3://{BUCKET}/{key}"
    definition = {
        "channel": lambda: training().channel("train", uri),
        "output": lambda: training(output=uri),
        "checkpoints": lambda: training().checkpoints(uri),
    }[member]()
    with pytest.raises(errors.ValidationRefusedError, match=text):
        open_service().client().create(job("demo", definition, **ONE).build())


def test_a_bucket_name_that_cannot_be_a_folder_name_is_refused(open_service):
    definition = training(output=f"s3://{LONG_NAME}/out")
    with pytest.raises(errors.ValidationRefusedError, match="has 256 bytes"):
        open_service().client().create(job("demo", definition, **ONE).build())


def test_a_manifest_with_a_name_that_no_path_has_is_refused(open_service, files):
    manifest = json.dumps([{"prefix": f"s3://{BUCKET}/"}, "a\ud800b"])
    message = refusal(open_service, manifest_channel(files, manifest))
    assert message.endswith("cannot be a path on this machine: surrogates not allowed")


def test_the_longest_file_names_are_accepted(read, data):
    (data / ("x" * 255)).mkdir()
    (data / ("x" * 255) / ("y" * 255)).write_text("a")
    assert read(Channel(channel_name="t", data_source=source("x" * 255)), command="cat t/*") == b"a"


def manifest_channel(files, text="[" * 100_000):
    """Write a manifest that is nested too deeply, or another one, and return the channel that reads it."""
    (files / "list.json").write_text(text)
    return Channel(channel_name="train", data_source=source("list.json", "ManifestFile"))


def test_a_manifest_that_is_nested_too_deeply_is_refused(open_service, files):
    message = refusal(open_service, manifest_channel(files))
    assert message == (
        f"The data of channel train cannot be read: the manifest s3://{BUCKET}/list.json is nested too deeply"
    )


def test_a_manifest_that_became_nested_too_deeply_fails_the_training_job(open_service, files, tmp_path):
    manifest = [{"prefix": f"s3://{BUCKET}/train/"}, "a"]
    request = request_of(manifest_channel(files, json.dumps(manifest)))
    handle = create_late(open_service, tmp_path, request, lambda: manifest_channel(files))
    assert only(handle).failure_reason == f"ClientError: the manifest s3://{BUCKET}/list.json is nested too deeply"


def test_a_manifest_may_name_a_file_twice(read, files):
    manifest = [{"prefix": f"s3://{BUCKET}/train/"}, "a", "a"]
    (files / "list.json").write_text(json.dumps(manifest))
    output = read(Channel(channel_name="x", data_source=source("list.json", "ManifestFile")), command="ls x")
    assert output == b"a\n"


@pytest.mark.parametrize("target", ["missing", "/missing/file", "0-broken", pytest.param("x" * 256, id="too long")])
def test_a_broken_link_in_a_prefix_is_left_out(read, files, target):
    (files / "train" / "0-broken").symlink_to(target)
    channel = Channel(channel_name="train", data_source=source())
    assert read(channel, command="ls train") == b"a\nb\ndeep\n"


@pytest.mark.parametrize("target", ["missing", "/missing/file", "/etc", "0-link"])
def test_a_link_outside_of_a_prefix_is_ignored(read, files, target):
    (files / "train" / "0-link").symlink_to(target)
    assert read(Channel(channel_name="t", data_source=source("train/a")), command="cat t/*") == b"a"


def test_a_link_to_a_file_in_the_bucket_is_read(read, files):
    (files / "train" / "link").symlink_to("deep/c")
    assert read(Channel(channel_name="train", data_source=source()), command="cat train/link") == b"deep/c"


def test_folders_that_are_nested_too_deeply_in_the_data_are_refused(open_service, files):
    place = files / "train" / "deep"
    (place / "c").unlink()
    for _ in range(201):
        place /= "d"
        place.mkdir()
    for name in ("a", "b"):
        (files / "train" / name).unlink()
    assert "are nested too deeply" in refusal(open_service, Channel(channel_name="train", data_source=source()))
