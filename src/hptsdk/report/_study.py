"""The one table that feeds all pictures: training jobs with what they tried, read by the ranges of their definition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, cast

import attrs

from hptsdk._validation import ENDED, moment, number as float_of, reach, text
from hptsdk.rules.range_values import effective_scaling, parse_number
from hptsdk.transport import redaction_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary
    from hptsdk.transport import Redaction

__all__ = ["Group", "Parameter", "Row", "Study", "minimizes", "study_of"]

Scaling = Literal["Linear", "Logarithmic", "ReverseLogarithmic"]

_SCALINGS: dict[str, Scaling] = {"Logarithmic": "Logarithmic", "ReverseLogarithmic": "ReverseLogarithmic"}

_RANGES: tuple[tuple[str, Literal["integer", "number", "category"]], ...] = (
    ("continuous_parameter_ranges", "number"),
    ("integer_parameter_ranges", "integer"),
    ("categorical_parameter_ranges", "category"),
)


@attrs.frozen
class Parameter:
    """A hyperparameter that was searched.

    Attributes:
        scaling: of its range.
        low: of its range; None if the range is not known.
        high: likewise.
        choices: of a category.
    """

    name: str
    kind: Literal["integer", "number", "category"]
    scaling: Scaling = "Linear"
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Row:
    """One training job.

    Attributes:
        value: the objective, as the service gives it; it may be infinite or NaN.
        reason: why it failed, without secrets.
        tried: its hyperparameters, as the service writes them.
        numbers: those of them that are finite numbers.
    """

    name: str
    status: str
    metric: str
    value: float | None
    created: datetime | None
    begin: datetime | None
    end: datetime | None
    reason: str
    definition: str
    tried: Mapping[str, str]
    numbers: Mapping[str, float]

    @property
    def score(self) -> float | None:
        """The objective where it can be drawn."""
        return self.value if self.value is not None and math.isfinite(self.value) else None

    @property
    def seconds(self) -> float | None:
        """How long it trained."""
        return (self.end - self.begin).total_seconds() if self.begin and self.end else None


@attrs.frozen(eq=False)
class Group:
    """The training jobs of one definition."""

    name: str
    metric: str
    minimizes: bool
    parameters: tuple[Parameter, ...]
    rows: tuple[Row, ...]

    @property
    def scored(self) -> list[Row]:
        """Those with an objective that can be drawn."""
        return [row for row in self.rows if row.score is not None]

    @property
    def kinds(self) -> dict[str, str]:
        """What each hyperparameter is: integer, number or category."""
        return {parameter.name: parameter.kind for parameter in self.parameters}

    @property
    def aim(self) -> tuple[str, bool]:
        """What is to be reached: only values with the same metric and direction can be compared."""
        return self.metric, self.minimizes

    @property
    def direction(self) -> str:
        """Say which way is better."""
        return f"{self.metric or 'objective'}, {'smaller' if self.minimizes else 'larger'} is better"


@attrs.frozen(eq=False)
class Study:
    """A tuning job with all its training jobs, by definition."""

    name: str
    groups: tuple[Group, ...]
    has_ended: bool = False

    @property
    def rows(self) -> list[Row]:
        """All training jobs."""
        return [row for group in self.groups for row in group.rows]

    @property
    def scored(self) -> list[Row]:
        """Those with an objective that can be drawn."""
        return [row for group in self.groups for row in group.scored]

    @property
    def aims(self) -> list[list[tuple[int, Group]]]:
        """The definitions by what is to be reached, each with its number."""
        found: dict[tuple[str, bool], list[tuple[int, Group]]] = {}
        for index, group in enumerate(self.groups):
            found.setdefault(group.aim, []).append((index, group))
        return list(found.values())


def minimizes(response: DescribeHyperParameterTuningJobResponse) -> bool:
    """Tell whether smaller is better; of several definitions the first says so for all."""
    return all(kind == "Minimize" for _, _, kind, _ in list(_definitions(response))[:1])


def study_of(
    response: DescribeHyperParameterTuningJobResponse, summaries: Iterable[HyperParameterTrainingJobSummary]
) -> Study:
    """Read a job and the summaries of all its training jobs; what failed tells why without the job's secrets."""
    redaction = redaction_of(response)
    rows = [_row(summary, redaction) for summary in summaries]
    known = list(_definitions(response))
    if len(known) > 1:
        # what no definition is known for comes last, each name by itself
        names = [name for name, *_ in known]
        others = sorted({row.definition for row in rows} - set(names))
        known += [(name, "", known[0][2], None) for name in others]
        shares = [[row for row in rows if row.definition == name] for name, *_ in known]
    else:
        shares = [rows]
    groups = tuple(_group(*told, share) for told, share in zip(known, shares, strict=True))
    has_ended = text(response.hyper_parameter_tuning_job_status) in ENDED
    return Study(name=text(response.hyper_parameter_tuning_job_name), groups=groups, has_ended=has_ended)


