"""Try the mutants of one module and store the outcomes: `one_module.py MODULE [--survivors]`."""

from __future__ import annotations

import importlib
import sys
import time

from equivalents import Equivalents
from results import outcome_of, read, write
from trials import outcomes_of

# Imported before the forks, so that every fork has them. None of them imports hptsdk.
PRELOADED = ["attrs", "botocore.session", "cattrs", "hypothesis.strategies", "jedi", "regex"]

DOCUMENT_TESTS = [
    "tests/unit/test_json.py",
    "tests/unit/test_wire.py",
    "tests/unit/test_unvalidated_parts.py",
    "tests/unit/test_responses.py",
    "tests/property/test_wire.py",
    "tests/property/test_junk.py",
]
CONSTRAINT_TESTS = ["tests/unit/test_constraints.py", "tests/property/test_constraints.py"]
FAST_RULE_TESTS = [
    "tests/rules/test_edges.py",
    "tests/rules/test_messages.py",
    "tests/rules/test_range_values.py",
    "tests/rules/test_rule.py",
    "tests/rules/test_warm_start_parents.py",
    "tests/rules/test_tables.py",
]
RULE_TESTS = [*FAST_RULE_TESTS, "tests/rules", "tests/property/test_rules.py", "tests/unit/test_errors.py"]


def tests_of(module: str) -> tuple[list[str], bool]:
    """Return the tests of a module, and whether its functions can be replaced in a running process.

    Constraints and conversion cannot: the classes of the shapes contain what was created with them.
    """
    match module.split("/"):
        case ["rules", *_] | ["_validation", "_rules.py"]:
            return RULE_TESTS, True
        case ["constraints.py"]:
            return CONSTRAINT_TESTS, False
        case _:
            return DOCUMENT_TESTS, False


def main() -> None:
    """Try one module."""
    module, *options = sys.argv[1:]
    previous = read(module) if options else None
    only = {each.key for each in Equivalents().unexplained(previous.survivors)} if previous else None
    for name in PRELOADED:
        importlib.import_module(name)
    start = time.monotonic()
    tests, replaceable = tests_of(module)
    outcomes = outcomes_of(module, tests, replace=replaceable and only is None, only=only)
    tried = [outcome_of(mutant, outcome) for mutant, outcome in outcomes.items()]
    rest = [each for each in previous.outcomes if each.key not in (only or ())] if previous else []
    write(module, time.monotonic() - start, [*rest, *tried])


if __name__ == "__main__":
    main()
