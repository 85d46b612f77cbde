"""What the rules of hyperparameters share, and that no message of theirs shows a value."""

import pytest
from bases import CUSTOM, SEVERAL, changed

import hptsdk
from hptsdk import errors
from hptsdk.rules.training import (
    RESERVED,
    count_of_hyperparameters,
    missing_hyperparameters,
    names_static_and_auto,
    names_static_and_tuned,
    untunable,
)
from hptsdk.shapes import (
    AutoParameter,
    CategoricalParameterRange,
    ContinuousParameterRange,
    CreateHyperParameterTuningJobRequest,
    DescribeHyperParameterTuningJobResponse,
    IntegerParameterRange,
    ParameterRanges,
)

RANGES = ParameterRanges(
    categorical_parameter_ranges=[CategoricalParameterRange(name="kind", values=["a", "b"])],
    auto_parameters=[AutoParameter(name="rate", value_hint="0.1")],
)
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"


def test_hyperparameters_are_counted_once_with_the_one_that_amt_adds():
    assert count_of_hyperparameters(None, None) == 1
    assert count_of_hyperparameters({RESERVED: "loss", "kind": "a"}, None) == 2
    assert count_of_hyperparameters({"kind": "a", "batch": "1"}, RANGES) == 4


def test_the_one_that_amt_adds_takes_no_place_of_its_own_where_it_is_given():
    static = {RESERVED: "loss"} | {f"s{number}": "1" for number in range(96)}
    document = changed(SEVERAL, {"TrainingJobDefinitions.1.StaticHyperParameters": static})
    request = hptsdk.from_wire(CreateHyperParameterTuningJobRequest, document)
    assert [advice.rule for advice in hptsdk.advise(request)] == ["reserved-hyperparameter-left-out"]


def test_without_one_side_nothing_stands_on_both():
    assert names_static_and_tuned({"kind": "a", "rate": "1"}, RANGES) == ["kind"]
    assert names_static_and_auto({"kind": "a", "rate": "1"}, RANGES) == ["rate"]
    for static, ranges in [(None, RANGES), ({}, RANGES), ({"kind": "a"}, None)]:
        assert names_static_and_tuned(static, ranges) == names_static_and_auto(static, ranges) == []


@pytest.mark.parametrize("image", [None, "", "mine", "382416733822.dkr.ecr.us-east-1.amazonaws.com/pca:1"])
def test_of_other_algorithms_it_is_not_known_what_can_be_tuned(image):
    assert untunable(image, RANGES) == []


def test_what_is_wrong_after_what_cannot_be_tuned_is_found_too():
    low = [ContinuousParameterRange(name=name, min_value="0", max_value="7") for name in ("x", "eta", "y")]
    assert [
        tuple(problem.path[1:]) for problem in untunable(XGBOOST, ParameterRanges(continuous_parameter_ranges=low))
    ] == [
        (0, "name"),
        (1, "max_value"),
        (2, "name"),
    ]


def test_a_range_of_a_response_that_lacks_a_bound_hides_nothing_of_the_next():
    ranges = [{"Name": "eta", "MaxValue": "0.5"}, {"Name": "x", "MinValue": "0", "MaxValue": "1"}]
    definition = {
        "AlgorithmSpecification": {"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        "HyperParameterRanges": {"ContinuousParameterRanges": ranges},
    }
    response = hptsdk.from_wire(DescribeHyperParameterTuningJobResponse, {"TrainingJobDefinition": definition})
    told = [advice.path for advice in hptsdk.advise(response) if advice.rule == "algorithm-lets-it-be-tuned"]
    assert told == ["TrainingJobDefinition.HyperParameterRanges.ContinuousParameterRanges[1].Name"]


def test_what_is_static_and_tuned_is_told_in_the_order_of_the_lists():
    whole = [IntegerParameterRange(name="b", min_value="1", max_value="2")]
    real = [ContinuousParameterRange(name="a", min_value="1", max_value="2")]
    ranges = ParameterRanges(continuous_parameter_ranges=real, integer_parameter_ranges=whole)
    assert names_static_and_tuned({"a": "1", "b": "1"}, ranges) == ["b", "a"]


def test_what_autotune_chooses_is_neither_missing_nor_untunable():
    ranges = ParameterRanges(auto_parameters=[AutoParameter(name=name, value_hint="1") for name in ("num_round", "x")])
    assert untunable(XGBOOST, ranges) == []
    assert missing_hyperparameters(XGBOOST, None, ranges) == []
    assert missing_hyperparameters(XGBOOST, None, None) == ["num_round"]
    assert missing_hyperparameters("mine", None, None) == []


@pytest.mark.parametrize("member", ["StaticHyperParameters", "Environment"])
@pytest.mark.parametrize(("name", "value"), [("AWS_SESSION_TOKEN", "hunter2"), ("X", "ASIA" + "IOSFODNN7EXAMPLE")])
def test_no_credential_is_shown(member, name, value):
    document = changed(CUSTOM, {f"TrainingJobDefinition.{member}": {name: value}})
    with pytest.raises(errors.InvalidShapeError) as caught:
        hptsdk.from_wire(CreateHyperParameterTuningJobRequest, document)
    assert "no-credentials-in-" in str(caught.value)
    assert value not in str(caught.value) + repr(caught.value)
