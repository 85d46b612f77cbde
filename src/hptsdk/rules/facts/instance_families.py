"""Facts about instance families: storage, GPUs, sizes and UltraServers; and the known instance types.

Functions take any instance type, known or unknown, such as `"ml.m5.xlarge"`. A new family must not violate a rule only
because it is new. So `is_ebs_only` and `lacks_ultraserver` are true for known families and types only. To add a family,
put it into `EBS_ONLY`, or with the sizes of its storage into `LOCAL`.

See https://docs.aws.amazon.com/ec2/latest/instancetypes/.
"""

from __future__ import annotations

import re
from functools import cache
from typing import get_args

from hptsdk.instance_types import TrainingInstanceType

# Families without an instance store: https://docs.aws.amazon.com/ec2/latest/instancetypes/ (pages gp, co and mo);
# p2 and p3, removed from there: https://aws.amazon.com/ec2/instance-types/p3/, and p2 in API_ResourceConfig.
EBS_ONLY = frozenset({
    "t3", "m4", "m5", "m6i", "m7i", "m7i-flex", "m8i", "m8i-flex",
    "c4", "c5", "c5n", "c6i", "c7i", "c7i-flex", "c8i", "c8i-flex",
    "r5", "r6i", "r7i", "r8i", "r8i-flex",
    "p2", "p3",
})  # fmt: skip

# GB of local storage by size, all disks together, as EC2's DescribeInstanceTypes returns it (listed in
# https://karpenter.sh/docs/reference/instance-types/), or the higher value of a page of EC2 that rounds up.
LOCAL: dict[str, dict[str, int]] = {
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html
    "m5d": {
        "large": 75, "xlarge": 150, "2xlarge": 300, "4xlarge": 600, "8xlarge": 1200, "12xlarge": 1800,
        "16xlarge": 2400, "24xlarge": 3600,
    },
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html
    "c5d": {
        "large": 50, "xlarge": 100, "2xlarge": 200, "4xlarge": 400, "9xlarge": 900, "12xlarge": 1800,
        "18xlarge": 1800, "24xlarge": 3600,
    },
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html
    "r5d": {
        "large": 75, "xlarge": 150, "2xlarge": 300, "4xlarge": 600, "8xlarge": 1200, "12xlarge": 1800,
        "16xlarge": 2400, "24xlarge": 3600,
    },
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
    "g4dn": {"xlarge": 125, "2xlarge": 225, "4xlarge": 225, "8xlarge": 900, "12xlarge": 900, "16xlarge": 900},
    "g5": {
        "xlarge": 250, "2xlarge": 450, "4xlarge": 600, "8xlarge": 900, "12xlarge": 3800, "16xlarge": 1900,
        "24xlarge": 3800, "48xlarge": 7600,
    },
    "g6": {
        "xlarge": 250, "2xlarge": 450, "4xlarge": 600, "8xlarge": 900, "12xlarge": 3760, "16xlarge": 1880,
        "24xlarge": 3760, "48xlarge": 7520,
    },
    "g6e": {
        "xlarge": 250, "2xlarge": 450, "4xlarge": 600, "8xlarge": 900, "12xlarge": 3800, "16xlarge": 1900,
        "24xlarge": 3800, "48xlarge": 7600,
    },
    "g7": {"2xlarge": 440, "4xlarge": 875, "8xlarge": 930, "12xlarge": 1900, "24xlarge": 3800, "48xlarge": 7600},
    "g7e": {
        "2xlarge": 1900, "4xlarge": 1900, "8xlarge": 1900, "12xlarge": 3800, "24xlarge": 7600, "48xlarge": 15200,
    },
    # EC2's pages say 3.84 TB a disk (p5, p6), 1.92 TB (trn2) and 475 GB (trn1), its API 3800, 1900 and 474
    "p3dn": {"24xlarge": 1800},
    "p4d": {"24xlarge": 8000},
    "p4de": {"24xlarge": 8000},
    "p5": {"4xlarge": 3840, "48xlarge": 30720},
    "p5e": {"48xlarge": 30720},
    "p5en": {"48xlarge": 30720},
    "p6-b200": {"48xlarge": 30720},
    "p6-b300": {"48xlarge": 30720},
    # 3 disks of 7.5 TB: https://aws.amazon.com/ec2/instance-types/p6/
    "p6e-gb200": {"36xlarge": 22500},
    "trn1": {"2xlarge": 475, "32xlarge": 7600},
    "trn1n": {"32xlarge": 7600},
    "trn2": {"48xlarge": 7680},
}  # fmt: skip

# https://aws.amazon.com/ec2/ultraservers/: P6e-GB200, and Trn2, whose UltraServers may have the plain instance type.
_ULTRASERVERS = frozenset({"p6e-gb200", "trn2"})

# EC2's letter for disks after the generation (m6id, r7gd), and the families for storage (i3, i4i, im4gn, is4gen).
_NAMED_FOR_DISKS = r"(?a)[a-z]+\d+[a-z]*d[a-z]*|i[ms]?\d+[a-z]*"


