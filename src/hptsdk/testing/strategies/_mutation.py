"""What the changes that break a rule are made of: paths within a request, values, and parts of documents.

The request is one of one definition, or of two named `first` and `second`; it has no ranges, since Autotune is on,
runs an algorithm resource `mine` without a channel, and minimizes `loss`.
"""

# ruff: noqa: ANN401 - values and strategies alike stand in a change

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping
__all__ = [
    "ALGORITHM",
    "CHANNELS",
    "CHOICES",
    "CONFIG",
    "CUSTOM",
    "DATASET",
    "EARLY",
    "FIRST",
    "HIGH",
    "HYPERBAND",
    "IN_S3",
    "JOB",
    "JOBS",
    "KEY",
    "LOW",
    "METRIC",
    "MODES",
    "MOUNTED",
    "NAMES",
    "OBJECTIVE",
    "PARENTS",
    "PLAIN_TYPE",
    "PLAN",
    "RANGES",
    "RESOURCES",
    "SECOND",
    "SPOT",
    "STATIC",
    "STOPPING",
    "STORED_TYPE",
    "STRATEGY",
    "Spoiler",
    "after",
    "as_text",
    "bounded",
    "channel",
    "credential",
    "group",
    "kinds",
    "numeric",
    "of",
    "one",
    "preferred",
    "real",
    "resources",
    "runs",
    "s3",
    "two",
    "variables",
    "whole",
]


class Spoiler(NamedTuple):
    """Values, or strategies for them, by the paths where they are put; None takes out what is there."""

    changes: Mapping[str, Any]
    several: bool = False


def one(changes: Mapping[str, Any]) -> Spoiler:
    """Change a request of one definition."""
    return Spoiler(changes)


def two(changes: Mapping[str, Any]) -> Spoiler:
    """Change a request of two definitions."""
    return Spoiler(changes, several=True)


CONFIG = "HyperParameterTuningJobConfig"
STRATEGY = f"{CONFIG}.Strategy"
JOBS = f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs"
RANGES = f"{CONFIG}.ParameterRanges"
OBJECTIVE = f"{CONFIG}.HyperParameterTuningJobObjective"
HYPERBAND = f"{CONFIG}.StrategyConfig.HyperbandStrategyConfig"
EARLY = f"{CONFIG}.TrainingJobEarlyStoppingType"
JOB = "TrainingJobDefinition"
FIRST, SECOND = "TrainingJobDefinitions.0", "TrainingJobDefinitions.1"
ALGORITHM = f"{JOB}.AlgorithmSpecification"
STATIC = f"{JOB}.StaticHyperParameters"
STOPPING = f"{JOB}.StoppingCondition"
SPOT = f"{JOB}.EnableManagedSpotTraining"
RESOURCES = f"{JOB}.ResourceConfig"
CHOICES = f"{JOB}.HyperParameterTuningResourceConfig"
CHANNELS = f"{JOB}.InputDataConfig"
PARENTS = "WarmStartConfig"

LOW, HIGH = st.integers(-1000, -1), st.integers(1, 1000)
NAMES = st.text("abcdefgh", min_size=1, max_size=8)
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
PLAN = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/big"
CUSTOM = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
METRIC = {"Name": "loss", "Regex": "loss=([-+0-9.eE]+);"}
IN_S3 = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/train/"}}
DATASET = {"DatasetArn": "arn:aws:sagemaker:us-east-1:123456789012:hub-content/hub/DataSet/data/1.0.0"}
MOUNTED = {
    "FileSystemDataSource": {
        "FileSystemId": "fs-0123456789abcdef0",
        "FileSystemAccessMode": "ro",
        "FileSystemType": "EFS",
        "DirectoryPath": "/train",
    }
}
PLAIN_TYPE, STORED_TYPE = "ml.m5.xlarge", "ml.g5.xlarge"
MODES = st.sampled_from(("File", "FastFile"))


def bounded(low: Any, high: Any, **members: Any) -> Any:
    """Give a numeric range between two numbers."""
    return st.fixed_dictionaries({"Name": NAMES, "MinValue": as_text(low), "MaxValue": as_text(high), **members})


def as_text(value: Any) -> Any:
    """Write what is drawn as text."""
    return cast("Any", value).map(str) if isinstance(value, st.SearchStrategy) else st.just(value)


def numeric(*ranges: Any) -> list[Spoiler]:
    """Break a rule of numeric ranges in both kinds."""
    return [
        one({JOBS: None, f"{RANGES}.{kind}": st.tuples(found).map(list)})
        for found in ranges
        for kind in ("ContinuousParameterRanges", "IntegerParameterRanges")
    ]


def real(found: Any) -> Spoiler:
    """Put one continuous range in."""
    return one({JOBS: None, f"{RANGES}.ContinuousParameterRanges": st.tuples(found).map(list)})


def whole(found: Any) -> Spoiler:
    """Put one integer range in."""
    return one({JOBS: None, f"{RANGES}.IntegerParameterRanges": st.tuples(found).map(list)})


def of(count: int, start: int = 0) -> list[dict[str, str]]:
    """Give so many integer ranges."""
    return [{"Name": f"n{number}", "MinValue": "1", "MaxValue": "9"} for number in range(start, start + count)]


def kinds(*sizes: int) -> dict[str, Any]:
    """Give categorical ranges of these numbers of values."""
    values = [[str(value) for value in range(size)] for size in sizes]
    return {"CategoricalParameterRanges": [{"Name": f"k{n}", "Values": found} for n, found in enumerate(values)]}


def channel(name: str, source: Any, **members: Any) -> dict[str, Any]:
    """Give a channel."""
    return {"ChannelName": name, "DataSource": source, **members}


def s3(**members: Any) -> dict[str, Any]:
    """Give a source in S3."""
    return {"S3DataSource": IN_S3["S3DataSource"] | members}


def resources(**members: Any) -> Spoiler:
    """Put a resource config in."""
    return one({RESOURCES: members})


def group(name: str) -> dict[str, Any]:
    """Give an instance group."""
    return {"InstanceGroupName": name, "InstanceType": PLAIN_TYPE, "InstanceCount": 1}


def preferred(*names: str, **members: Any) -> list[dict[str, Any]]:
    """Give instance preferences."""
    return [{"InstanceType": name, **members} for name in names]


def runs(**members: Any) -> Spoiler:
    """Put an algorithm specification in."""
    return one({ALGORITHM: {"TrainingInputMode": "File", **members}})


def variables(prefix: str, count: int) -> dict[str, str]:
    """Give a map of so many entries."""
    return {f"{prefix}{number}": "" for number in range(count)}


def after(*names: str | None) -> Any:
    """Give a warm start from jobs of these names."""
    parents = [{"HyperParameterTuningJobName": name} if name else {} for name in names]
    kinds = st.sampled_from(("IdenticalDataAndAlgorithm", "TransferLearning"))
    return st.fixed_dictionaries({"ParentHyperParameterTuningJobs": st.just(parents), "WarmStartType": kinds})


def credential(member: str) -> list[Spoiler]:
    """Put a credential into a map."""
    keys = st.sampled_from(("aws_access_key_id", "AWS_SECRET_ACCESS_KEY", "Aws_Session_Token"))
    values = st.sampled_from(("x", "secret"))
    ids = st.text("ABCDEFGH234567", min_size=16, max_size=16).map("AKIA".__add__)
    return [
        one({f"{JOB}.{member}": st.dictionaries(keys, values, min_size=1, max_size=1)}),
        one({f"{JOB}.{member}": st.dictionaries(st.just("note"), ids, min_size=1)}),
    ]
