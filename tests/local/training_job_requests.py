"""The request of CreateTrainingJob, a program for it, and functions that wait for the training job."""

from running import BUCKET, IMAGE, until

from hptsdk.local import Program

REQUEST = {
    "TrainingJobName": "alone",
    "HyperParameters": {"rate": "0.5"},
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
PRINTS = Program(command=["/bin/sh", "-c", 'echo "loss=$SM_HP_RATE $0 $@"'], arguments="none")


def describe(client, name="alone"):
    """Return the description of a training job."""
    response = client.describe_training_job(TrainingJobName=name)
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def ended(client, name="alone"):
    """Return the description of a training job after its end."""
    until(lambda: describe(client, name)["TrainingJobStatus"] in ("Completed", "Failed", "Stopped"))
    return describe(client, name)
