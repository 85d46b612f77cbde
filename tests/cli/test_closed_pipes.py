"""A pipe that its reader closes does not change the exit code of a command."""

import os
import sys

import pytest

from hptsdk.cli import main


@pytest.fixture(params=["stdout", "stderr"])
def closed(request, monkeypatch):
    """Replace a standard stream by a pipe that its reader has closed."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", buffering=1 if request.param == "stderr" else -1) as stream:
        monkeypatch.setattr(sys, request.param, stream)
        yield


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["schema"], 0), (["--version"], 0), (["validate", "missing.json"], 1), (["describe", "--nothing"], 2)],
    ids=["success", "version", "failure", "usage"],
)
def test_a_closed_pipe_does_not_change_the_exit_code(closed, arguments, code):
    assert main(arguments) == code


def test_what_is_written_to_a_pipe_is_complete(monkeypatch):
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["--version"]) == 0
    with os.fdopen(reader) as content:
        assert content.read().startswith("hptsdk ")
