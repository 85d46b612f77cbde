"""What a tuning job asks for, read once: its definitions, what they search, and when it is enough."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

import attrs

from hptsdk._validation import RESERVED, members_of, unvalidated
from hptsdk.local.process import compiled
from hptsdk.local.search._early_stopping import Halving, MedianRule
from hptsdk.local.search._strategies import GridSearch, RandomSearch
from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import parse_number
from hptsdk.rules.request import EPOCHS
from hptsdk.shapes import CreateHyperParameterTuningJobRequest, DescribeHyperParameterTuningJobResponse
from hptsdk.wire import loads

if TYPE_CHECKING:
    from hptsdk.local.process import Watched
    from hptsdk.local.search._early_stopping import Stopping
    from hptsdk.local.search._strategies import Sampler, Search
    from hptsdk.shapes import (
        HyperParameterTrainingJobDefinition,
        HyperParameterTuningJobConfig,
        HyperParameterTuningJobObjective,
        ParameterRanges,
    )

__all__ = ["TRAINING", "TUNING", "Branch", "Plan", "arn_of", "read_request"]

# The kinds of ARN.
TUNING, TRAINING = "hyper-parameter-tuning-job", "training-job"

# How far the seeds of a tuning job's definitions are apart.
_APART = 1_000_003


def arn_of(kind: str, region: str, account: str, name: str) -> str:
    """Make an ARN; SageMaker writes names in them in lower case."""
    return f"arn:aws:sagemaker:{region}:{account}:{kind}/{name.lower()}"


def read_request(text: str) -> CreateHyperParameterTuningJobRequest:
    """Read a stored request without validating it again.

    It was validated when it was created. A rule that a later version of hptsdk has does not apply to it.

    Raises:
        InvalidShapeError: it is not the JSON text of an object.
    """
    # a response takes whatever comes, and the one of Describe has the members of the request
    response = loads(DescribeHyperParameterTuningJobResponse, text)
    members = {
        member.attribute: getattr(response, member.attribute, None)
        for member in members_of(CreateHyperParameterTuningJobRequest)
    }
    return cast(
        "CreateHyperParameterTuningJobRequest", unvalidated(CreateHyperParameterTuningJobRequest, members, extra={})
    )


@attrs.frozen
class Branch:
    """One training job definition with what it optimizes and searches."""

    definition: HyperParameterTrainingJobDefinition
    objective: HyperParameterTuningJobObjective
    search: Search
    stopping: Stopping | None
    watched: tuple[Watched, ...]

    @property
    def minimizes(self) -> bool:
        """Whether smaller is better."""
        return self.objective.type == "Minimize"

    def hyperparameters(self, tuned: dict[str, str]) -> dict[str, str]:
        """Give all that a training job gets, with what SageMaker adds."""
        return {**(self.definition.static_hyper_parameters or {}), **tuned, RESERVED: self.objective.metric_name}


class Plan:
    """A request as the service carries it out.

    Args:
        request: the request.
        seed: its RandomSeed, or one that was drawn.
        sampler: of Bayesian searches.

    Raises:
        ValueError: a metric's regex can't be used.
    """

    def __init__(self, request: CreateHyperParameterTuningJobRequest, seed: int, sampler: Sampler = "tpe") -> None:
        self._sampler: Sampler = sampler
        self.name = request.hyper_parameter_tuning_job_name
        self.config: HyperParameterTuningJobConfig = request.hyper_parameter_tuning_job_config
        limits = self.config.resource_limits
        self.max_parallel = limits.max_parallel_training_jobs
        self.max_runtime = limits.max_runtime_in_seconds
        self.branches = tuple(
            self._branch(definition, index, seed) for index, (_, definition) in enumerate(definitions_of(request))
        )
        self.max_jobs = limits.max_number_of_training_jobs or self._whole_grid()

    def _branch(self, definition: HyperParameterTrainingJobDefinition, index: int, seed: int) -> Branch:
        objective = definition.tuning_objective or self.config.hyper_parameter_tuning_job_objective
        if objective is None:
            raise ValueError("there is no objective")
        ranges = self.config.parameter_ranges or definition.hyper_parameter_ranges
        if definition.definition_name is not None and definition.hyper_parameter_ranges is not None:
            ranges = definition.hyper_parameter_ranges
        return Branch(
            definition,
            objective,
            self._search(ranges, seed, index, minimizes=objective.type == "Minimize"),
            self._stopping(definition, minimizes=objective.type == "Minimize"),
            compiled(definition.algorithm_specification.metric_definitions or ()),
        )

    def _search(self, ranges: ParameterRanges | None, seed: int, index: int, *, minimizes: bool) -> Search:
        match self.config.strategy:
            case "Grid":
                return GridSearch(ranges)
            case "Bayesian":
                from hptsdk.local.search._bayesian import BayesianSearch  # Optuna takes long to import

                own = seed + index * _APART
                return BayesianSearch(ranges, own, minimizes=minimizes, sampler=self._sampler)
            case _:
                # Hyperband too: what it draws can't depend on results, or it would not be reproducible
                return RandomSearch(ranges, f"{seed}/{index}")

    def _stopping(self, definition: HyperParameterTrainingJobDefinition, *, minimizes: bool) -> Stopping | None:
        if self.config.strategy == "Hyperband":
            settings = self.config.strategy_config
            resources = settings.hyperband_strategy_config if settings else None
            return Halving(
                minimizes=minimizes,
                least=(resources and resources.min_resource) or 1,
                most=(resources and resources.max_resource) or _epochs(definition),
            )
        return MedianRule(minimizes=minimizes) if self.config.training_job_early_stopping_type == "Auto" else None

    def _whole_grid(self) -> int | None:
        if self.config.strategy != "Grid":
            return None
        sizes = [branch.search.size for branch in self.branches if isinstance(branch.search, GridSearch)]
        return sum(sizes)

    def training_job_name(self, nonce: str, number: int) -> str:
        """Name a training job: the same again for the same number, and another for a later job of this name."""
        digest = hashlib.sha256(f"{nonce}/{number}".encode()).hexdigest()
        return f"{self.name}-{number:03d}-{digest[:8]}"


def _epochs(definition: HyperParameterTrainingJobDefinition) -> int:
    """Read the largest resource out of the static hyperparameters."""
    static = definition.static_hyper_parameters or {}
    for name in EPOCHS:
        value = parse_number(static[name].strip('"')) if name in static else None
        if value is not None and value >= 1:
            return int(value)
    raise ValueError(
        "MaxResource parameter is not provided and could not be inferred from provided static hyperparameters."
    )
