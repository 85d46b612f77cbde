"""The dashboard: who may read it, what a page contains, and how it is updated."""

import json
import re
import socket
import threading
import time
import urllib.request
from http.client import HTTPConnection
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from sample_requests import training, tuning_request

import hptsdk
from hptsdk.dashboard import Dashboard
from hptsdk.testing import MemoryTransport

NAME, MARKUP = "demo", "<img src=x onerror=alert(1)>"


class LoggingTransport(MemoryTransport):
    """A service in memory with the log events of its training jobs."""

    def __init__(self):
        super().__init__()
        self.events = []
        self.log_error = None
        self.log_calls = 0

    def call(self, operation, body):
        """Return the log events, or what the service in memory returns."""
        if operation != "FilterLogEvents":
            return super().call(operation, body)
        self.log_calls += 1
        if self.log_error is not None:
            raise self.log_error
        return {"events": self.events}


def training_job(number, value=0.5, status="Completed"):
    document = {
        "TrainingJobName": f"demo-{number:03d}-1a2b3c4d",
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:training-job/demo-{number:03d}",
        "CreationTime": 1790000000.0 + number,
        "TrainingStartTime": 1790000000.0 + number,
        "TrainingEndTime": 1790000010.0 + number,
        "TrainingJobStatus": status,
        "TunedHyperParameters": {"rate": "0.1", "kind": MARKUP},
    }
    if value is not None:
        document["FinalHyperParameterTuningJobObjectiveMetric"] = {"MetricName": "loss", "Value": value}
    return document


def event(number, message):
    """Return a log event of a training job."""
    stream = f"demo-{number:03d}-1a2b3c4d/algo-1-1790000000"
    return {
        "logStreamName": stream,
        "timestamp": 1790000000000 + number,
        "message": message,
        "eventId": f"{number}{message}",
    }


@pytest.fixture
def transport():
    transport = LoggingTransport()
    request = tuning_request(NAME, training().environment(KEY="very-secret-text"))
    hptsdk.TuningClient(transport=transport).create(request)
    transport.service.training_jobs[NAME] = [training_job(1), training_job(2, 0.25)]
    return transport


@pytest.fixture
def dashboard(transport, monkeypatch):
    monkeypatch.setattr("hptsdk.dashboard._dashboard._SECONDS", 0.05)
    monkeypatch.setattr("hptsdk.dashboard._dashboard._SECONDS_BETWEEN_PAGES", 0.05)
    with Dashboard(hptsdk.TuningClient(transport=transport, poll=0.05)) as dashboard:
        yield dashboard


def port_of(dashboard):
    return urlsplit(dashboard.url).port


def send(dashboard, url, method="GET", **headers):
    """Return the status, the headers and the body of the response to a request."""
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", port_of(dashboard))
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, f"{parts.path}?{parts.query}", headers=names)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, response.headers, body


def page_of(dashboard, name):
    """Return the URL of the page of a job."""
    return dashboard.url.replace("/?", f"/{name}?")


def part(dashboard, name, **query):
    """Return the URL of a part of the page of a job."""
    return page_of(dashboard, name) + "".join(f"&{key}={value}" for key, value in query.items())


