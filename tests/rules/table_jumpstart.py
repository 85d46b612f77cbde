"""Rows of the rules of algorithms that SageMaker JumpStart runs as scripts in the images of frameworks."""

from rows import Row

JOB, CONFIG = "TrainingJobDefinition", "HyperParameterTuningJobConfig"
IMAGE = f"{JOB}.AlgorithmSpecification.TrainingImage"
METRICS = f"{JOB}.AlgorithmSpecification.MetricDefinitions"
STATIC, CHANNELS, RESOURCES = f"{JOB}.StaticHyperParameters", f"{JOB}.InputDataConfig", f"{JOB}.ResourceConfig"
SOURCE = f"{STATIC}.sagemaker_submit_directory"
PROGRAM = f"{STATIC}.sagemaker_program"
RANGES = f"{CONFIG}.ParameterRanges"
OBJECTIVE = f"{CONFIG}.HyperParameterTuningJobObjective"

FRAMEWORK = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.0"
SCRIPTS = "s3://jumpstart-cache-prod-us-east-1/source-directory-tarballs"
OWN_SCRIPT = {SOURCE: '"s3://amzn-s3-demo-bucket/sourcedir.tar.gz"'}


def channel(name, uri="s3://amzn-s3-demo-bucket/data/"):
    return {"ChannelName": name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}


def algorithm(source, metric, direction, tuned):
    """Return the changes of the built-in base to the script of an algorithm, as the SDK of AWS sends it."""
    return {
        IMAGE: FRAMEWORK,
        METRICS: [{"Name": metric, "Regex": r"value: (\S+)"}],
        OBJECTIVE: {"Type": direction, "MetricName": metric},
        RANGES: {"ContinuousParameterRanges": [{"Name": tuned, "MinValue": "0.001", "MaxValue": "0.01"}]},
        STATIC: {
            "sagemaker_program": '"transfer_learning.py"',
            "sagemaker_submit_directory": f'"{SCRIPTS}/{source}/v2.0.0/sourcedir.tar.gz"',
        },
        CHANNELS: [channel("training"), channel("model")],
    }


LIGHTGBM = algorithm("lightgbm/transfer_learning/classification", "auc", "Maximize", "learning_rate") | {
    f"{STATIC}.metric": "auc"
}
CATBOOST = algorithm("catboost/transfer_learning/regression", "RMSE", "Minimize", "learning_rate")
TABTRANSFORMER = algorithm(
    "pytorch/transfer_learning/tabtransformerclassification", "f1_score", "Maximize", "learning_rate"
)
AUTOGLUON = algorithm("autogluon/transfer_learning/classification", "loss", "Minimize", "fraction")
IMAGES = algorithm("tensorflow/transfer_learning/ic", "validation:accuracy", "Maximize", "learning_rate")
TEXTS = algorithm("tensorflow/transfer_learning/tc", "validation:accuracy", "Maximize", "learning_rate")
OBJECTS = algorithm("tensorflow/transfer_learning/od1", "validation:localization_loss", "Minimize", "learning_rate") | {
    f"{RESOURCES}.InstanceType": "ml.g5.xlarge"
}
# with network isolation the archive is the data of a channel
ISOLATED = LIGHTGBM | {
    SOURCE: "/opt/ml/input/data/code/sourcedir.tar.gz",
    f"{CHANNELS}.2": channel("code", f"{SCRIPTS}/lightgbm/transfer_learning/classification/v2.0.0/sourcedir.tar.gz"),
}


def row(rule, change, correction, path):
    return Row(rule, change, correction, path, base="builtin")


def static(rule, base, name, value, correction):
    """Set a static hyperparameter; the correction is another value, or changes."""
    mends = correction if isinstance(correction, dict) else {f"{STATIC}.{name}": correction}
    return row(rule, base | {f"{STATIC}.{name}": value}, mends, f'{STATIC}["{name}"]')


