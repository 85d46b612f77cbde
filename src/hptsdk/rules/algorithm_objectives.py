"""Rules of the objective metric of a built-in algorithm: its direction, and the channel and hyperparameters it needs.

The facts about the metrics are in `facts/algorithms/NAME.json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hptsdk._validation import Problem, advice, format_value, rule
from hptsdk.rules.algorithm_values import algorithm_of_definition, unfit_hyperparameters
from hptsdk.rules.definitions import AlgorithmTraining, effective_ranges, objectives_of
from hptsdk.rules.facts.accounts import algorithm_of
from hptsdk.rules.facts.algorithms import metric_direction

if TYPE_CHECKING:
    from hptsdk._validation import Part, Step
    from hptsdk.rules.facts.algorithms.model import Metric
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterTuningJobObjective as Objective,
    )


class _EffectiveObjective(NamedTuple):
    """An objective, its path and its metric, and the training of the built-in algorithm that emits the metric."""

    path: tuple[Step, ...]
    objective: Objective
    training: AlgorithmTraining
    metric: Metric


def _objectives(request: Request) -> list[Part]:
    """Return the effective objectives whose metrics are in the facts, as at most one part.

    A metric that the request defines itself for an image of an algorithm is omitted, because it may be another one.
    """
    objectives: list[_EffectiveObjective] = []
    for path, objective, definition in objectives_of(request):
        algorithm = algorithm_of_definition(definition)
        metric = algorithm.metrics.get(objective.metric_name) if algorithm is not None else None
        if algorithm is None or metric is None:
            continue
        defined = definition.algorithm_specification.metric_definitions or ()
        if not algorithm.repositories or all(each.name != metric.name for each in defined):
            ranges = effective_ranges(request, definition)
            objectives.append(
                _EffectiveObjective(path, objective, AlgorithmTraining(definition, algorithm, ranges), metric)
            )
    return [((), (objectives,))] if objectives else []


def _objectives_of_another_type(request: Request) -> list[Part]:
    """Return the effective objectives if the type of one is not the direction of its metric; else nothing.

    So the facts, which take longer to create than a request, are not created for a valid one.
    """
    for _, objective, definition in objectives_of(request):
        name = algorithm_of(definition.algorithm_specification.training_image or "")
        if name is not None and metric_direction(name, objective.metric_name) not in {None, objective.type}:
            return _objectives(request)
    return []


@rule("objective-type-of-the-algorithm", source="dg/automatic-model-tuning-define-metrics-variables", basis="observed")
def objective_type_of_the_algorithm(objectives: list[_EffectiveObjective]) -> list[Problem]:
    """The objective metric of a built-in algorithm is optimized in the direction that AWS documents.

    The service rejects a request with the other `Type`. The page about tuning each algorithm has a table of its
    metrics with their directions.

    Example:
        `Type` "Maximize", `MetricName` "validation:rmse" with an image of XGBoost.
    """
    return [
        Problem(
            *path,
            "type",
            expected=f"{metric.direction} for the metric {format_value(metric.name)} of {training.algorithm.name}",
            got=objective.type,
            hint=f"use {metric.direction}",
        )
        for path, objective, training, metric in objectives
        # the service does not know the metrics of a script
        if objective.type != metric.direction and training.algorithm.repositories
    ]


@advice("objective-needs-its-channel", source="dg/automatic-model-tuning-define-metrics-variables")
def objective_needs_its_channel(objectives: list[_EffectiveObjective]) -> list[Problem]:
    """A definition has the channel on whose data the objective metric of a built-in algorithm is computed.

    Without the channel the training jobs run, but none of them emits the metric. The tuning job stops after
    several training jobs without an objective metric. Hyperparameters whose names begin with an underscore are
    not documented, and can change where a metric is computed; with one of them nothing is reported.

    Example:
        `MetricName` "validation:rmse" with an image of XGBoost and the only channel "train".
    """
    problems: list[Problem] = []
    for path, _, training, metric in objectives:
        channels = [channel.channel_name for channel in training.definition.input_data_config or ()]
        # a definition without any training data has another problem
        if "train" not in channels or metric.channel is None or metric.channel in channels:
            continue
        if any(name.startswith("_") for name in training.static):
            continue
        problems.append(
            Problem(
                *path,
                "metric_name",
                expected=f"a metric of {training.algorithm.name} that is computed on one of the channels",
                got=f"{format_value(metric.name)}, which needs the channel {format_value(metric.channel)}",
                hint=f"add the channel {format_value(metric.channel)} to InputDataConfig, or use another metric",
            )
        )
    return problems


@advice("objective-fits-the-hyperparameters", source="dg/automatic-model-tuning-define-metrics-variables")
def objective_fits_the_hyperparameters(objectives: list[_EffectiveObjective]) -> list[Problem]:
    """The objective metric of a built-in algorithm is one that it emits with the values of its hyperparameters.

    Some metrics exist only for one mode, one predictor type or some learning objectives. No training job has
    the metric otherwise. A hyperparameter that is not set, or whose range contains a fitting value, is not
    reported.

    Example:
        `MetricName` "validation:merror" with an image of XGBoost and "objective" "binary:logistic".
    """
    return [
        Problem(
            *path,
            "metric_name",
            expected=f"a metric that {training.algorithm.name} emits with the value of the hyperparameter {name}",
            got=f"{format_value(metric.name)}, which needs {name} to be {values}",
            hint=f"use another metric, or another value of {name}",
        )
        for path, _, training, metric in objectives
        for name, values in unfit_hyperparameters(training, metric)
    ]


REQUEST = (
    objective_type_of_the_algorithm.for_parts(_objectives_of_another_type),
    objective_needs_its_channel.for_parts(_objectives),
    objective_fits_the_hyperparameters.for_parts(_objectives),
)
