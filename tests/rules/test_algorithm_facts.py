"""Images are recognized as first-party algorithms, and the facts about these are consistent."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest

import hptsdk
from hptsdk.rules.facts.accounts import ACCOUNTS, REPOSITORIES, algorithm_of, is_custom_image
from hptsdk.rules.facts.algorithms import algorithm_facts
from hptsdk.rules.range_values import parse_number

DATA = Path(hptsdk.__file__).parent / "rules/facts/algorithms"
ALGORITHMS = sorted(set(REPOSITORIES.values()))


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
        "kmeans:1",
        "683313688378.example.com/sagemaker-xgboost:1.7-1",
    ],
)
def test_some_images_are_neither_first_party_nor_custom_for_certain(image):
    assert algorithm_of(image) is None
    assert not is_custom_image(image)


def test_an_account_is_twelve_digits():
    assert all(len(account) == 12 and account.isdigit() for account in ACCOUNTS)


def test_each_data_file_describes_an_algorithm_that_has_a_repository():
    assert sorted(path.stem for path in DATA.glob("*.toml")) == ALGORITHMS


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_facts_about_an_algorithm_are_consistent(algorithm):
    facts = tomllib.loads((DATA / f"{algorithm}.toml").read_text())
    assert facts["tuning_page"].startswith("dg/")
    assert isinstance(facts["checked"], dt.date)
    metrics = facts.get("metrics", {})
    assert not set(metrics.get("maximize", ())) & set(metrics.get("minimize", ()))
    assert {REPOSITORIES[name] for name in facts.get("checkpoint_repositories", ())} <= {algorithm}
    for metric in algorithm_facts(algorithm).metrics:
        assert metric.partition(":")[0] in {"train", "validation", "test"}
    for fact in algorithm_facts(algorithm).hyperparameters.values():
        assert not fact.min or parse_number(fact.min) is not None
        assert not fact.max or parse_number(fact.max) > parse_number(fact.min)
        assert not (fact.required and fact.required_if)
