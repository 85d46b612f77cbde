"""Runs the command `hptsdk`, in this process or as one of its own, on a request."""

import contextlib
import io
import os
import subprocess
import sys
from types import SimpleNamespace

import hptsdk
from hptsdk.cli import main

IMAGE = "my-image:1"

HPTSDK = [sys.executable, "-c", "import sys; from hptsdk.cli import main; sys.exit(main())"]

# those of a terminal come from the test that has one
PLAIN = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "COLUMNS", "PY_COLORS")}


def run(*arguments, cwd="."):
    """Run a command in this process, with standard output and error as they are on pipes."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
        contextlib.chdir(cwd),
    ):
        code = main([*map(str, arguments)])
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())


def hptsdk_(*arguments, text=None, cwd=None, env=PLAIN):
    """Run a command as a process."""
    return subprocess.run(  # noqa: S603 - the command itself
        [*HPTSDK, *map(str, arguments)], input=text, capture_output=True, text=True, check=False, cwd=cwd, env=env
    )


def request(name="demo", *, max_jobs=3, minimize=True):
    definition = hptsdk.training(
        image=IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.large",
        instance_count=2,
        volume_size_in_gb=30,
        max_runtime_in_seconds=3600,
    ).metric("loss" if minimize else "score", r"loss=([-+0-9.eE]+)")
    goal = {"minimize": "loss"} if minimize else {"maximize": "score"}
    return (
        hptsdk.tuning_job(name, definition, **goal, max_jobs=max_jobs, max_parallel_jobs=2)
        .continuous("rate", 0.1, 1.0)
        .random(random_seed=7)
        .build()
    )
