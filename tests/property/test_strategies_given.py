"""Strategies with fixed members: they are not changed, and the others are compatible; impossible values are errors."""

import attrs
import pytest
from hypothesis import find, given, settings, strategies as st
from hypothesis.errors import InvalidArgument

from hptsdk import schema, shapes
from hptsdk.testing import strategies

pytestmark = pytest.mark.long

QUIET = settings(database=None, derandomize=True, max_examples=500)


# --- overrides ---


@given(strategies.requests(strategy="Hyperband", definitions=3, name=st.just("x")))
def test_the_arguments_of_the_caller_are_not_changed(request):
    config = request.hyper_parameter_tuning_job_config
    assert (config.strategy, len(request.training_job_definitions), request.hyper_parameter_tuning_job_name) == (
        "Hyperband",
        3,
        "x",
    )


@pytest.mark.parametrize("strategy", ["Bayesian", "Random", "Hyperband", "Grid"])
@given(data=st.data())
def test_a_strategy_can_be_chosen(strategy, data):
    request = data.draw(strategies.requests(strategy=strategy))
    assert request.hyper_parameter_tuning_job_config.strategy == strategy


@given(strategies.requests(definitions=1))
def test_a_list_may_have_one_definition(request):
    assert request.training_job_definition is not None


@given(strategies.requests(definitions=st.integers(2, 4)))
def test_a_number_of_definitions_can_be_drawn(request):
    assert 2 <= len(request.training_job_definitions) <= 4


@given(strategies.requests(autotune=None, warm_start_config=None, tags=st.just([shapes.Tag(key="a", value="b")])))
def test_members_of_the_request_can_be_fixed(request):
    assert (request.autotune, request.warm_start_config, request.tags) == (
        None,
        None,
        (shapes.Tag(key="a", value="b"),),
    )


@given(
    strategies.requests(
        training_job_definition=strategies.shapes(
            shapes.HyperParameterTrainingJobDefinition,
            static_hyper_parameters={"a": "1", "0": "2"},
            tuning_objective=None,
        )
    )
)
def test_the_other_members_are_compatible_with_a_fixed_definition(request):
    assert request.training_job_definition.static_hyper_parameters == {"a": "1", "0": "2"}


@given(
    strategies.requests(
        hyper_parameter_tuning_job_config=strategies.shapes(
            shapes.HyperParameterTuningJobConfig, strategy="Hyperband", strategy_config=None
        )
    )
)
def test_the_other_members_are_compatible_with_a_fixed_configuration(request):
    config = request.hyper_parameter_tuning_job_config
    assert (config.strategy, config.strategy_config) == ("Hyperband", None)


GIVEN = [
    (shapes.ContinuousParameterRange, {"scaling_type": "Logarithmic"}),
    (shapes.ContinuousParameterRange, {"scaling_type": "ReverseLogarithmic", "min_value": "0.5"}),
    (shapes.ContinuousParameterRange, {"max_value": "-3"}),
    (shapes.IntegerParameterRange, {"min_value": "7", "scaling_type": "Logarithmic"}),
    (shapes.IntegerParameterRange, {"max_value": "2"}),
    (shapes.CategoricalParameterRange, {"values": ["a", "b"]}),
    (shapes.Channel, {"compression_type": "Gzip"}),
    (shapes.Channel, {"input_mode": "File"}),
    (shapes.ResourceConfig, {"volume_kms_key_id": "key"}),
    (
        shapes.ResourceConfig,
        {"volume_kms_key_id": "key", "instance_placement_config": shapes.InstancePlacementConfig()},
    ),
    (shapes.ResourceConfig, {"instance_type": "ml.m5.large"}),
    (shapes.ResourceConfig, {"keep_alive_period_in_seconds": 60}),
    (shapes.ResourceConfig, {"volume_size_in_gb": None}),
    (shapes.HyperParameterTuningResourceConfig, {"instance_type": "ml.g5.xlarge"}),
    (shapes.StoppingCondition, {"max_wait_time_in_seconds": 60}),
    (shapes.HyperbandStrategyConfig, {"min_resource": 100}),
    (shapes.HyperParameterTuningJobConfig, {"training_job_early_stopping_type": "Auto"}),
    (
        shapes.HyperParameterTuningJobConfig,
        {"resource_limits": shapes.ResourceLimits(max_number_of_training_jobs=1000, max_parallel_training_jobs=1)},
    ),
    (
        shapes.HyperParameterTuningJobConfig,
        {
            "strategy": "Grid",
            "resource_limits": shapes.ResourceLimits(max_number_of_training_jobs=60, max_parallel_training_jobs=1),
        },
    ),
    (shapes.HyperParameterAlgorithmSpecification, {"training_image": "mine:1"}),
    (shapes.HyperParameterTrainingJobDefinition, {"enable_managed_spot_training": True}),
    (shapes.HyperParameterTrainingJobDefinition, {"vpc_config": None}),
    (shapes.Tag, {"key": "team"}),
]


