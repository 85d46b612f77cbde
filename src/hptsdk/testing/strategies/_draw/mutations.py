"""The mutations that make a valid request violate a rule, by the id of the rule.

A mutation sets members of a plausible request with one definition, or with two in a list with the names `first` and
`second`. The request has one range, of `learning_rate`, and the static hyperparameter `batch`. It runs a custom image
without channels on one instance, and minimizes `loss`. Each mutation violates exactly one rule. A new rule whose
violation is an error needs an entry here besides its function in `hptsdk.rules`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from hptsdk.testing.strategies._draw.algorithms import CUSTOM_IMAGE, MARKETPLACE_ALGORITHM, XGBOOST_IMAGE, regex_of

Value = Any
"""A part of a document, or a strategy for one; it may have any type."""

OBJECTIVE = {"Type": "Minimize", "MetricName": "loss"}
METRIC = {"Name": "loss", "Regex": regex_of("loss")}
S3_SOURCE = {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/train/"}
DATASET_SOURCE = {"DatasetArn": "arn:aws:sagemaker:us-east-1:123456789012:hub-content/hub/DataSet/data/1.0.0"}
FILE_SYSTEM_SOURCE = {
    "FileSystemId": "fs-0123456789abcdef0",
    "FileSystemAccessMode": "ro",
    "FileSystemType": "EFS",
    "DirectoryPath": "/train",
}


def hyperband(**members: Value) -> dict[str, Any]:
    return {"Strategy": "Hyperband", "StrategyConfig": {"HyperbandStrategyConfig": members}}


def channel(source: dict[str, Any], **members: Value) -> dict[str, Any]:
    """Return the members for one channel with a data source."""
    return {"InputDataConfig": [{"ChannelName": "train", "DataSource": source, **members}]}


class Mutation(NamedTuple):
    """Members to set in a request.

    Attributes:
        members: by wire name, the new value of a member of the request, of its configuration, of the resource limits or
            of the single definition. A value may hold strategies; None removes the member.
        definitions: likewise, the members of each definition in the list; None for a request with one definition.
    """

    members: dict[str, Any]
    definitions: tuple[dict[str, Any], dict[str, Any]] | None = None


def single(**members: Value) -> Mutation:
    return Mutation(members)


def several(first: dict[str, Any] | None = None, second: dict[str, Any] | None = None, **members: Value) -> Mutation:
    """Return a mutation of a request with two definitions in a list."""
    return Mutation(members, (first or {}, second or {}))


# --- parts of requests ---

_CUSTOM: dict[str, Value] = {"TrainingImage": CUSTOM_IMAGE}
_LOW, _HIGH = st.integers(-1000, -1).map(str), st.integers(1, 1000).map(str)
_NOT_NUMBERS = st.sampled_from(("low", "nan", "inf", "1,5", "", "0x1", "1e999999", "\u0661"))
_FRACTIONS = st.sampled_from(("0.5", "-2.50", "1e-1"))
_DEFINITION = {
    "AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"},
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
    "StoppingCondition": {},
    "TuningObjective": OBJECTIVE,
}


def _range(kind: str, low: Value, high: Value, **members: Value) -> Mutation:
    item = {"Name": st.text("abcdefgh", min_size=1, max_size=8), "MinValue": low, "MaxValue": high, **members}
    return single(**_ranges(**{f"{kind}ParameterRanges": [item]}))


def _integers(*numbers: int) -> list[dict[str, str]]:
    return [{"Name": f"n{number}", "MinValue": "1", "MaxValue": "9"} for number in numbers]


def _ranges(**lists: Value) -> dict[str, Any]:
    """Return the members for ranges of the job, without a maximum number of training jobs."""
    return {"MaxNumberOfTrainingJobs": None, "ParameterRanges": lists}


_KINDS = ("Continuous", "Integer")
_AUTO = [{"Name": "batch", "ValueHint": "8"}]
_AUTOTUNE = {"Autotune": {"Mode": "Enabled"}}
_NO_RANGES = {"HyperParameterRanges": None}
_RATE = {"ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0", "MaxValue": "1"}]}
_BATCH = {"ContinuousParameterRanges": [{"Name": "batch", "MinValue": "0", "MaxValue": "1"}]}
# more than the combinations of the ranges
_MANY = st.integers(10, 2**31)
_SIX_COMBINATIONS = {
    "CategoricalParameterRanges": [{"Name": "k0", "Values": ["0", "1"]}, {"Name": "k1", "Values": ["0", "1", "2"]}]
}


def _grid(jobs: Value) -> dict[str, Any]:
    return {"Strategy": "Grid", "MaxNumberOfTrainingJobs": jobs}


def _algorithm(**members: Value) -> Mutation:
    return single(AlgorithmSpecification={"TrainingInputMode": "File", **members})


def _metric(regex: str) -> Mutation:
    return _algorithm(AlgorithmName="mine", MetricDefinitions=[{"Name": "loss", "Regex": regex}])


def _entries(prefix: str, count: int) -> dict[str, str]:
    return {f"{prefix}{number}": "" for number in range(count)}


def _warm_start(*parents: str | None) -> dict[str, Any]:
    """Return the members for a warm start; None is a parent without a name."""
    jobs = [{"HyperParameterTuningJobName": name} if name else {} for name in parents]
    types = st.sampled_from(("IdenticalDataAndAlgorithm", "TransferLearning"))
    return {"WarmStartConfig": {"ParentHyperParameterTuningJobs": jobs, "WarmStartType": types}}


def _credentials(member: str) -> list[Mutation]:
    keys = st.sampled_from(("aws_access_key_id", "AWS_SECRET_ACCESS_KEY", "Aws_Session_Token"))
    values = st.sampled_from(("x", "secret"))
    ids = st.text("ABCDEFGH234567", min_size=16, max_size=16).map("AKIA".__add__)
    by_key = st.dictionaries(keys, values, min_size=1, max_size=1)
    return [single(**{member: by_key}), single(**{member: {"note": ids}})]


_KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
_PLAN = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/big"
_EXPRESS_BUCKET = "s3://amzn-s3-demo-bucket--use1-az4--x-s3/out/"
_EBS_TYPE, _LOCAL_STORAGE_TYPE = "ml.m5.xlarge", "ml.g5.xlarge"
_28_DAYS = 28 * 24 * 3600
_SHORT, _LONG = st.integers(1, 3600), st.integers(3601, _28_DAYS)

_INSTANCE_CONFIG = {"InstanceType": _EBS_TYPE, "InstanceCount": 1, "VolumeSizeInGB": 30}
_COUNT_AND_PLAN = {"InstanceCount": 1, "TrainingPlanArn": _PLAN}
_PLACEMENT = {"EnableMultipleJobs": True}
# the input mode of the algorithm, or of the channel itself
_FILE_MODE: tuple[dict[str, Any], ...] = ({}, {"InputMode": "File"})
_SPOT: dict[str, Any] = {"EnableManagedSpotTraining": True, "StoppingCondition": {"MaxWaitTimeInSeconds": 7200}}


def _s3_channel(source: dict[str, Any] | None = None, **members: Value) -> Mutation:
    return single(**channel({"S3DataSource": S3_SOURCE | (source or {})}, **members))


def _resources(**members: Value) -> Mutation:
    return single(ResourceConfig=members)


def _preferences(*types: str, **members: Value) -> list[dict[str, Any]]:
    return [{"InstanceType": name, **members} for name in types]


_TWO_TYPES = _preferences(_EBS_TYPE, _LOCAL_STORAGE_TYPE)


def _groups(*names: str) -> list[dict[str, Any]]:
    return [{"InstanceGroupName": name, "InstanceType": _EBS_TYPE, "InstanceCount": 1} for name in names]


MUTATIONS: dict[str, list[Mutation]] = {
    # ranges
    "bounds-are-numbers": [
        _range(kind, *bounds) for bounds in ((_NOT_NUMBERS, "9"), (_LOW, _NOT_NUMBERS)) for kind in _KINDS
    ],
    "minimum-below-maximum": [
        _range(kind, *bounds) for bounds in ((_HIGH, _LOW), ("0", "0"), ("10", "9")) for kind in _KINDS
    ],
    "integer-bounds-are-whole": [_range("Integer", _FRACTIONS, "7"), _range("Integer", "-7", _FRACTIONS)],
    "logarithmic-needs-positive-bounds": [_range(kind, _LOW, _HIGH, ScalingType="Logarithmic") for kind in _KINDS],
    "reverse-logarithmic-needs-unit-interval": [
        _range("Continuous", "0", _HIGH, ScalingType="ReverseLogarithmic"),
        _range("Continuous", _LOW, "0.5", ScalingType="ReverseLogarithmic"),
    ],
    "integers-scale-forwards": [_range("Integer", _LOW, _HIGH, ScalingType="ReverseLogarithmic")],
    "categories-differ": [single(**_ranges(CategoricalParameterRanges=[{"Name": "kind", "Values": ["a", "b", "a"]}]))],
    "range-names-differ": [
        single(**_ranges(IntegerParameterRanges=_integers(0, 1, 0))),
        single(**_ranges(IntegerParameterRanges=_integers(0), ContinuousParameterRanges=_integers(0))),
        single(**_ranges(AutoParameters=_AUTO * 2), **_AUTOTUNE, StaticHyperParameters={}),
    ],
    "auto-parameters-have-no-range": [
        single(**_AUTOTUNE, StaticHyperParameters={}, ParameterRanges=_BATCH | {"AutoParameters": _AUTO})
    ],
    "at-most-thirty-ranges": [
        single(**_ranges(IntegerParameterRanges=_integers(*range(30)), ContinuousParameterRanges=_integers(30)))
    ],
    # strategy
    "hyperband-resources-in-order": [single(**hyperband(MaxResource=9, MinResource=st.integers(10, 2**31)))],
    "hyperband-at-most-20000-resource": [single(**hyperband(MaxResource=st.integers(20001, 2**63 - 1)))],
    "hyperband-needs-early-stopping-off": [
        single(**hyperband(MaxResource=st.integers(1, 20000)), TrainingJobEarlyStoppingType="Auto")
    ],
    "hyperband-settings-need-hyperband": [
        single(StrategyConfig={"HyperbandStrategyConfig": resources}) for resources in ({"MaxResource": 9}, {})
    ],
    "grid-takes-only-categories": [
        single(**_grid(None), ParameterRanges=_RATE),
        single(**_grid(None), HyperParameterRanges=_RATE),
        several(**_grid(None), second={"HyperParameterRanges": _RATE}),
    ],
    "grid-runs-each-combination-once": [
        single(**_grid(_MANY), ParameterRanges=_SIX_COMBINATIONS),
        single(**_grid(st.integers(1, 5)), ParameterRanges=None, HyperParameterRanges=_SIX_COMBINATIONS),
    ],
    "enough-combinations": [
        single(MaxNumberOfTrainingJobs=_MANY, ParameterRanges=_SIX_COMBINATIONS),
        single(MaxNumberOfTrainingJobs=_MANY, ParameterRanges={"IntegerParameterRanges": _integers(0)}),
    ],
    "hyperband-knows-its-largest-resource": [single(Strategy="Hyperband"), several(**hyperband(MinResource=1))],
    # request
    "one-kind-of-definition": [
        single(TrainingJobDefinition=None),
        single(TrainingJobDefinitions=[_DEFINITION | {"DefinitionName": "first"}]),
        several(TrainingJobDefinition=_DEFINITION),
    ],
    "definitions-have-names": [several(second={"DefinitionName": None})],
    "definition-names-differ": [several(second={"DefinitionName": "first"})],
    "at-most-48-environment-variables-in-all": [
        several({"Environment": _entries("A", 24)}, {"Environment": _entries("B", 25)})
    ],
    "warm-start-needs-one-definition": [several(**_warm_start("earlier"))],
    "early-stopping-needs-one-definition": [several(TrainingJobEarlyStoppingType="Auto")],
    "single-definition-has-an-objective": [single(HyperParameterTuningJobObjective=None)],
    "definitions-have-objectives": [several(second={"TuningObjective": None})],
    "objective-is-a-defined-metric": [
        single(
            **_algorithm(**_CUSTOM, MetricDefinitions=[METRIC]).members,
            HyperParameterTuningJobObjective=OBJECTIVE | {"MetricName": st.sampled_from(("Loss", "lost", "accuracy"))},
        )
    ],
    "objective-type-of-the-algorithm": [
        single(
            **_algorithm(TrainingImage=XGBOOST_IMAGE).members,
            HyperParameterTuningJobObjective={"Type": type_, "MetricName": metric},
        )
        for type_, metric in (("Maximize", "validation:rmse"), ("Minimize", "validation:auc"))
    ],
    "something-to-search": [single(ParameterRanges=None), several(_NO_RANGES, _NO_RANGES, ParameterRanges={})],
    "auto-parameters-need-autotune": [
        single(StaticHyperParameters={}, ParameterRanges={"AutoParameters": _AUTO}),
        several({"StaticHyperParameters": {}, "HyperParameterRanges": {"AutoParameters": _AUTO}}),
    ],
    "static-or-tuned": [single(ParameterRanges=_BATCH), several({"HyperParameterRanges": _BATCH})],
    "static-or-automatic": [
        single(**_AUTOTUNE, ParameterRanges={"AutoParameters": _AUTO}),
        several({"HyperParameterRanges": {"AutoParameters": _AUTO}}, **_AUTOTUNE),
    ],
    "at-most-100-hyperparameters": [
        single(StaticHyperParameters=_entries("s", 99), ParameterRanges=_RATE),
        several({"StaticHyperParameters": _entries("s", 99), "HyperParameterRanges": _RATE}),
    ],
    "no-parent-of-itself": [
        single(HyperParameterTuningJobName="churn", **_warm_start(*parents)) for parents in (("churn",), ("a", "Churn"))
    ],
    "parent-has-a-name": [single(**_warm_start(None)), single(**_warm_start("earlier", None))],
    "parents-differ": [single(**_warm_start("earlier", "Earlier"))],
    "tag-keys-differ": [single(Tags=[{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}])],
    # algorithm
    "image-or-algorithm": [
        _algorithm(),
        _algorithm(AlgorithmName="mine", TrainingImage=XGBOOST_IMAGE),
        _algorithm(TrainingImage=""),
    ],
    "custom-image-needs-metrics": [_algorithm(**_CUSTOM), _algorithm(**_CUSTOM, MetricDefinitions=[])],
    "marketplace-needs-network-isolation": [_algorithm(AlgorithmName=MARKETPLACE_ALGORITHM)],
    "metric-regex-compiles": [_metric(regex) for regex in (r"loss=(\S+", r"loss)=(\S+)", "*(a)", "[9-0](a)", "(a)\\")],
    "metric-regex-has-a-group": [_metric(regex) for regex in (r"loss=\S+", r"loss=(?:\S+)", r"loss=\(\S+\)")],
    "no-credentials-in-hyperparameters": _credentials("StaticHyperParameters"),
    "no-credentials-in-environment": _credentials("Environment"),
    # limits
    "spot-needs-a-longest-wait": [single(EnableManagedSpotTraining=True)],
    "longest-wait-needs-spot": [single(StoppingCondition={"MaxWaitTimeInSeconds": st.integers(1, 2**31)})],
    "runtime-up-to-28-days": [single(StoppingCondition={"MaxRuntimeInSeconds": st.integers(_28_DAYS + 1, 2**63 - 1)})],
    "wait-covers-runtime": [
        single(**_SPOT | {"StoppingCondition": {"MaxRuntimeInSeconds": _LONG, "MaxWaitTimeInSeconds": _SHORT}})
    ],
    "warm-pool-needs-on-demand": [single(**_SPOT, ResourceConfig={"KeepAlivePeriodInSeconds": st.integers(1, 21600)})],
    "instance-preferences-need-on-demand": [
        single(**_SPOT, ResourceConfig={"InstancePreferences": _TWO_TYPES, "InstanceCount": 1})
    ],
    "express-output-takes-no-key": [single(OutputDataConfig={"S3OutputPath": _EXPRESS_BUCKET, "KmsKeyId": _KEY})],
    # instances
    "selected-instances-are-not-sent": [
        _resources(SelectedInstanceType=_EBS_TYPE),
        _resources(SelectedInstanceCount=0),
    ],
    "instance-groups-stand-alone": [
        _resources(InstanceGroups=_groups("data", "train"), InstanceCount=1),
        _resources(InstanceGroups=_groups("data", "train"), InstanceType=_LOCAL_STORAGE_TYPE),
    ],
    "instance-group-names-differ": [_resources(InstanceGroups=_groups("data", "data"))],
    "warm-pool-not-with-instance-groups": [_resources(InstanceGroups=_groups("data"), KeepAlivePeriodInSeconds=60)],
    "local-storage-takes-no-key": [
        _resources(InstanceType=_LOCAL_STORAGE_TYPE, VolumeKmsKeyId=_KEY),
        single(HyperParameterTuningResourceConfig={"InstanceType": _LOCAL_STORAGE_TYPE, "VolumeKmsKeyId": _KEY}),
    ],
    "ebs-volume-has-a-size": [_resources(InstanceType=_EBS_TYPE), _resources(InstanceType=_EBS_TYPE, VolumeSizeInGB=0)],
    "instance-configs-stand-alone": [
        single(HyperParameterTuningResourceConfig={"InstanceConfigs": [_INSTANCE_CONFIG], name: value})
        for name, value in _INSTANCE_CONFIG.items()
    ],
    "instance-preferences-stand-alone": [
        _resources(InstancePreferences=_TWO_TYPES, InstanceCount=1, InstanceType=_LOCAL_STORAGE_TYPE),
        _resources(InstancePreferences=_TWO_TYPES, InstanceCount=1, InstancePlacementConfig=_PLACEMENT),
    ],
    "preferences-all-have-a-count": [
        _resources(InstancePreferences=_preferences(_EBS_TYPE, InstanceCount=1) + _preferences(_LOCAL_STORAGE_TYPE))
    ],
    "preferences-count-in-one-place": [
        _resources(InstancePreferences=_TWO_TYPES),
        _resources(InstancePreferences=_preferences(_EBS_TYPE, InstanceCount=1), InstanceCount=1),
    ],
    "preferred-types-differ": [_resources(InstancePreferences=_TWO_TYPES * 2, InstanceCount=1)],
    "training-plans-in-one-place": [
        _resources(InstancePreferences=_preferences(_EBS_TYPE, TrainingPlanArns=[_PLAN]), **_COUNT_AND_PLAN)
    ],
    "placement-needs-ultraservers": [
        _resources(InstanceType=_EBS_TYPE, VolumeSizeInGB=30, InstancePlacementConfig=_PLACEMENT)
    ],
    # channels
    "source-is-given": [single(**channel({}))],
    "source-is-single": [single(**channel({"S3DataSource": S3_SOURCE, "DatasetSource": DATASET_SOURCE}))],
    "licence-is-accepted": [_s3_channel({"ModelAccessConfig": {"AcceptEula": False}})],
    "augmented-manifest-needs-pipe-mode": [
        _s3_channel({"S3DataType": "AugmentedManifestFile", "AttributeNames": ["label"]}, **members)
        for members in (*_FILE_MODE, {"InputMode": "FastFile"})
    ],
    "no-wrapping-in-file-mode": [_s3_channel(RecordWrapperType="RecordIO", **mode) for mode in _FILE_MODE],
    "no-decompression-in-file-mode": [_s3_channel(CompressionType="Gzip", **mode) for mode in _FILE_MODE],
    "channel-names-differ": [single(InputDataConfig=channel({"S3DataSource": S3_SOURCE})["InputDataConfig"] * 2)],
    "file-system-needs-a-vpc": [single(**channel({"FileSystemDataSource": FILE_SYSTEM_SOURCE}))],
}
"""Mutations by the id of the rule that they violate."""
