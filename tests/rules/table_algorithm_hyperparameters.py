"""Rows of the rules of the hyperparameters of built-in algorithms."""

from rows import Row
from table_algorithm_objectives import (
    KMEANS,
    KNN,
    LINEAR,
    OF_A_LIST,
    SECOND,
    SECOND_PATH,
    VALIDATION,
    algorithm,
    objective,
)

STATIC = "TrainingJobDefinition.StaticHyperParameters"
IMAGE = "TrainingJobDefinition.AlgorithmSpecification.TrainingImage"
CHANNELS = "TrainingJobDefinition.InputDataConfig"
RANGES = "HyperParameterTuningJobConfig.ParameterRanges"
REAL = f"{RANGES}.ContinuousParameterRanges"
WHOLE = f"{RANGES}.IntegerParameterRanges"
CATEGORIES = f"{RANGES}.CategoricalParameterRanges"
OLD_XGBOOST = "433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1"
XGBOOST_09 = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:0.90-2-cpu-py3"
SECOND_STATIC = f"{SECOND}.StaticHyperParameters"
OBJECT2VEC = algorithm("object2vec", "mini_batch_size", enc0_max_seq_len="9", enc0_vocab_size="9") | objective(
    "validation:cross_entropy", "Minimize"
)
SCRIPT = {f"{STATIC}.sagemaker_program": "train.py", f"{STATIC}.sagemaker_submit_directory": "s3://bucket/code.tar.gz"}
LISTED = OF_A_LIST | {f"{SECOND}.TuningObjective": {"Type": "Minimize", "MetricName": "validation:logloss"}}


def static(rule, name, value, correction, before=None):
    """Set a static hyperparameter of XGBoost; the correction is another value, or changes."""
    mends = correction if isinstance(correction, dict) else {f"{STATIC}.{name}": correction}
    return Row(rule, (before or {}) | {f"{STATIC}.{name}": value}, mends, f'{STATIC}["{name}"]', "builtin")


NAMES = [
    static("hyperparameter-of-the-algorithm", "n_estimators", "100", None),
    static("hyperparameter-of-the-algorithm", "num_rounds", "100", {f"{STATIC}.num_rounds": None}),
    static("hyperparameter-of-the-algorithm", "Lambda", "1", {f"{STATIC}.Lambda": None, f"{STATIC}.lambda": "1"}),
    static("hyperparameter-of-the-algorithm", "x", "1", SCRIPT),
    static("hyperparameter-of-the-algorithm", "kfold", "5", {f"{STATIC}.kfold": None, f"{STATIC}._kfold": "5"}),
    static(
        "hyperparameter-of-the-algorithm", "region", "x", {f"{STATIC}.region": None, f"{STATIC}.sagemaker_region": "x"}
    ),
    static(
        "hyperparameter-of-the-algorithm", "lambda_l1", "1", {f"{STATIC}.lambda_l1": None, f"{STATIC}.reg_alpha": "1"}
    ),
    Row(
        "hyperparameter-of-the-algorithm",
        LISTED | {f"{SECOND_STATIC}.batch": "32"},
        {f"{SECOND_STATIC}.batch": None},
        f'{SECOND_PATH}.StaticHyperParameters["batch"]',
        "several",
    ),
]