@pytest.mark.parametrize(("cls", "members"), GIVEN)
@given(data=st.data())
def test_the_other_members_are_compatible_with_the_fixed_ones(cls, members, data):
    shape = data.draw(strategies.shapes(cls, **members))
    assert attrs.evolve(shape, **members) == shape


STRICT = [cls for cls in schema.all_shapes() if not schema.of(cls).is_response and schema.of(cls).members]


@pytest.mark.long
@pytest.mark.parametrize("cls", STRICT, ids=lambda cls: cls.__name__)
@given(data=st.data())
def test_the_rest_fits_any_part_of_a_valid_instance(cls, data):
    """Any members of a valid instance can be fixed, since at least that instance has them."""
    whole = data.draw(strategies.shapes(cls))
    names = data.draw(st.sets(st.sampled_from([member.attribute for member in schema.of(cls).members]), min_size=1))
    members = {name: getattr(whole, name) for name in sorted(names)}
    shape = data.draw(strategies.shapes(cls, **members))
    assert attrs.evolve(shape, **members) == shape


def ranges_left_to_autotune(count):
    return shapes.ParameterRanges(
        auto_parameters=[shapes.AutoParameter(name=f"n{n}", value_hint="1") for n in range(count)]
    )


LIMITS = shapes.ResourceLimits(max_parallel_training_jobs=1, max_number_of_training_jobs=37)
SPECIFICATION = shapes.HyperParameterAlgorithmSpecification(algorithm_name="mine", training_input_mode="File")


def definition(**members):
    return shapes.HyperParameterTrainingJobDefinition(
        algorithm_specification=SPECIFICATION,
        role_arn="arn:aws:iam::123456789012:role/tuning",
        output_data_config=shapes.OutputDataConfig(s3_output_path="s3://bucket"),
        stopping_condition=shapes.StoppingCondition(),
        **members,
    )


# Members that restrict the others.
TIGHT = {
    "ranges beside which there is no room in a single definition": {
        "hyper_parameter_tuning_job_config": shapes.HyperParameterTuningJobConfig(
            strategy="Hyperband",
            resource_limits=shapes.ResourceLimits(max_parallel_training_jobs=1),
            parameter_ranges=ranges_left_to_autotune(100),
        )
    },
    "a grid of jobs that no ranges make": {
        "hyper_parameter_tuning_job_config": shapes.HyperParameterTuningJobConfig(
            strategy="Grid", resource_limits=LIMITS
        )
    },
    "a grid of jobs that the definitions make": {
        "hyper_parameter_tuning_job_config": shapes.HyperParameterTuningJobConfig(
            strategy="Grid", resource_limits=attrs.evolve(LIMITS, max_number_of_training_jobs=60)
        ),
        "autotune": None,
    },
    "as many static hyperparameters as may be": {
        "training_job_definition": definition(static_hyper_parameters={f"n{n}": "1" for n in range(99)})
    },
    "a search and a definition without ranges": {
        "training_job_definition": definition(),
        "hyper_parameter_tuning_job_config": strategies.shapes(
            shapes.HyperParameterTuningJobConfig,
            strategy="Random",
            parameter_ranges=None,
            hyper_parameter_tuning_job_objective=shapes.HyperParameterTuningJobObjective(
                type="Minimize", metric_name="loss"
            ),
        ),
    },
}


