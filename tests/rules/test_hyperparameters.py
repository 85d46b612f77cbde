"""Rules that compare the static hyperparameters with the ranges, and rules about credentials."""

import pytest
from bases import BUILTIN, CUSTOM, SEVERAL, changed
from test_tables import reported

import hptsdk
from hptsdk import errors
from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest,
    DescribeHyperParameterTuningJobResponse,
    HyperParameterTrainingJobDefinition,
)

RANGES = "HyperParameterTuningJobConfig.ParameterRanges"
STATIC = "TrainingJobDefinition.StaticHyperParameters"
IMAGE = "TrainingJobDefinition.AlgorithmSpecification.TrainingImage"
RESERVED = "_tuning_objective_metric"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
PCA = "382416733822.dkr.ecr.us-east-1.amazonaws.com/pca:1"


def continuous(name, high="0.5", low="0.1"):
    return {"Name": name, "MinValue": low, "MaxValue": high}


def test_a_reserved_hyperparameter_that_is_set_counts_once():
    static = {RESERVED: "loss"} | {f"s{number}": "1" for number in range(96)}
    changes = {"TrainingJobDefinitions.1.StaticHyperParameters": static}
    assert [rule for rule, _ in reported(changed(SEVERAL, changes))] == ["reserved-hyperparameter-left-out"]


@pytest.mark.parametrize("static", [None, {}])
def test_ranges_without_static_hyperparameters_conflict_with_nothing(static):
    assert reported(changed(CUSTOM, {STATIC: static})) == []


def test_static_hyperparameters_without_ranges_conflict_with_nothing():
    definition = changed(SEVERAL["TrainingJobDefinitions"][0], {"HyperParameterRanges": None})
    hptsdk.from_wire(HyperParameterTrainingJobDefinition, definition)


def test_hyperparameters_that_are_static_and_tuned_are_reported_in_the_order_of_the_lists():
    reports = reported(changed(CUSTOM, {STATIC: {"rate": "1", "depth": "1"}}))
    assert reports == [("static-or-tuned", f'{STATIC}["depth"]'), ("static-or-tuned", f'{STATIC}["rate"]')]


def test_the_tunable_hyperparameters_of_pca_are_not_documented():
    static = {"feature_dim": "9", "mini_batch_size": "9", "num_components": "2"}
    reports = reported(changed(BUILTIN, {IMAGE: PCA, STATIC: static}))
    assert "algorithm-lets-it-be-tuned" not in [rule for rule, _ in reports]


def test_a_range_after_one_that_cannot_be_tuned_is_validated_too():
    ranges = [continuous("x"), continuous("eta", high="7"), continuous("y")]
    reports = reported(changed(BUILTIN, {f"{RANGES}.ContinuousParameterRanges": ranges}))
    members = ["[0].Name", "[1].MaxValue", "[2].Name"]
    assert reports == [("algorithm-lets-it-be-tuned", f"{RANGES}.ContinuousParameterRanges{m}") for m in members]


def test_a_range_of_a_response_without_a_bound_does_not_hide_problems_of_the_next():
    ranges = [{"Name": "eta", "MaxValue": "0.5"}, {"Name": "x", "MinValue": "0", "MaxValue": "1"}]
    definition = {
        "AlgorithmSpecification": {"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        "HyperParameterRanges": {"ContinuousParameterRanges": ranges},
    }
    response = hptsdk.from_wire(DescribeHyperParameterTuningJobResponse, {"TrainingJobDefinition": definition})
    paths = [advice.path for advice in hptsdk.advise(response) if advice.rule == "algorithm-lets-it-be-tuned"]
    assert paths == ["TrainingJobDefinition.HyperParameterRanges.ContinuousParameterRanges[1].Name"]


def test_a_hyperparameter_left_to_autotune_is_neither_missing_nor_untunable():
    auto = [{"Name": name, "ValueHint": "1"} for name in ("num_round", "x")]
    document = changed(SEVERAL["TrainingJobDefinitions"][0], {"HyperParameterRanges": {"AutoParameters": auto}})
    document = changed(document, {"AlgorithmSpecification.TrainingImage": XGBOOST})
    advice = hptsdk.advise(hptsdk.from_wire(HyperParameterTrainingJobDefinition, document))
    assert not {"algorithm-has-what-it-needs", "algorithm-lets-it-be-tuned"} & {each.rule for each in advice}


@pytest.mark.parametrize("member", ["StaticHyperParameters", "Environment"])
@pytest.mark.parametrize(("name", "value"), [("AWS_SESSION_TOKEN", "hunter2"), ("X", "ASIA" + "IOSFODNN7EXAMPLE")])
def test_no_credential_is_shown(member, name, value):
    document = changed(CUSTOM, {f"TrainingJobDefinition.{member}": {name: value}})
    with pytest.raises(errors.InvalidShapeError) as caught:
        hptsdk.from_wire(CreateHyperParameterTuningJobRequest, document)
    assert "no-credentials-in-" in str(caught.value)
    assert value not in str(caught.value) + repr(caught.value)
