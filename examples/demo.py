"""The main job, start to end: a tuning job for the Abalone data set, created over the real protocol and described.

It talks to a moto server that it starts on 127.0.0.1, so it needs no account.
"""

import os

import hptsdk
from hptsdk import shapes

# Stand-ins, since moto checks no signature; a real account's are found by botocore as ever.
os.environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}

DATA = "s3://sagemaker-sample-files/datasets/tabular/uci_abalone"


def channel(name: str) -> shapes.Channel:
    """Read one part of the data set, as libsvm text."""
    source = shapes.S3DataSource(s3_data_type="S3Prefix", s3_uri=f"{DATA}/{name}_libsvm/")
    return shapes.Channel(
        channel_name=name, content_type="text/libsvm", data_source=shapes.DataSource(s3_data_source=source)
    )


def abalone() -> shapes.CreateHyperParameterTuningJobRequest:
    """Tune XGBoost to guess the age of abalones from their measures."""
    return shapes.CreateHyperParameterTuningJobRequest(
        hyper_parameter_tuning_job_name="abalone-age",
        hyper_parameter_tuning_job_config=shapes.HyperParameterTuningJobConfig(
            strategy="Bayesian",
            hyper_parameter_tuning_job_objective=shapes.HyperParameterTuningJobObjective(
                type="Minimize", metric_name="validation:rmse"
            ),
            resource_limits=shapes.ResourceLimits(max_number_of_training_jobs=20, max_parallel_training_jobs=4),
            parameter_ranges=shapes.ParameterRanges(
                continuous_parameter_ranges=[
                    shapes.ContinuousParameterRange(
                        name="eta", min_value="0.01", max_value="0.5", scaling_type="Logarithmic"
                    ),
                    shapes.ContinuousParameterRange(name="subsample", min_value="0.5", max_value="1"),
                ],
                integer_parameter_ranges=[shapes.IntegerParameterRange(name="max_depth", min_value="2", max_value="9")],
            ),
        ),
        training_job_definition=shapes.HyperParameterTrainingJobDefinition(
            algorithm_specification=shapes.HyperParameterAlgorithmSpecification(
                training_image="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
                training_input_mode="File",
            ),
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            input_data_config=[channel("train"), channel("validation")],
            output_data_config=shapes.OutputDataConfig(s3_output_path="s3://amzn-s3-demo-bucket/abalone/"),
            resource_config=shapes.ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=10),
            stopping_condition=shapes.StoppingCondition(max_runtime_in_seconds=1200),
            static_hyper_parameters={"objective": "reg:squarederror", "num_round": "200"},
        ),
    )


def show_mistakes() -> None:
    """Show what three typical mistakes look like; none of them gets as far as the network."""
    wire = hptsdk.to_wire(abalone())
    wire["HyperParameterTuningJobName"] = "abalone_age"
    wire["TrainingJobDefinition"]["ResourceConfig"]["InstanceType"] = "m5.xlarge"
    wire["TrainingJobDefinition"]["InputDataConfig"][0]["ContenType"] = "text/csv"
    try:
        hptsdk.from_wire(shapes.CreateHyperParameterTuningJobRequest, wire)
    except hptsdk.errors.InvalidShapeError as error:
        for violation in error.violations:
            print(f"  {violation.message}")


def main() -> None:
    """Run it."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - takes a second, and only the demo needs it

    request = abalone()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        with hptsdk.TuningClient(region_name="us-east-1", endpoint_url=f"http://{host}:{port}") as client:
            job = client.create(request)
            described = job.describe()
            print(f"Created {job} as {job.arn}\n")
            strategy = described.hyper_parameter_tuning_job_config.strategy
            print(f"Described: {described.hyper_parameter_tuning_job_status}, searching by {strategy}\n")
            print(f"What was sent:\n{hptsdk.dumps(request)}\n")
    finally:
        server.stop()
    print("Three mistakes, found before anything is sent:")
    show_mistakes()


if __name__ == "__main__":
    main()
