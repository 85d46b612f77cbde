"""Rules of the hyperparameters of a built-in algorithm that depend on others, and of its objective metric.

An objective metric depends on the algorithm, on a channel, and on values of hyperparameters. The rules use the facts in
`hptsdk.rules.facts.algorithms`. These may be older than the image of an algorithm, so nearly all rules are advice. A
hyperparameter that only other versions of the image have is not reported.

See https://docs.aws.amazon.com/sagemaker/latest/dg/algos.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-metrics-variables.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hptsdk._validation import Problem, advice, format_value, rule
from hptsdk.rules.algorithm_values import (
    algorithm_of_definition,
    alternatives,
    image_has,
    list_items,
    matches_any,
    violated_value,
)
from hptsdk.rules.definitions import WITH_RANGES, AlgorithmTraining, effective_ranges, objectives_of
from hptsdk.rules.facts.accounts import algorithm_of
from hptsdk.rules.facts.algorithms import metric_direction
from hptsdk.rules.range_values import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk._validation import Part, Step
    from hptsdk.rules.facts.algorithms.model import Hyperparameter, Metric
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterTuningJobObjective as Objective,
    )


@advice(
    "hyperparameter-has-an-effect",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=WITH_RANGES,
)
def hyperparameter_has_an_effect(training: AlgorithmTraining) -> list[Problem]:
    """A hyperparameter of a built-in algorithm has a value only if the other hyperparameters give it an effect.

    The algorithm ignores the hyperparameter or rejects it otherwise, and a search of its values is wasted. A
    static value that is the default is not reported.

    Example:
        `StaticHyperParameters` {"rate_drop": "0.3"} with an image of XGBoost and without "booster" "dart".
    """
    problems: list[Problem] = []
    for name, text in training.static.items():
        fact = training.algorithm.hyperparameters.get(name)
        if fact is None or not fact.only_if or _is_default(fact, text) or not image_has(training.image, fact):
            continue
        problems += [
            Problem(
                *training.path,
                "static_hyper_parameters",
                (name,),
                expected=f"no value, because it has no effect unless {other} is {values}",
                got="a value",
                hint=f"remove it, or set {other} to {values}",
            )
            for other, values in _unmet_conditions(fact.only_if, training)
        ]
    return problems


@advice("range-has-an-effect", source="dg/automatic-model-tuning-define-ranges", needs=WITH_RANGES)
def range_has_an_effect(training: AlgorithmTraining) -> list[Problem]:
    """A hyperparameter of a built-in algorithm has a range only if the other hyperparameters give it an effect.

    The training jobs differ in a value that the algorithm ignores or rejects, so the search is wasted. A value of
    another hyperparameter that is not set is not reported.

    Example:
        "momentum" in `ContinuousParameterRanges` with "optimizer" "adam" and an image of Image Classification.
    """
    return [
        Problem(
            *training.ranges_path,
            member,
            index,
            "name",
            expected="a hyperparameter with an effect",
            got=f"{format_value(item.name)}, which has no effect unless {other} is {values}",
            hint=f"remove the range, or set {other} to {values}",
        )
        for member, index, item in training.ranges
        if (fact := training.algorithm.hyperparameters.get(item.name)) is not None and fact.only_if
        for other, values in _unmet_conditions(fact.only_if, training, with_defaults=False)
    ]


def _is_default(fact: Hyperparameter, text: str) -> bool:
    """Check whether a value is the default; numbers may have another notation."""
    number = parse_number(text)
    return text == fact.default or (number is not None and number == parse_number(fact.default or ""))


def _unmet_conditions(
    conditions: Mapping[str, tuple[str, ...]], training: AlgorithmTraining, *, with_defaults: bool = True
) -> Iterator[tuple[str, str]]:
    """Yield the hyperparameter and the values of each condition that is not met.

    A condition is met if its hyperparameter is not set and has no known default, and if its hyperparameter has a value
    that the algorithm does not allow, because another rule reports it.
    """
    algorithm = training.algorithm
    for other, patterns in conditions.items():
        values = training.values_of(other)
        if values == () and with_defaults and (default := algorithm.hyperparameters[other].default) is not None:
            values = (default,)
        if not values or any(matches_any(value.strip("\"' "), patterns) for value in values):
            continue
        if not any(violated_value(algorithm.name, other, value) for value in values):
            yield other, " or ".join(map(format_value, patterns))


@advice(
    "hyperparameter-values-fit-together",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=WITH_RANGES,
)
def hyperparameter_values_fit_together(training: AlgorithmTraining) -> list[Problem]:
    """A value of a static hyperparameter is one that the built-in algorithm allows with the values of others.

    Some values belong to one booster or one predictor type. The training jobs fail with any other.

    Example:
        `StaticHyperParameters` {"updater": "shotgun", "booster": "gbtree"} with an image of XGBoost.
    """
    return [
        Problem(
            *training.path,
            "static_hyper_parameters",
            (name,),
            expected=f"no {format_value(item)} unless {other} is {values}",
            got=format_value(item),
            hint=f"use another value, or set {other} to {values}",
        )
        for name, text in training.static.items()
        if (fact := training.algorithm.hyperparameters.get(name)) is not None and fact.value_needs
        for item in list_items(text)
        if item in fact.value_needs
        for other, values in _unmet_conditions(fact.value_needs[item], training)
    ]


# --- the objective metric ---


class _EffectiveObjective(NamedTuple):
    """An objective whose metric is one of a built-in algorithm, with its path and the training that emits it."""

    path: tuple[Step, ...]
    objective: Objective
    training: AlgorithmTraining
    metric: Metric


def _objectives(request: Request) -> list[Part]:
    """Return the effective objectives whose metrics are in the facts, as one part.

    A metric that the request defines for an algorithm with an image of its own is left out: it is not the algorithm's.
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
    """Return the effective objectives if the type of one is not the direction of a metric of its image's algorithm.

    Otherwise a process that only builds requests would create the facts, which takes longer than building a request.
    """
    for _, objective, definition in objectives_of(request):
        name = algorithm_of(definition.algorithm_specification.training_image or "")
        if name is not None and metric_direction(name, objective.metric_name) not in {None, objective.type}:
            return _objectives(request)
    return []


