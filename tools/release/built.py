"""The distributions that the session `package` has built, and environments with them."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from functools import cache
from itertools import chain
from pathlib import Path

SOURCE = Path(os.environ["RELEASE_SOURCE"]).absolute()
DIST = Path(os.environ["RELEASE_DIST"]).absolute()
PROJECT = tomllib.loads((SOURCE / "pyproject.toml").read_text())["project"]
[WHEEL] = DIST.glob("*.whl")
[SDIST] = DIST.glob("*.tar.gz")

# commands get no variables of Python, AWS or pytest, such as a path to this checkout
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AWS_", "PYTEST_"))}


def run(*command, cwd=None, **variables):
    """Run a command with these environment variables, and return its result, with any exit code."""
    arguments = [str(argument) for argument in command]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=cwd, env=PLAIN | variables)


def succeed(*command, cwd=None, **variables):
    """Run a command that must succeed, and return its output."""
    result = run(*command, cwd=cwd, **variables)
    assert result.returncode == 0, f"{command[0]} ended with {result.returncode}\n{result.stdout}{result.stderr}"
    return result.stdout


def tool(name, *arguments, cwd=SOURCE):
    """Run a command of the session's environment that must succeed, and return its output."""
    return succeed(Path(sys.executable).parent / name, *arguments, cwd=cwd)


@cache
def wheel_files():
    """Return the size of each file in the wheel in bytes, by its path."""
    with zipfile.ZipFile(WHEEL) as archive:
        return {info.filename: info.file_size for info in archive.infolist()}


@cache
def sdist_files():
    """Return the paths of the files in the sdist."""
    with tarfile.open(SDIST) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def oldest():
    """Return the oldest allowed versions of the dependencies of the project and its extras, as requirements."""
    requirements = [*PROJECT["dependencies"], *chain.from_iterable(PROJECT["optional-dependencies"].values())]
    return [re.sub(r">=([\w.]+).*", r"==\1", each) for each in requirements if ">=" in each]


class Installed:
    """A new virtual environment with the wheel.

    Args:
        folder: the folder of the environment.
        interpreter: the path of its Python.
        extra: the extras of the wheel, separated by commas; empty for none.
        *more: requirements that are also installed.
    """

    def __init__(self, folder, interpreter, extra, *more):
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.command = folder / "bin" / "hptsdk"
        succeed("uv", "venv", "--quiet", "--python", interpreter, folder)
        self.install(f"{WHEEL}[{extra}]" if extra else WHEEL, *more)

    def install(self, *what):
        """Install requirements."""
        succeed("uv", "pip", "install", "--quiet", "--python", self.python, *what)

    def packages(self):
        """Return the names of the installed packages."""
        output = succeed("uv", "pip", "list", "--quiet", "--format", "freeze", "--python", self.python)
        return {line.partition("==")[0].partition(" ")[0] for line in output.splitlines()}
