"""The suggested command that opens a root again works when it is copied."""

import os
import shlex
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from importlib.machinery import ModuleSpec
from threading import Thread
from types import ModuleType

import attrs
import pytest
from running import IMAGE, job, run, shell, until

from hptsdk.cli import main
from hptsdk.local import LocalService, Program, serve_command


def value_of(option, command):
    """Return the value of an option of a command."""
    words = shlex.split(command)
    return words[words.index(option) + 1]


@contextmanager
def in_a_thread(command):
    """Run a command of hptsdk in a thread of this process, which is faster than another process."""
    program, *arguments = shlex.split(command)
    assert program == "hptsdk"
    handlers = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signal, "signal", lambda _, handler: handlers.append(handler))
        thread = Thread(target=main, args=(arguments,))
        thread.start()
        try:
            yield
        finally:
            until(lambda: handlers)
            handlers[0](signal.SIGINT, None)
            thread.join()


@contextmanager
def in_a_shell(command, folder):
    """Run a command in a shell, like a user who copies it."""
    script = folder / "bin" / "hptsdk"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; from hptsdk.cli import main; main()" "$@"\n')
    script.chmod(0o700)
    path = f"{script.parent}{os.pathsep}{os.environ['PATH']}"
    process = subprocess.Popen(  # noqa: S603 - the command that hptsdk suggests
        ["/bin/sh", "-c", f"exec {command}"], cwd=folder, env=os.environ | {"PATH": path}, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout.readline().startswith(b"listening on ")
        yield
    finally:
        process.terminate()
        process.communicate()


def interrupted_call(*_):
    """Raise the exception of Ctrl-C."""
    raise KeyboardInterrupt


def interrupted(folder, program, **options):
    """Return a root whose tuning job was interrupted."""
    with LocalService(folder / "root", images={IMAGE: program}, **options) as service:
        handle = service.client().create(job().build())
        until(lambda: len([s for s in handle.training_jobs() if s.training_start_time]) == 2)
    return folder / "root"


def status(root):
    """Return the status of the tuning job in the store of its root."""
    with closing(sqlite3.connect(root / "state.sqlite3")) as connection:
        return connection.execute("SELECT status FROM tuning_jobs").fetchone()[0]


@pytest.fixture
def suggested(tmp_path, monkeypatch, capsys):
    """Return the suggested command for the closed root of an interrupted tuning job."""
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "train it.sh"
    program.write_text(f"#!/bin/sh\n[ -e '{tmp_path}/go' ] || exec sleep 60\necho \"loss=1 $1\"\n")
    program.chmod(0o700)
    root = interrupted(tmp_path, ["./train it.sh"])
    (tmp_path / "go").touch()
    assert main(["stop", "demo", "--local", str(root)]) == 1
    return capsys.readouterr().err.partition("start one with: ")[2].strip()


def test_the_suggested_command_for_a_closed_root_continues_its_tuning_jobs(suggested, tmp_path):
    with in_a_thread(suggested):
        until(lambda: status(tmp_path / "root") == "Completed")


@pytest.mark.long
def test_the_command_that_is_suggested_works_in_a_shell(suggested, tmp_path):
    with in_a_shell(suggested, tmp_path):
        until(lambda: status(tmp_path / "root") == "Completed")


def test_the_same_command_without_the_programs_goes_on(tmp_path):
    root = interrupted(tmp_path, shell(f"[ -e '{tmp_path}/go' ] || exec sleep 60; echo loss=1"))
    (tmp_path / "go").touch()
    with in_a_thread(f"hptsdk local serve --root {root}"):
        until(lambda: status(root) == "Completed")


def test_a_service_logs_the_stored_programs_that_it_runs(tmp_path, capsys):
    LocalService(tmp_path / "root", images={IMAGE: ["echo", "it all"]}).close()
    with in_a_thread(f"hptsdk local serve --root {tmp_path / 'root'}"):
        pass
    assert f"image {IMAGE}: uses the stored program: echo 'it all'" in capsys.readouterr().err


def test_stored_programs_run_only_on_request(tmp_path):
    LocalService(tmp_path, images={IMAGE: ["run"]}).close()
    with LocalService(tmp_path) as service:
        assert not service._programs.images


def test_a_program_that_is_passed_replaces_the_stored_one(tmp_path):
    LocalService(tmp_path, images={IMAGE: ["echo"], "other:1": ["true"]}).close()
    with LocalService(tmp_path, images={IMAGE: ["printf"]}, stored_programs=True) as service:
        commands = {name: program.command for name, program in service._programs.images.items()}
    assert commands == {IMAGE: ("printf",), "other:1": ("true",)}


def test_a_stored_program_has_its_arguments_and_variables(tmp_path, monkeypatch):
    program = Program(command=["echo"], arguments="train", environment={"TOKEN": "secret-value"}, isolation="none")
    LocalService(tmp_path, images={IMAGE: program}, algorithms={"mine": program}).close()
    monkeypatch.setenv("TOKEN", "other-value")
    with LocalService(tmp_path, stored_programs=True) as service:
        stored = service._programs.images[IMAGE]
        assert service._programs.algorithms == {"mine": stored}
    assert stored == attrs.evolve(program, environment={"TOKEN": "other-value"})


def test_a_stored_program_is_missing_without_its_variables(tmp_path, monkeypatch):
    monkeypatch.delenv("TOKEN", raising=False)
    LocalService(tmp_path, images={IMAGE: Program(command=["echo"], environment={"TOKEN": "secret-value"})}).close()
    with LocalService(tmp_path, stored_programs=True) as service:
        assert not service._programs.images


def test_a_stored_program_whose_file_is_missing_leaves_its_tuning_job_in_progress(tmp_path, capsys):
    program = tmp_path / "train.sh"
    program.write_text("exec sleep 60\n")
    root = interrupted(tmp_path, ["/bin/sh", str(program)])
    program.unlink()
    with in_a_thread(f"hptsdk local serve --root {root}"):
        until((root / "missing-programs.json").exists)
    assert status(root) == "InProgress"
    message = f"image {IMAGE}: the stored program cannot start: there is no file {program}"
    assert message in capsys.readouterr().err


def test_a_stored_program_finds_the_modules_of_its_folder(tmp_path, monkeypatch):
    (tmp_path / "helper.py").write_text("print('loss=1')")
    monkeypatch.chdir(tmp_path)
    LocalService("root", images={IMAGE: ["python", "-m", "helper"]}).close()
    monkeypatch.chdir("/")
    with LocalService(tmp_path / "root", stored_programs=True) as service:
        assert run(service, job(max_jobs=1, parallel=1).build()).best is not None


def test_a_service_without_programs_prints_which_to_add_and_how(tmp_path, capsys):
    root = interrupted(tmp_path, shell("sleep 60"))
    (root / "options.json").unlink()
    with in_a_thread(f"hptsdk local serve --root {root}"):
        pass
    lines = capsys.readouterr().err.splitlines()
    assert f"  demo: no program for the image {IMAGE}" in lines
    assert lines[-2].endswith(
        "start the service again with this command; replace COMMAND with the program and its arguments:"
    )
    assert lines[-1].strip() == f"hptsdk local serve --root {root} --image {IMAGE}=COMMAND"
    assert status(root) == "InProgress"


def test_a_command_names_the_region_unless_it_is_the_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    LocalService("root", images={IMAGE: ["run"]}, region_name="eu-west-1").close()
    assert serve_command("root") == "hptsdk local serve --root root --region eu-west-1"


def test_a_shell_reads_the_root_of_the_suggested_command(tmp_path):
    root = tmp_path / "my $HOME"
    LocalService(root).close()
    script = serve_command(root).replace("hptsdk local serve", "printf '%s\\n'")
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - prints its arguments
    assert done.stdout.splitlines() == ["--root", str(root)]


# --- the end of a service ---


def test_a_service_ends_when_its_root_is_moved(tmp_path, capsys):
    ended = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signal, "signal", lambda *_: None)
        arguments = ["local", "serve", "--root", str(tmp_path / "root"), "--quiet"]
        thread = Thread(target=lambda: ended.append(main(arguments)))
        thread.start()
        until((tmp_path / "root" / "endpoint").exists)
        (tmp_path / "root").rename(tmp_path / "moved")
        thread.join(20)
    assert ended == [1]
    assert "was deleted, replaced or moved, so the service and its programs have ended" in capsys.readouterr().err


