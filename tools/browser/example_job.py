"""A tuning job of the local service with names and values that a page must escape, such as a script."""

from contextlib import contextmanager

import hptsdk
from hptsdk.local import LocalService, Program

SCRIPT = "<script>alert(1)</script>"
RATE = "<b>rate"
JOBS = 24

PROGRAM = """
import json, math, os, sys, time
values = json.loads(os.environ["SM_HPS"])
rate, layers, kind = float(values["<b>rate"]), int(values["layers"]), values["kind"]
time.sleep(layers / 50)
if layers == 3:
    sys.exit("three layers are not supported: " + kind)
print("loss=%.5f" % (0.2 + (math.log10(rate) + 2) ** 2 / 8 + (layers - 5) ** 2 / 60 + (kind == "plain") / 9))
"""


@contextmanager
def example_job(root):
    """Run the tuning job to its end in this root folder, and yield its handle while the service is open."""
    program = Program(command=["python", "-c", PROGRAM], arguments="none")
    definition = hptsdk.training(
        image="my-image:1",
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.large",
        instance_count=1,
        volume_size_in_gb=30,
        max_runtime_in_seconds=60,
    ).metric("loss", r"loss=([-+0-9.eE]+)")
    request = (
        hptsdk.tuning_job("tuned", definition, minimize="loss", max_jobs=JOBS, max_parallel_jobs=2)
        .continuous(RATE, 1e-4, 1.0, scaling="Logarithmic")
        .integer("layers", 1, 12)
        .categorical("kind", ["plain", SCRIPT, "a long name of a category " * 5])
        .continuous("momentum", 0, 0.999, scaling="ReverseLogarithmic")
        .random(random_seed=7)
        .build()
    )
    with LocalService(root, images={"my-image:1": program}) as service:
        job = service.client().create(request)
        job.wait(timeout=120, poll=0.2)
        yield job
