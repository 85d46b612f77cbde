"""Rules of the hyperparameters that a built-in algorithm needs, and of those that depend on others.

The facts about the hyperparameters are in `facts/algorithms/NAME.json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value
from hptsdk.rules.algorithm_values import (
    hyperparameter_named,
    image_has,
    list_items,
    matches_any,
    unfit_hyperparameters,
    violated_value,
)
from hptsdk.rules.definitions import WITH_RANGES, training_of_definition, training_of_job
from hptsdk.rules.range_values import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk.rules.definitions import AlgorithmTraining
    from hptsdk.rules.facts.algorithms.model import Hyperparameter


@advice(
    "algorithm-has-what-it-needs", "C126", source="aws/sagemaker-python-sdk#132", basis="observed", needs=WITH_RANGES
)
def algorithm_has_what_it_needs(training: AlgorithmTraining) -> list[Problem]:
    """A built-in algorithm has the hyperparameters without which its training fails.

    The service starts the training jobs, which fail after several minutes, when the algorithm reads its
    hyperparameters. Some are needed only with certain values of others. With Autotune, only a
    definition with its own ranges is checked.

    Example:
        An image of XGBoost without "num_round" in `StaticHyperParameters` or a range.
    """
    algorithm = training.algorithm
    if training.is_autotuned:
        return []
    problems: list[Problem] = []
    for name, fact in algorithm.required.items():
        if training.values_of(name) != ():
            continue
        reasons = [""] * fact.required + [
            f" if {format_value(other)} is {format_value(value)}"
            for other, values in fact.required_if.items()
            for value in training.values_of(other) or ()
            if value in values
        ]
        if reasons:
            expected = f"a value, because {algorithm.name} needs it{reasons[0]}"
            hint = f"set it in StaticHyperParameters{', or add a range' if fact.range else ''}"
            path = (*training.path, "static_hyper_parameters", (name,))
            problems.append(Problem(*path, expected=expected, got="nothing", hint=hint))
    return problems


@advice(
    "one-name-for-one-hyperparameter",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=WITH_RANGES,
)
def one_name_for_one_hyperparameter(training: AlgorithmTraining) -> list[Problem]:
    """A static hyperparameter of a built-in algorithm has no other value or range under another of its names.

    The container accepts an alias in place of the name. If both are set, it is not known which value is used.

    Example:
        `StaticHyperParameters` {"learning_rate": "0.1"} and a range for "eta" with an image of XGBoost.
    """
    algorithm, static = training.algorithm, training.static
    aliased = [fact for name in static if (fact := hyperparameter_named(algorithm, name)) and fact.aliases]
    return [
        Problem(
            *training.path,
            "static_hyper_parameters",
            (name,),
            expected=f"no value, because {format_value(other)} is the same hyperparameter of {algorithm.name}",
            got="a value",
            hint="remove one of the two",
        )
        for fact in {fact.name: fact for fact in aliased}.values()
        for name in (fact.name, *fact.aliases)
        for other in (fact.name, *fact.aliases)
        # of two static names only the alias is reported
        if name in static and other != name and (other in training.tuned or (other in static and name != fact.name))
    ]


@advice(
    "hyperparameter-has-an-effect",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=WITH_RANGES,
)
def hyperparameter_has_an_effect(training: AlgorithmTraining) -> list[Problem]:
    """A static hyperparameter of a built-in algorithm has an effect with the values of the other hyperparameters.

    Otherwise the algorithm ignores or rejects it. A value that is the default is not reported, nor a hyperparameter
    that the version of the image may not have.

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
                expected=f"no value, because it has no effect unless the hyperparameter {other} is {values}",
                got="a value",
                hint=f"remove it, or change {other}",
            )
            for other, values in _unmet_conditions(fact.only_if, training)
        ]
    return problems


@advice("range-has-an-effect", source="dg/automatic-model-tuning-define-ranges", needs=WITH_RANGES)
def range_has_an_effect(training: AlgorithmTraining) -> list[Problem]:
    """A tuned hyperparameter of a built-in algorithm has an effect with the values of the other hyperparameters.

    Otherwise the algorithm ignores or rejects the value in which the training jobs differ. Nothing is reported if
    the other hyperparameter is not set.

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
            got=f"{format_value(item.name)}, which has no effect unless the hyperparameter {other} is {values}",
            hint=f"remove the range, or change {other}",
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
    """Yield the hyperparameter and the values of each condition that is not met, as text for messages.

    A hyperparameter that is not set has its default, if `with_defaults`. A condition is met if any value matches; it is
    omitted if the values are not known, or one is not allowed, which another rule reports.
    """
    algorithm = training.algorithm
    for other, patterns in conditions.items():
        values = training.values_of(other)
        if values == () and with_defaults and (default := algorithm.hyperparameters[other].default) is not None:
            values = (default,)
        if not values or any(matches_any(value.strip("\"' "), patterns) for value in values):
            continue
        if not any(violated_value(algorithm.name, other, value) for value in values):
            yield format_value(other), " or ".join(map(format_value, patterns))


@advice(
    "hyperparameter-values-fit-together",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=WITH_RANGES,
)
def hyperparameter_values_fit_together(training: AlgorithmTraining) -> list[Problem]:
    """A static value is one that the built-in algorithm allows with the values of the other hyperparameters.

    In XGBoost, for example, some updaters need a certain booster. The training jobs fail with another one.

    Example:
        `StaticHyperParameters` {"updater": "shotgun", "booster": "gbtree"} with an image of XGBoost.
    """
    return [
        Problem(
            *training.path,
            "static_hyper_parameters",
            (name,),
            expected=f"no {format_value(item)} unless the hyperparameter {other} is {values}",
            got=format_value(item),
            hint=f"use another value, or change {other}",
        )
        for name, text in training.static.items()
        if (fact := training.algorithm.hyperparameters.get(name)) is not None and fact.value_needs
        for item in list_items(text)
        if item in fact.value_needs
        for other, values in _unmet_conditions(fact.value_needs[item], training)
    ]


@advice(
    "evaluation-metric-fits-the-hyperparameters",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=WITH_RANGES,
)
def evaluation_metric_fits_the_hyperparameters(training: AlgorithmTraining) -> list[Problem]:
    """The metrics in a static hyperparameter such as eval_metric exist with the values of other hyperparameters.

    The training jobs fail if they must compute a metric that does not exist for the learning objective.

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
                    expected=f"metrics that {algorithm.name} computes with the value of the hyperparameter {other}",
                    got=f"{format_value(item)}, which needs {other} to be {values}",
                    hint=f"use another metric, or another value of {other}",
                )
                for other, values in unfit_hyperparameters(training, metric)
            ]
    return problems


_RULES = (
    range_has_an_effect,
    algorithm_has_what_it_needs,
    one_name_for_one_hyperparameter,
    hyperparameter_has_an_effect,
    hyperparameter_values_fit_together,
    evaluation_metric_fits_the_hyperparameters,
)

DEFINITION = tuple(rule.for_parts(training_of_definition) for rule in _RULES)
REQUEST = tuple(rule.for_parts(training_of_job) for rule in _RULES)
