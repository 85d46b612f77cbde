"""A root belongs to one service at a time; a copy of it is another root."""

import json
import shutil
import subprocess

import pytest
from running import BUCKET, bucket, job, shell, until
from s3_client import client as s3_client, refusal

from hptsdk import errors

ONE = {"max_jobs": 1, "parallel": 1}


# --- the lock ---


@pytest.fixture
def training_service(open_service):
    """Return a service whose training job runs."""
    service = open_service(shell("echo loss=1; sleep 60"))
    service.client().create(job(**ONE).build())
    until(lambda: service._store.one("SELECT 1 FROM metrics"))
    return service


def test_a_root_whose_lock_file_was_deleted_cannot_be_opened_a_second_time(training_service, open_service):
    (training_service.root / "lock").unlink()
    with pytest.raises(RuntimeError, match="is open in another LocalService"):
        open_service()


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_service_whose_lock_file_was_deleted_stops(training_service, is_replaced):
    run = next(iter(training_service._engine._runs.values()))
    (training_service.root / "lock").unlink()
    if is_replaced:
        (training_service.root / "lock").touch()
    until(lambda: not any(thread.is_alive() for thread in run._threads))


def test_a_service_whose_lock_file_was_deleted_changes_nothing(open_service):
    service = open_service()
    client = service.client()
    (service.root / "lock").unlink()
    with pytest.raises(errors.HptsdkError, match="lock"):
        client.create(job(**ONE).build())


def test_a_service_whose_lock_file_was_deleted_stores_no_object(open_service):
    service = open_service()
    (service.root / "lock").unlink()
    assert refusal(s3_client(service).put_object, Bucket=BUCKET, Key="a", Body=b"x") == (500, "InternalError")
    assert not (bucket(service.root.parent) / "a").exists()


def test_a_tuning_job_continues_after_the_lock_file_was_deleted(training_service, open_service):
    (training_service.root / "lock").unlink()
    training_service.close()
    handle = open_service(shell("echo loss=1")).client().get("demo")
    assert handle.wait(timeout=30, poll=0.05).hyper_parameter_tuning_job_status == "Completed"


def test_a_service_whose_root_was_moved_stops(training_service, open_service):
    run = next(iter(training_service._engine._runs.values()))
    training_service.root.rename(training_service.root.with_name("moved"))
    until(lambda: not any(thread.is_alive() for thread in run._threads))
    training_service.close()
    handle = open_service(shell("echo loss=1"), root="moved").client().get("demo")
    assert handle.wait(timeout=30, poll=0.05).hyper_parameter_tuning_job_status == "Completed"


# --- the ID ---


@pytest.fixture
def program():
    """Yield a function that starts a process with an ID; the processes are ended at the end."""
    processes = []

    def start(identity):
        processes.append(subprocess.Popen(["/bin/sleep", "60"], env={"HPTSDK_TRAINING_JOB": f"{identity}.1.1."}))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def root(open_service):
    """Return a closed root."""
    return opened(open_service)


def opened(open_service, name="root"):
    """Open a root and close it, and return it."""
    service = open_service(root=name)
    service.close()
    return service.root


def id_of(root):
    """Return the ID of a root."""
    return json.loads((root / "mark.json").read_text())["mark"]


def test_a_root_keeps_its_id(root, open_service):
    identity = id_of(root)
    assert id_of(opened(open_service)) == identity


def test_a_root_ends_the_programs_of_an_earlier_service(root, open_service, program):
    process = program(id_of(root))
    opened(open_service)
    assert process.wait(5) == -9


def test_a_copy_of_a_root_has_another_id_and_leaves_the_programs_of_the_original(root, open_service, program):
    process = program(id_of(root))
    shutil.copytree(root, root.with_name("copy"))
    assert id_of(opened(open_service, "copy")) != id_of(root)
    assert process.poll() is None


def test_a_root_that_was_moved_ends_its_programs(root, open_service, program):
    process = program(id_of(root))
    root.rename(root.with_name("moved"))
    opened(open_service, "moved")
    assert process.wait(5) == -9


def test_a_copy_whose_original_was_removed_ends_its_programs(root, open_service, program):
    process = program(id_of(root))
    shutil.copytree(root, root.with_name("copy"))
    shutil.rmtree(root)
    opened(open_service, "copy")
    assert process.wait(5) == -9


def test_a_copy_does_not_end_the_programs_of_an_original_that_was_moved(root, open_service, program):
    shutil.copytree(root, root.with_name("copy"))
    root.rename(root.with_name("moved"))
    process = program(id_of(opened(open_service, "moved")))
    opened(open_service, "copy")
    assert process.poll() is None


def test_the_error_for_a_damaged_id_has_its_path(root, open_service):
    (root / "mark.json").write_text("junk")
    with pytest.raises(ValueError, match=r"root/mark\.json"):
        open_service()


def test_only_the_owner_can_read_the_id(root):
    assert (root / "mark.json").stat().st_mode & 0o777 == 0o600


def test_a_copied_root_runs_beside_the_original(training_service, open_service):
    shutil.copytree(training_service.root, training_service.root.with_name("copy"))
    handle = open_service(shell("echo loss=1"), root="copy").client().get("demo")
    assert handle.wait(timeout=30, poll=0.05).hyper_parameter_tuning_job_status == "Completed"
    assert training_service.client().get("demo").describe().training_job_status_counters.in_progress == 1
