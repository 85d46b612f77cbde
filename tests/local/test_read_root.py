"""Roots that no service has opened: `read_root`, and commands with `--local`."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from running import BUCKET, IMAGE, bucket, job, shell, training, until

from hptsdk import errors
from hptsdk.local import LocalService, read_root

sys.path.append(str(Path(__file__).parents[1] / "cli"))  # last, because modules of both folders have the same names

from command_line import HPTSDK, run

SECRET = "hunter2-of-nobody"  # noqa: S105 - of no account


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A root with a tuning job that has ended."""
    folder = tmp_path_factory.mktemp("read")
    program = shell("echo token is $TOKEN; echo loss=$SM_HP_RATE; echo x > $SM_MODEL_DIR/model")
    with (
        LocalService(folder / "root", images={IMAGE: program}, buckets={BUCKET: bucket(folder)}) as service,
        service.client() as client,
    ):
        definition = training().environment(TOKEN=SECRET)
        client.create(job(definition=definition).build()).wait(timeout=30, poll=0.05)
    return folder / "root"


def files_of(root):
    """Return the content and the time of change of each file, and those of the folders."""
    return {
        str(path): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in [root, *root.rglob("*")]
    }


def test_a_tuning_job_is_described_as_by_the_service(root):
    with read_root(root) as client:
        handle = client.get("demo")
        read = [handle.describe(), list(handle.training_jobs()), handle.best_training_job(), list(handle.logs())]
        names = [summary.hyper_parameter_tuning_job_name for summary in client.list()]
    with LocalService(root, images={IMAGE: shell("")}) as service, service.client() as client:
        handle = client.get("demo")
        served = [handle.describe(), list(handle.training_jobs()), handle.best_training_job(), list(handle.logs())]
    assert read == served
    assert names == ["demo"]