def test_an_interrupted_block_has_a_note_with_the_command_that_continues(tmp_path):
    def interrupt():
        with LocalService(tmp_path / "root", images={IMAGE: shell("sleep 60")}) as service:
            service.client().create(job().build())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as interrupted:
        interrupt()
    assert interrupted.value.__notes__ == [
        f"Unfinished tuning jobs: demo. To continue them, run:\n  hptsdk local serve --root {tmp_path / 'root'}"
    ]


def test_an_interrupted_wait_has_one_note(tmp_path):
    def interrupt():
        with LocalService(tmp_path / "root", images={IMAGE: shell("sleep 60")}) as service:
            handle = service.client().create(job().build())
            handle.wait(on_update=interrupted_call)

    with pytest.raises(KeyboardInterrupt) as interrupted:
        interrupt()
    (note,) = interrupted.value.__notes__
    assert f"  hptsdk local serve --root {tmp_path / 'root'}" in note.splitlines()


def test_a_suggested_command_takes_variables_of_a_program_from_the_shell(tmp_path):
    LocalService(tmp_path, images={IMAGE: Program(command=["echo"], environment={"TOKEN": "secret-value"})}).close()
    command = serve_command(tmp_path)
    assert command.startswith('TOKEN="${TOKEN:?}" hptsdk local serve ')
    environment = {name: value for name, value in os.environ.items() if name != "TOKEN"}
    done = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - likewise
    assert done.returncode == 2
    assert "TOKEN" in done.stderr


