"""The messages of rules whose text depends on the values."""

import pytest
from bases import BASES, changed

import hptsdk
from hptsdk import errors

CONFIG = "HyperParameterTuningJobConfig"
RANGES = f"{CONFIG}.ParameterRanges"
JOBS = f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs"
REAL = f"{RANGES}.ContinuousParameterRanges.0"
WHOLE = f"{RANGES}.IntegerParameterRanges.0"
GROUP = {"TrainingJobDefinition.InputDataConfig.0.DataSource.S3DataSource.InstanceGroupNames": ["gpu"]}
GROUPS = {
    "TrainingJobDefinition.ResourceConfig": {
        "InstanceGroups": [{"InstanceGroupName": "gpus", "InstanceType": "ml.m5.xlarge", "InstanceCount": 2}],
        "VolumeSizeInGB": 30,
    }
}
OBJECTIVE = f"{CONFIG}.HyperParameterTuningJobObjective"
PARENT = {"HyperParameterTuningJobName": "one"}
LOSS = {"Type": "Minimize", "MetricName": "loss"}
LACKING = {"TrainingJobDefinitions.1.TuningObjective": None}
ALGORITHM = "TrainingJobDefinition.AlgorithmSpecification"
REGEX = f"{ALGORITHM}.MetricDefinitions.0.Regex"
OUTPUT = "TrainingJobDefinition.OutputDataConfig.S3OutputPath"
ROLE = "TrainingJobDefinition.RoleArn"
NO_RANGES = dict.fromkeys(
    ("TrainingJobDefinitions.0.HyperParameterRanges", "TrainingJobDefinitions.1.HyperParameterRanges")
)
GRID = {f"{CONFIG}.Strategy": "Grid", f"{RANGES}.IntegerParameterRanges": None}


def reading(metric, group):
    """Return the changes that maximize a metric, with the group that reads its value."""
    return {
        OBJECTIVE: {"Type": "Maximize", "MetricName": metric},
        f"{ALGORITHM}.MetricDefinitions": [{"Name": metric, "Regex": f"value={group}"}],
    }


def preferring(count, count_of_each):
    """Return one instance preference, with its count and the count of the resource configuration."""
    preference = {"InstanceType": "ml.m5.xlarge"} | ({"InstanceCount": count_of_each} if count_of_each else {})
    resources = {"InstancePreferences": [preference], "VolumeSizeInGB": 30} | (
        {"InstanceCount": count} if count else {}
    )
    return {"TrainingJobDefinition.ResourceConfig": resources}


def reported_messages(base, changes):
    """Return all reported messages."""
    request = hptsdk.shapes.CreateHyperParameterTuningJobRequest
    try:
        reported = hptsdk.advise(hptsdk.from_wire(request, changed(BASES[base], changes)))
    except errors.InvalidShapeError as error:
        reported = error.violations
    return " ".join(each.message for each in reported)


