"""The slots of a service: how many training jobs run at a time, and which tuning job gets the next slot."""

import threading

import pytest
from running import job, run, shell, until

import hptsdk
from hptsdk.local import LocalService
from hptsdk.local.jobs._engine import Slots

UNLIMITED = 10_000_000


class User:
    """A tuning job that records when it gets a slot."""

    def __init__(self, name, order, *, most=UNLIMITED, ready=True, stopped=False):
        self.name = name
        self.max_slots = most
        self.can_start_programs = ready
        self.needs_no_slot = stopped
        self.fault = None
        self._order = order

    def start_worker(self):
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault
        self.needs_no_slot = False
        self._order.append(self.name)


@pytest.fixture
def order():
    """Return the list to which the names of tuning jobs with a new slot are added."""
    return []


@pytest.fixture
def slots():
    """Yield three slots, which are not open yet."""
    closing = threading.Event()
    instance = Slots(3, closing)
    yield instance
    closing.set()
    instance.close()


def got(order, *names):
    """Wait until tuning jobs have got slots, and check that no others have."""
    until(lambda: len(order) >= len(names))
    assert order == list(names)


def test_all_slots_can_be_used_and_no_more(slots, order):
    slots.add(User("a", order))
    slots.open()
    got(order, "a", "a", "a")


def test_a_tuning_job_gets_no_more_slots_than_it_can_use(slots, order):
    slots.add(User("a", order, most=1))
    slots.open()
    got(order, "a")


def test_tuning_jobs_share_the_slots(slots, order):
    for name in ("a", "b"):
        slots.add(User(name, order))
    slots.open()
    got(order, "a", "b", "a")


def test_a_free_slot_goes_to_the_tuning_job_with_the_fewest_slots(slots, order):
    first = User("a", order)
    slots.add(first)
    slots.open()
    got(order, "a", "a", "a")
    slots.add(User("b", order))
    slots.release(first)
    got(order, "a", "a", "a", "b")


@pytest.mark.parametrize(("most", "shares"), [(1, True), (0, False)])
def test_a_tuning_job_shares_if_one_with_fewer_slots_waits(slots, order, most, shares):
    first = User("a", order)
    slots.add(first)
    slots.open()
    got(order, "a", "a", "a")
    slots.add(User("b", order, most=most))
    assert slots.must_share(first) is shares


def test_a_tuning_job_without_its_programs_gets_no_slot_until_it_has_them(slots, order):
    waiting = User("a", order, most=1, ready=False)
    slots.add(waiting)
    slots.add(User("b", order, most=1))
    slots.open()
    got(order, "b")
    waiting.can_start_programs = True
    got(order, "b", "a")


def test_a_tuning_job_that_is_stopped_ends_while_others_have_all_slots(slots, order):
    slots.add(User("a", order))
    slots.open()
    got(order, "a", "a", "a")
    slots.add(User("b", order, stopped=True))
    got(order, "a", "a", "a", "b")


def test_a_thread_that_cannot_start_is_tried_again(slots, order):
    user = User("a", order, most=1)
    user.fault = RuntimeError("can't start new thread")
    slots.add(user)
    slots.open()
    got(order, "a")


def test_a_service_that_closes_assigns_no_slots(order):
    closing = threading.Event()
    slots = Slots(3, closing)
    slots.open()
    closing.set()
    slots.add(User("a", order))
    slots.close()
    assert order == []


# --- in a service ---


def training_jobs(service, status="InProgress"):
    """Return the names of the tuning jobs whose training jobs have a status."""
    rows = service._store.all("SELECT name FROM training_jobs WHERE status = ? ORDER BY id", status)
    return [row["name"].partition("-")[0] for row in rows]


def test_a_service_runs_no_more_training_jobs_than_its_limit(open_service):
    service = open_service(shell("sleep 60"), max_parallel=3)
    for name in ("first", "second"):
        service.client().create(job(name, max_jobs=100, parallel=100).build())
    until(lambda: len(training_jobs(service)) == 3)
    assert len([t for t in threading.enumerate() if t.name in ("first", "second")]) == 3


