"""Values at the limits of the rules of hyperparameters of algorithms that the tables do not contain."""

import pytest
import table_jumpstart
from algorithm_bases import BASES, CHANNELS, CONFIG, IMAGE, JOB, OBJECTIVE, RANGES, REALS, STATIC
from bases import BUILTIN, changed
from test_edges_of_algorithms import XGBOOST, image, paths
from test_messages import reported_messages
from test_tables import reported

from hptsdk.rules.algorithm_values import alternatives, image_has, is_older, violated_bound
from hptsdk.rules.facts.algorithms import algorithm_facts
from hptsdk.rules.range_values import effective_scaling, parse_number

# --- hyperparameters -------------------------------------------------------------------------------------------------


def effects(changes, algorithm="xgboost"):
    return paths("hyperparameter-has-an-effect", algorithm, {f"{STATIC}.{key}": text for key, text in changes.items()})


def test_each_condition_of_a_hyperparameter_is_checked():
    assert effects({"max_bin": "99", "tree_method": "hist"}) == []
    assert f'{STATIC}["max_bin"]' in effects({"max_bin": "99", "tree_method": "hist", "booster": "gblinear"})
    assert effects({"max_bin": "99", "tree_method": "exact"}) == [f'{STATIC}["max_bin"]']


def test_a_later_hyperparameter_without_an_effect_is_reported():
    static = {"gamma": "3", "unknown": "1", "skip_drop": "0.0", "rate_drop": "0.3"}
    assert effects(static) == [f'{STATIC}["rate_drop"]']


@pytest.mark.parametrize("default", ["0.0", "0", " 0 ", "0e5"])
def test_the_default_of_a_hyperparameter_without_an_effect_is_not_reported(default):
    assert effects({"rate_drop": default}) == []


@pytest.mark.parametrize("value", ["'dart'", '"dart"', " dart "])
def test_the_quotes_of_the_value_of_a_condition_are_ignored(value):
    assert effects({"rate_drop": "0.3", "booster": value}) == []


def test_a_hyperparameter_that_only_newer_images_have_is_not_reported_without_an_effect():
    new = {"sampling_method": "gradient_based", "booster": "gblinear"}
    assert effects(new) == [f'{STATIC}["sampling_method"]']
    old = {IMAGE: XGBOOST["TrainingImage"].replace("1.7-1", "1.2-2")}
    static = {f"{STATIC}.{key}": text for key, text in new.items()}
    assert paths("hyperparameter-has-an-effect", "xgboost", static | old) == []


def test_each_value_of_a_list_is_compared_with_the_other_hyperparameters():
    rule = "hyperparameter-values-fit-together"
    changes = {f"{STATIC}.updater": "prune,shotgun", f"{STATIC}.booster": "gbtree"}
    assert paths(rule, "xgboost", changes) == [f'{STATIC}["updater"]']
    assert paths(rule, "xgboost", changes | {f"{STATIC}.updater": "prune,refresh"}) == []


def test_an_item_after_an_unknown_metric_is_compared_with_the_objective():
    rule = "evaluation-metric-fits-the-hyperparameters"
    assert paths(rule, "xgboost", {f"{STATIC}.eval_metric": "error@0.7,auc"}) == [f'{STATIC}["eval_metric"]']
    assert paths(rule, "xgboost", {f"{STATIC}.zzz": "auc", f"{STATIC}.eval_metric": "auc"}) == [
        f'{STATIC}["eval_metric"]'
    ]


def test_only_a_list_names_several_metrics():
    changes = {f"{STATIC}.loss": "absolute_loss,logistic", f"{STATIC}.predictor_type": "binary_classifier"}
    assert paths("evaluation-metric-fits-the-hyperparameters", "linear-learner", changes) == []


def test_the_objective_of_the_job_is_compared_with_the_ranges_of_the_job():
    tuned = {f"{RANGES}.CategoricalParameterRanges": [{"Name": "objective", "Values": ["multi:softmax"]}]}
    changes = tuned | {f"{STATIC}.objective": None}
    assert paths("objective-fits-the-hyperparameters", "xgboost", changes) == [f"{OBJECTIVE}.MetricName"]


def test_the_ranges_of_the_job_are_used_before_those_of_a_single_definition():
    changes = {
        OBJECTIVE: {"Type": "Minimize", "MetricName": "validation:merror"},
        f"{RANGES}.CategoricalParameterRanges": [{"Name": "objective", "Values": ["multi:softmax"]}],
        f"{JOB}.HyperParameterRanges": {
            "CategoricalParameterRanges": [{"Name": "objective", "Values": ["reg:squarederror"]}]
        },
        f"{STATIC}.objective": None,
    }
    assert paths("objective-fits-the-hyperparameters", "xgboost", changes) == []


