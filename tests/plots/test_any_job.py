"""A report of any response is complete, its elements lie inside their pictures, and text is escaped."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from drawings import BEGIN, SVG, as_described, definition, described, numbers, searched, training_job
from hypothesis import given, strategies as st

import hptsdk
from hptsdk import shapes
from hptsdk.report import report_page
from hptsdk.testing import strategies

pytestmark = pytest.mark.long

VOID = {"meta", "path", "circle", "rect"}
ELEMENTS = {"svg", "g", "path", "circle", "rect", "text", "title"}
TEXTS = st.sampled_from(["<script>alert(1)</script>", "a&b", '"quoted"', "x" * 200, "\x00\x1b[31m", "\ud800", "日本"])
VALUES = st.floats() | st.just(0.5) | st.none()
STATUSES = st.sampled_from(["Completed", "Stopped", "Failed", "InProgress"])
TRIED = {
    "rate": st.floats(0.001, 1).map(str) | TEXTS,
    "layers": st.integers(1, 12).map(str),
    "kind": st.sampled_from("abc") | TEXTS,
    "momentum": st.floats(0, 0.999).map(str),
    "width": st.floats(10, 20).map(str) | st.sampled_from(["nan", "inf", "1e400", "-5"]),
}
SUMMARIES = st.lists(
    st.builds(
        lambda number, value, status, minutes, definition, tried, name: hptsdk.from_wire(
            shapes.HyperParameterTrainingJobSummary,
            hptsdk.to_wire(training_job(number, value, status=status, minutes=minutes, definition=definition, **tried))
            | ({"TrainingJobName": name} if name else {}),
        ),
        st.integers(0, 999),
        VALUES,
        STATUSES,
        st.floats(0, 1e6),
        st.sampled_from(["one", "two", "new", None]),
        st.fixed_dictionaries({}, optional=TRIED),
        TEXTS | st.none(),
    ),
    max_size=14,
)
RESPONSES = st.sampled_from([described(), described("one", "two", direction="maximize")])
SENT = st.tuples(
    strategies.responses(shapes.DescribeHyperParameterTuningJobResponse, extreme=True),
    st.lists(strategies.responses(shapes.HyperParameterTrainingJobSummary, extreme=True), max_size=4),
)
ANYTHING = st.tuples(RESPONSES, SUMMARIES)


class Balanced(HTMLParser):
    """Checks that every element is closed, and stores their names."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.tags = set()

    def handle_starttag(self, tag, _attrs):
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def pictures(page):
    """Parse each picture of a page."""
    return [ET.fromstring(text) for text in re.findall(r"<svg .*?</svg>", page)]  # noqa: S314 - our own


def points_of(node, right=0.0, down=0.0):
    """Return the positions of the elements of an element, with the translation of their groups."""
    moved = re.match(r"translate\((\S+) (\S+)\)", node.get("transform", ""))
    if moved:
        right, down = right + float(moved[1]), down + float(moved[2])
    points = list(numbers(node.get("d", "")))
    points += [(float(node.get(x)), float(node.get(y))) for x, y in (("x", "y"), ("cx", "cy")) if node.get(x)]
    yield from ((x + right, y + down) for x, y in points)
    for child in node:
        yield from points_of(child, right, down)


def outside(root):
    """Return the points of a picture that are not numbers or lie outside of it."""
    wide, high = float(root.get("width")), float(root.get("height"))
    return [(x, y) for x, y in points_of(root) if not (0 <= x <= wide and 0 <= y <= high)]


@given(ANYTHING)
def test_a_report_of_any_job_is_complete_html(drawn):
    parser = Balanced()
    page = report_page(*drawn)
    parser.feed(page)
    assert parser.open == []
    assert "script" not in parser.tags
    page.encode()


@given(SENT)
def test_a_report_of_any_response_is_complete_html(drawn):
    parser = Balanced()
    page = report_page(*drawn)
    parser.feed(page)
    assert parser.open == []
    page.encode()


@given(ANYTHING)
def test_pictures_have_only_drawing_elements(drawn):
    tags = {node.tag.removeprefix(SVG) for root in pictures(report_page(*drawn)) for node in root.iter()}
    assert tags <= ELEMENTS


@given(ANYTHING)
def test_all_elements_lie_inside_their_picture(drawn):
    assert [point for root in pictures(report_page(*drawn)) for point in outside(root)] == []


def test_the_check_finds_elements_outside_their_picture():
    root = ET.fromstring('<svg width="9" height="9"><g transform="translate(5 5)"><path d="M1 1H4V5"/></g></svg>')  # noqa: S314 - ours
    assert outside(root) == [(9, 10)]


SECRETS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=8, max_size=20).map(lambda t: f"s3c{t}")


@given(st.lists(SECRETS, min_size=2, max_size=2, unique=True))
def test_no_secret_is_in_a_report_even_if_a_failure_reason_quotes_it(secrets):
    made = definition().environment(TOKEN=secrets[0]).static(password=secrets[1])
    request = searched(hptsdk.tuning_job("demo", made, minimize="loss", max_jobs=5, max_parallel_jobs=1)).build()
    failed = hptsdk.to_wire(training_job(1, status="Failed")) | {"FailureReason": f"bad {secrets[0]}, {secrets[1]}"}
    summary = hptsdk.from_wire(shapes.HyperParameterTrainingJobSummary, failed)
    page = report_page(as_described(request), [summary])
    assert [secret for secret in secrets if secret in page] == []
    assert {"TOKEN", "password"} <= set(re.findall(r"\w+", page))


def test_five_hundred_training_jobs_take_less_than_a_megabyte():
    tried = {"rate": 0.0123456, "layers": 7, "kind": "b", "momentum": 0.123456, "width": 12.3456}
    jobs = [training_job(n, n / 7, minutes=n, **tried) for n in range(500)]
    assert len(report_page(described(), jobs).encode()) < 1_000_000


def test_five_hundred_training_jobs_at_the_same_moment_are_drawn():
    jobs = [training_job(n, 0.5, minutes=1, width=11) for n in range(500)]
    assert report_page(described(), jobs).count("<title>demo-") == 500 * 4


def test_times_are_those_of_the_training_jobs():
    summary = training_job(1, 0.5, minutes=90)
    assert summary.training_end_time == BEGIN + timedelta(minutes=90)
    assert '<td class="n" data-value="5400">90 min</td>' in report_page(described(), [summary])
