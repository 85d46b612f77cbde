"""The HTML report about a job."""

import html
import json
import re
import time
from html.parser import HTMLParser

import pytest
from sample_requests import training, tuning_job

import hptsdk
from hptsdk import from_wire, shapes
from hptsdk.report import job_results, report_page
from hptsdk.testing import MemoryTransport

VOID = {"meta", "path", "circle"}


def training_job(number, value, status="Completed", **tuned):
    document = {
        "TrainingJobName": f"demo-{number:03d}",
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:training-job/demo-{number:03d}",
        "CreationTime": 1790000000.0 + number,
        "TrainingEndTime": 1790000010.0 + number,
        "TrainingJobStatus": status,
        "TunedHyperParameters": tuned,
    }
    if value is not None:
        document["FinalHyperParameterTuningJobObjectiveMetric"] = {"MetricName": "loss", "Value": value}
    return document


@pytest.fixture
def transport():
    transport = MemoryTransport()
    transport.service.training_jobs["demo"] = [
        training_job(1, 0.5, rate="0.001", kind="a<b"),
        training_job(2, 0.25, rate="1.0", kind="c"),
        training_job(3, None, "Failed", rate="0.1", kind="c") | {"FailureReason": "<script>alert(1)</script>"},
    ]
    return transport


def definition():
    return training().environment(LEVEL="hidden-1").static(depth="hidden-2")


@pytest.fixture
def job(transport):
    builder = tuning_job("demo", definition(), max_jobs=3)
    return hptsdk.TuningClient(transport=transport).create(builder.continuous("rate", 0.001, 1.0).build())


