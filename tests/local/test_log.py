"""The log of `hptsdk local serve`: requests, training jobs and errors with their times, on standard error."""

import contextlib
import http.client
import logging
import re

import pytest
from running import IMAGE, job, training, until
from test_serve_command import in_a_thread

from hptsdk import TuningClient, errors
from hptsdk.local import LocalService
from hptsdk.local.http import Operations
from hptsdk.transport import read_address, read_keys

SECRET = "hunter2-of-nobody"  # noqa: S105 - of no account


@pytest.fixture
def serve(tmp_path, capfd):
    """Return a function that runs `hptsdk local serve` and yields a client and the lines of its log."""
    root = tmp_path / "root"
    with LocalService(root):
        pass
    (root / "endpoint").unlink()

    @contextlib.contextmanager
    def serving(command="echo loss=1", *options):
        words = " ".join(options)
        lines = []
        program = tmp_path / "train.sh"
        program.write_text(f"{command}\n")
        with in_a_thread(f"hptsdk local serve --root {root} --image '{IMAGE}=/bin/sh {program}' {words}"):
            until((root / "endpoint").exists)
            yield client_of(root), lines
        lines += capfd.readouterr().err.splitlines()

    return serving


def client_of(root):
    """Return a client of the service that runs for a root."""
    import botocore.session

    session = botocore.session.Session()
    session.set_credentials(*read_keys(root / "credentials"))
    endpoint, region = read_address(root / "endpoint")
    return TuningClient(region, session=session, endpoint_url=endpoint, poll=0.05)


def messages(lines):
    """Return the messages of a log, without their times."""
    return [line.partition(" ")[2] for line in lines]


def create(client, request=None):
    """Create a tuning job and wait for its end, with any outcome."""
    with contextlib.suppress(errors.TuningJobFailed):
        client.create(request or job(max_jobs=1, parallel=1).build()).wait(timeout=30)


def test_requests_and_training_jobs_are_logged_with_their_times(serve, tmp_path):
    with serve() as (client, lines):
        create(client)
    log = "\n".join(lines)
    name = r"demo-001-[0-9a-f]{8}"
    time = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[-+][0-9]{4}"
    for message in (
        r"CreateHyperParameterTuningJob: 200 OK in [0-9]+ ms",
        r"tuning job demo: started",
        rf"training job {name}: started",
        rf"training job {name}: Completed with the objective 1\.0; any output is in {tmp_path}/root/.*/{name}/log\.txt",
        r"tuning job demo: ended",
    ):
        assert re.search(rf"^{time} INFO {message}$", log, re.MULTILINE), message


def test_a_refused_request_is_logged_with_its_code(serve):
    with serve() as (client, lines), pytest.raises(errors.ResourceNotFoundError):
        client.get("absent").describe()
    assert any(m.startswith("INFO DescribeHyperParameterTuningJob: 400 ResourceNotFound in ") for m in messages(lines))


def test_an_internal_error_is_logged_with_its_traceback_and_the_response_names_the_log(serve, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("an error")

    monkeypatch.setattr(Operations, "call", fail)
    with (
        serve() as (client, lines),
        pytest.raises(errors.ServiceUnavailableError, match="the standard error of `hptsdk local serve`"),
    ):
        list(client.list())
    assert "ERROR a request failed: internal error" in messages(lines)
    assert "ZeroDivisionError: an error" in lines


def test_no_secret_is_logged(serve):
    definition = training().environment(PASSWORD=SECRET).static(token=SECRET)
    request = job(definition=definition, max_jobs=1, parallel=1).build()
    with serve("echo $PASSWORD $@; echo $PASSWORD > $SM_OUTPUT_DIR/failure; exit 1") as (client, lines):
        create(client, request)
    assert any("Failed with AlgorithmError; any output is in " in message for message in messages(lines))
    assert SECRET not in "\n".join(lines)


@pytest.mark.parametrize("target", ["SageMaker.", "SageMaker.x y", "SageMaker." + "x" * 1000, "é"])
def test_a_caller_without_credentials_writes_no_text_of_its_own_into_the_log(serve, tmp_path, target):
    with serve() as (_, lines):
        address = read_address(tmp_path / "root" / "endpoint")[0].removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=10)
        connection.request("POST", "/", b"", {"X-Amz-Target": target.encode()})
        connection.getresponse().read()
        connection.close()
    (message,) = [message for message in messages(lines) if "403" in message]
    assert re.fullmatch(
        r"INFO a request without an operation: 403 MissingAuthenticationTokenException in [0-9]+ ms", message
    )


def test_a_message_is_one_line_without_control_characters(serve):
    with serve() as (_, lines):
        logging.getLogger("hptsdk.local").warning("%s", "a\x1b[31m\n2026-01-01T00:00:00+0000 INFO forged")
    assert [m for m in messages(lines) if "forged" in m] == ["WARNING a\ufffd[31m 2026-01-01T00:00:00+0000 INFO forged"]


def test_a_quiet_service_logs_warnings_only(serve):
    with serve("echo loss=1", "--quiet") as (client, lines):
        create(client)
        logging.getLogger("hptsdk.local").warning("something is wrong")
    assert messages(lines) == ["WARNING something is wrong"]


def test_the_log_ends_with_the_service(serve):
    with serve():
        pass
    logger = logging.getLogger("hptsdk.local")
    assert (logger.handlers, logger.level) == ([], logging.NOTSET)
