"""What became of the mutants of a module, and its way through a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from explained import explained
from mutants import SOURCES

if TYPE_CHECKING:
    from mutants import Mutant

KEPT = Path(__file__).parents[2] / "build" / "mutation"


class Outcome(NamedTuple):
    """What became of a mutant: killed, survived, or stopped because it ran without end or died."""

    subject: str
    place: str
    before: str
    after: str
    outcome: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the mutant is called."""
        return self.subject, self.place, self.before, self.after

    @property
    def why(self) -> str:
        """Why it may live; empty where nobody said."""
        found = explained(*self.key)
        return found.why if found else ""


class Result(NamedTuple):
    """What became of all mutants of a module, of its source as it was, and the seconds that it took."""

    subject: str
    source: str
    seconds: float
    outcomes: list[Outcome]

    @property
    def survivors(self) -> list[Outcome]:
        """Those that no test found."""
        return [found for found in self.outcomes if found.outcome == "survived"]

    @property
    def killed(self) -> int:
        """How many tests found, or could not end with."""
        return len(self.outcomes) - len(self.survivors)


def outcome_of(mutant: Mutant, outcome: str) -> Outcome:
    """Say what became of a mutant, without its source."""
    return Outcome(mutant.subject, mutant.place, mutant.before, mutant.after, outcome)


def write(subject: str, seconds: float, outcomes: list[Outcome]) -> None:
    """Keep a result until the next run of the module."""
    file = file_of(subject)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([subject, (SOURCES / subject).read_text(), seconds, outcomes]))


def read(subject: str) -> Result | None:
    """Read the last result of a module; None where there is none, or the module is another since."""
    if not file_of(subject).exists():
        return None
    name, source, seconds, outcomes = json.loads(file_of(subject).read_text())
    if source != (SOURCES / subject).read_text():
        return None
    return Result(name, source, seconds, [Outcome(*found) for found in outcomes])


def file_of(subject: str) -> Path:
    """Say where the result of a module is kept."""
    return KEPT / f"{subject.replace('/', '-')}.json"
