"""Text from other sources: no control characters reach the terminal, and secrets are redacted."""

import io
import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from command_line import run
from rich.console import Console

import hptsdk
from hptsdk import shapes, wire
from hptsdk.cli._output import print_message
from hptsdk.cli._tables import job_table, json_list, overview, tuning_jobs_table
from hptsdk.cli._training_jobs import sorted_training_jobs, training_jobs_table, watch_job
from hptsdk.progress import printable
from hptsdk.testing import StubTransport
from hptsdk.transport import redaction_of

ESCAPE = "\x1b[2J\x1b]0;owned\x07\x9b31m"
SECRET = "hunter2-and-more"  # noqa: S105 - made up
NOW = datetime(2026, 11, 25, tzinfo=UTC)
COUNTERS = {"Completed": 1, "InProgress": 0, "RetryableError": 0, "NonRetryableError": 1, "Stopped": 0}
ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/example-1"


def training_job(name="a", *, value=None, **members):
    document = {
        "TrainingJobName": name,
        "TrainingJobArn": ARN,
        "CreationTime": NOW,
        "TrainingJobStatus": "Failed",
        "TunedHyperParameters": {"eta": "0.1"},
    }
    if value is not None:
        document["FinalHyperParameterTuningJobObjectiveMetric"] = {"MetricName": "loss", "Value": value}
    return wire.from_wire(shapes.HyperParameterTrainingJobSummary, document | members)


def described(request, **members):
    document = hptsdk.to_wire(request) | {
        "HyperParameterTuningJobArn": ARN,
        "HyperParameterTuningJobStatus": "Failed",
        "CreationTime": NOW,
        "TrainingJobStatusCounters": COUNTERS,
        "ObjectiveStatusCounters": {"Succeeded": 1, "Pending": 0, "Failed": 0},
    }
    return wire.from_wire(shapes.DescribeHyperParameterTuningJobResponse, document | members)


def tuning_job(**members):
    document = {
        "HyperParameterTuningJobName": "a",
        "HyperParameterTuningJobArn": ARN,
        "HyperParameterTuningJobStatus": "Failed",
        "Strategy": "Random",
        "CreationTime": NOW,
        "TrainingJobStatusCounters": COUNTERS,
        "ObjectiveStatusCounters": {"Succeeded": 1, "Pending": 0, "Failed": 0},
    }
    return wire.from_wire(shapes.HyperParameterTuningJobSummary, document | members)


@pytest.fixture
def with_secret(training):
    return (
        hptsdk.tuning_job(
            "Example-1", training.environment(TOKEN=SECRET), minimize="loss", max_jobs=2, max_parallel_jobs=1
        )
        .continuous("eta", 0.1, 1.0)
        .build()
    )


def shown(what, *, colours=None):
    """Return the output in a terminal."""
    console = Console(file=io.StringIO(), force_terminal=True, color_system=colours, width=300, highlight=False)
    console.print(what)
    return console.file.getvalue()


TABLES = {
    "jobs": lambda text, request: training_jobs_table(
        [training_job(text, TrainingJobStatus=text, FailureReason=text, TunedHyperParameters={text: text})],
        redaction_of(described(request)),
    ),
    "list": lambda text, _: tuning_jobs_table(
        [tuning_job(HyperParameterTuningJobName=text, HyperParameterTuningJobStatus=text, Strategy=text)]
    ),
    "describe": lambda text, request: job_table(
        described(
            request,
            HyperParameterTuningJobName=text,
            HyperParameterTuningJobStatus=text,
            FailureReason=text,
            BestTrainingJob=hptsdk.to_wire(training_job(text, TunedHyperParameters={text: text})),
        )
    ),
    "watch": lambda text, request: overview(
        described(request, HyperParameterTuningJobName=text, HyperParameterTuningJobStatus=text)
    ),
}
EACH = pytest.mark.parametrize("table", TABLES)


@EACH
def test_no_control_character_reaches_the_terminal(table, request_of_one):
    output = shown(TABLES[table](f"a{ESCAPE}b", request_of_one))
    assert "a\ufffd[2J" in output
    assert [letter for letter in output if not letter.isprintable() and letter != "\n"] == []


@EACH
def test_rich_markup_in_a_text_is_shown_as_text(table, request_of_one):
    assert "[bold]a[/] [/red] \\[x]" in shown(TABLES[table]("[bold]a[/] [/red] \\[x]", request_of_one))


