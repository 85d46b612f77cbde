"""Use hptsdk without extras, and print `used`. `install_checks.py` runs this in an environment without extras."""

from contextlib import suppress
from importlib import metadata, resources
from importlib.util import find_spec

import hptsdk
from hptsdk.testing import MemoryTransport

xgboost = (
    hptsdk.training(
        image="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        volume_size_in_gb=30,
        max_runtime_in_seconds=3600,
    )
    .channel("train", "s3://amzn-s3-demo-bucket/train/", content_type="text/csv")
    .channel("validation", "s3://amzn-s3-demo-bucket/validation/", content_type="text/csv")
    .static(objective="binary:logistic", num_round=100)
)
request = (
    hptsdk.tuning_job("churn-2026-11", xgboost, maximize="validation:auc", max_jobs=50, max_parallel_jobs=5)
    .continuous("eta", 0.01, 0.3, scaling="Logarithmic")
    .integer("max_depth", 3, 10)
    .bayesian(random_seed=7)
    .early_stopping()
    .tag("team", "growth")
    .build()
)
shape = hptsdk.shapes.CreateHyperParameterTuningJobRequest
assert hptsdk.from_wire(shape, hptsdk.to_wire(request)) == request, "the dict is read back"
assert hptsdk.loads(shape, hptsdk.dumps(request)) == request, "the JSON text is read back"
assert hptsdk.schema.rules(), "there are rules"
assert isinstance(hptsdk.advise(request), tuple), "advice is a tuple"

rules = []
try:
    hptsdk.shapes.ContinuousParameterRange(name="eta", min_value=0.01, max_value="0.3", scaling_type="Log")
except hptsdk.errors.InvalidShapeError as error:
    rules = [violation.rule for violation in error.violations]
assert rules == ["type", "enum"], "both violations are reported"

# the service in memory needs no extra
with hptsdk.TuningClient(transport=MemoryTransport()) as client:
    job = client.create(request)
    assert job.describe().hyper_parameter_tuning_job_name == "churn-2026-11", "the job exists"

# the call reaches botocore, and fails because there are no credentials and no server at this address
client = hptsdk.TuningClient(region_name="us-east-1", endpoint_url="http://127.0.0.1:9")
with client, suppress(hptsdk.errors.NotSentError):
    client.create(request)
    raise AssertionError("a call without a service returned")

assert hptsdk.__version__ == metadata.version("hptsdk"), "the version is the distribution's"
assert resources.files("hptsdk").joinpath("py.typed").is_file(), "the package is typed"
extras = [name for name in ("typer", "ruamel", "optuna", "hypothesis", "pytest", "boto3") if find_spec(name)]
assert extras == [], "no extra is installed"
print("used")
