"""Rows of the rules of the hyperparameters, the environment and the resources of a definition."""

from rows import Row
from table_algorithm_hyperparameters import MORE
from table_algorithm_objectives import VALIDATION

JOB = "TrainingJobDefinition"
STATIC = f"{JOB}.StaticHyperParameters"
ENVIRONMENT = f"{JOB}.Environment"
IMAGE = f"{JOB}.AlgorithmSpecification.TrainingImage"

# with ranges of its own
SECOND = "TrainingJobDefinitions.1"
SECOND_PATH = "TrainingJobDefinitions[1]"
RANGES = f"{SECOND}.HyperParameterRanges"

XGBOOST = {
    f"{SECOND}.AlgorithmSpecification": {
        "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        "TrainingInputMode": "File",
    },
    f"{SECOND}.InputDataConfig.1": VALIDATION,
    f"{SECOND}.TuningObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
    f"{SECOND}.StaticHyperParameters": {"objective": "reg:squarederror", "num_round": "100"},
    RANGES: {
        "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0", "MaxValue": "1"}],
        "IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "2", "MaxValue": "9"}],
    },
}
KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"
SCRIPT = {
    "sagemaker_program": '"train.py"',
    "sagemaker_submit_directory": '"s3://amzn-s3-demo-bucket/sourcedir.tar.gz"',
}
RESOURCES = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}

STATIC_AND_TUNED = [
    Row(
        "static-or-tuned",
        {f"{SECOND}.StaticHyperParameters.kind": "plain"},
        {f"{SECOND}.StaticHyperParameters.kind": None, f"{SECOND}.StaticHyperParameters.Kind": "plain"},
        f'{SECOND_PATH}.StaticHyperParameters["kind"]',
        base="several",
    ),
    Row(
        "static-or-tuned",
        {f"{SECOND}.StaticHyperParameters.kind": "plain"},
        {f"{RANGES}.CategoricalParameterRanges": []},
        f'{SECOND_PATH}.StaticHyperParameters["kind"]',
        base="several",
    ),
    Row(
        "static-or-automatic",
        {"Autotune": {"Mode": "Enabled"}, f"{RANGES}.AutoParameters": [{"Name": "batch", "ValueHint": "8"}]},
        {f"{RANGES}.AutoParameters.0.Name": "other"},
        f'{SECOND_PATH}.StaticHyperParameters["batch"]',
        base="several",
    ),
    # three ranges, and AMT's own
    Row(
        "at-most-100-hyperparameters",
        {f"{SECOND}.StaticHyperParameters": {f"s{number}": "1" for number in range(97)}},
        {f"{SECOND}.StaticHyperParameters.s96": None},
        f"{SECOND_PATH}.StaticHyperParameters",
        base="several",
    ),
    Row(
        "at-most-100-hyperparameters",
        {
            "Autotune": {"Mode": "Enabled"},
            f"{RANGES}.AutoParameters": [{"Name": f"a{number}", "ValueHint": "1"} for number in range(96)],
        },
        {f"{RANGES}.AutoParameters.95": None},
        f"{SECOND_PATH}.StaticHyperParameters",
        base="several",
    ),
    Row(
        "reserved-hyperparameter-left-out",
        {f"{STATIC}._tuning_objective_metric": "loss"},
        {f"{STATIC}._tuning_objective_metric": None},
        f'{STATIC}["_tuning_objective_metric"]',
    ),
]

CREDENTIALS = [
    Row(
        "no-credentials-in-hyperparameters",
        {f"{STATIC}.aws_secret_access_key": "x"},
        {f"{STATIC}.aws_secret_access_key": ""},
        f'{STATIC}["aws_secret_access_key"]',
    ),
    Row(
        "no-credentials-in-hyperparameters",
        {f"{STATIC}.note": f"key={KEY_ID};"},
        {f"{STATIC}.note": f"key={KEY_ID}0;"},
        f'{STATIC}["note"]',
    ),
    Row(
        "no-credentials-in-hyperparameters",
        {f"{STATIC}.note": KEY_ID.replace("K", "S", 1)},
        {f"{STATIC}.note": "Asia, AKIA and ASIA"},
        f'{STATIC}["note"]',
    ),
    Row(
        "no-credentials-in-environment",
        {ENVIRONMENT: {"AWS_SESSION_TOKEN": "x"}},
        {ENVIRONMENT: {"HF_TOKEN": "x", "SESSION_TOKEN": "x", "AWS_REGION": "us-east-1"}},
        f'{ENVIRONMENT}["AWS_SESSION_TOKEN"]',
    ),
    Row(
        "no-credentials-in-environment",
        {ENVIRONMENT: {"Aws_Access_Key_Id": "x"}},
        {ENVIRONMENT: {"Aws_Access_Key": "x"}},
        f'{ENVIRONMENT}["Aws_Access_Key_Id"]',
    ),
    Row(
        "no-credentials-in-environment",
        {ENVIRONMENT: {"ID": f"{KEY_ID} x"}},
        {ENVIRONMENT: {"ID": KEY_ID.lower()}},
        f'{ENVIRONMENT}["ID"]',
    ),
]

