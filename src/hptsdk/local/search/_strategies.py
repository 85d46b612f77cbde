"""The search strategies: which one a tuning job uses, and random and grid search.

Random and grid search return the same values for the same seed and index, so that a tuning job continues with the same
values after a restart, in any order in which its training jobs end.
"""

from __future__ import annotations

import math
import random
import threading
from typing import TYPE_CHECKING

from typing_extensions import override

from hptsdk._validation import RESERVED
from hptsdk.local.descriptions import algorithm_metrics
from hptsdk.local.search._dimensions import Reals, dimensions_of
from hptsdk.local.search._early_stopping import create_early_stopping
from hptsdk.rules.definitions import definitions_of, effective_objective, effective_ranges
from hptsdk.rules.range_values import count_combinations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk.enums import HyperParameterTuningJobStrategyType, Sampler
    from hptsdk.local.jobs import TrainingJob
    from hptsdk.local.search._dimensions import Dimension
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, HyperParameterTrainingJobDefinition, ParameterRanges

# The difference between the seeds of a tuning job's definitions.
_SEED_STEP = 1_000_003

# After this many draws of values that were used before, unused values are searched in order.
_DRAWS = 100


class Search:
    """A search strategy, which proposes the values of training jobs.

    It proposes values for one index after another, from 0. By default it does not use results.

    Attributes:
        size: the number of combinations of values after which it ends; 0, the default, if it does not end.
    """

    size = 0

    def propose(self, index: int) -> dict[str, str] | None:
        """Return the values of the training job with an index; None if there are no more."""
        raise NotImplementedError

    def record(
        self, index: int, values: Mapping[str, str], objective: float | None, *, is_running: bool = False
    ) -> None:
        """Record the end of a training job, or one that was created before the service was started.

        Args:
            index: the index of the training job. Those created before are recorded in the order of their indices.
            values: its values.
            objective: its objective; None if it has none.
            is_running: whether it has not ended. Defaults to False.
        """

    def standardize(self) -> None:
        """Compare objectives by their distance from the mean of their tuning job, in standard deviations."""

    def add_parent_result(self, values: Mapping[str, str], objective: float) -> None:
        """Record the result of a training job of a parent of a warm start."""


def create_search(
    strategy: HyperParameterTuningJobStrategyType,
    ranges: ParameterRanges | None,
    *,
    seeds: tuple[int, int],
    minimizes: bool,
    sampler: Sampler,
) -> Search:
    """Create the search of a training job definition.

    Args:
        strategy: the Strategy of the request. Hyperband draws values at random, because it stops training jobs early.
        ranges: the ranges of the definition.
        seeds: the seed of the tuning job, and the index of the definition.
        minimizes: whether a smaller objective is better.
        sampler: the sampler of Bayesian searches.

    Raises:
        ValueError: a bound is not a number, or another version of hptsdk has stored a strategy that is unknown.
    """
    seed, index = seeds
    match strategy:
        case "Grid":
            return _GridSearch(ranges)
        case "Bayesian":
            from hptsdk.local.search._bayesian import BayesianSearch  # Optuna takes long to import

            return BayesianSearch(ranges, seed + index * _SEED_STEP, minimizes=minimizes, sampler=sampler)
        case "Random" | "Hyperband":
            return RandomSearch(ranges, f"{seed}/{index}")
    # not `case _`, so that type checkers report a missing strategy
    raise ValueError(f"The strategy {strategy} is unknown.")


class _GridSearch(Search):
    """Grid search: each combination once; the last hyperparameter changes fastest."""

    def __init__(self, ranges: ParameterRanges | None) -> None:
        self._dimensions = dimensions_of(ranges)
        self.size = math.prod(dimension.size or 0 for dimension in self._dimensions)

    @override
    def propose(self, index: int) -> dict[str, str] | None:
        return _combination(self._dimensions, index) if index < self.size else None


def _combination(dimensions: tuple[Dimension, ...], index: int) -> dict[str, str]:
    values: dict[str, str] = {}
    for dimension in reversed(dimensions):
        if not isinstance(dimension, Reals):
            index, place = divmod(index, dimension.size)
            values[dimension.name] = dimension.nth(place)
    return {dimension.name: values[dimension.name] for dimension in dimensions}