@pytest.mark.parametrize("part", TIGHT)
@given(data=st.data())
def test_the_other_members_are_compatible_with_a_restrictive_one(part, data):
    request = data.draw(strategies.requests(**TIGHT[part]))
    assert attrs.evolve(request) == request


def test_a_definition_with_100_static_hyperparameters_is_not_valid():
    full = definition(static_hyper_parameters={f"n{n}": "1" for n in range(100)})
    assert "[at-most-100-hyperparameters]" in refusal(strategies.requests(training_job_definition=full))


# --- impossible values ---


def refusal(strategy):
    """Return the message of the error that a draw raises."""
    with pytest.raises(InvalidArgument) as raised:
        find(strategy, lambda _: True, settings=QUIET)
    return str(raised.value)


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        (strategies.requests(name="not a name"), "[pattern]"),
        (strategies.requests(strategy="Guess"), "[enum]"),
        (strategies.requests(tags=7), "[type]"),
        (strategies.requests(autotune=None, tags=[shapes.Tag(key="a", value="")] * 2), "[tag-keys-differ]"),
        (strategies.shapes(shapes.ContinuousParameterRange, min_value="1", max_value="0"), "[minimum-below-maximum]"),
        (strategies.shapes(shapes.ContinuousParameterRange, min_value="low"), "[bounds-are-numbers]"),
        (strategies.shapes(shapes.ResourceConfig, selected_instance_count=1), "[selected-instances-are-not-sent]"),
        (strategies.requests(definitions=11), "a number from 1 to 10, got 11"),
        (strategies.requests(definitions="many"), "a number from 1 to 10, got 'many'"),
    ],
)
def test_the_error_for_impossible_values_has_the_reason(strategy, said):
    assert said in refusal(strategy)


def test_an_unknown_member_gets_a_suggestion():
    with pytest.raises(InvalidArgument, match="Tag has no member kye; did you mean 'key'"):
        strategies.shapes(shapes.Tag, kye="a")


def test_two_arguments_that_speak_of_the_same_are_refused():
    with pytest.raises(InvalidArgument, match="name and hyper_parameter_tuning_job_name set the same member"):
        strategies.requests(name="a", hyper_parameter_tuning_job_name="b")


def test_an_unknown_rule_gets_a_suggestion():
    with pytest.raises(InvalidArgument, match="violates a rule parents-difer; did you mean 'parents-differ'"):
        strategies.invalid_requests("parents-difer")


# --- instance types ---

KNOWN = set(schema.of(shapes.InstanceGroup).members[0].type.known_values)


def types_in(request, parts_of):
    return {name for part in parts_of(request) if (name := getattr(part, "instance_type", None)) is not None}


@settings(max_examples=40)
@given(request=strategies.requests())
def test_requests_have_known_instance_types(request, parts_of):
    assert types_in(request, parts_of) <= KNOWN


@given(resources=strategies.shapes(shapes.ResourceConfig))
def test_parts_of_requests_have_known_instance_types(resources, parts_of):
    assert types_in(resources, parts_of) <= KNOWN


def test_requests_have_unknown_instance_types_if_requested(drawn, parts_of):
    requests = drawn(strategies.requests(unknown_instance_types=True, definitions=1), 60)
    names = {name for request in requests for name in types_in(request, parts_of)}
    assert names - KNOWN
    assert all(name.startswith("ml.") for name in names)
