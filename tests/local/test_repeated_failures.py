"""Tuning jobs whose first training jobs fail with the same error, and tuning jobs without an objective."""

import pytest
from running import job, run, shell, training

from hptsdk import errors
from hptsdk.local import Program
from hptsdk.local.jobs import _state

MISSING_MODULE = (
    "Traceback (most recent call last):\n  File \"train.py\", line 1\nModuleNotFoundError: No module named 'x'"
)

SAME_FAILURES = {
    "missing module": f"cat <<'E' >&2\n{MISSING_MODULE}\nE\nexit 1",
    "missing file": "cat /none/data.csv",
    "file of the training job": 'cat "$SAGEMAKER_BASE_DIR/none.csv"',
    "permission": "echo \"PermissionError: [Errno 13] Permission denied: '/data'\"; exit 1",
    "missing program": "no-such-program",
    "missing file in Python": "echo \"FileNotFoundError: [Errno 2] No such file or directory: 'data.csv'\"; exit 1",
}

OTHER_FAILURES = {
    "no output": "exit 1",
    "another error": "echo 'ValueError: bad rate'; exit 1",
    "another file each time": 'echo "cat: /data/$SM_HP_RATE.csv: No such file or directory"; exit 1',
    "mentioned earlier": "echo 'PermissionError: x'; " + "echo 'epoch'; " * 6 + "exit 1",
}


def failed(service, **options):
    """Run a tuning job that fails, and return its reason and the number of its training jobs."""
    handle = service.client().create(job(max_jobs=20, **({"parallel": 1} | options)).build())
    with pytest.raises(errors.TuningJobFailed) as caught:
        handle.wait(timeout=60, poll=0.05)
    return caught.value.failure_reason, len(list(handle.training_jobs()))


@pytest.mark.parametrize("script", SAME_FAILURES.values(), ids=SAME_FAILURES)
def test_the_same_failure_of_the_first_training_jobs_ends_the_tuning_job(open_service, script):
    reason, count = failed(open_service(shell(script)))
    assert count == 2
    assert reason.startswith(
        "The first 2 training jobs failed with the same error, and no more were started. Algorithm"
    )


@pytest.mark.parametrize("script", OTHER_FAILURES.values(), ids=OTHER_FAILURES)
def test_other_failures_end_the_tuning_job_after_five_training_jobs(open_service, script):
    reason, count = failed(open_service(shell(script)))
    assert (count, reason[:37]) == (5, "No training job succeeded after 5 att")


def test_the_reason_has_the_last_lines_of_the_output(open_service):
    reason, _ = failed(open_service(shell(SAME_FAILURES["missing module"])))
    assert MISSING_MODULE in reason


def test_a_program_that_cannot_be_started_ends_the_tuning_job(open_service):
    reason, count = failed(open_service(Program(command=["no-such-program"])))
    assert count == 2
    assert reason.endswith("ClientError: The program no-such-program cannot be started: No such file or directory")


def test_a_failure_after_a_success_does_not_end_the_tuning_job(open_service):
    program = shell("case $TRAINING_JOB_NAME in demo-001*) echo loss=1;; *) cat /none;; esac")
    assert run(open_service(program), job(max_jobs=8, parallel=1).build()).describe().best_training_job is not None


def test_training_jobs_that_run_at_the_same_time_are_stopped(open_service):
    program = shell("case $TRAINING_JOB_NAME in demo-001*) exec sleep 60;; *) cat /none;; esac")
    reason, count = failed(open_service(program), parallel=2)
    assert count == 3
    assert reason.startswith("The first 2 training jobs failed with the same error")


def test_failures_before_the_root_is_opened_again_count(open_service, monkeypatch):
    # as if the interrupted training job did not fail at once
    monkeypatch.setattr(_state.Outcome, "immediate_failure", lambda *_, **__: None)
    program = "case $TRAINING_JOB_NAME in demo-001*) cat /none;; *) sleep 60;; esac"
    service = open_service(shell(program), stop_grace=0.1)
    handle = service.client().create(job(max_jobs=20, parallel=1).build())
    while len(list(handle.training_jobs())) < 2:
        pass
    service.close()
    again = open_service(shell("cat /none")).client().get("demo")
    with pytest.raises(errors.TuningJobFailed, match="The first 2 training jobs failed with the same error"):
        again.wait(timeout=60, poll=0.05)


# --- no objective ---


def test_a_tuning_job_without_an_objective_shows_its_regex_its_output_and_its_log(open_service):
    service = open_service(shell("echo starting; echo accuracy: 0.5"))
    reason, _ = failed(service)
    assert reason.startswith("No objective metrics found after running 5 training jobs. ")
    assert r"The Regex of loss is loss=([-+.e0-9]+). The output of a training job, in " in reason
    assert reason.endswith("/log.txt, ends with:\nstarting\naccuracy: 0.5")
    assert f"in {service.root}/training-jobs/demo-005-" in reason


def test_a_tuning_job_without_output_shows_that(open_service):
    assert failed(open_service(shell("true")))[0].endswith("/log.txt, is empty.")


def test_a_reason_has_at_most_the_length_that_the_api_allows(open_service):
    script = "printf '%0500d\\n' 1 2 3; printf 'PermissionError: %0900d\\n' 1; exit 1"
    reason, _ = failed(open_service(shell(script)), definition=training())
    assert len(reason) <= 1024
