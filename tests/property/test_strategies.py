"""Strategies: validity, few rejections, shrinking, and `from_type`."""

import os
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings, strategies as st
from hypothesis.errors import InvalidArgument

import hptsdk
from hptsdk import schema, shapes
from hptsdk.testing import strategies

REQUEST = shapes.CreateHyperParameterTuningJobRequest
EVERY = pytest.mark.parametrize("cls", schema.all_shapes(), ids=lambda cls: cls.__name__)


# --- validity ---


@pytest.mark.long
@EVERY
@given(data=st.data())
def test_a_drawn_instance_is_equal_after_a_round_trip(cls, data):
    shape = data.draw(strategies.shapes(cls))
    assert hptsdk.from_wire(cls, hptsdk.to_wire(shape)) == shape


@given(data=st.data(), cls=st.sampled_from(schema.all_shapes()))
def test_a_drawn_document_is_read_as_an_instance(data, cls):
    assert isinstance(hptsdk.from_wire(cls, data.draw(strategies.wire(cls))), cls)


@pytest.mark.parametrize("cls", [str, "Tag", None])
def test_shapes_are_of_classes_of_shapes(cls):
    with pytest.raises(InvalidArgument, match=r"expected a class of hptsdk\.shapes"):
        strategies.shapes(cls)


# --- rejections ---


def rejected(strategy, count):
    """Return the share of draws that a filter or the size limit rejects."""
    ends = Counter()

    @settings(max_examples=count, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def draw(data):
        try:
            data.draw(strategy)
        except BaseException:
            # Hypothesis ends some draws early to explore them, which is no rejection
            ends[data.conjecture_data.status if data.conjecture_data.max_choices is None else "cut"] += 1
            raise
        ends["whole"] += 1

    draw()
    del ends["cut"]
    return 1 - ends["whole"] / ends.total()


SOME = [shapes.ContinuousParameterRange, shapes.ResourceConfig, shapes.Channel, shapes.DatasetSource, shapes.Tag]


@pytest.mark.long
def test_of_requests_at_most_two_draws_in_a_hundred_are_rejected():
    assert rejected(strategies.requests(), 500) <= 0.02


@pytest.mark.long
def test_of_invalid_requests_at_most_two_draws_in_a_hundred_are_rejected():
    assert rejected(strategies.invalid_requests(), 500) <= 0.02


@pytest.mark.long
@pytest.mark.parametrize("cls", SOME)
def test_of_instances_at_most_two_draws_in_a_hundred_are_rejected(cls):
    assert rejected(strategies.shapes(cls), 300) <= 0.02


def test_a_filter_would_show_in_the_share_of_rejected_draws():
    assert rejected(st.integers(0, 9).filter(bool), 300) > 0.0


# --- shrinking ---

SMALLEST = {
    "HyperParameterTuningJobName": "a",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "a"},
        "ResourceLimits": {"MaxParallelTrainingJobs": 1},
    },
    "TrainingJobDefinition": {
        "AlgorithmSpecification": {"TrainingInputMode": "Pipe", "AlgorithmName": "a"},
        "RoleArn": "arn:aws:iam::000000000000:rolea",
        "OutputDataConfig": {"S3OutputPath": "s3://a"},
        "StoppingCondition": {},
    },
    "Autotune": {"Mode": "Enabled"},
}
QUIET = settings(database=None, derandomize=True, max_examples=500)


def smallest(strategy, condition):
    return hptsdk.to_wire(find(strategy, condition, settings=QUIET))


@pytest.mark.long
def test_the_smallest_request_has_required_members_only():
    assert smallest(strategies.requests(), lambda _: True) == SMALLEST


@pytest.mark.long
def test_the_smallest_request_with_tags_has_one_tag_more():
    document = smallest(strategies.requests(), lambda request: bool(request.tags))
    assert document == SMALLEST | {"Tags": [{"Key": "a", "Value": ""}]}


@pytest.mark.long
def test_the_smallest_request_with_a_warm_start_has_one_parent_more():
    document = smallest(strategies.requests(), lambda request: request.warm_start_config is not None)
    parents = [{"HyperParameterTuningJobName": "a1"}]
    warm = {"ParentHyperParameterTuningJobs": parents, "WarmStartType": "IdenticalDataAndAlgorithm"}
    assert document == SMALLEST | {"WarmStartConfig": warm}


@pytest.mark.long
def test_the_smallest_range_is_that_from_0_to_1():
    document = smallest(strategies.shapes(shapes.ContinuousParameterRange), lambda _: True)
    assert document == {"Name": "", "MinValue": "0", "MaxValue": "1"}


# --- from_type ---

PROGRAM = """
import sys
{before}
import hypothesis
from hptsdk.testing import hypothesis_plugin
hypothesis_plugin.register()
import hptsdk
from hypothesis import strategies as st
instance = hypothesis.find(st.from_type(hptsdk.shapes.{name}), lambda _: True)
print(type(instance).__name__)
"""


def program(source):
    """Run a program in a new process, and return its output."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", source], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.mark.long
@pytest.mark.parametrize("before", ["", "import hptsdk; hptsdk.shapes.Tag"])
@pytest.mark.parametrize("name", ["Tag", "CreateHyperParameterTuningJobRequest", "ListTagsOutput"])
def test_from_type_knows_a_class_loaded_before_or_after(before, name):
    assert program(PROGRAM.format(before=before, name=name)) == name


def test_the_entry_point_loads_neither_shapes_nor_strategies():
    source = """
import sys
from hptsdk.testing import hypothesis_plugin
hypothesis_plugin.register()
print(sorted({"hypothesis", "hptsdk.testing.strategies", "hptsdk._validation", "botocore"} & set(sys.modules)))
"""
    assert program(source) == "[]"


def test_importing_hptsdk_loads_no_hypothesis():
    source = """
import sys
import hptsdk, hptsdk.testing
hptsdk.shapes.Tag, hptsdk.testing.StubTransport
print("hypothesis" in sys.modules)
"""
    assert program(source) == "False"


def test_the_entry_point_is_in_the_metadata(pytestconfig):
    project = (pytestconfig.rootpath / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points.hypothesis]\nhptsdk = "hptsdk.testing.hypothesis_plugin:register"' in project
