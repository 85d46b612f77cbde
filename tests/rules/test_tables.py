"""Every rule, broken alone and mended; the tables beside this file say how."""

import importlib
import itertools
import random
from pathlib import Path

import pytest
from bases import BASES, changed

import hptsdk
from hptsdk import errors
from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request

TABLES = sorted(path.stem for path in Path(__file__).parent.glob("table_*.py"))
ROWS = [row for table in TABLES for row in importlib.import_module(table).ROWS]
LEVELS = {rule.id: rule.level for rule in hptsdk.schema.rules() if not rule.needs_parents}


def name_of(row):
    return f"{row.rule}-{'-'.join(row.breaks)}"


def reported(document):
    """Give the errors, or where there are none the advice, as pairs of rule and path."""
    try:
        request = hptsdk.from_wire(Request, document)
    except errors.InvalidShapeError as error:
        return [(violation.rule, violation.path) for violation in error.violations]
    return [(advice.rule, advice.path) for advice in hptsdk.advise(request)]


@pytest.mark.parametrize("base", BASES)
def test_the_bases_have_no_fault(base):
    assert reported(BASES[base]) == []


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_broken_rule_is_reported_alone_with_its_path(row):
    assert reported(changed(BASES[row.base], row.breaks)) == [(row.rule, row.path)]


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_the_nearest_neighbour_breaks_nothing(row):
    assert reported(changed(changed(BASES[row.base], row.breaks), row.mends)) == []


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_waived_rule_is_not_reported(row):
    with hptsdk.waived(row.rule):
        assert reported(changed(BASES[row.base], row.breaks)) == []


def test_every_rule_has_a_row():
    assert {row.rule for row in ROWS} == set(LEVELS)


ERRORS = [row for row in ROWS if LEVELS[row.rule] == "error"]
PAIRS = [
    (one, other)
    for one, other in itertools.combinations(ERRORS, 2)
    if one.base == other.base and one.rule != other.rule and not set(one.breaks) & set(other.breaks)
]


def overlap(one, other):
    """Tell whether one change lies beside or within what the other sets: then it may well mend what that one broke."""
    paths = itertools.product(one.breaks, other.breaks)
    return any(a.startswith(b.rpartition(".")[0]) or b.startswith(a.rpartition(".")[0]) for a, b in paths)


@pytest.mark.long
def test_any_two_rules_broken_at_once_are_both_reported():
    pairs = [pair for pair in PAIRS if not overlap(*pair)]
    for one, other in random.Random(0).sample(pairs, min(len(pairs), 3000)):  # noqa: S311 - a sample of the pairs
        document = changed(changed(BASES[one.base], one.breaks), other.breaks)
        rules = {rule for rule, _ in reported(document)}
        assert {one.rule, other.rule} <= rules, (one, other)
