"""What a job gives to notebooks and to pandas."""

import sys

import pytest

import hptsdk
from hptsdk import plots
from hptsdk.testing import StubTransport

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:hyper-parameter-tuning-job/demo"
ENDED = {
    "HyperParameterTuningJobName": "demo",
    "HyperParameterTuningJobArn": ARN,
    "HyperParameterTuningJobStatus": "Completed",
    "TrainingJobDefinition": {},
}
TRAINING_JOB = {
    "TrainingJobName": "demo-001",
    "TrainingJobStatus": "Completed",
    "TunedHyperParameters": {"rate": "0.1"},
    "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": 0.5},
}


def job(*answers):
    return hptsdk.TuningClient(transport=StubTransport(*answers)).get("demo")


def test_a_notebook_shows_a_job_without_asking_for_it():
    assert job()._repr_html_() == "<div>Tuning job <b>demo</b></div><div>describe() shows its status</div>"


def test_a_notebook_shows_how_a_job_ended():
    found = job(ENDED | {"TrainingJobStatusCounters": {"Completed": 2}, "BestTrainingJob": TRAINING_JOB})
    found.wait()
    assert found._repr_html_() == (
        "<div>Tuning job <b>demo</b>: Completed<br>Training jobs: 2 done, 0 running"
        "<br>Best training job: demo-001, loss = 0.5"
        "<table><tr><th style='text-align:left'>rate</th><td style='text-align:left'>0.1</td></tr></table></div>"
    )


def test_a_notebook_shows_how_a_job_that_runs_was_described():
    found = job(ENDED | {"HyperParameterTuningJobStatus": "InProgress"})
    found.describe()
    html = found._repr_html_()
    assert html.startswith("<div>Tuning job <b>demo</b>: InProgress<br>")
    assert html.endswith("<div>describe() shows its current status</div>")


def test_a_notebook_shows_no_secret_of_a_job():
    definition = {"StaticHyperParameters": {"token": "hunter2"}, "Environment": {"TOKEN": "hunter2"}}
    found = job(ENDED | {"FailureReason": "hunter2", "TrainingJobDefinition": definition})
    found.describe()
    assert "hunter2" not in found._repr_html_()


def job_at(endpoint_url, monkeypatch, region_name="eu-west-1"):
    """Give a job whose client is ready to call somewhere, and has not called yet."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing-secret")
    client = hptsdk.TuningClient(region_name, endpoint_url=endpoint_url)
    client._calls.transport._client()
    return hptsdk.TuningJob(client._calls, "demo", ARN)


@pytest.mark.parametrize(
    ("region_name", "endpoint_url"),
    [
        ("eu-west-1", None),
        ("cn-north-1", None),
        ("us-gov-west-1", None),
        ("eu-west-1", "https://vpce-1.api.sagemaker.eu-west-1.vpce.amazonaws.com"),
    ],
)
def test_a_notebook_links_to_a_job_on_aws(monkeypatch, region_name, endpoint_url):
    found = job_at(endpoint_url, monkeypatch, region_name)
    assert f'href="{found.console_url}"' in found._repr_html_()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://amazonaws.com.example"])
def test_a_notebook_does_not_link_to_a_job_elsewhere(monkeypatch, url):
    assert "href" not in job_at(url, monkeypatch)._repr_html_()


def test_a_notebook_does_not_link_to_a_job_where_the_environment_says_elsewhere(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", "http://127.0.0.1:8080")
    assert "href" not in job_at(None, monkeypatch)._repr_html_()


def test_a_notebook_shows_a_job_whose_arn_is_of_another_kind(monkeypatch):
    calls = job_at(None, monkeypatch)._calls
    assert "href" not in hptsdk.TuningJob(calls, "demo", "arn")._repr_html_()


def test_a_name_with_markup_stays_text():
    found = hptsdk.TuningJob(hptsdk.TuningClient(transport=StubTransport())._calls, "<b>")
    assert "&lt;b&gt;" in found._repr_html_()


def test_plots_are_asked_for_once():
    found = job(ENDED, {"TrainingJobSummaries": [TRAINING_JOB]}).plots()
    assert isinstance(found, plots.JobPlots)
    assert repr(found) == "JobPlots(name='demo', training_jobs=1)"
    assert found.slices._repr_svg_() == found.slices.svg
    assert found.slices._repr_html_() in found._repr_html_()


def test_plots_do_not_change():
    found = job(ENDED, {"TrainingJobSummaries": [TRAINING_JOB]}).plots()
    with pytest.raises(AttributeError):
        found.objective = None
    with pytest.raises(AttributeError):
        found.slices.title = "other"


def test_pandas_that_is_broken_is_not_said_to_be_missing(monkeypatch, tmp_path):
    (tmp_path / "pandas.py").write_text("import what_pandas_needs\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    with pytest.raises(ModuleNotFoundError, match="what_pandas_needs") as raised:
        job(ENDED, {"TrainingJobSummaries": [TRAINING_JOB]}).to_dataframe()
    assert "pip install" not in str(raised.value)


def test_without_pandas_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        job(ENDED, {"TrainingJobSummaries": [TRAINING_JOB]}).to_dataframe()