def test_a_range_of_a_built_in_algorithm_has_the_name_that_aws_documents():
    alias = {f"{RANGES}.{REALS}.0.Name": "learning_rate"}
    assert paths("algorithm-lets-it-be-tuned", "xgboost", alias) == [f"{RANGES}.{REALS}[0].Name"]


def test_each_item_of_the_evaluation_metrics_is_reported():
    rule = "evaluation-metric-fits-the-hyperparameters"
    assert len(paths(rule, "xgboost", {f"{STATIC}.eval_metric": "auc,merror"})) == 2


def test_an_objective_with_an_unknown_value_is_not_compared_with_the_metric():
    changes = {f"{STATIC}.objective": "reg:mine", OBJECTIVE: {"Type": "Maximize", "MetricName": "validation:auc"}}
    assert paths("objective-fits-the-hyperparameters", "xgboost", changes) == []


def test_each_condition_of_a_metric_is_checked():
    rule = "objective-fits-the-hyperparameters"
    both = {f"{STATIC}.mode": "supervised", f"{STATIC}.evaluation": "False"}
    assert len(paths(rule, "blazingtext", both)) == 2
    first_unknown = both | {f"{STATIC}.mode": "skipgrams"}
    assert len(paths(rule, "blazingtext", first_unknown)) == 1


def test_a_range_after_one_of_another_type_is_checked():
    ranges = {
        "ContinuousParameterRanges": [
            {"Name": "zzz", "MinValue": "0.1", "MaxValue": "0.5"},
            {"Name": "eta", "MinValue": "0.1", "MaxValue": "0.5"},
            {"Name": "max_depth", "MinValue": "2", "MaxValue": "9"},
        ]
    }
    found = paths("range-type-of-the-algorithm", "xgboost", {RANGES: ranges})
    assert found == [f"{RANGES}.ContinuousParameterRanges[2].Name"]


def test_two_names_after_an_unknown_hyperparameter_are_reported():
    static = {f"{STATIC}.zzz": "1", f"{STATIC}.learning_rate": "0.1"}
    assert paths("one-name-for-one-hyperparameter", "xgboost", static) == [f'{STATIC}["learning_rate"]']


@pytest.mark.parametrize(("static", "tuned"), [("eta", "learning_rate"), ("learning_rate", "eta")])
def test_a_static_hyperparameter_that_is_tuned_by_another_name_is_reported(static, tuned):
    changes = {f"{STATIC}.{static}": "0.1", f"{RANGES}.{REALS}.0.Name": tuned}
    assert paths("one-name-for-one-hyperparameter", "xgboost", changes) == [f'{STATIC}["{static}"]']


def test_an_alias_that_is_earlier_in_alphabetical_order_than_the_name_is_reported():
    found = reported(changed(BUILTIN, table_jumpstart.IMAGES | {f"{STATIC}.epsilon": "1", f"{STATIC}.eps": "1"}))
    assert [path for rule, path in found if rule.startswith("one-name")] == [f'{STATIC}["eps"]']


def test_a_range_is_compared_with_static_values_and_not_with_defaults():
    ranges = {RANGES: {REALS: [{"Name": "beta_1", "MinValue": "0.1", "MaxValue": "0.5"}]}}
    assert paths("range-has-an-effect", "image-classification", ranges) == []
    static = {f"{STATIC}.optimizer": "sgd"}
    assert paths("range-has-an-effect", "image-classification", ranges | static) == [f"{RANGES}.{REALS}[0].Name"]


def test_a_hyperparameter_with_a_range_may_meet_a_condition():
    changes = {f"{RANGES}.CategoricalParameterRanges": [{"Name": "booster", "Values": ["gbtree", "dart"]}]}
    assert paths("hyperparameter-has-an-effect", "xgboost", changes | {f"{STATIC}.rate_drop": "0.3"}) == []


def test_a_condition_on_a_hyperparameter_with_a_numeric_range_is_not_decided():
    changes = {f"{RANGES}.{REALS}.0.Name": "booster", f"{STATIC}.rate_drop": "0.3"}
    assert paths("hyperparameter-has-an-effect", "xgboost", changes) == []


