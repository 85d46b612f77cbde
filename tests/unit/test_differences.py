"""The comparison of a request with a described job: members that SageMaker sets are not differences."""

import copy

import pytest

import hptsdk
from hptsdk import errors
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.testing import StubTransport

pytestmark = [pytest.mark.usefixtures("no_rules"), pytest.mark.filterwarnings("ignore::hptsdk.AdviceWarning")]

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
        "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
        "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    },
    "Tags": [{"Key": "team", "Value": "growth"}],
}
DEFINITION = ("TrainingJobDefinition",)
CONFIG = ("HyperParameterTuningJobConfig",)


ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/job"


def described(path=(), **changes):
    """Return the document of a Describe response with changes in the structure at a path."""
    document = copy.deepcopy(SENT)
    target = document
    for step in path:
        target = target[step]
    target.update(changes)
    return document


def differences(sent, existing):
    """Return the differences that `create` reports between a request and an existing job."""
    request = hptsdk.from_wire(CreateHyperParameterTuningJobRequest, sent)
    in_use = errors.ResourceInUseError("the name is in use", code="ResourceInUse")
    response = existing | {"HyperParameterTuningJobArn": ARN}
    client = hptsdk.TuningClient(transport=StubTransport(in_use, response))
    try:
        client.create(request, if_exists="return")
    except errors.JobConflictError as error:
        return error.differences
    return ()


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


def test_the_default_directory_of_checkpoints_is_not_a_difference():
    checkpoints = {"S3Uri": "s3://amzn-s3-demo-bucket/checkpoints/"}
    sent = described(DEFINITION, CheckpointConfig=checkpoints)
    existing = described(DEFINITION, CheckpointConfig=checkpoints | {"LocalPath": "/opt/ml/checkpoints"})
    assert differences(sent, existing) == ()


METRIC = {"Name": "loss", "Regex": "loss=(.*)"}
OBJECTIVE_METRIC = {"Name": "ObjectiveMetric", "Regex": "loss=(.*)"}
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
SCRIPT = {"sagemaker_program": "train.py"}


def with_metrics(*metrics, image="mine:1", static=None):
    """Return a definition with these metrics."""
    definition = copy.deepcopy(SENT["TrainingJobDefinition"])
    definition["AlgorithmSpecification"] |= {"TrainingImage": image, "MetricDefinitions": list(metrics)}
    return {"TrainingJobDefinition": definition | ({"StaticHyperParameters": static} if static else {})}


METRICS_ADDED = {
    "the objective's": (with_metrics(METRIC), with_metrics(METRIC, OBJECTIVE_METRIC)),
    "the objective's in front": (with_metrics(METRIC), with_metrics(OBJECTIVE_METRIC, METRIC)),
    "the objective's beside one of its name": (
        with_metrics(OBJECTIVE_METRIC),
        with_metrics(OBJECTIVE_METRIC, OBJECTIVE_METRIC),
    ),
    "an algorithm's": (with_metrics(image=XGBOOST), with_metrics(METRIC, OBJECTIVE_METRIC, image=XGBOOST)),
    "an algorithm's beside one that was sent": (
        with_metrics(METRIC, image=XGBOOST),
        with_metrics({"Name": "other", "Regex": "o"}, METRIC, OBJECTIVE_METRIC, image=XGBOOST),
    ),
    "the objective's to a script": (
        with_metrics(METRIC, image=XGBOOST, static=SCRIPT),
        with_metrics(METRIC, OBJECTIVE_METRIC, image=XGBOOST, static=SCRIPT),
    ),
}


@pytest.mark.parametrize(("sent", "response"), METRICS_ADDED.values(), ids=METRICS_ADDED)
def test_metrics_that_sagemaker_adds_are_not_differences(sent, response):
    assert differences(SENT | sent, SENT | response) == ()