def _definitions(response: DescribeHyperParameterTuningJobResponse) -> Iterator[tuple[str, str, str, object]]:
    """Give each definition's name, metric, direction and ranges."""
    config = reach(response, "hyper_parameter_tuning_job_config")
    objective, ranges = reach(config, "hyper_parameter_tuning_job_objective"), reach(config, "parameter_ranges")
    several = reach(response, "training_job_definitions")
    for definition in cast("tuple[object, ...]", several) if isinstance(several, tuple) and several else (None,):
        own = reach(definition, "tuning_objective") or objective
        yield (
            text(reach(definition, "definition_name")),
            text(reach(own, "metric_name")),
            text(reach(own, "type")) or "Minimize",
            reach(definition, "hyper_parameter_ranges") or ranges,
        )


def _group(name: str, metric: str, direction: str, ranges: object, rows: Sequence[Row]) -> Group:
    parameters = {parameter.name: parameter for parameter in _ranges(ranges)}
    for tried in sorted({name for row in rows for name in row.tried} - parameters.keys()):
        parameters[tried] = _guessed(tried, [row for row in rows if tried in row.tried])
    return Group(
        name=name,
        metric=metric or next((row.metric for row in rows if row.metric), ""),
        minimizes=direction == "Minimize",
        parameters=tuple(parameters.values()),
        rows=tuple(rows),
    )


def _ranges(ranges: object) -> Iterator[Parameter]:
    for member, kind in _RANGES:
        found = reach(ranges, member)
        for one in cast("tuple[object, ...]", found) if isinstance(found, tuple) else ():
            name, values = text(reach(one, "name")), reach(one, "values")
            yield Parameter(
                name=name,
                kind=kind,
                scaling=_scaling(one),
                low=_number(reach(one, "min_value")),
                high=_number(reach(one, "max_value")),
                choices=tuple(map(text, cast("tuple[object, ...]", values))) if isinstance(values, tuple) else (),
            )


def _scaling(numeric: object) -> Scaling:
    """Return the scaling of a range, which never depends on the values that were tried."""
    low, high = parse_number(text(reach(numeric, "min_value"))), parse_number(text(reach(numeric, "max_value")))
    if low is None or high is None:
        return "Linear"
    return _SCALINGS.get(effective_scaling(text(reach(numeric, "scaling_type")) or None, low, high), "Linear")


def _guessed(name: str, rows: Sequence[Row]) -> Parameter:
    """Describe a hyperparameter whose range is not known, as one that Autotune chose."""
    are_numbers = all(name in row.numbers for row in rows)
    return Parameter(name=name, kind="number" if are_numbers else "category")


def _row(summary: HyperParameterTrainingJobSummary, redaction: Redaction) -> Row:
    metric = reach(summary, "final_hyper_parameter_tuning_job_objective_metric")
    found = reach(summary, "tuned_hyper_parameters")
    given = cast("Mapping[object, object]", found if isinstance(found, Mapping) else {})
    tried = {text(name): text(value) for name, value in given.items()}
    return Row(
        name=text(summary.training_job_name),
        status=text(summary.training_job_status),
        metric=text(reach(metric, "metric_name")),
        value=float_of(reach(metric, "value")),
        created=moment(summary.creation_time),
        begin=moment(summary.training_start_time),
        end=moment(summary.training_end_time),
        reason=redaction.apply(text(summary.failure_reason)),
        definition=text(summary.training_job_definition_name),
        tried=tried,
        numbers={name: read for name, words in tried.items() if (read := _number(words)) is not None},
    )


def _number(value: object) -> float | None:
    try:
        found = float(text(value))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