VALUES = [
    # type
    static("hyperparameter-value-is-allowed", "num_round", "many", "10.0"),
    static("hyperparameter-value-is-allowed", "num_round", "10.5", "1e1"),
    static("hyperparameter-value-is-allowed", "subsample", "half", "0.5"),
    static("hyperparameter-value-is-allowed", "gamma", "zero", "inf"),
    # interval, with its ends and without
    static("hyperparameter-value-is-allowed", "reg_alpha", "-1", "0"),
    static("hyperparameter-value-is-allowed", "max_bin", "-1", "0"),
    static("hyperparameter-value-is-allowed", "subsample", "0", "0.01"),
    static("hyperparameter-value-is-allowed", "subsample", "1.01", "1.0"),
    static("hyperparameter-value-is-allowed", "sketch_eps", "1", "0.99"),
    static("hyperparameter-value-is-allowed", "nthread", "0", "1"),
    # values
    static("hyperparameter-value-is-allowed", "booster", "gbtre", "gbtree"),
    static("hyperparameter-value-is-allowed", "booster", "GBTREE", "dart"),
    static("hyperparameter-value-is-allowed", "eval_metric", "rmse,wrong", "rmse, error@0.7"),
    static("hyperparameter-value-is-allowed", "eval_metric", "rmse@2", '["rmse", "mae"]'),
    static("hyperparameter-value-is-allowed", "save_model_on_termination", "True", "true"),
    # versions that certainly have the hyperparameter
    static("hyperparameter-value-is-allowed", "verbosity", "4", {IMAGE: OLD_XGBOOST}),
    static("hyperparameter-value-is-allowed", "sampling_method", "x", {IMAGE: XGBOOST_09}),
    static("hyperparameter-value-is-allowed", "silent", "2", {f"{STATIC}.silent": "1"}, {IMAGE: XGBOOST_09}),
    static("hyperparameter-value-is-allowed", "num_parallel_tree", "0", "1", {IMAGE: XGBOOST_09}),
    static(
        "hyperparameter-value-is-allowed",
        "learning_rate",
        "fast",
        "auto",
        LINEAR | objective("validation:objective_loss", "Minimize"),
    ),
    Row(
        "hyperparameter-value-is-allowed",
        LISTED | {f"{SECOND_STATIC}.max_depth": "deep"},
        {f"{SECOND_STATIC}.max_depth": "6"},
        f'{SECOND_PATH}.StaticHyperParameters["max_depth"]',
        "several",
    ),
]

# Rows of rules whose first rows are in other tables.
MORE = [
    Row(
        "algorithm-lets-it-be-tuned",
        {f"{REAL}.0": {"Name": "subsample", "MinValue": "0", "MaxValue": "1"}},
        {f"{REAL}.0.MinValue": "0.1"},
        f"{REAL}[0].MinValue",
        "builtin",
    ),
    Row(
        "algorithm-lets-it-be-tuned",
        LINEAR
        | objective("validation:objective_loss", "Minimize")
        | {f"{RANGES}.ContinuousParameterRanges": [{"Name": "learning_rate", "MinValue": "0.0", "MaxValue": "1"}]},
        {f"{REAL}.0.Name": "wd"},
        f"{REAL}[0].MinValue",
        "builtin",
    ),
    Row(
        "algorithm-has-what-it-needs",
        KNN
        | objective("test:accuracy")
        | {f"{CHANNELS}.1.ChannelName": "test", f"{STATIC}.dimension_reduction_type": "sign"},
        {f"{STATIC}.dimension_reduction_target": "3"},
        f'{STATIC}["dimension_reduction_target"]',
        "builtin",
    ),
]

KINDS = [
    Row(
        "range-type-of-the-algorithm",
        {f"{REAL}.0.Name": "max_depth", f"{WHOLE}": []},
        {f"{REAL}.0.Name": "max_delta_step"},
        f"{REAL}[0].Name",
        "builtin",
    ),
    Row(
        "range-type-of-the-algorithm",
        {f"{WHOLE}.0.Name": "min_child_weight"},
        {f"{WHOLE}.0.Name": "max_delta_step"},
        f"{WHOLE}[0].Name",
        "builtin",
    ),
    Row(
        "range-type-of-the-algorithm",
        {f"{WHOLE}.0.Name": "min_child_weight"},
        {f"{WHOLE}": [], f"{CATEGORIES}": [{"Name": "min_child_weight", "Values": ["1", "2"]}]},
        f"{WHOLE}[0].Name",
        "builtin",
    ),
    Row(
        "range-type-of-the-algorithm",
        LISTED
        | {f"{SECOND}.HyperParameterRanges.ContinuousParameterRanges.0.Name": "num_round"}
        | {SECOND_STATIC: {"objective": "binary:logistic"}},
        {f"{SECOND}.HyperParameterRanges.ContinuousParameterRanges.0.Name": "alpha", f"{SECOND_STATIC}.num_round": "9"},
        f"{SECOND_PATH}.HyperParameterRanges.ContinuousParameterRanges[0].Name",
        "several",
    ),
    Row(
        "range-values-are-allowed",
        {f"{CATEGORIES}": [{"Name": "max_depth", "Values": ["3", "deep"]}], WHOLE: []},
        {f"{CATEGORIES}.0.Values": ["3", "6"]},
        f"{CATEGORIES}[0].Values[1]",
        "builtin",
    ),
    Row(
        "range-values-are-allowed",
        KMEANS
        | objective("train:msd", "Minimize")
        | {"TrainingJobDefinition.InputDataConfig.1.ChannelName": "test"}
        | {f"{RANGES}.CategoricalParameterRanges": [{"Name": "init_method", "Values": ["random", "kmeans+"]}]},
        {f"{CATEGORIES}.0.Values.1": "kmeans++"},
        f"{CATEGORIES}[0].Values[1]",
        "builtin",
    ),
]

