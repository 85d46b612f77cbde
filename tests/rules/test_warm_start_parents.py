"""The rules that compare a warm start with the descriptions of its parents."""

import copy

import pytest
from bases import CUSTOM, changed

import hptsdk
from hptsdk import errors
from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request
from hptsdk.testing import MemoryTransport, StubTransport

CONFIG = "HyperParameterTuningJobConfig"
DEFINITION = "TrainingJobDefinition"
WARM_START = {
    "WarmStartConfig": {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "parent"}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }
}
PARENT = "WarmStartConfig.ParentHyperParameterTuningJobs[0]"
OTHER = {"Name": "other", "Values": ["a", "b"]}
ENDLESS = {"MaxParallelTrainingJobs": 2, "MaxRuntimeInSeconds": 3600}
ELEVEN = {f"s{number}": "1" for number in range(11)}


@pytest.fixture
def transport():
    transport = MemoryTransport()
    parent = transport.service.jobs["parent"] = copy.deepcopy(CUSTOM) | {
        "HyperParameterTuningJobName": "parent",
        "HyperParameterTuningJobArn": "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/parent",
        "HyperParameterTuningJobStatus": "Completed",
        "TrainingJobStatusCounters": {"Completed": 20, "Stopped": 2, "NonRetryableError": 1, "InProgress": 0},
    }
    parent["TrainingJobDefinition"]["StaticHyperParameters"] |= {"_tuning_objective_metric": "loss"}
    return transport


def violations(transport, changes, parent=None):
    job = transport.service.jobs["parent"]
    transport.service.jobs["parent"] = changed(job, parent or {})
    request = hptsdk.from_wire(Request, changed(CUSTOM, WARM_START | changes))
    return hptsdk.TuningClient(transport=transport).check_warm_start(request)


def broken(transport, changes, parent=None):
    return [(v.rule, v.path) for v in violations(transport, changes, parent)]


def test_a_parent_with_the_same_settings_is_valid(transport):
    assert broken(transport, {}) == []


