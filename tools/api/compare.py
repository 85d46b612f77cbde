"""Compare the public API of the working tree with that of the last release, which is the newest tag `v*`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]


def last_release(repository: Path) -> str | None:
    """Return the newest tag `v*` in the history of the current commit; None if there is none."""
    command = ["git", "describe", "--tags", "--match", "v*", "--abbrev=0"]
    result = subprocess.run(command, cwd=repository, check=False, capture_output=True, text=True)
    return result.stdout.strip() or None


def breakages(repository: Path, release: str) -> list[griffe.Breakage]:
    """Return the parts of the release that are missing or incompatible in the working tree."""
    before = griffe.load_git("hptsdk", ref=release, repo=repository, search_paths=["src"], resolve_aliases=True)
    now = griffe.load("hptsdk", search_paths=[str(repository / "src")], resolve_aliases=True)
    return list(griffe.find_breaking_changes(before, now))


def announced(repository: Path) -> set[str]:
    """Return the names in backticks in the notes on removals, `changelog.d/NAME.removed.md`."""
    notes = (note.read_text() for note in sorted((repository / "changelog.d").glob("*.removed.md")))
    return {name for note in notes for name in re.findall(r"`([\w.]+)", note)}


def is_announced(path: str, names: Iterable[str]) -> bool:
    """Check whether a note names an object or the class that contains it, by the end of its path."""
    paths = [path, path.rpartition(".")[0]]
    return any(f".{each}".endswith(f".{name}") for each in paths for name in names)


def line_of(breakage: griffe.Breakage) -> str:
    """Format a breakage as one line without colours."""
    return re.sub(r"\x1b\[[\d;]*m", "", breakage.explain(griffe.ExplanationStyle.ONE_LINE))


def compare(repository: Path) -> tuple[list[str], str]:
    """Return a line for each breakage without a note, and a summary."""
    release = last_release(repository)
    if release is None:
        return [], "no release to compare with"
    names, changes = announced(repository), breakages(repository, release)
    unannounced = [line_of(each) for each in changes if not is_announced(each.obj.path, names)]
    return unannounced, f"against {release}: {len(changes)} breakages, {len(changes) - len(unannounced)} announced"


def main() -> int:
    """Print the comparison; return 1 if there are breakages without a note."""
    unannounced, summary = compare(ROOT)
    print(*unannounced, summary, sep="\n")
    return 1 if unannounced else 0


if __name__ == "__main__":
    sys.exit(main())
