"""One definition of a tuning job as it is searched: what was tried, what comes next, and what is stopped early."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.local.jobs import Trial
    from hptsdk.local.search._tuning_search import Branch

__all__ = ["Pursuit"]


class Pursuit:
    """The state of a search, which can be read back from what is kept.

    Args:
        branch: the definition.

    Attributes:
        branch: the definition.
        used: how many training jobs it had.
    """

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.used = 0
        self._values: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def propose(self) -> dict[str, str] | None:
        """Give what to try next; it counts as running from now on."""
        with self._lock:
            return self.branch.search.values(self.used)

    def began(self) -> int:
        """Count a training job, and give its index."""
        self.used += 1
        return self.used - 1

    def should_stop(self, trial: Trial, value: float) -> bool:
        """Look at a value of the objective that a training job printed."""
        if self.branch.stopping is None:
            return False
        with self._lock:
            seen = self._values.setdefault(trial.name, [])
            seen.append(value)
            return self.branch.stopping.should_stop(trial.name, len(seen), value)

    def ended(self, trial: Trial, objective: float | None) -> None:
        """Learn of the end of a training job."""
        with self._lock:
            self.branch.search.ended(trial.index, trial.tuned, objective)
            values = self._values.pop(trial.name, [])
            if self.branch.stopping is not None and objective is not None:
                self.branch.stopping.ended(trial.name, values)

    def restore(self, trial: Trial, objective: float | None, values: Sequence[float], *, runs: bool) -> None:
        """Learn of a training job that there was before the service opened."""
        trial.index = self.began()
        self.branch.search.restore(trial.index, trial.tuned, objective, runs=runs)
        if self.branch.stopping is not None and objective is not None:
            self.branch.stopping.ended(trial.name, values)
