"""`hptsdk capture`: the files, the report, and the end of the program."""

import json
import os
import signal
import stat
import subprocess
import sys
import time

import pytest
from command_line import HPTSDK, PLAIN, request, run

import hptsdk

# Creates the tuning jobs in a file with boto3.
LAUNCH = """
import json, os, signal, time
import boto3
client = boto3.client("sagemaker")
for body in json.load(open("sent.json")):
    client.create_hyper_parameter_tuning_job(**body)
"""

# Sends the requests in a file with nothing but botocore, and calls an operation that the recorder does not support.
SENDS = """
import json, sys
from botocore.session import Session
client = Session().create_client("sagemaker")
for body in json.load(open("sent.json")):
    create = client.create_training_job if "TrainingJobName" in body else client.create_hyper_parameter_tuning_job
    try:
        create(**body)
    except client.exceptions.ClientError as error:
        print(error, file=open("errors", "a"))
client.list_models()
"""


def tuning_job(**changes):
    return hptsdk.to_wire(request()) | changes


def named(name):
    return tuning_job(HyperParameterTuningJobName=name)


def training_job(**changes):
    """Return the request for the training job of the tuning job."""
    return {"TrainingJobName": "trained", "HyperParameters": {"rate": "0.5"}} | TRAINED | changes


TRAINED = tuning_job()["TrainingJobDefinition"]
SECRET = training_job(
    Environment={"TOKEN": "secret-value"},
    Tags=[{"Key": "team", "Value": "vision"}],
    ProfilerConfig={"S3OutputPath": "s3://amzn-s3-demo-bucket/profile/"},
)
COMPLETE = training_job(TrainingJobName="complete")
WRONG_TAG = named("wrong") | {"Tags": [{"Key": "te*am", "Value": "vision"}]}
JOBS = [named(f"job-{number}") for number in range(10)]
SENT = [SECRET, tuning_job(), tuning_job(), WRONG_TAG, named("../demo"), COMPLETE, *JOBS]


def report_of(done, name):
    """Return the lines of the report about a file."""
    _, _, rest = done.stderr.partition(f"out/{name}.json: Create")
    lines = rest.splitlines()[1:]
    end = next((index for index, line in enumerate(lines) if ".json: Create" in line), len(lines))
    return lines[:end]


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    """The result of a program that sends all requests, and its folder, which has a file of the user."""
    folder = tmp_path_factory.mktemp("captured")
    (folder / "out").mkdir()
    (folder / "out" / "job-0.json").write_text("mine")
    (folder / "sent.json").write_text(json.dumps(SENT))
    return run("capture", "--directory", "out", "--", sys.executable, "-c", SENDS, cwd=folder), folder


def content(folder, name):
    return json.loads((folder / "out" / f"{name}.json").read_text())


def test_each_request_is_a_file_as_it_was_sent(captured):
    _, folder = captured
    assert content(folder, "trained") == SECRET
    assert content(folder, "demo") == tuning_job()
    assert content(folder, "wrong") == WRONG_TAG


def test_ten_jobs_are_ten_files(captured):
    _, folder = captured
    names = ["job-0-2", *(f"job-{number}" for number in range(1, 10))]
    assert [content(folder, name) for name in names] == JOBS


def test_a_second_request_with_the_name_is_a_second_file(captured):
    _, folder = captured
    assert content(folder, "demo-2") == tuning_job()
    assert "(ResourceInUse)" in (folder / "errors").read_text()


def test_an_existing_file_stays(captured):
    _, folder = captured
    assert (folder / "out" / "job-0.json").read_text() == "mine"


def test_a_job_name_that_is_no_file_name_is_not_used(captured):
    _, folder = captured
    assert content(folder, "CreateHyperParameterTuningJob") == named("../demo")
    assert len(list((folder / "out").iterdir())) == len(SENT) + 1


def test_only_the_owner_can_read_a_file(captured):
    _, folder = captured
    assert stat.S_IMODE((folder / "out" / "trained.json").stat().st_mode) == 0o600


def test_the_report_names_each_file_with_its_operation(captured):
    done, _ = captured
    assert done.stderr.startswith("out/trained.json: CreateTrainingJob\n")
    assert "\nout/demo.json: CreateHyperParameterTuningJob\n" in done.stderr


def test_a_violation_has_its_position_in_the_file(captured):
    done, folder = captured
    line = report_of(done, "wrong")[0]
    path, row, _, message = line.split(":", 3)
    assert (path, message[:14]) == ("out/wrong.json", " Tags[0].Key: ")
    assert '"Key": "te*am"' in (folder / "out" / "wrong.json").read_text().splitlines()[int(row) - 1]


