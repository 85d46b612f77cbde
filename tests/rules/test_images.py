"""Which images are taken for first-party algorithms, and that what is known of these hangs together."""

import pytest

from hptsdk.rules.facts import accounts
from hptsdk.rules.facts.accounts import (
    algorithm_of,
    is_custom_image,
    metrics_of,
    page_of,
    required_of,
    saves_checkpoints,
    tunable_of,
)
from hptsdk.rules.range_values import parse_number

ALGORITHMS = sorted(accounts._ALGORITHMS)


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
def test_an_algorithm_in_an_account_of_aws_is_known(image, algorithm):
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
def test_of_some_images_nothing_is_certain(image):
    assert algorithm_of(image) is None
    assert not is_custom_image(image)


def test_old_xgboost_saves_no_checkpoints():
    assert saves_checkpoints("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:0.90-1-cpu-py3")
    assert not saves_checkpoints("811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1")


def test_accounts_are_accounts():
    assert all(len(account) == 12 and account.isdigit() for account in accounts._ACCOUNTS)


def test_each_repository_has_a_described_algorithm():
    assert set(accounts._REPOSITORIES.values()) == set(ALGORITHMS)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_is_known_of_an_algorithm_is_well_formed(algorithm):
    assert page_of(algorithm).startswith("https://docs.aws.amazon.com/sagemaker/latest/dg/")
    for metric in metrics_of(algorithm) or ():
        assert metric.partition(":")[0] in {"train", "validation", "test"}
    known = accounts._ALGORITHMS[algorithm]
    assert not set(known.maximize.split()) & set(known.minimize.split())
    for low, high in (tunable_of(algorithm) or {}).values():
        assert not low or parse_number(low) is not None
        assert not high or parse_number(high) > parse_number(low)
    always, if_another = required_of(algorithm)
    assert not set(always) & set(if_another)


def test_an_unknown_algorithm_has_no_metrics():
    assert metrics_of("new") is None
    assert metrics_of("pca") is None
