"""The builder of tuning jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from typing_extensions import override

from hptsdk._validation import Placeholder, format_value, is_mapping, is_tuple, members_of, validate, violations
from hptsdk._validation.call_arguments import names_arguments
from hptsdk.builder._channels_and_ranges import RangeMethods
from hptsdk.builder._partial_shape import PartialShape, definition_shape, member, no_member, unvalidated_part
from hptsdk.builder._repr import builder_repr, job_lines
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import (
    Autotune,
    BestObjectiveNotImproving,
    ConvergenceDetected,
    CreateHyperParameterTuningJobRequest,
    HyperbandStrategyConfig,
    HyperParameterTuningJobConfig,
    HyperParameterTuningJobStrategyConfig,
    HyperParameterTuningJobWarmStartConfig,
    ParentHyperParameterTuningJob,
    Tag,
)
from hptsdk.wire import template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from typing import Self

    from hptsdk._validation import Shape
    from hptsdk.enums import HyperParameterTuningJobWarmStartType
    from hptsdk.wire import Syntax, Template

_REQUEST = CreateHyperParameterTuningJobRequest
_CONFIG = "hyper_parameter_tuning_job_config"
_NAME = "hyper_parameter_tuning_job_name"
_CRITERIA = "tuning_job_completion_criteria"


class TuningJobBuilder(RangeMethods):
    """Builder of a tuning job; created by `hptsdk.tuning_job`."""

    _ranges = (_CONFIG, "parameter_ranges")

    def __init__(self, request: PartialShape, training: object) -> None:
        super().__init__(request)
        self._training = training

    def __repr__(self) -> str:
        """Return the parts in a few lines, without values that may be secrets."""
        return builder_repr(self, member(self._partial, _NAME), job_lines(self._partial, self._training))

    @override
    def _new(self, partial: PartialShape) -> Self:
        return type(self)(partial, self._training)

    def _with_config(self, **members: object) -> Self:
        """Return a new builder with these members in the configuration."""
        return self._new(self._partial.replace_in(_CONFIG, **members))

    def _within_config(self, name: str, **members: object) -> Self:
        """Return a new builder with these members, which may not be None, in a structure of the configuration."""
        config = self._partial.structure(_CONFIG).replace_in(name, tuple(members), **members)
        return self._new(self._partial.replace(**{_CONFIG: config}))

    # --- strategy ---

    @names_arguments()
    def bayesian(self, *, random_seed: int | None = None) -> Self:
        """Use Bayesian optimization.

        Args:
            random_seed: an integer of 0 or more. The same job with the same seed draws similar values again.
                Defaults to None, for a random seed.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the seed is out of range.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html.
        """
        return self._strategy("Bayesian", random_seed)

    @names_arguments()
    def random(self, *, random_seed: int | None = None) -> Self:
        """Use random search.

        Args:
            random_seed: an integer of 0 or more. The same job with the same seed draws the same values again.
                Defaults to None, for a random seed.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the seed is out of range.
        """
        return self._strategy("Random", random_seed)

    @names_arguments()
    def grid(self) -> Self:
        """Use grid search: train once with each combination of categorical values. Returns a new builder."""
        return self._strategy("Grid", None)

    @names_arguments()
    def hyperband(self, *, min_resource: int, max_resource: int, random_seed: int | None = None) -> Self:
        """Use Hyperband, which stops training jobs with poor results early.

        Args:
            min_resource: the number of epochs, or of other units of the resource, after which a training job may be
                stopped. The minimum is 1, as in ``hyperband(min_resource=1, max_resource=27)``.
            max_resource: the number of units after which a training job ends, from `min_resource` to 20,000.
            random_seed: an integer of 0 or more. The same job with the same seed draws the same values again.
                Defaults to None, for a random seed.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: an argument violates a constraint or rule.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperbandStrategyConfig.html.
        """
        resources = unvalidated_part(HyperbandStrategyConfig, min_resource=min_resource, max_resource=max_resource)
        config = unvalidated_part(HyperParameterTuningJobStrategyConfig, hyperband_strategy_config=resources)
        return self._strategy("Hyperband", random_seed, config)

    def _strategy(self, strategy: str, random_seed: int | None, config: Shape | None = None) -> Self:
        return self._with_config(strategy=strategy, random_seed=random_seed, strategy_config=config)

    # --- end of the job ---

    @names_arguments()
    def early_stopping(self) -> Self:
        """Stop training jobs that are unlikely to be better than earlier ones. Returns a new builder.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-early-stopping.html.
        """
        return self._with_config(training_job_early_stopping_type="Auto")

    @names_arguments(objective="TargetObjectiveMetricValue")
    def stop_at(self, objective: float | Decimal) -> Self:
        """Stop the tuning job when a training job reaches a value of the objective metric.

        Args:
            objective: the value. A training job reaches it with at most this value if the metric is minimized, and with
                at least this value if it is maximized, as in ``stop_at(0.95)`` for an accuracy.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the value is not a finite number.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TuningJobCompletionCriteria.html.
        """
        return self._within_config(_CRITERIA, target_objective_metric_value=objective)

    @names_arguments(jobs="MaxNumberOfTrainingJobsNotImproving")
    def stop_when_not_improving(self, jobs: int) -> Self:
        """Stop the tuning job when a number of training jobs did not improve the best result by 1 % or more.

        Args:
            jobs: the number of training jobs, 3 or more.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the number is out of range.
        """
        name = "max_number_of_training_jobs_not_improving"
        criterion = PartialShape(BestObjectiveNotImproving, (name,), **{name: jobs})
        return self._within_config(_CRITERIA, best_objective_not_improving=criterion)

    @names_arguments()
    def stop_on_convergence(self) -> Self:
        """Stop the tuning job when an improvement of more than 1 % is unlikely. Returns a new builder."""
        criterion = ConvergenceDetected(complete_on_convergence="Enabled")
        return self._within_config(_CRITERIA, convergence_detected=criterion)

    @names_arguments(seconds="MaxRuntimeInSeconds")
    def max_runtime(self, seconds: int) -> Self:
        """Stop the tuning job after a time.

        Args:
            seconds: the time in seconds, from 120 to 15,768,000.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the time is out of range.
        """
        return self._within_config("resource_limits", max_runtime_in_seconds=seconds)

    # --- other members ---

    @names_arguments(parents="ParentHyperParameterTuningJobs", kind="WarmStartType")
    def warm_start(self, *parents: str, kind: HyperParameterTuningJobWarmStartType) -> Self:
        """Start with the results of earlier tuning jobs.

        Args:
            *parents: the names of 1 to 5 tuning jobs that have ended.
            kind: ``"IdenticalDataAndAlgorithm"``, or ``"TransferLearning"`` if the data or the algorithm can differ.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: an argument violates a constraint or rule.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-warm-start.html.
        """
        jobs = [
            unvalidated_part(ParentHyperParameterTuningJob, hyper_parameter_tuning_job_name=name) for name in parents
        ]
        config = PartialShape(
            HyperParameterTuningJobWarmStartConfig,
            ("warm_start_type",),
            parent_hyper_parameter_tuning_jobs=jobs,
            warm_start_type=kind,
        )
        return self.with_(warm_start_config=config)

    @names_arguments()
    def autotune(self) -> Self:
        """Let SageMaker choose ranges, the number of training jobs and other settings that are not set.

        Returns:
            A new builder.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Autotune.html.
        """
        return self.with_(autotune=Autotune(mode="Enabled"))

    @names_arguments()
    def tag(self, key: str, value: str) -> Self:
        """Add a tag to the tuning job and its training jobs.

        Args:
            key: 1 to 128 characters.
            value: at most 256 characters.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the key, the value or the number of tags violates a constraint.
        """
        tags: Sequence[Tag] | None = self._partial.get("tags")
        return self.with_(tags=[*(tags or ()), unvalidated_part(Tag, key=key, value=value)])

    @names_arguments()
    def tags(self, tags: Mapping[str, str]) -> Self:
        """Replace all tags.

        Args:
            tags: at most 50 values, by key.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a key, a value or the number of tags violates a constraint.
            TypeError: the tags are not a mapping.
        """
        if isinstance(tags, Placeholder):
            return self.with_(tags=tags)
        if not is_mapping(tags):
            raise TypeError(f"tags: expected a mapping of keys to values, got {format_value(tags)}")
        return self.with_(tags=[unvalidated_part(Tag, key=key, value=value) for key, value in tags.items()])

    @names_arguments()
    def with_(self, **members: object) -> Self:
        """Set members of CreateHyperParameterTuningJobRequest or of HyperParameterTuningJobConfig.

        Args:
            **members: by attribute name, a shape or a value; None removes the member.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a member violates a constraint or rule.
            TypeError: a name is not that of a member.
        """
        names = {member.attribute: member for member in members_of(HyperParameterTuningJobConfig)}
        all_names = names | {member.attribute: member for member in members_of(_REQUEST)}
        for name in members:
            if name not in all_names:
                raise TypeError(no_member("a tuning job", name, all_names))
        of_config = {name: value for name, value in members.items() if name in names}
        of_request = {name: value for name, value in members.items() if name not in names}
        request = self._partial.replace(**of_request)
        return self._new(request.replace_in(_CONFIG, **of_config) if of_config else request)

    @names_arguments()
    def build(self) -> CreateHyperParameterTuningJobRequest:
        """Create the request and validate it.

        Returns:
            A valid request.

        Raises:
            InvalidShapeError: with all violations of constraints and rules.
        """
        request = self._unvalidated()
        if problems := validate(request):
            raise InvalidShapeError(violations(_REQUEST, problems))
        return request

    @names_arguments()
    def template(self, *, syntax: Syntax | None = None) -> Template[CreateHyperParameterTuningJobRequest]:
        """Create a template of the request, whose placeholders another tool fills in; see `hptsdk.placeholder`.

        Args:
            syntax: the syntax of the placeholders, as in `hptsdk.template`. Defaults to that of the results of
                `hptsdk.placeholder` in the builder.

        Raises:
            InvalidShapeError: with all violations that can be decided.
            ValueError: as for `hptsdk.template`.
        """
        return template(_REQUEST, self._unvalidated(), syntax=syntax)

    def _unvalidated(self) -> CreateHyperParameterTuningJobRequest:
        if is_tuple(self._training):
            definitions = tuple([definition_shape(definition, None) for definition in self._training])
            request = self._partial.to_shape(training_job_definitions=definitions)
        else:
            ranges = member(self._partial, _CONFIG, "parameter_ranges")
            request = self._partial.to_shape(training_job_definition=definition_shape(self._training, ranges))
        return cast("CreateHyperParameterTuningJobRequest", request)
