"""The example of the documentation: builders and constructors create equal requests."""

import pytest
from sample_requests import BUCKET, REQUIRED, ROLE, XGBOOST_IMAGE

import hptsdk
from hptsdk import shapes


@pytest.fixture
def built():
    xgboost = (
        hptsdk.training(image=XGBOOST_IMAGE, **REQUIRED)
        .channel("train", f"{BUCKET}/train/", content_type="text/csv")
        .channel("validation", f"{BUCKET}/validation/", content_type="text/csv")
        .static(objective="binary:logistic", num_round=100)
    )
    return (
        hptsdk.tuning_job("churn-2026-11", xgboost, maximize="validation:auc", max_jobs=50, max_parallel_jobs=5)
        .continuous("eta", 0.01, 0.3, scaling="Logarithmic")
        .integer("max_depth", 3, 10)
        .categorical("booster", ["gbtree", "dart"])
        .bayesian(random_seed=7)
        .early_stopping()
        .tag("team", "growth")
        .build()
    )


def channel(name):
    source = shapes.S3DataSource(s3_data_type="S3Prefix", s3_uri=f"{BUCKET}/{name}/")
    return shapes.Channel(
        channel_name=name, data_source=shapes.DataSource(s3_data_source=source), content_type="text/csv"
    )


def test_it_equals_the_request_that_the_constructors_make(built):
    assert built == shapes.CreateHyperParameterTuningJobRequest(
        hyper_parameter_tuning_job_name="churn-2026-11",
        hyper_parameter_tuning_job_config=shapes.HyperParameterTuningJobConfig(
            strategy="Bayesian",
            hyper_parameter_tuning_job_objective=shapes.HyperParameterTuningJobObjective(
                type="Maximize", metric_name="validation:auc"
            ),
            resource_limits=shapes.ResourceLimits(max_number_of_training_jobs=50, max_parallel_training_jobs=5),
            parameter_ranges=shapes.ParameterRanges(
                continuous_parameter_ranges=[
                    shapes.ContinuousParameterRange(
                        name="eta", min_value="0.01", max_value="0.3", scaling_type="Logarithmic"
                    )
                ],
                integer_parameter_ranges=[
                    shapes.IntegerParameterRange(name="max_depth", min_value="3", max_value="10")
                ],
                categorical_parameter_ranges=[
                    shapes.CategoricalParameterRange(name="booster", values=["gbtree", "dart"])
                ],
            ),
            training_job_early_stopping_type="Auto",
            random_seed=7,
        ),
        training_job_definition=shapes.HyperParameterTrainingJobDefinition(
            static_hyper_parameters={"objective": "binary:logistic", "num_round": "100"},
            algorithm_specification=shapes.HyperParameterAlgorithmSpecification(
                training_image=XGBOOST_IMAGE, training_input_mode="File"
            ),
            role_arn=ROLE,
            input_data_config=[channel("train"), channel("validation")],
            output_data_config=shapes.OutputDataConfig(s3_output_path=f"{BUCKET}/out/"),
            resource_config=shapes.ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
            stopping_condition=shapes.StoppingCondition(max_runtime_in_seconds=3600),
        ),
        tags=[shapes.Tag(key="team", value="growth")],
    )


def test_its_document_has_these_members(built):
    assert hptsdk.to_wire(built) == {
        "HyperParameterTuningJobName": "churn-2026-11",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "validation:auc"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 50, "MaxParallelTrainingJobs": 5},
            "ParameterRanges": {
                "ContinuousParameterRanges": [
                    {"Name": "eta", "MinValue": "0.01", "MaxValue": "0.3", "ScalingType": "Logarithmic"}
                ],
                "IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "3", "MaxValue": "10"}],
                "CategoricalParameterRanges": [{"Name": "booster", "Values": ["gbtree", "dart"]}],
            },
            "TrainingJobEarlyStoppingType": "Auto",
            "RandomSeed": 7,
        },
        "TrainingJobDefinition": {
            "StaticHyperParameters": {"objective": "binary:logistic", "num_round": "100"},
            "AlgorithmSpecification": {"TrainingImage": XGBOOST_IMAGE, "TrainingInputMode": "File"},
            "RoleArn": ROLE,
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{BUCKET}/train/"}},
                    "ContentType": "text/csv",
                },
                {
                    "ChannelName": "validation",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{BUCKET}/validation/"}},
                    "ContentType": "text/csv",
                },
            ],
            "OutputDataConfig": {"S3OutputPath": f"{BUCKET}/out/"},
            "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        },
        "Tags": [{"Key": "team", "Value": "growth"}],
    }


def test_all_of_its_members_are_validated(built):
    # a request with unvalidated parts is marked; this one has none
    assert built._extra is None


def test_its_repr_is_code_that_builds_it_again(built, evaluated):
    assert evaluated(built) == built
