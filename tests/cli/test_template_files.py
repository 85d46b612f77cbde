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


def test_without_the_option_a_placeholder_is_a_violation_that_names_it(template_file):
    done = run("validate", template_file, "--no-advice")
    assert (done.returncode, "MaxNumberOfTrainingJobs: expected an integer" in done.stderr) == (1, True)
    _, _, command = done.stderr.partition("validate the template with hptsdk ")
    arguments = command.partition(" [")[0].replace("FILE", str(template_file)).split()
    assert run(*arguments).returncode == 0


@pytest.mark.parametrize("value", ["{{ params.jobs }}", "${JOBS}", "{% $jobs %}"])
@pytest.mark.parametrize("syntax", [(), ("--template", "airflow")], ids=["request", "template"])
def test_a_placeholder_without_quotes_is_named(template_file, value, syntax):
    template_file.write_text(template_file.read_text().replace('"{{ params.jobs }}"', value))
    done = run("validate", template_file, *syntax)
    [line] = [number for number, text in enumerate(template_file.read_text().splitlines(), 1) if value in text]
    assert done.returncode == 1
    assert done.stderr.startswith(f"{template_file}:{line}:")
    assert f'; put the placeholder in quotes: "{value}" [unreadable]' in done.stderr


def test_a_placeholder_without_quotes_in_yaml_is_named(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text("HyperParameterTuningJobName: {{ name }}\n")
    assert 'put the placeholder in quotes: "{{ name }}"' in run("validate", path, "--template", "airflow").stderr


def test_a_repeated_name_in_a_template_is_a_violation(template_file):
    text = template_file.read_text().replace("{", '{"HyperParameterTuningJobName": "{{ name }}",', 1)
    template_file.write_text(text)
    assert "[duplicate-key]" in run("validate", template_file, "--template", "airflow").stderr


def test_a_violation_in_a_member_with_a_path_has_its_position(template_file):
    text = template_file.read_text().replace('"{{ params.jobs }}"', "9")
    template_file.write_text(text.replace("{", '{\n"Tags": [],\n"Tags.$": "$.tags",', 1))
    assert run("validate", template_file, "--template", "stepfunctions").stderr.startswith(f"{template_file}:3:1: ")


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
    assert (done.returncode, "--template airflow requires --to airflow" in done.stderr) == (2, True)


def test_a_list_is_no_template(tmp_path):
    path = tmp_path / "list.json"
    path.write_text("[1]")
    assert run("validate", path, "--template", "env").returncode == 1