@pytest.mark.parametrize(
    ("base", "changes", "words"),
    [
        ("builtin", {f"{REAL}.MaxValue": "1.5"}, "expected at most 1 for 'eta', got '1.5'"),
        ("builtin", {f"{REAL}.MinValue": "-1"}, "expected at least 0 for 'eta', got '-1'"),
        ("builtin", {f"{WHOLE}.Name": "max_depht"}, "got 'max_depht'; did you mean 'max_depth'?"),
        ("builtin", {f"{WHOLE}.Name": "zzz"}, "got 'zzz'; use one of those in https://docs.aws"),
        ("several", NO_RANGES, "got no range; add a range to each definition, or Autotune ["),
        ("custom", {f"{REAL}.MinValue": "{{ low }}"}, "replace the placeholder '{{ low }}' with its value"),
        (
            "custom",
            {REGEX: "loss=([0-9.]+)"},
            "such as 1e-05, got 'loss=([0-9.]+)', whose group matches no exponent; use",
        ),
        (
            "custom",
            {REGEX: "loss=([0-9"},
            "a bracket that is not closed; close it, or put a backslash before a literal",
        ),
        ("custom", {REGEX: "*=(x)"}, "with a * that repeats nothing; correct it, or put a backslash before a literal"),
        ("custom", {REGEX: r"loss=(\\\\S+)"}, "expected one backslash before S, got 4"),
        ("custom", {REGEX: r"loss=(\\\\S+)"}, r"keep one, and write \\S only where \ is an escape, as in JSON ["),
        ("custom", reading("r2", "([0-9.e]+)"), "such as -0.3, got 'value=([0-9.e]+)', whose group matches no sign;"),
        (
            "custom",
            reading("r2", "([0-9.]+)"),
            "such as -0.3 and 1e-05, got 'value=([0-9.]+)', whose group matches no sign and no exponent; use",
        ),
        (
            "custom",
            {OUTPUT: "s3://s3://bucket/x"},
            "expected one scheme, got 's3://s3://bucket/x'; use 's3://bucket/x'",
        ),
        ("custom", {OUTPUT: "s3://file:/x"}, "got 's3://file:/x'; use s3://BUCKET/PREFIX"),
        ("custom", {OUTPUT: "s3://<bucket>/x"}, "replace the placeholder '<bucket>' with its value"),
        ("custom", {OUTPUT: "s3://a_b/x"}, "got 's3://a_b/x'; use the name of an existing bucket"),
        ("custom", {OUTPUT: "https://s3.console.aws.amazon.com/s3/buckets/mine?x"}, "; use s3://mine/PREFIX ["),
        ("custom", {OUTPUT: "https://mine.s3-website-us-east-1.amazonaws.com/"}, "; use s3://mine/PREFIX ["),
        ("custom", {OUTPUT: "https://example.com/mine"}, "; use s3://BUCKET/PREFIX ["),
        (
            "custom",
            {OUTPUT: "s3://sagemaker-us-west-2-123456789012/x"},
            "in the region us-east-1, which is that of '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1', got 's3://sagemaker-us-",
        ),
        (
            "custom",
            {ROLE: "arn:aws-cn:iam::123456789012:role/r"},
            "got 'arn:aws-cn:iam::123456789012:role/r'; use a resource of the partition aws [",
        ),
        (
            "custom",
            {OUTPUT: "s3://sagemaker-us-east-1-210987654321/x"},
            "expected the default bucket of the account 123456789012, as in RoleArn, got",
        ),
        (
            "custom",
            {"TrainingJobDefinition.StaticHyperParameters.sagemaker_submit_directory": "/opt/ml/input/data/trian"},
            "got the path of a channel that the definition does not have; did you mean 'train'?",
        ),
        ("custom", {f"{REAL}.MinValue": "0.9"}, "got '0.5'; exchange the bounds"),
        ("custom", {f"{REAL}.MinValue": "0.5"}, "got '0.5'; make it a static hyperparameter"),
        ("custom", GROUP, "no value without InstanceGroups, got 'gpu'; remove it, or add a group with this name to"),
        ("custom", GROUP | GROUPS, "expected the name of one of the InstanceGroups, got 'gpu'; did you mean 'gpus'?"),
        (
            "custom",
            preferring(None, None),
            "expected a count, because InstancePreferences has none, got nothing; set it here",
        ),
        ("custom", preferring(2, 1), "expected no value if InstancePreferences has counts, got 2; remove this count"),
        ("builtin", {f"{OBJECTIVE}.MetricName": "rmse"}, "got 'rmse'; did you mean 'validation:rmse'?"),
        ("builtin", {f"{OBJECTIVE}.MetricName": "validation:rmsee"}, "did you mean 'validation:rmse'?"),
        ("builtin", {f"{OBJECTIVE}.MetricName": "zzz"}, "use one of its metrics, such as 'validation:accuracy'"),
        (
            "builtin",
            {OBJECTIVE: {"Type": "Maximize", "MetricName": "train:r2"}},
            "got 'train:r2'; did you mean 'validation:r2'?",
        ),
        (
            "custom",
            {f"{ALGORITHM}.TrainingImage": "<ACCOUNT_ID>.dkr.ecr.us-east-1.amazonaws.com/mine:1"},
            "replace the placeholder '<ACCOUNT_ID>' with its value [image-is-in-ecr]",
        ),
        ("custom", {OUTPUT: "s3://mine.s3.amazonaws.com/out/"}, "the name of a bucket after s3://, got 's3://mine.s3"),
        ("custom", {OUTPUT: "s3://mine.s3.amazonaws.com/out/"}, "; use s3://mine/out/ [s3-address-is-no-web-page]"),
        (
            "custom",
            {OUTPUT: "s3://arn:aws:s3:::mine/out/"},
            "access point, got 's3://arn:aws:s3:::mine/out/'; use s3://mine/",
        ),
        ("several", LACKING, "got nothing; set its Type and MetricName"),
        ("several", LACKING | {OBJECTIVE: LOSS}, "got nothing; move the objective of the job here"),
        ("custom", {f"{ALGORITHM}.TrainingImage": None}, "got neither; set TrainingImage to the registry path"),
        ("custom", {f"{ALGORITHM}.AlgorithmName": "mine"}, "got both; remove one of the two"),
        ("custom", {REGEX: "loss=(.+?)"}, "got 'loss=(.+?)', in which +? matches one character"),
        ("custom", {REGEX: "loss=(.*?)"}, "got 'loss=(.*?)', in which *? matches nothing"),
        ("custom", {REGEX: "loss=([0-9]??)"}, "got 'loss=([0-9]??)', in which ?? matches nothing"),
        ("custom", GRID, "got 1 numeric range;"),
        (
            "custom",
            {**GRID, f"{RANGES}.ContinuousParameterRanges.1": {"Name": "b", "MinValue": "0", "MaxValue": "1"}},
            "got 2 numeric ranges;",
        ),
        (
            "custom",
            {
                f"{CONFIG}.Strategy": "Grid",
                JOBS: None,
                RANGES: {"CategoricalParameterRanges": [{"Name": n, "Values": [*map(str, range(28))]} for n in "ab"]},
            },
            (
                "expected at most 750 combinations, the quota of training jobs for each tuning job, got 784; "
                "use fewer values, or the strategy Random with MaxNumberOfTrainingJobs ["
            ),
        ),
        (
            "custom",
            {JOBS: 20000},
            "expected at most 750 with the strategy Bayesian, the quota, got 20000; reduce it, or use Random",
        ),
        (
            "custom",
            {JOBS: 20000, f"{CONFIG}.Strategy": "Random"},
            "with the strategy Random, the quota, got 20000; reduce it, or request an increase",
        ),
        (
            "custom",
            {"TrainingJobDefinition.ResourceConfig.InstanceType": "ml.m5.xlargee"},
            "that AWS lists for training jobs, got 'ml.m5.xlargee'; did you mean 'ml.m5.xlarge'?",
        ),
        (
            "builtin",
            {OBJECTIVE: {"Type": "Minimize", "MetricName": "validation:auc"}},
            "expected Maximize for the metric 'validation:auc' of xgboost, got Minimize; use Maximize",
        ),
        (
            "custom",
            {OBJECTIVE: {"Type": "Minimize", "MetricName": "val:auc"}, f"{REGEX[:-5]}Name": "val:auc"},
            "expected Maximize for 'val:auc', because larger values of auc are better, got Minimize; use Maximize",
        ),
        (
            "custom",
            {OBJECTIVE: {"Type": "Maximize", "MetricName": "val:rmse"}, f"{REGEX[:-5]}Name": "val:rmse"},
            "expected Minimize for 'val:rmse', because smaller values of rmse are better, got Maximize; use Minimize",
        ),
        (
            "custom",
            {OBJECTIVE: {"Type": "Minimize", "MetricName": "f1_accuracy"}, f"{REGEX[:-5]}Name": "f1_accuracy"},
            "expected Maximize for 'f1_accuracy', because larger values of f1 are better",
        ),
        (
            "builtin",
            {
                "TrainingJobDefinition.InputDataConfig.2": {
                    "ChannelName": "test",
                    "DataSource": {
                        "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/test/"}
                    },
                }
            },
            "expected a channel that XGBoost reads, got 'test'; remove the channel [",
        ),
        (
            "custom",
            {
                "WarmStartConfig": {
                    "WarmStartType": "TransferLearning",
                    "ParentHyperParameterTuningJobs": [PARENT, PARENT],
                }
            },
            "expected a name that no earlier item has, got 'one'; remove this parent [",
        ),
        (
            "custom",
            {
                f"{CONFIG}.Strategy": "Hyperband",
                f"{CONFIG}.StrategyConfig.HyperbandStrategyConfig.MaxResource": 9,
                f"{CONFIG}.TrainingJobEarlyStoppingType": "Auto",
            },
            "got 'Auto'; remove it, or use another strategy without StrategyConfig [",
        ),
        (
            "custom",
            {"TrainingJobDefinition.InputDataConfig.0.DataSource.S3DataSource.AttributeNames": ["label"]},
            "got 1 item; remove it, or set S3DataType to AugmentedManifestFile and InputMode to Pipe [",
        ),
        (
            "custom",
            preferring(1, None)
            | {
                "TrainingJobDefinition.EnableManagedSpotTraining": True,
                "TrainingJobDefinition.StoppingCondition.MaxWaitTimeInSeconds": 7200,
            },
            "use one InstanceType, or remove EnableManagedSpotTraining and MaxWaitTimeInSeconds [",
        ),
        (
            "custom",
            {f"{ALGORITHM}.TrainingInputMode": "Pipe", "TrainingJobDefinition.InputDataConfig.0.ChannelName": "model"},
            "got no value, which means TrainingInputMode 'Pipe'; set InputMode of the channel to File",
        ),
    ],
)
def test_a_message_describes_the_value_and_the_correction(base, changes, words):
    assert words in reported_messages(base, changes)
