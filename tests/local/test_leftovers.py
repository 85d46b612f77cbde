"""An interrupted training job runs again, with any files that its program left."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from running import job, only, shell, until

from hptsdk.local.process import _environment, empty_base_folder

ONE = {"max_jobs": 1, "parallel": 1}


@pytest.fixture
def interrupt(open_service):
    """Return a function that interrupts a training job, and returns its description after the restart."""

    def interrupting(script, following="echo loss=1", request=None):
        service = open_service(shell(f"cd $SAGEMAKER_BASE_DIR; {script}; echo loss=5; sleep 60"))
        handle = service.client().create(request or job(**ONE).build())
        until(lambda: service._store.one("SELECT 1 FROM metrics"))
        service.close()
        handle = open_service(shell(following)).client().get("demo")
        handle.wait(timeout=30, poll=0.05)
        return only(handle)

    return interrupting


def test_a_training_job_runs_again_if_its_program_wrote_next_to_its_folders(interrupt):
    assert interrupt("echo x > note; mkfifo pipe; rm -r model; ln -s /etc model").training_job_status == "Completed"


def test_the_folders_of_an_ended_training_job_are_removed_though_they_are_read_only(open_service):
    service = open_service(shell("mkdir -p $SM_MODEL_DIR/a/b; chmod 0500 $SM_MODEL_DIR/a; echo loss=1"))
    handle = service.client().create(job(**ONE).build())
    handle.wait(timeout=30, poll=0.05)
    (folder,) = (service.root / "training-jobs").iterdir()
    until(lambda: {path.name for path in folder.iterdir()} == {"log.times", "log.txt"})


def test_incomplete_files_of_an_interrupted_upload_are_removed(open_service, data):
    output = f"{data}/out/$TRAINING_JOB_NAME/output"
    service = open_service(shell(f"mkdir -p {output}; touch {output}/.0123.part; echo loss=1"))
    handle = service.client().create(job(**ONE).build())
    handle.wait(timeout=30, poll=0.05)
    assert [path.name for path in data.glob("out/*/output/*")] == ["model.tar.gz"]


# --- the base folder ---


@pytest.fixture
def base(tmp_path):
    """Return a base folder with checkpoints."""
    base = tmp_path / "job" / "ml"
    (base / "checkpoints").mkdir(parents=True)
    (base / "checkpoints" / "step").write_text("7")
    return base


@pytest.mark.parametrize(
    "script",
    [
        "echo x > note",
        "rm -r model; echo x > model",
        "ln -s / root",
        "mkfifo pipe",
        "mkdir -p model/a/b; chmod 0 model/a/b model/a",
        "cd ..; rm -r ml; echo x > ml",
        "cd ..; mkdir other; mv ml other/ml; ln -s other/ml ml",
        "chmod 0500 ..",
    ],
)
def test_a_base_folder_is_emptied(base, script):
    subprocess.run(["/bin/sh", "-c", script], cwd=base, check=True)  # noqa: S603 - a line of shell of the test
    assert not list(empty_base_folder(base.parent, keep_checkpoints=False).iterdir())


def test_checkpoints_stay_in_a_base_folder(base):
    (base / "checkpoints").chmod(0)
    result = empty_base_folder(base.parent, keep_checkpoints=True)
    assert (result / "checkpoints" / "step").read_text() == "7"


@pytest.mark.parametrize("script", ["echo x > checkpoints", "ln -s /etc checkpoints"])
def test_checkpoints_that_are_not_a_folder_do_not_stay(base, script):
    subprocess.run(["/bin/sh", "-c", f"rm -r checkpoints; {script}"], cwd=base, check=True)  # noqa: S603 - likewise
    assert not list(empty_base_folder(base.parent, keep_checkpoints=True).iterdir())


def test_the_target_of_a_link_stays(base, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    (base / "link").symlink_to(tmp_path / "precious")
    empty_base_folder(base.parent, keep_checkpoints=False)
    assert (tmp_path / "precious" / "file").exists()


def test_another_folder_is_used_if_the_base_folder_cannot_be_emptied(base, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(_environment, "remove_tree", refuse)
    (base / "note").touch()
    for number in (2, 3):
        result = empty_base_folder(base.parent, keep_checkpoints=True)
        (result / "note").touch()
        assert result.name == f"ml.{number}"
        assert [path.name for path in result.iterdir() if path.name != "note"] == ["checkpoints"]


# --- removing ---


def test_another_user_than_root_removes_folders_that_are_read_only():
    code = """
import os, sys
from pathlib import Path
from hptsdk.local._files import remove_tree
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
top = Path(sys.argv[1], "top")
(top / "a" / "b").mkdir(parents=True)
(top / "a" / "b" / "c").touch()
for folder in (top / "a" / "b", top / "a", top):
    folder.chmod(0)
remove_tree(top)
"""
    with tempfile.TemporaryDirectory(prefix="hptsdk-") as folder:
        Path(folder).chmod(0o777)
        subprocess.run([sys.executable, "-c", code, folder], check=True)  # noqa: S603 - Python itself
        assert not list(Path(folder).iterdir())