CASES = {
    "the parent is running": ({}, {"HyperParameterTuningJobStatus": "InProgress"}, "parent-has-ended", PARENT),
    "a static hyperparameter is gone": (
        {f"{DEFINITION}.StaticHyperParameters": {}},
        {},
        "parent-has-the-same-hyperparameters",
        PARENT,
    ),
    "a range is new": (
        {f"{CONFIG}.ParameterRanges.ContinuousParameterRanges.1": {"Name": "new", "MinValue": "0", "MaxValue": "1"}},
        {},
        "parent-has-the-same-hyperparameters",
        PARENT,
    ),
    "the objective is maximized": (
        {f"{CONFIG}.HyperParameterTuningJobObjective.Type": "Maximize"},
        {},
        "parent-has-the-same-objective",
        PARENT,
    ),
    "an integer has become continuous": (
        {
            f"{CONFIG}.ParameterRanges.IntegerParameterRanges": None,
            f"{CONFIG}.ParameterRanges.ContinuousParameterRanges.1": {
                "Name": "depth",
                "MinValue": "2",
                "MaxValue": "9",
            },
        },
        {},
        "parent-has-the-same-kinds-of-ranges",
        PARENT,
    ),
    "eleven static values have changed": (
        {f"{DEFINITION}.StaticHyperParameters": {"batch": "32", **ELEVEN}},
        {f"{DEFINITION}.StaticHyperParameters": {"batch": "32", **dict.fromkeys(ELEVEN, "2")}},
        "parent-has-nearly-the-same-static-values",
        PARENT,
    ),
    "a number has become an integer": (
        {
            f"{CONFIG}.ParameterRanges.ContinuousParameterRanges": None,
            f"{CONFIG}.ParameterRanges.IntegerParameterRanges.1": {"Name": "rate", "MinValue": "2", "MaxValue": "9"},
        },
        {},
        "parent-has-the-same-kinds-of-ranges",
        PARENT,
    ),
    "a static hyperparameter with a capital is new": (
        {f"{DEFINITION}.StaticHyperParameters.EPOCHS": "1"},
        {},
        "parent-has-the-same-hyperparameters",
        PARENT,
    ),
    "eleven static values have become smaller": (
        {f"{DEFINITION}.StaticHyperParameters": {"batch": "32", **ELEVEN}},
        {f"{DEFINITION}.StaticHyperParameters": {"batch": "32", **dict.fromkeys(ELEVEN, "0")}},
        "parent-has-nearly-the-same-static-values",
        PARENT,
    ),
    "the parent's own definition has another objective": (
        {},
        {
            f"{CONFIG}.HyperParameterTuningJobObjective": None,
            f"{DEFINITION}.TuningObjective": {"Type": "Maximize", "MetricName": "loss"},
        },
        "parent-has-the-same-objective",
        PARENT,
    ),
    "the parent's definition has other ranges": (
        {},
        {f"{DEFINITION}.HyperParameterRanges": {"AutoParameters": None, "CategoricalParameterRanges": [OTHER]}},
        "parent-has-the-same-hyperparameters",
        PARENT,
    ),
    "only the job is isolated": (
        {f"{DEFINITION}.EnableNetworkIsolation": True},
        {},
        "identical-parent-has-the-same-definition",
        PARENT,
    ),
    "only the parent is isolated": (
        {},
        {f"{DEFINITION}.EnableNetworkIsolation": True},
        "identical-parent-has-the-same-definition",
        PARENT,
    ),
    "there are more retries": (
        {f"{DEFINITION}.RetryStrategy": {"MaximumRetryAttempts": 2}},
        {f"{DEFINITION}.RetryStrategy": {"MaximumRetryAttempts": 1}},
        "identical-parent-has-the-same-definition",
        PARENT,
    ),
    "the parents have too many training jobs by themselves": (
        {f"{CONFIG}.ResourceLimits": ENDLESS},
        {"TrainingJobStatusCounters": {"Completed": 501}},
        "parents-and-job-within-job-limit",
        "WarmStartConfig",
    ),
    "the environment is another": (
        {f"{DEFINITION}.Environment": {"MODE": "new"}},
        {},
        "identical-parent-has-the-same-definition",
        PARENT,
    ),
    "there are too many training jobs": (
        {f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs": 478},
        {},
        "parents-and-job-within-job-limit",
        "WarmStartConfig",
    ),
}


@pytest.mark.parametrize(("changes", "parent", "rule", "path"), CASES.values(), ids=CASES)
def test_a_violated_rule_about_a_parent_is_reported_alone(transport, changes, parent, rule, path):
    assert broken(transport, changes, parent) == [(rule, path)]


NEIGHBOURS = {
    "a tuned hyperparameter has become static": {
        f"{CONFIG}.ParameterRanges.CategoricalParameterRanges": None,
        f"{DEFINITION}.StaticHyperParameters.kind": "plain",
    },
    "a range has other bounds": {f"{CONFIG}.ParameterRanges.ContinuousParameterRanges.0.MaxValue": "0.9"},
    "the environment is another, for a transfer": {
        f"{DEFINITION}.Environment": {"MODE": "new"},
        "WarmStartConfig.WarmStartType": "TransferLearning",
    },
    "there are just enough training jobs": {f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs": 477},
    "the instances are others": {f"{DEFINITION}.ResourceConfig.InstanceCount": 2},
}


@pytest.mark.parametrize("changes", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_the_smallest_correction_is_valid(transport, changes):
    assert broken(transport, changes) == []


RETRIES = {f"{DEFINITION}.RetryStrategy": {"MaximumRetryAttempts": 1}}
ALIKE = {
    "both retry as often": (RETRIES, RETRIES),
    "only the job retries": (RETRIES, {}),
    "only the parent retries": ({}, RETRIES),
    "the parent has no objective": ({}, {f"{CONFIG}.HyperParameterTuningJobObjective": None}),
    "the objective stands in the parent's definition": (
        {},
        {
            f"{CONFIG}.HyperParameterTuningJobObjective": None,
            f"{DEFINITION}.TuningObjective": {"Type": "Minimize", "MetricName": "loss"},
        },
    ),
    "the ranges stand in the parent's definition": (
        {},
        {f"{CONFIG}.ParameterRanges": None, f"{DEFINITION}.HyperParameterRanges": CUSTOM[CONFIG]["ParameterRanges"]},
    ),
    "the parents have all the training jobs there may be": (
        {f"{CONFIG}.ResourceLimits": ENDLESS},
        {"TrainingJobStatusCounters": {"Completed": 500}},
    ),
}


@pytest.mark.parametrize(("changes", "parent"), ALIKE.values(), ids=ALIKE)
def test_allowed_differences_are_valid(transport, changes, parent):
    assert broken(transport, changes, parent) == []


def in_a_list(count):
    """Return the changes that replace the definition by a list of definitions."""
    return {
        f"{DEFINITION}s": [CUSTOM[DEFINITION] | {"DefinitionName": f"d{i}"} for i in range(count)],
        DEFINITION: None,
    }


def test_a_parent_with_several_definitions_has_other_hyperparameters(transport):
    assert broken(transport, {}, in_a_list(2)) == [("parent-has-the-same-hyperparameters", PARENT)]


def test_a_definition_is_compared_with_the_single_item_of_a_list(transport):
    assert broken(transport, {}, in_a_list(1)) == []


def test_the_single_item_of_a_list_is_compared_with_a_definition(transport):
    assert broken(transport, in_a_list(1)) == []


def test_the_single_item_of_a_list_with_another_environment_is_not_identical(transport):
    changes = in_a_list(1) | {f"{DEFINITION}s.0.Environment": {"MODE": "new"}}
    assert broken(transport, changes) == [("identical-parent-has-the-same-definition", PARENT)]


def test_hyperparameters_are_not_compared_with_autotune(transport):
    changes = {f"{DEFINITION}.StaticHyperParameters": {"new": "1"}, "Autotune": {"Mode": "Enabled"}}
    assert broken(transport, changes) == []


def test_the_message_names_missing_and_new_hyperparameters(transport):
    changes = {f"{DEFINITION}.StaticHyperParameters": {"new": "1"}}
    [violation] = violations(transport, changes)
    assert "got hyperparameters without 'batch' and with the additional 'new'" in violation.message


def test_ten_changed_static_values_are_valid(transport):
    ten = dict(list(ELEVEN.items())[:10])
    own = {f"{DEFINITION}.StaticHyperParameters": {"batch": "32", **ten}}
    parent = {f"{DEFINITION}.StaticHyperParameters": {"batch": "32", **dict.fromkeys(ten, "2")}}
    assert broken(transport, own, parent) == []


def test_a_parent_that_does_not_exist_is_a_violation(transport):
    changes = {"WarmStartConfig.ParentHyperParameterTuningJobs.1": {"HyperParameterTuningJobName": "nowhere"}}
    assert broken(transport, changes) == [("parent-exists", "WarmStartConfig.ParentHyperParameterTuningJobs[1]")]


def test_a_parent_that_does_not_exist_can_be_waived(transport):
    parents = [{"HyperParameterTuningJobName": "parent"}, {"HyperParameterTuningJobName": "nobody"}]
    changes = {"WarmStartConfig": WARM_START["WarmStartConfig"] | {"ParentHyperParameterTuningJobs": parents}}
    with hptsdk.waived("parent-exists"):
        assert broken(transport, changes) == []


def test_schema_rules_includes_the_rules_about_parents():
    ids = {rule.id for rule in hptsdk.schema.rules() if rule.needs_parents}
    assert ids >= {"parent-exists", "parents-and-job-within-job-limit"}


def test_each_parent_is_described_once(transport):
    broken(transport, {})
    assert [call.operation for call in transport.calls] == ["DescribeHyperParameterTuningJob"]


def test_a_request_without_a_warm_start_describes_no_job():
    stub = StubTransport()
    assert hptsdk.TuningClient(transport=stub).check_warm_start(hptsdk.from_wire(Request, CUSTOM)) == ()
    assert stub.calls == []


def test_a_parent_that_cannot_be_described_raises():
    refused = errors.AccessDeniedError("no", code="AccessDeniedException", operation="Describe")
    request = hptsdk.from_wire(Request, changed(CUSTOM, WARM_START))
    with pytest.raises(errors.AccessDeniedError):
        hptsdk.TuningClient(transport=StubTransport(refused)).check_warm_start(request)


def test_a_parent_rule_can_be_waived(transport):
    with hptsdk.waived("parent-has-ended"):
        assert broken(transport, {}, {"HyperParameterTuningJobStatus": "InProgress"}) == []


def test_create_does_not_describe_the_parents(transport):
    transport.service.jobs["parent"]["HyperParameterTuningJobStatus"] = "InProgress"
    hptsdk.TuningClient(transport=transport).create(hptsdk.from_wire(Request, changed(CUSTOM, WARM_START)))
    assert [call.operation for call in transport.calls] == ["CreateHyperParameterTuningJob"]
