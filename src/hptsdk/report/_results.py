"""The training jobs of a tuning job, grouped by definition, with their hyperparameters as text and as numbers."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import attrs

from hptsdk._validation import ENDED, aware_datetime, is_list, is_mapping, member_at, number as number_of, text
from hptsdk.rules.range_values import effective_scaling, parse_number
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary
    from hptsdk.transport import Redaction

    # the values of the objective metric while a training job ran, with their times
    Curve = Sequence[tuple[datetime, float]]

Kind = Literal["integer", "number", "category"]

# The maximum number of training jobs in a sample: Optuna copies each of them.
_MAX_SAMPLE = 1_000

_RANGES: tuple[tuple[str, Kind], ...] = (
    ("continuous_parameter_ranges", "number"),
    ("integer_parameter_ranges", "integer"),
    ("categorical_parameter_ranges", "category"),
)


@attrs.frozen
class Parameter:
    """A tuned hyperparameter.

    Attributes:
        scaling: the scaling of the range. Defaults to Linear.
        low, high: the bounds of the range. Default to None, for no known bounds.
        choices: the values of a categorical range. Defaults to none.
    """

    name: str
    kind: Kind
    scaling: str = "Linear"
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Row:
    """A training job. Text that the response does not have is empty.

    Attributes:
        metric: the name of the objective metric.
        value: the objective value, which may be infinite or NaN; None if it is missing.
        created, start, end: the creation time, and the times of the training; None if they are missing.
        reason: the failure reason, without secrets.
        definition: the name of the training job definition.
        tuned: the values of the hyperparameters by their names, as text.
        numbers: the values that are finite numbers, by the names of their hyperparameters.
    """

    name: str
    status: str
    metric: str
    value: float | None
    created: datetime | None
    start: datetime | None
    end: datetime | None
    reason: str
    definition: str
    tuned: Mapping[str, str]
    numbers: Mapping[str, float]

    @property
    def score(self) -> float | None:
        """The objective value; None if it is missing or not finite."""
        return self.value if self.value is not None and math.isfinite(self.value) else None

    @property
    def seconds(self) -> float | None:
        """The training time in seconds; None if the start or the end is missing."""
        return (self.end - self.start).total_seconds() if self.start and self.end else None

    def value_of(self, parameter: Parameter) -> str | float | None:
        """Return the value of a hyperparameter: a category as text, any other as a finite number; None if missing."""
        return (self.tuned if parameter.kind == "category" else self.numbers).get(parameter.name)


@attrs.frozen(eq=False)
class Definition:
    """The training jobs of one training job definition.

    Attributes:
        index: the position of the definition, from 0; it selects the colour and the mark.
        name: the name of the definition; empty if it has none.
        metric: the name of the objective metric; "objective" if it is not known.
        minimizes: whether smaller objective values are better.
        rows: the training jobs, in the order of the response.
    """

    index: int
    name: str
    metric: str
    minimizes: bool
    parameters: tuple[Parameter, ...]
    rows: tuple[Row, ...]

    @cached_property
    def scored(self) -> list[Row]:
        """The training jobs with a finite objective value."""
        return [row for row in self.rows if row.score is not None]

    @property
    def sample(self) -> list[Row]:
        """The training jobs with an objective value: at most 1,000, evenly distributed if there are more."""
        count = min(len(self.scored), _MAX_SAMPLE)
        return [self.scored[index * len(self.scored) // count] for index in range(count)]

    @property
    def tried_values(self) -> list[tuple[Parameter, dict[Row, str | float]]]:
        """The hyperparameters with values in training jobs with an objective value, and these values."""
        tried = [
            (each, {row: value for row in self.scored if (value := row.value_of(each)) is not None})
            for each in self.parameters
        ]
        return [(parameter, values) for parameter, values in tried if values]

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kinds of the hyperparameters, by their names."""
        return {parameter.name: parameter.kind for parameter in self.parameters}

    @property
    def objective(self) -> tuple[str, bool]:
        """The metric, and whether it is minimized. Only values of the same objective can be compared."""
        return self.metric, self.minimizes

    @property
    def better(self) -> str:
        """The better direction: "smaller is better" or "larger is better"."""
        return f"{'smaller' if self.minimizes else 'larger'} is better"

    @property
    def direction(self) -> str:
        """The metric and its better direction, as in "loss, smaller is better"."""
        return f"{self.metric}, {self.better}"


