"""The values of hyperparameters, as the rules of built-in algorithms compare them, through requests."""

import algorithm_bases
import pytest
from bases import BUILTIN, CUSTOM, changed
from table_algorithm_hyperparameters import CATEGORIES, IMAGE, REAL, STATIC, WHOLE
from table_algorithm_objectives import OBJECTIVE
from test_messages import reported_messages
from test_tables import reported

import hptsdk
from hptsdk import schema
from hptsdk.rules.algorithm_values import is_older
from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

RANGES = "HyperParameterTuningJobConfig.ParameterRanges"
IMAGE_CLASSIFICATION = "811284229777.dkr.ecr.us-east-1.amazonaws.com/image-classification:1"
BUILTIN_IMAGE = BUILTIN["TrainingJobDefinition"]["AlgorithmSpecification"]["TrainingImage"]
ENVIRONMENT = "TrainingJobDefinition.Environment"
KMEANS = "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"
OBJECT2VEC = "382416733822.dkr.ecr.us-east-1.amazonaws.com/object2vec:1"
SEMANTIC_SEGMENTATION = "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1"

NEW_RULES = {
    "objective-type-of-the-algorithm",
    "objective-needs-its-channel",
    "objective-fits-the-hyperparameters",
    "evaluation-metric-fits-the-hyperparameters",
    "algorithm-can-be-tuned",
    "hyperparameter-of-the-algorithm",
    "hyperparameter-value-is-allowed",
    "hyperparameter-has-an-effect",
    "hyperparameter-needs-its-channel",
    "one-name-for-one-hyperparameter",
    "range-type-of-the-algorithm",
    "range-values-are-allowed",
    "range-has-an-effect",
}


