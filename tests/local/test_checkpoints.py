"""Checkpoints are uploaded and restored while a program changes them. No link points outside their folders."""

import os
import shutil
from contextlib import suppress
from threading import Event, Thread

import pytest
from running import BUCKET, job, only, run, shell, training

from hptsdk.local._files import remove_tree
from hptsdk.local.process import UnsafePathError, _archives
from hptsdk.local.process._archives import copy_tree, sync

ONE = {"max_jobs": 1, "parallel": 1}


@pytest.fixture
def source(tmp_path):
    """Return the folder in which a program writes its checkpoints."""
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints"


@pytest.fixture
def target(tmp_path):
    """Return the folder to which the checkpoints are uploaded."""
    return tmp_path / "uploaded"


@pytest.fixture
def outside(tmp_path):
    """Return a folder to which no request has access."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("outside")
    return tmp_path / "outside"


def listed(folder):
    """Return the names and contents of a folder, with the targets of links."""
    return {
        str(path.relative_to(folder)): f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_a_file_that_becomes_a_folder_is_uploaded_as_a_folder(source, target):
    (source / "step").write_text("1")
    sync(source, target)
    (source / "step").unlink()
    (source / "step").mkdir()
    (source / "step" / "part").write_text("2")
    sync(source, target)
    assert listed(target) == {"step/part": "2"}


def test_a_folder_that_becomes_a_file_is_uploaded_as_a_file(source, target):
    (source / "step").mkdir()
    (source / "step" / "part").write_text("1")
    sync(source, target)
    shutil.rmtree(source / "step")
    (source / "step").write_text("2")
    sync(source, target)
    assert listed(target) == {"step": "2"}


@pytest.mark.parametrize("text", ["deep/step", "../checkpoints/deep/step", "ABSOLUTE"])
def test_a_link_to_a_file_in_the_folder_is_uploaded_as_a_link(source, target, text):
    (source / "deep").mkdir()
    (source / "deep" / "step").write_text("1")
    (source / "latest").symlink_to(text.replace("ABSOLUTE", str(source / "deep" / "step")))
    sync(source, target)
    assert listed(target) == {"deep/step": "1", "latest": "-> deep/step"}


def test_a_link_to_a_folder_in_the_folder_is_uploaded_as_a_link(source, target):
    (source / "deep").mkdir()
    (source / "deep" / "step").write_text("1")
    (source / "latest").symlink_to("deep")
    sync(source, target)
    assert listed(target) == {"deep/step": "1", "latest": "-> deep"}


def test_a_changed_link_is_uploaded_again(source, target):
    for step in ("1", "2"):
        (source / step).write_text(step)
        (source / "latest").unlink(missing_ok=True)
        (source / "latest").symlink_to(step)
        sync(source, target)
    assert listed(target) == {"1": "1", "2": "2", "latest": "-> 2"}


def test_a_link_is_restored_as_it_was(source, target, tmp_path):
    (source / "step").write_text("1")
    (source / "latest").symlink_to("step")
    sync(source, target)
    copy_tree(target, tmp_path / "again")
    assert listed(tmp_path / "again") == {"latest": "-> step", "step": "1"}


@pytest.mark.parametrize("name", ["file", "."])
def test_a_link_out_of_the_folder_is_not_uploaded(source, target, outside, name):
    (source / "step").write_text("1")
    (source / "link").symlink_to(outside / name)
    (source / "far").symlink_to("link")
    sync(source, target)
    assert listed(target) == {"step": "1"}


def test_an_upload_does_not_follow_a_link_out_of_the_target(source, target, outside):
    (source / "deep").mkdir()
    (source / "deep" / "file").write_text("1")
    target.mkdir()
    (target / "deep").symlink_to(outside)
    sync(source, target)
    assert listed(target) == {"deep/file": "1"}
    assert listed(outside) == {"file": "outside"}


def test_an_upload_replaces_a_link_instead_of_writing_to_its_target(source, target, outside):
    (source / "file").write_text("1")
    target.mkdir()
    (target / "file").symlink_to(outside / "file")
    sync(source, target)
    assert listed(target) == {"file": "1"}
    assert listed(outside) == {"file": "outside"}


def test_restoring_does_not_follow_a_link_out_of_the_target(source, target, outside):
    target.mkdir()
    (target / "step").write_text("1")
    (target / "link").symlink_to(outside)
    (target / "file").symlink_to(outside / "file")
    copy_tree(target, source)
    assert listed(source) == {"step": "1"}


def test_an_upload_removes_every_entry_that_the_folder_does_not_have(source, target, outside):
    (target / "old").mkdir(parents=True)
    (target / "old" / "link").symlink_to(outside)
    (target / "old" / "broken").symlink_to("nowhere")
    os.mkfifo(target / "old" / "fifo")
    sync(source, target)
    assert list(target.iterdir()) == []
    assert listed(outside) == {"file": "outside"}


def test_links_that_lead_to_each_other_are_uploaded(source, target):
    (source / "a").symlink_to("b")
    (source / "b").symlink_to("a")
    (source / "step").write_text("1")
    sync(source, target)
    assert listed(target)["step"] == "1"


def test_a_fifo_is_left_out(source, target):
    os.mkfifo(source / "fifo")
    (source / "step").write_text("1")
    sync(source, target)
    assert listed(target) == {"step": "1"}
    assert not (target / "fifo").exists()


def test_an_incomplete_file_of_a_crash_is_not_restored(source, target):
    target.mkdir()
    (target / f".{'0' * 32}.part").write_text("half")
    (target / "step").write_text("1")
    copy_tree(target, source)
    assert listed(source) == {"step": "1"}


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function that sets a change which is made before the first file of a sync is opened."""

    def changing(change):
        pending, real = [change], _archives.open_below

        def opening(folder, name):
            if pending:
                pending.pop()()
            return real(folder, name)

        monkeypatch.setattr(_archives, "open_below", opening)

    return changing


