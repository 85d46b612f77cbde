"""The comparison also reports mistakes in hptsdk: a wrong alias, a wrong constraint, a missing constraint."""

import attrs
import pytest
from model import problems, unexplained
from service_model import Model
from sources import alias

from hptsdk.constraints import Length, Pattern, Range


def with_constraints(name, *constraints):
    return attrs.evolve(alias(name), constraints=constraints)


WRONG = {
    "an alias with other bounds": (
        "MaxResults",
        alias("ListTagsMaxResults"),
        ["minimum 1, hptsdk has 50", "maximum 100, hptsdk has none"],
    ),
    "an alias of another kind": ("String256", alias("MaxResults"), ["text, hptsdk has integer"]),
    "another enumeration": (
        "SortOrder",
        alias("AutotuneMode"),
        ['"Ascending", "Descending" are new', '"Enabled" is gone'],
    ),
    "a list of another structure": (
        "TagList",
        alias("InstanceGroups"),
        ["maximum 50, hptsdk has 5", "item: structure Tag, hptsdk has InstanceGroup"],
    ),
    "no pattern": (
        "TagValue",
        with_constraints("TagValue", Length(0, 256)),
        [r"pattern ([\p{L}\p{Z}\p{N}_.:/=+\-@]*), hptsdk has none"],
    ),
    "an additional pattern": (
        "String256",
        with_constraints("String256", Length(0, 256), Pattern("a")),
        ["pattern none, hptsdk has a"],
    ),
    "an additional constraint": (
        "String256",
        with_constraints("String256", Length(0, 256), Range(1)),
        ["Range is not expected"],
    ),
    "a constraint twice": (
        "String256",
        with_constraints("String256", Length(0, 9), Length(0, 256)),
        ["a second constraint of a kind is not expected"],
    ),
    "a constraint of another kind": (
        "Subnets",
        with_constraints("Subnets", Length(1, 16)),
        ["minimum 1, hptsdk has 0", "maximum 16, hptsdk has none", "Length is not expected"],
    ),
    "a map with other values": (
        "HookParameters",
        attrs.evolve(alias("HookParameters"), item=with_constraints("ConfigValue", Length(0, 9), Pattern(".*"))),
        ["value: maximum 256, hptsdk has 9"],
    ),
}


@pytest.mark.parametrize(("name", "used", "texts"), WRONG.values(), ids=WRONG)
def test_a_member_has_the_problem_of(raw, name, used, texts):
    assert unexplained(Model(raw), name, used) == texts


def test_a_list_does_not_have_the_problems_of_its_items(raw):
    raw["shapes"]["SubnetId"]["max"] = 9
    assert problems(Model(raw), "SubnetId", alias("SubnetId")) == ["maximum 9, hptsdk has 32"]
    assert problems(Model(raw), "Subnets", alias("Subnets")) == []
