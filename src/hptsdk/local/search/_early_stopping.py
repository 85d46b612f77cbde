"""Early stopping of training jobs, and the completion criteria of a tuning job.

The k-th value of the objective metric that a training job prints is treated as the value of epoch k.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING

import attrs
from typing_extensions import override

from hptsdk.rules.range_values import parse_number
from hptsdk.rules.search import EPOCHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.shapes import (
        HyperParameterTrainingJobDefinition,
        HyperParameterTuningJobConfig,
        TuningJobCompletionCriteria,
    )

# The median rule applies from this epoch, if this many training jobs that have ended reached the epoch.
_FIRST_EPOCH, _ENDED = 2, 3

# At a rung of successive halving, the best third continues. Each rung is three times as far as the previous one.
_FACTOR = 3


class EarlyStopping(ABC):
    """A rule that stops training jobs early, by the values of the objective metric that they print.

    Args:
        minimizes: whether a smaller value is better.
    """

    def __init__(self, *, minimizes: bool) -> None:
        self._sign = 1 if minimizes else -1

    @abstractmethod
    def should_stop(self, name: str, epoch: int, value: float) -> bool:
        """Check whether to stop a training job after an epoch, counted from 1, with a value of the objective metric.

        Successive halving compares later values of other training jobs with it.
        """

    @abstractmethod
    def record_end(self, name: str, values: Sequence[float]) -> None:
        """Record all values of a training job that has ended."""


def create_early_stopping(
    config: HyperParameterTuningJobConfig, definition: HyperParameterTrainingJobDefinition, *, minimizes: bool
) -> EarlyStopping | None:
    """Create the rule of a definition: successive halving for Hyperband, the median rule for Auto, else None.

    Raises:
        ValueError: MaxResource of Hyperband is missing, and no static hyperparameter sets the number of epochs.
    """
    if config.strategy == "Hyperband":
        resources = config.strategy_config and config.strategy_config.hyperband_strategy_config
        return Halving(
            minimizes=minimizes,
            min_resource=(resources and resources.min_resource) or 1,
            max_resource=(resources and resources.max_resource) or _epochs_of(definition),
        )
    return _MedianRule(minimizes=minimizes) if config.training_job_early_stopping_type == "Auto" else None


def _epochs_of(definition: HyperParameterTrainingJobDefinition) -> int:
    """Return the number of epochs from the static hyperparameters of a definition.

    Raises:
        ValueError: none of them sets it.
    """
    static = definition.static_hyper_parameters or {}
    for name in EPOCHS:
        value = parse_number(static[name].strip('"')) if name in static else None
        if value is not None and value >= 1:
            return int(value)
    raise ValueError(
        "MaxResource parameter is not provided and could not be inferred from provided static hyperparameters."
    )


class _MedianRule(EarlyStopping):
    """The median rule: a job stops if its value is worse than the median of the running means of ended jobs."""

    def __init__(self, *, minimizes: bool) -> None:
        super().__init__(minimizes=minimizes)
        # the running means of the training jobs that reached each epoch
        self._means: list[list[float]] = []

    @override
    def should_stop(self, name: str, epoch: int, value: float) -> bool:
        if epoch < _FIRST_EPOCH or epoch > len(self._means) or len(self._means[epoch - 1]) < _ENDED:
            return False
        return self._sign * value > self._sign * median(self._means[epoch - 1])

    @override
    def record_end(self, name: str, values: Sequence[float]) -> None:
        for epoch, total in enumerate(accumulate(values), start=1):
            if epoch > len(self._means):
                self._means.append([])
            self._means[epoch - 1].append(total / epoch)


class Halving(EarlyStopping):
    """Asynchronous successive halving. At a rung that at least three training jobs reached, the best third continues.

    Args:
        minimizes: whether a smaller value is better.
        min_resource: the epoch of the first rung.
        max_resource: the epoch at which every training job is stopped.
    """

    def __init__(self, *, minimizes: bool, min_resource: int, max_resource: int) -> None:
        super().__init__(minimizes=minimizes)
        self._max_resource = max_resource
        # the values of the training jobs that reached each rung
        self._rungs: dict[int, dict[str, float]] = {}
        rung = max(min_resource, 1)
        while rung < max_resource:
            self._rungs[rung] = {}
            rung *= _FACTOR

    @override
    def should_stop(self, name: str, epoch: int, value: float) -> bool:
        if epoch >= self._max_resource:
            return True
        rung = self._rungs.get(epoch)
        if rung is None:
            return False
        rung[name] = self._sign * value
        ranking = sorted(rung.values())
        return rung[name] > ranking[max(1, len(ranking) // _FACTOR) - 1] and len(ranking) >= _FACTOR

    @override
    def record_end(self, name: str, values: Sequence[float]) -> None:
        for epoch, rung in self._rungs.items():
            if epoch <= len(values):
                rung[name] = self._sign * values[epoch - 1]


# The smallest improvement, as a share of the best objective.
_IMPROVEMENT = 0.01

# A tuning job fails after this many training jobs if none of them has an objective.
_MAX_WITHOUT_SUCCESS = 5

# A tuning job fails if the first training jobs, this many for each definition, all fail for the same reason, which is
# not one of their hyperparameters.
_SAME_FAILURES = 2

# The names of training jobs in a path; they differ between failures for the same reason.
_JOB_NAME = re.compile(r"[\w-]+-\d{3,}-[0-9a-f]{8}")

# Lines about a missing file or module, a missing permission, or a program that cannot be read. A line that a program
# prints before its last error may have the same form, so the last line that matches is used.
_UNCHANGING = re.compile(
    r"^(?:AlgorithmError: )?(?:\w+\.)*"
    r"(?:ModuleNotFound|Import|FileNotFound|Permission|NotADirectory|Syntax|Indentation|Tab)Error\b.*"
    r"|^.*: (?:No such file or directory|Permission denied|(?:command )?not found|cannot execute.*)(?=$|, exit code)"
    r"|^.*there is no package called.*"
    r"|^.*(?:can't open file|cannot open file|Cannot find module|cannot be started|cannot be installed).*"
    r"|^.*(?:the source code does not contain|the archive in sagemaker_submit_directory).*",
    re.MULTILINE,
)

# A tuning job has converged after this many training jobs without improvement, or a quarter of all if that is more.
_CONVERGED, _QUARTER = 10, 4

_ALL_FAILED = "Please take a look at the training jobs failures to get more details."
_NO_OBJECTIVE = (
    "Please ensure that the program prints the objective in a form that the Regex of its metric definition matches."
)


@attrs.frozen
class TuningProgress:
    """The results of the ended training jobs of a tuning job.

    Attributes:
        criteria: the TuningJobCompletionCriteria of the request; None if they are not set.
        max_jobs: the maximum number of training jobs; None if it has no limit.
        best: the best objective; None if there is none.
        succeeded: the number of training jobs with an objective.
        failed: the number of training jobs that failed.
        without_objective: the number of training jobs that completed without an objective.
        not_improving: the number of training jobs with an objective since the last improvement by at least 1 %.
        has_reached_target: whether a training job reached the TargetObjectiveMetricValue.
        definitions: the number of definitions of the request.
        same_failures: the number of the first training jobs that failed with the same cause.
        cause: that cause; None if there is none, or a later job without an objective ended otherwise.
        reason: the failure reason of the last training job without an objective.
    """

    criteria: TuningJobCompletionCriteria | None
    max_jobs: int | None
    best: float | None = None
    succeeded: int = 0
    failed: int = 0
    without_objective: int = 0
    not_improving: int = 0
    has_reached_target: bool = False
    definitions: int = 1
    same_failures: int = 0
    cause: str | None = None
    reason: str = ""

    def after(
        self, status: str, objective: float | None, failure_reason: str | None = None, *, minimizes: bool
    ) -> TuningProgress:
        """Return the progress after a further training job has ended.

        Args:
            status: the status of the training job.
            objective: its objective; None if it has none.
            failure_reason: its failure reason. Defaults to none.
            minimizes: whether a smaller objective is better.
        """
        if objective is None:
            failed, completed = self.failed + (status == "Failed"), self.without_objective + (status == "Completed")
            cause = unchanging_cause(failure_reason or "")
            is_same = not self._ended or (self.cause == cause and self.same_failures == self._ended)
            return attrs.evolve(
                self,
                failed=failed,
                without_objective=completed,
                same_failures=self.same_failures + (is_same and cause is not None),
                cause=cause if is_same else None,
                reason=failure_reason or "",
            )
        sign = 1 if minimizes else -1
        gain = None if self.best is None else sign * (self.best - objective)
        improves = self.best is None or gain is None or (gain > 0 and gain >= _IMPROVEMENT * abs(self.best))
        target = self.criteria.target_objective_metric_value if self.criteria else None
        return attrs.evolve(
            self,
            succeeded=self.succeeded + 1,
            best=objective if gain is None or gain > 0 else self.best,
            not_improving=0 if improves else self.not_improving + 1,
            has_reached_target=self.has_reached_target or (target is not None and sign * (target - objective) >= 0),
        )

    @property
    def _ended(self) -> int:
        return self.failed + self.without_objective

    @property
    def _always_fails(self) -> bool:
        """Whether enough training jobs failed, all for the same reason, which is not one of their hyperparameters."""
        return not self.succeeded and _SAME_FAILURES * self.definitions <= self.same_failures == self._ended

    @property
    def has_converged(self) -> bool:
        """Whether 10 training jobs, or a quarter of the maximum if that is more, did not improve the best by 1 %."""
        return self.not_improving >= max(_CONVERGED, (self.max_jobs or 0) / _QUARTER)

    @property
    def is_complete(self) -> bool:
        """Whether a completion criterion is satisfied, or the first training jobs are a reason to fail."""
        if self.failure_reason is not None and (self._ended >= _MAX_WITHOUT_SUCCESS or self._always_fails):
            return True
        if self.criteria is None:
            return False
        limit, convergence = self.criteria.best_objective_not_improving, self.criteria.convergence_detected
        most = limit.max_number_of_training_jobs_not_improving if limit else None
        stops = convergence is not None and convergence.complete_on_convergence == "Enabled" and self.has_converged
        return self.has_reached_target or stops or (most is not None and self.not_improving >= most)

    @property
    def failure_reason(self) -> str | None:
        """Why the tuning job fails if it ends now; None if there is an objective, or no job completed or failed."""
        ended = self._ended
        if self.succeeded or not ended:
            return None
        if self._always_fails:
            return (
                f"The first {ended} training jobs failed with the same error, and no more were started. {self.reason}"
            )
        if self.without_objective:
            return f"No objective metrics found after running {ended} training jobs. {_NO_OBJECTIVE}"
        if ended >= _MAX_WITHOUT_SUCCESS:
            return f"No training job succeeded after {ended} attempts. {_ALL_FAILED}"
        return f"All training jobs failed. {_ALL_FAILED}"


def unchanging_cause(failure_reason: str) -> str | None:
    """Return the last line of a failure reason with a cause that no hyperparameter changes; None if there is none."""
    lines = _UNCHANGING.findall(failure_reason)
    return _JOB_NAME.sub("", lines[-1]) if lines else None
