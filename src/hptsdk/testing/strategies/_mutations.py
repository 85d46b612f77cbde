"""The mutations that make a valid request break a rule, by the id of the rule.

Each mutation breaks exactly one rule. A new rule whose violation is an error needs one entry in `MUTATIONS`.
"""

from __future__ import annotations

from hypothesis import strategies as st

from hptsdk.testing.strategies._mutation import (
    ALGORITHM,
    CHANNELS,
    CUSTOM_IMAGE,
    DATASET_SOURCE,
    DEFINITION,
    EARLY_STOPPING,
    EBS_TYPE,
    FILE_SYSTEM_SOURCE,
    FIRST,
    HIGH,
    HYPERBAND,
    KMS_KEY,
    LOCAL_STORAGE_TYPE,
    LOW,
    MAX_JOBS,
    METRIC,
    MODES,
    OBJECTIVE,
    PARENTS,
    RANGES,
    RESOURCES,
    S3_SOURCE,
    SECOND,
    SPOT,
    STATIC,
    STOPPING,
    STRATEGY,
    TRAINING_PLAN,
    TUNING_RESOURCES,
    Mutation,
    algorithm,
    categorical_ranges,
    channel,
    continuous,
    credential,
    entries,
    instance_group,
    integer,
    integer_ranges,
    numeric_range,
    numeric_ranges,
    preferences,
    resources,
    s3_source,
    several,
    single,
    warm_start,
)

__all__ = ["MUTATIONS"]

_NOT_NUMBERS = st.sampled_from(("low", "nan", "inf", "1,5", "", "0x1", "1e999999", "\u0661"))
_FRACTIONS = st.sampled_from(("0.5", "-2.50", "1e-1"))
_LOSS = {"Type": "Minimize", "MetricName": "loss"}
_AUTO_PARAMETERS = [{"Name": "batch", "ValueHint": "8"}]
_DEFINITION = {
    "AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"},
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"},
    "StoppingCondition": {},
}
_NAMED = _DEFINITION | {"DefinitionName": "first", "TuningObjective": _LOSS}
_RATE_RANGE = {"ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0", "MaxValue": "1"}]}
_BATCH_RANGE = {"ContinuousParameterRanges": [{"Name": "batch", "MinValue": "0", "MaxValue": "1"}]}
_REVERSE, _LOGARITHMIC = st.just("ReverseLogarithmic"), st.just("Logarithmic")

_OUTPUT = f"{DEFINITION}.OutputDataConfig"
_EXPRESS_BUCKET = "s3://amzn-s3-demo-bucket--use1-az4--x-s3/out/"
_MARKETPLACE_ALGORITHM = "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs"
_XGBOOST_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_SPOT_TRAINING = {SPOT: True, STOPPING: {"MaxWaitTimeInSeconds": 7200}}
_PREFERENCES = preferences(EBS_TYPE, LOCAL_STORAGE_TYPE)
_GROUPS = [instance_group("data"), instance_group("train")]
_INSTANCE_CONFIG = {"InstanceType": EBS_TYPE, "InstanceCount": 1, "VolumeSizeInGB": 30}
_AUGMENTED_MANIFEST = s3_source(S3DataType="AugmentedManifestFile", AttributeNames=["label"])
_PLACEMENT = {"EnableMultipleJobs": True}
_28_DAYS = 28 * 24 * 3600


def _metric(regex: str) -> Mutation:
    return algorithm(AlgorithmName="mine", MetricDefinitions=[{"Name": "loss", "Regex": regex}])


