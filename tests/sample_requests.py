"""Requests for several test modules, created with the builders."""

import hptsdk

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
XGBOOST_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"
BUCKET = "s3://amzn-s3-demo-bucket"

# The arguments that every training definition needs, without its image or algorithm.
REQUIRED = {
    "role_arn": ROLE,
    "output": f"{BUCKET}/out/",
    "instance_type": "ml.m5.xlarge",
    "instance_count": 1,
    "volume_size_in_gb": 30,
    "max_runtime_in_seconds": 3600,
}


def training(**arguments):
    """Return the builder of a definition with a custom image and the metric `loss`."""
    return hptsdk.training(**{"image": IMAGE, **REQUIRED, **arguments}).metric("loss", "loss=([-+0-9.eE]+)")


def tuning_job(name="job", definition=None, **arguments):
    """Return the builder of a tuning job that minimizes `loss`, without ranges."""
    limits = {"minimize": "loss", "max_jobs": 5, "max_parallel_jobs": 1}
    return hptsdk.tuning_job(name, definition or training(), **{**limits, **arguments})


def tuning_request(name="job", definition=None, **arguments):
    """Return the request of a tuning job with one continuous range."""
    return tuning_job(name, definition, **arguments).continuous("lr", 0.001, 0.1).build()
