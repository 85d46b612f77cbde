"""Options: the help and the completion list their values, and the message for a misspelt value has the closest one."""

import re
import subprocess
import sys
from importlib import import_module
from typing import get_args

import pytest
from command_line import run

import hptsdk
from hptsdk import enums, export
from hptsdk.cli import commands, main

CHOICES = {
    ("validate", "--output"): ("text", "json", "sarif"),
    ("convert", "--to"): ("ack", "airflow", "json", "pipelines", "python", "stepfunctions", "terraform", "yaml"),
    ("create", "--if-exists"): ("error", "return"),
    ("list", "--status"): get_args(enums.HyperParameterTuningJobStatus),
    ("jobs", "--status"): get_args(enums.TrainingJobStatus),
    ("jobs", "--sort"): ("name", "time", "status", "objective"),
    ("describe", "--output"): ("text", "json"),
}
EACH = pytest.mark.parametrize(("command", "option"), CHOICES)


@pytest.fixture
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("TERMINAL_WIDTH", "300")


def error_text(capsys):
    """Return the text on standard error, without the frames around it."""
    return " ".join(re.sub("[╭─╮│╰╯]", " ", capsys.readouterr().err).split())


@EACH
def test_help_lists_the_values_of_an_option(command, option, wide, capsys):
    assert main([command, "--help"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if option in line)
    assert "|".join(CHOICES[command, option]) in row


@EACH
def test_completion_offers_the_values_of_an_option(command, option, monkeypatch):
    monkeypatch.setenv("_HPTSDK_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"hptsdk {command} {option} ")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert tuple(run().stdout.split()) == CHOICES[command, option]


@EACH
def test_the_message_for_a_misspelt_value_has_the_closest_value(command, option, wide, capsys):
    word = CHOICES[command, option][0]
    assert main([command, "x", option, word[:-1] + "_"]) == 2
    expected = f"expected one of {', '.join(CHOICES[command, option])}, got '{word[:-1]}_'; did you mean '{word}'?"
    assert error_text(capsys).endswith(f"Invalid value for '{option}': {expected}")


def test_the_message_for_an_unlike_value_has_no_suggestion(wide, capsys):
    assert main(["jobs", "x", "--sort", "rate"]) == 2
    assert error_text(capsys).endswith("'--sort': expected one of name, time, status, objective, got 'rate'")


def test_the_message_for_an_unknown_quota_has_the_closest_one(wide, capsys):
    assert main(["local", "serve", "--root", "runs", "--quota", "max_metric=3"]) == 2
    assert error_text(capsys).endswith("got 'max_metric'; did you mean 'max_metrics'?")


def test_a_command_of_spaces_is_an_error_of_usage(wide, capsys):
    assert main(["local", "serve", "--root", "runs", "--image", "mine= "]) == 2
    assert error_text(capsys).endswith("--image: expected NAME=VALUE, got 'mine= '")


@pytest.mark.parametrize("option", ["--image", "--algorithm", "--bucket", "--file-system", "--quota"])
def test_the_message_for_a_name_without_a_value_names_the_option(option, wide, capsys):
    assert main(["local", "serve", "--root", "runs", option, "mine"]) == 2
    assert error_text(capsys).endswith(f"Invalid value: {option}: expected NAME=VALUE, got 'mine'")


@pytest.mark.parametrize("arguments", [[], ["list"], ["local", "serve"]])
def test_a_short_option_shows_the_help(arguments, capsys):
    assert main([*arguments, "--help"]) == 0
    long = capsys.readouterr().out
    assert main([*arguments, "-h"]) == 0
    assert capsys.readouterr().out == long


def test_the_help_imports_neither_shapes_nor_attrs():
    code = "import sys; from hptsdk.cli import main; main(['--help']); print(*sys.modules)"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - the command itself
    assert not {"hptsdk._validation", "attrs"} & {*process.stdout.splitlines()[-1].split()}


def test_the_version_is_shown(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"hptsdk {hptsdk.__version__}\n"


def test_an_interrupted_command_exits_with_130(monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(hptsdk.TuningClient, "list", interrupt)
    assert main(["list", "--region", "us-east-1"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_module_in_the_package_of_targets_is_a_target(tmp_path, monkeypatch, request_of_one):
    (tmp_path / "shouting.py").write_text("def convert(request): return type(request).__name__.upper()")
    package = import_module("hptsdk.export._targets")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    assert "shouting" in export.target_names()
    assert export.convert_request(request_of_one, "shouting") == type(request_of_one).__name__.upper()
    monkeypatch.delitem(sys.modules, "hptsdk.export._targets.shouting")


def test_a_module_in_the_package_of_commands_adds_its_command(tmp_path, monkeypatch, capsys):
    (tmp_path / "greeting.py").write_text(
        "import typer\napp = typer.Typer()\n@app.command()\ndef greet(): print('hello')"
    )
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "hptsdk.cli._main")
    assert main(["greet"]) == 0
    monkeypatch.delitem(sys.modules, "hptsdk.cli.commands.greeting")
    assert capsys.readouterr().out == "hello\n"