def test_metrics_that_sagemaker_adds_to_several_definitions_are_not_differences():
    one = with_metrics(METRIC)["TrainingJobDefinition"]
    two = with_metrics(METRIC, OBJECTIVE_METRIC)["TrainingJobDefinition"]
    sent = {name: value for name, value in SENT.items() if name != "TrainingJobDefinition"}
    existing = sent | {"TrainingJobDefinitions": [two, two]}
    assert differences(sent | {"TrainingJobDefinitions": [one, one]}, existing) == ()


@pytest.mark.parametrize("image", ["mine:1", XGBOOST])
def test_a_metric_of_another_regular_expression_is_a_difference(image):
    existing = SENT | with_metrics({"Name": "loss", "Regex": "other"}, image=image)
    (path,) = differences(SENT | with_metrics(METRIC, image=image), existing)
    assert path.endswith("MetricDefinitions[0].Regex")


@pytest.mark.parametrize("metrics", ["loss", {"Name": "loss"}, [None], ["loss"]], ids=repr)
def test_metrics_in_an_unknown_form_are_a_difference(metrics):
    response = with_metrics()
    response["TrainingJobDefinition"]["AlgorithmSpecification"]["MetricDefinitions"] = metrics
    paths = differences(SENT | with_metrics(METRIC), SENT | response)
    assert any("MetricDefinitions" in path for path in paths)


@pytest.mark.parametrize(("path", "changes"), SAME.values(), ids=SAME)
def test_a_job_is_the_same_with(path, changes):
    assert differences(SENT, described(path, **changes)) == ()


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
    "a range with the same name and other bounds": (
        (*CONFIG, "ParameterRanges"),
        {"ContinuousParameterRanges": [{"Name": "lr", "MinValue": "0", "MaxValue": "2"}]},
        "ParameterRanges.ContinuousParameterRanges[0].MaxValue",
    ),
    "a warm start": ((), {"WarmStartConfig": {"WarmStartType": "TransferLearning"}}, "WarmStartConfig"),
}


@pytest.mark.parametrize(("path", "changes", "expected"), OTHER.values(), ids=OTHER)
def test_a_job_is_different_with(path, changes, expected):
    (difference,) = differences(SENT, described(path, **changes))
    assert difference.endswith(expected)
    assert "secret" not in difference


def test_values_that_autotune_chose_are_not_differences():
    autotune = {"Autotune": {"Mode": "Enabled"}}
    assert differences(SENT | autotune, described(CONFIG, RandomSeed=3) | autotune) == ()


def test_the_configuration_of_a_strategy_that_autotune_replaced_is_no_difference():
    autotune = {"Autotune": {"Mode": "Enabled"}}
    hyperband = {"Strategy": "Hyperband", "StrategyConfig": {"HyperbandStrategyConfig": {"MaxResource": 9}}}
    assert differences(described(CONFIG, **hyperband) | autotune, SENT | autotune) == ()


@pytest.mark.parametrize("ranges", [{}, None])
def test_hints_that_autotune_uses_for_no_range_are_not_differences(ranges):
    autotune = {"Autotune": {"Mode": "Enabled"}}
    hints = {"AutoParameters": [{"Name": "kind", "ValueHint": "fast"}]}
    existing = described(CONFIG, ParameterRanges=ranges) | autotune
    assert differences(described(CONFIG, ParameterRanges=hints) | autotune, existing) == ()


def sent_with(extra_body):
    """Return the members that `create` sends with further members."""
    stub = StubTransport({"HyperParameterTuningJobArn": ARN})
    request = hptsdk.from_wire(CreateHyperParameterTuningJobRequest, SENT)
    hptsdk.TuningClient(transport=stub).create(request, extra_body=extra_body)
    return stub.calls[0].body


def test_extra_members_are_merged_into_structures():
    body = sent_with({"TrainingJobDefinition": {"New": 1}})
    assert body["TrainingJobDefinition"] == SENT["TrainingJobDefinition"] | {"New": 1}


def test_extra_members_replace_other_values():
    body = sent_with({"Tags": [], "TrainingJobDefinition": {"RoleArn": {"New": 1}}})
    assert (body["Tags"], body["TrainingJobDefinition"]["RoleArn"]) == ([], {"New": 1})
