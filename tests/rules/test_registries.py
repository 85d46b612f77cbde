"""The addresses of images, and the accounts of AWS by region."""

import re

import pytest

from hptsdk.rules.facts.accounts import (
    ALGORITHMS,
    FRAMEWORKS,
    account_for,
    address_of,
    dns_suffix,
    lacks_network_isolation,
    regions_of,
)

GROUPS = {**ALGORITHMS, **FRAMEWORKS}
OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com"


@pytest.mark.parametrize("repositories", GROUPS)
def test_each_region_has_an_account_of_twelve_digits(repositories):
    for region, account in GROUPS[repositories].items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+-\d", region)
        assert re.fullmatch(r"\d{12}", account)


def test_no_repository_is_in_two_groups():
    names = " ".join(GROUPS).split()
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    "image",
    [
        f"{OWN}/mine",
        f"{OWN}/mine:1",
        f"{OWN}/mine@sha256:{'a' * 64}",
        f"{OWN}/mine:latest@sha256:{'a' * 64}",
        f"{OWN}/team/my_image.of-team__2:v1.0_A-b",
        "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/mine",
        "123456789012.dkr-ecr.us-east-1.on.aws/mine",
        "490574956308.dkr.ecr.us-iso-east-1.c2s.ic.gov/kmeans:1",
    ],
)
def test_an_address_in_ecr_is_parsed(image):
    account, region, suffix, repository = address_of(image).groups()
    assert image.startswith(account)
    assert f".{region}.{suffix}/{repository}" in image


@pytest.mark.parametrize(
    "image",
    [
        "",
        "mine",
        f"https://{OWN}/mine",
        f" {OWN}/mine",
        f"{OWN}/mine\n",
        f"{OWN}/",
        f"{OWN}/Mine",
        f"{OWN}/mine:",
        f"{OWN}/mine:{'a' * 129}",
        f"{OWN}/mine@sha256",
        f"1{OWN}/mine",
        f"{OWN.replace('us-east-1', 'us-east')}/mine",
        "<ACCOUNT_ID>.dkr.ecr.us-east-1.amazonaws.com/mine",
    ],
)
def test_another_address_is_not(image):
    assert address_of(image) is None


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-east-1", "amazonaws.com"),
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-northwest-1", "amazonaws.com.cn"),
        ("us-iso-east-1", "c2s.ic.gov"),
        ("us-isob-east-1", "sc2s.sgov.gov"),
        ("eusc-de-east-1", "amazonaws.eu"),
        ("xx-new-1", "amazonaws.com"),
    ],
)
def test_a_region_has_the_domain_of_its_partition(region, suffix):
    assert dns_suffix(region) == suffix


def test_the_accounts_of_a_repository_and_the_regions_of_an_account_agree():
    for repositories, accounts in GROUPS.items():
        for region, account in accounts.items():
            assert region in regions_of(account)
            assert {account_for(name, region) for name in repositories.split()} == {account}


def test_another_account_has_no_regions_and_another_repository_no_account():
    assert regions_of("123456789012") == frozenset()
    assert account_for("mine", "us-east-1") is None
    assert account_for("kmeans", "xx-new-1") is None


@pytest.mark.parametrize(
    ("image", "lacks"),
    [
        ("520713654638.dkr.ecr.us-east-1.amazonaws.com/sagemaker-chainer:5.0.0-cpu-py3", True),
        ("462105765813.dkr.ecr.us-east-1.amazonaws.com/sagemaker-rl-ray-container:ray-1.6.0-cpu-py37", True),
        ("520713654638.dkr.ecr.us-east-1.amazonaws.com/sagemaker-pytorch:1.1.0-cpu-py3", False),
        (f"{OWN}/sagemaker-chainer:1", False),
        ("999999999999.dkr.ecr.us-east-1.amazonaws.com/sagemaker-chainer:1", False),
        ("sagemaker-chainer:1", False),
    ],
)
def test_images_of_some_frameworks_need_the_network(image, lacks):
    assert lacks_network_isolation(image) is lacks