def test_a_command_names_the_sampler_unless_it_is_the_default(tmp_path, monkeypatch):
    torch = ModuleType("torch")
    torch.__spec__ = ModuleSpec("torch", None)
    monkeypatch.setitem(sys.modules, "torch", torch)
    LocalService(tmp_path, sampler="gp").close()
    assert value_of("--sampler", serve_command(tmp_path)) == "gp"


def test_a_suggested_command_has_command_for_an_unknown_program(tmp_path):
    root = interrupted(tmp_path, shell("sleep 60"))
    (root / "options.json").unlink()
    with pytest.warns(UserWarning, match=f"\\[\\.\\.\\.\\], image='{IMAGE}'"), LocalService(root) as service:
        assert value_of("--image", serve_command(root, missing=service.missing_programs)) == f"{IMAGE}=COMMAND"


def test_a_command_names_the_limits_unless_they_are_the_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    limits = "--quota max_metrics=3 --quota max_parallel_jobs=200 --max-parallel 7"
    with in_a_thread(f"hptsdk local serve --root root {limits}"):
        until((tmp_path / "root" / "endpoint").exists)
    assert serve_command("root") == f"hptsdk local serve --root root {limits}"


@pytest.mark.parametrize("quota", ["max_nothing=1", "max_metrics=many", "max_metrics"])
def test_an_unknown_quota_is_a_usage_error(tmp_path, quota):
    assert main(["local", "serve", "--root", str(tmp_path), "--quota", quota]) == 2


def test_the_service_takes_a_sampler_by_its_name(tmp_path, capsys):
    assert main(["local", "serve", "--root", str(tmp_path), "--sampler", "auto"]) == 2
    assert "expected one of tpe, gp, got 'auto'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "image"),
    [(IMAGE, IMAGE), (f"{IMAGE}=local/other:2", "local/other:2"), (f'{IMAGE}={{"arguments": ["go"]}}', "go")],
)
def test_the_option_container_runs_containers(engine, tmp_path, option, image):
    root = tmp_path / "root"
    with in_a_thread(shlex.join(["hptsdk", "local", "serve", "--root", str(root), "--container", option])):
        pass
    with LocalService(root, stored_programs=True) as service:
        run(service, job(max_jobs=1).build())
    assert image in engine.calls("run")[0]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (f"{IMAGE}=", f"--container {IMAGE}: expected IMAGE or IMAGE=LOCAL, got '{IMAGE}='"),
        (f'{IMAGE}={{"engine": "lxc"}}', 'expected "auto", "docker" or "podman", got \'lxc\''),
        (f'{IMAGE}={{"environment"', "invalid JSON"),
    ],
)
def test_a_wrong_container_is_an_error(tmp_path, capsys, option, message):
    assert main(["local", "serve", "--root", str(tmp_path / "root"), "--container", option]) != 0
    assert message in capsys.readouterr().err