@pytest.fixture
def three(source):
    """Write three checkpoints, the second one in a folder."""
    (source / "b").mkdir()
    for name in ("a", "b/step", "c"):
        (source / name).write_text(name)
    return source


def changes(folder, outside):
    """Return the changes of a checkpoint while it is copied."""
    return {
        "deleted": lambda: remove_tree(folder / "a"),
        "a folder": lambda: ((folder / "a").unlink(), (folder / "a").mkdir()),
        "a link out": lambda: ((folder / "a").unlink(), (folder / "a").symlink_to(outside / "file")),
        "a fifo": lambda: ((folder / "a").unlink(), os.mkfifo(folder / "a")),
        "its folder deleted": lambda: shutil.rmtree(folder / "b"),
        "its folder a file": lambda: (shutil.rmtree(folder / "b"), (folder / "b").write_text("b")),
        "its folder a link out": lambda: (shutil.rmtree(folder / "b"), (folder / "b").symlink_to(outside)),
    }


@pytest.mark.parametrize("change", changes(None, None))
def test_a_file_that_changes_during_an_upload_is_uploaded_by_the_next_one(three, target, outside, meanwhile, change):
    (outside / "step").write_text("outside")
    meanwhile(changes(three, outside)[change])
    with pytest.raises(OSError, match=r"No such file|Not a directory|Not a regular file|Too many levels"):
        sync(three, target)
    assert listed(target)["c"] == "c"
    assert "outside" not in listed(target).values()
    sync(three, target)
    assert listed(target) == {name: text for name, text in listed(three).items() if "outside" not in text}


def test_uploaded_files_stay_if_the_folder_is_missing(three, target):
    sync(three, target)
    shutil.rmtree(three)
    with pytest.raises(FileNotFoundError):
        sync(three, target)
    assert listed(target) == {"a": "a", "b/step": "b/step", "c": "c"}


def test_bytes_that_are_appended_during_an_upload_are_uploaded_by_the_next_one(source, target, monkeypatch):
    (source / "step").write_text("1")
    real = os.fstat

    def then_append(descriptor):
        status = real(descriptor)
        with (source / "step").open("a") as file:
            file.write("2")
        return status

    with monkeypatch.context() as patch:
        patch.setattr(_archives.os, "fstat", then_append)
        sync(source, target)
    copied = (target / "step").read_text()
    sync(source, target)
    assert (target / "step").read_text() == (source / "step").read_text() != copied


def test_a_path_that_changes_its_type_all_the_time_causes_no_errors(source, target, outside):
    (outside / "file").write_text("outside")
    stopping = Event()

    def flip():
        while not stopping.is_set():
            for make in (
                lambda: path.write_text("1"),
                lambda: (path.mkdir(), (path / "file").write_text("2")),
                lambda: path.symlink_to(outside),
                lambda: path.symlink_to(outside / "file"),
            ):
                remove_tree(path)
                make()

    path = source / "step"
    thread = Thread(target=flip)
    thread.start()
    try:
        for _ in range(100):
            with suppress(OSError):
                sync(source, target)
            assert "outside" not in listed(target).values()
    finally:
        stopping.set()
        thread.join()


# --- with a service ---


def checkpointed():
    """Return a request with checkpoints."""
    return job("demo", training().checkpoints(f"s3://{BUCKET}/checkpoints/"), **ONE).build()


def test_a_failed_upload_is_tried_again_and_does_not_fail_the_training_job(open_service, data, monkeypatch, caplog):
    failing = [OSError(5, "Input/output error"), OSError(5, "Input/output error"), UnsafePathError("a link")]
    monkeypatch.setattr(_archives, "_BETWEEN_SYNCS", 0.0)

    def syncing(*arguments):
        if failing:
            raise failing.pop()
        sync(*arguments)

    monkeypatch.setattr(_archives, "sync", syncing)
    program = shell("echo 1 > $SM_CHECKPOINT_DIR/step; sleep 0.6; echo loss=1")
    handle = run(open_service(program), checkpointed())
    assert only(handle).training_job_status == "Completed"
    assert (data / "checkpoints" / handle.best.training_job_name / "step").read_text() == "1\n"
    assert [record.message.rpartition(": ")[2] for record in caplog.records if "checkpoints" in record.message] == [
        "a link",
        "[Errno 5] Input/output error",
    ]


def test_uploads_that_always_fail_do_not_fail_the_training_job(open_service, data):
    (data / "checkpoints").write_text("no folder")
    handle = run(open_service(shell("echo 1 > $SM_CHECKPOINT_DIR/step; echo loss=1")), checkpointed())
    assert only(handle).training_job_status == "Completed"


def test_a_checkpoint_folder_that_is_deleted_or_replaced_does_not_fail_the_training_job(open_service, outside, data):
    program = shell(f"rm -r $SM_CHECKPOINT_DIR; ln -s {outside} $SM_CHECKPOINT_DIR; echo loss=1")
    handle = run(open_service(program), checkpointed())
    assert only(handle).training_job_status == "Completed"
    assert list((data / "checkpoints").rglob("*")) == []