@pytest.mark.parametrize(("name", "decided"), [("alpha", True), ("booster", False), ("subsample", True)])
def test_a_condition_on_a_hyperparameter_of_autotune_is_not_decided(name, decided):
    automatic = {"Autotune": {"Mode": "Enabled"}, f"{RANGES}.AutoParameters": [{"Name": name, "ValueHint": "1"}]}
    found = paths("hyperparameter-has-an-effect", "xgboost", automatic | {f"{STATIC}.rate_drop": "0.3"})
    assert found == ([f'{STATIC}["rate_drop"]'] if decided else [])


@pytest.mark.parametrize("kind", [REALS, "IntegerParameterRanges", "CategoricalParameterRanges"])
def test_a_number_that_the_guide_calls_an_integer_has_a_range_of_any_type(kind):
    bounds = {"Values": ["1", "5"]} if kind.startswith("Cat") else {"MinValue": "1", "MaxValue": "5"}
    changes = {RANGES: {kind: [{"Name": "max_delta_step"} | bounds]}}
    assert paths("range-type-of-the-algorithm", "xgboost", changes) == []


def test_a_range_after_a_number_that_the_guide_calls_an_integer_is_checked():
    names = ("max_delta_step", "max_depth")
    changes = {RANGES: {REALS: [{"Name": name, "MinValue": "1", "MaxValue": "5"} for name in names]}}
    assert paths("range-type-of-the-algorithm", "xgboost", changes) == [f"{RANGES}.{REALS}[1].Name"]


def test_the_message_about_a_value_of_a_range_names_the_allowed_values():
    values = {f"{RANGES}.CategoricalParameterRanges": [{"Name": "optimizer", "Values": ["sgd", "adamm"]}]}
    words = "expected one of 'sgd', 'adam', 'rmsprop', 'nag', got 'adamm'; did you mean 'adam'? [range-values-are-allow"
    assert words in reported_messages("builtin", BASES["image-classification"] | values)


def test_the_only_definition_may_have_the_objective():
    objective = {"Type": "Maximize", "MetricName": "validation:rmse"}
    found = paths(
        "objective-type-of-the-algorithm",
        "xgboost",
        {OBJECTIVE: None, "TrainingJobDefinition.TuningObjective": objective},
    )
    assert found == ["TrainingJobDefinition.TuningObjective.Type"]


def test_a_boolean_has_no_range_of_numbers():
    tuned = {RANGES: {REALS: [{"Name": "use_bias", "MinValue": "0.1", "MaxValue": "0.5"}]}}
    assert paths("range-type-of-the-algorithm", "linear-learner", tuned) == [f"{RANGES}.{REALS}[0].Name"]


def test_each_range_of_a_hyperparameter_that_cannot_be_tuned_is_reported():
    ranges = {
        "ContinuousParameterRanges": [
            {"Name": "zzz", "MinValue": "0.1", "MaxValue": "0.5"},
            {"Name": "yyy", "MinValue": "0.1", "MaxValue": "0.5"},
            {"Name": "eta", "MinValue": "-1", "MaxValue": "2"},
        ]
    }
    place = f"{RANGES}.ContinuousParameterRanges"
    assert paths("algorithm-lets-it-be-tuned", "xgboost", {RANGES: ranges}) == [
        f"{place}[0].Name",
        f"{place}[1].Name",
        f"{place}[2].MinValue",
        f"{place}[2].MaxValue",
    ]