@attrs.frozen(eq=False)
class JobResults:
    """A tuning job with all its training jobs, by definition.

    Attributes:
        definitions: the training job definitions with their training jobs, in the order of the response.
        has_ended: whether the tuning job has ended. Defaults to False.
    """

    name: str
    definitions: tuple[Definition, ...]
    has_ended: bool = False

    @cached_property
    def rows(self) -> list[Row]:
        """All training jobs."""
        return [row for definition in self.definitions for row in definition.rows]

    @cached_property
    def scored(self) -> list[Row]:
        """The training jobs with a finite objective value."""
        return [row for definition in self.definitions for row in definition.scored]

    @property
    def by_objective(self) -> list[list[Definition]]:
        """The definitions, as one list for each objective."""
        lists: dict[tuple[str, bool], list[Definition]] = {}
        for definition in self.definitions:
            lists.setdefault(definition.objective, []).append(definition)
        return list(lists.values())


def best_first(rows: Iterable[Row], *, minimizes: bool) -> list[Row]:
    """Sort training jobs by their objective values, the best first. Training jobs without one are last."""

    def order(row: Row) -> tuple[bool, float, str]:
        score = row.score
        return score is None, 0.0 if score is None else score if minimizes else -score, row.name

    return sorted(rows, key=order)


def minimizes(response: DescribeHyperParameterTuningJobResponse) -> bool:
    """Check whether the tuning job minimizes its objective. If it has several definitions, the first one is used.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobObjective.html
    """
    _, _, direction, _ = next(_definitions(response))
    return direction == "Minimize"


def job_results(
    response: DescribeHyperParameterTuningJobResponse, summaries: Iterable[HyperParameterTrainingJobSummary]
) -> JobResults:
    """Create the table of the training jobs of a tuning job.

    Any member of the responses can be missing or have another type.

    Args:
        response: the response of Describe.
        summaries: the summaries of all training jobs.

    Returns:
        The training jobs by definition. If the response has several, those that only training jobs name are added.
    """
    redaction = redaction_of(response)
    rows = [_row(summary, redaction) for summary in summaries]
    definitions = list(_definitions(response))
    is_only = len(definitions) == 1
    if not is_only:
        # training jobs of unknown definitions are last
        others = sorted({row.definition for row in rows} - {name for name, *_ in definitions})
        definitions += [(name, "", definitions[0][2], []) for name in others]
    return JobResults(
        name=text(response.hyper_parameter_tuning_job_name),
        definitions=tuple(
            _definition(index, members, [row for row in rows if is_only or row.definition == members[0]])
            for index, members in enumerate(definitions)
        ),
        has_ended=text(response.hyper_parameter_tuning_job_status) in ENDED,
    )


def definitions_of(response: DescribeHyperParameterTuningJobResponse) -> Sequence[object]:
    """Return the definitions of a tuning job; a tuple with None if the response has none."""
    several = member_at(response, "training_job_definitions")
    return several if is_list(several) and several else (member_at(response, "training_job_definition"),)


def objective_of(response: DescribeHyperParameterTuningJobResponse, definition: object) -> object:
    """Return the objective of a definition; None if there is none."""
    of_job = member_at(response, "hyper_parameter_tuning_job_config", "hyper_parameter_tuning_job_objective")
    return next(filter(None, _by_precedence(response, of_job, member_at(definition, "tuning_objective"))), None)


