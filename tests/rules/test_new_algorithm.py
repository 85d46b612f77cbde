"""An algorithm that is added as one data file has its rules, its facts and its page."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bases import BUILTIN, changed

import hptsdk

EXTENSION = Path(__file__).parents[2] / "docs" / "_ext"
FILE = """
{
  "title": "Random rotation",
  "repositories": ["random-rotation"],
  "page": "dg/random-rotation",
  "tuning_page": "dg/random-rotation-tuning",
  "hyperparameters_page": "dg/random-rotation-hyperparameters",
  "sources": ["dg/random-rotation"],
  "read": "2026-11-27",
  "input_modes": ["File"],
  "network_isolation": false,
  "instances": {
    "gpu": "required",
    "max_count": 1
  },
  "channels": {
    "train": {"required": true},
    "test": {}
  },
  "content_types": {
    "text/csv": {}
  },
  "metrics": {
    "test:angle": {"direction": "Minimize", "channel": "test", "only_if": {"kind": ["plane"]}},
    "train:angle": {"direction": "Minimize", "objective": false}
  },
  "hyperparameters": {
    "turns": {"type": "integer", "min": 1, "required": true, "aliases": ["rotations"]},
    "depth": {"type": "integer", "min": 1, "max": 90, "range": "Integer", "recommended": [20, 80]},
    "kind": {"type": "text", "values": ["plane", "space"], "default": "plane"},
    "speed": {"type": "float", "min": 0, "only_if": {"kind": ["space"]}}
  }
}
"""
# Reads requests from standard input, and prints their violations and advice, and the facts about the algorithm.
PROGRAM = """
import json, sys
import hptsdk
from algorithm_pages import algorithm_text, algorithms_text

request = hptsdk.shapes.CreateHyperParameterTuningJobRequest
rules = []
for document in json.load(sys.stdin):
    try:
        rules.append([advice.rule for advice in hptsdk.advise(hptsdk.from_wire(request, document))])
    except hptsdk.errors.InvalidShapeError as error:
        rules.append([violation.rule for violation in error.violations])
image = document["TrainingJobDefinition"]["AlgorithmSpecification"]["TrainingImage"]
print(json.dumps({
    "package": hptsdk.__file__,
    "rules": rules,
    "algorithm": repr(hptsdk.schema.algorithm_of(image)),
    "is_listed": hptsdk.schema.algorithm_of(image) in hptsdk.schema.algorithms(),
    "ranges": repr(hptsdk.default_ranges("random-rotation")),
    "page": algorithm_text("random-rotation"),
    "table": algorithms_text(),
}))
"""

JOB, CONFIG = "TrainingJobDefinition", "HyperParameterTuningJobConfig"
OBJECTIVE, RANGES = f"{CONFIG}.HyperParameterTuningJobObjective", f"{CONFIG}.ParameterRanges"
STATIC, CHANNELS, RESOURCES = f"{JOB}.StaticHyperParameters", f"{JOB}.InputDataConfig", f"{JOB}.ResourceConfig"
VALID = changed(
    BUILTIN,
    {
        f"{JOB}.AlgorithmSpecification.TrainingImage": "382416733822.dkr.ecr.us-east-1.amazonaws.com/random-rotation:1",
        STATIC: {"turns": "3"},
        OBJECTIVE: {"Type": "Minimize", "MetricName": "test:angle"},
        RANGES: {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "20", "MaxValue": "80"}]},
        f"{CHANNELS}.1.ChannelName": "test",
        f"{RESOURCES}.InstanceType": "ml.g5.xlarge",
    },
)
REALS = {"ContinuousParameterRanges": [{"Name": "depth", "MinValue": "20", "MaxValue": "80"}]}
VIOLATIONS = {
    "objective-type-of-the-algorithm": {f"{OBJECTIVE}.Type": "Maximize"},
    "objective-is-a-metric-of-the-algorithm": {f"{OBJECTIVE}.MetricName": "train:angle"},
    "objective-needs-its-channel": {f"{CHANNELS}.1": None},
    "objective-fits-the-hyperparameters": {f"{STATIC}.kind": "space"},
    "hyperparameter-of-the-algorithm": {f"{STATIC}.wings": "2"},
    "hyperparameter-value-is-allowed": {f"{STATIC}.turns": "0"},
    "hyperparameter-has-an-effect": {f"{STATIC}.speed": "2"},
    "one-name-for-one-hyperparameter": {f"{STATIC}.rotations": "3"},
    "algorithm-has-what-it-needs": {f"{STATIC}.turns": None},
    "algorithm-lets-it-be-tuned": {f"{RANGES}.IntegerParameterRanges.0.MaxValue": "91"},
    "range-type-of-the-algorithm": {RANGES: REALS},
    "built-in-takes-plain-text": {f"{STATIC}.turns": '"3"'},
    "built-in-defines-its-metrics": {
        f"{JOB}.AlgorithmSpecification.MetricDefinitions": [{"Name": "x", "Regex": "x=(.+);"}]
    },
    "channel-is-read": {f"{CHANNELS}.2": VALID[JOB]["InputDataConfig"][0] | {"ChannelName": "validation"}},
    "algorithm-has-its-channels": {f"{CHANNELS}.0": None},
    "content-type-is-read": {f"{CHANNELS}.0.ContentType": "text/libsvm"},
    "input-mode-is-supported": {f"{CHANNELS}.0.InputMode": "Pipe"},
    "instance-count-is-supported": {f"{RESOURCES}.InstanceCount": 2},
    "processor-is-supported": {f"{RESOURCES}.InstanceType": "ml.m5.xlarge"},
    "network-isolation-is-supported": {f"{JOB}.EnableNetworkIsolation": True},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return what a copy of the package with one more data file prints about the valid and the changed requests."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(Path(hptsdk.__file__).parent, folder / "hptsdk", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "hptsdk/rules/facts/algorithms/random-rotation.json").write_text(FILE)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([*(changed(VALID, change) for change in VIOLATIONS.values()), VALID]),
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(EXTENSION)]), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    results = json.loads(done.stdout)
    assert Path(results["package"]).parent == folder / "hptsdk"
    return results


def test_each_rule_of_algorithms_applies(results):
    *reported, of_the_valid_request = results["rules"]
    assert reported == [[rule] for rule in VIOLATIONS]
    assert of_the_valid_request == []


def test_its_image_is_recognized(results):
    assert results["algorithm"] == "Algorithm(name='random-rotation')"
    assert results["is_listed"]


def test_it_has_default_ranges(results):
    assert "IntegerParameterRange(name='depth', min_value='20', max_value='80')" in results["ranges"]


def test_it_has_a_page(results):
    assert "| `depth` | integer | at least 1, at most 90 |  |  |" in results["page"]
    assert "[Random rotation](random-rotation.md)" in results["table"]
