"""The comparison of accounts, with small tables in the forms that the SageMaker SDK uses."""

import compare
import pytest

ACCOUNT, NEW = "382416733822", "123456789012"
KMEANS = {"registries": {"us-east-1": ACCOUNT}, "repository": "kmeans"}
FORMS = {
    "a scope": {"scope": ["inference", "training"], "versions": {"1": KMEANS}},
    "a part for each use": {"training": {"versions": {"1": KMEANS}}, "inference": {"versions": {"1": KMEANS}}},
    "frameworks": {"training": {"versions": {"4": {"version_aliases": {}, "pytorch1.6": KMEANS}}}},
}
OTHERS = {
    "another scope": {"scope": ["inference"], "versions": {"1": KMEANS}},
    "another use": {"processing": {"versions": {"1": KMEANS}}},
    "no images": {"us-east-1": {"ml.p3.2xlarge": {"Count": 1}}},
}


@pytest.mark.parametrize("table", FORMS.values(), ids=FORMS)
def test_the_images_for_training_are_read(table):
    assert list(compare.training_images(table)) == [compare.Image("kmeans", "us-east-1", ACCOUNT)]


@pytest.mark.parametrize("table", OTHERS.values(), ids=OTHERS)
def test_other_tables_have_no_images_for_training(table):
    assert list(compare.training_images(table)) == []


@pytest.mark.parametrize(
    ("repository", "account", "expected"),
    [
        ("kmeans", ACCOUNT, False),
        ("kmeans", NEW, True),
        ("kmeans-next", ACCOUNT, True),
        ("pytorch-training", NEW, False),
        ("sagemaker-scikit-learn", ACCOUNT, False),
    ],
)
def test_new_are_accounts_of_known_repositories_and_repositories_of_known_accounts(repository, account, expected):
    assert compare.is_new(compare.Image(repository, "us-east-1", account)) is expected


def test_the_repositories_of_a_new_account_are_in_one_line():
    images = [compare.Image(name, "xx-new-1", NEW) for name in ("pca", "kmeans", "kmeans")]
    new, missing = compare.report(images)
    assert new == [f"xx-new-1: account {NEW} has kmeans, pca"]
    assert ACCOUNT in missing


def test_a_region_of_china_has_its_own_domain():
    assert compare.Image("kmeans", "cn-north-1", NEW).path == f"{NEW}.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1"
