"""The page about a job."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

import hptsdk
from hptsdk.report._page import report_page
from hptsdk.testing import MemoryTransport

VOID = {"meta", "path", "circle"}


def training_job(number, value, status="Completed", **tuned):
    found = {
        "TrainingJobName": f"demo-{number:03d}",
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:training-job/demo-{number:03d}",
        "CreationTime": 1790000000.0 + number,
        "TrainingEndTime": 1790000010.0 + number,
        "TrainingJobStatus": status,
        "TunedHyperParameters": tuned,
    }
    if value is not None:
        found["FinalHyperParameterTuningJobObjectiveMetric"] = {"MetricName": "loss", "Value": value}
    return found


@pytest.fixture
def transport():
    transport = MemoryTransport()
    transport.service.training_jobs["demo"] = [
        training_job(1, 0.5, rate="0.001", kind="a<b"),
        training_job(2, 0.25, rate="1.0", kind="c"),
        training_job(3, None, "Failed", rate="0.1", kind="c") | {"FailureReason": "<script>alert(1)</script>"},
    ]
    return transport


def training():
    return (
        hptsdk.training(
            image="my-image:1",
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            output="s3://amzn-s3-demo-bucket/out/",
            instance_type="ml.m5.large",
            instance_count=1,
            volume_size_in_gb=30,
            max_runtime_in_seconds=3600,
        )
        .metric("loss", "loss=([-+0-9.eE]+)")
        .environment(LEVEL="hidden-1")
        .static(depth="hidden-2")
    )


@pytest.fixture
def job(transport):
    builder = hptsdk.tuning_job("demo", training(), minimize="loss", max_jobs=3, max_parallel_jobs=1)
    return hptsdk.TuningClient(transport=transport).create(builder.continuous("rate", 0.001, 1.0).build())


@pytest.fixture
def page(job, tmp_path):
    return job.report(tmp_path / "report.html").read_text(encoding="utf-8")


class Balanced(HTMLParser):
    """Sees that every element that begins ends."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def parsed(page):
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    return parser.seen


def test_it_is_whole(page):
    assert [tag for tag, _ in parsed(page)].count("svg") == 4


def test_each_training_job_with_an_objective_is_a_mark_in_each_picture(page):
    pictures = re.findall(r'class="jobs"[^>]*>(.*?)</g>', page)
    assert [picture.count("<title>") for picture in pictures] == [2, 2, 2, 2]


def test_what_others_wrote_stays_text(page):
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a&lt;b" in page


def test_it_needs_nothing_else(page):
    assert not [attrs for _, attrs in parsed(page) if {"src", "href"} & set(attrs)]


def test_it_names_the_settings_and_hides_what_may_be_secret(page):
    assert "LEVEL" in page
    assert "depth" in page
    assert "hidden-" not in page


def test_a_job_without_results_has_a_page_too(job, transport, tmp_path):
    transport.service.training_jobs["demo"] = []
    assert "No training job has an objective yet." in job.report(tmp_path / "x.html").read_text(encoding="utf-8")


def test_it_gives_where_it_is(job, tmp_path):
    assert job.report(str(tmp_path / "x.html")) == tmp_path / "x.html"


def test_a_value_that_never_changes_is_drawn(job, transport, tmp_path):
    transport.service.training_jobs["demo"] = [training_job(n, 0.5, rate="1") for n in range(3)]
    found = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert [picture.count("<title>") for picture in re.findall(r'class="jobs"[^>]*>(.*?)</g>', found)] == [3, 3, 3]


def cells(page):
    """Give the texts of the rows of the table of training jobs."""
    rows = re.findall(r"<tr.*?</tr>", page)
    return [[html.unescape(cell) for cell in re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row)] for row in rows]


def test_the_table_has_the_best_first_and_last_what_has_no_objective(page):
    assert [row[0] for row in cells(page)] == ["Training job", "demo-002", "demo-001", "demo-003"]


def test_the_table_tells_what_was_tried_and_why_one_failed(page):
    head, *_, failed = cells(page)
    assert head == ["Training job", "Status", "Objective", "Took", "rate", "kind", "Reason"]
    assert failed == ["demo-003", "Failed", "", "", "0.1", "c", "<script>alert(1)</script>"]


def test_categories_and_integers_are_shown_as_they_were_tried(transport, tmp_path):
    builder = hptsdk.tuning_job("demo", training(), minimize="loss", max_jobs=3, max_parallel_jobs=1)
    builder = builder.categorical("kind", ["001", "0.10", "1_000"]).integer("rows", 1, 9_000_000)
    job = hptsdk.TuningClient(transport=transport).create(builder.build())
    transport.service.training_jobs["demo"] = [
        training_job(n, n, kind=kind, rows=str(1234567 + n)) for n, kind in enumerate(["001", "0.10", "1_000"])
    ]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert [row[-2:] for row in cells(page)[1:]] == [["001", "1234567"], ["0.10", "1234568"], ["1_000", "1234569"]]
    assert "<dt>kind</dt><dd>001</dd>" in page


