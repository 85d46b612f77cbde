"""Run a small tuning job with the extra `local`, and print `used`. `install_checks.py` runs this."""

import sys
import tempfile

import hptsdk
from hptsdk.local import LocalService, Program

program = Program(
    command=[sys.executable, "-c", "import os; print('loss=' + os.environ['SM_HP_RATE'])"], arguments="none"
)
definition = hptsdk.training(
    image="my-image:1",
    role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
    output="s3://amzn-s3-demo-bucket/out/",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    volume_size_in_gb=30,
    max_runtime_in_seconds=600,
).metric("loss", r"loss=([-+0-9.eE]+)")
request = (
    hptsdk.tuning_job("first-try", definition, minimize="loss", max_jobs=4, max_parallel_jobs=2)
    .continuous("rate", 0.1, 1.0)
    .bayesian(random_seed=7)
    .build()
)
with tempfile.TemporaryDirectory() as root, LocalService(root, images={"my-image:1": program}) as service:
    job = service.client().create(request)
    job.wait(timeout=120)
    statuses = [each.training_job_status for each in job.training_jobs()]
    assert statuses == ["Completed"] * 4, statuses
    assert job.best is not None, "there is a best training job"
print("used")
