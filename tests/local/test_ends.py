"""The end of a training job, for programs that end in different ways."""

import os
from pathlib import Path
from threading import Thread

import psutil
import pytest
from running import job, only, run, shell, training, until

from hptsdk import errors
from hptsdk.local import Program
from hptsdk.local.process import LogReader
from hptsdk.testing import PretendClock

ONE = {"max_jobs": 1, "parallel": 1}


def ended(service, definition=None):
    """Return the description of the only training job of a tuning job, with any outcome."""
    handle = service.client().create(job("demo", definition, **ONE).build())
    try:
        handle.wait(timeout=60, poll=0.05)
    except errors.TuningJobFailed as error:
        assert error.job_name == "demo"  # noqa: PT017 - of its training job the caller makes sure
    return only(handle)


def outcome(service, definition=None):
    """Return the status and the failure reason of a training job."""
    description = ended(service, definition)
    return description.training_job_status, description.failure_reason


def still_works(service):
    """Check whether another tuning job completes."""
    handle = service.client().create(job("afterwards", **ONE).build())
    try:
        handle.wait(timeout=60, poll=0.05)
    except errors.TuningJobFailed:
        return handle.describe().hyper_parameter_tuning_job_status == "Failed"
    return True


def test_the_failure_reason_is_the_content_of_output_failure(open_service):
    program = shell('printf "no rows in train" > $SM_OUTPUT_DIR/failure; exit 3')
    assert outcome(open_service(program)) == ("Failed", "AlgorithmError: no rows in train, exit code: 3")


def test_without_output_failure_the_failure_reason_is_the_end_of_the_log(open_service):
    assert outcome(open_service(shell("echo working; echo no memory; exit 1"))) == (
        "Failed",
        "AlgorithmError: working\nno memory, exit code: 1",
    )


def test_a_long_failure_reason_is_cut_and_keeps_its_exit_code(open_service):
    program = shell("head -c 5000 /dev/zero | tr '\\0' x > $SM_OUTPUT_DIR/failure; exit 7")
    _, reason = outcome(open_service(program))
    assert len(reason) == 1024
    assert reason.endswith("x, exit code: 7")


def test_a_program_killed_by_a_signal_has_failed(open_service):
    assert outcome(open_service(shell("kill -9 $$"))) == ("Failed", "AlgorithmError: , exit code: 137")


def test_a_missing_program_fails_the_training_job_with_its_name(open_service, tmp_path):
    status, reason = outcome(open_service([str(tmp_path / "absent")]))
    assert status == "Failed"
    assert reason == f"ClientError: The program {tmp_path / 'absent'} cannot be started: No such file or directory"


def test_a_program_that_is_deleted_between_two_training_jobs_fails_the_second(open_service, tmp_path):
    path = tmp_path / "train.sh"
    path.write_text("#!/bin/sh\necho loss=1\nrm $0\n")
    path.chmod(0o700)
    handle = run(open_service(Program(command=[str(path)])), job(max_jobs=2, parallel=1).build())
    assert [s.training_job_status for s in handle.training_jobs()] == ["Completed", "Failed"]


def test_a_program_is_stopped_at_its_longest_runtime_and_keeps_its_results(open_service):
    service = open_service(shell("echo loss=0.25; touch $SM_MODEL_DIR/weights; exec sleep 60"))
    description = ended(service, training(max_runtime_in_seconds=1))
    assert (description.training_job_status, description.secondary_status) == ("Stopped", "MaxRuntimeExceeded")
    assert description.failure_reason is None
    assert {m.value for m in description.final_metric_data_list} == {0.25}


@pytest.mark.long
def test_a_program_has_time_to_save_when_it_is_asked_to_end(open_service, data):
    program = shell(
        "trap 'echo loss=0.125; echo saved > $SM_MODEL_DIR/weights; exit 0' TERM; while :; do sleep 0.05; done"
    )
    description = ended(open_service(program), training(max_runtime_in_seconds=1))
    assert description.training_job_status == "Stopped"
    assert {m.value for m in description.final_metric_data_list} == {0.125}
    assert (data / "out" / description.training_job_name / "output" / "model.tar.gz").stat().st_size > 100


@pytest.mark.long
def test_a_program_that_ignores_sigterm_is_killed(open_service):
    service = open_service(shell("trap '' TERM; echo loss=1; while :; do sleep 0.05; done"), stop_grace=0.3)
    description = ended(service, training(max_runtime_in_seconds=1))
    assert (description.training_job_status, description.secondary_status) == ("Stopped", "MaxRuntimeExceeded")


