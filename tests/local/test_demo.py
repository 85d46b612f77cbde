"""The demo of the project and of the command line: its first output, and its output after Ctrl-C."""

import runpy
import sys
import tempfile
from pathlib import Path

import pytest

import hptsdk
from hptsdk.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "demo.py"


def use_folder(folder, patch):
    """Use a folder for the files of a demo instead of a new temporary one."""
    create = tempfile.mkdtemp
    own = f"{folder}"
    patch.setattr(tempfile, "mkdtemp", lambda *args, **options: own if "prefix" in options else create(*args))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    use_folder(tmp_path, monkeypatch)


def test_the_command_prints_what_it_does_before_it_loads_the_local_service(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "hptsdk.local", None)
    assert main(["demo"]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Tunes a small function: 12 training jobs")
    assert second == f"Its files are in {tmp_path}"


def test_the_example_prints_what_it_does_before_it_loads_other_packages(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "numpy", None)
    tune = runpy.run_path(str(EXAMPLE))["tune"]
    with pytest.raises(ImportError):
        tune(tmp_path)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Tunes gradient boosting on this machine: 20 training jobs")
    assert second == f"Its files are in {tmp_path}"


@pytest.mark.long
def test_the_command_names_a_model_and_a_report_that_exist(capsys):
    assert main(["demo"]) == 0
    lines = capsys.readouterr().out.splitlines()
    paths = [line.rsplit(": ", 1)[1] for line in lines if line.startswith(("Its model: ", "Report with plots: "))]
    assert [(Path(path).name, Path(path).is_file()) for path in paths] == [
        ("model.tar.gz", True),
        ("report.html", True),
    ]


def test_after_ctrl_c_the_command_prints_how_to_continue(monkeypatch, capsys, tmp_path):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(hptsdk.TuningJob, "wait", interrupted)
    assert main(["demo"]) == 130
    serve, watch = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  hptsdk ")]
    assert serve == f"hptsdk local serve --root {tmp_path}/runs"
    assert watch == f"hptsdk watch demo --local {tmp_path}/runs"
