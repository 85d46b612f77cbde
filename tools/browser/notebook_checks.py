"""A job in a Jupyter kernel."""

import nbformat
import pytest
from nbclient import NotebookClient

SETTING = """
import hptsdk
from hptsdk.testing import PretendClock, StubTransport
from xml.etree import ElementTree

def described(done, status="InProgress"):
    return {
        "HyperParameterTuningJobName": "demo",
        "HyperParameterTuningJobStatus": status,
        "HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxNumberOfTrainingJobs": 20}},
        "TrainingJobStatusCounters": {"Completed": done, "InProgress": 0},
    }

summaries = {"TrainingJobSummaries": [{
    "TrainingJobName": f"demo-{n}", "TrainingJobStatus": "Completed", "TunedHyperParameters": {"rate": str(n)},
    "TrainingEndTime": 1790000000.0 + n,
    "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": 0.5 + n},
} for n in range(3)]}
many = {"TrainingJobSummaries": [
    {**summaries["TrainingJobSummaries"][0], "TrainingJobName": f"demo-{n}", "TunedHyperParameters": {"rate": str(n)},
     "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": 0.5 + n}}
    for n in range(12)
]}

def job(*answers):
    return hptsdk.TuningClient(transport=StubTransport(*answers), clock=PretendClock()).get("demo")
"""
CELLS = {
    "waiting": "_ = job(described(0), described(9), described(20, 'Completed')).wait(progress=True)",
    "named": "_ = job(described(0), described(20, 'Completed')).wait(progress='notebook')",
    "lines": "_ = job(described(20, 'Completed')).wait(progress='lines')",
    "job": "job()",
    "plots": "job(described(3), summaries).plots()",
    "picture": "job(described(3), summaries).plots().slices",
    "importance": "job(described(12), many).plots().importance",
}


@pytest.fixture(scope="module")
def outputs():
    """Run the cells and return the outputs of each."""
    cells = [nbformat.v4.new_code_cell(text) for text in (SETTING, *CELLS.values())]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells[1:], strict=True)}


@pytest.mark.parametrize("name", ["waiting", "named"])
def test_progress_is_one_output_that_is_replaced(outputs, name):
    [output] = outputs[name]
    assert output.output_type == "display_data"
    assert '<progress value="20" max="20"' in output.data["text/html"]
    assert output.data["text/plain"] == "demo: Completed, 20 of 20 done, 0 running"


def test_lines_can_be_selected_in_a_notebook(outputs):
    [output] = outputs["lines"]
    assert (output.name, output.text) == ("stderr", "demo: Completed, 20 of 20 done, 0 running\n")


def test_a_job_is_displayed_without_a_call(outputs):
    [output] = outputs["job"]
    assert output.data["text/html"].startswith("<div>Tuning job <b>demo</b></div>")


def test_plots_are_displayed_as_pictures(outputs):
    [output] = outputs["plots"]
    assert output.data["text/html"].count("<svg") == 3
    assert "<script" not in output.data["text/html"]


def test_a_picture_is_displayed(outputs):
    [output] = outputs["picture"]
    assert output.data["image/svg+xml"].startswith("<svg")
    assert output.data["text/html"].count("<svg") == 1


def test_importance_prints_no_warnings(outputs):
    [output] = outputs["importance"]
    assert "rate" in output.data["text/html"]
