"""The report of a job in a browser."""

import json

import pytest
from example_job import JOBS, RATE, SCRIPT
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By

BOXES = """
return [...document.querySelectorAll(arguments[0])].map(e => {
    const box = e.getBoundingClientRect();
    return [box.width, box.height];
});
"""

# Texts outside of their picture.
CUT = """
return [...document.querySelectorAll('svg text')].filter(text => {
    const own = text.getBoundingClientRect(), all = text.closest('svg').getBoundingClientRect();
    return own.left < all.left - 1 || own.right > all.right + 1 || own.top < all.top - 1 || own.bottom > all.bottom + 1;
}).map(text => text.textContent);
"""

# Pairs of texts of one group, such as an axis, that overlap.
OVERLAPPING = """
return [...document.querySelectorAll('svg g')].flatMap(group => {
    const boxes = [...group.children].filter(e => e.tagName == 'text').map(e => [e, e.getBoundingClientRect()]);
    return boxes.flatMap(([e, a], i) => boxes.slice(i + 1).filter(([f, b]) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    ).map(([f, b]) => e.textContent + ' | ' + f.textContent));
});
"""


@pytest.fixture(scope="module")
def page(browser, job, tmp_path_factory):
    """The browser with the report of the tuning job. Logs of earlier pages are discarded."""
    path = job.report(tmp_path_factory.mktemp("page") / "report.html")
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(path.as_uri())
    return browser


@pytest.fixture(scope="module")
def ended(job):
    """The training jobs with an objective value."""
    return [s for s in job.training_jobs() if s.final_hyper_parameter_tuning_job_objective_metric]


def test_some_training_jobs_have_an_objective(ended):
    assert 0 < len(ended) < JOBS


def test_every_picture_has_a_size(page):
    boxes = page.execute_script(BOXES, "svg")
    # over time, importance, four slices, parallel coordinates, timeline
    assert len(boxes) == 8
    assert [box for box in boxes if not box[0] > 100 or not box[1] > 50] == []


def test_every_mark_has_a_size(page):
    boxes = page.execute_script(BOXES, "g.jobs > *, g.others > *, rect.bar")
    assert [box for box in boxes if not max(box) > 0] == []


def test_each_training_job_with_an_objective_is_in_each_picture(page, ended):
    groups = page.find_elements(By.CSS_SELECTOR, "g.jobs")
    counts = [len(group.find_elements(By.CSS_SELECTOR, ":scope > *")) for group in groups]
    assert counts == [*[len(ended)] * 6, JOBS]


def test_each_training_job_is_in_the_table(page):
    assert len(page.find_elements(By.CSS_SELECTOR, "tr")) == JOBS + 1


def test_scripts_in_names_are_texts(page):
    assert page.find_elements(By.CSS_SELECTOR, "script") == []
    assert SCRIPT in page.find_element(By.CSS_SELECTOR, "table").text
    assert RATE in page.find_element(By.CSS_SELECTOR, "table").text
    with pytest.raises(NoAlertPresentException):
        _ = page.switch_to.alert


def test_the_browser_logs_no_errors(page):
    assert page.get_log("browser") == []


def test_the_page_sends_no_requests(page):
    entries = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    urls = [e["params"]["request"]["url"] for e in entries if e["method"] == "Network.requestWillBeSent"]
    assert [url for url in urls if not url.endswith("/report.html")] == []
    assert page.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []


def test_no_text_is_cut_off(page):
    assert page.execute_script(CUT) == []


def test_labels_do_not_overlap(page):
    assert page.execute_script(OVERLAPPING) == []


@pytest.mark.parametrize("width", [1000, 500])
def test_the_page_is_no_wider_than_its_window(page, width):
    page.set_window_size(width, 1400)
    width_of_page, width_of_window = page.execute_script(
        "return [document.documentElement.scrollWidth, window.innerWidth]"
    )
    page.set_window_size(1000, 1400)
    assert width_of_page <= width_of_window


def test_each_picture_is_a_valid_svg_file(page, job, tmp_path):
    plots = job.plots()
    for picture in (plots.objective, plots.slices, plots.parallel, plots.importance, plots.timeline):
        path = tmp_path / "picture.svg"
        path.write_text(picture.svg, encoding="utf-8")
        page.get(path.as_uri())
        assert page.execute_script("return document.documentElement.tagName") == "svg"
        assert page.execute_script("return document.documentElement.getBBox().width") > 100