# GiB of memory for each vCPU of families whose type with the size `4xlarge` has 16 vCPUs, `9xlarge` has 36, and so on:
# https://docs.aws.amazon.com/ec2/latest/instancetypes/ (pages gp, co, mo and ac), and for p3
# https://aws.amazon.com/ec2/instance-types/p3/
_GIB_PER_VCPU: dict[str, float] = {
    "m5": 4, "m6i": 4, "m7i": 4, "m7i-flex": 4, "g4dn": 4, "g5": 4, "c5": 2, "c6i": 2, "r5": 8, "r5d": 8, "r6i": 8,
    "p3": 7.625, "p3dn": 8, "p4d": 12, "p4de": 12,
}  # fmt: skip

_SIZE = re.compile("large|([0-9]*)xlarge")


def family(instance_type: str) -> str:
    """Return the family of an instance type.

    Example:
        >>> family("ml.m5.xlarge")
        'm5'
    """
    return instance_type.removeprefix("ml.").partition(".")[0]


def is_ebs_only(instance_type: str) -> bool:
    """Check whether an instance type is known to have no local storage.

    Returns:
        True if its family is in `EBS_ONLY`; False for types with local storage and for unknown families.

    Example:
        >>> is_ebs_only("ml.m5.xlarge"), is_ebs_only("ml.m99.xlarge")
        (True, False)
    """
    return family(instance_type) in EBS_ONLY


def has_local_storage(instance_type: str) -> bool:
    """Check whether an instance type has local storage by its facts or by its name.

    Example:
        >>> has_local_storage("ml.g5.xlarge")
        True
    """
    name = family(instance_type)
    return name in LOCAL or re.fullmatch(_NAMED_FOR_DISKS, name) is not None


def has_gpu(instance_type: str) -> bool | None:
    """Check whether an instance type has a GPU, by the letter of its family.

    Returns:
        Whether it has one; None for families with other accelerators or an unknown letter.

    Example:
        >>> has_gpu("ml.g5.xlarge"), has_gpu("ml.m5.xlarge"), has_gpu("ml.trn1.2xlarge")
        (True, False, None)
    """
    match = re.match(r"(gr?|p|[cmrt])[0-9]", family(instance_type))
    return None if match is None else match[1] in ("g", "gr", "p")


def local_gb(instance_type: str) -> int | None:
    """Return the size of the local storage of an instance type in GB, all disks together.

    Returns:
        The size; None if the type has no local storage or the size is not known.

    Example:
        >>> local_gb("ml.g5.xlarge")
        250
    """
    sizes = LOCAL.get(family(instance_type))
    return None if sizes is None else sizes.get(instance_type.rpartition(".")[2])


def instance_size(instance_type: str) -> tuple[int, float] | None:
    """Return the number of vCPUs of an instance type, and its memory in GiB.

    Returns:
        The numbers; None if they are not known.

    Example:
        >>> instance_size("ml.m5.xlarge")
        (4, 16.0)
    """
    per_vcpu = _GIB_PER_VCPU.get(family(instance_type))
    size = _SIZE.fullmatch(instance_type.rpartition(".")[2])
    if per_vcpu is None or size is None:
        return None
    count = 2 if size[1] is None else 4 * int(size[1] or 1)
    return count, float(count * per_vcpu)


def lacks_ultraserver(instance_type: str) -> bool:
    """Check whether a known instance type is not offered by any UltraServer.

    Returns:
        False for a type that an UltraServer offers and for an unknown type, which may be a new one.
    """
    return is_known(instance_type) and family(instance_type) not in _ULTRASERVERS


def is_known(instance_type: str) -> bool:
    """Check whether AWS lists an instance type for training jobs.

    Returns:
        True if it is a value of `hptsdk.instance_types.TrainingInstanceType` in this version of hptsdk.
    """
    return instance_type in _known_types()


def nearest_known_type(instance_type: str) -> str | None:
    """Return the known type that differs from an unknown one by one character, or by two exchanged.

    The result is None if there is none, or if the type differs from a known one by its numbers only, because it may be
    a new generation or size. Of several, one of the same family is preferred.

    Args:
        instance_type: an instance type for which `is_known` is false.

    Example:
        >>> nearest_known_type("ml.m5.xlargee")
        'ml.m5.xlarge'
    """
    if _without_numbers(instance_type) in _forms():
        return None
    near = [known for known in _known_types() if _is_one_letter_apart(instance_type, known)]
    return min(near, key=lambda known: family(known) != family(instance_type), default=None)


def _is_one_letter_apart(one: str, other: str) -> bool:
    start = _common_prefix_length(one, other)
    end = _common_prefix_length(one[start:][::-1], other[start:][::-1])
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) == 1 or left == right[::-1]


def _common_prefix_length(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))


@cache
def _known_types() -> dict[str, None]:
    names, _ = get_args(get_args(TrainingInstanceType)[0])
    return dict.fromkeys(get_args(names))


@cache
def _forms() -> frozenset[str]:
    return frozenset(map(_without_numbers, _known_types()))


def _without_numbers(instance_type: str) -> str:
    return re.sub(r"\d+", "0", instance_type)
