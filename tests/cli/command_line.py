"""Run the command `hptsdk`, in this process or in one of its own, and build a request for it."""

import contextlib
import io
import json
import os
import subprocess
import sys
import warnings
from types import SimpleNamespace
from unittest import mock

import hptsdk
from hptsdk.cli import main

# 25 November 2026, in seconds since 1970
TIME = 1_795_564_800

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1"

HPTSDK = [sys.executable, "-c", "import sys; from hptsdk.cli import main; sys.exit(main())"]


def plain():
    """Return the environment variables without those that change the output to a terminal."""
    names = ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "PY_COLORS")
    return {name: value for name, value in os.environ.items() if name not in names}


PLAIN = plain()


def run_process(*arguments, text=None, cwd=None, env=PLAIN):
    """Run the command in a new process; `text` is its standard input."""
    return subprocess.run(  # noqa: S603 - the command itself
        [*HPTSDK, *map(str, arguments)], input=text, capture_output=True, text=True, check=False, cwd=cwd, env=env
    )


def run(*arguments, text=None, cwd=None, env=None, is_terminal=False):
    """Run the command in this process, which takes a tenth of the time, and return the same result as `run_process`."""
    command = list(map(str, arguments))
    out, err = Stream(is_terminal=is_terminal), Stream()
    with (
        mock.patch.dict(os.environ, plain() if env is None else env, clear=True),
        mock.patch("sys.stdin", Stream(text or "")),
        contextlib.chdir(cwd or os.curdir),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        warnings.resetwarnings()
        for category in (DeprecationWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)
        code = main(command)
    return subprocess.CompletedProcess(command, code, out.text, err.text)


def findings_in(path, **options):
    """Return the findings of `validate` in a file, as objects with the members of its JSON."""
    done = run("validate", path, "--output", "json", **options)
    return [SimpleNamespace(**finding) for finding in json.loads(done.stdout)]


def run_in_terminal(*arguments, width=80, colours=False):
    """Run the command as in a terminal, and return its standard output."""
    terminal = {"COLUMNS": str(width), "LINES": "24", "TERM": "xterm" if colours else "dumb"}
    return run(*arguments, env=PLAIN | terminal, is_terminal=True).stdout


class Stream(io.TextIOWrapper):
    """A standard stream that stores its output."""

    def __init__(self, text="", *, is_terminal=False):
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8", write_through=True)
        self.is_terminal = is_terminal

    def isatty(self):
        return self.is_terminal

    @property
    def text(self):
        return self.buffer.getvalue().decode()


def request(name="demo", *, max_jobs=3, minimize=True):
    metric = "loss" if minimize else "gain"
    definition = hptsdk.training(
        image=IMAGE,
        role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
        output="s3://amzn-s3-demo-bucket/out/",
        instance_type="ml.m5.large",
        instance_count=2,
        volume_size_in_gb=30,
        max_runtime_in_seconds=3600,
    ).metric(metric, r"loss=([-+0-9.eE]+)")
    goal = {"minimize" if minimize else "maximize": metric}
    return (
        hptsdk.tuning_job(name, definition, **goal, max_jobs=max_jobs, max_parallel_jobs=min(2, max_jobs))
        .continuous("rate", 0.1, 1.0)
        .random(random_seed=7)
        .build()
    )


ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/"
COUNTERS = {"Completed": 1, "InProgress": 0, "RetryableError": 0, "NonRetryableError": 1, "Stopped": 0}


def described(request, **members):
    """Return the response of Describe for a request, by default of a tuning job that has failed."""
    return hptsdk.to_wire(request) | {
        "HyperParameterTuningJobArn": f"{ARN}{request.hyper_parameter_tuning_job_name.lower()}",
        "HyperParameterTuningJobStatus": "Failed",
        "CreationTime": TIME,
        "TrainingJobStatusCounters": COUNTERS,
        "ObjectiveStatusCounters": {"Succeeded": 1, "Pending": 0, "Failed": 0},
        **members,
    }


def training_job(name="a", *, value=None, **members):
    """Return the summary of a training job, by default of one that has failed without a value."""
    metric = {} if value is None else {"MetricName": "loss", "Value": value}
    return {
        "TrainingJobName": name,
        "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/a",
        "CreationTime": TIME,
        "TrainingJobStatus": "Failed",
        "TunedHyperParameters": {"eta": "0.1"},
        **({"FinalHyperParameterTuningJobObjectiveMetric": metric} if metric else {}),
        **members,
    }
