"""The builder of a tuning job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast, overload

from hptsdk._validation import closest, members_of, names_arguments, shown, validate, violations
from hptsdk.builder._objective import objective
from hptsdk.builder._partial_shape import Partial, raw
from hptsdk.builder._ranges import RangeMethods
from hptsdk.builder._repr import summary, summary_of_job
from hptsdk.builder._training import DefinitionBuilder, TrainingBuilder
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import (
    Autotune,
    BestObjectiveNotImproving,
    ConvergenceDetected,
    CreateHyperParameterTuningJobRequest,
    HyperbandStrategyConfig,
    HyperParameterTrainingJobDefinition,
    HyperParameterTuningJobConfig,
    HyperParameterTuningJobStrategyConfig,
    HyperParameterTuningJobWarmStartConfig,
    ParameterRanges,
    ParentHyperParameterTuningJob,
    ResourceLimits,
    Tag,
)

if TYPE_CHECKING:
    from typing import Self

    from hptsdk._validation import Shape
    from hptsdk.enums import HyperParameterTuningJobWarmStartType

__all__ = ["TuningJobBuilder", "tuning_job"]

_REQUEST = CreateHyperParameterTuningJobRequest
_CONFIG = "hyper_parameter_tuning_job_config"
_NAME = "hyper_parameter_tuning_job_name"
_CRITERIA = "tuning_job_completion_criteria"

Training = TrainingBuilder | HyperParameterTrainingJobDefinition
Definition = DefinitionBuilder | HyperParameterTrainingJobDefinition

# The message of pyright for a call without an objective ends with this name.
DefinitionsWithoutMinimizeOrMaximize = Sequence[Definition]


@overload
def tuning_job(
    name: str, training: Training, *, minimize: str, max_jobs: int | None = None, max_parallel_jobs: int
) -> TuningJobBuilder: ...
@overload
def tuning_job(
    name: str, training: Training, *, maximize: str, max_jobs: int | None = None, max_parallel_jobs: int
) -> TuningJobBuilder: ...
@overload
def tuning_job(
    name: str, training: DefinitionsWithoutMinimizeOrMaximize, *, max_jobs: int | None = None, max_parallel_jobs: int
) -> TuningJobBuilder: ...
@names_arguments(
    name="HyperParameterTuningJobName",
    minimize="MetricName",
    maximize="MetricName",
    max_jobs="MaxNumberOfTrainingJobs",
    max_parallel_jobs="MaxParallelTrainingJobs",
)
def tuning_job(  # noqa: PLR0913 - what the API requires is required here
    name: str,
    training: Training | Sequence[Definition],
    *,
    minimize: str | None = None,
    maximize: str | None = None,
    max_jobs: int | None = None,
    max_parallel_jobs: int,
) -> TuningJobBuilder:
    """Begin a tuning job. Its strategy is Bayesian until another is named.

    Args:
        name: unique in the account and region, whatever the case of its letters; see `hptsdk.unique_name`.
        training: what `hptsdk.training` began; or several named definitions, each with its own objective.
        minimize: the metric to minimize; or
        maximize: the metric to maximize; exactly one of the two, and neither with several definitions.
        max_jobs: most training jobs in all; left out for Grid, which counts its own, and where Autotune chooses.
        max_parallel_jobs: most training jobs at a time.

    Raises:
        InvalidShapeError: an argument that the service would refuse.
        TypeError: not exactly one objective, or one beside several definitions.
    """
    several = isinstance(training, Sequence) and not isinstance(training, str)
    if several and (minimize is not None or maximize is not None):
        raise TypeError("pass minimize= or maximize= to each definition, with training(...).named(name, ...)")
    if not several and not isinstance(cast("object", training), TrainingBuilder | HyperParameterTrainingJobDefinition):
        raise TypeError(f"training: expected hptsdk.training(...) or a list of definitions, got {shown(training)}")
    config = Partial(
        HyperParameterTuningJobConfig,
        strategy="Bayesian",
        resource_limits=Partial(
            ResourceLimits,
            ("max_parallel_training_jobs",),
            max_number_of_training_jobs=max_jobs,
            max_parallel_training_jobs=max_parallel_jobs,
        ),
        hyper_parameter_tuning_job_objective=None if several else objective(minimize, maximize),
    )
    request = Partial(_REQUEST, (_NAME,), **{_NAME: name, _CONFIG: config})
    return TuningJobBuilder(request.checked(), tuple(training) if isinstance(training, Sequence) else training)


class TuningJobBuilder(RangeMethods):
    """Builds a tuning job; made by `hptsdk.tuning_job`."""

    def __init__(self, request: Partial, training: Training | tuple[Definition, ...]) -> None:
        self._request = request
        self._training = training

    def __repr__(self) -> str:
        """Return a summary in a few lines, without values that may be secrets."""
        parts = tuple(map(_members, self._training)) if isinstance(self._training, tuple) else _members(self._training)
        return summary(self, self._request.get(_NAME), summary_of_job(self._request, parts))

    def _new(self, request: Partial) -> Self:
        return type(self)(request, self._training)

    def _config(self, **members: object) -> Self:
        return self._new(self._request.within(_CONFIG, **members))

    def _within_config(self, name: str, **members: object) -> Self:
        """Set members of a structure of the configuration; None is refused."""
        config = self._request.get(_CONFIG)
        if not isinstance(config, Partial):
            config = cast("Partial", self._request.within(_CONFIG).get(_CONFIG))
        return self._new(self._request.with_(**{_CONFIG: config.within(name, tuple(members), **members)}))

    def _ranges(self) -> ParameterRanges | None:
        return cast("ParameterRanges | None", self._request.get(_CONFIG, "parameter_ranges"))

    def _with_ranges(self, ranges: ParameterRanges) -> Self:
        return self._config(parameter_ranges=ranges)

    # --- how it searches ---

    @names_arguments()
    def bayesian(self, *, random_seed: int | None = None) -> Self:
        """Search where earlier results promise most; with a seed, more nearly the same way again."""
        return self._strategy("Bayesian", random_seed)

    @names_arguments()
    def random(self, *, random_seed: int | None = None) -> Self:
        """Search at random; with a seed, the same way again."""
        return self._strategy("Random", random_seed)

    @names_arguments()
    def grid(self) -> Self:
        """Try every combination of the categorical ranges, once each."""
        return self._strategy("Grid", None)

    @names_arguments()
    def hyperband(self, *, min_resource: int, max_resource: int, random_seed: int | None = None) -> Self:
        """Search at random and stop early what does badly.

        Args:
            min_resource: epochs that a training job may run before it can be stopped.
            max_resource: epochs after which it is stopped.
            random_seed: makes it search the same way again.
        """
        resources = raw(HyperbandStrategyConfig, min_resource=min_resource, max_resource=max_resource)
        strategy = raw(HyperParameterTuningJobStrategyConfig, hyperband_strategy_config=resources)
        return self._strategy("Hyperband", random_seed, strategy)

    def _strategy(self, strategy: str, random_seed: int | None, config: Shape | None = None) -> Self:
        return self._config(strategy=strategy, random_seed=random_seed, strategy_config=config)

    # --- when it stops ---

    @names_arguments()
    def early_stopping(self) -> Self:
        """Stop training jobs that do worse than earlier ones did by then."""
        return self._config(training_job_early_stopping_type="Auto")

    @names_arguments(objective="TargetObjectiveMetricValue")
    def stop_at(self, objective: float | Decimal) -> Self:
        """End the job once a training job reaches this value of the objective."""
        target = float(objective) if isinstance(objective, Decimal) else objective
        return self._within_config(_CRITERIA, target_objective_metric_value=target)

    @names_arguments(jobs="MaxNumberOfTrainingJobsNotImproving")
    def stop_when_not_improving(self, jobs: int) -> Self:
        """End the job once this many training jobs did not improve on the best."""
        needed = "max_number_of_training_jobs_not_improving"
        criterion = Partial(BestObjectiveNotImproving, (needed,), **{needed: jobs})
        return self._within_config(_CRITERIA, best_objective_not_improving=criterion)

    @names_arguments()
    def stop_on_convergence(self) -> Self:
        """End the job once SageMaker thinks that it is unlikely to improve."""
        criterion = ConvergenceDetected(complete_on_convergence="Enabled")
        return self._within_config(_CRITERIA, convergence_detected=criterion)

    @names_arguments(seconds="MaxRuntimeInSeconds")
    def max_runtime(self, seconds: int) -> Self:
        """End the job after this time, all training jobs together."""
        return self._within_config("resource_limits", max_runtime_in_seconds=seconds)

    # --- the rest ---

    @names_arguments(parents="ParentHyperParameterTuningJobs", kind="WarmStartType")
    def warm_start(self, *parents: str, kind: HyperParameterTuningJobWarmStartType) -> Self:
        """Begin with what earlier tuning jobs found.

        Args:
            *parents: their names, in place of any given before.
            kind: whether data and algorithm are the same, or what was learned is carried over to others.
        """
        return self.with_(
            warm_start_config=Partial(
                HyperParameterTuningJobWarmStartConfig,
                ("warm_start_type",),
                parent_hyper_parameter_tuning_jobs=[
                    raw(ParentHyperParameterTuningJob, hyper_parameter_tuning_job_name=parent) for parent in parents
                ],
                warm_start_type=kind,
            )
        )

    @names_arguments()
    def autotune(self) -> Self:
        """Let SageMaker choose what is not said here."""
        return self.with_(autotune=Autotune(mode="Enabled"))

    @names_arguments()
    def tag(self, key: str, value: str) -> Self:
        """Add a tag to the tuning job and its training jobs."""
        known = cast("Sequence[Tag] | None", self._request.get("tags"))
        return self.with_(tags=[*(known or ()), raw(Tag, key=key, value=value)])

    @names_arguments()
    def tags(self, tags: Mapping[str, str]) -> Self:
        """Set all the tags."""
        if not isinstance(cast("object", tags), Mapping):
            raise TypeError(f"tags: expected a mapping of keys to values, got {shown(tags)}")
        return self.with_(tags=[raw(Tag, key=key, value=value) for key, value in tags.items()])

    @names_arguments()
    def with_(self, **members: object) -> Self:
        """Take ready shapes for members of CreateHyperParameterTuningJobRequest or of its configuration.

        Each takes the place of what was there.

        Raises:
            TypeError: there is no such member.
            InvalidShapeError: a member that the service would refuse.
        """
        names = {member.attribute for member in members_of(HyperParameterTuningJobConfig)}
        all_names = names | {member.attribute for member in members_of(_REQUEST)}
        for name in members:
            if name not in all_names:
                hint = closest(name, all_names)
                raise TypeError(f"a tuning job has no member {name!r}{'; ' if hint else ''}{hint}")
        of_config = {name: value for name, value in members.items() if name in names}
        of_request = {name: value for name, value in members.items() if name not in names}
        request = self._request.with_(**of_request)
        return self._new(request.within(_CONFIG, **of_config) if of_config else request)

    @names_arguments()
    def build(self) -> CreateHyperParameterTuningJobRequest:
        """Put the request together and check it as a whole.

        Raises:
            InvalidShapeError: with everything that is wrong.
        """
        if isinstance(self._training, tuple):
            request = self._request.assembled(training_job_definitions=tuple(map(_part, self._training)))
        else:
            request = self._request.assembled(training_job_definition=_part(self._training))
        if problems := validate(request):
            raise InvalidShapeError(violations(_REQUEST, problems))
        return cast("CreateHyperParameterTuningJobRequest", request)


def _members(training: object) -> object:
    """Return the members of a definition; anything else is returned as it is, and refused by the check of the whole."""
    if isinstance(training, TrainingBuilder | DefinitionBuilder):
        return training._definition  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the builders are one
    return training


def _part(training: object) -> object:
    """Return a definition as a shape."""
    members = _members(training)
    return members.assembled() if isinstance(members, Partial) else members