@pytest.fixture
def marked(tmp_path):
    """Return the file in which the children of a program write their process IDs."""
    path = tmp_path / "pids"
    path.touch()
    return path


def gone(path: Path) -> bool:
    """Check whether all processes whose IDs are in a file have ended."""
    pids = [int(text) for text in path.read_text().split()]
    return bool(pids) and not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids)


def test_processes_in_the_session_of_a_program_end_with_it(open_service, marked):
    status, _ = outcome(open_service(shell(f"echo loss=1; (sleep 60 & echo $! >> {marked}); exit 0")))
    assert status == "Completed"
    until(lambda: gone(marked))


def test_processes_that_left_the_session_end_with_the_tuning_job(open_service, marked, script):
    command = script(f"""
        import os
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                open({str(marked)!r}, "a").write(str(os.getpid()) + " ")
                os.execv("/bin/sleep", ["sleep", "60"])
            os._exit(0)
        os.wait()
        print("loss=1")
    """)
    status, _ = outcome(open_service(Program(command=command, isolation="none")))
    assert status == "Completed"
    until(lambda: gone(marked))


@pytest.mark.long
def test_all_processes_of_a_program_that_forks_without_end_are_stopped(open_service, marked):
    program = shell(f"echo loss=1; while :; do sleep 60 & echo $! >> {marked}; sleep 0.02; done")
    description = ended(open_service(program), training(max_runtime_in_seconds=1))
    assert description.training_job_status == "Stopped"
    until(lambda: gone(marked))


def test_bytes_that_are_not_text_are_ignored(open_service):
    program = shell("printf '\\377\\376 \\200 loss=0.5 \\300\\n'")
    description = ended(open_service(program))
    assert {m.value for m in description.final_metric_data_list} == {0.5}


@pytest.mark.long
def test_a_program_may_print_a_lot(open_service, script):
    command = script("""
        import sys
        line = "x" * 99 + "\\n"
        for _ in range(500):
            sys.stdout.write(line * 1000)
        sys.stdout.write("loss=0.75")
    """)
    description = ended(open_service(Program(command=command)))
    assert {m.value for m in description.final_metric_data_list} == {0.75}


@pytest.mark.long
def test_a_very_long_line_is_read_in_bounded_memory(open_service, script):
    command = script("""
        import sys
        for _ in range(30):
            sys.stdout.write("x" * 1_000_000)
        sys.stdout.write(" loss=0.75")
    """)
    description = ended(open_service(Program(command=command)))
    assert {m.value for m in description.final_metric_data_list} == {0.75}


@pytest.mark.long
def test_a_regex_that_takes_too_long_is_disabled_and_the_training_job_continues(open_service):
    service = open_service(shell("echo loss=0.5; printf 'a%.0s' $(seq 60); echo '!'; echo loss=0.25"))
    definition = training().metric("endless", r"(a|aa)+$")
    description = ended(service, definition)
    assert description.training_job_status == "Completed"
    assert [(m.metric_name, m.value) for m in description.final_metric_data_list] == [
        ("loss", 0.25),
        ("ObjectiveMetric", 0.25),
    ]
    assert any("endless takes too long" in t.status_message for t in description.secondary_status_transitions)


@pytest.mark.parametrize("said", ["loss=nan", "loss=inf", "loss=1e999", "loss=-", "los=1"])
def test_a_text_that_is_not_a_finite_number_is_not_a_metric_value(open_service, said):
    definition = training().metric("other", r"loss=(\S+)")
    description = ended(open_service(shell(f"echo {said}")), definition)
    assert description.final_metric_data_list is None


def test_a_full_disk_under_the_log_ends_in_a_failure_of_the_program(open_service, monkeypatch):
    real = os.open

    def opening(path, flags, *rest, **options):
        if not (str(path).endswith("log.txt") and flags & os.O_WRONLY):
            return real(path, flags, *rest, **options)
        os.close(real(path, flags, *rest))
        # a device that is always full
        return real("/dev/full", *rest)

    monkeypatch.setattr(os, "open", opening)
    service = open_service(shell("echo loss=1 || exit 28"))
    status, reason = outcome(service)
    assert (status, reason.partition(":")[0]) == ("Failed", "AlgorithmError")
    monkeypatch.undo()
    assert still_works(service)


def test_a_full_disk_at_the_upload_of_the_model_is_an_internal_error_that_can_be_retried(open_service, monkeypatch):
    from hptsdk.local.process import _archives  # to change it

    failing = [OSError(28, "No space left on device")]
    real = _archives.pack

    def pack(*arguments):
        if failing:
            raise failing.pop()
        real(*arguments)

    monkeypatch.setattr(_archives, "pack", pack)
    description = ended(open_service(), training().retries(1))
    assert description.training_job_status == "Completed"
    assert [t.status for t in description.secondary_status_transitions].count("Training") == 2


