"""A machine that cannot start more threads: a tuning job is created and ends, and opening a root fails."""

import threading
from contextlib import contextmanager

import pytest
from running import job, run, shell, until


@pytest.fixture
def refuse_threads(monkeypatch):
    """Return a context manager that limits the number of running threads whose names have a prefix."""

    @contextmanager
    def refusing(prefix, most=0):
        start, refused = threading.Thread.start, []

        def starting(thread):
            others = [other for other in threading.enumerate() if other.name.startswith(prefix)]
            if thread.name.startswith(prefix) and len(others) >= most:
                refused.append(thread)
                raise RuntimeError("can't start new thread")
            start(thread)

        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", starting)
            yield refused

    return refusing


def test_a_tuning_job_runs_after_a_thread_can_be_started(open_service, refuse_threads):
    service = open_service()
    with refuse_threads("demo") as refused:
        handle = service.client().create(job().build())
        until(lambda: refused)
    assert handle.wait(timeout=30, poll=0.05).training_job_status_counters.completed == 3


def test_a_job_runs_with_as_many_threads_as_can_be_started(open_service, refuse_threads):
    service = open_service()
    with refuse_threads("demo", most=1):
        response = run(service, job(max_jobs=3, parallel=3).build()).describe()
    assert response.training_job_status_counters.completed == 3


def test_interrupted_training_jobs_run_with_as_many_threads_as_can_be_started(open_service, refuse_threads):
    service = open_service(shell("sleep 60"))
    handle = service.client().create(job(max_jobs=3, parallel=3).build())
    until(lambda: handle.describe().training_job_status_counters.in_progress == 3)
    service.close()
    with refuse_threads("demo", most=1):
        handle = open_service().client().get("demo")
        assert handle.wait(timeout=30, poll=0.05).training_job_status_counters.completed == 3


@pytest.mark.parametrize("name", ["hptsdk slots", "hptsdk monitor", "hptsdk http"])
def test_a_root_that_cannot_start_threads_opens_later(open_service, refuse_threads, name):
    before = set(threading.enumerate())
    with refuse_threads(name), pytest.raises(RuntimeError, match="can't start new thread"):
        open_service()
    until(lambda: set(threading.enumerate()) <= before)
    run(open_service())
