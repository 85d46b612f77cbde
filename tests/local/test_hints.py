"""The commands in messages of the local service and the command line work when they are copied."""

import re
import shlex
from contextlib import contextmanager

import pytest
from running import IMAGE, job, shell, until
from test_demo import use_folder
from test_serve_command import in_a_thread, interrupted, status

import hptsdk
from hptsdk.cli import main
from hptsdk.local import LocalService


def commands(text):
    """Return the commands of hptsdk in a message, each of which is at the end of a line."""
    return [match[0] for match in re.finditer(r"hptsdk (?:local serve|watch|list|describe) .*", text)]


def interrupt(*_, **__):
    """Raise the exception of Ctrl-C."""
    raise KeyboardInterrupt


def run(command):
    """Run a command of hptsdk as it is written, and return its exit code."""
    return main(shlex.split(command)[1:])


@contextmanager
def serving(command, root):
    """Run a command that starts a service, and wait until it listens."""
    (root / "endpoint").unlink(missing_ok=True)
    with in_a_thread(command):
        until((root / "endpoint").exists)
        yield


@pytest.fixture
def root(tmp_path):
    """Return the root of an interrupted tuning job, whose program ends if it runs again."""
    root = interrupted(tmp_path, shell(f"[ -e '{tmp_path}/go' ] || exec sleep 60; echo loss=1"))
    (tmp_path / "go").touch()
    return root


def test_the_command_for_a_root_without_a_service(root, capsys):
    assert main(["watch", "demo", "--local", str(root)]) == 1
    (command,) = commands(capsys.readouterr().err)
    with in_a_thread(command):
        until(lambda: status(root) == "Completed")


def test_the_command_at_the_end_of_a_service(tmp_path, capsys):
    root = interrupted(tmp_path, shell(f"[ -e '{tmp_path}/go' ] || exec sleep 60; echo loss=1"))
    with serving(f"hptsdk local serve --root {root}", root):
        pass
    (command,) = commands(capsys.readouterr().err.partition("to continue them")[2])
    (tmp_path / "go").touch()
    with in_a_thread(command):
        until(lambda: status(root) == "Completed")


def test_the_command_after_an_interrupted_watch(root, capsys, monkeypatch):
    with serving(f"hptsdk local serve --root {root}", root):
        until(lambda: status(root) == "Completed")
        with monkeypatch.context() as patch:
            patch.setattr(hptsdk.TuningJob, "wait", interrupt)
            assert main(["watch", "demo", "--local", str(root)]) == 130
        (command,) = commands(capsys.readouterr().err)
        assert run(command) == 0


def test_the_command_for_a_name_that_does_not_exist(root, capsys):
    with serving(f"hptsdk local serve --root {root}", root):
        assert main(["describe", "another", "--local", str(root)]) == 1
        (command,) = commands(capsys.readouterr().err)
        assert run(command) == 0
    assert "demo" in capsys.readouterr().out


def test_the_commands_after_an_interrupted_wait(tmp_path):
    program = shell(f"[ -e '{tmp_path}/go' ] || exec sleep 60; echo loss=1")

    def wait():
        with LocalService(tmp_path / "root", images={IMAGE: program}) as service:
            handle = service.client().create(job().build())
            handle.wait(on_update=interrupt)

    with pytest.raises(KeyboardInterrupt) as error:
        wait()
    (tmp_path / "go").touch()
    serve, watch = commands("\n".join(error.value.__notes__))
    with serving(serve, tmp_path / "root"):
        assert run(watch) == 0


@pytest.mark.long
def test_the_commands_after_an_interrupted_demo(tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        use_folder(tmp_path, patch)
        patch.setattr(hptsdk.TuningJob, "wait", interrupt)
        assert main(["demo"]) == 130
    (tmp_path / "train.py").write_text("print('loss=1')")
    serve, watch = commands(capsys.readouterr().out)
    with serving(serve, tmp_path / "runs"):
        assert run(watch) == 0
