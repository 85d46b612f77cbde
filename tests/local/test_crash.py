"""A root continues after a crash at any time: nothing is lost, and nothing runs twice."""

import socket

import pytest
from crashing import CrashRun, check_results
from running import IMAGE, job, run, shell

from hptsdk.local import LocalService


@pytest.fixture(autouse=True)
def _no_service_is_left():
    yield
    while CrashRun.started:
        CrashRun.started.pop().kill()


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1])
def test_a_tuning_job_continues_after_crashes(tmp_path, seed):
    crash_run = CrashRun(tmp_path, seed, max_jobs=12)
    service, handle = crash_run.run_with_kills(5)
    try:
        check_results(crash_run, handle)
    finally:
        service.kill()


@pytest.mark.long
@pytest.mark.parametrize(
    "strategy",
    [
        lambda builder: builder.bayesian(random_seed=7),
        lambda builder: builder.hyperband(min_resource=2, max_resource=9, random_seed=7),
        lambda builder: builder.bayesian(random_seed=7).early_stopping(),
    ],
    ids=["Bayesian", "Hyperband", "early stopping"],
)
def test_every_strategy_continues_after_crashes(tmp_path, strategy):
    crash_run = CrashRun(tmp_path, 11, max_jobs=8, strategy=strategy)
    service, handle = crash_run.run_with_kills(3)
    try:
        check_results(crash_run, handle)
    finally:
        service.kill()


@pytest.mark.long
def test_the_values_are_those_of_a_tuning_job_without_a_crash(tmp_path):
    crash_run = CrashRun(tmp_path, 99, max_jobs=6)
    service, handle = crash_run.run_with_kills(2)
    try:
        values = [s.tuned_hyper_parameters for s in handle.training_jobs()]
    finally:
        service.kill()
    with LocalService(tmp_path / "other", images={IMAGE: shell("echo loss=1")}) as other:
        expected = run(other, job(max_jobs=6).build()).training_jobs()
        assert values == [s.tuned_hyper_parameters for s in expected]


@pytest.mark.long
def test_a_training_job_continues_from_its_checkpoints_after_a_crash(tmp_path):
    crash_run = CrashRun(tmp_path, 5, max_jobs=8)
    service, _ = crash_run.run_with_kills(4)
    service.kill()
    starts = {entry[0] for entry in crash_run.entries() if entry[0].startswith("start")}
    assert starts > {"start at 0"}


def test_a_root_can_be_open_once_at_a_time(open_service):
    open_service()
    with pytest.raises(RuntimeError, match="is open in another LocalService"):
        open_service()


def test_a_closed_root_has_its_tuning_jobs(open_service):
    service = open_service()
    arn = run(service).arn
    service.close()
    assert open_service(shell("exit 1")).client().get("demo").describe().hyper_parameter_tuning_job_arn == arn


def test_a_service_can_be_closed_twice(open_service):
    service = open_service()
    service.client().create(job().build())
    service.close()
    service.close()


def test_a_service_closes_while_requests_arrive(open_service, monkeypatch):
    service = open_service()
    server, pull = service._server, service._server._server.pull_trigger

    def pulling():
        # the connection wakes the loop of the server, which then ends before the trigger is pulled
        with socket.create_connection(("127.0.0.1", server.port)):
            server._thread.join(10)
        pull()

    monkeypatch.setattr(server._server, "pull_trigger", pulling)
    service.close()
    assert not server._thread.is_alive()