class RandomSearch(Search):
    """Random search with independent draws. If the combinations are countable, none is used twice.

    The same seed produces the same values.
    """

    def __init__(self, ranges: ParameterRanges | None, seed: str) -> None:
        self._dimensions = dimensions_of(ranges)
        self._seed = seed
        self._size = count_combinations(ranges) if ranges else None
        self._drawn: list[dict[str, str]] = []
        self._used: set[tuple[str, ...]] = set()

    @override
    def propose(self, index: int) -> dict[str, str] | None:
        if not self._dimensions:
            return None
        if self._size is None:
            return self._draw(index, 0)
        if index >= self._size:
            return None
        # earlier values are drawn first, because none of them may be drawn again
        while len(self._drawn) <= index:
            values = self._draw_unused(len(self._drawn), self._size)
            self._used.add(tuple(values.values()))
            self._drawn.append(values)
        return self._drawn[index]

    def _generator(self, draw: str) -> random.Random:
        return random.Random(f"{self._seed}/{draw}")  # noqa: S311 - reproducible, not secret

    def _draw(self, index: int, attempt: int) -> dict[str, str]:
        generator = self._generator(f"{index}/{attempt}")
        return {dimension.name: dimension.at(generator.random()) for dimension in self._dimensions}

    def _draw_unused(self, index: int, size: int) -> dict[str, str]:
        """Return a combination that was not drawn before."""
        for attempt in range(_DRAWS):
            values = self._draw(index, attempt)
            if tuple(values.values()) not in self._used:
                return values
        first = self._generator(f"{index}").randrange(size)
        # fewer combinations are used than exist, so this ends
        steps = (_combination(self._dimensions, (first + step) % size) for step in range(size))
        return next(values for values in steps if tuple(values.values()) not in self._used)


class DefinitionSearch:
    """The search over one definition, which can be restored from the stored training jobs.

    Args:
        request: the request of the tuning job.
        definition: one of its definitions.
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
        ValueError: the objective is not set, the regex of a metric or the resource of Hyperband cannot be used, or
            `create_search` raises it.
    """

    def __init__(
        self,
        request: CreateHyperParameterTuningJobRequest,
        definition: HyperParameterTrainingJobDefinition,
        *,
        index: int,
        seed: int,
        sampler: Sampler,
    ) -> None:
        from hptsdk.local.process import compile_metrics

        config, objective = request.hyper_parameter_tuning_job_config, effective_objective(request, definition)
        if objective is None:
            raise ValueError("HyperParameterTuningJobObjective or TuningObjective is not set")
        self.definition = definition
        self.objective = objective
        self.minimizes = objective.type == "Minimize"
        self.strategy = create_search(
            config.strategy,
            effective_ranges(request, definition),
            seeds=(seed, index),
            minimizes=self.minimizes,
            sampler=sampler,
        )
        self._early_stopping = create_early_stopping(config, definition, minimizes=self.minimizes)
        self.has_early_stopping = self._early_stopping is not None
        sent = definition.algorithm_specification.metric_definitions
        self.metrics = compile_metrics(sent or algorithm_metrics(definition))
        self.count = 0
        self._values: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def hyperparameters(self, tuned: dict[str, str]) -> dict[str, str]:
        """Return the static and tuned hyperparameters of a training job, and the one that SageMaker adds."""
        added = {RESERVED: self.objective.metric_name} if self.objective.metric_name else {}
        return {**(self.definition.static_hyper_parameters or {}), **tuned, **added}

    def propose(self) -> dict[str, str] | None:
        """Return the values of the next training job; None if there are no more."""
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
            self.strategy.record(job.index, job.tuned, objective)
            values = self._values.pop(job.name, [])
            if self._early_stopping is not None and objective is not None:
                self._early_stopping.record_end(job.name, values)

    def restart(self, job: TrainingJob) -> None:
        """Discard the values of a training job that starts again, because its logs are read again."""
        with self._lock:
            self._values.pop(job.name, None)

    def restore(self, job: TrainingJob, objective: float | None, values: Sequence[float], *, is_running: bool) -> None:
        """Add a training job that was created before the service was started.

        Args:
            job: the training job.
            objective: its objective; None if it has none.
            values: the values of its objective metric, for early stopping.
            is_running: whether it has not ended.
        """
        self.add(job)
        self.strategy.record(job.index, job.tuned, objective, is_running=is_running)
        if self._early_stopping is not None and objective is not None:
            self._early_stopping.record_end(job.name, values)


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
        ValueError: see `DefinitionSearch`.
    """

    def __init__(self, request: CreateHyperParameterTuningJobRequest, seed: int, sampler: Sampler) -> None:
        config = request.hyper_parameter_tuning_job_config
        self.definitions = tuple(
            DefinitionSearch(request, definition, index=index, seed=seed, sampler=sampler)
            for index, (_, definition) in enumerate(definitions_of(request))
        )
        sizes = [definition.strategy.size for definition in self.definitions]
        self.max_jobs = config.resource_limits.max_number_of_training_jobs or sum(sizes) or None

    @property
    def count(self) -> int:
        return sum(definition.count for definition in self.definitions)

    @property
    def is_full(self) -> bool:
        """Whether the tuning job has all the training jobs that it may have."""
        return self.max_jobs is not None and self.count >= self.max_jobs

    def propose(self) -> tuple[int, dict[str, str]] | None:
        """Return the index of the definition and the values of the next training job; None if there are no more.

        It is the definition with the fewest training jobs that has further values.
        """
        if not self.is_full:
            for index, definition in sorted(enumerate(self.definitions), key=lambda pair: pair[1].count):
                if (values := definition.propose()) is not None:
                    return index, values
        return None