def new_rules(changes, base=BUILTIN):
    """Return the rules of this subject that a changed request violates."""
    return [rule for rule, _ in reported(changed(base, changes)) if rule in NEW_RULES]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {f"{STATIC}.n_estimators": "9"},
            "expected a hyperparameter of xgboost, got an unknown name; did you mean 'num_",
        ),
        (
            {f"{STATIC}.objective": "multi:softmax"},
            "a value, because xgboost needs it if 'objective' is 'multi:softmax', got nothing; set it in StaticHyperP",
        ),
        ({f"{STATIC}.num_round": None}, "because xgboost needs it, got nothing; set it in StaticHyperParameters, or"),
        ({f"{REAL}.0.Name": "lambda_bias"}, "got 'lambda_bias'; make it a static hyperparameter ["),
        (
            {"TrainingJobDefinition.InputDataConfig.1.ChannelName": "training"},
            "expected a channel that XGBoost reads, got 'training'; use validation, or remove",
        ),
        (
            {IMAGE: OBJECT2VEC, "TrainingJobDefinition.InputDataConfig.1.ChannelName": "words"},
            "a channel that Object2Vec reads, got 'words'; use auxiliary, test or validation, or remove the channel [",
        ),
        ({f"{STATIC}.max_dept": "9"}, "got an unknown name; did you mean 'max_depth'?"),
        ({f"{STATIC}.zzz": "9"}, "remove it; https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters"),
        ({f"{STATIC}.subsample": "0"}, "expected more than 0, got another number; increase it ["),
        ({f"{STATIC}.reg_alpha": "-1"}, "expected at least 0, got another number; increase it ["),
        ({f"{STATIC}.sketch_eps": "1.0"}, "expected less than 1, got another number; reduce it ["),
        ({f"{STATIC}.subsample": "1.5"}, "expected at most 1, got another number; reduce it ["),
        ({f"{STATIC}.max_bin": "many"}, "expected an integer, got text of 4 characters; use an integer"),
        ({f"{STATIC}.subsample": "half"}, "expected a number, got text of 4 characters; use a number"),
        (
            {f"{STATIC}.booster": "gbtre"},
            "expected one of 'gbtree', 'gblinear', 'dart', got text of 5 characters; did you mean 'gbtree'?",
        ),
        ({f"{STATIC}.booster": "zzz"}, "got text of 3 characters; use one of these values"),
        ({f"{STATIC}.objective": "zzz"}, "'multi:softmax', 'multi:softprob' and 13 more, got text"),
        ({f"{STATIC}.eval_metric": "rmsee"}, "expected one or more of 'accuracy', 'aft-nloglik'"),
        ({f"{STATIC}.rate_drop": "0.3"}, "it has no effect unless the hyperparameter 'booster' is 'dart', got a"),
        (
            {f"{STATIC}.monotone_constraints": "(1)"},
            "'tree_method' is 'exact' or 'hist', got a value; remove it, or change 'tree_method'",
        ),
        (
            {f"{STATIC}.learning_rate": "0.1"},
            "expected no value, because 'eta' is the same hyperparameter of xgboost, got a value; remove one of",
        ),
        (
            {f"{REAL}.0.Name": "n_estimators"},
            "expected a hyperparameter of xgboost that can be tuned, got 'n_estimators'; did you mean 'num_round'?",
        ),
        ({f"{REAL}.0.Name": "reg_alpha"}, "xgboost that can be tuned, got 'reg_alpha'; did you mean 'alpha'?"),
        (
            {f"{WHOLE}.0.Name": "min_child_weight"},
            "that has a range of this type, got 'min_child_weight'; move it to ContinuousParameterRanges",
        ),
        (
            {"TrainingJobDefinition.InputDataConfig.1": None},
            "got 'validation:rmse', which needs the channel 'validation'; add the channel 'validation' to InputData",
        ),
        (
            {f"{OBJECTIVE}": {"Type": "Minimize", "MetricName": "validation:merror"}},
            "a metric that xgboost emits with the value of the hyperparameter 'objective', got 'validation:merror'",
        ),
        (
            {f"{OBJECTIVE}": {"Type": "Minimize", "MetricName": "validation:merror"}},
            "got 'validation:merror', which needs 'objective' to be 'multi:*'; use another metric, or another value of",
        ),
        (
            {f"{STATIC}.eval_metric": "auc"},
            "metrics that xgboost computes with the value of the hyperparameter 'objective', got 'auc', which needs",
        ),
        ({f"{STATIC}.eval_metric": "auc"}, "got 'auc', which needs 'objective' to be one of 'binary:*', 'rank:*'; use"),
        (
            {f"{STATIC}.updater": "shotgun"},
            "expected no 'shotgun' unless the hyperparameter 'booster' is 'gblinear', got 'shotgun'; use another value",
        ),
    ],
)
def test_a_message_names_the_fact_and_the_correction(changes, words):
    assert words in reported_messages("builtin", changes)


@pytest.mark.parametrize("secret", ["s3cret", "98765.4321", "-98765"])
def test_the_value_of_a_static_hyperparameter_is_not_shown(secret):
    static = dict.fromkeys(("booster", "max_bin", "subsample", "alpha", "region", "rate_drop", "updater"), secret)
    changes = {f"{STATIC}.{name}": value for name, value in static.items()}
    assert new_rules(changes)
    assert secret not in reported_messages("builtin", changes)


def test_all_values_of_a_categorical_range_are_considered():
    tuned = {f"{CATEGORIES}": [{"Name": "optimizer", "Values": ["adam", "rmsprop"]}], WHOLE: []}
    static = {"num_classes": "2", "num_training_samples": "9", "momentum": "0.5", "beta_1": "0.5"}
    changes = tuned | {IMAGE: IMAGE_CLASSIFICATION, STATIC: static, f"{REAL}.0.Name": "learning_rate"}
    changes |= {OBJECTIVE: {"Type": "Maximize", "MetricName": "validation:accuracy"}}
    paths = [path for _, path in reported(changed(BUILTIN, changes)) if "StaticHyper" in path]
    assert paths == [f'{STATIC}["momentum"]']


