"""Rules of the hyperparameters of built-in algorithms.

They use the facts in `hptsdk.rules.facts.algorithms`. These may be older than the image of an algorithm, so all rules
are advice.

See https://docs.aws.amazon.com/sagemaker/latest/dg/algos.html.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, closest, shown
from hptsdk.rules.facts.accounts import algorithm_of
from hptsdk.rules.facts.algorithms import algorithm_facts
from hptsdk.rules.range_values import parse_number, ranges_by_member, tuned_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition, ParameterRanges as Ranges

__all__ = ["algorithm_has_what_it_needs", "algorithm_lets_it_be_tuned", "built_in_takes_plain_text"]


@advice(
    "algorithm-lets-it-be-tuned",
    "C125",
    source="aws/sagemaker-xgboost-container#121",
    basis="observed",
    needs=("hyper_parameter_ranges", "training_job_definition"),
)
def algorithm_lets_it_be_tuned(definition: Definition, ranges: Ranges | None) -> list[Problem]:
    """The tuned hyperparameters of a built-in algorithm are tunable, and their ranges are within its bounds.

    The service rejects ranges that the algorithm does not support, or its training jobs fail. Facts about an
    algorithm may be older than its image, so this is advice.

    Example:
        "num_rond" in `IntegerParameterRanges` with an image of XGBoost.
    """
    image = definition.algorithm_specification.training_image
    algorithm = algorithm_of(image) if image else None
    if algorithm is None or ranges is None:
        return []
    facts = algorithm_facts(algorithm)
    tunable = facts.tunable
    problems: list[Problem] = []
    for member, index, item in ranges_by_member(ranges) if tunable else ():
        if item.name not in tunable:
            hint = closest(item.name, tunable) or (
                f"make it static; {facts.tuning_page} lists the hyperparameters that can be tuned"
            )
            expected = f"a hyperparameter of {algorithm} that can be tuned"
            problems.append(Problem(member, index, "name", expected=expected, got=shown(item.name), hint=hint))
            continue
        bounds = tunable[item.name]
        for name in ("min_value", "max_value"):
            text: str | None = getattr(item, name, None)
            if text is not None and (allowed := _violated_bound(text, bounds.min, bounds.max)):
                expected = f"{allowed} for {shown(item.name)}"
                problems.append(
                    Problem(member, index, name, expected=expected, got=shown(text), hint="reduce the range")
                )
    return problems


@lru_cache(maxsize=1024)
def _violated_bound(text: str, low: str | None, high: str | None) -> str:
    """Return the bound that a number violates; empty text if it violates none, or is not a number."""
    value, lowest, highest = parse_number(text), parse_number(low or ""), parse_number(high or "")
    if value is None:
        return ""
    if lowest is not None and value < lowest:
        return f"at least {low}"
    return f"at most {high}" if highest is not None and value > highest else ""


@advice(
    "algorithm-has-what-it-needs",
    "C126",
    source="aws/sagemaker-python-sdk#132",
    basis="observed",
    needs=("hyper_parameter_ranges", "training_job_definition"),
)
def algorithm_has_what_it_needs(definition: Definition, ranges: Ranges | None) -> list[Problem]:
    """A built-in algorithm has the hyperparameters without which its training fails.

    The service starts the training jobs, which fail after several minutes, when the algorithm reads its
    hyperparameters. A first-party image that runs a script of the user is not reported.

    Example:
        An image of XGBoost without "num_round" in `StaticHyperParameters` or a range.
    """
    image = definition.algorithm_specification.training_image
    algorithm = algorithm_of(image) if image else None
    static: Mapping[str, str] = definition.static_hyper_parameters or {}
    if algorithm is None or _runs_a_script(static):
        return []
    missing = [
        name
        for name, facts in algorithm_facts(algorithm).required.items()
        if name not in static
        and (facts.required or any(static.get(other) in values for other, values in facts.required_if.items()))
    ]
    tuned = tuned_names(ranges) if missing else ()
    return [
        Problem(
            "static_hyper_parameters",
            (name,),
            expected=f"a value or a range, because {algorithm} needs it",
            got="nothing",
            hint="set a value, or add a range",
        )
        for name in missing
        if name not in tuned
    ]


@advice(
    "built-in-takes-plain-text",
    "C127",
    source="aws/sagemaker-python-sdk#5317",
    basis="observed",
    needs=("static_hyper_parameters",),
)
def built_in_takes_plain_text(definition: Definition) -> list[Problem]:
    """A hyperparameter of a built-in algorithm is plain text, without the quotes of a JSON string.

    Scripts of the SDK receive their hyperparameters in JSON, but a built-in algorithm compares the text as it
    is. Its training jobs fail, because the value with quotes is none of the allowed values.

    Example:
        `StaticHyperParameters` {"objective": json.dumps("reg:squarederror")} with an image of XGBoost.
    """
    image, static = definition.algorithm_specification.training_image, definition.static_hyper_parameters or {}
    if not image or algorithm_of(image) is None or _runs_a_script(static):
        return []
    return [
        Problem(
            "static_hyper_parameters",
            (name,),
            expected="text without quotes",
            got="text in quotes",
            hint="remove the quotes",
        )
        for name, value in static.items()
        if value[-1:] == '"' == value[0] and value != '"' and not name.startswith("sagemaker_")
    ]


def _runs_a_script(static: Mapping[str, str]) -> bool:
    """Check whether a first-party image runs the user's script, whose hyperparameters are its own and in JSON."""
    return "sagemaker_program" in static
