"""Rules of a definition's hyperparameters, static and tuned, and of its environment and resources.

What a job of one definition keeps apart, its static hyperparameters in the definition and its ranges in the job, is
compared by the rules of the request, with the functions here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hptsdk._lazy import lazy_pattern
from hptsdk._validation import RESERVED, Breach, advice, closest, guide_page, rule, shown
from hptsdk.rules.facts.accounts import algorithm_of
from hptsdk.rules.facts.algorithms import algorithm_facts
from hptsdk.rules.range_values import count_ranges, parse_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hptsdk._validation import Step
    from hptsdk.shapes import (
        CategoricalParameterRange,
        ContinuousParameterRange,
        HyperParameterTrainingJobDefinition,
        IntegerParameterRange,
        ParameterRanges,
    )

    Range = ContinuousParameterRange | IntegerParameterRange | CategoricalParameterRange

# Static and tuned together, and the one that AMT adds to each training job.
MOST_HYPERPARAMETERS = 100

# The members that bound a range, in each list of them.
_BOUNDS = {
    "continuous_parameter_ranges": ("min_value", "max_value"),
    "integer_parameter_ranges": ("min_value", "max_value"),
    "categorical_parameter_ranges": (),
}

_CREDENTIALS = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token"})
_LENGTHS = frozenset(map(len, _CREDENTIALS))
_KEY_ID = lazy_pattern(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b", re.ASCII)


# --- what the rules of the request use too --------------------------------------------------------------------------


def _lists_of(ranges: ParameterRanges | None) -> tuple[tuple[str, Sequence[Range]], ...]:
    """Give the lists of ranges, each with the member where it stands."""
    if ranges is None:
        return ()
    return (
        ("continuous_parameter_ranges", ranges.continuous_parameter_ranges or ()),
        ("integer_parameter_ranges", ranges.integer_parameter_ranges or ()),
        ("categorical_parameter_ranges", ranges.categorical_parameter_ranges or ()),
    )


def _ranged_names(ranges: ParameterRanges | None) -> set[str]:
    """Name the hyperparameters that have a range, or are left to Autotune."""
    names = {item.name for _, items in _lists_of(ranges) for item in items}
    if ranges is not None:
        names.update(item.name for item in ranges.auto_parameters or ())
    return names


def names_static_and_tuned(static: Mapping[str, str] | None, ranges: ParameterRanges | None) -> list[str]:
    """Name the hyperparameters that are static and have a range as well."""
    if static is None or ranges is None:
        return []
    lists = ranges.integer_parameter_ranges, ranges.continuous_parameter_ranges, ranges.categorical_parameter_ranges
    return [item.name for items in lists for item in items or () if item.name in static]


def names_static_and_auto(static: Mapping[str, str] | None, ranges: ParameterRanges | None) -> list[str]:
    """Name the hyperparameters that are static and left to Autotune as well."""
    if static is None or ranges is None or not ranges.auto_parameters:
        return []
    return [item.name for item in ranges.auto_parameters if item.name in static]


def count_of_hyperparameters(static: Mapping[str, str] | None, ranges: ParameterRanges | None) -> int:
    """Count the hyperparameters of a training job: static, tuned, and the one that AMT adds."""
    return len({RESERVED, *(static or ()), *_ranged_names(ranges)})


def untunable(image: str | None, ranges: ParameterRanges | None) -> list[Breach]:
    """Find the ranges that the algorithm of a first-party image does not let vary, or not so far.

    The paths start from the ranges.
    """
    algorithm = algorithm_of(image) if image else None
    facts = algorithm_facts(algorithm) if algorithm is not None else None
    if facts is None or not facts.tunable:
        return []
    breaches: list[Breach] = []
    for member, items in _lists_of(ranges):
        for index, item in enumerate(items):
            fact = facts.tunable.get(item.name)
            if fact is None:
                hint = closest(item.name, facts.tunable) or (
                    f"make it static; {guide_page(facts.tuning_page)} lists the hyperparameters that can be tuned"
                )
                expected = f"a hyperparameter of {algorithm} that can be tuned"
                breaches.append(Breach(member, index, "name", expected=expected, got=shown(item.name), hint=hint))
                continue
            for name in _BOUNDS[member]:
                text: str | None = getattr(item, name)
                if text is not None and (wanted := _wanted(text, fact.min, fact.max)):
                    expected = f"{wanted} for {shown(item.name)}"
                    breaches.append(Breach(member, index, name, expected=expected, got=shown(text)))
    return breaches


@lru_cache(maxsize=1024)
def _wanted(text: str, low: str, high: str) -> str:
    """Say what a number has to be that lies out of bounds; empty text for any other, and where there are no bounds."""
    value, lowest, highest = parse_number(text), parse_number(low), parse_number(high)
    if value is None:
        return ""
    if lowest is not None and value < lowest:
        return f"at least {low}"
    return f"at most {high}" if highest is not None and value > highest else ""


def missing_hyperparameters(
    image: str | None, static: Mapping[str, str] | None, ranges: ParameterRanges | None
) -> list[str]:
    """Name the hyperparameters that a first-party algorithm needs and that are neither static nor tuned."""
    algorithm = algorithm_of(image) if image else None
    given: Mapping[str, str] = static or {}
    if algorithm is None or _is_script(given):
        return []
    missing = [
        name
        for name, fact in algorithm_facts(algorithm).hyperparameters.items()
        if name not in given
        and (fact.required or any(given.get(other) in values for other, values in fact.required_if.items()))
    ]
    if not missing:
        return []
    ranged = _ranged_names(ranges)
    return [name for name in missing if name not in ranged]


def _is_script(static: Mapping[str, str]) -> bool:
    """Tell whether a first-party image runs a script, whose hyperparameters are its own and written as JSON."""
    return "sagemaker_program" in static


# --- rules ----------------------------------------------------------------------------------------------------------


def _static_breaches(names: list[str], expected: str) -> list[Breach] | None:
    return [
        Breach("static_hyper_parameters", (name,), expected=expected, got="a static value", hint="drop one of the two")
        for name in dict.fromkeys(names)
    ] or None


@rule(
    "static-or-tuned",
    "C046",
    source="aws/sagemaker-python-sdk src/sagemaker/tuner.py",
    basis="inferred",
    needs=("static_hyper_parameters", "hyper_parameter_ranges"),
)
def static_or_tuned(definition: HyperParameterTrainingJobDefinition) -> list[Breach] | None:
    """A hyperparameter is static or has a range, not both."""
    names = names_static_and_tuned(definition.static_hyper_parameters, definition.hyper_parameter_ranges)
    return _static_breaches(names, "nothing for a hyperparameter that has a range") if names else None


@rule(
    "static-or-automatic",
    "C109",
    source="aws/sagemaker-python-sdk src/sagemaker/tuner.py",
    basis="inferred",
    needs=("static_hyper_parameters", "hyper_parameter_ranges"),
)
def static_or_automatic(definition: HyperParameterTrainingJobDefinition) -> list[Breach] | None:
    """A hyperparameter is static or left to Autotune, not both."""
    names = names_static_and_auto(definition.static_hyper_parameters, definition.hyper_parameter_ranges)
    return _static_breaches(names, "nothing for one of AutoParameters") if names else None


@rule(
    "at-most-100-hyperparameters",
    "C048",
    source="dg/automatic-model-tuning-define-ranges",
    needs=("hyper_parameter_ranges",),
)
def at_most_100_hyperparameters(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """A training job has at most 100 hyperparameters, static, tuned, and the one that AMT adds."""
    static, ranges = definition.static_hyper_parameters, definition.hyper_parameter_ranges
    # counted with repeats there are rarely that many
    if len(static or ()) + count_ranges(ranges) < MOST_HYPERPARAMETERS:
        return None
    total = count_of_hyperparameters(static, ranges)
    if total <= MOST_HYPERPARAMETERS:
        return None
    return Breach(
        "static_hyper_parameters",
        expected=f"at most {MOST_HYPERPARAMETERS} with the tuned ones and AMT's own {RESERVED}",
        got=f"{total}",
        hint="drop some, or put several into one",
    )


@advice(
    "reserved-hyperparameter-left-out",
    "C049",
    source="dg/automatic-model-tuning-define-ranges",
    basis="inferred",
    needs=("static_hyper_parameters",),
)
def reserved_hyperparameter_left_out(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """The hyperparameter that names the objective is left to AMT, which adds it to each training job."""
    if RESERVED not in (definition.static_hyper_parameters or ()):
        return None
    return Breach(
        "static_hyper_parameters", (RESERVED,), expected="nothing", got="a value", hint="drop it: AMT sets it"
    )


def _credentials(member: str, entries: Mapping[str, str]) -> list[Breach] | None:
    """Find credentials among the entries of a map; none of their values is shown."""
    found = [
        name
        for name, value in entries.items()
        # what is quick to tell comes first
        if (len(name) in _LENGTHS and name.lower() in _CREDENTIALS and value)
        or (("AKIA" in value or "ASIA" in value) and _KEY_ID.search(value))
    ]
    if not found:
        return None
    return [
        Breach(
            member,
            (name,),
            expected="no AWS credential",
            got=shown(entries[name], secret=True),
            hint="drop it, and give the role what the job needs",
        )
        for name in found
    ]


@rule(
    "no-credentials-in-hyperparameters",
    "C051",
    source="API_CreateHyperParameterTuningJob",
    needs=("static_hyper_parameters",),
)
def no_credentials_in_hyperparameters(definition: HyperParameterTrainingJobDefinition) -> list[Breach] | None:
    """No static hyperparameter is an AWS credential, or holds the id of an access key."""
    return _credentials("static_hyper_parameters", definition.static_hyper_parameters or {})


@rule("no-credentials-in-environment", "C052", source="API_CreateTrainingJob", needs=("environment",))
def no_credentials_in_environment(definition: HyperParameterTrainingJobDefinition) -> list[Breach] | None:
    """No environment variable is an AWS credential, or holds the id of an access key."""
    return _credentials("environment", definition.environment or {})


@advice(
    "algorithm-lets-it-be-tuned",
    "C125",
    source="aws/sagemaker-xgboost-container#121",
    basis="observed",
    needs=("hyper_parameter_ranges",),
)
def algorithm_lets_it_be_tuned(definition: HyperParameterTrainingJobDefinition) -> list[Breach]:
    """A built-in algorithm is tuned by the hyperparameters that it lets vary, within what it takes."""
    found = untunable(definition.algorithm_specification.training_image, definition.hyper_parameter_ranges)
    return [
        Breach("hyper_parameter_ranges", *breach.path, expected=breach.expected, got=breach.got, hint=breach.hint)
        for breach in found
    ]


@advice(
    "algorithm-has-what-it-needs",
    "C126",
    source="aws/sagemaker-python-sdk#132",
    basis="observed",
    needs=("hyper_parameter_ranges",),
)
def algorithm_has_what_it_needs(definition: HyperParameterTrainingJobDefinition) -> list[Breach]:
    """A built-in algorithm gets the hyperparameters without which its training fails."""
    image, static = definition.algorithm_specification.training_image, definition.static_hyper_parameters
    return missing_breaches(missing_hyperparameters(image, static, definition.hyper_parameter_ranges))


def missing_breaches(names: list[str], *path: Step) -> list[Breach]:
    """Say that the definition at a path lacks these hyperparameters."""
    return [
        Breach(
            *path,
            "static_hyper_parameters",
            (name,),
            expected="a value, or a range",
            got="nothing",
            hint="the algorithm needs it",
        )
        for name in names
    ]


@advice(
    "built-in-takes-plain-text",
    "C127",
    source="aws/sagemaker-python-sdk#5317",
    basis="observed",
    needs=("static_hyper_parameters",),
)
def built_in_takes_plain_text(definition: HyperParameterTrainingJobDefinition) -> list[Breach]:
    """A built-in algorithm takes text without the quotes that JSON puts around it."""
    image, static = definition.algorithm_specification.training_image, definition.static_hyper_parameters or {}
    if not image or algorithm_of(image) is None or _is_script(static):
        return []
    return [
        Breach(
            "static_hyper_parameters", (name,), expected="text as it is", got="text in quotes", hint="drop the quotes"
        )
        for name, value in static.items()
        if value[-1:] == '"' == value[0] and value != '"' and not name.startswith("sagemaker_")
    ]


@advice("resources-given-once", "C070", source="API_HyperParameterTrainingJobDefinition", basis="inferred")
def resources_given_once(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """The resources stand in one of the two members for them."""
    if definition.resource_config is None or definition.hyper_parameter_tuning_resource_config is None:
        return None
    return Breach(
        "resource_config",
        expected="nothing beside HyperParameterTuningResourceConfig",
        got="resources",
        hint="keep one of the two",
    )


@advice("resources-given", "C071", source="API_HyperParameterTrainingJobDefinition", basis="inferred")
def resources_given(definition: HyperParameterTrainingJobDefinition) -> Breach | None:
    """A definition says on what its training jobs run."""
    if definition.resource_config is not None or definition.hyper_parameter_tuning_resource_config is not None:
        return None
    return Breach(
        "hyper_parameter_tuning_resource_config",
        expected="instances and storage, here or in ResourceConfig",
        got="neither",
        hint="give an instance type, a count and a volume size",
    )