def test_each_wrong_value_of_a_categorical_range_is_reported():
    ranges = {
        "CategoricalParameterRanges": [
            {"Name": "zzz", "Values": ["1"]},
            {"Name": "optimizer", "Values": ["sgd", "wrong", "adam", "worse"]},
        ]
    }
    changes = {RANGES: ranges, f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs": 2}
    place = f"{RANGES}.CategoricalParameterRanges[1].Values"
    assert paths("range-values-are-allowed", "image-classification", changes) == [f"{place}[1]", f"{place}[3]"]


@pytest.mark.parametrize(
    ("name", "allowed", "violating"),
    [
        ("base_score", ["0", "1"], []),
        ("subsample", ["1", "0.1"], ["0", "1.1"]),
        ("sketch_eps", ["0.5"], ["0", "1", "2", "-1"]),
        ("num_round", ["0", "1"], ["-1", "1.3", "1.5"]),
        ("tweedie_variance_power", ["1.9"], ["1", "2", "0", "3"]),
        ("seed", ["2147483646", "-2147483647"], ["2147483647", "-2147483648"]),
    ],
)
def test_a_value_at_a_bound_is_allowed_unless_the_bound_is_excluded(name, allowed, violating):
    rule = "hyperparameter-value-is-allowed"
    for value in allowed:
        assert paths(rule, "xgboost", {f"{STATIC}.{name}": value}) == [], value
    for value in violating:
        assert paths(rule, "xgboost", {f"{STATIC}.{name}": value}) == [f'{STATIC}["{name}"]'], value


@pytest.mark.parametrize("value", ["auto", "0", " 0.5 "])
def test_a_number_may_have_a_word_in_its_place(value):
    assert paths("hyperparameter-value-is-allowed", "linear-learner", {f"{STATIC}.wd": value}) == []


@pytest.mark.parametrize("value", ["1.0", "1e2", "7"])
def test_a_whole_number_may_have_another_notation(value):
    assert paths("hyperparameter-value-is-allowed", "xgboost", {f"{STATIC}.max_bin": value}) == []


@pytest.mark.parametrize("value", ["", "'x'", '"x"', " "])
def test_empty_text_and_text_in_quotes_are_not_compared_with_the_allowed_values(value):
    assert paths("hyperparameter-value-is-allowed", "xgboost", {f"{STATIC}.booster": value}) == []


@pytest.mark.parametrize("value", ["gbtree'", 'gbtree"', "gb'tree"])
def test_text_that_only_ends_with_a_quote_is_compared_with_the_allowed_values(value):
    assert paths("hyperparameter-value-is-allowed", "xgboost", {f"{STATIC}.booster": value}) == [f'{STATIC}["booster"]']


@pytest.mark.parametrize(
    ("value", "allowed"), [("True", True), ("true", True), ("True,False", False), ("maybe", False)]
)
def test_a_boolean_is_one_value(value, allowed):
    changes = {f"{STATIC}.early_stopping": value}
    found = paths("hyperparameter-value-is-allowed", "image-classification", changes)
    assert found == ([] if allowed else [f'{STATIC}["early_stopping"]'])


def test_the_message_about_a_boolean_names_its_values():
    changes = BASES["image-classification"] | {f"{STATIC}.early_stopping": "maybe"}
    assert "expected one of 'true', 'false', got text of 5 characters" in reported_messages("builtin", changes)


def test_a_list_of_numbers_is_no_number():
    changes = {f"{STATIC}.image_shape": "1,28,28"}
    assert paths("hyperparameter-value-is-allowed", "image-classification", changes) == []


def test_the_values_after_the_sixth_are_counted():
    assert alternatives("abcdef") == "'a', 'b', 'c', 'd', 'e', 'f'"
    assert alternatives("abcdefgh") == "'a', 'b', 'c', 'd', 'e', 'f' and 2 more"


@pytest.mark.parametrize(
    ("program", "is_known"), [("transfer_learning.py", True), ("train.py", False), ("z.py", False)]
)
def test_only_one_program_is_that_of_jumpstart(program, is_known):
    changes = table_jumpstart.LIGHTGBM | {f"{STATIC}.sagemaker_program": program, f"{STATIC}.n_estimators": "9"}
    found = [rule for rule, _ in reported(changed(BUILTIN, changes))]
    assert found == (["hyperparameter-of-the-algorithm"] if is_known else [])


def test_a_number_that_has_a_meaning_of_its_own_violates_no_bound():
    fact = algorithm_facts("catboost").hyperparameters["thread_count"]
    assert (fact.min, fact.also) == ("1", ("-1",))
    assert violated_bound("catboost", "thread_count", "-1") == ""
    assert violated_bound("catboost", "thread_count", "-2") == "at least 1"
    assert violated_bound("catboost", "thread_count", "many") == ""


def test_the_names_of_two_hyperparameters_are_each_reported():
    names = {f"{STATIC}.n_estimators": "9", f"{STATIC}.gamma": "0.1", f"{STATIC}.zzz": "1", f"{STATIC}._x": "1"}
    found = paths("hyperparameter-of-the-algorithm", "xgboost", names)
    assert found == [f'{STATIC}["n_estimators"]', f'{STATIC}["zzz"]']


def test_a_missing_hyperparameter_of_a_definition_with_ranges_is_reported_once():
    ranges = {RANGES: None, f"{JOB}.HyperParameterRanges": BUILTIN[CONFIG]["ParameterRanges"]}
    found = paths("algorithm-has-what-it-needs", "xgboost", ranges | {f"{STATIC}.num_round": None})
    assert found == [f'{STATIC}["num_round"]']


@pytest.mark.parametrize(
    ("of_job", "is_reported"), [(None, False), ({}, False), (BUILTIN[CONFIG]["ParameterRanges"], True)]
)
def test_a_hyperparameter_that_only_a_definition_tunes_is_reported_if_the_job_has_other_ranges(of_job, is_reported):
    of_definition = {"IntegerParameterRanges": [{"Name": "num_round", "MinValue": "10", "MaxValue": "100"}]}
    changes = {f"{JOB}.HyperParameterRanges": of_definition, f"{STATIC}.num_round": None, RANGES: of_job}
    found = paths("algorithm-has-what-it-needs", "xgboost", changes)
    assert found == ([f'{STATIC}["num_round"]'] if is_reported else [])


def test_a_channel_is_needed_only_by_a_static_hyperparameter():
    rule = "hyperparameter-needs-its-channel"
    without = {f"{CHANNELS}.1": None}
    static = without | {f"{STATIC}.early_stopping_rounds": "5"}
    assert paths(rule, "xgboost", without) == []
    assert paths(rule, "xgboost", static) == [f'{STATIC}["early_stopping_rounds"]']
    assert paths(rule, "xgboost", static | {f"{STATIC}._kfold": "3"}) == []
    assert paths(rule, "xgboost", static | {f"{CHANNELS}.0.ChannelName": "code"}) == []


# --- versions of images ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "has"),
    [
        ("1.2", True),
        ("1.2-1", True),
        ("1.2-1-cpu-py3", True),
        ("1.3", True),
        ("1.5", True),
        ("1.5-1", True),
        ("1.7-1", False),
        ("1.0-1", False),
        ("0.90-2", False),
        ("2.0", False),
        ("1", False),
        ("latest", False),
    ],
)
def test_an_image_has_a_hyperparameter_between_two_versions(tag, has):
    fact = algorithm_facts("xgboost").hyperparameters["single_precision_histogram"]
    assert (fact.since, fact.until) == ("1.2", "1.5")
    assert image_has(image(tag), fact) is has


