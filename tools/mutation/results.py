"""The outcomes of the mutants of a module, which a file in `build/mutation` stores between runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mutants import SOURCES

if TYPE_CHECKING:
    from mutants import Mutant

STORE = Path(__file__).parents[2] / "build" / "mutation"


class Outcome(NamedTuple):
    """The outcome of a mutant: killed, survived, or stopped because it did not end in time or crashed."""

    module: str
    function: str
    operator: str
    before: str
    after: str
    outcome: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """The identity of the mutant."""
        return self.module, self.function, self.operator, self.before, self.after


class Result(NamedTuple):
    """The outcomes of all mutants of a module, with the source of the module, and the seconds that they took."""

    module: str
    source: str
    seconds: float
    outcomes: list[Outcome]

    @property
    def survivors(self) -> list[Outcome]:
        """The mutants that no test detected."""
        return [each for each in self.outcomes if each.outcome == "survived"]

    @property
    def stopped(self) -> int:
        """The number of mutants that did not end in time or crashed. They count as killed."""
        return sum(each.outcome == "stopped" for each in self.outcomes)

    @property
    def killed(self) -> int:
        """The number of mutants that did not survive, including the stopped ones."""
        return len(self.outcomes) - len(self.survivors)


def outcome_of(mutant: Mutant, outcome: str) -> Outcome:
    """Create the outcome of a mutant."""
    return Outcome(*mutant.key, outcome)


def write(module: str, seconds: float, outcomes: list[Outcome]) -> None:
    """Store the result of a module. It replaces an earlier one."""
    file = file_of(module)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([module, (SOURCES / module).read_text(), seconds, outcomes]))


def read(module: str) -> Result | None:
    """Return the stored result of a module; None if there is none, or if the module has changed since."""
    if not file_of(module).exists():
        return None
    name, source, seconds, outcomes = json.loads(file_of(module).read_text())
    if source != (SOURCES / module).read_text():
        return None
    return Result(name, source, seconds, [Outcome(*each) for each in outcomes])


def file_of(module: str) -> Path:
    """Return the path of the stored result of a module."""
    return STORE / f"{module.replace('/', '-')}.json"
