"""The command `hptsdk local env`."""

import json
import subprocess

import pytest
from command_line import run

from hptsdk.local import LocalService


@pytest.fixture
def service(tmp_path):
    with LocalService(tmp_path / "a 'root'") as service:
        yield service


def test_it_prints_the_variables_as_json(service):
    done = run("local", "env", "--root", service.root, "--output", "json")
    assert (done.returncode, json.loads(done.stdout)) == (0, service.environment())


def test_a_shell_can_evaluate_its_text(service):
    done = run("local", "env", "--root", service.root)
    script = f'{done.stdout}\nprintf "%s " "$AWS_ENDPOINT_URL_S3" "$SAGEMAKER_USER_CONFIG_OVERRIDE"'
    printed = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout  # noqa: S603 - its own text
    assert printed == f"{service.endpoint_url} {service.root / 'sagemaker-sdk.yaml'} "


def test_a_relative_root_is_the_same_root(service, monkeypatch):
    monkeypatch.chdir(service.root.parent)
    done = run("local", "env", "--root", service.root.name, "--output", "json")
    assert json.loads(done.stdout) == service.environment()


def test_a_root_without_a_running_service_is_an_error_with_the_command_that_starts_it(service):
    service.close()
    done = run("local", "env", "--root", service.root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no local service runs for" in done.stderr
    assert "hptsdk local serve --root" in done.stderr


def test_a_folder_that_is_no_root_is_an_error(tmp_path):
    done = run("local", "env", "--root", tmp_path / "missing")
    assert (done.returncode, done.stderr.startswith("hptsdk: --root: the folder ")) == (1, True), done.stderr