@pytest.mark.parametrize(("tag", "has"), [("0.72", True), ("1.0-1", True), ("1.2", False), ("latest", False)])
def test_an_image_has_a_hyperparameter_up_to_a_version(tag, has):
    assert image_has(image(tag), algorithm_facts("xgboost").hyperparameters["silent"]) is has


@pytest.mark.parametrize(("tag", "has"), [("0.90-1", False), ("0.90-2", True), ("1.0-1", True), ("0.90", False)])
def test_an_image_has_a_hyperparameter_from_a_revision(tag, has):
    assert image_has(image(tag), algorithm_facts("xgboost").hyperparameters["num_parallel_tree"]) is has


def test_an_unknown_image_has_the_hyperparameters_of_all_versions_only():
    facts = algorithm_facts("xgboost").hyperparameters
    assert image_has(None, facts["eta"])
    assert not image_has(None, facts["silent"])


@pytest.mark.parametrize(
    ("tag", "older"), [("1.0-1", True), ("1.2", False), ("1.2-1", False), ("1.3", False), ("latest", False)]
)
def test_an_image_is_older_than_a_version(tag, older):
    assert is_older(image(tag), "1.2") is older
    assert not is_older(None, "1.2")


# --- facts -----------------------------------------------------------------------------------------------------------


def test_the_regex_of_a_metric_contains_its_name():
    metrics = algorithm_facts("xgboost").metrics
    assert "#011validation-rmse:" in metrics["validation:rmse"].regex
    assert "#011train-rmse:" in metrics["train:rmse"].regex


@pytest.mark.parametrize(
    ("scaling", "low", "high", "effective"),
    [
        (None, "0.01", "1", "Logarithmic"),
        ("Auto", "0.01", "0.99", "Linear"),
        ("Auto", "1", "1000", "Logarithmic"),
        (None, "0", "1000", "Linear"),
        ("Auto", "-1", "-1000", "Linear"),
        ("Linear", "0.01", "1", "Linear"),
        ("Logarithmic", "1", "2", "Logarithmic"),
        ("ReverseLogarithmic", "0.1", "0.9", "ReverseLogarithmic"),
    ],
)
def test_a_range_of_at_least_two_decimal_powers_is_logarithmic(scaling, low, high, effective):
    assert effective_scaling(scaling, parse_number(low), parse_number(high)) == effective
