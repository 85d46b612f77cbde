"""The suggested command that opens a root again works when it is copied."""

import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from running import BUCKET, IMAGE, job, shell, until

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
    assert main(["describe", "demo", "--local", str(root)]) == 1
    return capsys.readouterr().err.partition("start one with: ")[2].strip()


def test_the_suggested_command_for_a_closed_root_continues_its_tuning_jobs(suggested, tmp_path):
    with in_a_thread(suggested):
        until(lambda: status(tmp_path / "root") == "Completed")


@pytest.mark.long
def test_the_command_that_is_suggested_works_in_a_shell(suggested, tmp_path):
    with in_a_shell(suggested, tmp_path):
        until(lambda: status(tmp_path / "root") == "Completed")


def test_a_service_without_programs_prints_which_to_add_and_how(tmp_path, capsys):
    root = interrupted(tmp_path, shell("sleep 60"))
    with in_a_thread(f"hptsdk local serve --root {root}"):
        pass
    lines = capsys.readouterr().err.splitlines()
    assert f"  demo: no program for the image {IMAGE}" in lines
    assert lines[-1].strip() == serve_command(root)
    assert status(root) == "InProgress"


def test_a_command_names_programs_and_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    options = {"buckets": {BUCKET: "data"}, "file_systems": {"fs-12345678": "data"}, "region_name": "eu-west-1"}
    with LocalService("root", images={IMAGE: ["python", "a b.py"]}, algorithms={"mine": ["run"]}, **options):
        data = tmp_path / "data"
    assert serve_command("root") == (
        f"hptsdk local serve --root root --image \"{IMAGE}=python 'a b.py'\" --algorithm mine=run "
        f"--bucket {BUCKET}={data} --file-system fs-12345678={data} --region eu-west-1"
    )


@pytest.mark.parametrize("text", ["a 'b' c", "it's $HOME", '\'`x` "y" \\\\ !!', "''", "a'\"'\"'b"])
def test_a_shell_reads_the_arguments_of_the_suggested_command(tmp_path, text):
    LocalService(tmp_path, images={IMAGE: ["python", text]}).close()
    command = serve_command(tmp_path)
    script = command.replace("hptsdk local serve", "printf '%s\\n'")
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - prints its arguments
    image, _, program = done.stdout.splitlines()[3].partition("=")
    assert (image, shlex.split(program)) == (IMAGE, ["python", text])
    assert value_of("--image", command) == f"{IMAGE}={program}"


def test_a_suggested_command_changes_to_the_folder_in_which_it_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    LocalService("root").close()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir("other")
    assert serve_command("../root") == f"cd {tmp_path} && hptsdk local serve --root {Path('../root').absolute()}"


@pytest.mark.parametrize(("arguments", "passed"), [("script", "1 --rate 0.5"), ("train", "1 train"), ("none", "1")])
def test_a_suggested_command_passes_the_arguments_of_the_program(tmp_path, arguments, passed):
    echo = shutil.which("echo")
    LocalService(tmp_path, images={IMAGE: Program(command=[echo, "1"], arguments=arguments)}).close()
    image, _, text = value_of("--image", serve_command(tmp_path)).partition("=")
    done = subprocess.run([*shlex.split(text), "--rate", "0.5"], capture_output=True, text=True, check=True)  # noqa: S603 - what is suggested
    assert (image, done.stdout.strip()) == (IMAGE, passed)


def test_a_suggested_command_takes_variables_of_a_program_from_the_shell(tmp_path):
    LocalService(tmp_path, images={IMAGE: Program(command=["run"], environment={"TOKEN": "secret-value"})}).close()
    command = serve_command(tmp_path)
    assert command.startswith('TOKEN="${TOKEN:?}" hptsdk local serve ')
    environment = {name: value for name, value in os.environ.items() if name != "TOKEN"}
    done = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - likewise
    assert done.returncode == 2
    assert "TOKEN" in done.stderr


def test_a_command_names_the_sampler_unless_it_is_the_default(tmp_path, monkeypatch):
    monkeypatch.setattr("hptsdk.local._arguments.find_spec", lambda name: name)
    LocalService(tmp_path, sampler="gp").close()
    assert value_of("--sampler", serve_command(tmp_path)) == "gp"


def test_a_suggested_command_has_command_for_an_unknown_program(tmp_path):
    root = interrupted(tmp_path, shell("sleep 60"))
    (root / "options.json").unlink()
    with pytest.warns(UserWarning, match=f"\\[\\.\\.\\.\\], image='{IMAGE}'"), LocalService(root) as service:
        assert value_of("--image", serve_command(root, missing=service.missing_programs)) == f"{IMAGE}=COMMAND"


def test_a_command_names_the_limits_unless_they_are_the_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    limits = "--quota max_parallel_jobs=200 --quota max_metrics=3 --max-parallel 7"
    with in_a_thread(f"hptsdk local serve --root root {limits}"):
        until((tmp_path / "root" / "endpoint").exists)
    assert serve_command("root") == f"hptsdk local serve --root root {limits}"


@pytest.mark.parametrize("quota", ["max_nothing=1", "max_metrics=many", "max_metrics"])
def test_an_unknown_quota_is_a_usage_error(tmp_path, quota):
    assert main(["local", "serve", "--root", str(tmp_path), "--quota", quota]) == 2


def test_the_service_takes_a_sampler_by_its_name(tmp_path, capsys):
    assert main(["local", "serve", "--root", str(tmp_path), "--sampler", "auto"]) == 2
    assert "expected one of tpe, gp, got 'auto'" in capsys.readouterr().err
