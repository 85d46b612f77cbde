"""Every rule, violated alone and corrected, as the tables say."""

import importlib
import itertools
import pkgutil
import random
from pathlib import Path

import pytest
from bases import BASES, changed

import hptsdk
from hptsdk import errors, rules
from hptsdk._validation import Rule
from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request

TABLES = sorted(path.stem for path in Path(__file__).parent.glob("table_*.py"))
ROWS = [row for table in TABLES for row in importlib.import_module(table).ROWS]
LEVELS = {rule.id: rule.level for rule in hptsdk.schema.rules() if not rule.needs_parents}


def name_of(row):
    return f"{row.rule}-{'-'.join(row.change)}"


def reported(document):
    """Return the errors, or the advice if there are none, as pairs of rule and path."""
    try:
        request = hptsdk.from_wire(Request, document)
    except errors.InvalidShapeError as error:
        return [(violation.rule, violation.path) for violation in error.violations]
    return [(advice.rule, advice.path) for advice in hptsdk.advise(request)]


@pytest.mark.parametrize("base", BASES)
def test_the_bases_are_valid_without_advice(base):
    assert reported(BASES[base]) == []


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_violated_rule_is_reported_alone_with_its_path(row):
    assert reported(changed(BASES[row.base], row.change)) == [(row.rule, row.path)]


def test_the_smallest_correction_violates_no_rule():
    for row in ROWS:
        assert reported(changed(changed(BASES[row.base], row.change), row.correction)) == [], name_of(row)


def test_a_waived_rule_is_not_reported():
    for row in ROWS:
        with hptsdk.waived(row.rule):
            assert reported(changed(BASES[row.base], row.change)) == [], name_of(row)


def test_every_rule_has_a_row():
    assert {row.rule for row in ROWS} == set(LEVELS)


def test_every_rule_of_a_module_belongs_to_a_shape():
    modules = [importlib.import_module(f"hptsdk.rules.{info.name}") for info in pkgutil.iter_modules(rules.__path__)]
    declared = {value.id for module in modules for value in vars(module).values() if isinstance(value, Rule)}
    assert declared == {rule.id for rule in hptsdk.schema.rules()}


ERRORS = [row for row in ROWS if LEVELS[row.rule] == "error"]
PAIRS = [
    (one, other)
    for one, other in itertools.combinations(ERRORS, 2)
    if one.base == other.base and one.rule != other.rule and not set(one.change) & set(other.change)
]


def overlap(one, other):
    """Check whether one change is next to or inside the other, and so may correct it."""
    paths = itertools.product(one.change, other.change)
    return any(a.startswith(b.rpartition(".")[0]) or b.startswith(a.rpartition(".")[0]) for a, b in paths)


def changes_algorithm(*rows):
    """Check whether a change replaces the image of an algorithm, so that rules of the algorithm no longer apply."""
    return any(row.base == "builtin" and "TrainingImage" in repr(row.change) for row in rows)


@pytest.mark.long
def test_any_two_violated_rules_are_both_reported():
    pairs = [pair for pair in PAIRS if not overlap(*pair) and not changes_algorithm(*pair)]
    for one, other in random.Random(0).sample(pairs, min(len(pairs), 3000)):  # noqa: S311 - a sample of the pairs
        document = changed(changed(BASES[one.base], one.change), other.change)
        violated = {rule for rule, _ in reported(document)}
        assert {one.rule, other.rule} <= violated, (one, other)
