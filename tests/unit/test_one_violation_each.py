"""One mistake is one violation: its consequences are not reported, and independent violations are."""

import json

import pytest
from sample_requests import BUCKET, training, tuning_job

import hptsdk
from hptsdk import errors, shapes

Request = shapes.CreateHyperParameterTuningJobRequest
CONFIG = "HyperParameterTuningJobConfig"
RANGES = f"{CONFIG}.ParameterRanges"
DEFINITION = "TrainingJobDefinition"


@pytest.fixture
def document():
    definition = training().channel("train", f"{BUCKET}/train/").static(batch=32)
    job = tuning_job(definition=definition, max_jobs=20, max_parallel_jobs=2)
    return hptsdk.to_wire(job.continuous("rate", 0.1, 0.5).categorical("kind", ["plain", "fancy"]).build())


def problems(document, cls=Request):
    """Return path and rule of each violation, the same for the dict and for its JSON text."""
    with pytest.raises(errors.InvalidShapeError) as raised:
        hptsdk.from_wire(cls, document)
    with pytest.raises(errors.InvalidShapeError) as of_text:
        hptsdk.loads(cls, json.dumps(document))
    assert of_text.value.violations == raised.value.violations
    return [(violation.path, violation.rule) for violation in raised.value.violations]


def rename(mapping, old, new):
    mapping[new] = mapping.pop(old)


# --- misspelled members ---


def test_a_misspelled_required_member_is_not_also_reported_as_missing(document):
    rename(document[CONFIG]["ResourceLimits"], "MaxParallelTrainingJobs", "MaxParallelTrainingJob")
    assert problems(document) == [(f"{CONFIG}.ResourceLimits.MaxParallelTrainingJob", "unknown-member")]


def test_a_required_member_that_is_not_the_suggested_one_is_reported_as_missing(document):
    limits = document[CONFIG]["ResourceLimits"]
    del limits["MaxParallelTrainingJobs"]
    limits["MaxRuntimeInSecond"] = 3600
    assert problems(document) == [
        (f"{CONFIG}.ResourceLimits.MaxRuntimeInSecond", "unknown-member"),
        (f"{CONFIG}.ResourceLimits.MaxParallelTrainingJobs", "required"),
    ]


def test_a_misspelled_list_of_ranges_is_not_also_reported_as_no_ranges(document):
    del document[CONFIG]["ParameterRanges"]["CategoricalParameterRanges"]
    rename(document[CONFIG]["ParameterRanges"], "ContinuousParameterRanges", "ContinousParameterRanges")
    assert problems(document) == [(f"{RANGES}.ContinousParameterRanges", "unknown-member")]


def test_a_misspelled_definition_is_not_also_reported_as_missing(document):
    rename(document, DEFINITION, "TrainingJobDefinitoin")
    assert problems(document) == [("TrainingJobDefinitoin", "unknown-member")]


def test_a_misplaced_member_is_not_also_reported_as_missing(document):
    document["ParameterRanges"] = document[CONFIG].pop("ParameterRanges")
    assert problems(document) == [("ParameterRanges", "unknown-member")]


# --- rules that read an invalid member are not decided ---


@pytest.mark.parametrize("wrong", [0.7, "0.7" + " " * 256, None, ["0.7"]])
def test_an_invalid_minimum_is_not_compared_with_the_maximum(document, wrong):
    document[CONFIG]["ParameterRanges"]["ContinuousParameterRanges"][0]["MinValue"] = wrong
    assert [path for path, _ in problems(document)] == [f"{RANGES}.ContinuousParameterRanges[0].MinValue"]


def test_a_misspelled_strategy_is_not_compared_with_the_strategy_configuration(document):
    document[CONFIG] |= {"Strategy": "Hyperbend", "StrategyConfig": {"HyperbandStrategyConfig": {"MaxResource": 9}}}
    assert problems(document) == [(f"{CONFIG}.Strategy", "enum")]


def test_an_invalid_number_of_jobs_is_not_compared_with_the_number_of_combinations(document):
    del document[CONFIG]["ParameterRanges"]["ContinuousParameterRanges"]
    document[CONFIG]["ResourceLimits"]["MaxNumberOfTrainingJobs"] = 5.0
    assert problems(document) == [(f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs", "type")]


def test_one_text_in_place_of_a_list_of_values_is_one_violation(document):
    document[CONFIG]["ParameterRanges"]["CategoricalParameterRanges"][0]["Values"] = "aabb"
    assert problems(document) == [(f"{RANGES}.CategoricalParameterRanges[0].Values", "type")]


def test_one_text_in_place_of_a_list_of_values_is_one_violation_of_the_constructor(refused):
    for _ in range(3):
        violations = refused(shapes.CategoricalParameterRange, name="kind", values="aabb")
        assert [(v.path, v.rule) for v in violations] == [("Values", "type")]


def test_a_static_hyperparameter_with_an_invalid_value_is_not_missing(document):
    document[CONFIG] |= {"Strategy": "Hyperband"}
    document[DEFINITION]["StaticHyperParameters"]["epochs"] = 30
    assert problems(document) == [(f'{DEFINITION}.StaticHyperParameters["epochs"]', "type")]


# --- rules that read valid members only are decided ---


def test_an_invalid_value_does_not_hide_a_rule_about_other_members(document):
    document[CONFIG]["ParameterRanges"]["ContinuousParameterRanges"][0]["MinValue"] = 0.1
    document[DEFINITION]["StaticHyperParameters"]["rate"] = "1"
    assert problems(document) == [
        (f"{RANGES}.ContinuousParameterRanges[0].MinValue", "type"),
        (f'{DEFINITION}.StaticHyperParameters["rate"]', "static-or-tuned"),
    ]


def test_a_static_hyperparameter_with_an_invalid_value_may_not_be_tuned_either(document):
    document[DEFINITION]["StaticHyperParameters"]["rate"] = 1
    assert [rule for _, rule in problems(document)] == ["type", "static-or-tuned"]


def test_an_invalid_variable_does_not_hide_a_credential_in_another(document):
    document[DEFINITION]["Environment"] = {"LEVEL": 3, "AWS_SESSION_TOKEN": "abc"}
    assert problems(document) == [
        (f'{DEFINITION}.Environment["LEVEL"]', "type"),
        (f'{DEFINITION}.Environment["AWS_SESSION_TOKEN"]', "no-credentials-in-environment"),
    ]


def test_an_invalid_definition_does_not_hide_violations_of_another(document):
    first = document.pop(DEFINITION) | {"DefinitionName": "first"}
    first["TuningObjective"] = document[CONFIG].pop("HyperParameterTuningJobObjective")
    second = first | {"DefinitionName": "second", "EnableManagedSpotTraining": True}
    document["TrainingJobDefinitions"] = [first | {"RoleArn": 5}, second, "third"]
    assert problems(document) == [
        ("TrainingJobDefinitions[0].RoleArn", "type"),
        ("TrainingJobDefinitions[1].StoppingCondition.MaxWaitTimeInSeconds", "spot-needs-a-longest-wait"),
        ("TrainingJobDefinitions[2]", "type"),
    ]


def test_a_broken_rule_does_not_hide_another_about_the_same_members(document):
    ranges = document[CONFIG]["ParameterRanges"]
    ranges["IntegerParameterRanges"] = [{"Name": "rate", "MinValue": "9", "MaxValue": "1"}]
    document[DEFINITION]["StaticHyperParameters"]["rate"] = "1"
    assert [rule for _, rule in problems(document)] == [
        "minimum-below-maximum",
        "range-names-differ",
        "static-or-tuned",
    ]
