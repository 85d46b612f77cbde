"""Strategies: validity, few rejections, shrinking, and `from_type`."""

import json
import os
import subprocess
import sys
from collections import Counter
from random import Random

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
    shape = data.draw(strategies.shapes(cls) | strategies.shapes(cls, extreme=True))
    assert hptsdk.from_wire(cls, hptsdk.to_wire(shape)) == shape


@given(data=st.data(), cls=st.sampled_from(schema.all_shapes()), extreme=st.booleans())
def test_a_drawn_document_is_read_as_an_instance(data, cls, extreme):
    assert isinstance(hptsdk.from_wire(cls, data.draw(strategies.wire(cls, extreme=extreme))), cls)


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
def test_no_plausible_request_is_rejected():
    assert rejected(strategies.requests(), 500) == 0


@pytest.mark.long
def test_of_extreme_requests_at_most_two_draws_in_a_hundred_are_rejected():
    assert rejected(strategies.requests(extreme=True), 500) <= 0.02


@given(strategies.requests())
def test_the_health_checks_pass_with_default_settings(request):
    assert isinstance(request, REQUEST)


@pytest.mark.long
def test_of_invalid_requests_at_most_two_draws_in_a_hundred_are_rejected():
    assert rejected(strategies.invalid_requests(), 500) <= 0.02


@pytest.mark.long
@pytest.mark.parametrize("cls", SOME)
def test_of_instances_at_most_two_draws_in_a_hundred_are_rejected(cls):
    assert rejected(strategies.shapes(cls, extreme=True), 300) <= 0.02


def test_a_filter_would_show_in_the_share_of_rejected_draws():
    assert rejected(st.integers(0, 9).filter(bool), 300) > 0.0


# --- shrinking ---

SMALLEST = {
    "HyperParameterTuningJobName": "tuning",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1},
        "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "lr", "MinValue": "0.001", "MaxValue": "0.1"}]},
    },
    "TrainingJobDefinition": {
        "AlgorithmSpecification": {
            "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(\\S+)"}],
        },
        "RoleArn": "arn:aws:iam::123456789012:role/tuning",
        "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {},
    },
}
# without `explain`, which varies the smallest example to describe it
PHASES = [Phase.generate, Phase.shrink]
QUIET = settings(database=None, derandomize=True, max_examples=2000, phases=PHASES)


def smallest(strategy, condition):
    return hptsdk.to_wire(find(strategy, condition, settings=QUIET))


def definitions_of(request):
    return request.training_job_definitions or (request.training_job_definition,)


def ranges_of(request):
    owners = [request.hyper_parameter_tuning_job_config.parameter_ranges]
    owners += [definition.hyper_parameter_ranges for definition in definitions_of(request)]
    return [ranges for ranges in owners if ranges is not None]


def channels_of(request):
    return [channel for definition in definitions_of(request) for channel in definition.input_data_config or ()]


