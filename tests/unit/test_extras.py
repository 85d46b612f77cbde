"""If a package of an extra is missing, the error names the package and the extra, and other features work."""

import importlib.metadata
import subprocess
import sys

import pytest

pytestmark = pytest.mark.long

EXTRAS = importlib.metadata.metadata("hptsdk").get_all("Provides-Extra")


def without(packages, code):
    """Run code in an interpreter in which these packages cannot be imported."""
    blocked = f"import sys\nfor name in {packages!r}.split(): sys.modules[name] = None\n"
    return subprocess.run(  # noqa: S603 - a fixed command
        [sys.executable, "-W", "error", "-c", blocked + code], capture_output=True, text=True, check=False
    )


def message(user, package, extra):
    return f'{user} needs {package}, which is not installed; run: pip install "hptsdk[{extra}]"'


def test_a_call_of_the_mlflow_integration_names_its_extra():
    code = "from hptsdk.integrations.mlflow import log\ntry: log(None)\nexcept ImportError as error: print(error)"
    done = without("mlflow", code)
    assert done.stdout == f"{message('hptsdk.integrations.mlflow', 'mlflow', 'mlflow')}\n"


# --- the error ---


def error_of_the_local_service(without_package):
    """Return the name and the message of the error if a package is missing."""
    code = "from hptsdk.local import LocalService"
    result = without(
        without_package, f"try: {code}\nexcept ModuleNotFoundError as error: print(error.name, error, sep='\\n')"
    )
    return result.stdout.splitlines()


def test_the_error_has_the_name_of_the_module_and_the_command_that_installs_the_extra():
    assert error_of_the_local_service("optuna") == ["optuna", message("the local service", "optuna", "local")]


@pytest.mark.parametrize("name", ["sqlite3", "hptsdk.local.jobs"])
def test_the_error_for_a_module_of_no_extra_is_not_converted(name):
    assert error_of_the_local_service(name) == [name, f"import of {name} halted; None in sys.modules"]


@pytest.mark.parametrize("extra", ["cli", "local", "testing"])
def test_the_extras_in_messages_are_declared_by_the_project(extra):
    assert extra in EXTRAS


# --- each extra ---


@pytest.mark.long
@pytest.mark.parametrize("package", ["optuna", "psutil", "regex", "waitress"])
def test_the_local_service_names_the_missing_extra(package):
    result = without(package, "from hptsdk.local import LocalService")
    assert result.stderr.splitlines()[-1] == f"ModuleNotFoundError: {message('the local service', package, 'local')}"


@pytest.mark.parametrize("package", ["typer", "ruamel"])
@pytest.mark.parametrize("arguments", [["--help"], ["validate", "job.yaml"]])
def test_the_command_line_names_the_missing_extra_without_a_traceback(package, arguments):
    result = without(package, f"from hptsdk.cli import main; sys.exit(main({arguments}))")
    assert result.stderr == f"hptsdk: {message('the command line', package, 'cli')}\n"


def test_the_command_line_fails_if_an_extra_is_missing():
    assert without("typer", "from hptsdk.cli import main; sys.exit(main([]))").returncode == 1


@pytest.mark.long
@pytest.mark.parametrize("command", [["demo"], ["local", "serve", "--root", "runs"]])
def test_the_command_for_the_local_service_names_the_missing_extra(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = without("optuna", f"from hptsdk.cli import main; sys.exit(main({command}))")
    assert (result.returncode, result.stderr) == (1, f"hptsdk: {message('the local service', 'optuna', 'local')}\n")


def test_all_exports_can_be_imported_without_an_extra():
    assert without("ruamel", "from hptsdk.export import *; print(ack.__name__)").stdout == "ack\n"


@pytest.mark.parametrize(
    "code", ["import hptsdk.testing.strategies", "from hptsdk.testing import strategies"], ids=["module", "name"]
)
def test_the_strategies_name_the_missing_extra(code):
    result = without("hypothesis", code)
    expected = message("hptsdk.testing.strategies", "hypothesis", "testing")
    assert result.stderr.splitlines()[-1] == f"ModuleNotFoundError: {expected}"


def test_the_conformance_tests_name_the_missing_extra():
    result = without("pytest", "from hptsdk.testing import TransportConformance")
    expected = message("hptsdk.testing.TransportConformance", "pytest", "testing")
    assert result.stderr.splitlines()[-1] == f"ModuleNotFoundError: {expected}"


def test_the_plugin_names_the_missing_extra():
    result = without("pytest", "import hptsdk.testing.plugin")
    expected = message("hptsdk.testing.plugin", "pytest", "testing")
    assert result.stderr.splitlines()[-1] == f"ModuleNotFoundError: {expected}"


# --- features without the extra ---

ALL_EXTRAS = "typer ruamel rich optuna psutil regex waitress hypothesis pytest torch scipy numpy"


@pytest.mark.parametrize("name", ["hptsdk", "hptsdk.cli", "hptsdk.local", "hptsdk.testing"])
def test_a_package_can_be_imported_without_any_extra(name):
    assert without(ALL_EXTRAS, f"import {name}; print('imported')").stdout == "imported\n"


def test_a_job_is_created_in_memory_without_any_extra():
    code = """
import hptsdk
from hptsdk.testing import MemoryTransport
training = hptsdk.training(
    image="123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1", role_arn="arn:aws:iam::123456789012:role/Role",
    output="s3://amzn-s3-demo-bucket/", instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=10,
    max_runtime_in_seconds=60,
).metric("loss", "loss=([-+0-9.e]+)")
job = hptsdk.tuning_job("first", training, minimize="loss", max_jobs=2, max_parallel_jobs=1).continuous("rate", 0.1, 1)
print(hptsdk.TuningClient(transport=MemoryTransport()).create(job.build()).name)
"""
    result = without(ALL_EXTRAS, code)
    assert (result.stdout, result.stderr) == ("first\n", "")


def test_hypothesis_resolves_the_shapes_without_pytest():
    code = """
from hypothesis import find, strategies as st
import hptsdk
print(type(find(st.from_type(hptsdk.shapes.Tag), lambda tag: True)).__name__)
"""
    assert without("pytest", code).stdout == "Tag\n"


def test_pytest_runs_with_the_plugin_without_hypothesis_and_the_local_service(tmp_path):
    (tmp_path / "test_it.py").write_text("def test_it(stub_transport, memory_transport): pass")
    blocked = "hypothesis _hypothesis_pytestplugin optuna psutil regex waitress typer ruamel"
    options = ["-p", "hptsdk.testing.plugin", "-p", "no:cacheprovider", "-c", str(tmp_path / "pytest.ini")]
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    code = f"""
import os
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
import pytest
sys.exit(pytest.main({[*options, str(tmp_path)]}))
"""
    result = without(blocked, code)
    assert " 1 passed in " in result.stdout, result.stdout + result.stderr
