"""Early stopping of training jobs: the median rule, and asynchronous successive halving for Hyperband.

The k-th value of the objective metric that a training job prints is its k-th epoch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING

from typing_extensions import override

from hptsdk.rules.hyperband import EPOCHS
from hptsdk.rules.range_values import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.shapes import HyperParameterTrainingJobDefinition, HyperParameterTuningJobConfig

__all__ = ["EarlyStopping", "Halving", "MedianRule", "create_early_stopping", "epochs_of"]

# The median rule applies from this epoch, once this many training jobs have ended.
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
        """Check whether to stop a training job after an epoch.

        Args:
            name: the name of the training job.
            epoch: the epoch, counted from 1.
            value: the value of the objective metric, with which later values of other training jobs are compared.
        """

    @abstractmethod
    def record_end(self, name: str, values: Sequence[float]) -> None:
        """Record all values of a training job that has ended."""


def create_early_stopping(
    config: HyperParameterTuningJobConfig, definition: HyperParameterTrainingJobDefinition, *, minimizes: bool
) -> EarlyStopping | None:
    """Create the rule of a definition: successive halving for Hyperband, the median rule for Auto, or None.

    Args:
        config: the configuration of the tuning job.
        definition: the definition.
        minimizes: whether a smaller value of its objective metric is better.

    Raises:
        ValueError: MaxResource of Hyperband is missing, and no static hyperparameter sets the number of epochs.
    """
    if config.strategy == "Hyperband":
        resources = config.strategy_config and config.strategy_config.hyperband_strategy_config
        return Halving(
            minimizes=minimizes,
            min_resource=(resources and resources.min_resource) or 1,
            max_resource=(resources and resources.max_resource) or epochs_of(definition),
        )
    return MedianRule(minimizes=minimizes) if config.training_job_early_stopping_type == "Auto" else None


def epochs_of(definition: HyperParameterTrainingJobDefinition) -> int:
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


class MedianRule(EarlyStopping):
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
    """Asynchronous successive halving: at each rung the best third continues, and all stop at the largest resource.

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