SCRIPT = [
    static("hyperparameter-of-the-algorithm", LIGHTGBM, "n_estimators", "9", correction)
    for correction in (
        {f"{STATIC}.n_estimators": None, f"{STATIC}.num_boost_round": "9"},
        OWN_SCRIPT,
        {PROGRAM: '"train.py"'},
        {SOURCE: f'"{SCRIPTS}/lightgbm/inference/classification/v2.0.0/sourcedir.tar.gz"'},
        {SOURCE: f'"{SCRIPTS}/sklearn/transfer_learning/classification/v2.0.0/sourcedir.tar.gz"'},
    )
]
SCRIPT += [
    static("hyperparameter-of-the-algorithm", ISOLATED, "n_estimators", "9", correction)
    for correction in (
        None,
        {f"{CHANNELS}.2.DataSource.S3DataSource.S3Uri": "s3://amzn-s3-demo-bucket/sourcedir.tar.gz"},
    )
]
HYPERPARAMETERS = [
    static("hyperparameter-of-the-algorithm", CATBOOST, "n_estimators", "9", None),
    static("hyperparameter-of-the-algorithm", TABTRANSFORMER, "epochs", "9", None),
    static("hyperparameter-of-the-algorithm", AUTOGLUON, "metric", "auto", None),
    static("hyperparameter-of-the-algorithm", IMAGES, "batch-size", "9", None),
    static("hyperparameter-of-the-algorithm", TEXTS, "lr", "0.1", None),
    static("hyperparameter-of-the-algorithm", OBJECTS, "num_epochs", "9", None),
    static("hyperparameter-value-is-allowed", LIGHTGBM, "boosting", "tree", '"tree"'),
    static("hyperparameter-value-is-allowed", LIGHTGBM, "boosting", "tree", "dart"),
    static("hyperparameter-value-is-allowed", CATBOOST, "depth", "17", "16"),
    static("hyperparameter-value-is-allowed", TABTRANSFORMER, "input_dim", "17", "16"),
    static("hyperparameter-value-is-allowed", AUTOGLUON, "presets", "best", "best_quality"),
    static("hyperparameter-value-is-allowed", IMAGES, "epochs", "many", "3"),
    static("hyperparameter-value-is-allowed", TEXTS, "optimizer", "adamax", "adamw"),
    static("hyperparameter-value-is-allowed", OBJECTS, "optimizer", "adamw", "adam"),
    static("hyperparameter-has-an-effect", CATBOOST, "max_leaves", "9", {f"{STATIC}.grow_policy": "Lossguide"}),
    static("hyperparameter-has-an-effect", TEXTS, "warmup_steps_fraction", "0.2", {f"{STATIC}.optimizer": "adamw"}),
    row(
        "algorithm-lets-it-be-tuned",
        LIGHTGBM | {f"{RANGES}.ContinuousParameterRanges.0.Name": "eta"},
        {f"{RANGES}.ContinuousParameterRanges.0.Name": "learning_rate"},
        f"{RANGES}.ContinuousParameterRanges[0].Name",
    ),
    # the tuning page has another name for epsilon, which the script accepts
    row(
        "algorithm-lets-it-be-tuned",
        IMAGES | {f"{RANGES}.ContinuousParameterRanges.0.Name": "epsylon"},
        {f"{RANGES}.ContinuousParameterRanges.0.Name": "eps"},
        f"{RANGES}.ContinuousParameterRanges[0].Name",
    ),
    row(
        "range-type-of-the-algorithm",
        CATBOOST | {f"{RANGES}.ContinuousParameterRanges.0": {"Name": "depth", "MinValue": "2", "MaxValue": "9"}},
        {RANGES: {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "16"}]}}
        | {f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs": 4},
        f"{RANGES}.ContinuousParameterRanges[0].Name",
    ),
]
OBJECTIVES = [
    row(
        "objective-fits-the-hyperparameters",
        LIGHTGBM | {f"{STATIC}.metric": "binary_error"},
        {f"{STATIC}.metric": "auc"},
        f"{OBJECTIVE}.MetricName",
    ),
    row(
        "objective-fits-the-hyperparameters",
        CATBOOST | {f"{STATIC}.eval_metric": "MAE"},
        # a name of the user's own
        {f"{METRICS}.0.Name": "error", f"{OBJECTIVE}.MetricName": "error"},
        f"{OBJECTIVE}.MetricName",
    ),
    row(
        "objective-type-fits-the-metric",
        LIGHTGBM | {f"{OBJECTIVE}.Type": "Minimize"},
        {f"{OBJECTIVE}.Type": "Maximize"},
        f"{OBJECTIVE}.Type",
    ),
]
DATA = [
    row("channel-is-read", LIGHTGBM | {f"{CHANNELS}.2": channel("test")}, OWN_SCRIPT, f"{CHANNELS}[2].ChannelName"),
    row("algorithm-has-its-channels", CATBOOST | {f"{CHANNELS}.1": channel("code")}, OWN_SCRIPT, CHANNELS),
    row(
        "content-type-is-read",
        TABTRANSFORMER | {f"{CHANNELS}.0.ContentType": "application/json"},
        {f"{CHANNELS}.0.ContentType": "text/csv"},
        f"{CHANNELS}[0].ContentType",
    ),
    row(
        "input-mode-is-supported",
        TEXTS | {f"{CHANNELS}.0.InputMode": "Pipe"},
        {f"{CHANNELS}.0.InputMode": "FastFile"},
        f"{CHANNELS}[0].InputMode",
    ),
]
INSTANCES = [
    row(
        "instance-count-is-supported",
        base | {f"{RESOURCES}.InstanceCount": 2},
        OWN_SCRIPT,
        f"{RESOURCES}.InstanceCount",
    )
    for base in (CATBOOST, TABTRANSFORMER, AUTOGLUON, IMAGES, TEXTS, OBJECTS)
]
INSTANCES += [
    row(
        "processor-is-supported",
        base | {f"{RESOURCES}.InstanceType": instance_type},
        OWN_SCRIPT,
        f"{RESOURCES}.InstanceType",
    )
    for base, instance_type in ((LIGHTGBM, "ml.g5.xlarge"), (CATBOOST, "ml.g5.xlarge"), (OBJECTS, "ml.m5.xlarge"))
]

ROWS = [*SCRIPT, *HYPERPARAMETERS, *OBJECTIVES, *DATA, *INSTANCES]