def wait_for(condition, seconds=20):
    """Wait until a condition holds, and return its value."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "the condition does not hold in time"
        time.sleep(0.02)
    return value


# --- access ---


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=%00"])
def test_a_request_without_the_token_gets_403_without_a_body(dashboard, query):
    assert send(dashboard, f"/{NAME}{query}")[::2] == (403, "")


def test_the_link_returns_the_page_without_a_redirect(dashboard):
    status, _, body = send(dashboard, page_of(dashboard, NAME))
    assert status == 200
    assert body.startswith("<!doctype html>")


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.example.com:{port}"])
def test_other_hosts_are_refused(dashboard, host):
    assert send(dashboard, dashboard.url, host=host.format(port=port_of(dashboard)))[::2] == (403, "")


@pytest.mark.parametrize("origin", ["http://example.com", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"])
def test_other_origins_are_refused(dashboard, origin):
    assert send(dashboard, part(dashboard, NAME, part="stop"), "POST", origin=origin.format(port=port_of(dashboard)))[
        ::2
    ] == (403, "")


def test_each_dashboard_has_its_own_token(dashboard, transport):
    with Dashboard(hptsdk.TuningClient(transport=transport)) as other:
        assert send(dashboard, other.url)[0] == 403


@pytest.mark.parametrize("name", ["", NAME])
def test_a_page_may_load_nothing(dashboard, name):
    _, headers, body = send(dashboard, page_of(dashboard, name))
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert not re.search(r"(src|href)=\"(?!/)", body)
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_only_the_script_of_the_page_runs(dashboard):
    _, headers, body = send(dashboard, page_of(dashboard, NAME))
    [nonce] = re.findall(r"<script nonce=\"([^\"]+)\">", body)
    assert f"script-src 'nonce-{nonce}'" in headers["Content-Security-Policy"]
    assert nonce not in send(dashboard, page_of(dashboard, NAME))[2]


# --- content ---


def test_the_list_has_the_tuning_jobs_with_links_to_their_pages(dashboard):
    body = send(dashboard, dashboard.url)[2]
    [link] = re.findall(r"<td><a href=\"([^\"]+)\">demo</a>", body)
    assert send(dashboard, link)[0] == 200


def test_the_list_of_no_tuning_jobs_says_so():
    with Dashboard(hptsdk.TuningClient(transport=MemoryTransport())) as dashboard:
        assert "There is no tuning job yet." in send(dashboard, dashboard.url)[2]


def test_the_page_of_a_job_is_its_report(dashboard):
    body = send(dashboard, page_of(dashboard, NAME))[2]
    assert [title for title in ("Objective over time", "Training jobs over time", "Request") if title not in body] == []
    assert "demo-002-1a2b3c4d" in body


def test_no_text_of_a_job_becomes_markup(dashboard, transport):
    transport.events.append(event(1, MARKUP))
    body = send(dashboard, page_of(dashboard, NAME))[2]
    assert "<img" not in body
    assert "&lt;img src=x" in body


def test_no_secret_of_the_request_is_on_the_page(dashboard, transport):
    transport.events.append(event(1, "the key is very-secret-text"))
    lines = wait_for(lambda: json.loads(send(dashboard, part(dashboard, NAME, part="log"))[2])["lines"])
    assert "very-secret-text" not in send(dashboard, page_of(dashboard, NAME))[2] + str(lines)
    assert "the key is" in lines[0]


def test_a_job_that_does_not_exist_is_an_error_on_its_page(dashboard):
    body = send(dashboard, page_of(dashboard, "other"))[2]
    assert "ResourceNotFoundError" in body


def test_a_part_that_does_not_exist_is_not_found(dashboard):
    assert send(dashboard, part(dashboard, NAME, part="other"))[0] == 404


# --- updates ---


def test_the_content_is_sent_again_only_if_it_has_changed(dashboard, transport):
    address = part(dashboard, NAME, part="content")
    status, headers, body = send(dashboard, address)
    assert (status, "demo-003-1a2b3c4d" in body) == (200, False)

    def changed():
        return send(dashboard, address, if_none_match=headers["ETag"])

    assert changed()[::2] == (304, "")
    transport.service.training_jobs[NAME].append(training_job(3))
    status, _, body = wait_for(lambda: (response := changed())[0] == 200 and response)
    assert "demo-003-1a2b3c4d" in body


def test_new_lines_of_the_log_are_sent_once(dashboard, transport):
    transport.events = [event(1, "first"), event(2, "second")]

    def log(after):
        return json.loads(send(dashboard, part(dashboard, NAME, part="log", after=after))[2])

    assert wait_for(lambda: log(0)["next"] == 2)
    transport.events.append(event(3, "third"))
    received = wait_for(lambda: (answer := log(2))["lines"] and answer)
    assert [line.rpartition(" ")[2] for line in received["lines"]] == ["third"]
    assert log(3) == {"next": 3, "lines": []}


def test_a_log_that_cannot_be_read_is_tried_again_only_after_a_pause(dashboard, transport):
    transport.log_error = hptsdk.errors.ServiceError(
        "no permission", code="AccessDeniedException", operation="FilterLogEvents"
    )
    address = part(dashboard, NAME, part="log")
    wait_for(lambda: json.loads(send(dashboard, address)[2])["lines"])
    for _ in range(5):
        assert json.loads(send(dashboard, address)[2])["next"] == 1
    assert transport.log_calls == 1


@pytest.mark.parametrize("after", ["-1", "x", "9" * 5000, "99"])
def test_a_wrong_number_of_lines_is_no_error(dashboard, transport, after):
    transport.events = [event(1, "first")]
    wait_for(lambda: json.loads(send(dashboard, part(dashboard, NAME, part="log"))[2])["next"] == 1)
    status, _, body = send(dashboard, part(dashboard, NAME, part="log", after=after))
    assert (status, json.loads(body)["next"]) == (200, 1)


def test_learning_curves_come_from_the_log(dashboard, transport):
    transport.events = [event(1, "loss=0.75"), event(2, "loss=0.5")]
    wait_for(lambda: json.loads(send(dashboard, part(dashboard, NAME, part="log"))[2])["lines"])
    transport.service.training_jobs[NAME].append(training_job(3))
    assert wait_for(lambda: "Learning curves" in send(dashboard, page_of(dashboard, NAME))[2])


@pytest.mark.parametrize(
    "error",
    [
        hptsdk.errors.TransportError("no response", operation="Describe", attempts=1),
        hptsdk.errors.CredentialsRejectedError("expired", code="ExpiredTokenException", operation="Describe"),
        hptsdk.errors.ThrottledError("Rate exceeded", code="ThrottlingException", operation="Describe"),
    ],
)
def test_an_error_of_the_service_is_shown_until_it_is_over(dashboard, transport, monkeypatch, error):
    send(dashboard, page_of(dashboard, NAME))
    real = type(transport).call

    def failing(self, operation, body):
        raise error

    monkeypatch.setattr(LoggingTransport, "call", failing)
    assert wait_for(lambda: type(error).__name__ in send(dashboard, page_of(dashboard, NAME))[2])
    monkeypatch.setattr(LoggingTransport, "call", real)
    assert wait_for(lambda: type(error).__name__ not in send(dashboard, page_of(dashboard, NAME))[2])


def test_stop_stops_the_tuning_job(dashboard, transport):
    origin = f"http://127.0.0.1:{port_of(dashboard)}"
    assert send(dashboard, part(dashboard, NAME, part="stop"), "POST", origin=origin)[0] == 204
    status = hptsdk.TuningClient(transport=transport).describe(NAME).hyper_parameter_tuning_job_status
    assert status in {"Stopping", "Stopped"}


def test_a_request_to_read_does_not_stop_the_tuning_job(dashboard, transport):
    assert send(dashboard, part(dashboard, NAME, part="stop"))[0] == 404
    status = hptsdk.TuningClient(transport=transport).describe(NAME).hyper_parameter_tuning_job_status
    assert status == "InProgress"


def test_after_the_first_list_only_new_and_open_training_jobs_are_listed_again(dashboard, transport):
    transport.service.training_jobs[NAME] = [training_job(number) for number in range(1, 351)]
    send(dashboard, page_of(dashboard, NAME))
    wait_for(lambda: "350 Completed" in send(dashboard, page_of(dashboard, NAME))[2])
    pages = []
    real = transport.call

    def counting(operation, body):
        if operation == "ListTrainingJobsForHyperParameterTuningJob":
            pages.append(body.get("NextToken"))
        return real(operation, body)

    transport.call = counting
    transport.service.training_jobs[NAME].append(training_job(351))
    wait_for(lambda: "demo-351" in send(dashboard, page_of(dashboard, NAME))[2])
    lists = "".join("f" if token is None else "n" for token in pages)
    assert set(re.findall("fn*", lists)) <= {"f", "fn"}


def test_the_page_of_many_training_jobs_responds_before_they_are_read(dashboard, transport):
    transport.service.training_jobs[NAME] = [training_job(number) for number in range(1, 10_001)]
    begin = time.monotonic()
    status, _, body = send(dashboard, page_of(dashboard, NAME))
    assert status == 200
    assert "Reading the training jobs" in body
    assert time.monotonic() - begin < 5  # one second on an idle machine


# --- the server ---


@pytest.fixture
def client(transport):
    return hptsdk.TuningClient(transport=transport, poll=0.05)


def read(url):
    with urllib.request.urlopen(url) as response:  # noqa: S310 - of 127.0.0.1
        return response.read().decode()


def test_a_dashboard_serves_the_list_or_the_page_of_a_job_at_its_url(client):
    with Dashboard(client) as jobs, Dashboard(client, NAME) as job:
        assert "<h1>Tuning jobs</h1>" in read(jobs.url)
        assert "<h1>demo</h1>" in read(job.url)


def test_a_dashboard_that_is_closed_serves_nothing(client):
    dashboard = Dashboard(client)
    dashboard.close()
    dashboard.close()
    with pytest.raises(URLError):
        read(dashboard.url)


def test_a_dashboard_of_a_job_that_does_not_exist_is_an_error(client):
    with pytest.raises(hptsdk.errors.ResourceNotFoundError):
        Dashboard(client, "other")


def test_a_port_in_use_is_an_error_with_a_hint(client):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="use another port"):
        Dashboard(client, port=taken.getsockname()[1])


def test_the_log_calls_of_a_closed_dashboard_end_without_another_event(transport, client):
    with Dashboard(client, NAME) as dashboard:
        read(dashboard.url)
        wait_for(lambda: transport.log_calls)
    wait_for(lambda: not any(thread.name.startswith("hptsdk ") for thread in threading.enumerate()))


def test_the_log_calls_of_a_closed_page_end_without_another_event(transport, client, monkeypatch):
    monkeypatch.setattr("hptsdk.dashboard._watched_job._UNUSED", 0.2)
    with Dashboard(client, NAME) as dashboard:
        read(dashboard.url)
        wait_for(lambda: transport.log_calls)
        wait_for(lambda: "hptsdk log" not in {thread.name for thread in threading.enumerate()})
