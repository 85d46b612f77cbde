"""Rows of the rules of the objectives of built-in algorithms."""

from rows import Row

OBJECTIVE = "HyperParameterTuningJobConfig.HyperParameterTuningJobObjective"
DEFINITION = "TrainingJobDefinition"
STATIC = f"{DEFINITION}.StaticHyperParameters"
IMAGE = f"{DEFINITION}.AlgorithmSpecification.TrainingImage"
SECOND_CHANNEL = f"{DEFINITION}.InputDataConfig.1.ChannelName"
RANGES = "HyperParameterTuningJobConfig.ParameterRanges"
INTEGERS = f"{RANGES}.IntegerParameterRanges"
SECOND = "TrainingJobDefinitions.1"
SECOND_PATH = "TrainingJobDefinitions[1]"

AWS = "382416733822.dkr.ecr.us-east-1.amazonaws.com"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"


def objective(metric, kind="Maximize"):
    return {OBJECTIVE: {"Type": kind, "MetricName": metric}}


def algorithm(name, integers, **static):
    """Return the changes for another algorithm with static hyperparameters and one integer range."""
    return {
        IMAGE: f"{AWS}/{name}:1",
        STATIC: static,
        RANGES: {"IntegerParameterRanges": [{"Name": integers, "MinValue": "100", "MaxValue": "1000"}]},
    }


KNN = algorithm("knn", "k", feature_dim="9", sample_size="500", predictor_type="classifier")
LINEAR = algorithm("linear-learner", "mini_batch_size", predictor_type="regressor")
KMEANS = algorithm("kmeans", "mini_batch_size", feature_dim="9", k="3")
PCA = {IMAGE: f"{AWS}/pca:1", STATIC: {"feature_dim": "9", "mini_batch_size": "9", "num_components": "2"}}

VALIDATION = {
    "ChannelName": "validation",
    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-s3-demo-bucket/validation/"}},
}

# A definition of a list that runs XGBoost, with ranges and data that fit it.
OF_A_LIST = {
    f"{SECOND}.AlgorithmSpecification.TrainingImage": XGBOOST,
    f"{SECOND}.AlgorithmSpecification.MetricDefinitions": None,
    f"{SECOND}.StaticHyperParameters": {"num_round": "9", "objective": "binary:logistic"},
    f"{SECOND}.InputDataConfig.1": VALIDATION,
    f"{SECOND}.HyperParameterRanges": {
        "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.5"}]
    },
}


def of_a_list(metric, kind):
    return OF_A_LIST | {f"{SECOND}.TuningObjective": {"Type": kind, "MetricName": metric}}


DIRECTION = [
    Row(
        "objective-type-of-the-algorithm",
        objective("validation:mphe"),
        {f"{OBJECTIVE}.Type": "Minimize"},
        f"{OBJECTIVE}.Type",
        "builtin",
    ),
    Row(
        "objective-type-of-the-algorithm",
        objective("validation:mphe"),
        {f"{OBJECTIVE}.MetricName": "validation:r2"},
        f"{OBJECTIVE}.Type",
        "builtin",
    ),
    Row(
        "objective-type-of-the-algorithm",
        objective("validation:aucpr", "Minimize"),
        {f"{OBJECTIVE}.Type": "Maximize"},
        f"{OBJECTIVE}.Type",
        "builtin",
    ),
    Row(
        "objective-type-of-the-algorithm",
        KMEANS | objective("test:msd") | {SECOND_CHANNEL: "test"},
        {f"{OBJECTIVE}.Type": "Minimize"},
        f"{OBJECTIVE}.Type",
        "builtin",
    ),
    Row(
        "objective-type-of-the-algorithm",
        of_a_list("validation:mphe", "Maximize"),
        {f"{SECOND}.TuningObjective.Type": "Minimize"},
        f"{SECOND_PATH}.TuningObjective.Type",
        "several",
    ),
]

