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
    assert job()._repr_html_() == "<div>Tuning job <b>demo</b></div>"


def test_a_notebook_shows_how_a_job_ended_and_where_it_is():
    found = job(ENDED)
    _ = found.arn
    shown = found._repr_html_()
    assert ": Completed" in shown
    assert f'href="{found.console_url}"' in shown


def test_a_notebook_shows_a_job_whose_arn_is_of_another_kind():
    found = job(ENDED | {"HyperParameterTuningJobArn": "arn"})
    assert found.arn == "arn"
    assert "href" not in found._repr_html_()


def test_a_name_with_markup_stays_text():
    found = hptsdk.TuningJob(hptsdk.TuningClient(transport=StubTransport()), "<b>")
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
