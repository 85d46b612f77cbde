"""The first half of noxfile.py, which selects the Python for the sessions."""

import ast
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]


@pytest.fixture
def noxfile(monkeypatch):
    """Return the names of the first half, which does not need nox."""
    monkeypatch.setattr(os, "environ", {**os.environ, "PYTHONUNBUFFERED": "1"})
    source, _, _ = (HERE / "noxfile.py").read_text().partition("import tomllib")
    names = {"__file__": str(HERE / "noxfile.py"), "__name__": "noxfile"}
    exec(compile(source, "noxfile.py", "exec"), names)  # noqa: S102 - the project's own file
    return names


def python(folder, version, *, code):
    """Create a command with the name of a Python that ends with an exit code."""
    command = folder / f"python{version}"
    command.write_text(f"#!/bin/sh\nexit {code}\n")
    command.chmod(0o755)
    return str(command)


def test_this_python_is_supported(noxfile):
    assert noxfile["THIS"] in noxfile["PYTHONS"]


def test_variables_of_python_have_no_effect_on_sessions(noxfile):
    assert "PYTHONUNBUFFERED" not in os.environ


def test_the_newest_working_supported_python_is_selected(noxfile, tmp_path):
    python(tmp_path, "3.13", code=1)
    expected = python(tmp_path, "3.12", code=0)
    python(tmp_path, "3.11", code=0)
    assert noxfile["newest_python"](str(tmp_path)) == expected


def test_an_unsupported_python_continues_with_a_supported_one(noxfile, tmp_path, monkeypatch):
    noxfile["THIS"] = "3.99"
    noxfile["pyenv_folders"] = lambda: [str(tmp_path)]
    command = tmp_path / "python3.14"
    command.write_text('#!/bin/sh\n[ "$1" = -c ] || exit 7\n')
    command.chmod(0o755)
    monkeypatch.setattr(sys, "argv", ["noxfile.py", "-s", "tests"])
    assert noxfile["main"]() == 7


def test_without_a_supported_python_it_fails(noxfile, monkeypatch, capsys):
    noxfile["THIS"] = "3.99"
    noxfile["pyenv_folders"] = list
    monkeypatch.setitem(os.environ, "PATH", "")
    assert noxfile["main"]() == 1
    assert "This is 3.99, and none of them is installed" in capsys.readouterr().out


def test_the_packages_of_a_session_are_locked_with_hashes():
    """Check all sessions except those with the newest botocore, and with a torch that depends on the machine.

    A package that is installed without its dependencies, the project or the newest SageMaker SDK, needs no lock.
    """
    sessions = [node for node in ast.parse((HERE / "noxfile.py").read_text()).body if isinstance(node, ast.FunctionDef)]
    unlocked = {
        session.name
        for session in sessions
        for call in ast.walk(session)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "session.install"
        and {"--require-hashes", "--no-deps"}.isdisjoint(ast.literal_eval(a) for a in call.args if is_text(a))
    }
    assert unlocked == {"model", "quality"}


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_no_session_downloads_a_python(noxfile):
    assert os.environ["UV_PYTHON_DOWNLOADS"] == "never"
    assert 'nox.options.download_python = "never"' in (HERE / "noxfile.py").read_text()
