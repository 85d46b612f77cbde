"""The hyperparameters and the model of the best training job."""

import pytest

import hptsdk
from hptsdk.testing import StubTransport

BEST = {
    "TrainingJobName": "demo-001-5b1e9a0c",
    "TunedHyperParameters": {"rate": "0.5", "depth": "9007199254740993", "kind": "7", "chosen": "3"},
}
RANGES = {
    "ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0", "MaxValue": "1"}],
    "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "10000000000000000"}],
    "CategoricalParameterRanges": [{"Name": "kind", "Values": ["7", "8"]}],
}


def job(*answers):
    return hptsdk.TuningClient(transport=StubTransport(*answers)).get("demo")


def described(**members):
    return {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobStatus": "Completed"} | members


def test_hyperparameters_have_the_types_of_their_ranges():
    typed = job(described(HyperParameterTuningJobConfig={"ParameterRanges": RANGES}, BestTrainingJob=BEST))
    values = typed.best_hyperparameters
    # Autotune chose the last one, which has no range
    assert values == {"rate": 0.5, "depth": 9007199254740993, "kind": "7", "chosen": 3.0}
    assert [type(value) for value in values.values()] == [float, int, str, float]


def test_hyperparameters_have_the_types_in_their_own_definition():
    definitions = [
        {
            "DefinitionName": "a",
            "HyperParameterRanges": {"CategoricalParameterRanges": [{"Name": "x", "Values": ["1"]}]},
        },
        {
            "DefinitionName": "b",
            "HyperParameterRanges": {"IntegerParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "5"}]},
        },
    ]
    best = {"TrainingJobName": "demo-1", "TrainingJobDefinitionName": "b", "TunedHyperParameters": {"x": "1"}}
    assert job(described(TrainingJobDefinitions=definitions, BestTrainingJob=best)).best_hyperparameters == {"x": 1}


@pytest.mark.parametrize("value", ["", "many", "nan", "1e999"])
def test_a_value_that_is_not_a_number_is_text(value):
    best = {"TrainingJobName": "demo-1", "TunedHyperParameters": {"depth": value}}
    typed = job(described(HyperParameterTuningJobConfig={"ParameterRanges": RANGES}, BestTrainingJob=best))
    assert typed.best_hyperparameters == {"depth": value}


def test_there_are_none_without_a_best_training_job():
    assert job(described()).best_hyperparameters is None
    assert job(described()).best_model_uri is None


def test_the_model_of_the_best_training_job():
    uri = "s3://amzn-s3-demo-bucket/out/demo-001-5b1e9a0c/output/model.tar.gz"
    training_job = {"TrainingJobName": "demo-001-5b1e9a0c", "ModelArtifacts": {"S3ModelArtifacts": uri}}
    assert job(described(BestTrainingJob=BEST), training_job).best_model_uri == uri


def test_a_training_job_that_has_no_model_yet():
    training_job = {"TrainingJobName": "demo-001-5b1e9a0c"}
    assert job(described(BestTrainingJob=BEST), training_job).best_model_uri is None


def test_an_unknown_library_for_a_table_is_an_error():
    with pytest.raises(ValueError, match="expected 'pandas' or 'polars', got 'numpy'"):
        job(described(), {"TrainingJobSummaries": []}).to_dataframe(library="numpy")