@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("describe", "demo"),
        ("jobs", "demo"),
        ("logs", "demo"),
        ("best", "demo"),
        ("convert", "--job", "demo"),
        ("report", "demo", "--file", "page.html"),
    ],
    ids=lambda command: command[0],
)
def test_a_command_that_reads_needs_no_service_and_changes_nothing(root, tmp_path, command):
    before = files_of(root)
    done = run(*command, "--local", root, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    assert files_of(root) == before
    assert SECRET not in done.stdout or command[0] == "convert"  # the program needs it


def test_a_report_of_a_root_has_its_training_jobs(root, tmp_path):
    with read_root(root) as client:
        page = client.get("demo").report(tmp_path / "page.html").read_text()
        assert page.count(next(client.get("demo").training_jobs()).training_job_name) > 0


@pytest.mark.parametrize(
    "command", [("stop", "demo"), ("delete", "demo"), ("watch", "demo"), ("logs", "demo", "--follow")]
)
def test_other_commands_need_a_service(root, command):
    done = run(*command, "--local", root)
    assert done.returncode == 1
    assert f"no local service runs for {root}; start one with: hptsdk local serve" in done.stderr


def test_a_client_of_a_root_creates_and_changes_nothing(root):
    before = files_of(root)
    with read_root(root) as client:
        for change in (client.get("demo").stop, client.get("demo").delete, lambda: client.create(job("other").build())):
            with pytest.raises(errors.ServiceError, match="no local service runs for"):
                change()
    assert files_of(root) == before


def test_an_absent_job_is_an_error_as_from_the_service(root):
    with read_root(root) as client, pytest.raises(errors.ResourceNotFoundError):
        client.get("absent").describe()


def test_the_state_that_a_killed_service_has_left_is_read(root, tmp_path):
    copy = tmp_path / "root"
    with LocalService(root, images={IMAGE: shell("")}) as service, service.client() as client:
        client.get("demo").add_tags({"team": "growth"})
        # the service has not moved its last changes from the write-ahead log into the file
        shutil.copytree(root, copy)
    assert (copy / "state.sqlite3-wal").stat().st_size > 0
    before = files_of(copy)
    with read_root(copy) as client:
        assert client.get("demo").tags() == {"team": "growth"}
    assert files_of(copy) == before


def test_a_job_that_had_not_ended_is_in_progress(tmp_path):
    program = shell("echo begins; sleep 60")
    with LocalService(
        tmp_path / "root", images={IMAGE: program}, buckets={BUCKET: bucket(tmp_path)}, stop_grace=0.1
    ) as service:
        handle = service.client().create(job(max_jobs=1).build())
        until(lambda: list(handle.logs()))
    with read_root(tmp_path / "root") as client:
        assert client.get("demo").describe().hyper_parameter_tuning_job_status == "InProgress"
        assert [event.message for event in client.get("demo").logs()] == ["begins"]


def test_the_copy_of_the_state_is_deleted(root, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    client = read_root(root)
    assert [folder.stat().st_mode & 0o777 for folder in tmp_path.iterdir()] == [0o700]
    client.close()
    assert list(tmp_path.iterdir()) == []


def test_a_root_that_a_service_has_opened_is_refused(tmp_path):
    with (
        LocalService(tmp_path / "root"),
        pytest.raises(RuntimeError, match=r"call client\(\) of its LocalService, or close it"),
    ):
        read_root(tmp_path / "root")


def test_a_folder_that_is_no_root_is_refused(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(ValueError, match="is not the root of a local service"):
        read_root(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_root(tmp_path / "absent")


def test_a_damaged_state_is_an_error_that_names_the_file(root, tmp_path):
    copy = tmp_path / "root"
    shutil.copytree(root, copy)
    (copy / "state.sqlite3").write_bytes(b"damaged" * 1000)
    with pytest.raises(ValueError, match=f"{copy}/state.sqlite3 is damaged"):
        read_root(copy)


def test_a_state_that_was_emptied_is_an_error(root, tmp_path):
    copy = tmp_path / "root"
    shutil.copytree(root, copy)
    (copy / "state.sqlite3").write_bytes(b"")
    with pytest.raises(ValueError, match=f"{copy}/state.sqlite3 is damaged: file is empty"):
        read_root(copy)


def test_the_message_for_a_state_of_another_version_does_not_name_the_copy(root, tmp_path):
    copy = tmp_path / "root"
    shutil.copytree(root, copy)
    with closing(sqlite3.connect(copy / "state.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 1000")
    with pytest.raises(ValueError, match=r"^state\.sqlite3 was created by another version of hptsdk"):
        read_root(copy)


# --- the commands logs and best ---


def test_logs_are_printed_without_secrets(root):
    done = run("logs", "demo", "--local", root)
    lines = done.stdout.splitlines()
    assert len(lines) == 6
    assert sum("token is (hidden)" in line for line in lines) == 3


def test_logs_as_json_are_one_object_in_a_line(root):
    events = [json.loads(line) for line in run("logs", "demo", "--output", "json", "--local", root).stdout.splitlines()]
    assert {tuple(event) for event in events} == {("time", "training_job", "instance", "message")}
    assert sum(event["message"] == "token is (hidden)" for event in events) == 3


def test_logs_of_one_training_job(root):
    with read_root(root) as client:
        name = client.get("demo").best.training_job_name
    done = run("logs", "demo", "--training-job", name, "--local", root)
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(("since", "count"), [("1d", 6), ("0s", 0), ("2020-01-01", 6), ("2100-01-01T00:00+02:00", 0)])
def test_logs_since_a_time(root, since, count):
    assert len(run("logs", "demo", "--since", since, "--local", root).stdout.splitlines()) == count


@pytest.mark.parametrize("since", ["", "soon", "10", "1w", "infs", "nanm", "1e300d"])
def test_an_invalid_time_is_wrong_usage(root, since):
    done = run("logs", "demo", f"--since={since}", "--local", root)
    assert done.returncode == 2
    assert "expected a duration such as" in " ".join(done.stderr.replace("│", " ").split())


def test_the_best_training_job_as_json(root):
    with read_root(root) as client:
        best = client.get("demo").best_training_job()
    document = json.loads(run("best", "demo", "--output", "json", "--local", root).stdout)
    rate = document["TunedHyperParameters"]["rate"]
    assert document == {
        "TrainingJobName": best.training_job_name,
        "MetricName": "loss",
        "Value": pytest.approx(rate),
        "S3ModelArtifacts": f"s3://{BUCKET}/out/{best.training_job_name}/output/model.tar.gz",
        "TunedHyperParameters": {"rate": float(best.hyper_parameters["rate"])},
    }


def test_the_best_training_job_as_a_table(root):
    rows = [line.split() for line in run("best", "demo", "--local", root).stdout.splitlines()]
    assert [row[0] for row in rows] == ["training", "loss", "model", "rate"]


def test_a_tuning_job_without_a_best_training_job(tmp_path):
    with LocalService(
        tmp_path / "root", images={IMAGE: shell("exit 1")}, buckets={BUCKET: bucket(tmp_path)}
    ) as service:
        handle = service.client().create(job(max_jobs=1).build())
        until(lambda: handle.describe().hyper_parameter_tuning_job_status != "InProgress")
    done = run("best", "demo", "--local", tmp_path / "root")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "demo has no training job with an objective value\n"


def test_watch_shows_the_logs(tmp_path):
    program = shell("echo from the program; echo loss=1")
    with LocalService(tmp_path / "root", images={IMAGE: program}, buckets={BUCKET: bucket(tmp_path)}) as service:
        service.client().create(job(max_jobs=1).build())
        done = run("watch", "demo", "--logs", "--local", tmp_path / "root")
    assert done.returncode == 0
    assert done.stdout.count("/algo-1 from the program\n") == 1


@pytest.mark.long
def test_logs_end_with_the_reader_of_the_pipe(tmp_path):
    program = shell("while true; do echo line; sleep 0.1; done")
    with LocalService(
        tmp_path / "root", images={IMAGE: program}, buckets={BUCKET: bucket(tmp_path)}, stop_grace=0.1
    ) as service:
        service.client().create(job(max_jobs=1).build())
        command = [*HPTSDK, "logs", "demo", "--follow", "--local", str(tmp_path / "root")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - the command itself
            assert process.stdout.readline().endswith(" line\n")
            process.stdout.close()
            assert process.wait(20) == 0


def test_logs_are_followed_until_the_job_ends(tmp_path):
    program = shell("echo from the program; sleep 0.3; echo loss=1")
    with LocalService(tmp_path / "root", images={IMAGE: program}, buckets={BUCKET: bucket(tmp_path)}) as service:
        service.client().create(job(max_jobs=2, parallel=1).build())
        done = run("logs", "demo", "--follow", "--local", tmp_path / "root")
    assert [line.rpartition(" ")[2] for line in done.stdout.splitlines()] == ["program", "loss=1"] * 2