def test_the_report_has_what_a_tuning_job_lacks_of_the_training_job_before_it(captured):
    done, _ = captured
    assert report_of(done, "demo") == [
        "out/demo.json differs from out/trained.json:",
        '  TrainingJobDefinition.Environment["TOKEN"]: the training job has (redacted), the request nothing',
        '  Tags["team"].Value: the training job has "vision", the request nothing',
        "  ProfilerConfig: left out, because a tuning job has no profiler",
    ]


def test_the_report_names_a_training_job_of_which_nothing_is_lacking(captured):
    done, _ = captured
    assert report_of(done, "job-1") == ["out/job-1.json has all settings of out/complete.json"]


def test_the_report_shows_no_secrets(captured):
    done, _ = captured
    assert "secret-value" not in done.stdout + done.stderr


def test_an_operation_that_capture_does_not_answer_is_reported(captured):
    done, _ = captured
    assert done.stderr.endswith(
        "\nhptsdk: the program called sagemaker ListModels, which the recorder does not support\n"
    )


def test_a_program_that_crashes_keeps_its_exit_code_and_its_requests(captured):
    done, folder = captured
    assert done.returncode == 1
    assert (folder / "out" / "job-9.json").exists()


@pytest.mark.parametrize(("script", "code"), [("exit 7", 7), ("kill -9 $$", 137), ("true", 0)])
def test_the_exit_code_is_that_of_the_program(tmp_path, script, code):
    done = run("capture", "--", "sh", "-c", script, cwd=tmp_path)
    assert done.returncode == code


def test_a_program_without_requests_is_reported(tmp_path):
    done = run("capture", "--", "true", cwd=tmp_path)
    assert "the program has sent no request for a tuning job or a training job" in done.stderr
    assert "clients with endpoint_url or keys in the code, and boto3 before 1.28, cannot be captured" in done.stderr


def test_the_separator_is_optional(tmp_path):
    assert run("capture", "sh", "-c", "exit 7", cwd=tmp_path).returncode == 7


def test_a_missing_program_is_an_error(tmp_path):
    done = run("capture", "--", "no-such-program", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "hptsdk: no-such-program: No such file or directory\n")


def test_a_command_is_required():
    assert run("capture").returncode == 2


# --- programs with boto3 ---


@pytest.mark.long
@pytest.mark.parametrize(
    ("count", "end", "code"),
    [(10, "", 0), (0, "", 0), (3, "raise RuntimeError", 1), (3, "os.kill(os.getpid(), signal.SIGKILL)", 137)],
    ids=["ten jobs", "none", "an exception after three", "killed after three"],
)
def test_each_request_that_a_program_has_sent_is_a_file_whatever_its_end(tmp_path, count, end, code):
    (tmp_path / "sent.json").write_text(json.dumps(JOBS[:count]))
    done = run("capture", "--directory", "out", "--", sys.executable, "-c", f"{LAUNCH}{end}", cwd=tmp_path)
    assert done.returncode == code
    assert [content(tmp_path, path.stem) for path in sorted((tmp_path / "out").iterdir())] == JOBS[:count]


# --- signals ---


@pytest.fixture
def hanging(tmp_path):
    """Return a function that starts a capture of a shell script and waits until the script runs."""
    processes = []

    def start(script):
        process = subprocess.Popen(  # noqa: S603 - the command itself
            [*HPTSDK, "capture", "--", "sh", "-c", f"{script} touch started; while true; do sleep 0.05; done"],
            cwd=tmp_path,
            env=PLAIN,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        processes.append(process)
        deadline = time.monotonic() + 30
        while not (tmp_path / "started").exists():
            assert time.monotonic() < deadline, "the program does not start"
            time.sleep(0.02)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.long
def test_ctrl_c_ends_both_and_the_output_and_the_report_are_printed(hanging):
    process = hanging("echo sending;")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output) == (130, "sending\n")
    assert "has sent no request" in errors


@pytest.mark.long
def test_ctrl_c_loses_no_request_of_a_program_that_hangs(hanging, tmp_path):
    (tmp_path / "sent.json").write_text(json.dumps(JOBS[:2]))
    (tmp_path / "launch.py").write_text(f"{LAUNCH}open('started', 'w').close()\ntime.sleep(60)")
    process = hanging(f"exec '{sys.executable}' launch.py;")
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert [json.loads((tmp_path / "captured" / f"job-{number}.json").read_text()) for number in range(2)] == JOBS[:2]


@pytest.mark.long
def test_ctrl_backslash_ends_a_program_that_ignores_ctrl_c(hanging):
    process = hanging("trap '' INT;")
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.2)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGQUIT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, "has sent no request" in errors) == (131, True)


@pytest.mark.long
def test_sigterm_is_sent_on_to_the_program(hanging):
    process = hanging("trap 'exit 5' TERM;")
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 5