@EACH
def test_a_status_has_its_colour(table, request_of_one):
    assert "\x1b[31mFailed\x1b[0m" in shown(TABLES[table]("Failed", request_of_one), colours="standard")


def test_a_message_has_no_control_characters(capsys):
    print_message(f"a{ESCAPE}\nb")
    assert capsys.readouterr().err == "a\ufffd[2J\ufffd]0;owned\ufffd\ufffd31m\nb\n"


def test_every_whitespace_character_is_a_space():
    assert printable("a\tb\r\nc\u3000d") == "a b  c d"


# --- secrets ---


def test_jobs_redacts_failure_reasons(with_secret):
    job = training_job(FailureReason=f"ValueError: {SECRET}")
    output = shown(training_jobs_table([job], redaction_of(described(with_secret))))
    assert "ValueError: (hidden)" in output
    assert SECRET not in output


def test_a_reason_is_redacted_before_it_is_cut(with_secret):
    job = training_job(FailureReason="x" * 70 + SECRET)
    assert SECRET[:8] not in shown(training_jobs_table([job], redaction_of(described(with_secret))))


def test_jobs_as_json_redacts_failure_reasons(with_secret):
    job = training_job(FailureReason=f"ValueError: {SECRET}")
    output = json.loads(json_list([job], redaction_of(described(with_secret))))
    assert output[0]["FailureReason"] == "ValueError: (hidden)"


def test_describe_redacts_the_failure_reason(with_secret):
    output = shown(job_table(described(with_secret, FailureReason=f"first\nValueError: {SECRET}")))
    assert "ValueError: (hidden)" in output
    assert SECRET not in output


def test_describe_shows_the_hyperparameters_of_the_best_training_job(with_secret):
    best = hptsdk.to_wire(training_job(value=0.5))
    assert "0.1" in shown(job_table(described(with_secret, BestTrainingJob=best, FailureReason="eta of 0.1")))


def test_watch_redacts_failure_reasons(with_secret, capsys):
    failed = [training_job("one", FailureReason=f"ValueError: {SECRET}"), training_job("two")]
    stub = StubTransport(
        hptsdk.to_wire(described(with_secret, FailureReason=f"{SECRET} is wrong{ESCAPE}")),
        {"TrainingJobSummaries": [hptsdk.to_wire(job) for job in failed]},
    )
    assert watch_job(hptsdk.TuningClient(transport=stub).get("Example-1"), 0.1) == "Failed"
    overview, *lines = capsys.readouterr().out.splitlines()
    assert overview.startswith("Example-1: Failed, ")
    assert lines == [
        "tuning job Example-1 ended as Failed: (hidden) is wrong\\x1b[2J\\x1b]0;owned\\x07\\x9b31m",
        "  one: ValueError: (hidden)",
        "  two: no failure reason",
    ]


# --- order ---


def names_by_objective(jobs, request):
    job = SimpleNamespace(training_jobs=lambda **_: iter(jobs))
    return [summary.training_job_name for summary in sorted_training_jobs(job, described(request), "objective")]


JOBS = [("running", None), ("worst", 3.0), ("best", -1.0), ("nan", float("nan")), ("middle", 0.0), ("failed", None)]


def test_a_list_by_objective_begins_with_the_best_and_ends_with_those_without_a_value(request_of_one):
    jobs = [training_job(name, value=value) for name, value in JOBS]
    assert names_by_objective(jobs, request_of_one) == ["best", "middle", "worst", "running", "nan", "failed"]


def test_a_list_by_objective_begins_with_the_largest_if_it_is_maximized(training):
    request = hptsdk.tuning_job("a", training, maximize="loss", max_jobs=2, max_parallel_jobs=1).integer("x", 1, 2)
    jobs = [training_job(name, value=value) for name, value in JOBS]
    assert names_by_objective(jobs, request.build()) == ["worst", "middle", "best", "running", "nan", "failed"]


# --- cost ---


@pytest.mark.parametrize(
    ("count", "seconds", "instances", "expected"),
    [
        (12, 600, 1, "2.0 instance-hours (12 training jobs x 10 min x 1 instance)"),
        (1, 7200, 2, "4.0 instance-hours (1 training job x 2 h x 2 instances)"),
        (2, 90, 1, "0.1 instance-hours (2 training jobs x 90 s x 1 instance)"),
        (2, 5400, 1, "3.0 instance-hours (2 training jobs x 90 min x 1 instance)"),
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
