"""The main job, start to end: a tuning job for the Abalone data set, created over the real protocol and described.

It talks to a moto server that it starts on 127.0.0.1, so it needs no account.
"""

import os

import hptsdk

# Stand-ins, since moto checks no signature; a real account's are found by botocore as ever.
os.environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}

DATA = "s3://sagemaker-sample-files/datasets/tabular/uci_abalone"

# XGBoost guesses the age of abalones from their measures.
xgboost = (
    hptsdk.training(
        image="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/abalone/",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        volume_size_in_gb=10,
        max_runtime_in_seconds=1200,
    )
    .channel("train", f"{DATA}/train_libsvm/", content_type="text/libsvm")
    .channel("validation", f"{DATA}/validation_libsvm/", content_type="text/libsvm")
    .static(objective="reg:squarederror", num_round=200)
)

abalone = (
    hptsdk.tuning_job("abalone-age", xgboost, minimize="validation:rmse", max_jobs=20, max_parallel_jobs=4)
    .continuous("eta", 0.01, 0.5, scaling="Logarithmic")
    .continuous("subsample", 0.5, 1)
    .integer("max_depth", 2, 9)
    .tag("team", "shellfish")
)


def show_mistakes() -> None:
    """Show what three typical mistakes look like; none of them gets as far as the network."""
    wire = hptsdk.to_wire(abalone.build())
    wire["HyperParameterTuningJobName"] = "abalone_age"
    wire["TrainingJobDefinition"]["ResourceConfig"]["InstanceType"] = "m5.xlarge"
    wire["TrainingJobDefinition"]["InputDataConfig"][0]["ContenType"] = "text/csv"
    try:
        hptsdk.from_wire(hptsdk.shapes.CreateHyperParameterTuningJobRequest, wire)
    except hptsdk.errors.InvalidShapeError as error:
        for violation in error.violations:
            print(f"  {violation.message}")


def main() -> None:
    """Run it."""
    import logging  # noqa: PLC0415 - beside moto, which only this function needs

    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - takes a second to import

    logging.getLogger("werkzeug").setLevel("WARNING")
    request = abalone.build()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        with hptsdk.TuningClient(region_name="us-east-1", endpoint_url=f"http://{host}:{port}") as client:
            job = client.create(request)
            result = job.wait()
            strategy = result.hyper_parameter_tuning_job_config.strategy
            print(f"Created {job} as {job.arn}\n")
            print(f"Described: {result.hyper_parameter_tuning_job_status}, searching by {strategy}\n")
            print(f"What was sent:\n{hptsdk.dumps(request)}\n")
    finally:
        server.stop()
    print("Three mistakes, found before anything is sent:")
    show_mistakes()


if __name__ == "__main__":
    main()
