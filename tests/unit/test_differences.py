"""A job that was described, beside what was sent: what SageMaker fills in is no difference, all else is one."""

import copy

import pytest

import hptsdk
from hptsdk._settings import differences, merged
from hptsdk.shapes import DescribeHyperParameterTuningJobResponse as Described

SENT = {
    "HyperParameterTuningJobName": "job",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 5, "MaxParallelTrainingJobs": 1},
        "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "lr", "MinValue": "0", "MaxValue": "1"}]},
    },
    "TrainingJobDefinition": {
        "StaticHyperParameters": {"batch": "32"},
        "AlgorithmSpecification": {"TrainingImage": "mine:1", "TrainingInputMode": "File"},
        "Environment": {"RetryStrategy": "secret-1"},
    },
    "Tags": [{"Key": "team", "Value": "growth"}],
}
DEFINITION = ("TrainingJobDefinition",)
CONFIG = ("HyperParameterTuningJobConfig",)


def described(place=(), **changes):
    found = copy.deepcopy(SENT)
    target = found
    for step in place:
        target = target[step]
    target.update(changes)
    return hptsdk.from_wire(Described, found)


SAME = {
    "nothing more": ((), {}),
    "a status": ((), {"HyperParameterTuningJobStatus": "InProgress"}),
    "other tags": ((), {"Tags": []}),
    "the objective among the static hyperparameters": (
        (*DEFINITION, "StaticHyperParameters"),
        {"_tuning_objective_metric": "loss"},
    ),
    "defaults": (CONFIG, {"TrainingJobEarlyStoppingType": "Off", "TuningJobCompletionCriteria": {}}),
    "retries": (DEFINITION, {"RetryStrategy": {"MaximumRetryAttempts": 1}}),
    "flags that are off": (DEFINITION, {"EnableNetworkIsolation": False, "EnableManagedSpotTraining": False}),
    "what is not modelled": (DEFINITION, {"Brand": {"New": 1}}),
    "empty lists": (DEFINITION, {"InputDataConfig": []}),
    "metrics of the algorithm": (
        (*DEFINITION, "AlgorithmSpecification"),
        {"MetricDefinitions": [{"Name": "a", "Regex": "b"}]},
    ),
}


@pytest.mark.parametrize(("place", "changes"), SAME.values(), ids=SAME)
def test_it_is_the_same_job_with(place, changes):
    assert differences(SENT, described(place, **changes)) == ()


OTHER = {
    "another number": (
        (*CONFIG, "ResourceLimits"),
        {"MaxNumberOfTrainingJobs": 6},
        "ResourceLimits.MaxNumberOfTrainingJobs",
    ),
    "another strategy": (CONFIG, {"Strategy": "Random"}, "HyperParameterTuningJobConfig.Strategy"),
    "a seed more": (CONFIG, {"RandomSeed": 0}, "HyperParameterTuningJobConfig.RandomSeed"),
    "isolation": (DEFINITION, {"EnableNetworkIsolation": True}, "TrainingJobDefinition.EnableNetworkIsolation"),
    "another secret": (
        (*DEFINITION, "Environment"),
        {"RetryStrategy": "secret-2"},
        'TrainingJobDefinition.Environment["RetryStrategy"]',
    ),
    "one variable more": (
        (*DEFINITION, "Environment"),
        {"CompressionType": "None"},
        'TrainingJobDefinition.Environment["CompressionType"]',
    ),
    "a range less": (
        (*CONFIG, "ParameterRanges"),
        {"ContinuousParameterRanges": []},
        "HyperParameterTuningJobConfig.ParameterRanges",
    ),
    "a range of the same name and other bounds": (
        (*CONFIG, "ParameterRanges"),
        {"ContinuousParameterRanges": [{"Name": "lr", "MinValue": "0", "MaxValue": "2"}]},
        "ParameterRanges.ContinuousParameterRanges[0].MaxValue",
    ),
    "a warm start": ((), {"WarmStartConfig": {"WarmStartType": "TransferLearning"}}, "WarmStartConfig"),
}


@pytest.mark.parametrize(("place", "changes", "path"), OTHER.values(), ids=OTHER)
def test_it_is_another_job_with(place, changes, path):
    (found,) = differences(SENT, described(place, **changes))
    assert found.endswith(path)
    assert "secret" not in found


def test_what_autotune_chose_is_no_difference():
    sent = SENT | {"Autotune": {"Mode": "Enabled"}}
    found = described(CONFIG, RandomSeed=3)
    assert (
        differences(sent, hptsdk.from_wire(Described, hptsdk.to_wire(found) | {"Autotune": {"Mode": "Enabled"}})) == ()
    )


def test_further_members_go_into_structures_and_replace_all_else():
    assert merged({"A": {"B": 1, "C": [1]}, "D": 2}, {"A": {"C": [2], "E": 3}, "D": {"F": 4}}) == {
        "A": {"B": 1, "C": [2], "E": 3},
        "D": {"F": 4},
    }
