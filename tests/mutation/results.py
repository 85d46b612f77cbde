"""What became of the mutants of a module, and its way through a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from explained import why

if TYPE_CHECKING:
    from pathlib import Path

    from mutants import Mutant


class Outcome(NamedTuple):
    """What became of a mutant: killed, survived, or stopped because it ran without end or died."""

    subject: str
    place: str
    before: str
    after: str
    outcome: str

    @property
    def why(self) -> str:
        """Why it may live; empty where nobody said."""
        return why(self.subject, self.place, self.before, self.after)


class Result(NamedTuple):
    """What became of all mutants of a module, and the seconds that it took."""

    subject: str
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


def write(file: Path, result: Result) -> None:
    """Write a result."""
    file.write_text(json.dumps(result))


def read(file: Path) -> Result:
    """Read a result."""
    subject, seconds, outcomes = json.loads(file.read_text())
    return Result(subject, seconds, [Outcome(*found) for found in outcomes])