@pytest.fixture
def page(job, tmp_path):
    return job.report(tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_time_for_a_report_is_proportional_to_the_number_of_training_jobs(job, transport):
    summaries = [
        from_wire(
            shapes.HyperParameterTrainingJobSummary,
            training_job(number, number % 97 / 97, rate=f"{number % 89 / 89:.4f}", kind="abc"[number % 3]),
        )
        for number in range(10_000)
    ]
    response, seconds = job.describe(), []
    report_page(response, summaries[:1000])  # imports Optuna
    for count in (1000, 10_000):
        begin = time.process_time()
        page = report_page(response, summaries[:count])
        seconds.append(time.process_time() - begin)
    assert "measured with 1000 of 10000 training jobs" in page
    assert seconds[1] < 15 * seconds[0]


class Balanced(HTMLParser):
    """Checks that every element is closed."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.elements = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def parsed(page):
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    return parser.elements


def test_a_report_is_complete_html(page):
    assert [tag for tag, _ in parsed(page)].count("svg") == 5


def test_each_training_job_with_an_objective_has_a_mark_in_each_picture(page):
    pictures = re.findall(r'class="jobs"[^>]*>(.*?)</g>', page)
    assert [picture.count("<title>") for picture in pictures] == [2, 2, 2, 2, 3]


def test_text_of_a_response_is_escaped(page):
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a&lt;b" in page


def test_a_report_refers_to_no_other_file(page):
    assert not [attrs for _, attrs in parsed(page) if {"src", "href"} & set(attrs)]


def test_a_report_has_the_request_without_secrets(page):
    assert "LEVEL" in page
    assert "depth" in page
    assert "hidden-" not in page


def test_a_job_without_results_has_a_report(job, transport, tmp_path):
    transport.service.training_jobs["demo"] = []
    assert "No training job has an objective value yet." in job.report(tmp_path / "x.html").read_text(encoding="utf-8")


def test_report_returns_the_path(job, tmp_path):
    assert job.report(str(tmp_path / "x.html")) == tmp_path / "x.html"


def test_a_constant_value_is_drawn(job, transport, tmp_path):
    transport.service.training_jobs["demo"] = [training_job(n, 0.5, rate="1") for n in range(3)]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert [picture.count("<title>") for picture in re.findall(r'class="jobs"[^>]*>(.*?)</g>', page)] == [3, 3, 3, 3]


def cells(page):
    """Return the texts of the table of training jobs, by row."""
    rows = re.findall(r"<tr.*?</tr>", page)
    return [[html.unescape(cell) for cell in re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row)] for row in rows]


def test_the_table_is_sorted_by_objective_with_missing_values_last(page):
    assert [row[0] for row in cells(page)] == ["Training job", "demo-002", "demo-001", "demo-003"]


def test_the_table_has_hyperparameters_and_failure_reasons(page):
    head, *_, failed = cells(page)
    assert head == ["Training job", "Status", "Objective", "Took", "rate", "kind", "Reason"]
    assert failed == ["demo-003", "Failed", "", "", "0.1", "c", "<script>alert(1)</script>"]


def test_categories_and_integers_are_shown_unchanged(transport, tmp_path):
    builder = tuning_job("demo", definition(), max_jobs=3)
    builder = builder.categorical("kind", ["001", "0.10", "1_000"]).integer("rows", 1, 9_000_000)
    job = hptsdk.TuningClient(transport=transport).create(builder.build())
    transport.service.training_jobs["demo"] = [
        training_job(n, n, kind=kind, rows=str(1234567 + n)) for n, kind in enumerate(["001", "0.10", "1_000"])
    ]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert [row[-2:] for row in cells(page)[1:]] == [["001", "1234567"], ["0.10", "1234568"], ["1_000", "1234569"]]
    assert "<dt>kind</dt><dd>001</dd>" in page


def test_a_number_with_many_digits_is_shortened_and_complete_in_its_tooltip(job, transport, tmp_path):
    transport.service.training_jobs["demo"] = [training_job(1, 0.123456789, rate="0.0123456789")]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert '<td class="n" title="0.0123456789">0.0123457</td>' in page
    assert '<td class="n" title="0.123456789">0.123457</td>' in page
    assert '<dt>rate</dt><dd title="0.0123456789">0.0123457</dd>' in page
    assert '<b title="0.123456789">loss = 0.123457</b>' in page


def test_a_short_number_has_no_tooltip(page):
    assert "title=" not in "".join(re.findall(r"<(?:td|dd|b)[^>]*>", page))


def test_the_line_breaks_of_a_failure_reason_are_shown(job, transport, tmp_path):
    failed = training_job(1, None, "Failed") | {"FailureReason": "first\n  second"}
    transport.service.training_jobs["demo"] = [failed]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert '<td class="reason">first\n  second</td>' in page
    assert re.search(r"td\.reason[^{]*{ white-space: pre-wrap", page)


def ended(transport, *training_jobs):
    transport.service.statuses["demo"] = ["Failed"]
    transport.service.training_jobs["demo"] = list(training_jobs)


def test_a_job_that_ended_without_objectives_says_so_once(job, transport, tmp_path):
    ended(transport, training_job(1, None, "Failed", rate="0.1") | {"FailureReason": "out of memory"})
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert page.count("No training job has an objective value.") == 1
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Training jobs over time", "Training jobs", "Request"]
    assert "out of memory" in page


def test_a_job_that_ended_before_any_training_job_says_that_none_was_started(job, transport, tmp_path):
    ended(transport)
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert "No training job was started." in page
    assert " yet" not in page


def test_larger_objectives_come_first_if_they_are_better(transport, tmp_path):
    gaining = definition().metric("gain", "gain=([-+0-9.eE]+)")
    builder = hptsdk.tuning_job("demo", gaining, maximize="gain", max_jobs=3, max_parallel_jobs=1)
    job = hptsdk.TuningClient(transport=transport).create(builder.continuous("rate", 0.001, 1.0).build())
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert [row[0] for row in cells(page)][1:] == ["demo-001", "demo-002", "demo-003"]
    assert "gain, larger is better" in page


def test_the_head_has_the_facts_about_the_job(page):
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert facts["Training jobs"] == "3 of 3"
    assert facts["Their status"] == "2 Completed, 1 Failed"
    assert facts["Objective"] == "loss, smaller is better"


def test_the_best_training_job_comes_first(page):
    assert "Best: <b>loss = 0.25</b>, demo-002" in page


def test_the_report_has_the_request_as_json(page):
    [text] = re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)
    request = json.loads(html.unescape(text))
    assert request["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxNumberOfTrainingJobs"] == 3
    assert request["TrainingJobDefinition"]["Environment"] == {"LEVEL": "(hidden)"}


def test_the_content_security_policy_forbids_loading_and_scripts(page):
    assert "default-src 'none'; style-src 'unsafe-inline'" in html.unescape(page)


def test_secrets_in_failure_reasons_are_redacted(job, transport, tmp_path):
    failed = training_job(4, None, "Failed") | {"FailureReason": "no level hidden-1 at depth hidden-2"}
    transport.service.training_jobs["demo"] = [failed]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert "no level (hidden) at depth (hidden)" in page


def test_tooltips_show_no_secrets(job, transport, tmp_path):
    failed = training_job(4, None, "Failed") | {"FailureReason": "no level hidden-1"}
    transport.service.training_jobs["demo"] = [training_job(1, 0.5, rate="0.1"), failed]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert "demo-004: Failed, no level (hidden)" in page
    assert "hidden-1" not in page


def test_the_report_of_a_failed_job_has_its_failure_reason(transport):
    job = hptsdk.from_wire(
        hptsdk.shapes.DescribeHyperParameterTuningJobResponse,
        {"HyperParameterTuningJobName": "demo", "FailureReason": "<b>no</b>"},
    )
    assert '<p class="Failed">&lt;b&gt;no&lt;/b&gt;</p>' in report_page(job, [])


def test_a_long_category_is_cut_in_the_table_and_complete_in_its_tooltip(job, transport, tmp_path):
    transport.service.training_jobs["demo"] = [training_job(1, 0.5, kind="long" * 50)]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert f'<td title="{"long" * 50}">{"long" * 10}…</td>' in page


def test_the_objective_and_the_ranges_of_a_single_definition_are_used():
    rate = {"Name": "rate", "MinValue": "0", "MaxValue": "1"}
    definition = {
        "DefinitionName": "only",
        "TuningObjective": {"Type": "Maximize", "MetricName": "auc"},
        "HyperParameterRanges": {"ContinuousParameterRanges": [rate]},
    }
    response = hptsdk.from_wire(
        hptsdk.shapes.DescribeHyperParameterTuningJobResponse, {"TrainingJobDefinition": definition}
    )
    [part] = job_results(response, []).definitions
    assert (part.metric, part.minimizes) == ("auc", False)
    assert [parameter.high for parameter in part.parameters] == [1.0]


def ranges_of(high):
    return {"ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0", "MaxValue": high}]}


def test_the_objective_and_the_ranges_of_the_job_are_used_before_those_of_a_single_definition():
    members = {
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "auc"},
            "ParameterRanges": ranges_of("2"),
        },
        "TrainingJobDefinition": {
            "TuningObjective": {"Type": "Minimize", "MetricName": "loss"},
            "HyperParameterRanges": ranges_of("1"),
        },
    }
    [part] = job_results(
        hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, members), []
    ).definitions
    assert (part.metric, part.minimizes, [parameter.high for parameter in part.parameters]) == ("auc", False, [2.0])


def test_empty_ranges_of_the_job_are_not_used():
    members = {
        "HyperParameterTuningJobConfig": {"Strategy": "Random", "ParameterRanges": {}},
        "TrainingJobDefinition": {"HyperParameterRanges": ranges_of("1")},
    }
    [part] = job_results(
        hptsdk.from_wire(hptsdk.shapes.DescribeHyperParameterTuningJobResponse, members), []
    ).definitions
    assert [parameter.high for parameter in part.parameters] == [1.0]
