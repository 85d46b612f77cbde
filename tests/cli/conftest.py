"""Fixtures with requests and files. The modules of this folder can be imported by name."""

import sys
from pathlib import Path

import pytest

import hptsdk

sys.path.insert(0, str(Path(__file__).parent))

import command_line

from hptsdk.testing import MemoryService, MemoryTransport


@pytest.fixture(scope="session")
def training():
    """The builder of a definition that uses most of its methods."""
    return (
        hptsdk.training(
            image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            output="s3://amzn-s3-demo-bucket/out/",
            instance_type="ml.m5.xlarge",
            instance_count=1,
            max_runtime_in_seconds=3600,
            volume_size_in_gb=30,
        )
        .metric("loss", "loss=([0-9.]+)")
        .static(batch=32, note="10% of ${total}")
        .environment(LEVEL="debug")
        .channel("train", "s3://amzn-s3-demo-bucket/train/", content_type="text/csv")
        .retries(2)
        .spot(max_wait_in_seconds=7200)
    )


@pytest.fixture(scope="session")
def request_of_one(training):
    """A request with one definition."""
    return (
        hptsdk.tuning_job("Example-1", training, minimize="loss", max_jobs=20, max_parallel_jobs=2)
        .integer("depth", 1, 10)
        .continuous("eta", 0.001, 0.5, scaling="Logarithmic")
        .categorical("booster", ["gbtree", "dart"])
        .random(random_seed=7)
        .early_stopping()
        .stop_at(0.1)
        .warm_start("earlier", kind="TransferLearning")
        .tag("team", "forecasting")
        .build()
    )


@pytest.fixture(scope="session")
def request_of_several(training):
    """A request with two definitions."""
    first = training.named("first", minimize="loss").integer("depth", 1, 10)
    second = training.named("second", maximize="loss").categorical("booster", ["gbtree", "dart"])
    return hptsdk.tuning_job("several", [first, second], max_jobs=20, max_parallel_jobs=2).build()


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.json"
    path.write_text(hptsdk.dumps(command_line.request()))
    return path


@pytest.fixture
def bad(tmp_path):
    """The path of a YAML file with a request with three mistakes."""
    path = tmp_path / "bad.yaml"
    path.write_text(
        "# a comment\n"
        "HyperParameterTuningJobName: my_job\n"
        "HyperParameterTuningJobConfig:\n"
        "  Strategy: Random\n"
        "  HyperParameterTuningJobObjective: {Type: Minimize, MetricName: loss}\n"
        "  ResourceLimits: {MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2}\n"
        "  ParameterRanges:\n"
        "    ContinuousParameterRanges:\n"
        "      - Name: rate\n"
        "        MinValue: 0.1\n"
        '        MaxValue: "1"\n'
        "TrainingJobDefinition:\n"
        "  Envirnment: {}\n"
        "  AlgorithmSpecification:\n"
        '    TrainingImage: "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1"\n'
        "    TrainingInputMode: File\n"
        "    MetricDefinitions: [{Name: loss, Regex: 'loss=([-+0-9.eE]+)'}]\n"
        "  RoleArn: arn:aws:iam::123456789012:role/SageMakerRole\n"
        "  OutputDataConfig: {S3OutputPath: 's3://amzn-s3-demo-bucket/out'}\n"
        "  ResourceConfig: {InstanceType: ml.m5.large, InstanceCount: 1, VolumeSizeInGB: 10}\n"
        "  StoppingCondition: {MaxRuntimeInSeconds: 3600}\n"
    )
    return path


@pytest.fixture
def service(monkeypatch):
    """A service in memory, which the commands call instead of SageMaker."""
    service, client = MemoryService(), hptsdk.TuningClient
    monkeypatch.setattr(hptsdk, "TuningClient", lambda *_, **__: client(transport=MemoryTransport(service)))
    return service
