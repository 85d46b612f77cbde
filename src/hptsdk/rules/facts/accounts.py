"""The AWS accounts that own first-party algorithms: registries of images, and AWS Marketplace.

An image is first-party if one of AWS's registry accounts holds it in the repository of an algorithm. The accounts are
those of `image_uri_config` in aws/sagemaker-python-sdk. To add a region, put its account into `_SHARED`.
"""

from __future__ import annotations

from functools import lru_cache

__all__ = ["ACCOUNTS", "REPOSITORIES", "algorithm_of", "is_custom_image", "is_from_marketplace", "repository_of"]

# Repositories of algorithms, and the accounts that hold exactly these, each in one older region.
_REGISTRIES = {
    "blazingtext image-classification object-detection semantic-segmentation seq2seq xgboost": (
        "811284229777 825641698319 632365934929 433757028032 501404015308 306986355934 544295431143 813361260812 "
        "685385470294"
    ),
    "factorization-machines ipinsights kmeans knn linear-learner ntm object2vec pca randomcutforest": (
        "382416733822 404615174143 174872318107 351501993468 835164637446 712309505854 664544806723 438346466558"
    ),
    "forecasting-deepar": (
        "522234722520 566113047672 156387875391 633353088612 204372634319 514117268639 495149712605 224300973850"
    ),
    "lda": "766337827248 999911452149 266724342769 258307448986 293181348795 297031611018 353608530281 999678624901",
    "sagemaker-xgboost": (
        "683313688378 257758044811 746614075791 246618743249 510948584623 651117190479 354813040037 366743142698 "
        "720646828776 121021644041 783357654285 341280168497 450853457545 451049120500 492215442770 662702820516 "
        "978288397137 141502667606 764974769150 659782779980 801668240914 737474898029 414596584902 833128469047 "
        "281123927165"
    ),
}

# Accounts that hold several of these groups, each in one region.
_SHARED = (
    "455444449433 286214385809 867004704886 991648021394 628508329040 475088953585 951798379941 106583098589 "
    "469771592824 190319476487 390948362332 387376663083 680994064768 669576153137 257386234256 104374241257 "
    "644912444149 749696950732 898809789911 272398656194 249704162688 855470959533 237065988967 226302683700 "
    "490574956308 765400339828 108575199400 124985052026"
)

ACCOUNTS = frozenset(" ".join([*_REGISTRIES.values(), _SHARED]).split())

# The algorithm of each repository.
REPOSITORIES = {name: name.removeprefix("sagemaker-") for name in " ".join(_REGISTRIES).split()}

# Repositories in the same accounts whose images run the user's own code.
_FRAMEWORKS = frozenset({"sagemaker-scikit-learn"})

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
    """Return the first-party algorithm that an image runs.

    Args:
        image: the registry path of an image, as in `TrainingImage`.

    Returns:
        The name of the algorithm's data file in `hptsdk.rules.facts.algorithms`; None if the image is custom, or if it
        is not certain which algorithm it runs.

    Example:
        >>> algorithm_of("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1")
        'xgboost'
    """
    return REPOSITORIES.get(repository_of(image)) if _account_of(image) in ACCOUNTS else None


@lru_cache(maxsize=256)
def is_custom_image(image: str) -> bool:
    """Check whether an image certainly runs no first-party algorithm, known or new.

    Args:
        image: the registry path of an image, as in `TrainingImage`.

    Example:
        >>> is_custom_image("123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1")
        True
    """
    repository = repository_of(image)
    return repository in _FRAMEWORKS or (_account_of(image) not in ACCOUNTS and repository not in REPOSITORIES)


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
