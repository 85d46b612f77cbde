"""Compares the public API of the working tree with that of the last release, which is the newest tag `v*`."""

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
    """Give the newest tag `v*` that the working tree descends from; None where there is none."""
    command = ["git", "describe", "--tags", "--match", "v*", "--abbrev=0"]
    found = subprocess.run(command, cwd=repository, check=False, capture_output=True, text=True)
    return found.stdout.strip() or None


def breakages(repository: Path, release: str) -> list[griffe.Breakage]:
    """Find what a program that uses the release would miss in the working tree."""
    before = griffe.load_git("hptsdk", ref=release, repo=repository, search_paths=["src"], resolve_aliases=True)
    now = griffe.load("hptsdk", search_paths=[str(repository / "src")], resolve_aliases=True)
    return list(griffe.find_breaking_changes(before, now))


def announced(repository: Path) -> set[str]:
    """Give the names in backticks that the notes on removals hold, one note being `changelog.d/NAME.removed.md`."""
    notes = (note.read_text() for note in sorted((repository / "changelog.d").glob("*.removed.md")))
    return {name for note in notes for name in re.findall(r"`([\w.]+)", note)}


def is_announced(path: str, names: Iterable[str]) -> bool:
    """Tell whether a note names a thing, or the class that it is of, by the end of its path or by all of it."""
    places = [path, path.rpartition(".")[0]]
    return any(f".{place}".endswith(f".{name}") for place in places for name in names)


def told(breakage: griffe.Breakage) -> str:
    """Say it in a line without colours."""
    return re.sub(r"\x1b\[[\d;]*m", "", breakage.explain(griffe.ExplanationStyle.ONE_LINE))


def compared(repository: Path) -> tuple[list[str], str]:
    """Give the breakages that no note announces, as text, and a line that sums up."""
    release = last_release(repository)
    if release is None:
        return [], "no release yet: nothing to compare with"
    names, found = announced(repository), breakages(repository, release)
    wrong = [told(each) for each in found if not is_announced(each.obj.path, names)]
    return wrong, f"against {release}: {len(found)} breakages, {len(found) - len(wrong)} of them announced"


def main() -> int:
    """Print the comparison; 1 where something broke that was not announced."""
    wrong, summary = compared(ROOT)
    print(*wrong, summary, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
