"""The search of a tuning job, over all its training job definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.local.search._definition_search import DefinitionSearch
from hptsdk.local.search._strategies import GridSearch
from hptsdk.rules.definitions import definitions_of

if TYPE_CHECKING:
    from hptsdk.local.search._strategies import Sampler
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["TuningSearch"]


class TuningSearch:
    """The search of a tuning job.

    Args:
        request: the request, with the choices of Autotune.
        seed: the RandomSeed of the request, or a random one.
        sampler: the sampler of Bayesian searches.

    Attributes:
        definitions: the searches of the definitions.
        max_jobs: the most training jobs of the tuning job; None if it has no limit.

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

        The definition with the fewest training jobs comes first, if it has further values.
        """
        if not self.is_full:
            for index, definition in sorted(enumerate(self.definitions), key=lambda pair: pair[1].count):
                if (values := definition.propose()) is not None:
                    return index, values
        return None