def _by_precedence(
    response: DescribeHyperParameterTuningJobResponse, of_job: object, own: object
) -> tuple[object, object]:
    """Return a member of the tuning job and that of a definition; the first one that is set is used.

    As in `effective_objective` of the rules, that of the job comes first for a single TrainingJobDefinition.
    """
    return (own, of_job) if member_at(response, "training_job_definitions") else (of_job, own)


def _definitions(
    response: DescribeHyperParameterTuningJobResponse,
) -> Iterator[tuple[str, str, str, Sequence[Parameter]]]:
    """Yield the name, the objective metric, its direction and the ranges of each definition in a response."""
    of_job = member_at(response, "hyper_parameter_tuning_job_config", "parameter_ranges")
    for definition in definitions_of(response):
        objective = objective_of(response, definition)
        ranges = _by_precedence(response, of_job, member_at(definition, "hyper_parameter_ranges"))
        yield (
            text(member_at(definition, "definition_name")),
            text(member_at(objective, "metric_name")),
            text(member_at(objective, "type")) or "Minimize",
            next(filter(None, (list(_parameters(each)) for each in ranges)), list[Parameter]()),
        )


def _definition(index: int, members: tuple[str, str, str, Sequence[Parameter]], rows: Sequence[Row]) -> Definition:
    """Create a definition. Tuned hyperparameters without a range come after the others."""
    name, metric, direction, ranges = members
    parameters = {parameter.name: parameter for parameter in ranges}
    for tuned in sorted({name for row in rows for name in row.tuned} - parameters.keys()):
        # the range is not known if Autotune chose the hyperparameter
        are_numbers = all(tuned in row.numbers for row in rows if tuned in row.tuned)
        parameters[tuned] = Parameter(name=tuned, kind="number" if are_numbers else "category")
    return Definition(
        index=index,
        name=name,
        metric=metric or next((row.metric for row in rows if row.metric), "objective"),
        minimizes=direction == "Minimize",
        parameters=tuple(parameters.values()),
        rows=tuple(rows),
    )


def _parameters(ranges: object) -> Iterator[Parameter]:
    """Yield the hyperparameters of a member `ParameterRanges`."""
    for member, kind in _RANGES:
        items = member_at(ranges, member)
        for item in items if is_list(items) else ():
            low, high = (parse_number(text(member_at(item, bound))) for bound in ("min_value", "max_value"))
            scaling, values = text(member_at(item, "scaling_type")) or None, member_at(item, "values")
            yield Parameter(
                name=text(member_at(item, "name")),
                kind=kind,
                # the scaling that SageMaker uses, which does not depend on the values of training jobs
                scaling="Linear" if low is None or high is None else effective_scaling(scaling, low, high),
                low=_finite(low),
                high=_finite(high),
                choices=tuple(map(text, values)) if is_list(values) else (),
            )


def _row(summary: HyperParameterTrainingJobSummary, redaction: Redaction) -> Row:
    """Create the row of a training job, with the secrets in its failure reason redacted."""
    metric = member_at(summary, "final_hyper_parameter_tuning_job_objective_metric")
    members = member_at(summary, "tuned_hyper_parameters")
    tuned = {text(name): text(value) for name, value in members.items()} if is_mapping(members) else {}
    numbers = {name: _finite(value) for name, value in tuned.items()}
    return Row(
        name=text(summary.training_job_name),
        status=text(summary.training_job_status),
        metric=text(member_at(metric, "metric_name")),
        value=number_of(member_at(metric, "value")),
        created=aware_datetime(summary.creation_time),
        start=aware_datetime(summary.training_start_time),
        end=aware_datetime(summary.training_end_time),
        reason=redaction.apply(text(summary.failure_reason)),
        definition=text(summary.training_job_definition_name),
        tuned=tuned,
        numbers={name: value for name, value in numbers.items() if value is not None},
    )


def _finite(value: object) -> float | None:
    """Parse a finite number; None if the value is not one."""
    try:
        number = float(text(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
