"""The state of a training job while it runs, and its clock."""

from __future__ import annotations

import time

import attrs

__all__ = ["ServiceClosedError", "StoppedError", "Stopwatch", "TrainingJob", "now"]


def now() -> float:
    """Return the time as it is stored and returned: in seconds since the epoch, to the millisecond."""
    return round(time.time(), 3)


class ServiceClosedError(Exception):
    """The service closes: a training job that runs continues when the root is opened again."""


class StoppedError(Exception):
    """A training job was stopped before its program started."""


@attrs.define
class Stopwatch:
    """The seconds for which a job has run, independent of changes of the system time.

    Attributes:
        before: the seconds that it ran before the service was opened.
    """

    before: float = 0.0
    _since: float | None = attrs.field(default=None, init=False)

    def start(self) -> None:
        """Start to count, unless it counts already."""
        if self._since is None:
            self._since = time.monotonic()

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return self.before + (0.0 if self._since is None else time.monotonic() - self._since)


@attrs.define
class TrainingJob:
    """The state of a training job.

    Attributes:
        id: the ID of its row.
        number: its number in the tuning job, from 1.
        name: its name.
        definition: the index of its definition.
        tuned: the values that the search chose.
        attempts: the number of attempts, with the current one.
        started: the time at which training started, since the service was opened.
        clock: the seconds for which it trained, in all attempts.
        transitions: its secondary status transitions.
        changed: the time of the latest transition; no later transition has an earlier time.
        index: its index among the training jobs of its definition, from 0.
        stop_status: the secondary status with which it is to be stopped; None if it is not to be stopped.
        is_stopped_early: whether the search stops it early.
        finals: the last value of each metric, and its time.
        stored_values: the number of stored metric values.
        was_interrupted: whether an earlier service ended before it did, so that its logs are to be read again.
    """

    id: int
    number: int
    name: str
    definition: int
    tuned: dict[str, str]
    attempts: int = 1
    started: float | None = None
    clock: Stopwatch = attrs.field(factory=Stopwatch)
    transitions: list[dict[str, object]] = attrs.field(factory=list[dict[str, object]])
    changed: float = 0.0
    index: int = 0
    stop_status: str | None = None
    is_stopped_early: bool = False
    finals: dict[str, tuple[float, float]] = attrs.field(factory=dict[str, tuple[float, float]])
    stored_values: int = 0
    was_interrupted: bool = False

    def enter(self, status: str, message: str) -> None:
        """Begin a secondary status.

        Args:
            status: the secondary status of the API.
            message: the message that Describe shows for it.
        """
        self._leave()
        self.transitions.append({"Status": status, "StartTime": self.changed, "StatusMessage": message})

    def end(self, status: str, message: str) -> None:
        """Begin and end the last secondary status."""
        self.enter(status, message)
        self._leave()

    def _leave(self) -> None:
        """End the current secondary status."""
        # a system time that is set back does not make a status end before it began
        self.changed = max(self.changed, now())
        if self.transitions:
            self.transitions[-1].setdefault("EndTime", self.changed)
