"""Rules of each hyperparameter of a built-in algorithm: its name, its value and its range.

The facts about the hyperparameters are in `facts/algorithms/NAME.json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, format_value
from hptsdk.rules.algorithm_values import hint_for_name, hyperparameter_named, image_has, violated_bound, violated_value
from hptsdk.rules.definitions import WITH_RANGES, training_of_definition, training_of_job
from hptsdk.rules.range_values import parse_number

if TYPE_CHECKING:
    from hptsdk.rules.definitions import AlgorithmTraining
    from hptsdk.rules.facts.algorithms.model import Algorithm

_MEMBERS = {
    "Integer": "integer_parameter_ranges",
    "Continuous": "continuous_parameter_ranges",
    "Categorical": "categorical_parameter_ranges",
}


@advice(
    "hyperparameter-of-the-algorithm",
    source="aws/sagemaker-xgboost-container src/sagemaker_xgboost_container/algorithm_mode",
    basis="observed",
)
def hyperparameter_of_the_algorithm(training: AlgorithmTraining) -> list[Problem]:
    """A static hyperparameter of a built-in algorithm is one that the algorithm has.

    The training jobs fail, because the containers accept no other hyperparameters. A name of another library is
    a frequent cause: n_estimators of XGBoost's Python package is num_round in SageMaker. Names that begin with _
    or sagemaker_ are not reported.

    Example:
        `StaticHyperParameters` {"n_estimators": "100"} with an image of XGBoost.
    """
    algorithm = training.algorithm
    problems: list[Problem] = []
    for name in training.static:
        if name.startswith(("_", "sagemaker_")) or hyperparameter_named(algorithm, name) is not None:
            continue
        hint = hint_for_name(algorithm, name, algorithm.hyperparameters)
        problems.append(
            Problem(
                *training.path,
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
)
def hyperparameter_value_is_allowed(training: AlgorithmTraining) -> list[Problem]:
    """The value of a static hyperparameter is one that the built-in algorithm allows.

    AWS documents the type, the interval or the values of most hyperparameters. The training jobs fail with any
    other value. The message does not contain the value, which may be a secret. A hyperparameter that the version
    of the image may not have is not reported.

    Example:
        `StaticHyperParameters` {"eta": "1.5"} with an image of XGBoost.
    """
    algorithm = training.algorithm
    problems: list[Problem] = []
    for name, text in training.static.items():
        fact = hyperparameter_named(algorithm, name)
        violated = violated_value(algorithm.name, name, text) if fact is not None else None
        if fact is None or violated is None or not image_has(training.image, fact):
            continue
        expected, hint = violated
        got = "another number" if parse_number(text) is not None else format_value(text, secret=True)
        path = (*training.path, "static_hyper_parameters", (name,))
        problems.append(Problem(*path, expected=expected, got=got, hint=hint))
    return problems


@advice("range-values-are-allowed", source="dg/automatic-model-tuning-define-ranges", needs=WITH_RANGES)
def range_values_are_allowed(training: AlgorithmTraining) -> list[Problem]:
    """The values of a categorical range are ones that the built-in algorithm allows.

    A training job that gets another value fails.

    Example:
        "optimizer" with the `Values` ["sgd", "lars"] with an image of Image Classification.
    """
    algorithm = training.algorithm
    return [
        Problem(
            *training.ranges_path,
            member,
            index,
            "values",
            number,
            expected=violated[0],
            got=format_value(value),
            hint=violated[1],
        )
        for member, index, item in training.ranges
        for number, value in enumerate(training.tuned[item.name] or ())
        if item.name in algorithm.tunable and (violated := violated_value(algorithm.name, item.name, value)) is not None
    ]


@advice("range-type-of-the-algorithm", source="dg/automatic-model-tuning-define-ranges", needs=WITH_RANGES)
def range_type_of_the_algorithm(training: AlgorithmTraining) -> list[Problem]:
    """The range of a hyperparameter of a built-in algorithm has the type that AWS documents.

    The page about tuning each algorithm has a table of its hyperparameters with the types of their ranges. A
    fraction for a hyperparameter that takes integers makes a training job fail. A categorical range is not
    reported, because the strategy Grid accepts no others, nor a continuous one if the container reads a float.

    Example:
        "max_depth" in `ContinuousParameterRanges` with an image of XGBoost.
    """
    algorithm = training.algorithm
    problems: list[Problem] = []
    for member, index, item in training.ranges:
        fact = algorithm.tunable.get(item.name)
        if fact is None or fact.range is None or member in {_MEMBERS[fact.range], _MEMBERS["Categorical"]}:
            continue
        if fact.type == "float" and member == _MEMBERS["Continuous"]:
            continue
        problems.append(
            Problem(
                *training.ranges_path,
                member,
                index,
                "name",
                expected=f"a hyperparameter of {algorithm.name} that has a range of this type",
                got=format_value(item.name),
                hint=f"move it to {fact.range}ParameterRanges",
            )
        )
    return problems


@advice(
    "algorithm-lets-it-be-tuned",
    "C125",
    source="aws/sagemaker-xgboost-container#121",
    basis="observed",
    needs=WITH_RANGES,
)
def algorithm_lets_it_be_tuned(training: AlgorithmTraining) -> list[Problem]:
    """A range for a built-in algorithm belongs to a hyperparameter that can be tuned, and is within its bounds.

    The service rejects ranges that the algorithm does not support, or the training jobs fail.

    Example:
        "num_rond" in `IntegerParameterRanges` with an image of XGBoost.
    """
    facts = training.algorithm
    algorithm, tunable = facts.name, facts.tunable
    problems: list[Problem] = []
    for member, index, item in training.ranges if tunable else ():
        name = _tuned_name(facts, item.name)
        fact = tunable.get(name)
        if fact is None:
            if item.name in facts.hyperparameters:
                hint = "make it a static hyperparameter"
            else:
                hint = hint_for_name(facts, item.name, tunable) or f"use one of those in {facts.tuning_page}"
            expected = f"a hyperparameter of {algorithm} that can be tuned"
            path = (*training.ranges_path, member, index, "name")
            problems.append(Problem(*path, expected=expected, got=format_value(item.name), hint=hint))
            continue
        for bound in ("min_value", "max_value") if image_has(training.image, fact) else ():
            text: str | None = getattr(item, bound, None)
            if text is not None and (allowed := violated_bound(algorithm, name, text)):
                expected = f"{allowed} for {format_value(item.name)}"
                path = (*training.ranges_path, member, index, bound)
                problems.append(Problem(*path, expected=expected, got=format_value(text), hint="reduce the range"))
    return problems


def _tuned_name(algorithm: Algorithm, name: str) -> str:
    """Return the name of a tuned hyperparameter; for a script of JumpStart, also if `name` is its alias."""
    fact = None if algorithm.repositories else hyperparameter_named(algorithm, name)
    return name if fact is None else fact.name


@advice("built-in-takes-plain-text", "C127", source="aws/sagemaker-python-sdk#5317", basis="observed")
def built_in_takes_plain_text(training: AlgorithmTraining) -> list[Problem]:
    """A static hyperparameter of a built-in algorithm is plain text, without the quotes of a JSON string.

    Scripts receive hyperparameters in JSON from the SageMaker Python SDK, but a built-in algorithm compares the
    text as it is. Its training jobs usually fail, because the value with quotes is none of the allowed values.

    Example:
        `StaticHyperParameters` {"objective": json.dumps("reg:squarederror")} with an image of XGBoost.
    """
    # the scripts of JumpStart read JSON too
    if not training.algorithm.repositories:
        return []
    return [
        Problem(
            *training.path,
            "static_hyper_parameters",
            (name,),
            expected="text without quotes",
            got="text in quotes",
            hint="remove the quotes",
        )
        for name, value in training.static.items()
        if value[-1:] == '"' == value[0] and value != '"' and not name.startswith("sagemaker_")
    ]


_OF_RANGES = (algorithm_lets_it_be_tuned, range_type_of_the_algorithm, range_values_are_allowed)

DEFINITION = tuple(
    rule.for_parts(training_of_definition)
    for rule in (
        built_in_takes_plain_text,
        hyperparameter_of_the_algorithm,
        hyperparameter_value_is_allowed,
        *_OF_RANGES,
    )
)
REQUEST = tuple(rule.for_parts(training_of_job) for rule in _OF_RANGES)
