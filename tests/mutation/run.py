"""Tries every mutant of the modules that matter most, and writes what became of them."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from mutants import SUBJECTS, Mutant
from trials import outcomes_of

# Imported before the forks, so that each begins with them; nothing of the project is among them.
WARM = ["attrs", "botocore.session", "cattrs", "hypothesis", "hypothesis.strategies", "regex", "unicodedata", "jedi"]

RULES = ["tests/rules/test_tables.py", "tests/rules", "tests/property/test_rules.py", "tests/unit/test_errors.py"]
JSON = ["tests/unit/test_json.py", "tests/unit/test_wire.py", "tests/unit/test_unchecked.py", "tests/unit/test_responses.py"]
TESTS = {
    "constraints.py": ["tests/unit/test_constraints.py", "tests/property/test_constraints.py"],
    "wire.py": [*JSON, "tests/property/test_wire.py", "tests/property/test_junk.py"],
    "_json_text.py": [*JSON, "tests/property/test_wire.py", "tests/property/test_junk.py"],
}


def main() -> None:
    """Run what the command line names, else all."""
    for name in WARM:
        importlib.import_module(name)
    import json
    for subject in sys.argv[1:] or SUBJECTS:
        began = time.monotonic()
        outcomes = outcomes_of(subject, TESTS.get(subject, RULES), swaps=subject not in TESTS)
        alive = [m for m, o in outcomes.items() if o == "survived"]
        stopped = [m for m, o in outcomes.items() if o == "stopped"]
        print(f"=== {subject}: {len(outcomes) - len(alive)} of {len(outcomes)} killed, {len(stopped)} stopped, {time.monotonic() - began:.0f} s", flush=True)
        for m in stopped: print("   stopped", m.place, '|', m.before, '|', m.after)
        for m in alive: print("   ", m.place, '|', m.before, '|', m.after, flush=True)


if __name__ == "__main__":
    main()
