"""What is known of a training job while it runs, how it ended, and what all of a service share."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import attrs

from hptsdk.local.search import arn_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hptsdk.local.process import Places
    from hptsdk.local.search import Sampler

__all__ = ["Closing", "Outcome", "Setting", "Stopwatch", "Trial", "now"]


def now() -> float:
    """Tell the time as it is kept and answered: in seconds, to the millisecond."""
    return round(time.time(), 3)


class Closing(Exception):  # noqa: N818 - no error: the service closes, and a training job goes on when it opens again
    """The service closes."""


@attrs.define
class Stopwatch:
    """The seconds for which a job has run, by a clock that no change of the system's time affects.

    Attributes:
        before: the seconds that it ran before the service was opened.
    """

    before: float = 0.0
    _since: float | None = attrs.field(default=None, init=False)

    def start(self) -> None:
        """Start counting, unless it counts already."""
        if self._since is None:
            self._since = time.monotonic()

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return self.before + (0.0 if self._since is None else time.monotonic() - self._since)


@attrs.define
class Trial:
    """A training job that was planned.

    Attributes:
        id: its row.
        number: its place in the tuning job, from 1.
        name: of the training job.
        branch: which definition it comes from.
        tuned: the values that the search chose.
        attempts: how many there were with this one.
        started: when it began to train, since the service was opened.
        clock: how long it has trained, in all attempts.
        transitions: its stages so far.
        latest: when it entered its stage; no later stage is earlier.
        index: its place among those of its definition, from 0.
        stop: the secondary status that it is to be stopped with, once it is.
        is_early: whether the search stops it, since it promises too little.
        finals: the last value of each metric, and when it came.
        emissions: how many values are kept.
        interrupted: whether the service ended before it did, so that what it had printed is to be read again.
    """

    id: int
    number: int
    name: str
    branch: int
    tuned: dict[str, str]
    attempts: int = 1
    started: float | None = None
    clock: Stopwatch = attrs.field(factory=Stopwatch)
    transitions: list[dict[str, object]] = attrs.field(factory=list[dict[str, object]])
    latest: float = 0.0
    index: int = 0
    stop: str | None = None
    is_early: bool = False
    finals: dict[str, tuple[float, float]] = attrs.field(factory=dict[str, tuple[float, float]])
    emissions: int = 0
    interrupted: bool = False

    def enter(self, status: str, message: str) -> None:
        """Go to the next stage."""
        self._leave()
        self.transitions.append({"Status": status, "StartTime": self.latest, "StatusMessage": message})

    def end(self, status: str, message: str) -> None:
        """Go to the last stage."""
        self.enter(status, message)
        self._leave()

    def _leave(self) -> None:
        # a clock that is set back does not make a stage end before it began
        self.latest = max(self.latest, now())
        if self.transitions:
            self.transitions[-1].setdefault("EndTime", self.latest)


@attrs.frozen
class Outcome:
    """How a training job ended."""

    status: str
    secondary: str
    message: str
    failure_reason: str | None = None
    objective: float | None = None

    @property
    def summary(self) -> str:
        """The status for the log: with the kind of a failure, but not its text, which a program may have written."""
        if self.failure_reason is not None:
            return f"{self.status} with {self.failure_reason.partition(':')[0]}"
        return self.status if self.objective is None else f"{self.status} with the objective {self.objective}"

    @property
    def is_retryable(self) -> bool:
        """Whether it was no fault of the program or the request."""
        return (self.failure_reason or "").startswith("InternalServerError")


@attrs.frozen(kw_only=True)
class Setting:
    """What all training jobs of a service share."""

    root: Path
    folder: Path
    places: Places
    region: str
    account: str
    grace: float
    closing_grace: float
    nonce: str
    keep_folders: bool
    max_parallel: int
    sampler: Sampler
    here: Path
    environment: Mapping[str, str]

    def arn(self, kind: str, name: str) -> str:
        """Make the ARN of a job."""
        return arn_of(kind, self.region, self.account, name)
