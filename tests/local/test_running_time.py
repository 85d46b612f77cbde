"""Running times of jobs. Time while the service is closed or a program is missing does not count."""

import sqlite3
import time
from contextlib import closing

import pytest
from running import BUCKET, job, only, shell, training, until

from hptsdk.local import MissingProgramWarning
from hptsdk.local.jobs import _engine

ONE = {"max_jobs": 1, "parallel": 1}
SLOW, QUICK = shell("sleep 60"), shell("echo loss=1")


def change(root, statement):
    """Change the store of a closed root."""
    with closing(sqlite3.connect(root / "state.sqlite3")) as connection, connection:
        connection.execute(statement)


@pytest.fixture
def closed_for_an_hour(open_service, tmp_path):
    """Return a function that interrupts a tuning job with one training job for an hour."""

    def close(request=None):
        service = open_service(SLOW)
        handle = service.client().create(request or job(**ONE).build())
        until(lambda: [s for s in handle.training_jobs() if s.training_start_time])
        service.close()
        change(tmp_path / "root", "UPDATE tuning_jobs SET created = created - 3600, modified = modified - 3600")
        change(tmp_path / "root", "UPDATE training_jobs SET created = created - 3600, started = started - 3600")

    return close


def ended(service):
    """Return the tuning job after its end."""
    handle = service.client().get("demo")
    handle.wait(timeout=30, poll=0.05)
    return handle


def consumed(handle):
    """Return the running time in the description of a tuning job."""
    return handle.describe().consumed_resources.runtime_in_seconds


def test_a_tuning_jobs_running_time_leaves_out_the_time_while_the_service_was_closed(open_service, closed_for_an_hour):
    closed_for_an_hour()
    assert consumed(ended(open_service(QUICK))) < 60


def test_a_training_jobs_times_leave_out_the_time_while_the_service_was_closed(open_service, closed_for_an_hour):
    closed_for_an_hour()
    description = only(ended(open_service(QUICK)))
    assert description.training_time_in_seconds < 60
    assert (description.training_end_time - description.training_start_time).total_seconds() < 60


def test_a_tuning_jobs_longest_runtime_leaves_out_the_time_while_the_service_was_closed(
    open_service, closed_for_an_hour
):
    closed_for_an_hour(job(**ONE).max_runtime(600).build())
    handle = ended(open_service(QUICK))
    assert [s.training_job_status for s in handle.training_jobs()] == ["Completed"]


def test_a_training_jobs_longest_runtime_leaves_out_the_time_while_the_service_was_closed(
    open_service, closed_for_an_hour
):
    closed_for_an_hour(job("demo", training(max_runtime_in_seconds=600), **ONE).build())
    assert only(ended(open_service(shell("echo loss=1; sleep 0.3")))).secondary_status == "Completed"


def test_the_running_time_grows_while_a_job_runs(open_service):
    handle = open_service(SLOW).client().create(job(**ONE).build())
    until(lambda: consumed(handle) >= 1)


def test_the_running_time_is_that_of_the_tuning_job_not_the_sum_of_its_training_jobs(open_service):
    service = open_service(SLOW)
    handle = service.client().create(job(max_jobs=8, parallel=8).build())
    until(lambda: handle.describe().training_job_status_counters.in_progress == 8)
    (tuning,) = service._engine._runs.values()
    tuning._records.clock.before = 100.0
    handle.stop()
    assert 100 <= consumed(ended(service)) < 130


def test_the_running_time_continues_when_the_root_is_opened_again(open_service, closed_for_an_hour, tmp_path):
    closed_for_an_hour()
    change(tmp_path / "root", "UPDATE tuning_jobs SET consumed = 100")
    assert 100 <= consumed(ended(open_service(QUICK))) < 130


def test_the_running_time_is_stored_while_a_tuning_job_runs(open_service, monkeypatch):
    monkeypatch.setattr(_engine, "_BETWEEN_CHECKS", 0.02)
    monkeypatch.setattr(_engine, "_BETWEEN_RECORDS", 0.1)
    service = open_service(SLOW)
    service.client().create(job(**ONE).build())
    until(lambda: service._store.one("SELECT consumed FROM tuning_jobs")["consumed"] > 0.2)
    assert service._store.one("SELECT seconds FROM training_jobs")["seconds"] > 0


def test_the_running_time_does_not_grow_while_a_program_is_missing(open_service, closed_for_an_hour):
    closed_for_an_hour()
    with pytest.warns(MissingProgramWarning):
        service = open_service(images={})
    (tuning,) = service._engine._runs.values()
    before = tuning.seconds
    time.sleep(0.2)
    assert tuning.seconds == before


@pytest.mark.parametrize(("definition", "least"), [(training(), 0), (training().checkpoints(f"s3://{BUCKET}/c"), 100)])
def test_the_running_time_of_a_training_job_continues_with_its_checkpoints(
    open_service, closed_for_an_hour, tmp_path, definition, least
):
    closed_for_an_hour(job("demo", definition, **ONE).build())
    change(tmp_path / "root", "UPDATE training_jobs SET seconds = 100")
    assert least <= only(ended(open_service(QUICK))).training_time_in_seconds < least + 60


@pytest.mark.parametrize("version", [1, 2, 1000])
def test_a_root_of_a_version_with_another_layout_is_refused(open_service, version):
    service = open_service()
    service.close()
    change(service.root, f"PRAGMA user_version = {version}")
    with pytest.raises(ValueError, match="by another version of hptsdk; use that version, or another root"):
        open_service()