NEEDS = [
    static("hyperparameter-has-an-effect", "rate_drop", "0.3", {f"{STATIC}.booster": "dart"}),
    static("hyperparameter-has-an-effect", "rate_drop", "0.3", "0.00"),
    static("hyperparameter-has-an-effect", "monotone_constraints", "(1)", {f"{STATIC}.tree_method": "hist"}),
    static(
        "hyperparameter-has-an-effect",
        "monotone_constraints",
        "(1)",
        {IMAGE: XGBOOST_09},
        {f"{STATIC}.tree_method": "approx"},
    ),
    static("hyperparameter-has-an-effect", "sample_type", "weighted", "uniform"),
    static(
        "hyperparameter-has-an-effect",
        "faiss_index_ivf_nlists",
        "3",
        {f"{STATIC}.index_type": "faiss.IVFFlat"},
        KNN | objective("test:accuracy") | {f"{CHANNELS}.1.ChannelName": "test"},
    ),
    Row(
        "hyperparameter-has-an-effect",
        LISTED | {f"{SECOND_STATIC}.one_drop": "1"},
        {f"{SECOND_STATIC}.booster": "dart"},
        f'{SECOND_PATH}.StaticHyperParameters["one_drop"]',
        "several",
    ),
    Row(
        "range-has-an-effect",
        algorithm("linear-learner", "mini_batch_size", predictor_type="regressor")
        | objective("validation:objective_loss", "Minimize")
        | {
            f"{RANGES}.ContinuousParameterRanges": [
                {"Name": "positive_example_weight_mult", "MinValue": "0.1", "MaxValue": "1"}
            ]
        },
        {f"{STATIC}.predictor_type": "binary_classifier"},
        f"{REAL}[0].Name",
        "builtin",
    ),
]

TOGETHER = [
    static("hyperparameter-values-fit-together", "updater", "shotgun", "prune"),
    static(
        "hyperparameter-values-fit-together",
        "updater",
        "coord_descent",
        {f"{STATIC}.booster": "gblinear", f"{RANGES}.IntegerParameterRanges": []},
    ),
    static(
        "hyperparameter-values-fit-together",
        "updater",
        "prune",
        {f"{STATIC}.booster": "dart"},
        {f"{STATIC}.booster": "gblinear", f"{RANGES}.IntegerParameterRanges": []},
    ),
]

ALIASES = [
    static("one-name-for-one-hyperparameter", "learning_rate", "0.1", None),
    static(
        "one-name-for-one-hyperparameter", "reg_alpha", "0.1", {f"{STATIC}.alpha": None}, {f"{STATIC}.alpha": "0.1"}
    ),
    Row(
        "one-name-for-one-hyperparameter",
        LISTED | {f"{SECOND_STATIC}.learning_rate": "0.1"},
        {f"{SECOND}.HyperParameterRanges.ContinuousParameterRanges.0.Name": "alpha"},
        f'{SECOND_PATH}.StaticHyperParameters["learning_rate"]',
        "several",
    ),
]

# The objective of the other algorithms with early stopping needs the same channel.
CHANNEL = [
    static(
        "hyperparameter-needs-its-channel",
        "enc0_pretrained_embedding_file",
        "vectors.txt",
        {f"{CHANNELS}.2": VALIDATION | {"ChannelName": "auxiliary"}},
        OBJECT2VEC,
    ),
    static("hyperparameter-needs-its-channel", "enc1_pretrained_embedding_file", "vectors.txt", "", OBJECT2VEC),
    static(
        "hyperparameter-needs-its-channel",
        "enc0_pretrained_embedding_file",
        "vectors.txt",
        {f"{STATIC}._num_gpus": "auto"},
        OBJECT2VEC,
    ),
]

ROWS = NAMES + VALUES + KINDS + NEEDS + TOGETHER + ALIASES + CHANNEL