def test_a_number_with_many_digits_is_short_and_whole_below_the_pointer(job, transport, tmp_path):
    transport.service.training_jobs["demo"] = [training_job(1, 0.123456789, rate="0.0123456789")]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert '<td class="n" title="0.0123456789">0.0123457</td>' in page
    assert '<td class="n" title="0.123456789">0.123457</td>' in page
    assert '<dt>rate</dt><dd title="0.0123456789">0.0123457</dd>' in page
    assert '<b title="0.123456789">loss = 0.123457</b>' in page


def test_a_number_that_is_short_has_nothing_below_the_pointer(page):
    assert "title=" not in "".join(re.findall(r"<(?:td|dd|b)[^>]*>", page))


def test_the_lines_of_a_reason_stay_lines(job, transport, tmp_path):
    failed = training_job(1, None, "Failed") | {"FailureReason": "first\n  second"}
    transport.service.training_jobs["demo"] = [failed]
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert '<td class="reason">first\n  second</td>' in page
    assert re.search(r"td\.reason[^{]*{ white-space: pre-wrap", page)


def ended(transport, *training_jobs):
    transport.service.statuses["demo"] = ["Failed"]
    transport.service.training_jobs["demo"] = list(training_jobs)


def test_a_job_that_ended_with_nothing_says_so_once_above_the_reasons(job, transport, tmp_path):
    ended(transport, training_job(1, None, "Failed", rate="0.1") | {"FailureReason": "out of memory"})
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert page.count("No training job has an objective.") == 1
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Training jobs", "Request"]
    assert "out of memory" in page


def test_a_job_that_ended_before_any_training_job_does_not_say_yet(job, transport, tmp_path):
    ended(transport)
    page = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert "No training job was started." in page
    assert " yet" not in page


def test_larger_objectives_come_first_where_they_are_better(transport, tmp_path):
    builder = hptsdk.tuning_job("demo", training(), maximize="loss", max_jobs=3, max_parallel_jobs=1)
    job = hptsdk.TuningClient(transport=transport).create(builder.continuous("rate", 0.001, 1.0).build())
    found = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert [row[0] for row in cells(found)][1:] == ["demo-001", "demo-002", "demo-003"]
    assert "loss, larger is better" in found


def test_the_head_tells_how_the_job_stands(page):
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert facts["Training jobs"] == "3 of 3"
    assert facts["Their status"] == "2 Completed, 1 Failed"
    assert facts["Objective"] == "loss, smaller is better"


def test_the_best_training_job_is_told_first(page):
    assert "Best: <b>loss = 0.25</b>, demo-002" in page


def test_the_request_is_there_as_json(page):
    [text] = re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)
    request = json.loads(html.unescape(text))
    assert request["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxNumberOfTrainingJobs"] == 3
    assert request["TrainingJobDefinition"]["Environment"] == {"LEVEL": "(hidden)"}


def test_a_browser_is_told_to_load_and_run_nothing(page):
    assert "default-src 'none'; style-src 'unsafe-inline'" in html.unescape(page)


def test_what_a_failed_program_told_of_its_secrets_is_hidden(job, transport, tmp_path):
    failed = training_job(4, None, "Failed") | {"FailureReason": "no level hidden-1 at depth hidden-2"}
    transport.service.training_jobs["demo"] = [failed]
    found = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert "no level (hidden) at depth (hidden)" in found


def test_no_tooltip_tells_what_the_table_hides(job, transport, tmp_path):
    failed = training_job(4, None, "Failed") | {"FailureReason": "no level hidden-1"}
    transport.service.training_jobs["demo"] = [training_job(1, 0.5, rate="0.1"), failed]
    found = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert "demo-004: Failed, no level (hidden)" in found
    assert "hidden-1" not in found


def test_a_failed_job_tells_why(transport):
    job = hptsdk.from_wire(
        hptsdk.shapes.DescribeHyperParameterTuningJobResponse,
        {"HyperParameterTuningJobName": "demo", "FailureReason": "<b>no</b>"},
    )
    assert '<p class="Failed">&lt;b&gt;no&lt;/b&gt;</p>' in report_page(job, [])


def test_a_long_category_is_cut_in_the_table_and_whole_below_the_pointer(job, transport, tmp_path):
    transport.service.training_jobs["demo"] = [training_job(1, 0.5, kind="long" * 50)]
    found = job.report(tmp_path / "x.html").read_text(encoding="utf-8")
    assert f'<td title="{"long" * 50}">{"long" * 10}…</td>' in found