def members_in(value, path=""):
    """Yield the paths of the members in a document, without indexes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}.{name}"
            yield from members_in(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from members_in(inner, path)


# Conditions, each with the members that the smallest request has and SMALLEST has not.
DEFINITION, CONFIG = ".TrainingJobDefinition", ".HyperParameterTuningJobConfig"
CHANNEL = f"{DEFINITION}.InputDataConfig"
HYPERBAND = (".HyperbandStrategyConfig", ".HyperbandStrategyConfig.MaxResource")
CHANNEL_MEMBERS = (
    "ChannelName",
    "CompressionType",
    "InputMode",
    "DataSource",
    "DataSource.S3DataSource",
    "DataSource.S3DataSource.S3DataType",
    "DataSource.S3DataSource.S3Uri",
)
CONDITIONS = {
    "managed spot training": (
        lambda request: any(definition.enable_managed_spot_training for definition in definitions_of(request)),
        {f"{DEFINITION}.EnableManagedSpotTraining", f"{DEFINITION}.StoppingCondition.MaxWaitTimeInSeconds"},
    ),
    "three tags": (lambda request: len(request.tags or ()) >= 3, {".Tags", ".Tags.Key", ".Tags.Value"}),
    "a categorical range with two values": (
        lambda request: any(
            len(item.values) == 2 for ranges in ranges_of(request) for item in ranges.categorical_parameter_ranges or ()
        ),
        {f"{CONFIG}.ParameterRanges.CategoricalParameterRanges{member}" for member in ("", ".Name", ".Values")},
    ),
    "a warm start": (
        lambda request: request.warm_start_config is not None,
        {
            ".WarmStartConfig",
            ".WarmStartConfig.WarmStartType",
            ".WarmStartConfig.ParentHyperParameterTuningJobs",
            ".WarmStartConfig.ParentHyperParameterTuningJobs.HyperParameterTuningJobName",
        },
    ),
    "Hyperband": (
        lambda request: request.hyper_parameter_tuning_job_config.strategy == "Hyperband",
        {f"{CONFIG}.StrategyConfig{member}" for member in ("", *HYPERBAND)},
    ),
    "a channel with Gzip": (
        lambda request: any(channel.compression_type == "Gzip" for channel in channels_of(request)),
        {CHANNEL, *(f"{CHANNEL}.{member}" for member in CHANNEL_MEMBERS)},
    ),
}


def compact(document):
    return json.dumps(document, separators=(",", ":"))


@pytest.mark.long
def test_the_smallest_request_is_that_of_a_tutorial():
    assert smallest(strategies.requests(), lambda _: True) == SMALLEST


def test_there_is_no_advice_about_the_smallest_request():
    assert hptsdk.advise(hptsdk.from_wire(REQUEST, SMALLEST)) == ()


@pytest.mark.long
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_request_shrinks_to_the_members_of_a_condition(condition):
    holds, allowed = CONDITIONS[condition]
    document = smallest(strategies.requests(), holds)
    assert set(members_in(document)) - set(members_in(SMALLEST)) <= allowed
    assert len(compact(document)) <= 1000


@pytest.mark.long
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_request_shrinks_to_at_most_1000_characters_from_any_first_example(condition):
    holds, _ = CONDITIONS[condition]
    quiet = settings(database=None, max_examples=2000, phases=PHASES)
    randoms = [Random(seed) for seed in range(12)]  # noqa: S311 - repeatable sequences
    examples = [find(strategies.requests(), holds, settings=quiet, random=random) for random in randoms]
    assert [example for example in examples if len(compact(hptsdk.to_wire(example))) > 1000] == []


@pytest.mark.long
def test_two_definitions_shrink_to_two_of_the_smallest():
    document = smallest(strategies.requests(), lambda request: len(definitions_of(request)) == 2)
    config, definition = SMALLEST["HyperParameterTuningJobConfig"], SMALLEST["TrainingJobDefinition"]
    in_list = definition | {
        "TuningObjective": config["HyperParameterTuningJobObjective"],
        "HyperParameterRanges": config["ParameterRanges"],
    }
    assert document == {
        "HyperParameterTuningJobName": "tuning",
        "HyperParameterTuningJobConfig": {name: config[name] for name in ("Strategy", "ResourceLimits")},
        "TrainingJobDefinitions": [in_list | {"DefinitionName": name} for name in ("first", "first1")],
    }


@pytest.mark.long
@pytest.mark.parametrize("draw", [strategies.shapes, strategies.wire, st.from_type], ids=lambda draw: draw.__name__)
def test_other_strategies_shrink_to_the_same_request(draw):
    document = find(draw(REQUEST), lambda _: True, settings=QUIET)
    assert document == SMALLEST if draw is strategies.wire else hptsdk.to_wire(document) == SMALLEST


@pytest.mark.long
def test_the_smallest_extreme_range_is_that_from_0_to_1():
    document = smallest(strategies.shapes(shapes.ContinuousParameterRange, extreme=True), lambda _: True)
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
def test_from_type_has_a_strategy_for_a_class_loaded_before_or_after(before, name):
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
