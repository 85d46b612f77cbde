"""S3 and STS of the local service with the AWS CLI, s3fs and the SageMaker Python SDK (version 2)."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import boto3
import pytest
import s3fs
import sagemaker
from running import BUCKET, IMAGE, bucket
from sagemaker.estimator import Estimator
from sagemaker.s3 import S3Downloader, S3Uploader
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

AWS = Path(sys.executable).with_name("aws")
# above the size from which the clients use several parts
LARGE = 20 << 20


def aws(*arguments):
    """Run a command of the AWS CLI that must succeed, and return its output."""
    done = subprocess.run([AWS, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def data(service):
    """The folder of the bucket."""
    return bucket(service.root.parent)


@pytest.fixture
def files(tmp_path):
    """A folder with files."""
    folder = tmp_path / "files"
    (folder / "sub folder").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "sub folder" / "é.txt").write_text("b")
    (folder / "large").write_bytes(os.urandom(LARGE))
    return folder


def contents(folder):
    """Return the contents of the files below a folder, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the AWS CLI ---


def test_the_cli_copies_a_file_to_the_bucket_and_back(files, data, tmp_path):
    aws("s3", "cp", str(files / "large"), f"s3://{BUCKET}/large")
    aws("s3", "cp", f"s3://{BUCKET}/large", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == (files / "large").read_bytes() == (data / "large").read_bytes()


def test_the_cli_synchronizes_a_folder(files, data, tmp_path):
    aws("s3", "sync", str(files), f"s3://{BUCKET}/in")
    assert contents(data / "in") == contents(files)
    assert aws("s3", "sync", str(files), f"s3://{BUCKET}/in") == ""
    aws("s3", "sync", f"s3://{BUCKET}/in", str(tmp_path / "back"))
    assert contents(tmp_path / "back") == contents(files)


def test_the_cli_deletes_what_a_synchronized_folder_lacks(files, data):
    aws("s3", "sync", str(files), f"s3://{BUCKET}/in")
    (files / "a.txt").unlink()
    aws("s3", "sync", str(files), f"s3://{BUCKET}/in", "--delete")
    assert contents(data / "in") == contents(files)


def test_the_cli_lists_objects_and_prefixes(data):
    (data / "folder").mkdir()
    (data / "folder" / "a").write_text("a")
    (data / "b").write_text("bb")
    lines = [line.split()[-2:] for line in aws("s3", "ls", f"s3://{BUCKET}/").splitlines()]
    assert lines == [["PRE", "folder/"], ["2", "b"]]
    assert aws("s3", "ls").split()[-1] == BUCKET


def test_the_cli_copies_and_moves_objects_in_a_bucket(files, data):
    aws("s3", "cp", str(files / "large"), f"s3://{BUCKET}/large")
    aws("s3", "cp", f"s3://{BUCKET}/large", f"s3://{BUCKET}/copy")
    aws("s3", "mv", f"s3://{BUCKET}/large", f"s3://{BUCKET}/moved")
    assert sorted(path.name for path in data.iterdir()) == ["copy", "moved"]


def test_the_cli_creates_and_removes_a_bucket(service):
    aws("s3", "mb", "s3://created")
    assert (service.root / "buckets" / "created").is_dir()
    aws("s3", "rb", "s3://created", "--force")
    assert not (service.root / "buckets" / "created").exists()


def test_the_cli_removes_objects(files, data):
    aws("s3", "sync", str(files), f"s3://{BUCKET}/in")
    aws("s3", "rm", f"s3://{BUCKET}/in", "--recursive")
    assert list(data.iterdir()) == []


def test_the_cli_returns_the_caller(service):
    assert json.loads(aws("sts", "get-caller-identity"))["Account"] == "123456789012"


# --- s3fs ---


@pytest.fixture
def fs(service):
    """The file system of s3fs, without the lists that it has stored."""
    s3fs.S3FileSystem.clear_instance_cache()
    return s3fs.S3FileSystem()


def test_s3fs_writes_and_reads_files(fs, data):
    with fs.open(f"{BUCKET}/folder/a.txt", "w") as file:
        file.write("a\nb\n")
    assert (data / "folder" / "a.txt").read_text() == "a\nb\n"
    assert fs.cat(f"{BUCKET}/folder/a.txt") == b"a\nb\n"
    assert fs.info(f"{BUCKET}/folder/a.txt")["size"] == 4


def test_s3fs_writes_a_large_file_in_parts_and_reads_a_range_of_it(fs, data):
    content = os.urandom(LARGE)
    with fs.open(f"{BUCKET}/large", "wb", block_size=5 << 20) as file:
        file.write(content)
    assert (data / "large").read_bytes() == content
    with fs.open(f"{BUCKET}/large", "rb") as file:
        file.seek(LARGE - 10)
        assert file.read() == content[-10:]


def test_s3fs_finds_copies_moves_and_removes_files(fs, data):
    fs.pipe(f"{BUCKET}/a/b/c", b"content")
    fs.copy(f"{BUCKET}/a/b/c", f"{BUCKET}/copy")
    fs.mv(f"{BUCKET}/a/b/c", f"{BUCKET}/d/e")
    assert fs.find(BUCKET) == [f"{BUCKET}/copy", f"{BUCKET}/d/e"]
    assert fs.glob(f"{BUCKET}/*/e") == [f"{BUCKET}/d/e"]
    assert [fs.isdir(f"{BUCKET}/d"), fs.exists(f"{BUCKET}/a")] == [True, False]
    fs.rm(f"{BUCKET}/d", recursive=True)
    assert contents(data) == {"copy": b"content"}


def test_s3fs_creates_and_removes_a_bucket(fs, service):
    fs.mkdir("created")
    fs.touch("created/a")
    assert fs.ls("created") == ["created/a"]
    fs.rm("created", recursive=True)
    assert fs.ls("") == [BUCKET]


# --- the SageMaker SDK ---


@pytest.fixture
def session(service):
    """A session with the default bucket of the SDK."""
    return sagemaker.Session(boto_session=boto3.Session())


def test_the_sdk_creates_its_default_bucket(session, service):
    assert session.default_bucket() == "sagemaker-us-east-1-123456789012"
    assert (service.root / "buckets" / "sagemaker-us-east-1-123456789012").is_dir()
    assert session.default_bucket() == "sagemaker-us-east-1-123456789012"


def test_the_sdk_uploads_data_to_its_default_bucket(session, files):
    uri = session.upload_data(str(files), key_prefix="data")
    assert uri == "s3://sagemaker-us-east-1-123456789012/data"
    assert session.read_s3_file("sagemaker-us-east-1-123456789012", "data/a.txt") == "a"
    assert session.list_s3_files("sagemaker-us-east-1-123456789012", "data") == [
        "data/a.txt",
        "data/large",
        "data/sub folder/é.txt",
    ]


def test_the_sdk_uploads_and_downloads_a_folder(session, files, tmp_path):
    S3Uploader.upload(str(files), f"s3://{BUCKET}/in", sagemaker_session=session)
    S3Downloader.download(f"s3://{BUCKET}/in", str(tmp_path / "back"), sagemaker_session=session)
    assert contents(tmp_path / "back") == contents(files)


def test_the_sdk_trains_with_uploaded_data_and_downloads_the_model(session, files, tmp_path):
    train = session.upload_data(str(files), key_prefix="train")
    estimator = Estimator(
        image_uri=IMAGE,
        role="arn:aws:iam::123456789012:role/SageMakerRole",
        instance_count=1,
        instance_type="ml.m5.large",
        sagemaker_session=session,
    )
    metrics = [{"Name": "loss", "Regex": "loss=([-+.e0-9]+)"}]
    ranges = {"rate": ContinuousParameter(0.1, 1.0)}
    tuner = HyperparameterTuner(estimator, "loss", ranges, metrics, objective_type="Minimize", max_jobs=1)
    tuner.fit({"train": train})
    model = tuner.best_estimator().model_data
    assert model.startswith("s3://sagemaker-us-east-1-123456789012/")
    S3Downloader.download(model, str(tmp_path / "model"), sagemaker_session=session)
    with tarfile.open(tmp_path / "model" / "model.tar.gz") as archive:
        assert archive.extractfile("weights").read() == b"weights\n"