def test_a_range_without_an_effect_is_reported():
    static = {"num_classes": "2", "num_training_samples": "9", "optimizer": "adam"}
    changes = {IMAGE: IMAGE_CLASSIFICATION, STATIC: static, f"{REAL}.0.Name": "momentum", WHOLE: []}
    changes |= {OBJECTIVE: {"Type": "Maximize", "MetricName": "validation:accuracy"}}
    assert "range-has-an-effect" in new_rules(changes)
    assert "range-has-an-effect" not in new_rules(changes | {f"{STATIC}.optimizer": "sgd"})
    assert "range-has-an-effect" not in new_rules(changes | {f"{STATIC}.optimizer": None})


def test_a_hyperparameter_that_autotune_chooses_is_not_known_to_be_unfit():
    auto = {f"{RANGES}.AutoParameters": [{"Name": "booster", "ValueHint": "dart"}], "Autotune": {"Mode": "Enabled"}}
    assert new_rules(auto | {f"{STATIC}.rate_drop": "0.3"}) == []


def test_the_values_of_a_range_of_numbers_are_not_known_to_be_unfit():
    static = {"enc0_max_seq_len": "9", "enc0_vocab_size": "9", "output_layer": "softmax", "num_classes": "3"}
    changes = {IMAGE: OBJECT2VEC, STATIC: static, f"{REAL}.0.Name": "dropout", f"{WHOLE}.0.Name": "epochs"}
    assert new_rules(changes | {OBJECTIVE: {"Type": "Maximize", "MetricName": "validation:accuracy"}}) == []
    wrong = {OBJECTIVE: {"Type": "Minimize", "MetricName": "validation:mean_squared_error"}}
    assert new_rules(changes | wrong) == ["objective-fits-the-hyperparameters"]


def test_a_required_hyperparameter_depends_on_all_values_of_a_categorical_range():
    categories = [{"Name": "dimension_reduction_type", "Values": ["fjlt", "sign"]}]
    static = {"feature_dim": "9", "sample_size": "500", "predictor_type": "classifier"}
    image = "382416733822.dkr.ecr.us-east-1.amazonaws.com/knn:1"
    changes = {IMAGE: image, STATIC: static, f"{WHOLE}.0.Name": "k", CATEGORIES: categories}
    missing = [path for rule, path in reported(changed(BUILTIN, changes)) if rule == "algorithm-has-what-it-needs"]
    assert missing == [f'{STATIC}["dimension_reduction_target"]']


@pytest.mark.parametrize(("value", "violated"), [("True", True), ("true", True), ("False", False), ("", False)])
def test_a_hyperparameter_that_is_off_needs_no_channel(value, violated):
    ranges = {"IntegerParameterRanges": [{"Name": "vector_dim", "MinValue": "32", "MaxValue": "300"}]}
    changes = {
        IMAGE: "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1",
        STATIC: {"mode": "supervised", "early_stopping": value},
        RANGES: ranges,
        "TrainingJobDefinition.InputDataConfig.1": None,
    }
    assert new_rules(changes) == (["hyperparameter-needs-its-channel"] if violated else [])
    assert new_rules(changes | {"TrainingJobDefinition.InputDataConfig": None}) == []


WORDS = algorithm_bases.BASES["blazingtext"] | {
    "TrainingJobDefinition.InputDataConfig": [algorithm_bases.channel("train"), algorithm_bases.channel("validation")],
    OBJECTIVE: {"Type": "Maximize", "MetricName": "validation:accuracy"},
}


@pytest.mark.parametrize(
    ("mode", "rules"),
    [
        ("supervised", []),
        # another rule reports the quotes
        ('"supervised"', ["built-in-takes-plain-text"]),
        ("cbow", ["channel-is-read", "objective-fits-the-hyperparameters"]),
    ],
)
def test_a_channel_is_read_in_one_mode_only(mode, rules):
    changes = WORDS | {STATIC: {"mode": mode}}
    assert sorted(rule for rule, _ in reported(changed(BUILTIN, changes))) == rules


def test_a_channel_may_be_read_if_the_mode_is_tuned():
    tuned = {CATEGORIES: [{"Name": "mode", "Values": ["supervised", "cbow"]}]}
    assert reported(changed(BUILTIN, WORDS | {STATIC: {}} | tuned)) == []