BUILT_IN = [
    Row(
        "algorithm-lets-it-be-tuned",
        {**XGBOOST, f"{RANGES}.IntegerParameterRanges.0.Name": "max_bin"},
        {f"{RANGES}.IntegerParameterRanges.0.Name": "max_depth"},
        f"{SECOND_PATH}.HyperParameterRanges.IntegerParameterRanges[0].Name",
        base="several",
    ),
    Row(
        "algorithm-lets-it-be-tuned",
        {**XGBOOST, f"{RANGES}.ContinuousParameterRanges.0.MaxValue": "1.001"},
        {f"{RANGES}.ContinuousParameterRanges.0.MaxValue": "1.000"},
        f"{SECOND_PATH}.HyperParameterRanges.ContinuousParameterRanges[0].MaxValue",
        base="several",
    ),
    Row(
        "algorithm-lets-it-be-tuned",
        {**XGBOOST, f"{RANGES}.IntegerParameterRanges.0.MinValue": "-1"},
        {f"{RANGES}.IntegerParameterRanges.0.MinValue": "0"},
        f"{SECOND_PATH}.HyperParameterRanges.IntegerParameterRanges[0].MinValue",
        base="several",
    ),
    Row(
        "algorithm-has-what-it-needs",
        {**XGBOOST, f"{SECOND}.StaticHyperParameters": {}},
        {f"{SECOND}.StaticHyperParameters": {"num_round": "1"}},
        f'{SECOND_PATH}.StaticHyperParameters["num_round"]',
        base="several",
    ),
    Row(
        "algorithm-has-what-it-needs",
        {**XGBOOST, f"{SECOND}.StaticHyperParameters": None},
        {f"{RANGES}.IntegerParameterRanges.1": {"Name": "num_round", "MinValue": "1", "MaxValue": "9"}},
        f'{SECOND_PATH}.StaticHyperParameters["num_round"]',
        base="several",
    ),
    Row(
        "algorithm-has-what-it-needs",
        {
            **XGBOOST,
            f"{SECOND}.StaticHyperParameters.objective": "multi:softmax",
            f"{SECOND}.TuningObjective.MetricName": "validation:merror",
        },
        {f"{SECOND}.StaticHyperParameters.num_class": "3"},
        f'{SECOND_PATH}.StaticHyperParameters["num_class"]',
        base="several",
    ),
    Row(
        "algorithm-has-what-it-needs",
        {**XGBOOST, f"{SECOND}.StaticHyperParameters": {}},
        {f"{SECOND}.StaticHyperParameters": SCRIPT},
        f'{SECOND_PATH}.StaticHyperParameters["num_round"]',
        base="several",
    ),
    Row(
        "built-in-takes-plain-text",
        {f"{STATIC}.objective": '"reg:squarederror"'},
        {f"{STATIC}.objective": "reg:squarederror"},
        f'{STATIC}["objective"]',
        base="builtin",
    ),
    Row(
        "built-in-takes-plain-text",
        {f"{STATIC}.objective": '"reg:squarederror"', f"{STATIC}.sagemaker_region": '"us-east-1"'},
        {f"{STATIC}.{name}": value for name, value in SCRIPT.items()},
        f'{STATIC}["objective"]',
        base="builtin",
    ),
    Row(
        "built-in-takes-plain-text",
        {f"{STATIC}.tree_method": '""'},
        {f"{STATIC}.tree_method": '"'},
        f'{STATIC}["tree_method"]',
        base="builtin",
    ),
]

RESOURCE = [
    Row(
        "resources-given-once",
        {f"{JOB}.HyperParameterTuningResourceConfig": RESOURCES},
        {f"{JOB}.ResourceConfig": None},
        f"{JOB}.ResourceConfig",
    ),
    Row(
        "resources-given",
        {f"{JOB}.ResourceConfig": None},
        {f"{JOB}.HyperParameterTuningResourceConfig": RESOURCES},
        f"{JOB}.HyperParameterTuningResourceConfig",
    ),
]

ROWS = STATIC_AND_TUNED + CREDENTIALS + BUILT_IN + MORE + RESOURCE
