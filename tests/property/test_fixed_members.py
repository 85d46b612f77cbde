"""Strategies with fixed members: these are not changed, the others are compatible, and impossible values are errors."""

import attrs
import pytest
from hypothesis import find, given, settings, strategies as st
from hypothesis.errors import InvalidArgument

from hptsdk import schema, shapes
from hptsdk.testing import strategies

pytestmark = pytest.mark.long

QUIET = settings(database=None, derandomize=True, max_examples=500)
PROFILES = pytest.mark.parametrize("extreme", [False, True], ids=["plausible", "extreme"])


# --- overrides ---


@PROFILES
@given(data=st.data())
def test_the_arguments_of_the_caller_are_not_changed(extreme, data):
    request = data.draw(
        strategies.requests(strategy="Hyperband", definitions=3, name=st.just("x"), spot=True, extreme=extreme)
    )
    config, definitions = request.hyper_parameter_tuning_job_config, request.training_job_definitions
    assert (config.strategy, len(definitions), request.hyper_parameter_tuning_job_name) == ("Hyperband", 3, "x")
    assert {definition.enable_managed_spot_training for definition in definitions} == {True}


@PROFILES
@pytest.mark.parametrize("strategy", ["Bayesian", "Random", "Hyperband", "Grid"])
@given(data=st.data())
def test_a_strategy_can_be_chosen(strategy, extreme, data):
    request = data.draw(strategies.requests(strategy=strategy, extreme=extreme))
    assert request.hyper_parameter_tuning_job_config.strategy == strategy


@PROFILES
@given(data=st.data())
def test_an_algorithm_can_be_chosen(extreme, data):
    request = data.draw(strategies.requests(algorithm="kmeans", extreme=extreme))
    definitions = request.training_job_definitions or (request.training_job_definition,)
    images = {definition.algorithm_specification.training_image for definition in definitions}
    assert {schema.algorithm_of(image).name for image in images} == {"kmeans"}


@PROFILES
@given(data=st.data())
def test_one_definition_is_not_in_the_list(extreme, data):
    request = data.draw(strategies.requests(definitions=1, extreme=extreme))
    assert request.training_job_definition is not None


@PROFILES
@given(data=st.data())
def test_a_number_of_definitions_can_be_drawn(extreme, data):
    request = data.draw(strategies.requests(definitions=st.integers(2, 4), extreme=extreme))
    assert 2 <= len(request.training_job_definitions) <= 4


@PROFILES
@pytest.mark.parametrize("spot", [False, True])
@given(data=st.data())
def test_all_definitions_use_spot_instances_or_none_does(spot, extreme, data):
    request = data.draw(strategies.requests(spot=spot, extreme=extreme))
    definitions = request.training_job_definitions or (request.training_job_definition,)
    assert {bool(definition.enable_managed_spot_training) for definition in definitions} == {spot}


@PROFILES
@pytest.mark.parametrize("warm_start", [False, True])
@given(data=st.data())
def test_a_request_has_a_warm_start_or_not(warm_start, extreme, data):
    request = data.draw(strategies.requests(warm_start=warm_start, extreme=extreme))
    assert (request.warm_start_config is not None) is warm_start


@PROFILES
@given(data=st.data())
def test_members_of_the_request_can_be_fixed(extreme, data):
    tags = (shapes.Tag(key="a", value="b"),)
    request = data.draw(
        strategies.requests(autotune=None, warm_start_config=None, tags=st.just([*tags]), extreme=extreme)
    )
    assert (request.autotune, request.warm_start_config, request.tags) == (None, None, tags)


@PROFILES
@given(data=st.data())
def test_the_other_members_are_compatible_with_a_fixed_definition(extreme, data):
    definition = strategies.shapes(
        shapes.HyperParameterTrainingJobDefinition,
        extreme=extreme,
        static_hyper_parameters={"a": "1", "0": "2"},
        tuning_objective=None,
    )
    request = data.draw(strategies.requests(training_job_definition=definition, extreme=extreme))
    assert request.training_job_definition.static_hyper_parameters == {"a": "1", "0": "2"}


