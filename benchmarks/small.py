"""A small request: one definition with XGBoost, two channels and three ranges."""

from hptsdk.shapes import (
    Channel,
    ContinuousParameterRange,
    CreateHyperParameterTuningJobRequest,
    DataSource,
    HyperParameterAlgorithmSpecification,
    HyperParameterTrainingJobDefinition,
    HyperParameterTuningJobConfig,
    HyperParameterTuningJobObjective,
    IntegerParameterRange,
    OutputDataConfig,
    ParameterRanges,
    ResourceConfig,
    ResourceLimits,
    S3DataSource,
    StoppingCondition,
)


def channel(name: str) -> Channel:
    """Return a channel of CSV files below an S3 prefix."""
    source = S3DataSource(s3_data_type="S3Prefix", s3_uri=f"s3://amzn-s3-demo-bucket/{name}/")
    return Channel(channel_name=name, content_type="text/csv", data_source=DataSource(s3_data_source=source))


def small(algorithm: HyperParameterAlgorithmSpecification | None = None) -> CreateHyperParameterTuningJobRequest:
    """Return the request, built with the constructors.

    Args:
        algorithm: Defaults to an image of XGBoost.
    """
    return CreateHyperParameterTuningJobRequest(
        hyper_parameter_tuning_job_name="small-request",
        hyper_parameter_tuning_job_config=HyperParameterTuningJobConfig(
            strategy="Bayesian",
            hyper_parameter_tuning_job_objective=HyperParameterTuningJobObjective(
                type="Maximize", metric_name="validation:auc"
            ),
            resource_limits=ResourceLimits(max_number_of_training_jobs=20, max_parallel_training_jobs=2),
            parameter_ranges=ParameterRanges(
                continuous_parameter_ranges=[
                    ContinuousParameterRange(name="eta", min_value="0.01", max_value="0.3"),
                    ContinuousParameterRange(name="subsample", min_value="0.5", max_value="1.0"),
                ],
                integer_parameter_ranges=[IntegerParameterRange(name="max_depth", min_value="2", max_value="9")],
            ),
        ),
        training_job_definition=HyperParameterTrainingJobDefinition(
            algorithm_specification=algorithm
            or HyperParameterAlgorithmSpecification(
                training_image="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
                training_input_mode="File",
            ),
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            input_data_config=[channel("train"), channel("validation")],
            output_data_config=OutputDataConfig(s3_output_path="s3://amzn-s3-demo-bucket/out/"),
            resource_config=ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
            stopping_condition=StoppingCondition(max_runtime_in_seconds=3600),
            static_hyper_parameters={"objective": "binary:logistic", "num_round": "100"},
        ),
    )


if __name__ == "__main__":
    small()
