"""`hptsdk validate --template` and `hptsdk convert --template`."""

import ast
import json

import pytest
from command_line import run


@pytest.fixture
def template_file(good, tmp_path):
    """Return the path of a template for Airflow with a violation-free rest."""
    document = json.loads(good.read_text())
    document["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxNumberOfTrainingJobs"] = "{{ params.jobs }}"
    path = tmp_path / "template.json"
    path.write_text(json.dumps(document, indent=2))
    return path


def test_a_valid_template_has_no_findings(template_file):
    done = run("validate", template_file, "--template", "airflow")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_the_option_a_placeholder_is_a_violation(template_file):
    done = run("validate", template_file, "--no-advice")
    assert (done.returncode, "MaxNumberOfTrainingJobs: expected an integer" in done.stderr) == (1, True)


def test_a_violation_in_a_template_has_its_position(template_file):
    template_file.write_text(template_file.read_text().replace("arn:aws:iam", "nobody"))
    done = run("validate", template_file, "--template", "airflow")
    assert done.returncode == 1
    [line] = [number for number, text in enumerate(template_file.read_text().splitlines(), 1) if "nobody" in text]
    assert f"template.json:{line}:" in done.stderr


def test_a_template_is_converted_to_its_target(template_file):
    done = run("convert", template_file, "--template", "airflow", "--to", "airflow")
    [call] = [node.value for node in ast.parse(done.stdout).body if isinstance(node, ast.Assign)]
    config = next(ast.literal_eval(keyword.value) for keyword in call.keywords if keyword.arg == "config")
    assert config == json.loads(template_file.read_text())


def test_a_template_for_another_target_is_an_error(template_file):
    done = run("convert", template_file, "--template", "airflow", "--to", "stepfunctions")
    assert (done.returncode, "expected a template with the syntax stepfunctions" in done.stderr) == (1, True)


def test_a_list_is_no_template(tmp_path):
    path = tmp_path / "list.json"
    path.write_text("[1]")
    assert run("validate", path, "--template", "env").returncode == 1
