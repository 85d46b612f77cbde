"""What is known of a training job while it runs, how it ended, and what all of a service share."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import attrs

from hptsdk.local._plan import arn_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hptsdk.local._bayesian import Sampler
    from hptsdk.local._places import Places

__all__ = ["LONGEST_REASON", "Closing", "Outcome", "Setting", "Trial", "failed", "now"]

# What the API holds of a FailureReason.
LONGEST_REASON = 1024


def now() -> float:
    """Tell the time as it is kept and answered: in seconds, to the millisecond."""
    return round(time.time(), 3)


class Closing(Exception):  # noqa: N818 - no error: the service closes, and a training job goes on when it opens again
    """The service closes."""


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
        started: when its first attempt began to train.
        transitions: its stages so far.
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
    transitions: list[dict[str, object]] = attrs.field(factory=list[dict[str, object]])
    index: int = 0
    stop: str | None = None
    is_early: bool = False
    finals: dict[str, tuple[float, float]] = attrs.field(factory=dict[str, tuple[float, float]])
    emissions: int = 0
    interrupted: bool = False

    def enter(self, status: str, message: str) -> None:
        """Go to the next stage."""
        at = now()
        self._leave(at)
        self.transitions.append({"Status": status, "StartTime": at, "StatusMessage": message})

    def end(self, status: str, message: str) -> None:
        """Go to the last stage."""
        at = now()
        self._leave(at)
        self.transitions.append({"Status": status, "StartTime": at, "EndTime": at, "StatusMessage": message})

    def _leave(self, at: float) -> None:
        if self.transitions:
            self.transitions[-1].setdefault("EndTime", at)


@attrs.frozen
class Outcome:
    """How a training job ended."""

    status: str
    secondary: str
    message: str
    failure_reason: str | None = None
    objective: float | None = None

    @property
    def is_retryable(self) -> bool:
        """Whether it was no fault of the program or the request."""
        return (self.failure_reason or "").startswith("InternalServerError")


@attrs.frozen(kw_only=True)
class Setting:
    """What all training jobs of a service share."""

    folder: Path
    places: Places
    region: str
    account: str
    grace: float
    closing_grace: float
    nonce: str
    keep_folders: bool
    sampler: Sampler
    here: Path
    environment: Mapping[str, str]

    def arn(self, kind: str, name: str) -> str:
        """Make the ARN of a job."""
        return arn_of(kind, self.region, self.account, name)


def failed(kind: str, reason: str, *, tail: str = "") -> Outcome:
    """Make the outcome of a failure; the reason is cut to what the API holds."""
    head = f"{kind}: {reason}"[: LONGEST_REASON - len(tail)]
    return Outcome("Failed", "Failed", "Training job failed", failure_reason=head + tail)