@PROFILES
@given(data=st.data())
def test_the_other_members_are_compatible_with_a_fixed_configuration(extreme, data):
    fixed = strategies.shapes(
        shapes.HyperParameterTuningJobConfig, extreme=extreme, strategy="Hyperband", strategy_config=None
    )
    request = data.draw(strategies.requests(hyper_parameter_tuning_job_config=fixed, extreme=extreme))
    config = request.hyper_parameter_tuning_job_config
    assert (config.strategy, config.strategy_config) == ("Hyperband", None)


FIXED = [
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
    (shapes.HyperParameterAlgorithmSpecification, {"algorithm_name": None, "metric_definitions": None}),
    (shapes.HyperParameterTrainingJobDefinition, {"enable_managed_spot_training": True}),
    (shapes.HyperParameterTrainingJobDefinition, {"vpc_config": None}),
    (shapes.Tag, {"key": "team"}),
]


@PROFILES
@pytest.mark.parametrize(("cls", "members"), FIXED)
@given(data=st.data())
def test_the_other_members_are_compatible_with_the_fixed_ones(cls, members, extreme, data):
    shape = data.draw(strategies.shapes(cls, extreme=extreme, **members))
    assert attrs.evolve(shape, **members) == shape


STRICT = [cls for cls in schema.all_shapes() if not schema.of(cls).is_response and schema.of(cls).members]


@pytest.mark.parametrize("cls", STRICT, ids=lambda cls: cls.__name__)
@given(data=st.data())
def test_the_other_members_are_compatible_with_any_members_of_a_valid_instance(cls, data):
    """Any members of a valid instance can be fixed, since at least that instance has them."""
    whole = data.draw(strategies.shapes(cls, extreme=True))
    names = data.draw(st.sets(st.sampled_from([member.attribute for member in schema.of(cls).members]), min_size=1))
    members = {name: getattr(whole, name) for name in sorted(names)}
    shape = data.draw(strategies.shapes(cls, extreme=True, **members))
    assert attrs.evolve(shape, **members) == shape


def automatic_ranges(count):
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
RESTRICTIVE = {
    "as many ranges as a single definition can have": {
        "hyper_parameter_tuning_job_config": shapes.HyperParameterTuningJobConfig(
            strategy="Hyperband",
            resource_limits=shapes.ResourceLimits(max_parallel_training_jobs=1),
            parameter_ranges=automatic_ranges(100),
        )
    },
    "a grid with a number of training jobs that no ranges have": {
        "hyper_parameter_tuning_job_config": shapes.HyperParameterTuningJobConfig(
            strategy="Grid", resource_limits=LIMITS
        )
    },
    "a grid with a number of training jobs that the definitions can have": {
        "hyper_parameter_tuning_job_config": shapes.HyperParameterTuningJobConfig(
            strategy="Grid", resource_limits=attrs.evolve(LIMITS, max_number_of_training_jobs=60)
        ),
        "autotune": None,
    },
    "as many static hyperparameters as a definition can have": {
        "training_job_definition": definition(static_hyper_parameters={f"n{n}": "1" for n in range(99)})
    },
    "a configuration and a definition without ranges": {
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


@PROFILES
@pytest.mark.parametrize("part", RESTRICTIVE)
@given(data=st.data())
def test_the_other_members_are_compatible_with_a_restrictive_one(part, extreme, data):
    request = data.draw(strategies.requests(extreme=extreme, **RESTRICTIVE[part]))
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


RANGE = shapes.ContinuousParameterRange(name="rate", min_value="0", max_value="1")
NUMERIC = definition(
    definition_name="first", hyper_parameter_ranges=shapes.ParameterRanges(continuous_parameter_ranges=[RANGE])
)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"name": "not a name"}, "[pattern]"),
        ({"tags": 7}, "[type]"),
        ({"hyper_parameter_tuning_job_config": None}, "HyperParameterTuningJobConfig: expected a value, got None"),
        ({"strategy": "Grid", "hyper_parameter_tuning_job_config": None}, "strategy and hyper_parameter_tuning_job"),
        ({"strategy": "bayes"}, "Hyperband or Grid, got 'bayes'; did you mean 'Bayesian'?"),
        ({"strategy": "Grid", "training_job_definition": NUMERIC}, "use categorical ranges"),
        ({"strategy": "Grid", "training_job_definitions": [NUMERIC]}, "use categorical ranges"),
        ({"strategy": "Grid", "algorithm": "xgboost"}, "with categorical hyperparameters for a grid, got 'xgboost'"),
        ({"algorithm": "xgbost"}, "got 'xgbost'; did you mean 'xgboost'?"),
        ({"algorithm": "pca"}, "got 'pca'"),
        (
            {"algorithm": "xgboost", "training_job_definition": None},
            "algorithm and training_job_definition cannot be combined",
        ),
        ({"definitions": 0}, "an integer from 1 to 10, got 0"),
        ({"definitions": 11}, "an integer from 1 to 10, got 11"),
        ({"definitions": "many"}, "an integer from 1 to 10, got 'many'"),
        ({"definitions": 2, "warm_start": True}, "for several definitions, got True; use one definition"),
        ({"warm_start": True, "training_job_definitions": [NUMERIC] * 2}, "use one definition"),
        ({"warm_start": True, "warm_start_config": None}, "warm_start and warm_start_config cannot be combined"),
        ({"spot": 1}, "spot: expected True or False, got 1"),
        ({"spot": True, "training_job_definition": None}, "spot and training_job_definition cannot be combined"),
    ],
    ids=str,
)
def test_contradicting_arguments_are_errors_when_the_strategy_is_created(arguments, text):
    with pytest.raises(InvalidArgument) as raised:
        strategies.requests(**arguments)
    assert text in str(raised.value)


