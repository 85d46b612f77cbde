"""Tries every mutant of the modules that matter most: `run.py [MODULE ...]`, all of them where none is named.

Fails where a mutant lives that nobody explained, or an explanation explains nothing. The page of the documentation is
written anew when there is a result for each module as it stands, from this run or an earlier one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from explained import EXPLAINED, explained
from mutants import SUBJECTS
from page import PAGE, page
from results import Result, read

HERE = Path(__file__).parent


def main() -> int:
    """Run what the command line names, else all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"some of {', '.join(SUBJECTS)}")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--survivors", action="store_true", help="only what the last run left alive and nobody explained"
    )
    options = parser.parse_args()
    if unknown := set(options.modules) - set(SUBJECTS):
        parser.error(f"no such module: {', '.join(sorted(unknown))}")
    os.nice(10)
    began = time.monotonic()
    with ThreadPoolExecutor(options.processes) as pool:
        again = ["--survivors"] if options.survivors else []
        results = list(pool.map(partial(tried, again=again), options.modules or SUBJECTS))
    print(f"{sum(len(result.outcomes) for result in results)} mutants in {time.monotonic() - began:.0f} s")
    everything = [result for result in map(read, SUBJECTS) if result]
    if len(everything) == len(SUBJECTS):
        PAGE.write_text(page(everything))
    return told(results)


def tried(subject: str, again: list[str]) -> Result:
    """Try one module in a process of its own."""
    # hypothesis would import the project by its entry point, before a mistake is in it
    env = os.environ | {"HYPOTHESIS_NO_PLUGINS": "1"}
    subprocess.run([sys.executable, str(HERE / "one.py"), subject, *again], check=True, env=env)
    result = read(subject)
    if result is None:
        raise RuntimeError(f"{subject} was changed while it was tried")
    print(f"{subject}: {result.killed} of {len(result.outcomes)} killed in {result.seconds:.0f} s", flush=True)
    return result


def told(results: list[Result]) -> int:
    """Print what is left to do; 1 where there is anything."""
    unexplained = [found for result in results for found in result.survivors if not found.why]
    for found in unexplained:
        print(f"lives: {found.subject}, {found.place or 'top'}:\n  {found.before}\n  {found.after}")
    ran = {result.subject for result in results}
    met = {explained(*found.key) for result in results for found in result.survivors}
    stale = [each for each in EXPLAINED if each.subject in ran and each not in met]
    for each in stale:
        print(f"explained, but dead: {each.subject}, {each.place}: {each.before} -> {each.after}")
    return 1 if unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main())
