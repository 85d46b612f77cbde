"""Parts of mutations: paths in a request, values, and parts of documents.

The request that a mutation changes has one definition, or two with the names `first` and `second`. It has no ranges,
since Autotune is enabled, runs an algorithm resource `mine` without channels, and minimizes `loss`.
"""

# ruff: noqa: ANN401 - a mutation holds values and strategies of any type

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping


class Mutation(NamedTuple):
    """Changes of a request.

    Attributes:
        changes: by path, the new value, or a strategy for it; None removes the member.
        in_list: whether the request has two definitions in a list.
    """

    changes: Mapping[str, Any]
    in_list: bool = False


def single(changes: Mapping[str, Any]) -> Mutation:
    """Create a mutation of a request with one definition."""
    return Mutation(changes)


def several(changes: Mapping[str, Any]) -> Mutation:
    """Create a mutation of a request with two definitions."""
    return Mutation(changes, in_list=True)


# --- paths ---

CONFIG = "HyperParameterTuningJobConfig"
STRATEGY = f"{CONFIG}.Strategy"
MAX_JOBS = f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs"
RANGES = f"{CONFIG}.ParameterRanges"
OBJECTIVE = f"{CONFIG}.HyperParameterTuningJobObjective"
HYPERBAND = f"{CONFIG}.StrategyConfig.HyperbandStrategyConfig"
EARLY_STOPPING = f"{CONFIG}.TrainingJobEarlyStoppingType"
DEFINITION = "TrainingJobDefinition"
FIRST, SECOND = "TrainingJobDefinitions.0", "TrainingJobDefinitions.1"
ALGORITHM = f"{DEFINITION}.AlgorithmSpecification"
STATIC = f"{DEFINITION}.StaticHyperParameters"
STOPPING = f"{DEFINITION}.StoppingCondition"
SPOT = f"{DEFINITION}.EnableManagedSpotTraining"
RESOURCES = f"{DEFINITION}.ResourceConfig"
TUNING_RESOURCES = f"{DEFINITION}.HyperParameterTuningResourceConfig"
CHANNELS = f"{DEFINITION}.InputDataConfig"
PARENTS = "WarmStartConfig"

# --- values and parts of documents ---

LOW, HIGH = st.integers(-1000, -1), st.integers(1, 1000)
KMS_KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
TRAINING_PLAN = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/big"
CUSTOM_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
METRIC = {"Name": "loss", "Regex": "loss=([-+0-9.eE]+);"}
S3_SOURCE = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/train/"}}
DATASET_SOURCE = {"DatasetArn": "arn:aws:sagemaker:us-east-1:123456789012:hub-content/hub/DataSet/data/1.0.0"}
FILE_SYSTEM_SOURCE = {
    "FileSystemDataSource": {
        "FileSystemId": "fs-0123456789abcdef0",
        "FileSystemAccessMode": "ro",
        "FileSystemType": "EFS",
        "DirectoryPath": "/train",
    }
}
EBS_TYPE, LOCAL_STORAGE_TYPE = "ml.m5.xlarge", "ml.g5.xlarge"
MODES = st.sampled_from(("File", "FastFile"))


def numeric_range(low: Any, high: Any, **members: Any) -> Any:
    """Create a strategy for a numeric range; a bound is text, or a strategy for a number or text."""
    name = st.text("abcdefgh", min_size=1, max_size=8)
    return st.fixed_dictionaries({"Name": name, "MinValue": _text(low), "MaxValue": _text(high), **members})


def _text(value: st.SearchStrategy[object] | str) -> st.SearchStrategy[str]:
    return st.just(value) if isinstance(value, str) else value.map(str)


def continuous(value: Any) -> Mutation:
    """Create a mutation that adds a continuous range."""
    return single({MAX_JOBS: None, f"{RANGES}.ContinuousParameterRanges": st.tuples(value).map(list)})


def integer(value: Any) -> Mutation:
    """Create a mutation that adds an integer range."""
    return single({MAX_JOBS: None, f"{RANGES}.IntegerParameterRanges": st.tuples(value).map(list)})


def numeric_ranges(*values: Any) -> list[Mutation]:
    """Create mutations that add each of the ranges as a continuous and as an integer range."""
    return [mutation(value) for value in values for mutation in (continuous, integer)]


def integer_ranges(count: int, start: int = 0) -> list[dict[str, str]]:
    """Return integer ranges with the names ``n0``, ``n1`` and so on, from `start`."""
    return [{"Name": f"n{number}", "MinValue": "1", "MaxValue": "9"} for number in range(start, start + count)]


def categorical_ranges(*sizes: int) -> dict[str, Any]:
    """Return the parameter ranges with a categorical range for each of the numbers of values."""
    values = [[str(value) for value in range(size)] for size in sizes]
    return {"CategoricalParameterRanges": [{"Name": f"k{n}", "Values": items} for n, items in enumerate(values)]}


def channel(name: str, source: Any, **members: Any) -> dict[str, Any]:
    """Return a channel."""
    return {"ChannelName": name, "DataSource": source, **members}


def s3_source(**members: Any) -> dict[str, Any]:
    """Return a data source in S3 with these members."""
    return {"S3DataSource": S3_SOURCE["S3DataSource"] | members}


def resources(**members: Any) -> Mutation:
    """Create a mutation that sets the resource configuration."""
    return single({RESOURCES: members})


def instance_group(name: str) -> dict[str, Any]:
    """Return an instance group."""
    return {"InstanceGroupName": name, "InstanceType": EBS_TYPE, "InstanceCount": 1}


def preferences(*types: str, **members: Any) -> list[dict[str, Any]]:
    """Return an instance preference for each of the instance types."""
    return [{"InstanceType": name, **members} for name in types]


def algorithm(**members: Any) -> Mutation:
    """Create a mutation that sets the algorithm specification."""
    return single({ALGORITHM: {"TrainingInputMode": "File", **members}})


def entries(prefix: str, count: int) -> dict[str, str]:
    """Return a map with this number of entries."""
    return {f"{prefix}{number}": "" for number in range(count)}


def warm_start(*names: str | None) -> Any:
    """Create a strategy for a warm start from parents with these names; None for a parent without a name."""
    parents = [{"HyperParameterTuningJobName": name} if name else {} for name in names]
    types = st.sampled_from(("IdenticalDataAndAlgorithm", "TransferLearning"))
    return st.fixed_dictionaries({"ParentHyperParameterTuningJobs": st.just(parents), "WarmStartType": types})


def credential(member: str) -> list[Mutation]:
    """Create mutations that put a credential into a map of the definition."""
    keys = st.sampled_from(("aws_access_key_id", "AWS_SECRET_ACCESS_KEY", "Aws_Session_Token"))
    values = st.sampled_from(("x", "secret"))
    ids = st.text("ABCDEFGH234567", min_size=16, max_size=16).map("AKIA".__add__)
    return [
        single({f"{DEFINITION}.{member}": st.dictionaries(keys, values, min_size=1, max_size=1)}),
        single({f"{DEFINITION}.{member}": st.dictionaries(st.just("note"), ids, min_size=1)}),
    ]
