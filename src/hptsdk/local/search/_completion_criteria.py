"""When a tuning job has had enough: a target reached, no improvement any more, nothing but failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from hptsdk.shapes import TuningJobCompletionCriteria

__all__ = ["Progress"]

# An improvement by less than this share of the best value is none.
_SHARE = 0.01

# So many training jobs without success, and the tuning job has failed.
_HOPELESS = 5

# Convergence is declared after this many training jobs without improvement, or a quarter of all if that is more.
_CONVERGED, _QUARTER = 10, 4

_ALL_FAILED = "Please take a look at the training job failures to get more details."
_NO_OBJECTIVE = (
    "Please ensure that the program prints the objective as the regular expression of its metric definition finds it."
)


@attrs.frozen
class Progress:
    """What the ended training jobs of a tuning job come to.

    Attributes:
        criteria: of the request.
        max_jobs: most training jobs.
        best: the best objective so far.
        succeeded: training jobs with an objective.
        failed: training jobs that failed.
        silent: training jobs that completed without an objective.
        not_improving: training jobs in a row that did not improve on the best.
        reached: whether one reached the target.
    """

    criteria: TuningJobCompletionCriteria | None
    max_jobs: int | None
    best: float | None = None
    succeeded: int = 0
    failed: int = 0
    silent: int = 0
    not_improving: int = 0
    reached: bool = False

    def after(self, status: str, objective: float | None, *, minimizes: bool) -> Progress:
        """Count a training job that has ended."""
        if objective is None:
            return attrs.evolve(
                self, failed=self.failed + (status == "Failed"), silent=self.silent + (status == "Completed")
            )
        better = self.best is None or (objective < self.best if minimizes else objective > self.best)
        improves = self._improves(objective, self.best, minimizes)
        return attrs.evolve(
            self,
            succeeded=self.succeeded + 1,
            best=objective if better else self.best,
            not_improving=0 if improves else self.not_improving + 1,
            reached=self.reached or self._reaches(objective, minimizes),
        )

    def _reaches(self, objective: float, minimizes: bool) -> bool:  # noqa: FBT001 - private
        target = self.criteria.target_objective_metric_value if self.criteria else None
        return target is not None and (objective <= target if minimizes else objective >= target)

    @staticmethod
    def _improves(objective: float, best: float | None, minimizes: bool) -> bool:  # noqa: FBT001 - private
        if best is None:
            return True
        gain = best - objective if minimizes else objective - best
        return gain > 0 and gain >= _SHARE * abs(best)

    @property
    def converged(self) -> bool:
        """Whether more training jobs are unlikely to improve by a hundredth."""
        return self.not_improving >= max(_CONVERGED, (self.max_jobs or 0) / _QUARTER)

    @property
    def verdict(self) -> str | None:
        """Tell whether to go on: not when a criterion of the request is met, nor when it is hopeless."""
        if self.hopeless:
            return "failed"
        if self.criteria is None:
            return None
        limit = self.criteria.best_objective_not_improving
        most = limit.max_number_of_training_jobs_not_improving if limit else None
        convergence = self.criteria.convergence_detected
        converged = convergence is not None and convergence.complete_on_convergence == "Enabled" and self.converged
        return "enough" if self.reached or converged or (most is not None and self.not_improving >= most) else None

    @property
    def hopeless(self) -> str | None:
        """Why it is no use to go on: five training jobs ended, none with an objective."""
        if self.succeeded or self.failed + self.silent < _HOPELESS:
            return None
        attempts = self.failed + self.silent
        if not self.silent:
            return f"No training job succeeded after {attempts} attempts. {_ALL_FAILED}"
        return f"No objective metrics found after running {attempts} training jobs. {_NO_OBJECTIVE}"

    @property
    def fruitless(self) -> str | None:
        """Why a tuning job whose training jobs have all ended has failed: none of them had an objective."""
        if self.succeeded or not self.failed + self.silent:
            return None
        if not self.silent:
            return f"All training jobs failed. {_ALL_FAILED}"
        return f"No objective metrics found after running {self.failed + self.silent} training jobs. {_NO_OBJECTIVE}"

    @property
    def details(self) -> dict[str, int]:
        """What Describe tells of it."""
        return {"NumberOfTrainingJobsObjectiveNotImproving": self.not_improving}