@pytest.mark.parametrize(
    ("strategy", "text"),
    [
        (strategies.requests(strategy=st.just("Guess")), "got 'Guess'"),
        (strategies.requests(name=st.just("not a name")), "[pattern]"),
        (strategies.requests(definitions=st.just(2), warm_start=True), "use one definition"),
        (strategies.requests(autotune=None, tags=[shapes.Tag(key="a", value="")] * 2), "[tag-keys-differ]"),
        (strategies.shapes(shapes.ContinuousParameterRange, min_value="1", max_value="0"), "[minimum-below-maximum]"),
        (strategies.shapes(shapes.ContinuousParameterRange, min_value="low"), "[bounds-are-numbers]"),
        (strategies.requests(hyper_parameter_tuning_job_config=st.none()), "expected a value, got None [required]"),
        (strategies.shapes(shapes.ResourceConfig, selected_instance_count=1), "[selected-instances-are-not-sent]"),
    ],
)
def test_the_error_for_impossible_values_has_the_reason(strategy, text):
    assert text in refusal(strategy)


def test_an_unknown_member_gets_a_suggestion():
    with pytest.raises(InvalidArgument, match="Tag has no member kye; did you mean 'key'"):
        strategies.shapes(shapes.Tag, kye="a")


def test_two_arguments_for_the_same_member_are_an_error():
    with pytest.raises(InvalidArgument, match="name and hyper_parameter_tuning_job_name cannot be combined"):
        strategies.requests(name="a", hyper_parameter_tuning_job_name="b")


def test_an_unknown_rule_gets_a_suggestion():
    with pytest.raises(
        InvalidArgument, match="no request can violate a rule 'parents-difer'; did you mean 'parents-differ'"
    ):
        strategies.invalid_requests("parents-difer")


# --- instance types ---

KNOWN = set(schema.of(shapes.InstanceGroup).members[0].type.known_values)


def types_in(request, parts_of):
    return {name for part in parts_of(request) if (name := getattr(part, "instance_type", None)) is not None}


@settings(max_examples=40)
@given(request=strategies.requests() | strategies.requests(extreme=True))
def test_requests_have_known_instance_types(request, parts_of):
    assert types_in(request, parts_of) <= KNOWN


@given(resources=strategies.shapes(shapes.ResourceConfig, extreme=True))
def test_parts_of_requests_have_known_instance_types(resources, parts_of):
    assert types_in(resources, parts_of) <= KNOWN


@PROFILES
def test_requests_have_unknown_instance_types_if_requested(extreme, drawn, parts_of):
    requests = drawn(strategies.requests(unknown_instance_types=True, definitions=1, extreme=extreme), 100)
    names = {name for request in requests for name in types_in(request, parts_of)}
    assert names - KNOWN
    assert all(name.startswith("ml.") for name in names)
