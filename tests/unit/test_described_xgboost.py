"""The request of a job of XGBoost, from a response with all members and metrics that SageMaker adds."""

import datetime as dt

import pytest

import hptsdk
from hptsdk.testing import StubTransport

NAME = "tuning-job-2020-03-26-04-54-36"
METRIC_NAMES = """
    train:mae validation:aucpr train:merror train:gamma-nloglik validation:mae validation:logloss train:mlogloss
    validation:f1 train:accuracy train:mse validation:poisson-nloglik train:tweedie-nloglik train:error train:ndcg
    validation:map validation:auc validation:gamma-deviance train:auc validation:error validation:merror
    train:poisson-nloglik train:rmse train:logloss validation:accuracy train:aucpr validation:tweedie-nloglik
    validation:rmse train:gamma-deviance validation:mse validation:ndcg train:f1 validation:mlogloss train:map
    validation:gamma-nloglik
"""
SCRIPT = {"sagemaker_program": '"train.py"', "sagemaker_submit_directory": '"s3://amzn-s3-demo-bucket/source.tar.gz"'}


def metric(name, of=None):
    log_name = (of or name).replace(":", "-")
    return {"Name": name, "Regex": rf".*\[[0-9]+\].*#011{log_name}:([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?).*"}


def channel(name):
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://amzn-s3-demo-bucket/{name}.csv"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "ContentType": "csv"}


def tuned(name, low, high):
    return {"Name": name, "MinValue": low, "MaxValue": high}


def as_sent():
    """Return the request."""
    return {
        "HyperParameterTuningJobName": NAME,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 3},
            "ParameterRanges": {
                "IntegerParameterRanges": [tuned("max_depth", "3", "12")],
                "ContinuousParameterRanges": [tuned("eta", "0.05", "0.5"), tuned("min_child_weight", "2", "8")],
            },
        },
        "TrainingJobDefinition": {
            "StaticHyperParameters": {"early_stopping_rounds": "10", "num_round": "200", "objective": "reg:linear"},
            "AlgorithmSpecification": {
                "TrainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:0.90-1-cpu-py3",
                "TrainingInputMode": "File",
            },
            "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
            "InputDataConfig": [channel("train"), channel("validation")],
            "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out"},
            "ResourceConfig": {"InstanceType": "ml.m4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        },
    }


def as_described():
    """Return the response about the job, with what SageMaker adds to the request."""
    response = as_sent() | {
        "HyperParameterTuningJobArn": f"arn:aws:sagemaker:us-west-2:123456789012:hyper-parameter-tuning-job/{NAME}",
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": dt.datetime(2020, 3, 26, tzinfo=dt.UTC),
        "TrainingJobStatusCounters": {"Completed": 20, "InProgress": 0},
        "ObjectiveStatusCounters": {"Succeeded": 20, "Pending": 0, "Failed": 0},
    }
    ranges = response["HyperParameterTuningJobConfig"]["ParameterRanges"]
    for item in (*ranges["IntegerParameterRanges"], *ranges["ContinuousParameterRanges"]):
        item["ScalingType"] = "Auto"
    ranges["CategoricalParameterRanges"] = []
    definition = response["TrainingJobDefinition"]
    definition["StaticHyperParameters"]["_tuning_objective_metric"] = "validation:rmse"
    metrics = [*map(metric, METRIC_NAMES.split()), metric("ObjectiveMetric", of="validation:rmse")]
    definition["AlgorithmSpecification"]["MetricDefinitions"] = metrics
    definition |= dict.fromkeys(
        ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining"), False
    )
    return response


def request_of(response):
    return hptsdk.TuningClient(transport=StubTransport(response)).get(NAME).request()


def test_the_request_is_the_one_that_was_sent():
    assert hptsdk.to_wire(request_of(as_described())) == as_sent()


def test_the_request_gets_no_advice():
    assert hptsdk.advise(request_of(as_described())) == ()


@pytest.mark.parametrize("member", ["StaticHyperParameters", "Environment"])
def test_a_script_keeps_its_metrics(member):
    response = as_described()
    script = SCRIPT if member == "StaticHyperParameters" else {"SAGEMAKER_PROGRAM": "train.py"}
    response["TrainingJobDefinition"][member] = response["TrainingJobDefinition"].get(member, {}) | script
    specification = hptsdk.to_wire(request_of(response))["TrainingJobDefinition"]["AlgorithmSpecification"]
    assert specification["MetricDefinitions"] == [metric(name) for name in METRIC_NAMES.split()]
