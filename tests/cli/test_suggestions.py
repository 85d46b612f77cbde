"""Suggested commands: they name the same service, and work when they are copied and run."""

import shlex
from pathlib import Path

import pytest
from command_line import IMAGE, request

import hptsdk
from hptsdk import TuningJob
from hptsdk.cli import main
from hptsdk.local import LocalService, Program


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Yield a service whose root has a space in its name."""
    root = tmp_path_factory.mktemp("local") / "my runs"
    program = Program(command=["/bin/sh", "-c", "echo loss=$SM_HP_RATE"], arguments="none")
    with LocalService(root, images={IMAGE: program}) as service:
        service.client().create(request("there", max_jobs=1)).wait(poll=0.05)
        yield service


@pytest.fixture(params=["local", "endpoint"])
def options(request, service, monkeypatch):
    """Return the options that select the service: its root, or its URL."""
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(service.root / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(service.root / "none"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    if request.param == "local":
        return ["--local", str(service.root)]
    return ["--profile", "default", "--region", "us-east-1", "--endpoint-url", service.endpoint_url]


def suggested(text):
    """Return the arguments of the command at the end of a text."""
    program, *arguments = shlex.split(text.strip()[text.strip().rindex("hptsdk ") :])
    assert program == "hptsdk"
    return arguments


def test_the_command_to_watch_again_works(options, monkeypatch, capsys):
    with monkeypatch.context() as interrupted:
        interrupted.setattr(TuningJob, "wait", _interrupt)
        assert main(["watch", "there", *options]) == 130
    message = capsys.readouterr().err
    assert message.startswith("there continues; watch it again with: hptsdk watch there --")
    assert main(suggested(message)) == 0
    assert capsys.readouterr().out.startswith("there: Completed")


def _interrupt(*_, **__):
    raise KeyboardInterrupt


def test_the_command_that_lists_jobs_after_a_missing_one_works(options, capsys):
    assert main(["describe", "absent", *options]) == 1
    message = capsys.readouterr().err
    assert "\nList the existing jobs with: hptsdk list --" in message
    assert main(suggested(message)) == 0
    assert "there" in capsys.readouterr().out


def test_the_command_that_lists_training_jobs_after_a_missing_one_works(options, capsys):
    assert main(["logs", "there", "--training-job", "absent", *options]) == 1
    message = capsys.readouterr().err
    assert "\nList the existing jobs with: hptsdk jobs there --" in message
    assert main(suggested(message)) == 0
    assert "there-001" in capsys.readouterr().out


def test_the_command_that_starts_a_local_service_works(tmp_path, monkeypatch, capsys):
    root = tmp_path / "my root"
    LocalService(root).close()
    assert main(["stop", "demo", "--local", str(root)]) == 1
    served = []

    def serve(root, **_):
        served.append(root)
        raise KeyboardInterrupt

    monkeypatch.setattr("hptsdk.local.LocalService", serve)
    assert main(suggested(capsys.readouterr().err)) == 130
    assert served == [str(root)]


def test_the_message_for_an_existing_job_has_the_option_that_returns_it(service, tmp_path, capsys):
    path = tmp_path / "job.json"
    path.write_text(hptsdk.dumps(request("there", max_jobs=1)))
    assert main(["create", str(path), "--local", str(service.root)]) == 1
    message = capsys.readouterr().err
    assert ("--if-exists return" in message, "if_exists" in message, "unique_name" in message) == (True, False, False)
    assert main(["create", str(path), "--local", str(service.root), "--if-exists", "return"]) == 0


# --- other messages ---


@pytest.mark.parametrize("name", ["job.json", "job.json/runs"])
def test_a_file_as_the_root_or_above_it_is_an_error(tmp_path, name, capsys):
    Path(tmp_path, "job.json").touch()
    assert main(["list", "--local", str(tmp_path / name)]) == 1
    assert capsys.readouterr().err == (
        f"hptsdk: --local: {tmp_path / name} is not a folder; use the folder that a service was started with\n"
    )


@pytest.mark.parametrize("other", ["--profile", "--endpoint-url"])
def test_two_services_at_once_are_wrong_usage(tmp_path, other, capsys):
    assert main(["list", "--local", str(tmp_path), other, "x"]) == 2


def test_the_message_for_missing_credentials_names_the_options(tmp_path, monkeypatch, capsys):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert main(["list", "--region", "us-east-1"]) == 1
    assert "--profile" in capsys.readouterr().err


def test_the_message_for_a_file_that_cannot_be_written_has_no_error_number(service, tmp_path, capsys):
    path = tmp_path / "none" / "page.html"
    assert main(["report", "there", "--file", str(path), "--local", str(service.root)]) == 1
    assert capsys.readouterr().err == f"hptsdk: {path}: No such file or directory\n"
