"""Text from other sources: no control characters reach the terminal, and secrets are redacted."""

import json

import pytest
from command_line import described, request, run, run_in_terminal, training_job

import hptsdk
from hptsdk.progress import printable

ESCAPE = "\x1b[2J\x1b]0;owned\x07\x9b31m"
SECRET = "hunter2-and-more"  # noqa: S105 - made up


@pytest.fixture
def shown(service):
    """Return a function that shows a job with a text from the service, in a terminal."""

    def show(command, text, **options):
        job = training_job(text, TrainingJobStatus=text, FailureReason=text, TunedHyperParameters={text: text})
        service.jobs["demo"] = described(
            request(), HyperParameterTuningJobStatus=text, FailureReason=text, BestTrainingJob=job
        )
        service.training_jobs["demo"] = [job]
        arguments = ["list"] if command == "list" else [command, "demo"]
        return run_in_terminal(*arguments, width=300, **options)

    return show


EACH = pytest.mark.parametrize("command", ["jobs", "list", "describe"])


@EACH
def test_no_control_character_reaches_the_terminal(shown, command):
    output = shown(command, f"a{ESCAPE}b")
    assert "a\ufffd[2J" in output
    assert [letter for letter in output if not letter.isprintable() and letter != "\n"] == []


@EACH
def test_rich_markup_in_a_text_is_shown_as_text(shown, command):
    assert "[bold]a[/] [/red] \\[x]" in shown(command, "[bold]a[/] [/red] \\[x]")


@pytest.mark.parametrize("command", ["jobs", "list", "describe", "watch"])
def test_a_status_has_its_colour(shown, command):
    assert "\x1b[31mFailed\x1b[0m" in shown(command, "Failed", colours=True)


def test_a_message_has_no_control_characters():
    assert run("validate", f"a{ESCAPE}\nb").stderr.startswith("a\ufffd[2J\ufffd]0;owned\ufffd\ufffd31m\nb:1:1: ")


def test_every_whitespace_character_is_a_space():
    assert printable("a\tb\r\nc\u3000d") == "a b  c d"


# --- secrets ---


@pytest.fixture
def failed(service, training):
    """Return a function that lets a tuning job with a secret in its environment fail, with its training jobs."""
    with_secret = (
        hptsdk.tuning_job(
            "Example-1", training.environment(TOKEN=SECRET), minimize="loss", max_jobs=2, max_parallel_jobs=1
        )
        .continuous("eta", 0.1, 1.0)
        .build()
    )

    def fail(*training_jobs, **members):
        service.jobs["example-1"] = described(with_secret, **members)
        service.training_jobs["example-1"] = list(training_jobs)

    return fail


def test_jobs_redacts_failure_reasons(failed):
    failed(training_job(FailureReason=f"ValueError: {SECRET}"))
    output = run("jobs", "Example-1").stdout
    assert "ValueError: (hidden)" in output
    assert SECRET not in output


def test_a_reason_is_redacted_before_it_is_cut(failed):
    failed(training_job(FailureReason="x" * 495 + SECRET))
    assert SECRET[:4] not in run_in_terminal("jobs", "Example-1", width=600)


def test_jobs_as_json_redacts_failure_reasons(failed):
    failed(training_job(FailureReason=f"ValueError: {SECRET}"))
    output = json.loads(run("jobs", "Example-1", "--output", "json").stdout)
    assert output[0]["FailureReason"] == "ValueError: (hidden)"


def test_describe_redacts_the_failure_reason(failed):
    failed(FailureReason=f"first\nValueError: {SECRET}")
    output = run("describe", "Example-1").stdout
    assert "ValueError: (hidden)" in output
    assert SECRET not in output


def test_describe_shows_the_hyperparameters_of_the_best_training_job(failed):
    failed(BestTrainingJob=training_job(value=0.5))
    assert "eta 0.1" in " ".join(run("describe", "Example-1").stdout.split())


def test_watch_redacts_failure_reasons(failed):
    failed(
        training_job("one", FailureReason=f"ValueError: {SECRET}"),
        training_job("two"),
        FailureReason=f"{SECRET} is wrong{ESCAPE}",
    )
    done = run("watch", "Example-1")
    overview, *lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert overview.startswith("Example-1: Failed, ")
    assert lines == [
        "tuning job Example-1 ended as Failed: (hidden) is wrong\\x1b[2J\\x1b]0;owned\\x07\\x9b31m",
        "  one: ValueError: (hidden)",
        "  two: no failure reason",
    ]


# --- order ---

JOBS = [("running", None), ("worst", 3.0), ("best", -1.0), ("nan", float("nan")), ("middle", 0.0), ("failed", None)]


@pytest.mark.parametrize(
    ("minimize", "order"),
    [
        (True, ["best", "middle", "worst", "failed", "nan", "running"]),
        (False, ["worst", "middle", "best", "failed", "nan", "running"]),
    ],
)
def test_a_list_by_objective_begins_with_the_best_and_ends_with_those_without_a_value(service, minimize, order):
    service.jobs["demo"] = described(request(minimize=minimize))
    service.training_jobs["demo"] = [training_job(name, value=value) for name, value in JOBS]
    output = json.loads(run("jobs", "demo", "--sort", "objective", "--output", "json").stdout)
    assert [job["TrainingJobName"] for job in output] == order


# --- cost ---


@pytest.mark.parametrize(
    ("count", "seconds", "instances", "expected"),
    [
        (12, 600, 1, "2.0 instance-hours (12 training jobs x 10 min x 1 instance)"),
        (1, 7200, 2, "4.0 instance-hours (1 training job x 2 h x 2 instances)"),
        (2, 90, 1, "0.1 instance-hours (2 training jobs x 90 s x 1 instance)"),
        (2, 5400, 1, "3.0 instance-hours (2 training jobs x 90 min x 1 instance)"),
        (2, 60, 1, "less than 0.1 instance-hours (2 training jobs x 1 min x 1 instance)"),
    ],
)
def test_the_cost_has_whole_units(tmp_path, count, seconds, instances, expected):
    training = hptsdk.training(
        image="a:1",
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.xlarge",
        instance_count=instances,
        volume_size_in_gb=30,
        max_runtime_in_seconds=seconds,
    ).metric("loss", "loss=([0-9.]+)")
    job = hptsdk.tuning_job("a", training, minimize="loss", max_jobs=count, max_parallel_jobs=1).integer("x", 1, 99)
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(job.build()))
    assert f"worst case: {expected}\n" in run("create", path, "--dry-run").stderr
