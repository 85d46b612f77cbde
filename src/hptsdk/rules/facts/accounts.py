"""The AWS accounts that own built-in algorithms: registries of images, and AWS Marketplace.

An image runs a built-in algorithm if it is in a repository of the algorithm in one of AWS's registry accounts;
`hptsdk.rules.facts.registries` has these accounts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from hptsdk.rules.facts.algorithms import algorithm_with_repository
from hptsdk.rules.facts.registries import ALGORITHMS, FRAMEWORKS

__all__ = [
    "ACCOUNTS",
    "account_for",
    "address_of",
    "algorithm_of",
    "dns_suffix",
    "is_custom_image",
    "is_from_marketplace",
    "lacks_network_isolation",
    "regions_of",
    "repository_of",
]

# The accounts that hold algorithms.
ACCOUNTS = frozenset(account for accounts in ALGORITHMS.values() for account in accounts.values())

# Repositories in the same accounts whose images run the user's own code.
_FRAMEWORKS = frozenset({"sagemaker-scikit-learn"})

# Frameworks that need Amazon S3 during training: https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
_WITHOUT_ISOLATION = ("sagemaker-chainer", "sagemaker-rl-")

# Domains of the regions that do not have amazonaws.com, by the beginning of their names.
_DNS_SUFFIXES = {
    "cn-": "amazonaws.com.cn",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "eusc-": "amazonaws.eu",
}

# An image in Amazon ECR; its registry may have a FIPS endpoint, or one for IPv4 and IPv6.
_ADDRESS = (
    r"(?P<account>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z]+(?:-[a-z]+)+-[0-9]+)\.(?P<suffix>[a-z0-9.-]+)"
    r"/(?P<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)

# The accounts that own the algorithms of AWS Marketplace; seen in us-east-1 and us-west-2.
_MARKETPLACE = frozenset({"865070037744"})


def _account_of(image: str) -> str:
    """Return the account of an image in Amazon ECR, empty text for any other registry."""
    registry, slash, _ = image.partition("/")
    account, _, service = registry.partition(".")
    return account if slash and service.startswith("dkr.ecr") else ""


def repository_of(image: str) -> str:
    """Return the repository of an image, without registry, tag and digest.

    Args:
        image: the registry path of an image, as in `TrainingImage`.

    Example:
        >>> repository_of("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1")
        'sagemaker-xgboost'
    """
    registry, slash, path = image.partition("/")
    return (path if slash else registry).partition("@")[0].partition(":")[0]


@lru_cache(maxsize=256)
def algorithm_of(image: str) -> str | None:
    """Return the built-in algorithm that an image runs.

    Args:
        image: the registry path of an image, as in `TrainingImage`.

    Returns:
        The name of the algorithm's data file in `hptsdk.rules.facts.algorithms`; None if the image is custom, or if it
        is not certain which algorithm it runs.

    Example:
        >>> algorithm_of("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1")
        'xgboost'
    """
    return algorithm_with_repository(repository_of(image)) if _account_of(image) in ACCOUNTS else None


@lru_cache(maxsize=256)
def is_custom_image(image: str) -> bool:
    """Check whether an image certainly runs no built-in algorithm, known or new.

    Args:
        image: the registry path of an image, as in `TrainingImage`.

    Example:
        >>> is_custom_image("123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1")
        True
    """
    repository = repository_of(image)
    if repository in _FRAMEWORKS:
        return True
    return _account_of(image) not in ACCOUNTS and algorithm_with_repository(repository) is None


def is_from_marketplace(arn: str) -> bool:
    """Check whether the account in an algorithm's ARN owns algorithms of AWS Marketplace.

    Args:
        arn: the ARN of an algorithm; a plain name is not from AWS Marketplace.

    Example:
        >>> is_from_marketplace("arn:aws:sagemaker:us-east-1:123456789012:algorithm/mine")
        False
    """
    parts = arn.split(":")
    return parts[0] == "arn" and len(parts) > 4 and parts[4] in _MARKETPLACE


@lru_cache(maxsize=256)
def address_of(image: str) -> re.Match[str] | None:
    """Parse the address of an image in Amazon ECR.

    Args:
        image: the registry path of an image, as in `TrainingImage`.

    Returns:
        A match with the groups `account`, `region`, `suffix` and `repository`; None if the address does not have the
        documented form.

    Example:
        >>> address_of("123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1")["region"]
        'us-east-1'
    """
    return re.fullmatch(_ADDRESS, image)


def dns_suffix(region: str) -> str:
    """Return the domain of the services of a region.

    Args:
        region: the name of a region, known or unknown.

    Example:
        >>> dns_suffix("cn-north-1")
        'amazonaws.com.cn'
    """
    suffixes = (suffix for start, suffix in _DNS_SUFFIXES.items() if region.startswith(start))
    return next(suffixes, "amazonaws.com")


@cache
def _accounts_by_repository() -> dict[str, dict[str, str]]:
    groups = {**ALGORITHMS, **FRAMEWORKS}
    return {name: accounts for names, accounts in groups.items() for name in names.split()}


@lru_cache(maxsize=256)
def regions_of(account: str) -> frozenset[str]:
    """Return the regions in which an account of AWS holds images for training; none for any other account.

    Args:
        account: the id of an account, 12 digits.

    Example:
        >>> sorted(regions_of("683313688378"))
        ['us-east-1']
    """
    groups = _accounts_by_repository().values()
    return frozenset(region for accounts in groups for region, owner in accounts.items() if owner == account)


def account_for(repository: str, region: str) -> str | None:
    """Return the account of AWS that holds a repository in a region; None if it is not known.

    Args:
        repository: the name of a repository, such as `"sagemaker-xgboost"`.
        region: the name of a region.

    Example:
        >>> account_for("sagemaker-xgboost", "us-east-1")
        '683313688378'
    """
    return _accounts_by_repository().get(repository, {}).get(region)


def lacks_network_isolation(image: str) -> bool:
    """Check whether AWS documents that an image of a framework does not support network isolation.

    Args:
        image: the registry path of an image, as in `TrainingImage`.
    """
    address = address_of(image)
    if address is None or not address["repository"].startswith(_WITHOUT_ISOLATION):
        return False
    return account_for(address["repository"], address["region"]) == address["account"]
