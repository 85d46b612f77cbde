"""The accounts of AWS that contain images for training, by repository and region, and those of AWS Marketplace.

The argument `image` is a registry path, as in `TrainingImage`. An image runs a built-in algorithm if it is in a
repository of the algorithm in one of these accounts. They are those of `image_uri_config` in aws/sagemaker-python-sdk,
read on 2026-11-27. To add a region, put it into the mappings of its repositories; most new regions have one account for
all algorithms, in `_SHARED`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from hptsdk.rules.facts.algorithms import algorithm_with_repository

# Accounts that hold several groups of algorithms, by region.
_SHARED = {
    "af-south-1": "455444449433", "ap-east-1": "286214385809", "ap-northeast-3": "867004704886",
    "ap-south-1": "991648021394", "ap-south-2": "628508329040", "ap-southeast-1": "475088953585",
    "ap-southeast-3": "951798379941", "ap-southeast-4": "106583098589", "ca-central-1": "469771592824",
    "ca-west-1": "190319476487", "cn-north-1": "390948362332", "cn-northwest-1": "387376663083",
    "eu-central-2": "680994064768", "eu-north-1": "669576153137", "eu-south-1": "257386234256",
    "eu-south-2": "104374241257", "eu-west-2": "644912444149", "eu-west-3": "749696950732",
    "il-central-1": "898809789911", "me-central-1": "272398656194", "me-south-1": "249704162688",
    "sa-east-1": "855470959533", "us-gov-east-1": "237065988967", "us-gov-west-1": "226302683700",
    "us-iso-east-1": "490574956308", "us-isob-east-1": "765400339828", "us-isof-east-1": "108575199400",
    "us-isof-south-1": "124985052026", "us-west-1": "632365934929",
}  # fmt: skip

_XGBOOST = _SHARED | {
    "af-south-1": "510948584623", "ap-east-1": "651117190479", "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698", "ap-south-1": "720646828776", "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285", "ca-central-1": "341280168497", "cn-north-1": "450853457545",
    "cn-northwest-1": "451049120500", "eu-central-1": "492215442770", "eu-north-1": "662702820516",
    "eu-south-1": "978288397137", "eu-west-1": "141502667606", "eu-west-2": "764974769150",
    "eu-west-3": "659782779980", "me-south-1": "801668240914", "sa-east-1": "737474898029",
    "us-east-1": "683313688378", "us-east-2": "257758044811", "us-gov-west-1": "414596584902",
    "us-iso-east-1": "833128469047", "us-isob-east-1": "281123927165", "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}  # fmt: skip

# Repositories of algorithms: the account of each region.
ALGORITHMS: dict[str, dict[str, str]] = {
    "blazingtext image-classification object-detection semantic-segmentation seq2seq xgboost": _SHARED | {
        "ap-northeast-1": "501404015308", "ap-northeast-2": "306986355934", "ap-southeast-2": "544295431143",
        "eu-central-1": "813361260812", "eu-west-1": "685385470294", "us-east-1": "811284229777",
        "us-east-2": "825641698319", "us-west-2": "433757028032",
    },
    "factorization-machines ipinsights kmeans knn linear-learner ntm object2vec pca randomcutforest": _SHARED | {
        "ap-northeast-1": "351501993468", "ap-northeast-2": "835164637446", "ap-southeast-2": "712309505854",
        "eu-central-1": "664544806723", "eu-west-1": "438346466558", "us-east-1": "382416733822",
        "us-east-2": "404615174143", "us-west-2": "174872318107",
    },
    "forecasting-deepar": _SHARED | {
        "ap-northeast-1": "633353088612", "ap-northeast-2": "204372634319", "ap-southeast-2": "514117268639",
        "eu-central-1": "495149712605", "eu-west-1": "224300973850", "us-east-1": "522234722520",
        "us-east-2": "566113047672", "us-west-2": "156387875391",
    },
    "lda": {
        "ap-northeast-1": "258307448986", "ap-northeast-2": "293181348795", "ap-south-1": "991648021394",
        "ap-southeast-1": "475088953585", "ap-southeast-2": "297031611018", "ca-central-1": "469771592824",
        "eu-central-1": "353608530281", "eu-west-1": "999678624901", "eu-west-2": "644912444149",
        "us-east-1": "766337827248", "us-east-2": "999911452149", "us-gov-west-1": "226302683700",
        "us-iso-east-1": "490574956308", "us-isob-east-1": "765400339828", "us-west-1": "632365934929",
        "us-west-2": "266724342769",
    },
    "sagemaker-xgboost": _XGBOOST,
}  # fmt: skip

_FRAMEWORK_REGIONS = (
    "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2",
    "us-west-1", "us-west-2",
)  # fmt: skip

# Repositories of frameworks, in the same form.
FRAMEWORKS: dict[str, dict[str, str]] = {
    "sagemaker-scikit-learn": _XGBOOST,
    (
        "autogluon-training djl-inference huggingface-pytorch-training huggingface-pytorch-training-neuronx "
        "huggingface-pytorch-trcomp-training huggingface-tensorflow-training huggingface-tensorflow-trcomp-training "
        "mxnet-training pytorch-training pytorch-training-neuron pytorch-training-neuronx pytorch-trcomp-training "
        "tensorflow-training"
    ): dict.fromkeys(_FRAMEWORK_REGIONS, "763104351884") | {
        "af-south-1": "626614931356", "ap-east-1": "871362719292", "ap-east-2": "975050140332",
        "ap-northeast-3": "364406365360", "ap-south-2": "772153158452", "ap-southeast-3": "907027046896",
        "ap-southeast-4": "457447274322", "ap-southeast-5": "550225433462", "ap-southeast-6": "633930458069",
        "ap-southeast-7": "590183813437", "ca-west-1": "204538143572", "cn-north-1": "727897471807",
        "cn-northwest-1": "727897471807", "eu-central-2": "380420809688", "eu-isoe-west-1": "371248457586",
        "eu-south-1": "692866216735", "eu-south-2": "503227376785", "eusc-de-east-1": "204133271717",
        "il-central-1": "780543022126", "me-central-1": "914824155844", "me-south-1": "217643126080",
        "mx-central-1": "637423239942", "us-gov-east-1": "446045086412", "us-gov-west-1": "442386744353",
        "us-iso-east-1": "886529160074", "us-isob-east-1": "094389454867", "us-isof-east-1": "303241398832",
        "us-isof-south-1": "454834333376",
    },
    "smdistributed-modelparallel": dict.fromkeys((*_FRAMEWORK_REGIONS, "ap-northeast-3"), "658645717510"),
    (
        "sagemaker-chainer sagemaker-mxnet sagemaker-pytorch sagemaker-rl-mxnet sagemaker-rl-tensorflow "
        "sagemaker-tensorflow sagemaker-tensorflow-scriptmode"
    ): dict.fromkeys(_FRAMEWORK_REGIONS, "520713654638") | {
        "af-south-1": "313743910680", "ap-east-1": "057415533634", "cn-north-1": "422961961927",
        "cn-northwest-1": "423003514399", "eu-south-1": "048378556238", "me-south-1": "724002660598",
        "us-gov-west-1": "246785580436", "us-iso-east-1": "744548109606", "us-isob-east-1": "453391408702",
    },
    "sagemaker-rl-coach-container sagemaker-rl-ray-container sagemaker-rl-vw-container": dict.fromkeys(
        sorted({*_FRAMEWORK_REGIONS} - {"eu-north-1", "eu-west-3", "sa-east-1"}), "462105765813"
    ),
}  # fmt: skip

# Repositories whose images can run the user's own script.
SCRIPT_REPOSITORIES = frozenset({"sagemaker-xgboost", *" ".join(FRAMEWORKS).split()})

# The accounts that hold algorithms.
ACCOUNTS = frozenset(account for accounts in ALGORITHMS.values() for account in accounts.values())

# Frameworks that need Amazon S3 during training: https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
_WITHOUT_ISOLATION = ("sagemaker-chainer", "sagemaker-rl-")

# The partition of a region and the domain of its services, by the beginning of its name.
_PARTITIONS = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
}
_COMMERCIAL = ("aws", "amazonaws.com")

# An image in Amazon ECR; its registry may have a FIPS endpoint, or one for IPv4 and IPv6.
_ADDRESS = (
    r"(?P<account>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z]+(?:-[a-z]+)+-[0-9]+)\.(?P<suffix>[a-z0-9.-]+)"
    r"/(?P<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)

# The accounts that own the algorithms of AWS Marketplace; seen in us-east-1 and us-west-2.
_MARKETPLACE = frozenset({"865070037744"})


def _account_of(image: str) -> str:
    """Return the account of an image in Amazon ECR; empty text for any other registry."""
    registry, slash, _ = image.partition("/")
    account, _, service = registry.partition(".")
    return account if slash and service.startswith(("dkr.ecr", "dkr-ecr")) else ""


def repository_of(image: str) -> str:
    """Return the repository of an image, without registry, tag and digest.

    Example:
        >>> repository_of("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1")
        'sagemaker-xgboost'
    """
    registry, slash, path = image.partition("/")
    return (path if slash else registry).partition("@")[0].partition(":")[0]


@lru_cache(maxsize=256)
def algorithm_of(image: str) -> str | None:
    """Return the built-in algorithm that an image runs.

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
    """Check whether neither the account nor the repository of an image is one of built-in algorithms.

    The image of scikit-learn is custom too. So are those of other frameworks, in which algorithms of JumpStart run.

    Example:
        >>> is_custom_image("123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1")
        True
    """
    repository = repository_of(image)
    if repository == "sagemaker-scikit-learn":  # is in the same accounts and runs the user's own code
        return True
    return _account_of(image) not in ACCOUNTS and algorithm_with_repository(repository) is None


def is_from_marketplace(arn: str) -> bool:
    """Check whether the account in an algorithm's ARN is known to own algorithms of AWS Marketplace.

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
    return _partition_and_domain(region)[1]


def partition_of(region: str) -> str:
    """Return the partition of a region, such as `aws`.

    Args:
        region: the name of a region, known or unknown.

    Example:
        >>> partition_of("cn-north-1")
        'aws-cn'
    """
    return _partition_and_domain(region)[0]


@lru_cache(maxsize=256)
def _partition_and_domain(region: str) -> tuple[str, str]:
    return next((value for start, value in _PARTITIONS.items() if region.startswith(start)), _COMMERCIAL)


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
    """Check whether AWS documents that an image of a framework does not support network isolation."""
    address = address_of(image)
    if address is None or not address["repository"].startswith(_WITHOUT_ISOLATION):
        return False
    return account_for(address["repository"], address["region"]) == address["account"]
