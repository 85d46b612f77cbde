"""A monotonic clock measures running times. A change of the system time changes neither limits nor results."""

import threading
import time

import pytest
from running import job, only, shell, training, until

from hptsdk.local.jobs import _engine
from hptsdk.local.process import ChannelData

HOUR = 3600


@pytest.fixture
def set_clock(monkeypatch):
    """Return a function that sets the system time forward or back."""

    def setting(seconds):
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + seconds)

    return setting


@pytest.fixture(params=[-HOUR, HOUR], ids=["back", "forward"])
def ended(request, open_service, tmp_path, set_clock):
    """Return a tuning job that has ended, during whose training the system time was set."""
    service = open_service(shell(f"echo loss=1; until [ -e {tmp_path}/go ]; do sleep 0.02; done"))
    definition = training(max_runtime_in_seconds=600)
    built = job("demo", definition, max_jobs=1, parallel=1).max_runtime(600).build()
    handle = service.client().create(built)
    until(lambda: service._store.one("SELECT 1 FROM metrics"))
    set_clock(request.param)
    # long enough for a check of the limits
    time.sleep(0.15)
    (tmp_path / "go").touch()
    handle.wait(timeout=30, poll=0.05)
    return handle


def test_a_change_of_the_system_time_changes_neither_limits_nor_the_order_of_times(ended):
    description, response = only(ended), ended.describe()
    assert description.secondary_status == "Completed"
    assert 0 <= (description.training_time_in_seconds or 0) < 60
    assert 0 <= response.consumed_resources.runtime_in_seconds < 60
    stages = description.secondary_status_transitions
    times = [
        description.creation_time,
        *(t for s in stages for t in (s.start_time, s.end_time)),
        description.training_end_time,
    ]
    assert times == sorted(times)
    assert description.training_start_time <= description.training_end_time <= response.hyper_parameter_tuning_end_time


def test_training_jobs_are_restored_in_the_order_in_which_they_ended(open_service, set_clock):
    service = open_service(shell("echo loss=1; sleep 0.05"))
    handle = service.client().create(job(max_jobs=3, parallel=1).build())
    until(lambda: service._store.one("SELECT 1 FROM training_jobs WHERE ended IS NOT NULL"))
    set_clock(-HOUR)
    handle.wait(timeout=30, poll=0.05)
    rows = service._store.all("SELECT ended FROM training_jobs ORDER BY number")
    ends = [row["ended"] for row in rows]
    assert ends == sorted(ends)


def test_the_running_time_is_recorded_while_data_is_copied(open_service, monkeypatch):
    monkeypatch.setattr(_engine, "_BETWEEN_CHECKS", 0.02)
    monkeypatch.setattr(_engine, "_BETWEEN_RECORDS", 0.1)
    copied = threading.Event()
    monkeypatch.setattr(ChannelData, "put", lambda *_, **__: copied.wait(20) and [])
    service = open_service()
    handle = service.client().create(job(max_jobs=1, parallel=1).build())
    until(lambda: service._store.one("SELECT consumed FROM tuning_jobs")["consumed"] > 0.1)
    copied.set()
    handle.wait(timeout=30, poll=0.05)
