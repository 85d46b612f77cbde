"""The facts about instance families cover each known type once."""

from typing import get_args

import pytest

from hptsdk.instance_types import TrainingInstanceType
from hptsdk.rules.facts.instance_families import (
    EBS_ONLY,
    LOCAL,
    family,
    has_gpu,
    has_local_storage,
    lacks_ultraserver,
    local_gb,
    nearest_known_type,
)

TYPES = get_args(get_args(get_args(TrainingInstanceType)[0])[0])
FAMILIES = sorted({family(name) for name in TYPES})


def test_the_known_types_include_usual_ones():
    assert "ml.m5.xlarge" in TYPES
    assert len(TYPES) > 200


def test_a_family_has_local_storage_or_only_ebs():
    assert [name for name in FAMILIES if (name in EBS_ONLY) is (name in LOCAL)] == []


def test_each_known_type_of_a_family_with_local_storage_has_a_size():
    assert [name for name in TYPES if family(name) in LOCAL and (local_gb(name) or 0) < 50] == []


def test_a_type_of_unusual_form_is_unknown():
    assert local_gb("ml.u-p6e-gb200x72") is None
    assert local_gb("ml.g5.metal") is None
    assert not lacks_ultraserver("ml.u-p6e-gb200x72")


def test_few_types_are_offered_by_ultraservers():
    assert {name for name in TYPES if not lacks_ultraserver(name)} == {"ml.p6e-gb200.36xlarge", "ml.trn2.48xlarge"}


@pytest.mark.parametrize("kind", ["ml.i3.xlarge", "ml.i4i.large", "ml.m6id.large", "ml.r7gd.large", "ml.c5d.xlarge"])
def test_a_family_whose_name_has_the_letter_for_disks_has_local_storage(kind):
    assert has_local_storage(kind)


@pytest.mark.parametrize("kind", ["ml.m5.large", "ml.inf1.xlarge", "ml.dl1.24xlarge", "ml.d9.large", "ml.zz9.large"])
def test_a_family_without_the_letter_for_disks_has_no_local_storage(kind):
    assert not has_local_storage(kind)


def test_no_ebs_only_family_has_the_letter_for_disks():
    assert not any(has_local_storage(f"ml.{name}.xlarge") for name in EBS_ONLY)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("ml.m5.xlargee", "ml.m5.xlarge"),
        ("l.m5.xlarge", "ml.m5.xlarge"),
        ("ml.c6g.8xlarge", "ml.c6i.8xlarge"),
        # of several that are as near, one of the same family
        ("ml.c5.large", "ml.c5.xlarge"),
        ("ml.g5.large", "ml.g5.xlarge"),
        # two letters exchanged, and two that are others
        ("ml.5m.xlarge", "ml.m5.xlarge"),
        ("ml.00.xlarge", None),
        ("ml.zz9.huge", None),
        ("ml.p33.2xlarge", None),
        ("ml.m9i.large", None),
    ],
)
def test_the_nearest_known_type_differs_by_one_letter(name, nearest):
    assert nearest_known_type(name) == nearest


def test_an_additional_letter_is_detected_in_each_known_type():
    assert [nearest_known_type(f"{name}e") for name in TYPES] == [*TYPES]


def test_a_family_has_a_gpu_by_its_letter():
    by_letter = {"g": True, "p": True, "c": False, "m": False, "r": False}
    expected = {kin: by_letter.get(kin[0]) for kin in FAMILIES} | {"t3": False}
    assert {kin: has_gpu(f"ml.{kin}.xlarge") for kin in FAMILIES} == expected


def test_an_unknown_kind_of_family_may_have_a_gpu():
    assert has_gpu("ml.new1.xlarge") is None
    assert has_gpu("ml.gr6.4xlarge")
