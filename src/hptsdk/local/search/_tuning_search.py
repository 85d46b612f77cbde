"""The search of a tuning job: for each definition its strategy, its early stopping and its training jobs so far."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hptsdk._validation import RESERVED
from hptsdk.local.descriptions import algorithm_metrics
from hptsdk.local.search._early_stopping import create_early_stopping
from hptsdk.local.search._strategies import GridSearch, create_search
from hptsdk.rules.definitions import definitions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hptsdk.local.jobs import TrainingJob
    from hptsdk.local.search._strategies import Sampler
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterTrainingJobDefinition,
        HyperParameterTuningJobConfig,
        ParameterRanges,
    )

__all__ = ["DefinitionSearch", "TuningSearch"]


class DefinitionSearch:
    """The search over one definition, which can be restored from the stored training jobs.

    Args:
        config: the configuration of the tuning job.
        definition: the definition.
        index: the index of the definition.
        seed: the seed of the tuning job.
        sampler: the sampler of Bayesian searches.

    Attributes:
        definition: the definition.
        objective: its objective metric.
        minimizes: whether a smaller objective is better.
        metrics: its metric definitions, or those of its built-in algorithm, compiled.
        strategy: the search strategy.
        has_early_stopping: whether training jobs can be stopped early.
        count: the number of training jobs so far.

    Raises:
        ValueError: the regex of a metric, or the resource of Hyperband, cannot be used.
    """

    def __init__(
        self,
        config: HyperParameterTuningJobConfig,
        definition: HyperParameterTrainingJobDefinition,
        *,
        index: int,
        seed: int,
        sampler: Sampler,
    ) -> None:
        from hptsdk.local.process import compile_metrics

        objective = definition.tuning_objective or config.hyper_parameter_tuning_job_objective
        if objective is None:
            raise ValueError("no objective is set")
        self.definition = definition
        self.objective = objective
        self.minimizes = objective.type == "Minimize"
        self.strategy = create_search(
            config.strategy,
            _ranges(config, definition),
            seeds=(seed, index),
            minimizes=self.minimizes,
            sampler=sampler,
        )
        self._early_stopping = create_early_stopping(config, definition, minimizes=self.minimizes)
        self.has_early_stopping = self._early_stopping is not None
        specification = definition.algorithm_specification
        self.metrics = compile_metrics(
            specification.metric_definitions
            or algorithm_metrics(
                specification.training_image, definition.static_hyper_parameters, definition.environment
            )
        )
        self.count = 0
        self._values: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def hyperparameters(self, tuned: dict[str, str]) -> dict[str, str]:
        """Return all hyperparameters of a training job, with the one that SageMaker adds if there is an objective."""
        added = {RESERVED: self.objective.metric_name} if self.objective.metric_name else {}
        return {**(self.definition.static_hyper_parameters or {}), **tuned, **added}

    def propose(self) -> dict[str, str] | None:
        """Return the values of the next training job, and record it as running; None if there are no more."""
        with self._lock:
            return self.strategy.propose(self.count)

    def add(self, job: TrainingJob) -> None:
        """Add a training job, and set its index."""
        job.index = self.count
        self.count += 1

    def should_stop(self, job: TrainingJob, value: float) -> bool:
        """Check whether to stop a training job early, after it printed a value of the objective metric."""
        if self._early_stopping is None:
            return False
        with self._lock:
            values = self._values.setdefault(job.name, [])
            values.append(value)
            return self._early_stopping.should_stop(job.name, len(values), value)

    def record_end(self, job: TrainingJob, objective: float | None) -> None:
        """Record the objective of a training job that has ended; None if it has none."""
        with self._lock:
            self.strategy.record_result(job.index, job.tuned, objective)
            values = self._values.pop(job.name, [])
            if self._early_stopping is not None and objective is not None:
                self._early_stopping.record_end(job.name, values)

    def restart(self, job: TrainingJob) -> None:
        """Forget the values of a training job that starts again, because its logs are read again."""
        with self._lock:
            self._values.pop(job.name, None)

    def restore(self, job: TrainingJob, objective: float | None, values: Sequence[float], *, is_running: bool) -> None:
        """Add a training job that was created before the service was opened.

        Args:
            job: the training job.
            objective: its objective; None if it has none.
            values: the values of its objective metric, for early stopping.
            is_running: whether it has not ended.
        """
        self.add(job)
        self.strategy.restore(job.index, job.tuned, objective, is_running=is_running)
        if self._early_stopping is not None and objective is not None:
            self._early_stopping.record_end(job.name, values)


def _ranges(
    config: HyperParameterTuningJobConfig, definition: HyperParameterTrainingJobDefinition
) -> ParameterRanges | None:
    """Return the ranges that apply to a definition: its own come first if it is one of several."""
    own, common = definition.hyper_parameter_ranges, config.parameter_ranges
    return (common or own) if definition.definition_name is None else (own or common)


class TuningSearch:
    """The search of a tuning job.

    Args:
        request: the request, with the choices of Autotune.
        seed: the RandomSeed of the request, or a random one.
        sampler: the sampler of Bayesian searches.

    Attributes:
        definitions: the searches of the definitions.
        max_jobs: the maximum number of training jobs of the tuning job; None if it has no limit.

    Raises:
        ValueError: the regex of a metric, or the resource of Hyperband, cannot be used.
    """

    def __init__(self, request: CreateHyperParameterTuningJobRequest, seed: int, sampler: Sampler) -> None:
        config = request.hyper_parameter_tuning_job_config
        self.definitions = tuple(
            DefinitionSearch(config, definition, index=index, seed=seed, sampler=sampler)
            for index, (_, definition) in enumerate(definitions_of(request))
        )
        grids = [one.strategy.size for one in self.definitions if isinstance(one.strategy, GridSearch)]
        self.max_jobs = config.resource_limits.max_number_of_training_jobs or sum(grids) or None

    @property
    def count(self) -> int:
        """The number of training jobs so far."""
        return sum(definition.count for definition in self.definitions)

    @property
    def is_full(self) -> bool:
        """Whether the tuning job has all the training jobs that it may have."""
        return self.max_jobs is not None and self.count >= self.max_jobs

    def propose(self) -> tuple[int, dict[str, str]] | None:
        """Return the definition and the values of the next training job; None if there are no more.

        It is the definition with the fewest training jobs that has further values.
        """
        if not self.is_full:
            for index, definition in sorted(enumerate(self.definitions), key=lambda pair: pair[1].count):
                if (values := definition.propose()) is not None:
                    return index, values
        return None
