"""Rules of the hyperparameters of a first-party algorithm: names, values and types of ranges.

They use the facts in `hptsdk.rules.facts.algorithms`. These may be older than the image of an algorithm, so all rules
are advice. A hyperparameter that only other versions of the image have is not reported.

See https://docs.aws.amazon.com/sagemaker/latest/dg/algos.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, shown
from hptsdk.rules.algorithm_values import (
    algorithm_of_definition,
    hint_for_name,
    hyperparameter_named,
    image_has,
    violated_value,
)
from hptsdk.rules.range_values import parse_number, ranges_by_member

if TYPE_CHECKING:
    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition, ParameterRanges as Ranges

__all__ = ["DEFINITION", "OF_RANGES"]

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
    other value. The message does not contain the value, which may be a secret.

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
        got = "another number" if parse_number(text) is not None else shown(text, secret=True)
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


DEFINITION = (hyperparameter_of_the_algorithm, hyperparameter_value_is_allowed)
OF_RANGES = (range_type_of_the_algorithm, range_values_are_allowed)
