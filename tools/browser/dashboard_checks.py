"""The dashboard in a browser, while tuning jobs of a local service run."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from example_job import SCRIPT
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

import hptsdk
from hptsdk.local import LocalService, Program

MANY = 500
IMAGE = "my-image:1"
PROGRAM = """
import json, os, time
rate = float(json.loads(os.environ["SM_HPS"])["rate"])
for epoch in range(5):
    print(f"<b>epoch</b> {epoch} loss={rate + 1 / (1 + epoch):.4f}", flush=True)
    time.sleep(0.1)
"""


def request(name, jobs, parallel=2):
    training = hptsdk.training(
        image=IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.large",
        instance_count=1,
        volume_size_in_gb=30,
        max_runtime_in_seconds=60,
    ).metric("loss", "loss=([-+0-9.eE]+)")
    builder = hptsdk.tuning_job(name, training, minimize="loss", max_jobs=jobs, max_parallel_jobs=parallel)
    return builder.continuous("rate", 0.01, 1.0).categorical("kind", ["plain", SCRIPT]).random(random_seed=7).build()


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("dashboard") / "runs"


@pytest.fixture(scope="module")
def service(root):
    program = Program(command=[sys.executable, "-c", PROGRAM], arguments="none")
    with LocalService(root, images={IMAGE: program}) as service:
        yield service


@pytest.fixture(scope="module")
def link(service, root):
    """The URL of a running dashboard."""
    command = [str(Path(sys.executable).parent / "hptsdk"), "dashboard", "--local", str(root), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().split()[1]
        process.terminate()


@pytest.fixture
def page(browser, link):
    """A function that opens the page of a tuning job, or the list of tuning jobs, in the browser."""

    def open_page(job=""):
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(link.replace("/?", f"/{job}?"))
        return browser

    return open_page


def wait_for(browser, condition, seconds=60):
    return WebDriverWait(browser, seconds).until(lambda _: condition())


def texts(browser, selector):
    """Return the texts of elements, read in one call, because the page replaces the elements."""
    return browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map(element => element.textContent)", selector
    )


def test_the_page_of_a_running_job_is_updated_until_it_ends(service, page):
    job = service.client().create(request("updated", 8))
    browser = page("updated")
    first = len(texts(browser, "tr"))
    job.wait(timeout=60, poll=0.2)
    wait_for(browser, lambda: "Completed" in texts(browser, "main > p"))
    assert len(texts(browser, "tr")) == 9 > first
    assert {"Objective over time", "Learning curves", "Training jobs over time"} <= set(texts(browser, "h2"))
    assert browser.get_log("browser") == []


def test_the_log_is_shown_as_text(service, page):
    service.client().create(request("logged", 2)).wait(timeout=60, poll=0.2)
    browser = page("logged")
    wait_for(browser, lambda: "".join(texts(browser, "#log")).count("<b>epoch</b> 4") == 2)
    assert browser.find_elements(By.CSS_SELECTOR, "#log b") == []


def test_the_table_is_sorted_and_filtered_also_after_an_update(service, page):
    job = service.client().create(request("sorted", 8))
    browser = page("sorted")
    wait_for(browser, lambda: len(texts(browser, "tr")) > 2)
    column = texts(browser, "th").index("rate") + 1
    browser.execute_script("document.querySelector(`th:nth-child(${arguments[0]})`).click()", column)
    job.wait(timeout=60, poll=0.2)
    wait_for(browser, lambda: len(texts(browser, "tr")) == 9)
    rates = [float(text) for text in texts(browser, f"td:nth-child({column})")]
    assert rates == sorted(rates)
    browser.find_element(By.ID, "filter").send_keys("script")
    shown = texts(browser, "tr:not([hidden])")[1:]  # without the head
    assert shown == [text for text in texts(browser, "tr") if SCRIPT in text]
    assert 0 < len(shown) < 8


def test_a_script_in_a_value_does_not_run(service, page):
    service.client().create(request("markup", 4)).wait(timeout=60, poll=0.2)
    browser = page("markup")
    wait_for(browser, lambda: SCRIPT in "".join(texts(browser, "td")))
    assert len(browser.find_elements(By.CSS_SELECTOR, "script")) == 1
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert


def test_stop_asks_and_stops_the_job(service, page):
    job = service.client().create(request("stopped", 500))
    browser = page("stopped")
    wait_for(browser, lambda: browser.find_element(By.ID, "stop").is_displayed())
    browser.find_element(By.ID, "stop").click()
    browser.switch_to.alert.accept()
    assert job.wait(timeout=60, poll=0.2).hyper_parameter_tuning_job_status == "Stopped"
    wait_for(browser, lambda: not browser.find_element(By.ID, "stop").is_displayed())


def test_the_list_leads_to_the_page_of_a_job(service, page):
    service.client().create(request("listed", 2)).wait(timeout=60, poll=0.2)
    browser = page()
    wait_for(browser, lambda: browser.find_elements(By.LINK_TEXT, "listed"))
    browser.find_element(By.LINK_TEXT, "listed").click()
    wait_for(browser, lambda: texts(browser, "h1") == ["listed"])


def test_without_the_token_there_is_no_page(browser, link):
    browser.get(re.sub("token=.*", "", link))
    assert "403" in browser.page_source
    assert browser.find_elements(By.CSS_SELECTOR, "h1") == [] or "Tuning jobs" not in browser.page_source


def test_a_job_of_500_training_jobs_is_shown(service, page):
    quick = Program(command=["sh", "-c", "echo loss=0.5"], arguments="none")
    with LocalService(service.root.parent / "many", images={IMAGE: quick}) as many:
        many.client().create(request("many", MANY, 10)).wait(timeout=300, poll=0.5)
        command = [shutil.which("hptsdk", path=str(Path(sys.executable).parent)), "dashboard", "many", "--local"]
        with subprocess.Popen([*command, str(many.root), "--no-browser"], stdout=subprocess.PIPE, text=True) as process:
            browser = page()
            begin = time.monotonic()
            browser.get(process.stdout.readline().split()[1])
            wait_for(browser, lambda: len(texts(browser, "tr")) == MANY + 1)
            print(f"{MANY} training jobs were shown after {time.monotonic() - begin:.1f} s")
            marks = browser.execute_script("return document.querySelectorAll('g.jobs')[0].children.length")
            process.terminate()
    assert marks == MANY
