"""Tries the mutants of one module, and keeps what became of them: `one.py MODULE [--survivors]`."""

from __future__ import annotations

import importlib
import sys
import time

from results import outcome_of, read, write
from trials import outcomes_of

# Imported before the forks, so that each begins with them; nothing of the project is among them.
WARM = ["attrs", "botocore.session", "cattrs", "hypothesis.strategies", "jedi", "regex"]

JSON = [f"tests/unit/test_{name}.py" for name in ("json", "wire", "unchecked", "responses")]
OF_DOCUMENTS = [*JSON, "tests/property/test_wire.py", "tests/property/test_junk.py"]
TESTS = {
    "constraints.py": ["tests/unit/test_constraints.py", "tests/property/test_constraints.py"],
    "wire/_converter.py": OF_DOCUMENTS,
    "wire/_documents.py": OF_DOCUMENTS,
    "wire/_json.py": OF_DOCUMENTS,
}
"""What tests a module; these are imported anew for each mutant, since classes keep what is made with them."""

QUICK = [
    f"tests/rules/test_{name}.py" for name in ("edges", "messages", "parts", "rule", "warm_start_parents", "tables")
]
OF_RULES = [*QUICK, "tests/rules", "tests/property/test_rules.py", "tests/unit/test_errors.py"]
"""What tests the rules, which are swapped within a process."""


def main() -> None:
    """Try one module."""
    subject, *again = sys.argv[1:]
    kept = read(subject) if again else None
    only = {found.key for found in kept.survivors if not found.why} if kept else None
    for name in WARM:
        importlib.import_module(name)
    began = time.monotonic()
    swaps = subject not in TESTS and only is None
    outcomes = outcomes_of(subject, TESTS.get(subject, OF_RULES), swaps=swaps, only=only)
    tried = [outcome_of(mutant, outcome) for mutant, outcome in outcomes.items()]
    rest = [found for found in kept.outcomes if found.key not in (only or ())] if kept else []
    write(subject, time.monotonic() - began, [*rest, *tried])


if __name__ == "__main__":
    main()
