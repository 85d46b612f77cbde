"""Try every mutant of the most important modules: `run.py [MODULE ...]`. Defaults to all of them.

Fails if a survivor has no entry in `equivalents.toml`, or if an entry matches no survivor. Writes the page of the
documentation if there is a result for each module in its current state, from this run or an earlier one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path

from equivalents import Equivalents
from mutants import MODULES
from page import PAGE, page
from results import Result, read
from some_modules import tests_of

HERE = Path(__file__).parent

GROUP_SIZE = 12
"""The maximum number of modules that are tried in one process."""


def main() -> int:
    """Try the modules that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"one of {', '.join(MODULES)}; defaults to all")
    parser.add_argument(
        "--processes", type=int, default=1, help="the number of processes at the same time; defaults to 1"
    )
    parser.add_argument("--survivors", action="store_true", help="try only the unexplained survivors of the last run")
    options = parser.parse_args()
    if unknown := set(options.modules) - set(MODULES):
        parser.error(f"no such module: {', '.join(sorted(unknown))}")
    equivalents = Equivalents()
    os.nice(10)
    start = time.monotonic()
    with ThreadPoolExecutor(options.processes) as pool:
        arguments = ["--survivors"] if options.survivors else []
        groups = pool.map(partial(run_modules, arguments=arguments), groups_of(options.modules or MODULES))
        results = [result for group in groups for result in group]
    print(f"{sum(len(result.outcomes) for result in results)} mutants in {time.monotonic() - start:.0f} s")
    available = [result for result in map(read, MODULES) if result]
    if len(available) == len(MODULES):
        PAGE.write_text(page(available, equivalents))
    return report(results, equivalents)


def groups_of(modules: list[str]) -> list[list[str]]:
    """Return the modules in groups with the same tests, whose executed lines are recorded once for a group."""
    groups = [list(group) for _, group in groupby(modules, key=tests_of)]
    return [group[start : start + GROUP_SIZE] for group in groups for start in range(0, len(group), GROUP_SIZE)]


def run_modules(modules: list[str], arguments: list[str]) -> list[Result]:
    """Try a group of modules in a new process, and return their results.

    Raises:
        RuntimeError: the source of a module was changed during the run.
    """
    # the plugin of hptsdk for Hypothesis would import hptsdk before the mutant is installed
    environment = os.environ | {"HYPOTHESIS_NO_PLUGINS": "1"}
    subprocess.run([sys.executable, str(HERE / "some_modules.py"), *modules, *arguments], check=True, env=environment)
    results = []
    for module in modules:
        result = read(module)
        if result is None:
            raise RuntimeError(f"{module} was changed during the run; run it again")
        counts = f"{result.killed} of {len(result.outcomes)} killed, {result.stopped} of them stopped"
        print(f"{module}: {counts}, in {result.seconds:.0f} s", flush=True)
        results.append(result)
    return results


def report(results: list[Result], equivalents: Equivalents) -> int:
    """Print the unexplained survivors and the stale entries; return 1 if there are any."""
    survivors = [survivor for result in results for survivor in result.survivors]
    unexplained = equivalents.unexplained(survivors)
    for each in unexplained:
        print(f"survived: {each.module}, {each.function or 'module level'}, {each.operator}:")
        print(f"  {each.before}\n  {each.after}")
    stale = equivalents.stale(survivors, [result.module for result in results])
    for entry in stale:
        print(f"stale entry: {entry.module}, {entry.function}, {entry.operator}: fewer than {entry.count} survivors")
    misplaced = equivalents.misplaced()
    for entry in misplaced:
        print(f"stale entry: {entry.module} has no {entry.function or 'module level'}")
    return 1 if unexplained or stale or misplaced else 0


if __name__ == "__main__":
    sys.exit(main())
