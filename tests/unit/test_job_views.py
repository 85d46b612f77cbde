"""A job in notebooks and in pandas."""

import json
import sys

import botocore.session
import pytest
from http_responses import http_response
from sample_requests import tuning_job

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


def job(*responses):
    return hptsdk.TuningClient(transport=StubTransport(*responses)).get("demo")


def test_a_notebook_shows_a_job_without_a_call():
    assert job()._repr_html_() == "<div>Tuning job <b>demo</b></div><div>describe() shows its status</div>"


def test_a_notebook_shows_the_final_status_of_a_job():
    handle = job(ENDED | {"TrainingJobStatusCounters": {"Completed": 2}, "BestTrainingJob": TRAINING_JOB})
    handle.wait()
    assert handle._repr_html_() == (
        "<div>Tuning job <b>demo</b>: Completed<br>Training jobs: 2 done, 0 running"
        "<br>Best training job: demo-001, loss = 0.5"
        "<table><tr><th style='text-align:left'>rate</th><td style='text-align:left'>0.1</td></tr></table></div>"
    )


def test_a_notebook_shows_the_last_status_of_a_running_job():
    handle = job(ENDED | {"HyperParameterTuningJobStatus": "InProgress"})
    handle.describe()
    html = handle._repr_html_()
    assert html.startswith("<div>Tuning job <b>demo</b>: InProgress<br>")
    assert html.endswith("<div>describe() shows its current status</div>")


def test_a_notebook_shows_no_secret_of_a_job():
    definition = {"StaticHyperParameters": {"token": "hunter2"}, "Environment": {"TOKEN": "hunter2"}}
    handle = job(ENDED | {"FailureReason": "hunter2", "TrainingJobDefinition": definition})
    handle.describe()
    assert "hunter2" not in handle._repr_html_()


def job_at(endpoint_url, region_name="eu-west-1"):
    """Return a job with its ARN, whose client has an endpoint."""
    session = botocore.session.Session()
    session.set_credentials("testing", "testing-secret")
    session.register("before-send.sagemaker", lambda **_: http_response(json.dumps(ENDED).encode()))
    handle = hptsdk.TuningClient(region_name, session=session, endpoint_url=endpoint_url).get("demo")
    assert handle.arn == ARN
    return handle


@pytest.mark.parametrize(
    ("region_name", "endpoint_url"),
    [
        ("eu-west-1", None),
        ("cn-north-1", None),
        ("us-gov-west-1", None),
        ("eu-west-1", "https://vpce-1.api.sagemaker.eu-west-1.vpce.amazonaws.com"),
    ],
)
def test_a_notebook_links_to_a_job_on_aws(region_name, endpoint_url):
    handle = job_at(endpoint_url, region_name)
    assert f'href="{handle.console_url}"' in handle._repr_html_()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://amazonaws.com.example"])
def test_a_notebook_does_not_link_to_a_job_elsewhere(url):
    assert "href" not in job_at(url)._repr_html_()


def test_a_notebook_does_not_link_to_a_job_if_the_environment_has_another_endpoint(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", "http://127.0.0.1:8080")
    assert "href" not in job_at(None)._repr_html_()


def test_a_name_with_markup_is_escaped():
    client = hptsdk.TuningClient(transport=StubTransport({"HyperParameterTuningJobArn": ARN.replace("demo", "<b>")}))
    request = tuning_job().continuous("lr", 0.001, 0.1).build()
    handle = client.create(request, extra_body={"HyperParameterTuningJobName": "<b>"})
    assert "&lt;b&gt;" in handle._repr_html_()


@pytest.mark.parametrize("method", ["logs", "plots", "report", "to_dataframe", "training_jobs", "wait"])
def test_an_unknown_argument_is_reported_with_the_name_of_the_public_class(method):
    job = hptsdk.TuningClient(transport=StubTransport()).get("demo")
    with pytest.raises(TypeError, match=rf"^TuningJob\.{method}\(\) got an unexpected keyword argument 'zz'$"):
        getattr(job, method)(zz=1)


def test_plots_make_their_calls_once():
    job_plots = job(ENDED, {"TrainingJobSummaries": [TRAINING_JOB]}).plots()
    assert isinstance(job_plots, plots.JobPlots)
    assert repr(job_plots) == "JobPlots(name='demo', training_jobs=1)"
    assert job_plots.slices._repr_svg_() == job_plots.slices.svg
    assert job_plots.slices._repr_html_() in job_plots._repr_html_()


def test_plots_do_not_change():
    job_plots = job(ENDED, {"TrainingJobSummaries": [TRAINING_JOB]}).plots()
    with pytest.raises(AttributeError):
        job_plots.objective = None
    with pytest.raises(AttributeError):
        job_plots.slices.title = "other"


def test_a_broken_pandas_is_not_reported_as_missing(monkeypatch, tmp_path):
    (tmp_path / "pandas.py").write_text("import what_pandas_needs\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    with pytest.raises(ModuleNotFoundError, match="what_pandas_needs") as raised:
        job(ENDED, {"TrainingJobSummaries": [TRAINING_JOB]}).to_dataframe()
    assert "pip install" not in str(raised.value)


def test_a_missing_pandas_is_reported_with_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        job(ENDED, {"TrainingJobSummaries": [TRAINING_JOB]}).to_dataframe()