def test_a_channel_that_is_not_read_is_to_be_removed():
    message = reported_messages("builtin", WORDS | {STATIC: {"mode": "cbow"}})
    assert "got 'validation', which needs 'mode' to be 'supervised'; remove the channel [channel-is-read]" in message


def test_only_the_alias_of_a_tuned_hyperparameter_is_reported():
    ranges = {f"{REAL}.0": {"Name": "alpha", "MinValue": "0", "MaxValue": "9"}}
    reports = reported(changed(BUILTIN, ranges | {f"{STATIC}.reg_alpha": "1", f"{STATIC}.learning_rate": "0.1"}))
    assert reports == [("one-name-for-one-hyperparameter", f'{STATIC}["reg_alpha"]')]


def test_a_response_without_ranges_values_and_channels_gets_advice():
    definition = {
        "AlgorithmSpecification": {"TrainingImage": BUILTIN_IMAGE},
        "StaticHyperParameters": {"n_estimators": "9"},
        "HyperParameterRanges": {"CategoricalParameterRanges": [{"Name": "eta"}]},
    }
    response = hptsdk.from_wire(DescribeHyperParameterTuningJobResponse, {"TrainingJobDefinition": definition})
    assert "hyperparameter-of-the-algorithm" in [advice.rule for advice in hptsdk.advise(response)]


def test_the_case_of_a_boolean_is_ignored():
    static = {"num_classes": "2", "num_training_samples": "9"}
    changes = {IMAGE: SEMANTIC_SEGMENTATION, STATIC: static}
    assert "hyperparameter-value-is-allowed" not in new_rules(changes | {f"{STATIC}.syncbn": "true"})
    assert "hyperparameter-value-is-allowed" in new_rules(changes | {f"{STATIC}.syncbn": "yes"})


@pytest.mark.parametrize("base", [BUILTIN, CUSTOM])
@pytest.mark.parametrize("changes", [{}, {f"{STATIC}.eta2": "1"}, {f"{STATIC}.booster": "x"}])
def test_the_rules_do_not_apply_to_a_script_or_to_another_image(base, changes):
    script = {
        f"{STATIC}.sagemaker_program": "train.py",
        f"{STATIC}.sagemaker_submit_directory": "s3://bucket/code.tar.gz",
    }
    other = {
        IMAGE: "123456789012.dkr.ecr.us-east-1.amazonaws.com/xgboost:1",
        OBJECTIVE: {"Type": "Maximize", "MetricName": "validation:mphe"},
    }
    assert new_rules(changes | script, base) == []
    if base is BUILTIN:
        assert new_rules(changes | other, base) == []
        metrics = {f"{IMAGE.rpartition('.')[0]}.MetricDefinitions": [{"Name": "x", "Regex": "x=([-+0-9.e]+);"}]}
        assert reported(changed(base, changes | script | metrics)) == []


@pytest.mark.parametrize("name", algorithm_bases.BASES)
def test_a_valid_request_of_each_algorithm_gets_no_advice(name):
    assert reported(changed(BUILTIN, algorithm_bases.BASES[name])) == []


def test_each_algorithm_that_can_be_tuned_has_a_valid_request():
    titles = {each.name for each in schema.algorithms() if each.repositories and each.tuning_page}
    assert {name.replace("deepar", "forecasting-deepar") for name in algorithm_bases.BASES} == titles


