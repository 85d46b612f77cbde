"""Rules of the hyperparameters of a built-in algorithm that depend on other hyperparameters or on channels.

They use the facts in `hptsdk.rules.facts.algorithms`. These may be older than the image of an algorithm, so all rules
are advice. A hyperparameter that only other versions of the image have is not reported.

See https://docs.aws.amazon.com/sagemaker/latest/dg/algos.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value
from hptsdk.rules.algorithm_values import hyperparameter_named, image_has, list_items, matches_any, violated_value
from hptsdk.rules.range_values import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk.rules.definitions import AlgorithmTraining
    from hptsdk.rules.facts.algorithms.model import Hyperparameter

_PARAMETERS = ("hyper_parameter_ranges", "training_job_definition")


@advice(
    "hyperparameter-has-an-effect",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=_PARAMETERS,
)
def hyperparameter_has_an_effect(training: AlgorithmTraining) -> list[Problem]:
    """A hyperparameter of a built-in algorithm is set only with values of others with which it has an effect.

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


@advice("range-has-an-effect", source="dg/automatic-model-tuning-define-ranges", needs=_PARAMETERS)
def range_has_an_effect(training: AlgorithmTraining) -> list[Problem]:
    """A hyperparameter of a built-in algorithm is tuned only with values of others with which it has an effect.

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

    A hyperparameter that is not set has its default, or is not known to be unfit. A value that the algorithm does not
    allow is not either, because another rule reports it.
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
    needs=_PARAMETERS,
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


@advice(
    "one-name-for-one-hyperparameter",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=_PARAMETERS,
)
def one_name_for_one_hyperparameter(training: AlgorithmTraining) -> list[Problem]:
    """A hyperparameter of a built-in algorithm has one of its names, not two.

    The container accepts an alias in place of the name. With both, static or tuned, it is not known which value
    is used.

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
    "hyperparameter-needs-its-channel",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=("static_hyper_parameters", "input_data_config"),
)
def hyperparameter_needs_its_channel(training: AlgorithmTraining) -> list[Problem]:
    """A definition has the channels that its static hyperparameters need.

    Early stopping of an algorithm itself watches a metric on the channel "validation". Without the channel the
    training jobs fail, or never stop early. Hyperparameters whose names begin with an underscore are not
    documented, and can replace a channel; with one of them nothing is reported.

    Example:
        `StaticHyperParameters` {"early_stopping_rounds": "5"} with an image of XGBoost and the only channel "train".
    """
    static = training.static
    channels = {channel.channel_name for channel in training.definition.input_data_config or ()}
    if "train" not in channels or any(name.startswith("_") for name in static):
        return []
    return [
        Problem(
            "static_hyper_parameters",
            (name,),
            expected=f"no value without the channel {format_value(channel.name)}",
            got="a value",
            hint=f"add the channel {format_value(channel.name)} to InputDataConfig, or remove the value",
        )
        for channel in training.algorithm.channels.values()
        if channel.name not in channels
        for name in channel.required_by
        if static.get(name, "").lower() not in _UNUSED
    ]


# The values with which a hyperparameter that needs a channel is not in use.
_UNUSED = frozenset({"", "false", "0"})

DEFINITION = (hyperparameter_needs_its_channel,)
OF_RANGES = (range_has_an_effect,)
OF_PARAMETERS = (
    hyperparameter_has_an_effect,
    hyperparameter_values_fit_together,
    one_name_for_one_hyperparameter,
)
