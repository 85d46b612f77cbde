"""Images are recognized as built-in algorithms, and the facts about these are those of their files."""

import pickle
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

import hptsdk
from hptsdk import schema, shapes
from hptsdk.rules.facts import algorithms
from hptsdk.rules.facts.accounts import ACCOUNTS, ALGORITHMS, algorithm_of, is_custom_image
from hptsdk.rules.facts.algorithms import algorithm_with_source


@pytest.mark.parametrize(
    ("image", "algorithm"),
    [
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1", "xgboost"),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.0-1-cpu-py3", "xgboost"),
        ("433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:latest", "xgboost"),
        ("433757028032.dkr.ecr.us-west-2.amazonaws.com/image-classification", "image-classification"),
        (f"174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans@sha256:{'0' * 64}", "kmeans"),
        ("390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/linear-learner:1", "linear-learner"),
        ("226302683700.dkr.ecr-fips.us-gov-west-1.amazonaws.com/pca:1", "pca"),
        ("683313688378.dkr-ecr.us-east-1.on.aws/sagemaker-xgboost:1.7-1", "xgboost"),
    ],
)
def test_an_algorithm_in_an_account_of_aws_is_first_party(image, algorithm):
    assert algorithm_of(image) == algorithm
    assert not is_custom_image(image)


@pytest.mark.parametrize(
    "image",
    [
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/xgboost:1",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/lightgbm:1",
        "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:2.1-gpu-py310",
        "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        "registry.example.com:5000/mine",
        "mine",
    ],
)
def test_other_images_are_custom(image):
    assert algorithm_of(image) is None
    assert is_custom_image(image)


@pytest.mark.parametrize(
    "image",
    [
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/xgboost:1",
        "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-something-new:1",
        # the names of algorithms, but not of their repositories
        "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-kmeans:1",
        "683313688378.dkr.ecr.us-east-1.amazonaws.com/lightgbm:1",
        "kmeans:1",
        "683313688378.example.com/sagemaker-xgboost:1.7-1",
    ],
)
def test_some_images_are_neither_first_party_nor_custom_for_certain(image):
    assert algorithm_of(image) is None
    assert not is_custom_image(image)


def test_an_account_is_twelve_digits():
    assert all(len(account) == 12 and account.isdigit() for account in ACCOUNTS)


def test_each_repository_of_an_account_belongs_to_an_algorithm():
    named = {repository: facts.name for facts in schema.algorithms() for repository in facts.repositories}
    image = f"{min(ACCOUNTS)}.dkr.ecr.us-east-1.amazonaws.com"
    assert {repository: algorithm_of(f"{image}/{repository}:1") for repository in named} == named
    assert sorted(named) == sorted(" ".join(ALGORITHMS).split())


def test_the_facts_about_an_image_are_those_of_its_algorithm():
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    assert schema.algorithm_of(image) in schema.algorithms()
    assert schema.algorithm_of(image).name == "xgboost"


@pytest.mark.parametrize(
    "image",
    [
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:2.1-gpu-py310",
        "",
    ],
)
def test_an_image_of_no_algorithm_has_no_facts(image):
    assert schema.algorithm_of(image) is None


SCRIPT = "source-directory-tarballs/lightgbm/transfer_learning/regression/v2.1.3/sourcedir.tar.gz"


@pytest.mark.parametrize("region", ["us-east-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1"])
def test_the_scripts_of_jumpstart_are_recognized_in_the_bucket_of_each_region(region):
    assert algorithm_with_source(f"s3://jumpstart-cache-prod-{region}/{SCRIPT}") == "lightgbm"


@pytest.mark.parametrize(
    "address",
    [
        f"s3://amzn-s3-demo-bucket/{SCRIPT}",
        f"s3://jumpstart-cache-prod-us-east-1-mine/{SCRIPT}",
        f"s3://mine-jumpstart-cache-prod-us-east-1/{SCRIPT}",
        f"s3://jumpstart-private-cache-prod-us-east-1/{SCRIPT}",
        f"s3://mine/s3://jumpstart-cache-prod-us-east-1/{SCRIPT}",
        f"s3://jumpstart-cache-prod-us-east-1/old/{SCRIPT}",
        f"s3://jumpstart-cache-prod-us-east-1/{SCRIPT.replace('transfer_learning', 'inference')}",
        f"s3://jumpstart-cache-prod-us-east-1/{SCRIPT.replace('lightgbm', 'sklearn')}",
        "s3://jumpstart-cache-prod-us-east-1/source-directory-tarballs/",
        "",
    ],
)
def test_other_scripts_are_of_no_algorithm(address):
    assert algorithm_with_source(address) is None


