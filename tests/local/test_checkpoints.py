"""Checkpoints are uploaded and restored while a program changes them. No link leads out of their folders."""

import os
import shutil
from contextlib import suppress
from threading import Event, Thread

import pytest
from running import BUCKET, job, only, run, shell, training

from hptsdk.local._files import remove_tree
from hptsdk.local.process import _archives, _checkpoints
from hptsdk.local.process._archives import copy_tree, sync
from hptsdk.local.process._storage import UnsafePathError

ONE = {"max_jobs": 1, "parallel": 1}


@pytest.fixture
def written(tmp_path):
    """Where a program writes its checkpoints."""
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints"


@pytest.fixture
def kept(tmp_path):
    """Where they are kept."""
    return tmp_path / "kept"


@pytest.fixture
def outside(tmp_path):
    """A folder that is none of a request's business."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("outside")
    return tmp_path / "outside"


def listed(folder):
    """What is in a folder, as names and contents; a link as what it leads to."""
    return {
        str(path.relative_to(folder)): f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_a_file_that_becomes_a_folder_is_uploaded_as_a_folder(written, kept):
    (written / "step").write_text("1")
    sync(written, kept)
    (written / "step").unlink()
    (written / "step").mkdir()
    (written / "step" / "part").write_text("2")
    sync(written, kept)
    assert listed(kept) == {"step/part": "2"}


def test_a_folder_that_becomes_a_file_is_uploaded_as_a_file(written, kept):
    (written / "step").mkdir()
    (written / "step" / "part").write_text("1")
    sync(written, kept)
    shutil.rmtree(written / "step")
    (written / "step").write_text("2")
    sync(written, kept)
    assert listed(kept) == {"step": "2"}


@pytest.mark.parametrize("text", ["deep/step", "../checkpoints/deep/step", "ABSOLUTE"])
def test_a_link_to_a_file_in_the_folder_is_uploaded_as_a_link(written, kept, text):
    (written / "deep").mkdir()
    (written / "deep" / "step").write_text("1")
    (written / "latest").symlink_to(text.replace("ABSOLUTE", str(written / "deep" / "step")))
    sync(written, kept)
    assert listed(kept) == {"deep/step": "1", "latest": "-> deep/step"}


def test_a_link_to_a_folder_in_the_folder_is_uploaded_as_a_link(written, kept):
    (written / "deep").mkdir()
    (written / "deep" / "step").write_text("1")
    (written / "latest").symlink_to("deep")
    sync(written, kept)
    assert listed(kept) == {"deep/step": "1", "latest": "-> deep"}


def test_a_changed_link_is_uploaded_again(written, kept):
    for step in ("1", "2"):
        (written / step).write_text(step)
        (written / "latest").unlink(missing_ok=True)
        (written / "latest").symlink_to(step)
        sync(written, kept)
    assert listed(kept) == {"1": "1", "2": "2", "latest": "-> 2"}


def test_a_link_is_restored_as_it_was(written, kept, tmp_path):
    (written / "step").write_text("1")
    (written / "latest").symlink_to("step")
    sync(written, kept)
    copy_tree(kept, tmp_path / "again")
    assert listed(tmp_path / "again") == {"latest": "-> step", "step": "1"}


@pytest.mark.parametrize("name", ["file", "."])
def test_a_link_out_of_the_folder_is_not_uploaded(written, kept, outside, name):
    (written / "step").write_text("1")
    (written / "link").symlink_to(outside / name)
    (written / "far").symlink_to("link")
    sync(written, kept)
    assert listed(kept) == {"step": "1"}


def test_an_upload_does_not_follow_a_link_out_of_the_target(written, kept, outside):
    (written / "deep").mkdir()
    (written / "deep" / "file").write_text("1")
    kept.mkdir()
    (kept / "deep").symlink_to(outside)
    sync(written, kept)
    assert listed(kept) == {"deep/file": "1"}
    assert listed(outside) == {"file": "outside"}


def test_an_upload_replaces_a_link_instead_of_writing_to_its_target(written, kept, outside):
    (written / "file").write_text("1")
    kept.mkdir()
    (kept / "file").symlink_to(outside / "file")
    sync(written, kept)
    assert listed(kept) == {"file": "1"}
    assert listed(outside) == {"file": "outside"}


def test_restoring_does_not_follow_a_link_out_of_the_target(written, kept, outside):
    kept.mkdir()
    (kept / "step").write_text("1")
    (kept / "link").symlink_to(outside)
    (kept / "file").symlink_to(outside / "file")
    copy_tree(kept, written)
    assert listed(written) == {"step": "1"}


def test_an_upload_removes_every_entry_that_the_folder_does_not_have(written, kept, outside):
    (kept / "old").mkdir(parents=True)
    (kept / "old" / "link").symlink_to(outside)
    (kept / "old" / "broken").symlink_to("nowhere")
    os.mkfifo(kept / "old" / "fifo")
    sync(written, kept)
    assert list(kept.iterdir()) == []
    assert listed(outside) == {"file": "outside"}


def test_links_that_lead_to_each_other_are_uploaded(written, kept):
    (written / "a").symlink_to("b")
    (written / "b").symlink_to("a")
    (written / "step").write_text("1")
    sync(written, kept)
    assert listed(kept)["step"] == "1"


def test_a_fifo_is_left_out(written, kept):
    os.mkfifo(written / "fifo")
    (written / "step").write_text("1")
    sync(written, kept)
    assert listed(kept) == {"step": "1"}
    assert not (kept / "fifo").exists()


def test_an_incomplete_file_of_a_crash_is_not_restored(written, kept):
    kept.mkdir()
    (kept / f".{'0' * 32}.part").write_text("half")
    (kept / "step").write_text("1")
    copy_tree(kept, written)
    assert listed(written) == {"step": "1"}


@pytest.fixture
def meanwhile(monkeypatch):
    """Does something when the first file of a sync is about to be opened."""

    def changing(change):
        pending, real = [change], _archives.open_below

        def opening(folder, name):
            if pending:
                pending.pop()()
            return real(folder, name)

        monkeypatch.setattr(_archives, "open_below", opening)

    return changing


@pytest.fixture
def three(written):
    """Three checkpoints, the middle one in a folder."""
    (written / "b").mkdir()
    for name in ("a", "b/step", "c"):
        (written / name).write_text(name)
    return written


def changes(folder, outside):
    """What can become of a checkpoint while it is copied."""
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
def test_a_file_that_changes_during_an_upload_is_uploaded_by_the_next_one(three, kept, outside, meanwhile, change):
    (outside / "step").write_text("outside")
    meanwhile(changes(three, outside)[change])
    with pytest.raises(OSError, match=r"No such file|Not a directory|Not a regular file|Too many levels"):
        sync(three, kept)
    assert listed(kept)["c"] == "c"
    assert "outside" not in listed(kept).values()
    sync(three, kept)
    assert listed(kept) == {name: text for name, text in listed(three).items() if "outside" not in text}


def test_uploaded_files_stay_if_the_folder_is_missing(three, kept):
    sync(three, kept)
    shutil.rmtree(three)
    with pytest.raises(FileNotFoundError):
        sync(three, kept)
    assert listed(kept) == {"a": "a", "b/step": "b/step", "c": "c"}


def test_bytes_that_are_appended_during_an_upload_are_uploaded_by_the_next_one(written, kept, monkeypatch):
    (written / "step").write_text("1")
    real = os.fstat

    def then_append(descriptor):
        status = real(descriptor)
        with (written / "step").open("a") as file:
            file.write("2")
        return status

    with monkeypatch.context() as patch:
        patch.setattr(_archives.os, "fstat", then_append)
        sync(written, kept)
    copied = (kept / "step").read_text()
    sync(written, kept)
    assert (kept / "step").read_text() == (written / "step").read_text() != copied


def test_a_path_that_changes_its_type_all_the_time_causes_no_errors(written, kept, outside):
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

    path = written / "step"
    thread = Thread(target=flip)
    thread.start()
    try:
        for _ in range(100):
            with suppress(OSError):
                sync(written, kept)
            assert "outside" not in listed(kept).values()
    finally:
        stopping.set()
        thread.join()


# --- with a service ---


def checkpointed():
    """A request whose checkpoints are kept."""
    return job("demo", training().checkpoints(f"s3://{BUCKET}/checkpoints/"), **ONE).build()


def test_a_failed_upload_is_tried_again_and_does_not_fail_the_training_job(open_service, data, monkeypatch, caplog):
    failing = [OSError(5, "Input/output error"), OSError(5, "Input/output error"), UnsafePathError("a link")]
    monkeypatch.setattr(_checkpoints, "_BETWEEN_SYNCS", 0.0)

    def syncing(*arguments):
        if failing:
            raise failing.pop()
        sync(*arguments)

    monkeypatch.setattr(_checkpoints, "sync", syncing)
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
