"""Results as printed text and in a cell of a notebook."""

import pickle
from datetime import UTC, datetime, timedelta

import pytest

import hptsdk
from hptsdk import shapes
from hptsdk.testing import StubTransport

BEGIN = datetime(2026, 11, 3, 12, tzinfo=UTC)
BEST = {
    "TrainingJobName": "demo-014-1a2b3c4d",
    "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/demo-014-1a2b3c4d",
    "TrainingJobStatus": "Completed",
    "CreationTime": BEGIN.timestamp(),
    "TunedHyperParameters": {"rate": "0.1", "epochs": "5", "kind": "a<b"},
    "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": 0.25},
}
ENDED = {
    "HyperParameterTuningJobName": "demo",
    "HyperParameterTuningJobArn": "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/demo",
    "HyperParameterTuningJobStatus": "Stopped",
    "HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxNumberOfTrainingJobs": 50}},
    "CreationTime": BEGIN.timestamp(),
    "HyperParameterTuningEndTime": (BEGIN + timedelta(seconds=83)).timestamp(),
    "TrainingJobStatusCounters": {"Completed": 14, "Stopped": 16},
    "TrainingJobDefinition": {"StaticHyperParameters": {"token": "hunter2"}, "Environment": {"TOKEN": "hunter2"}},
    "BestTrainingJob": BEST,
}


def training_job(**further):
    return hptsdk.from_wire(shapes.HyperParameterTrainingJobSummary, BEST | further)


def tuning_job(**further):
    return hptsdk.from_wire(shapes.DescribeHyperParameterTuningJobResponse, ENDED | further)


# --- a training job ---


def test_the_best_training_job_prints_as_a_few_lines():
    best = hptsdk.TuningClient(transport=StubTransport(ENDED)).get("demo").best
    assert str(best) == (
        "Training job demo-014-1a2b3c4d: Completed\nObjective: loss = 0.25\n  rate = 0.1\n  epochs = 5\n  kind = a<b"
    )


def test_a_notebook_shows_the_tuned_values_of_a_training_job():
    html = training_job()._repr_html_()
    assert html.startswith("<div>Training job <b>demo-014-1a2b3c4d</b>: Completed<br>Objective: loss = 0.25<table>")
    assert "<th style='text-align:left'>epochs</th><td style='text-align:left'>5</td>" in html
    assert "a&lt;b" in html


def test_the_repr_of_a_training_job_is_code():
    best = training_job()
    assert repr(best).startswith("HyperParameterTrainingJobSummary(training_job_name='demo-014-1a2b3c4d', ")


def test_a_training_job_without_an_objective_value_prints_its_hyperparameters():
    job = training_job(FinalHyperParameterTuningJobObjectiveMetric=None, TrainingJobStatus="InProgress")
    assert str(job).splitlines()[:2] == ["Training job demo-014-1a2b3c4d: InProgress", "  rate = 0.1"]


def test_the_failure_reason_is_mentioned_and_not_quoted():
    job = training_job(FailureReason="bad token hunter2")
    assert "Failure reason: in the attribute failure_reason" in str(job)
    assert "hunter2" not in str(job) + job._repr_html_()


def test_a_table_shows_tuned_values():
    page = hptsdk.from_wire(shapes.ListTrainingJobsForHyperParameterTuningJobResponse, {"TrainingJobSummaries": [BEST]})
    assert "<div>epochs = 5</div>" in page._repr_html_()


TRAINING_JOB = {"HyperParameters": {"rate": "0.1", "epochs": "5", "kind": "a<b", "token": "hunter2"}}


def best_training_job(**further):
    stub = StubTransport(ENDED, {**TRAINING_JOB, **further})
    return hptsdk.TuningClient(transport=stub).get("demo").best_training_job()


def test_a_notebook_shows_the_tuned_values_of_the_best_training_job_and_no_static_ones():
    html = best_training_job()._repr_html_()
    assert "<div>rate = 0.1</div><div>epochs = 5</div><div>kind = a&lt;b</div>" in html
    assert "<div>token = text of 7 characters</div>" in html


def test_an_environment_variable_with_the_name_of_a_tuned_hyperparameter_is_redacted():
    assert "hunter2" not in best_training_job(Environment={"rate": "hunter2"})._repr_html_()


@pytest.mark.parametrize("form", ["hunter2", ["hunter2"], {"rate": "hunter2"}, {"rate": ["hunter2"]}], ids=repr)
def test_a_value_other_than_the_tuned_one_is_redacted(form):
    assert "hunter2" not in best_training_job(HyperParameters=form)._repr_html_()


def test_a_pickled_training_job_does_not_show_its_hyperparameters():
    copied = pickle.loads(pickle.dumps(best_training_job()))  # noqa: S301 - our own
    assert copied == best_training_job()
    assert "a&lt;b" not in copied._repr_html_()


# --- a tuning job ---


def test_a_tuning_job_prints_as_a_few_lines():
    response = hptsdk.TuningClient(transport=StubTransport(ENDED)).get("demo").wait()
    assert str(response) == (
        "Tuning job demo: Stopped\n"
        "Training jobs: 30 of at most 50 ended (14 completed, 16 stopped), 0 running\n"
        "Running time: 1:23\n"
        "Best training job: demo-014-1a2b3c4d, loss = 0.25\n"
        "  rate = 0.1\n"
        "  epochs = 5\n"
        "  kind = a<b"
    )


def test_a_notebook_shows_a_tuning_job_in_a_few_lines():
    html = tuning_job()._repr_html_()
    assert html.startswith(
        "<div>Tuning job <b>demo</b>: Stopped<br>Training jobs: 30 of at most 50 ended (14 completed, "
    )
    assert "<br>Best training job: demo-014-1a2b3c4d, loss = 0.25<table>" in html


def test_the_repr_of_a_tuning_job_is_code():
    assert repr(tuning_job()).startswith("DescribeHyperParameterTuningJobResponse(hyper_parameter_tuning_job_name=")


def test_a_tuning_job_without_a_best_training_job_has_no_line_for_it():
    assert "Best" not in str(tuning_job(BestTrainingJob=None))


def test_the_running_time_in_the_response_is_preferred():
    assert "Running time: 1:00" in str(tuning_job(ConsumedResources={"RuntimeInSeconds": 60}))


def test_static_hyperparameters_and_the_environment_are_redacted():
    response = tuning_job(FailureReason="hunter2")
    assert "hunter2" not in str(response) + response._repr_html_()


@pytest.mark.parametrize("place", ["HyperParameterTuningJobName", "HyperParameterTuningJobStatus", "BestTrainingJob"])
@pytest.mark.parametrize("value", [{"Environment": {"TOKEN": "hunter2"}}, [["hunter2"]]], ids=["structure", "list"])
def test_a_value_of_a_wrong_type_is_redacted(place, value):
    response = tuning_job(**{place: value})
    assert "hunter2" not in str(response) + response._repr_html_()


def test_printed_text_has_no_escape_characters():
    assert "\x1b" not in str(training_job(TunedHyperParameters={"\x1b[2J": "\x1b[2J"}))
