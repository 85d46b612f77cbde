"""What the session `package` built, and environments to install it into."""

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

# what is run has neither our own variables nor the path of this checkout
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AWS_", "PYTEST_"))}


def run(*command, cwd=None, **variables):
    """Run a command, whatever comes of it."""
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd, env=PLAIN | variables)


def done(*command, cwd=None, **variables):
    """Run a command that has to succeed, and give what it printed."""
    found = run(*command, cwd=cwd, **variables)
    assert found.returncode == 0, f"{command[0]} ended with {found.returncode}\n{found.stdout}{found.stderr}"
    return found.stdout


def tool(name, *arguments, cwd=SOURCE):
    """Run a tool of the session's environment that has to succeed."""
    return done(Path(sys.executable).parent / name, *arguments, cwd=cwd)


@cache
def wheel_files():
    """Give the files in the wheel, each with its size."""
    with zipfile.ZipFile(WHEEL) as archive:
        return {info.filename: info.file_size for info in archive.infolist()}


@cache
def sdist_files():
    """Give the files in the sdist, by their paths in the project."""
    with tarfile.open(SDIST) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def oldest():
    """Give the oldest versions that the project and its extras allow, where they name one."""
    needed = [*PROJECT["dependencies"], *chain.from_iterable(PROJECT["optional-dependencies"].values())]
    return [re.sub(r">=([\w.]+).*", r"==\1", each) for each in needed if ">=" in each]


class Installed:
    """An environment that has the wheel with one of its extras, and nothing else but what is named."""

    def __init__(self, folder, interpreter, extra, *more):
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.command = folder / "bin" / "hptsdk"
        done("uv", "venv", "--quiet", "--python", interpreter, folder)
        self.install(f"{WHEEL}[{extra}]" if extra else WHEEL, *more)

    def install(self, *what):
        """Install packages."""
        done("uv", "pip", "install", "--quiet", "--python", self.python, *what)

    def packages(self):
        """Give the names of the packages that are there."""
        found = done("uv", "pip", "list", "--quiet", "--format", "freeze", "--python", self.python)
        return {line.partition("==")[0].partition(" ")[0] for line in found.splitlines()}