def test_a_full_disk_at_the_upload_of_the_model_fails_the_training_job_without_retries(open_service, monkeypatch):
    from hptsdk.local.process import _archives  # to change it

    def pack(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_archives, "pack", pack)
    handle = open_service().client().create(job(**ONE).build())
    with pytest.raises(errors.TuningJobFailed):
        handle.wait(timeout=30, poll=0.05)
    assert only(handle).failure_reason == "InternalServerError: [Errno 28] No space left on device"
    assert handle.describe().training_job_status_counters.retryable_error == 1


@pytest.mark.long
def test_a_store_that_cannot_be_written_delays_a_tuning_job_and_loses_nothing(open_service, monkeypatch):
    from hptsdk.local.jobs import _records  # to change it
    from hptsdk.local.jobs._store import StoreUnavailableError  # to raise it

    service = open_service(shell("sleep 0.2; echo loss=1"))
    handle = service.client().create(job(max_jobs=4).build())
    real, full = service._store.writing, [True]
    tried = []

    def writing():
        if full:
            tried.append(1)
            raise StoreUnavailableError("database or disk is full")
        return real()

    monkeypatch.setattr(_records, "_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(service._store, "writing", writing)
    until(lambda: len(tried) > 4)
    assert handle.describe().hyper_parameter_tuning_job_status == "InProgress"
    other = service.client()
    other.clock = PretendClock()
    with pytest.raises(errors.OutcomeUnknownError) as raised:
        other.create(job("other").build())
    assert isinstance(raised.value.__cause__, errors.ServiceUnavailableError)
    full.clear()
    handle.wait(timeout=30, poll=0.05)
    assert sorted(s.training_job_name[5:8] for s in handle.training_jobs()) == ["001", "002", "003", "004"]


def test_closing_ends_programs_and_a_later_service_continues_their_training_jobs(open_service, tmp_path):
    seen = tmp_path / "seen"
    program = shell(f"echo $TRAINING_JOB_NAME >> {seen}; [ -e {tmp_path / 'go'} ] || exec sleep 60; echo loss=1")
    service = open_service(program)
    service.client().create(job(max_jobs=3).build())
    until(lambda: seen.exists() and len(seen.read_text().split()) == 2)
    service.close()
    (tmp_path / "go").touch()
    handle = open_service(program).client().get("demo")
    handle.wait(timeout=30, poll=0.05)
    names = [s.training_job_name for s in handle.training_jobs()]
    assert sorted(seen.read_text().split()) == sorted([*names[:2], *names])


def test_closing_does_not_wait_until_a_long_log_is_read(open_service, monkeypatch):
    read = []

    def reading(reader, *, has_ended=False):
        read.append(has_ended)
        return [], True

    monkeypatch.setattr(LogReader, "read", reading)
    service = open_service()
    service.client().create(job(**ONE).build())
    until(lambda: True in read)
    closing = Thread(target=service.close, daemon=True)
    closing.start()
    closing.join(10)
    assert not closing.is_alive()


@pytest.mark.long
def test_metrics_count_if_the_service_ended_during_a_stop(open_service):
    program = shell("trap '' TERM; echo loss=0.25; while :; do sleep 0.05; done")
    service = open_service(program)
    handle = service.client().create(job(**ONE).build())
    until(lambda: list(handle.training_jobs()))
    until(lambda: only(handle).final_metric_data_list)
    handle.stop()
    until(lambda: only(handle).training_job_status == "Stopping")
    service.close()
    handle = open_service(program).client().get("demo")
    response = handle.wait(timeout=30, poll=0.05)
    assert response.objective_status_counters.succeeded == 1
    assert {m.value for m in only(handle).final_metric_data_list} == {0.25}


def test_the_log_remains_and_can_be_read(open_service):
    service = open_service(shell("echo starting; echo loss=1"))
    handle = run(service, job(**ONE).build())
    assert service.log(handle.best.training_job_name) == "starting\nloss=1\n"


def test_only_the_log_of_a_training_job_and_its_times_remain(open_service):
    service = open_service(shell("touch $SM_MODEL_DIR/x $SM_CHECKPOINT_DIR/y z; echo loss=1"))
    handle = run(service, job(**ONE).build())
    folder = service.root / "training-jobs" / handle.best.training_job_name
    until(lambda: sorted(p.name for p in folder.iterdir()) == ["log.times", "log.txt"])