def test_no_script_is_of_two_algorithms():
    folders = [(prefix, facts.name) for facts in schema.algorithms() for prefix in facts.source_prefixes]
    recognized = {
        prefix: algorithm_with_source(f"s3://jumpstart-cache-prod-us-east-1/source-directory-tarballs/{prefix}x")
        for prefix, _ in folders
    }
    assert recognized == dict(folders)


@pytest.mark.parametrize(
    "name", ["xgboost", "sagemaker-xgboost", "K-Means", "DeepAR", "seq-2-seq", "Random Cut Forest", "k-NN"]
)
def test_the_name_of_a_built_in_algorithm_is_recognized_in_any_spelling(name):
    specification = shapes.HyperParameterAlgorithmSpecification(
        training_input_mode="File", algorithm_name=name.replace(" ", "-")
    )
    assert [advice.rule for advice in hptsdk.advise(specification)] == ["algorithm-name-is-a-resource"]


def test_each_file_is_an_algorithm_and_they_are_sorted_by_name():
    files = Path(algorithms.__file__).parent.glob("*.json")
    assert [facts.name for facts in schema.algorithms()] == sorted(file.stem for file in files) != []


def test_facts_can_be_hashed_and_pickled():
    for facts in schema.algorithms():
        copied = pickle.loads(pickle.dumps(facts))  # noqa: S301 - written here
        assert copied == facts
        assert hash(copied) == hash(facts)


def test_facts_cannot_be_changed():
    facts = schema.algorithms()[0]
    with pytest.raises(AttributeError):
        facts.title = "other"
    with pytest.raises(TypeError):
        facts.channels["other"] = None


def test_a_hyperparameter_has_the_facts_of_the_file():
    xgboost = hyperparameters_of("xgboost")
    assert attrs.asdict(xgboost["tweedie_variance_power"], recurse=False) == {
        **attrs.asdict(schema.Hyperparameter(name="tweedie_variance_power"), recurse=False),
        "type": "float",
        "min": "1",
        "max": "2",
        "min_excluded": True,
        "max_excluded": True,
        "default": "1.5",
        "only_if": {"objective": ("reg:tweedie",)},
    }
    assert xgboost["num_class"].required_if == {"objective": ("multi:softmax", "multi:softprob")}
    assert xgboost["eta"].aliases == ("learning_rate",)
    assert (xgboost["eta"].range, xgboost["eta"].scaling) == ("Continuous", "Linear")


def test_a_number_is_text_as_in_the_file():
    assert hyperparameters_of("linear-learner")["l1"].recommended == ("1e-7", "1")


def test_the_other_facts_are_those_of_the_file():
    xgboost = next(facts for facts in schema.algorithms() if facts.name == "xgboost")
    assert not xgboost.metrics["train:aucpr"].objective
    assert attrs.evolve(xgboost.metrics["validation:merror"], regex=None) == schema.Metric(
        name="validation:merror", direction="Minimize", channel="validation", only_if={"objective": ("multi:*",)}
    )
    assert xgboost.channels["validation"] == schema.AlgorithmChannel(
        name="validation", required_by=("early_stopping_rounds",)
    )
    assert xgboost.content_types["application/x-parquet"] == schema.ContentType(
        name="application/x-parquet", input_modes=("File", "Pipe")
    )
    assert xgboost.instances == schema.Instances(
        gpu="optional",
        gpu_since="1.2",
        gpu_if={"predictor": ("gpu_predictor",), "tree_method": ("gpu_hist",), "use_dask_gpu_training": ("true",)},
    )
    assert xgboost.tuning_page == "https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost-tuning.html"
    assert repr(xgboost) == "Algorithm(name='xgboost')"


def test_an_algorithm_without_a_tuning_page_has_no_tunable_hyperparameters():
    pca = next(facts for facts in schema.algorithms() if facts.name == "pca")
    assert (pca.tuning_page, pca.tunable) == (None, {})


def test_facts_are_read_when_they_are_first_used():
    module = "hptsdk.rules.facts.algorithms.model"
    code = f"import sys, hptsdk; hptsdk.shapes.ParameterRanges(); print({module!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert done.stdout == "False\n"


def hyperparameters_of(name):
    return next(facts for facts in schema.algorithms() if facts.name == name).hyperparameters
