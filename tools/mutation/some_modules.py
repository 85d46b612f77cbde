"""Try the mutants of modules that have the same tests: `some_modules.py MODULE ... [--survivors]`."""

from __future__ import annotations

import importlib
import sys
import time

from equivalents import Equivalents
from mutants import mutants_of
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
    """Return the arguments of pytest for a module, and whether its functions can be replaced in a running process.

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
    """Try the modules that the command line names, and store their results."""
    modules = [argument for argument in sys.argv[1:] if argument != "--survivors"]
    results = {module: read(module) for module in modules} if "--survivors" in sys.argv else {}
    previous = {module: result for module, result in results.items() if result}
    unexplained = Equivalents().unexplained(each for result in previous.values() for each in result.survivors)
    again = {each.key for each in unexplained}
    for name in PRELOADED:
        importlib.import_module(name)
    start = time.monotonic()
    tests, replaceable = tests_of(modules[0])
    mutants = [mutant for module in modules for mutant in mutants_of(module)]
    mutants = [mutant for mutant in mutants if mutant.module not in previous or mutant.key in again]
    outcomes = outcomes_of(mutants, tests, replace=replaceable)
    seconds = (time.monotonic() - start) / len(modules)
    for module in modules:
        tried = [outcome_of(mutant, outcome) for mutant, outcome in outcomes.items() if mutant.module == module]
        rest = [each for each in previous[module].outcomes if each.key not in again] if module in previous else []
        write(module, seconds, [*rest, *tried])


if __name__ == "__main__":
    main()
