"""Responses of the local service have the members of recorded responses of SageMaker to the same requests."""

import json
from pathlib import Path

import botocore.session
import pytest
from running import bucket, shell, until

FOLDER = Path(__file__).parent / "recorded"
RECORDED = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}

# Members that AWS has added to the API since the response was recorded.
NEWER = {
    "tuning-job": {"ConsumedResources", "ConsumedResources.RuntimeInSeconds", "TuningJobCompletionDetails"}
    | {"TuningJobCompletionDetails.NumberOfTrainingJobsObjectiveNotImproving"}
}

# Each boosting round of XGBoost prints such a line, with tabs.
ROUNDS = shell("printf '[0]\\ttrain-rmse:1.5\\tvalidation-rmse:2.5\\n[1]\\ttrain-rmse:1.1\\tvalidation-rmse:2.9\\n'")


def sagemaker(service):
    """Return a low-level client of the service."""
    return botocore.session.get_session().create_client(
        "sagemaker",
        region_name=service.region_name,
        endpoint_url=service.endpoint_url,
        aws_access_key_id=service.credentials.access_key,
        aws_secret_access_key=service.credentials.secret_key,
    )


def paths(value, prefix=""):
    """Return the paths of all members; those of all items of a list are together."""
    if isinstance(value, dict):
        return {path for name, item in value.items() for path in {f"{prefix}{name}", *paths(item, f"{prefix}{name}.")}}
    if isinstance(value, list):
        return {path for item in value for path in paths(item, prefix)}
    return set()


@pytest.fixture(scope="module")
def tuned(open_shared, tmp_path_factory):
    """Return the description of a tuning job with the recorded request."""
    recorded = RECORDED["tuning-job"]
    request = json.loads(json.dumps(recorded["request"]))
    request["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxNumberOfTrainingJobs"] = 3
    image = request["TrainingJobDefinition"]["AlgorithmSpecification"]["TrainingImage"]
    service = open_shared(images={image: ROUNDS}, region_name="us-west-2")
    folder = bucket(service.root.parent) / "xgboost"
    folder.mkdir(exist_ok=True)
    for channel in ("train", "validation"):
        (folder / f"{channel}.csv").touch()
    client = sagemaker(service)
    client.create_hyper_parameter_tuning_job(**request)
    name = request["HyperParameterTuningJobName"]

    def describe():
        response = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        return {name: value for name, value in response.items() if name != "ResponseMetadata"}

    until(lambda: describe()["HyperParameterTuningJobStatus"] == "Completed")
    return describe()


def test_a_tuning_job_has_the_members_of_the_recorded_one(tuned):
    assert paths(tuned) - NEWER["tuning-job"] == paths(RECORDED["tuning-job"]["response"])


def test_a_definition_has_the_recorded_values(tuned):
    recorded = RECORDED["tuning-job"]["response"]["TrainingJobDefinition"]
    metrics = {metric["Name"]: metric["Regex"] for metric in recorded["AlgorithmSpecification"]["MetricDefinitions"]}
    ours = tuned["TrainingJobDefinition"]["AlgorithmSpecification"]["MetricDefinitions"]
    assert metrics.items() <= {metric["Name"]: metric["Regex"] for metric in ours}.items()
    assert {**tuned["TrainingJobDefinition"], "AlgorithmSpecification": None} == {
        **recorded,
        "AlgorithmSpecification": None,
    }


def test_ranges_have_the_recorded_values(tuned):
    config, recorded = (
        answer["HyperParameterTuningJobConfig"]["ParameterRanges"]
        for answer in (tuned, RECORDED["tuning-job"]["response"])
    )
    assert config == recorded


def test_the_objective_is_read_from_a_line_with_tabs(tuned):
    best = tuned["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]
    assert best == {"MetricName": "validation:rmse", "Value": 2.9000000953674316}


def test_the_times_of_the_best_training_job_are_whole_seconds(tuned):
    best = tuned["BestTrainingJob"]
    names = ("CreationTime", "TrainingStartTime", "TrainingEndTime")
    assert [best[name].microsecond for name in names] == [0, 0, 0]