@rule("objective-type-of-the-algorithm", source="dg/automatic-model-tuning-define-metrics-variables", basis="observed")
def objective_type_of_the_algorithm(objectives: list[_EffectiveObjective]) -> list[Problem]:
    """The objective metric of a built-in algorithm is optimized in the direction that AWS documents.

    The service rejects the request: the objective metric type that was specified for the objective metric is
    not valid for the algorithm. The page about tuning each algorithm has a table of its metrics with their
    directions.

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
                hint=f"add the channel {format_value(metric.channel)} to InputDataConfig",
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
            expected=f"a metric that {training.algorithm.name} emits with the value of {name}",
            got=f"{format_value(metric.name)}, which needs {name} {alternatives(metric.only_if[name])}",
            hint=f"use another metric, or another value of {name}",
        )
        for path, _, training, metric in objectives
        for name in _unfit_values(training, metric)
    ]


def _unfit_values(training: AlgorithmTraining, metric: Metric) -> Iterator[str]:
    """Yield the hyperparameters with whose values a metric does not exist."""
    for name, patterns in metric.only_if.items():
        # other rules report a value in quotes, and one that the algorithm does not allow
        values = [value.strip("\"' ") for value in training.values_of(name) or ()]
        if any(violated_value(training.algorithm.name, name, value) for value in values):
            continue
        if values and not any(matches_any(value, patterns) for value in values):
            yield name


@advice(
    "evaluation-metric-fits-the-hyperparameters",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=WITH_RANGES,
)
def evaluation_metric_fits_the_hyperparameters(training: AlgorithmTraining) -> list[Problem]:
    """A static hyperparameter names only metrics that the algorithm computes with its other hyperparameters.

    The training jobs of a built-in algorithm fail if they must compute a metric that does not exist for the
    learning objective.

    Example:
        `StaticHyperParameters` {"eval_metric": "merror", "objective": "reg:squarederror"} with an image of XGBoost.
    """
    algorithm = training.algorithm
    problems: list[Problem] = []
    for name, text in training.static.items():
        fact = algorithm.hyperparameters.get(name)
        if fact is None or not fact.values:
            continue
        for item in list_items(text) if fact.type == "list" else [text]:
            metric = algorithm.metrics.get(f"validation:{item}")
            if metric is None:
                continue
            problems += [
                Problem(
                    *training.path,
                    "static_hyper_parameters",
                    (name,),
                    expected=f"metrics that {algorithm.name} computes with the value of {other}",
                    got=f"{format_value(item)}, which needs {other} {alternatives(metric.only_if[other])}",
                    hint=f"use another metric, or another value of {other}",
                )
                for other in _unfit_values(training, metric)
            ]
    return problems


OF_RANGES = (range_has_an_effect,)
OF_PARAMETERS = (
    hyperparameter_has_an_effect,
    hyperparameter_values_fit_together,
    evaluation_metric_fits_the_hyperparameters,
)
REQUEST = (
    objective_type_of_the_algorithm.for_parts(_objectives_of_another_type),
    objective_needs_its_channel.for_parts(_objectives),
    objective_fits_the_hyperparameters.for_parts(_objectives),
)