MUTATIONS: dict[str, list[Mutation]] = {
    # ranges
    "bounds-are-numbers": numeric_ranges(numeric_range(_NOT_NUMBERS, "9"), numeric_range(LOW, _NOT_NUMBERS)),
    "minimum-below-maximum": numeric_ranges(
        numeric_range(HIGH, LOW), numeric_range("0", "0"), numeric_range("10", "9")
    ),
    "integer-bounds-are-whole": [integer(numeric_range(_FRACTIONS, "7")), integer(numeric_range("-7", _FRACTIONS))],
    "logarithmic-needs-positive-bounds": numeric_ranges(numeric_range(LOW, HIGH, ScalingType=_LOGARITHMIC)),
    "reverse-logarithmic-needs-unit-interval": [
        continuous(numeric_range("0", HIGH, ScalingType=_REVERSE)),
        continuous(numeric_range(LOW, "0.5", ScalingType=_REVERSE)),
    ],
    "integers-scale-forwards": [integer(numeric_range(LOW, HIGH, ScalingType=_REVERSE))],
    "categories-differ": [
        single({MAX_JOBS: None, f"{RANGES}.CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b", "a"]}]})
    ],
    "range-names-differ": [
        single({MAX_JOBS: None, f"{RANGES}.IntegerParameterRanges": integer_ranges(2) + integer_ranges(1)}),
        single(
            {
                MAX_JOBS: None,
                RANGES: {"IntegerParameterRanges": integer_ranges(1), "ContinuousParameterRanges": integer_ranges(1)},
            }
        ),
        single({MAX_JOBS: None, f"{RANGES}.AutoParameters": _AUTO_PARAMETERS * 2, f"{STATIC}.batch": None}),
    ],
    "auto-parameters-have-no-range": [
        single({STATIC: {}, RANGES: {"AutoParameters": _AUTO_PARAMETERS} | _BATCH_RANGE})
    ],
    "at-most-thirty-ranges": [
        single(
            {
                MAX_JOBS: None,
                RANGES: {
                    "IntegerParameterRanges": integer_ranges(30),
                    "ContinuousParameterRanges": integer_ranges(1, 30),
                },
            }
        ),
    ],
    # strategy
    "hyperband-resources-in-order": [
        single(
            {STRATEGY: "Hyperband", HYPERBAND: {"MaxResource": 9}, f"{HYPERBAND}.MinResource": st.integers(10, 2**31)}
        )
    ],
    "hyperband-at-most-20000-resource": [
        single({STRATEGY: "Hyperband", f"{HYPERBAND}.MaxResource": st.integers(20001, 2**63 - 1)})
    ],
    "hyperband-needs-early-stopping-off": [
        single({STRATEGY: "Hyperband", f"{HYPERBAND}.MaxResource": st.integers(1, 20000), EARLY_STOPPING: "Auto"})
    ],
    "hyperband-settings-need-hyperband": [single({f"{HYPERBAND}.MaxResource": 9}), single({HYPERBAND: {}})],
    "grid-takes-only-categories": [
        single({STRATEGY: "Grid", MAX_JOBS: None, RANGES: _RATE_RANGE}),
        single({STRATEGY: "Grid", MAX_JOBS: None, f"{DEFINITION}.HyperParameterRanges": _RATE_RANGE}),
        several({STRATEGY: "Grid", MAX_JOBS: None, f"{SECOND}.HyperParameterRanges": _RATE_RANGE}),
    ],
    "grid-runs-each-combination-once": [
        single({STRATEGY: "Grid", MAX_JOBS: st.integers(7, 2**31), RANGES: categorical_ranges(2, 3)}),
        single(
            {
                STRATEGY: "Grid",
                MAX_JOBS: st.integers(1, 5),
                f"{DEFINITION}.HyperParameterRanges": categorical_ranges(2, 3),
            }
        ),
    ],
    "enough-combinations": [
        single({MAX_JOBS: st.integers(7, 2**31), RANGES: categorical_ranges(2, 3)}),
        single({MAX_JOBS: st.integers(10, 2**31), f"{RANGES}.IntegerParameterRanges": integer_ranges(1)}),
    ],
    "hyperband-knows-its-largest-resource": [
        single({STRATEGY: "Hyperband"}),
        several({STRATEGY: "Hyperband", f"{HYPERBAND}.MinResource": 1}),
    ],
    # request
    "one-kind-of-definition": [
        single({DEFINITION: None}),
        single({"TrainingJobDefinitions": [_NAMED]}),
        several({DEFINITION: _DEFINITION | {"TuningObjective": _LOSS}}),
    ],
    "definitions-have-names": [several({f"{SECOND}.DefinitionName": None})],
    "definition-names-differ": [several({f"{SECOND}.DefinitionName": "first"})],
    "at-most-48-environment-variables-in-all": [
        several({f"{FIRST}.Environment": entries("A", 24), f"{SECOND}.Environment": entries("B", 25)})
    ],
    "warm-start-needs-one-definition": [several({PARENTS: warm_start("earlier")})],
    "early-stopping-needs-one-definition": [several({EARLY_STOPPING: "Auto"})],
    "single-definition-has-an-objective": [single({OBJECTIVE: None})],
    "definitions-have-objectives": [several({f"{SECOND}.TuningObjective": None})],
    "objective-is-a-defined-metric": [
        single(
            {
                ALGORITHM: {"TrainingInputMode": "File", "TrainingImage": CUSTOM_IMAGE, "MetricDefinitions": [METRIC]},
                f"{OBJECTIVE}.MetricName": st.sampled_from(("Loss", "lost", "accuracy")),
            }
        )
    ],
    "something-to-search": [single({"Autotune": None}), several({"Autotune": None, RANGES: {}})],
    "auto-parameters-need-autotune": [
        single({"Autotune": None, STATIC: {}, f"{RANGES}.AutoParameters": _AUTO_PARAMETERS}),
        several(
            {
                "Autotune": None,
                f"{FIRST}.StaticHyperParameters": {},
                f"{FIRST}.HyperParameterRanges.AutoParameters": _AUTO_PARAMETERS,
            }
        ),
    ],
    "static-or-tuned": [single({RANGES: _BATCH_RANGE}), several({f"{FIRST}.HyperParameterRanges": _BATCH_RANGE})],
    "static-or-automatic": [
        single({f"{RANGES}.AutoParameters": _AUTO_PARAMETERS}),
        several({f"{FIRST}.HyperParameterRanges.AutoParameters": _AUTO_PARAMETERS}),
    ],
    "at-most-100-hyperparameters": [
        single({STATIC: entries("s", 99), RANGES: _RATE_RANGE}),
        several({f"{FIRST}.StaticHyperParameters": entries("s", 99), f"{FIRST}.HyperParameterRanges": _RATE_RANGE}),
    ],
    "no-parent-of-itself": [single({PARENTS: warm_start("job")}), single({PARENTS: warm_start("other", "JOB")})],
    "parent-has-a-name": [single({PARENTS: warm_start(None)}), single({PARENTS: warm_start("earlier", None)})],
    "parents-differ": [single({PARENTS: warm_start("earlier", "Earlier")})],
    "tag-keys-differ": [single({"Tags": [{"Key": "team", "Value": value} for value in ("a", "b")]})],
    # algorithm
    "image-or-algorithm": [
        algorithm(),
        algorithm(AlgorithmName="mine", TrainingImage=_XGBOOST_IMAGE),
        algorithm(TrainingImage=""),
    ],
    "custom-image-needs-metrics": [
        algorithm(TrainingImage=CUSTOM_IMAGE),
        algorithm(TrainingImage=CUSTOM_IMAGE, MetricDefinitions=[]),
    ],
    "marketplace-needs-network-isolation": [algorithm(AlgorithmName=_MARKETPLACE_ALGORITHM)],
    "metric-regex-compiles": [_metric(regex) for regex in (r"loss=(\S+", r"loss)=(\S+)", "*(a)", "[9-0](a)", "(a)\\")],
    "metric-regex-has-a-group": [_metric(regex) for regex in (r"loss=\S+", r"loss=(?:\S+)", r"loss=\(\S+\)")],
    "metric-names-differ": [algorithm(AlgorithmName="mine", MetricDefinitions=[METRIC, METRIC])],
    "no-credentials-in-hyperparameters": credential("StaticHyperParameters"),
    "no-credentials-in-environment": credential("Environment"),
    # limits
    "spot-needs-a-longest-wait": [single({SPOT: True})],
    "longest-wait-needs-spot": [single({f"{STOPPING}.MaxWaitTimeInSeconds": st.integers(1, 2**31)})],
    "runtime-up-to-28-days": [single({f"{STOPPING}.MaxRuntimeInSeconds": st.integers(_28_DAYS + 1, 2**63 - 1)})],
    "wait-covers-runtime": [
        single(
            {
                SPOT: True,
                f"{STOPPING}.MaxRuntimeInSeconds": st.integers(3601, _28_DAYS),
                f"{STOPPING}.MaxWaitTimeInSeconds": st.integers(1, 3600),
            }
        )
    ],
    "warm-pool-needs-on-demand": [
        single(_SPOT_TRAINING | {f"{RESOURCES}.KeepAlivePeriodInSeconds": st.integers(1, 21600)})
    ],
    "instance-preferences-need-on-demand": [
        single(_SPOT_TRAINING | {RESOURCES: {"InstancePreferences": _PREFERENCES, "InstanceCount": 1}})
    ],
    "express-output-takes-no-key": [single({_OUTPUT: {"S3OutputPath": _EXPRESS_BUCKET, "KmsKeyId": KMS_KEY}})],
    # instances
    "selected-instances-are-not-sent": [resources(SelectedInstanceType=EBS_TYPE), resources(SelectedInstanceCount=0)],
    "instance-groups-stand-alone": [
        resources(InstanceGroups=_GROUPS, InstanceCount=1),
        resources(InstanceGroups=_GROUPS, InstanceType=LOCAL_STORAGE_TYPE),
    ],
    "instance-group-names-differ": [resources(InstanceGroups=[instance_group("data"), instance_group("data")])],
    "warm-pool-not-with-instance-groups": [resources(InstanceGroups=_GROUPS, KeepAlivePeriodInSeconds=60)],
    "local-storage-takes-no-key": [
        resources(InstanceType=LOCAL_STORAGE_TYPE, VolumeKmsKeyId=KMS_KEY),
        single({TUNING_RESOURCES: {"InstanceType": LOCAL_STORAGE_TYPE, "VolumeKmsKeyId": KMS_KEY}}),
    ],
    "ebs-volume-has-a-size": [resources(InstanceType=EBS_TYPE), resources(InstanceType=EBS_TYPE, VolumeSizeInGB=0)],
    "instance-configs-stand-alone": [
        single({TUNING_RESOURCES: {"InstanceConfigs": [_INSTANCE_CONFIG], name: value}})
        for name, value in _INSTANCE_CONFIG.items()
    ],
    "instance-preferences-stand-alone": [
        resources(InstancePreferences=_PREFERENCES, InstanceCount=1, InstanceType=LOCAL_STORAGE_TYPE),
        resources(
            InstancePreferences=_PREFERENCES, InstanceCount=1, InstancePlacementConfig={"EnableMultipleJobs": True}
        ),
    ],
    "preferences-all-have-a-count": [
        resources(InstancePreferences=preferences(EBS_TYPE, InstanceCount=1) + preferences(LOCAL_STORAGE_TYPE))
    ],
    "preferences-count-in-one-place": [
        resources(InstancePreferences=_PREFERENCES),
        resources(InstancePreferences=preferences(EBS_TYPE, InstanceCount=1), InstanceCount=1),
    ],
    "preferred-types-differ": [resources(InstancePreferences=_PREFERENCES * 2, InstanceCount=1)],
    "training-plans-in-one-place": [
        resources(
            InstancePreferences=preferences(EBS_TYPE, TrainingPlanArns=[TRAINING_PLAN]),
            InstanceCount=1,
            TrainingPlanArn=TRAINING_PLAN,
        )
    ],
    "placement-needs-ultraservers": [
        resources(InstanceType=EBS_TYPE, VolumeSizeInGB=30, InstancePlacementConfig=_PLACEMENT)
    ],
    # channels
    "source-is-given": [single({CHANNELS: [channel("train", {})]})],
    "source-is-single": [single({CHANNELS: [channel("train", S3_SOURCE | {"DatasetSource": DATASET_SOURCE})]})],
    "licence-is-accepted": [single({CHANNELS: [channel("train", s3_source(ModelAccessConfig={"AcceptEula": False}))]})],
    "augmented-manifest-needs-pipe-mode": [
        single({CHANNELS: [channel("train", _AUGMENTED_MANIFEST)]}),
        single({CHANNELS: [channel("train", _AUGMENTED_MANIFEST)], f"{CHANNELS}.0.InputMode": MODES}),
    ],
    "no-wrapping-in-file-mode": [
        single({CHANNELS: [channel("train", S3_SOURCE, RecordWrapperType="RecordIO")]}),
        single({CHANNELS: [channel("train", S3_SOURCE, RecordWrapperType="RecordIO", InputMode="File")]}),
    ],
    "no-decompression-in-file-mode": [
        single({CHANNELS: [channel("train", S3_SOURCE, CompressionType="Gzip")]}),
        single({CHANNELS: [channel("train", S3_SOURCE, CompressionType="Gzip", InputMode="File")]}),
    ],
    "channel-names-differ": [single({CHANNELS: [channel("train", S3_SOURCE)] * 2})],
    "file-system-needs-a-vpc": [single({CHANNELS: [channel("train", FILE_SYSTEM_SOURCE)]})],
}
"""Mutations by the id of the rule that they break."""
