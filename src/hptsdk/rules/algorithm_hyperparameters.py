"""Rules of the hyperparameters of a first-party algorithm: names, values, and how they depend on each other.

They use the facts in `hptsdk.rules.facts.algorithms`. These may be older than the image of an algorithm, so all rules
are advice. A hyperparameter that only other versions of the image have is not reported.

See https://docs.aws.amazon.com/sagemaker/latest/dg/algos.html.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, shown
from hptsdk.rules.algorithm_values import (
    algorithm_of_definition,
    hint_for_name,
    hyperparameter_named,
    image_has,
    values_of,
    violated_value,
)
from hptsdk.rules.range_values import parse_number, ranges_by_member, tuned_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk.rules.facts.algorithms.model import Hyperparameter
    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition, ParameterRanges as Ranges

__all__ = ["DEFINITION", "OF_PARAMETERS", "OF_RANGES"]

_PARAMETERS = ("hyper_parameter_ranges", "training_job_definition")
_MEMBERS = {
    "Integer": "integer_parameter_ranges",
    "Continuous": "continuous_parameter_ranges",
    "Categorical": "categorical_parameter_ranges",
}


@advice(
    "hyperparameter-of-the-algorithm",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    basis="observed",
    needs=("static_hyper_parameters",),
)
def hyperparameter_of_the_algorithm(definition: Definition) -> list[Problem]:
    """A static hyperparameter of a built-in algorithm is one that the algorithm has.

    The training jobs fail, because the containers accept no other hyperparameters. A name of another library is
    a frequent cause: XGBoost's own n_estimators is num_round in SageMaker.

    Example:
        `StaticHyperParameters` {"n_estimators": "100"} with an image of XGBoost.
    """
    algorithm = algorithm_of_definition(definition)
    if algorithm is None:
        return []
    problems: list[Problem] = []
    for name in definition.static_hyper_parameters or ():
        # those that SageMaker and its SDK set, and undocumented ones
        if name.startswith(("_", "sagemaker_")) or hyperparameter_named(algorithm, name) is not None:
            continue
        hint = hint_for_name(algorithm, name, algorithm.hyperparameters)
        problems.append(
            Problem(
                "static_hyper_parameters",
                (name,),
                expected=f"a hyperparameter of {algorithm.name}",
                got="an unknown name",
                hint=hint or f"remove it; {algorithm.hyperparameters_page} lists the hyperparameters",
            )
        )
    return problems


@advice(
    "hyperparameter-value-is-allowed",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=("static_hyper_parameters",),
)
def hyperparameter_value_is_allowed(definition: Definition) -> list[Problem]:
    """The value of a static hyperparameter is one that the built-in algorithm allows.

    AWS documents the type, the interval or the values of each hyperparameter. The training jobs fail with any
    other value. The message contains no value that is not a number.

    Example:
        `StaticHyperParameters` {"eta": "1.5"} with an image of XGBoost.
    """
    algorithm = algorithm_of_definition(definition)
    if algorithm is None:
        return []
    image = definition.algorithm_specification.training_image
    problems: list[Problem] = []
    for name, text in (definition.static_hyper_parameters or {}).items():
        fact = hyperparameter_named(algorithm, name)
        violated = violated_value(algorithm.name, name, text) if fact is not None else None
        if fact is None or violated is None or not image_has(image, fact):
            continue
        expected, hint = violated
        got = shown(text, secret=parse_number(text) is None)
        problems.append(Problem("static_hyper_parameters", (name,), expected=expected, got=got, hint=hint))
    return problems


@advice("range-values-are-allowed", source="dg/automatic-model-tuning-define-ranges", needs=_PARAMETERS)
def range_values_are_allowed(definition: Definition, ranges: Ranges | None) -> list[Problem]:
    """The values of a categorical range are ones that the built-in algorithm allows.

    A training job that gets another value fails.

    Example:
        "optimizer" with the `Values` ["sgd", "lars"] with an image of Image Classification.
    """
    algorithm = algorithm_of_definition(definition)
    if algorithm is None or ranges is None:
        return []
    return [
        Problem(
            "categorical_parameter_ranges", index, "values", number, expected=violated[0], got=shown(value), hint=hint
        )
        for index, item in enumerate(ranges.categorical_parameter_ranges or ())
        if item.name in algorithm.tunable
        for number, value in enumerate(item.values or ())
        if (violated := violated_value(algorithm.name, item.name, value)) is not None
        for hint in [violated[1]]
    ]


@advice("range-type-of-the-algorithm", source="dg/automatic-model-tuning-define-ranges", needs=_PARAMETERS)
def range_type_of_the_algorithm(definition: Definition, ranges: Ranges | None) -> list[Problem]:
    """The range of a hyperparameter of a built-in algorithm has the type that AWS documents.

    The page about tuning each algorithm has a table of its hyperparameters with the types of their ranges. A
    fraction for a hyperparameter that takes integers makes a training job fail. A categorical range is valid for
    every hyperparameter, because the strategy Grid accepts no others.

    Example:
        "max_depth" in `ContinuousParameterRanges` with an image of XGBoost.
    """
    algorithm = algorithm_of_definition(definition)
    if algorithm is None or ranges is None:
        return []
    problems: list[Problem] = []
    for member, index, item in ranges_by_member(ranges):
        fact = algorithm.tunable.get(item.name)
        if fact is None or fact.range is None or member in {_MEMBERS[fact.range], _MEMBERS["Categorical"]}:
            continue
        # an integer range in the guide for a number of the container
        if fact.type == "float" and member == _MEMBERS["Continuous"]:
            continue
        problems.append(
            Problem(
                member,
                index,
                "name",
                expected=f"a hyperparameter of {algorithm.name} that has a range of this type",
                got=shown(item.name),
                hint=f"move it to {fact.range}ParameterRanges",
            )
        )
    return problems


@advice(
    "hyperparameter-has-an-effect",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=_PARAMETERS,
)
def hyperparameter_has_an_effect(definition: Definition, ranges: Ranges | None) -> list[Problem]:
    """A hyperparameter of a built-in algorithm is set only with values of others with which it has an effect.

    The algorithm ignores the hyperparameter or rejects it otherwise, and a search of its values is wasted. A
    static value that is the default is not reported.

    Example:
        `StaticHyperParameters` {"rate_drop": "0.3"} with an image of XGBoost and without "booster" "dart".
    """
    algorithm = algorithm_of_definition(definition)
    if algorithm is None:
        return []
    image = definition.algorithm_specification.training_image
    problems: list[Problem] = []
    for name, text in (definition.static_hyper_parameters or {}).items():
        fact = algorithm.hyperparameters.get(name)
        if fact is None or not fact.only_if or _is_default(fact, text) or not image_has(image, fact):
            continue
        problems += [
            Problem(
                "static_hyper_parameters",
                (name,),
                expected=f"no value, because it has {expected}",
                got="a value",
                hint=f"remove it, or {hint}",
            )
            for expected, hint in _unmet_conditions(fact, definition, ranges, algorithm.hyperparameters)
        ]
    return problems


@advice("range-has-an-effect", source="dg/automatic-model-tuning-define-ranges", needs=_PARAMETERS)
def range_has_an_effect(definition: Definition, ranges: Ranges | None) -> list[Problem]:
    """A hyperparameter of a built-in algorithm is tuned only with values of others with which it has an effect.

    The training jobs differ in a value that the algorithm ignores or rejects, so the search is wasted. A value of
    another hyperparameter that is not set is not reported.

    Example:
        "momentum" in `ContinuousParameterRanges` with "optimizer" "adam" and an image of Image Classification.
    """
    algorithm = algorithm_of_definition(definition)
    if algorithm is None or ranges is None:
        return []
    return [
        Problem(
            member,
            index,
            "name",
            expected="a hyperparameter with an effect",
            got=f"{shown(item.name)}, which has {expected}",
            hint=f"remove the range, or {hint}",
        )
        for member, index, item in ranges_by_member(ranges)
        if (fact := algorithm.hyperparameters.get(item.name)) is not None and fact.only_if
        for expected, hint in _unmet_conditions(fact, definition, ranges, {})
    ]


def _is_default(fact: Hyperparameter, text: str) -> bool:
    """Check whether a value is the default; numbers may have another notation."""
    number = parse_number(text)
    return text == fact.default or (number is not None and number == parse_number(fact.default or ""))


def _unmet_conditions(
    fact: Hyperparameter, definition: Definition, ranges: Ranges | None, defaults: Mapping[str, Hyperparameter]
) -> Iterator[tuple[str, str]]:
    """Yield each condition that is not met, as what is expected and a hint.

    A hyperparameter that is not set has its default, if it is in `defaults`; else it is not known to be unfit.
    """
    for other, patterns in fact.only_if.items():
        values = values_of(other, definition, ranges)
        if values == () and other in defaults and (default := defaults[other].default) is not None:
            values = (default,)
        if not values or any(fnmatchcase(value.strip("\"' "), each) for value in values for each in patterns):
            continue
        text = " or ".join(map(shown, patterns))
        yield f"no effect unless {other} is {text}", f"set {other} to {text}"


@advice(
    "one-name-for-one-hyperparameter",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=_PARAMETERS,
)
def one_name_for_one_hyperparameter(definition: Definition, ranges: Ranges | None) -> list[Problem]:
    """A hyperparameter of a built-in algorithm has one of its names, not two.

    The container accepts an alias in place of the name. With both, static or tuned, it is not known which value
    is used.

    Example:
        `StaticHyperParameters` {"learning_rate": "0.1"} and a range for "eta" with an image of XGBoost.
    """
    algorithm = algorithm_of_definition(definition)
    if algorithm is None:
        return []
    static = definition.static_hyper_parameters or {}
    aliased = [fact for name in static if (fact := hyperparameter_named(algorithm, name)) and fact.aliases]
    tuned = tuned_names(ranges) if aliased else set[str]()
    return [
        Problem(
            "static_hyper_parameters",
            (name,),
            expected=f"no value beside {shown(other)}, which is the same hyperparameter of {algorithm.name}",
            got="a value",
            hint="remove one of the two",
        )
        for fact in {fact.name: fact for fact in aliased}.values()
        for name in (fact.name, *fact.aliases)
        for other in (fact.name, *fact.aliases)
        # of two static names only the alias is reported
        if name in static and other != name and (other in tuned or (other in static and name != fact.name))
    ]


@advice(
    "hyperparameter-needs-its-channel",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    needs=("static_hyper_parameters", "input_data_config"),
)
def hyperparameter_needs_its_channel(definition: Definition) -> list[Problem]:
    """A definition has the channels that its static hyperparameters need.

    Early stopping of an algorithm itself watches a metric on the channel "validation". Without the channel the
    training jobs fail, or never stop early. Hyperparameters whose names begin with an underscore are not
    documented, and can replace a channel; with one of them nothing is reported.

    Example:
        `StaticHyperParameters` {"early_stopping_rounds": "5"} with an image of XGBoost and the only channel "train".
    """
    algorithm = algorithm_of_definition(definition)
    static = definition.static_hyper_parameters or {}
    channels = {channel.channel_name for channel in definition.input_data_config or ()}
    if algorithm is None or "train" not in channels or any(name.startswith("_") for name in static):
        return []
    return [
        Problem(
            "static_hyper_parameters",
            (name,),
            expected=f"no value without the channel {shown(channel.name)}",
            got="a value",
            hint=f"add the channel {shown(channel.name)} to InputDataConfig, or remove the value",
        )
        for channel in algorithm.channels.values()
        if channel.name not in channels
        for name in channel.required_by
        if static.get(name, "").lower() not in _UNUSED
    ]


# The values with which a hyperparameter that needs a channel is not in use.
_UNUSED = frozenset({"", "false", "0"})

DEFINITION = (hyperparameter_of_the_algorithm, hyperparameter_value_is_allowed, hyperparameter_needs_its_channel)
OF_RANGES = (range_type_of_the_algorithm, range_values_are_allowed, range_has_an_effect)
OF_PARAMETERS = (hyperparameter_has_an_effect, one_name_for_one_hyperparameter)
