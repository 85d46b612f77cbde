"""The commands of programs, and the programs of images and algorithms."""

import re

import pytest
from running import job, run, shell

from hptsdk.cli._server import programs
from hptsdk.local import Program
from hptsdk.local._program_map import Programs
from hptsdk.shapes import HyperParameterAlgorithmSpecification


@pytest.mark.parametrize("code", ["x" * 300 + " / 2", "import os.path; " * 100, "print('a.b')" + "#" * 5000])
def test_long_code_in_a_command_is_not_changed(code):
    assert Program(command=["sh", "-c", code]).command[2] == code


def test_the_path_of_a_file_in_a_command_is_absolute(tmp_path, monkeypatch):
    (tmp_path / "train.py").touch()
    monkeypatch.chdir(tmp_path)
    assert Program(command=["sh", "train.py"]).command[1] == str(tmp_path / "train.py")


def test_a_text_that_is_not_a_file_is_not_changed():
    assert Program(command=["sh", "absent/train.py", "", "loss.txt"]).command[1:] == ("absent/train.py", "", "loss.txt")


XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
PATTERNS = {"*": ["other"], "*/sagemaker-xgboost:*": ["xgboost"], "*:1.7-1": ["1.7"]}


@pytest.mark.parametrize(
    ("images", "program"),
    [
        (PATTERNS, "xgboost"),
        (PATTERNS | {XGBOOST: ["exact"]}, "exact"),
        ({"*": ["other"], "*/sagemaker-pytorch:*": ["pytorch"]}, "other"),
        ({"*/sagemaker-pytorch:*": ["pytorch"]}, None),
    ],
    ids=["longest", "exact", "default", "none"],
)
def test_an_image_has_the_program_of_the_longest_pattern_that_matches(images, program):
    algorithm = HyperParameterAlgorithmSpecification(training_image=XGBOOST, training_input_mode="File")
    match = Programs(images, {}).of(algorithm)
    assert (match and match.command[0]) == program


def test_a_pattern_for_algorithms_matches_names_and_arns():
    by_pattern = Programs({}, {"boost-*": ["boost"]})
    for name in ("boost-1", "arn:aws:sagemaker:us-east-1:123456789012:algorithm/boost-1"):
        algorithm = HyperParameterAlgorithmSpecification(algorithm_name=name, training_input_mode="File")
        assert by_pattern.of(algorithm).command == ("boost",)


def test_a_tuning_job_runs_the_program_of_a_pattern(open_service):
    handle = run(open_service(images={"my-image:*": shell("echo loss=0.25")}), job(max_jobs=1).build())
    assert handle.best.final_hyper_parameter_tuning_job_objective_metric.value == 0.25


# --- `hptsdk local serve` ---


def test_a_command_can_be_an_object_with_the_arguments_of_a_program():
    text = '{"command": ["run", "it"], "arguments": "train", "environment": {"A": "1"}, "isolation": "none"}'
    expected = Program(command=["run", "it"], arguments="train", environment={"A": "1"}, isolation="none")
    assert programs("--image", {"x": text}) == {"x": expected}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"command"', "--image x: expected a command or a JSON object, got invalid JSON: Expecting ':'"),
        ("{}", "--image x: Program() missing 1 required positional argument: 'command'"),
        ('{"command": ["a"], "isolaton": "none"}', "'isolaton'; did you mean 'isolation'?"),
        ('{"command": ["a"], "isolation": "some"}', '--image x: isolation: expected "auto", "namespace" or "none"'),
    ],
)
def test_an_invalid_object_is_refused(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        programs("--image", {"x": text})


def test_the_message_for_an_invalid_object_has_no_values_of_variables():
    with pytest.raises(ValueError, match="--image x: ") as caught:
        programs("--image", {"x": '{"environment": {"TOKEN": "secret"}, "comand": []}'})
    assert "secret" not in str(caught.value)
