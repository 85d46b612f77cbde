"""The recommended ranges of each built-in algorithm are valid, and the rules agree with them."""

import copy

import pytest
from bases import BUILTIN

import hptsdk
from hptsdk import schema
from hptsdk.rules.algorithm_values import algorithm_of_definition
from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request

TUNABLE = [facts.name for facts in schema.algorithms() if facts.tunable]

# The accounts in us-east-1 that hold the images.
ACCOUNTS = {
    "811284229777": ["blazingtext", "image-classification", "object-detection", "semantic-segmentation", "seq2seq"],
    "382416733822": [
        "factorization-machines",
        "ipinsights",
        "kmeans",
        "knn",
        "linear-learner",
        "ntm",
        "object2vec",
        "randomcutforest",
    ],
    "522234722520": ["forecasting-deepar"],
    "766337827248": ["lda"],
    "683313688378": ["sagemaker-xgboost"],
}
IMAGES = {
    repository.removeprefix("sagemaker-"): f"{account}.dkr.ecr.us-east-1.amazonaws.com/{repository}:1"
    for account, repositories in ACCOUNTS.items()
    for repository in repositories
}


FRAMEWORK = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.0"
SCRIPTS = "s3://jumpstart-cache-prod-us-east-1/source-directory-tarballs/"


def request_with_default_ranges(algorithm):
    """Return a valid request for an algorithm, whose ranges are the recommended ones."""
    facts = next(facts for facts in schema.algorithms() if facts.name == algorithm)
    ranges = hptsdk.to_wire(hptsdk.default_ranges(algorithm))
    tuned = {item["Name"] for items in ranges.values() for item in items}
    body = copy.deepcopy(BUILTIN)
    definition, specification = body["TrainingJobDefinition"], body["TrainingJobDefinition"]["AlgorithmSpecification"]
    body["HyperParameterTuningJobConfig"]["ParameterRanges"] = ranges
    required = [fact for name, fact in facts.required.items() if fact.required and name not in tuned]
    static = {fact.name: fact.values[0] if fact.values else fact.min or "1" for fact in required}
    metric = next(metric for metric in facts.objectives.values() if fits(metric, static))
    objective = {"Type": metric.direction, "MetricName": metric.name}
    body["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"] = objective
    specification["TrainingImage"] = IMAGES.get(algorithm, FRAMEWORK)
    if algorithm not in IMAGES:
        source = f"{SCRIPTS}{facts.source_prefixes[0]}v1/sourcedir.tar.gz"
        static |= {"sagemaker_program": "transfer_learning.py", "sagemaker_submit_directory": source}
        specification["MetricDefinitions"] = [{"Name": metric.name, "Regex": r"value: (\S+)"}]
    definition["StaticHyperParameters"] = static
    channel = definition["InputDataConfig"][0]
    used = {"train", metric.channel} if algorithm in IMAGES else {"training"}
    names = [name for name, fact in facts.channels.items() if fact.required or name in used]
    definition["InputDataConfig"] = [channel | {"ChannelName": name} for name in names]
    if facts.instances.gpu == "required":
        definition["ResourceConfig"]["InstanceType"] = "ml.g5.xlarge"
    return hptsdk.from_wire(Request, body)


def fits(metric, static):
    """Check whether no static hyperparameter has a value with which a metric does not exist."""
    return all(static.get(name, values[0]) in values for name, values in metric.only_if.items())


def test_every_image_of_a_tunable_algorithm_is_tested():
    assert {name for name, image in IMAGES.items() if schema.algorithm_of(image).name == name} == IMAGES.keys()
    with_an_image = {facts.name for facts in schema.algorithms() if facts.tunable and facts.repositories}
    assert with_an_image == IMAGES.keys()


@pytest.mark.parametrize("algorithm", TUNABLE)
def test_default_ranges_are_valid_and_get_no_advice(algorithm):
    request = request_with_default_ranges(algorithm)
    assert algorithm_of_definition(request.training_job_definition).name == algorithm
    assert hptsdk.advise(request) == ()


@pytest.mark.parametrize("algorithm", TUNABLE)
def test_default_ranges_are_for_all_hyperparameters_with_a_recommendation(algorithm):
    facts = next(facts for facts in schema.algorithms() if facts.name == algorithm)
    ranges = hptsdk.to_wire(hptsdk.default_ranges(algorithm))
    names = {(algorithm, item["Name"]) for items in ranges.values() for item in items}
    recommended = {(algorithm, name) for name, fact in facts.tunable.items() if fact.recommended}
    # only with the value "supervised" of mode, which AWS does not recommend as one to tune
    assert recommended - names <= {("blazingtext", "word_ngrams")}
    assert names <= recommended


def test_default_ranges_have_the_documented_bounds_and_scaling():
    ranges = hptsdk.default_ranges("object2vec")
    [rate] = [item for item in ranges.continuous_parameter_ranges if item.name == "learning_rate"]
    assert (rate.min_value, rate.max_value, rate.scaling_type) == ("1e-6", "1.0", "Logarithmic")


def test_default_ranges_have_no_scaling_if_none_is_documented():
    ranges = hptsdk.default_ranges("semantic-segmentation")
    assert {item.scaling_type for item in ranges.continuous_parameter_ranges} == {None}


def test_a_logarithmic_scaling_from_zero_is_left_out():
    ranges = hptsdk.default_ranges("catboost")
    [strength] = [item for item in ranges.continuous_parameter_ranges if item.name == "random_strength"]
    assert (strength.min_value, strength.scaling_type) == ("0", None)


def test_default_ranges_have_the_documented_values():
    [mode] = hptsdk.default_ranges("blazingtext").categorical_parameter_ranges
    assert mode.values == ("batch_skipgram", "skipgram", "cbow")


def test_the_default_ranges_of_an_algorithm_with_integers_only_are_integer_ranges():
    ranges = hptsdk.default_ranges("randomcutforest")
    assert ranges.continuous_parameter_ranges is None
    assert ranges.categorical_parameter_ranges is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("xgbost", "no algorithm has the name 'xgbost'; did you mean 'xgboost'?"),
        ("XGBoost", "no algorithm has the name 'XGBoost'; did you mean 'xgboost'?"),
        ("zzz", "no algorithm has the name 'zzz'; hptsdk.schema.algorithms() lists the names"),
        ("pca", "pca cannot be tuned: AWS documents no ranges for its hyperparameters"),
        ("autogluon-tabular", "autogluon-tabular cannot be tuned: AWS documents no ranges for its hyperparameters"),
    ],
)
def test_a_name_without_default_ranges_is_a_value_error(name, message):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole message is compared
        hptsdk.default_ranges(name)
    assert str(raised.value) == message