CHANNELS = [
    Row(
        "objective-needs-its-channel",
        {f"{DEFINITION}.InputDataConfig.1": None},
        {f"{DEFINITION}.InputDataConfig.1": VALIDATION},
        f"{OBJECTIVE}.MetricName",
        "builtin",
    ),
    Row(
        "objective-needs-its-channel",
        {f"{DEFINITION}.InputDataConfig.1": None},
        {f"{STATIC}._kfold": "5"},
        f"{OBJECTIVE}.MetricName",
        "builtin",
    ),
    Row(
        "objective-needs-its-channel",
        KMEANS | objective("test:msd", "Minimize") | {f"{DEFINITION}.InputDataConfig.1": None},
        {f"{DEFINITION}.InputDataConfig.1": VALIDATION | {"ChannelName": "test"}},
        f"{OBJECTIVE}.MetricName",
        "builtin",
    ),
    Row(
        "objective-needs-its-channel",
        of_a_list("validation:logloss", "Minimize")
        | {f"{SECOND}.InputDataConfig.1": VALIDATION | {"ChannelName": "code", "ContentType": "text/python"}},
        {f"{SECOND}.InputDataConfig.1": VALIDATION},
        f"{SECOND_PATH}.TuningObjective.MetricName",
        "several",
    ),
]

MODES = [
    Row(
        "objective-fits-the-hyperparameters",
        objective("validation:merror", "Minimize"),
        {f"{STATIC}.objective": "multi:softmax", f"{STATIC}.num_class": "3"},
        f"{OBJECTIVE}.MetricName",
        "builtin",
    ),
    Row(
        "objective-fits-the-hyperparameters",
        objective("validation:auc"),
        {f"{STATIC}.objective": "rank:pairwise"},
        f"{OBJECTIVE}.MetricName",
        "builtin",
    ),
    # the default depends on the version
    Row(
        "objective-fits-the-hyperparameters",
        objective("validation:auc"),
        {f"{STATIC}.objective": None},
        f"{OBJECTIVE}.MetricName",
        "builtin",
    ),
    Row(
        "objective-fits-the-hyperparameters",
        KNN | objective("test:mse", "Minimize") | {SECOND_CHANNEL: "test"},
        {f"{STATIC}.predictor_type": "regressor"},
        f"{OBJECTIVE}.MetricName",
        "builtin",
    ),
    Row(
        "objective-fits-the-hyperparameters",
        LINEAR | objective("validation:binary_classification_accuracy"),
        {f"{STATIC}.predictor_type": "binary_classifier"},
        f"{OBJECTIVE}.MetricName",
        "builtin",
    ),
    Row(
        "objective-fits-the-hyperparameters",
        of_a_list("validation:merror", "Minimize"),
        {f"{SECOND}.TuningObjective.MetricName": "validation:error"},
        f"{SECOND_PATH}.TuningObjective.MetricName",
        "several",
    ),
    Row(
        "evaluation-metric-fits-the-hyperparameters",
        {f"{STATIC}.eval_metric": "rmse,auc"},
        {f"{STATIC}.eval_metric": "rmse,aucpr"},
        f'{STATIC}["eval_metric"]',
        "builtin",
    ),
    Row(
        "evaluation-metric-fits-the-hyperparameters",
        {f"{STATIC}.eval_metric": "mlogloss"},
        {f"{STATIC}.objective": "multi:softprob", f"{STATIC}.num_class": "3"}
        | objective("validation:merror", "Minimize"),
        f'{STATIC}["eval_metric"]',
        "builtin",
    ),
    Row(
        "evaluation-metric-fits-the-hyperparameters",
        of_a_list("validation:error", "Minimize") | {f"{SECOND}.StaticHyperParameters.eval_metric": "merror"},
        {f"{SECOND}.StaticHyperParameters.eval_metric": "error"},
        f'{SECOND_PATH}.StaticHyperParameters["eval_metric"]',
        "several",
    ),
]

TUNABLE = [
    Row(
        "algorithm-can-be-tuned",
        PCA | {"TrainingJobDefinition.InputDataConfig.1.ChannelName": "test"},
        KMEANS | objective("train:msd", "Minimize"),
        IMAGE,
        "builtin",
    )
]

ROWS = DIRECTION + CHANNELS + MODES + TUNABLE
