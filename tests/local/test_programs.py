"""The commands of programs, and the programs of images and algorithms."""

import json
import shlex

import pytest
from running import IMAGE, job, run, shell, training, until
from test_log import client_of
from test_serve_command import in_a_thread

from hptsdk import errors
from hptsdk.cli import main
from hptsdk.local import Program


@pytest.mark.parametrize("code", ["x" * 300 + " / 2", "import os.path; " * 100, "print('a.b')" + "#" * 5000])
def test_long_code_in_a_command_is_not_changed(code):
    assert Program(command=["sh", "-c", code]).command[2] == code


def test_the_path_of_a_file_in_a_command_is_absolute(tmp_path, monkeypatch):
    (tmp_path / "train.py").touch()
    monkeypatch.chdir(tmp_path)
    assert Program(command=["sh", "train.py"]).command[1] == str(tmp_path / "train.py")


def test_a_text_that_is_not_a_file_is_not_changed():
    assert Program(command=["sh", "absent/train.py", "", "loss.txt"]).command[1:] == ("absent/train.py", "", "loss.txt")


BOOST = "my-repository/my-boost:1.7-1"
PATTERNS = {"*": 1, "*/my-boost:*": 2, "*:1.7-1": 3}


def objective(service, definition):
    """Return the objective that the program of a definition prints."""
    handle = run(service, job(definition=definition, max_jobs=1, parallel=1).build())
    return handle.best.final_hyper_parameter_tuning_job_objective_metric.value


def printing(values):
    """Return programs that print objectives."""
    return {name: shell(f"echo loss={value}") for name, value in values.items()}


@pytest.mark.parametrize(
    ("images", "expected"),
    [(PATTERNS, 2), (PATTERNS | {BOOST: 4}, 4), ({"*": 1, "*/my-torch:*": 5}, 1)],
    ids=["longest", "exact", "default"],
)
def test_an_image_has_the_program_of_the_longest_pattern_that_matches(open_service, images, expected):
    assert objective(open_service(images=printing(images)), training(image=BOOST)) == expected


def test_an_image_that_no_pattern_matches_has_no_program(open_service):
    service = open_service(images=printing({"*/my-torch:*": 5}))
    with pytest.raises(errors.ValidationRefusedError, match=f"The local service has no program for {BOOST}"):
        service.client().create(job(definition=training(image=BOOST)).build())


@pytest.mark.parametrize("name", ["boost-1", "arn:aws:sagemaker:us-east-1:123456789012:algorithm/boost-1"])
def test_a_pattern_for_algorithms_matches_names_and_arns(open_service, name):
    service = open_service(images={}, algorithms=printing({"boost-*": 6}))
    assert objective(service, training(image=None, algorithm=name)) == 6


def test_a_tuning_job_runs_the_program_of_a_pattern(open_service):
    handle = run(open_service(images={"my-image:*": shell("echo loss=0.25")}), job(max_jobs=1).build())
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 0.25


# --- `hptsdk local serve` ---


def serve(tmp_path, text):
    """Return the words of the command that serves a root with a program."""
    return ["local", "serve", "--root", str(tmp_path / "root"), "--image", f"{IMAGE}={text}"]


def test_a_command_can_be_an_object_with_the_arguments_of_a_program(tmp_path):
    script = "echo $1 $0 loss=$VALUE"
    program = {"command": ["/bin/sh", "-c", script, "it"], "arguments": "train", "environment": {"VALUE": "0.25"}}
    with in_a_thread(shlex.join(["hptsdk", *serve(tmp_path, json.dumps(program | {"isolation": "none"}))])):
        until((tmp_path / "root" / "endpoint").exists)
        client = client_of(tmp_path / "root")
        client.create(job(max_jobs=1, parallel=1).build()).wait(timeout=30, poll=0.05)
    (log,) = (tmp_path / "root").glob("training-jobs/*/log.txt")
    assert log.read_text() == "train it loss=0.25\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"command"', f"--image {IMAGE}: expected a JSON object, got invalid JSON: Expecting ':'"),
        ("{}", f"--image {IMAGE}: Program() missing 1 required positional argument: 'command'"),
        ('{"command": ["a"], "isolaton": "none"}', "'isolaton'; did you mean 'isolation'?"),
        (
            '{"command": ["a"], "isolation": "some"}',
            f'--image {IMAGE}: isolation: expected "auto", "namespace" or "none"',
        ),
        (
            '{"command": ["a"], "environment": ["A=1"]}',
            f"--image {IMAGE}: environment: expected names with values, such",
        ),
        ('{"command": ["a"], "confine": "no"}', f"--image {IMAGE}: confine: expected True or False, got 'no'"),
        ('{"image": "a"}', f"--image {IMAGE}: image is an argument of Container; use --container IMAGE=JSON"),
        ('{"entry_point": "none.py"}', f"--image {IMAGE}: entry_point: expected an existing file"),
    ],
)
def test_an_invalid_object_is_refused(tmp_path, capsys, text, message):
    assert main(serve(tmp_path, text)) != 0
    assert message in capsys.readouterr().err


def test_the_message_for_an_invalid_object_has_no_values_of_variables(tmp_path, capsys):
    assert main(serve(tmp_path, '{"environment": {"TOKEN": "secret"}, "comand": []}')) != 0
    message = capsys.readouterr().err
    assert f"--image {IMAGE}: " in message
    assert "secret" not in message