def test_a_service_closes_while_its_programs_end(open_service):
    service = open_service(shell("echo loss=1"))
    service.client().create(job(max_jobs=700).build())
    until(lambda: training_jobs(service, "Completed"))
    service.close()
    service = open_service(shell("sleep 60"), stop_grace=0.1)
    assert len(training_jobs(service, "Completed")) < 100


def test_all_training_jobs_run_with_one_slot(open_service):
    service = open_service(shell("echo loss=1"), max_parallel=1)
    assert len(list(run(service, job(max_jobs=5, parallel=5).build()).training_jobs())) == 5


def test_a_second_tuning_job_runs_while_the_first_has_training_jobs_left(open_service, tmp_path):
    held = f"case $TRAINING_JOB_NAME in first*) until [ -e {tmp_path}/go ]; do sleep 0.01; done; esac"
    service = open_service(shell(f"{held}; echo loss=1"), max_parallel=2)
    first = service.client().create(job("first", max_jobs=700, parallel=2).build())
    until(lambda: len(training_jobs(service)) == 2)
    second = service.client().create(job("second", max_jobs=1, parallel=1).build())
    (tmp_path / "go").touch()
    second.wait(timeout=30, poll=0.05)
    assert first.describe().hyper_parameter_tuning_job_status == "InProgress"


def test_a_tuning_job_that_waits_for_a_slot_can_be_stopped(open_service):
    service = open_service(shell("sleep 60"), max_parallel=1)
    service.client().create(job("first", max_jobs=1, parallel=1).build())
    until(lambda: training_jobs(service))
    second = service.client().create(job("second").build())
    second.stop()
    second.wait(timeout=30, poll=0.05)
    assert training_jobs(service) == ["first"]


def test_a_tuning_job_that_waits_for_a_slot_ends_at_its_longest_runtime(open_service):
    service = open_service(shell("sleep 60"), max_parallel=1)
    service.client().create(job("first", max_jobs=1, parallel=1).build())
    until(lambda: training_jobs(service))
    second = service.client().create(job("second").max_runtime(120).build())
    service._engine.runs()[1]._records.clock.before = 121.0
    assert second.wait(timeout=30, poll=0.05).hyper_parameter_tuning_job_status == "Completed"
    assert training_jobs(service) == ["first"]


def test_a_root_with_a_tuning_job_of_ten_million_parallel_training_jobs_opens(open_service, tmp_path):
    service = open_service(shell("sleep 60"), stop_grace=0.1)
    service.client().create(job(max_jobs=2).build())
    until(lambda: training_jobs(service))
    with service._store.writing() as connection:
        path = "$.HyperParameterTuningJobConfig.ResourceLimits.MaxParallelTrainingJobs"
        connection.execute("UPDATE tuning_jobs SET request = json_set(request, ?, ?)", (path, UNLIMITED))
    service.close()
    service = open_service(shell("echo loss=1"))
    service.client().get("demo").wait(timeout=30, poll=0.05)
    assert training_jobs(service, "Completed") == ["demo", "demo"]


def test_the_end_of_a_waiting_training_job_starts_no_other_one_while_all_slots_are_used(open_service):
    service = open_service(shell("sleep 60"), stop_grace=0.1)
    service.client().create(job(max_jobs=9).build())
    until(lambda: len(training_jobs(service)) == 2)
    service.close()
    service = open_service(shell("sleep 60"), stop_grace=0.1, max_parallel=1)
    handle = service.client().get("demo")
    (run,) = service._engine.runs()
    until(lambda: len(run._running) == 1)
    query = hptsdk.shapes.StopTrainingJobRequest(training_job_name=run._waiting[0].name)
    handle._calls.send("StopTrainingJob", query)
    until(lambda: training_jobs(service, "Stopped"))
    assert training_jobs(service) == ["demo"]


@pytest.mark.parametrize("count", [0, -1, 1.5, "3", True, None])
def test_a_service_has_at_least_one_slot(tmp_path, count):
    with pytest.raises(ValueError, match=f"max_parallel: expected an integer of at least 1, got {count!r}"):
        LocalService(tmp_path, max_parallel=count)