@pytest.mark.parametrize(
    ("name", "metric", "wrong"),
    [
        ("deepar", "test:RMSE", "Maximize"),
        ("deepar", "test:mean_wQuantileLoss", "Maximize"),
        ("factorization-machines", "test:rmse", "Maximize"),
        ("image-classification", "validation:accuracy", "Minimize"),
        ("ipinsights", "validation:discriminator_auc", "Minimize"),
        ("knn", "test:accuracy", "Minimize"),
        ("linear-learner", "validation:objective_loss", "Maximize"),
        ("ntm", "validation:total_loss", "Maximize"),
        ("object-detection", "validation:mAP", "Minimize"),
        ("randomcutforest", "test:f1", "Minimize"),
        ("seq2seq", "validation:bleu", "Minimize"),
        ("seq2seq", "validation:perplexity", "Maximize"),
        ("xgboost", "validation:rmse", "Maximize"),
    ],
)
def test_an_objective_in_the_wrong_direction_is_an_error(name, metric, wrong):
    objective = {OBJECTIVE: {"Type": wrong, "MetricName": metric}}
    violated = [("objective-type-of-the-algorithm", f"{OBJECTIVE}.Type")]
    assert reported(changed(BUILTIN, algorithm_bases.BASES[name] | objective)) == violated


def test_a_value_that_is_not_allowed_is_reported_once():
    static = {"objective": "binary:logistics", "num_round": "9"}
    changes = {STATIC: static, OBJECTIVE: {"Type": "Maximize", "MetricName": "validation:auc"}}
    assert new_rules(changes) == ["hyperparameter-value-is-allowed"]
    wrong = {f"{STATIC}.booster": "gbtre", f"{STATIC}.gamma": "2", f"{STATIC}.rate_drop": "0.5"}
    assert new_rules(wrong) == ["hyperparameter-value-is-allowed"]


def test_the_rules_do_not_apply_to_a_script_that_the_environment_names():
    unknown = {f"{STATIC}.eta2": "1"}
    assert new_rules(unknown) == ["hyperparameter-of-the-algorithm"]
    assert new_rules(unknown | {f"{ENVIRONMENT}.SAGEMAKER_PROGRAM": "train.py"}) == []
    assert new_rules(unknown | {f"{ENVIRONMENT}.PROGRAM": "train.py"}) == ["hyperparameter-of-the-algorithm"]


def test_the_rules_apply_to_an_algorithm_without_script_mode_although_there_is_a_script():
    static = {"feature_dim": "9", "k": "3", "kk": "3", "sagemaker_program": "train.py"}
    assert "hyperparameter-of-the-algorithm" in new_rules({IMAGE: KMEANS, STATIC: static})


def test_early_stopping_of_xgboost_and_its_objective_need_the_same_channel():
    changes = {"TrainingJobDefinition.InputDataConfig.1": None, f"{STATIC}.early_stopping_rounds": "5"}
    assert new_rules(changes) == ["objective-needs-its-channel", "hyperparameter-needs-its-channel"]


@pytest.mark.parametrize(
    ("tag", "violated"),
    [
        ("0.90-1-cpu-py3", False),
        ("0.90-2-cpu-py3", True),
        ("1.7-1", True),
        ("1.7", True),
        ("0.90", False),
        ("1", False),
        ("latest", False),
    ],
)
def test_a_hyperparameter_is_validated_if_the_version_certainly_has_it(tag, violated):
    image = f"683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:{tag}"
    rules = ["hyperparameter-value-is-allowed"] if violated else []
    assert new_rules({IMAGE: image, f"{STATIC}.num_parallel_tree": "0"}) == rules


@pytest.mark.parametrize(
    ("tag", "version", "older"),
    [
        ("1.0-1", "1.2", True),
        ("1.2-1", "1.2", False),
        ("1.10-1", "1.2", False),
        ("1.2-1", "1.2-2", True),
        # it may be the last one of 1.2
        ("1.2", "1.2-2", False),
        ("latest", "1.2", False),
        ("1", "1.2", False),
    ],
)
def test_an_image_is_older_if_its_version_certainly_is(tag, version, older):
    assert is_older(f"683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:{tag}", version) is older


@pytest.mark.parametrize(("tag", "violated"), [("0.90-2", True), ("1.0-1", True), ("1.2-1", False), ("1.2-2", False)])
def test_a_hyperparameter_is_validated_up_to_the_last_version_that_has_it(tag, violated):
    image = f"683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:{tag}"
    rules = ["hyperparameter-value-is-allowed"] if violated else []
    assert new_rules({IMAGE: image, f"{STATIC}.silent": "2"}) == rules
