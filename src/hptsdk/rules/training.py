"""Rules of the hyperparameters, the environment and the resources of a definition.

See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTrainingJobDefinition.html.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hptsdk._validation import RESERVED, Problem, advice, closest, guide_page, rule, shown
from hptsdk.rules.definitions import of_definition, of_job, of_job_only, ranges_of_definition, ranges_of_job
from hptsdk.rules.facts.accounts import algorithm_of
from hptsdk.rules.facts.algorithms import algorithm_facts
from hptsdk.rules.range_values import count_ranges, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hptsdk._validation import Part
    from hptsdk.shapes import (
        AutoParameter,
        CategoricalParameterRange,
        ContinuousParameterRange,
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterTrainingJobDefinition as Definition,
        IntegerParameterRange,
        ParameterRanges as Ranges,
    )

    AnyRange = ContinuousParameterRange | IntegerParameterRange | CategoricalParameterRange | AutoParameter

__all__ = ["DEFINITION", "MAX_HYPERPARAMETERS", "REQUEST"]

# The highest number of static and tuned hyperparameters with the one that automatic model tuning adds.
MAX_HYPERPARAMETERS = 100

_CREDENTIALS = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token"})
_LENGTHS = frozenset(map(len, _CREDENTIALS))
_KEY_ID = r"(?a)\b(AKIA|ASIA)[A-Z0-9]{16}\b"


def _ranges_by_member(ranges: Ranges) -> Iterator[tuple[str, int, AnyRange]]:
    """Yield each range that is not left to Autotune, after the member that holds it and its index there."""
    for member in ("continuous_parameter_ranges", "integer_parameter_ranges", "categorical_parameter_ranges"):
        items: tuple[AnyRange, ...] = getattr(ranges, member) or ()
        for index, item in enumerate(items):
            yield member, index, item


def _tuned_names(ranges: Ranges | None) -> set[str]:
    """Return the hyperparameters that have a range or are left to Autotune."""
    if ranges is None:
        return set()
    return {item.name for _, _, item in _ranges_by_member(ranges)} | {
        item.name for item in ranges.auto_parameters or ()
    }


def _static_problems(names: list[str], expected: str) -> list[Problem] | None:
    return [
        Problem(
            "static_hyper_parameters", (name,), expected=expected, got="a static value", hint="remove one of the two"
        )
        for name in dict.fromkeys(names)
    ] or None


@rule(
    "static-or-tuned",
    "C046",
    source="aws/sagemaker-python-sdk src/sagemaker/tuner.py",
    basis="inferred",
    needs=("static_hyper_parameters", "hyper_parameter_ranges", "training_job_definition"),
)
def static_or_tuned(definition: Definition, ranges: Ranges | None) -> list[Problem] | None:
    """A hyperparameter is static or has a range, not both.

    Each training job receives one value for each name, so a fixed value contradicts a range. A rejection is
    inferred; the SDK of AWS removes the static value before it sends a request.

    Example:
        `StaticHyperParameters` {"depth": "6"} and "depth" in `IntegerParameterRanges`.
    """
    static = definition.static_hyper_parameters
    if static is None or ranges is None:
        return None
    lists = ranges.integer_parameter_ranges, ranges.continuous_parameter_ranges, ranges.categorical_parameter_ranges
    names = [item.name for items in lists for item in items or () if item.name in static]
    return _static_problems(names, "no static value for a hyperparameter with a range") if names else None


@rule(
    "static-or-automatic",
    "C109",
    source="aws/sagemaker-python-sdk src/sagemaker/tuner.py",
    basis="inferred",
    needs=("static_hyper_parameters", "hyper_parameter_ranges", "training_job_definition"),
)
def static_or_automatic(definition: Definition, ranges: Ranges | None) -> list[Problem] | None:
    """A hyperparameter is static or in AutoParameters, not both.

    Autotune chooses values for the hyperparameters of this list, so a fixed value is a contradiction. A
    rejection is inferred; the SDK of AWS separates the two before it sends a request.

    Example:
        `StaticHyperParameters` {"depth": "6"} and "depth" in `AutoParameters`.
    """
    static = definition.static_hyper_parameters
    if static is None or ranges is None or not ranges.auto_parameters:
        return None
    names = [item.name for item in ranges.auto_parameters if item.name in static]
    return _static_problems(names, "no static value for a hyperparameter of AutoParameters")


@rule(
    "at-most-100-hyperparameters",
    "C048",
    source="dg/automatic-model-tuning-define-ranges",
    needs=("hyper_parameter_ranges", "training_job_definition"),
)
def at_most_100_hyperparameters(definition: Definition, ranges: Ranges | None) -> Problem | None:
    """A training job has at most 100 hyperparameters: static, tuned, and the one that automatic model tuning adds.

    The service adds the hyperparameter that contains the name of the objective metric, so 99 remain. AWS
    documents the limit. A name that is set in two places counts once.

    Example:
        90 items of `StaticHyperParameters` and 10 ranges.
    """
    static = definition.static_hyper_parameters or ()
    # with repetitions there are rarely that many
    if len(static) + count_ranges(ranges) < MAX_HYPERPARAMETERS:
        return None
    total = len({RESERVED, *static} | _tuned_names(ranges))
    if total <= MAX_HYPERPARAMETERS:
        return None
    return Problem(
        "static_hyper_parameters",
        expected=f"at most {MAX_HYPERPARAMETERS} with the tuned ones and {RESERVED}, which SageMaker adds",
        got=f"{total}",
        hint="remove some, or combine several into one",
    )


@advice(
    "reserved-hyperparameter-left-out",
    "C049",
    source="dg/automatic-model-tuning-define-ranges",
    basis="inferred",
    needs=("static_hyper_parameters",),
)
def reserved_hyperparameter_left_out(definition: Definition) -> Problem | None:
    """The hyperparameter that names the objective metric is not set, because SageMaker adds it to each training job.

    It is not known whether the service replaces the value or rejects the request. The hyperparameter is present
    if static values were copied from the description of a training job.

    Example:
        `StaticHyperParameters` {"_tuning_objective_metric": "loss"}.
    """
    if RESERVED not in (definition.static_hyper_parameters or ()):
        return None
    return Problem(
        "static_hyper_parameters", (RESERVED,), expected="no value", got="a value", hint="remove it; SageMaker sets it"
    )


def _credentials(member: str, entries: Mapping[str, str]) -> list[Problem] | None:
    """Return a problem for each credential in a map, without its value."""
    names = [
        name
        for name, value in entries.items()
        # the fast tests are first
        if (len(name) in _LENGTHS and name.lower() in _CREDENTIALS and value)
        or (("AKIA" in value or "ASIA" in value) and re.search(_KEY_ID, value))
    ]
    if not names:
        return None
    return [
        Problem(
            member,
            (name,),
            expected="no AWS credential",
            got=shown(entries[name], secret=True),
            hint="remove it, and add the permissions to the execution role",
        )
        for name in names
    ]


@rule(
    "no-credentials-in-hyperparameters",
    "C051",
    source="API_CreateHyperParameterTuningJob",
    needs=("static_hyper_parameters",),
)
def no_credentials_in_hyperparameters(definition: Definition) -> list[Problem] | None:
    """A static hyperparameter is not an AWS credential and does not contain the id of an access key.

    Everyone who can describe the job can read its hyperparameters. AWS documents that the service rejects a
    request with credentials. The error message does not contain the value.

    Example:
        `StaticHyperParameters` {"aws_secret_access_key": "…"}.
    """
    return _credentials("static_hyper_parameters", definition.static_hyper_parameters or {})


@rule("no-credentials-in-environment", "C052", source="API_CreateTrainingJob", needs=("environment",))
def no_credentials_in_environment(definition: Definition) -> list[Problem] | None:
    """An environment variable is not an AWS credential and does not contain the id of an access key.

    Everyone who can describe the job can read its environment, so AWS documents that it must not contain
    credentials. Training jobs have the permissions of the execution role instead. The error message does not
    contain the value.

    Example:
        `Environment` {"AWS_SECRET_ACCESS_KEY": "…"}.
    """
    return _credentials("environment", definition.environment or {})


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
    for member, index, item in _ranges_by_member(ranges) if tunable else ():
        if item.name not in tunable:
            hint = closest(item.name, tunable) or (
                f"make it static; {guide_page(facts.tuning_page)} lists the hyperparameters that can be tuned"
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
def _violated_bound(text: str, low: str, high: str) -> str:
    """Return the bound that a number violates; empty text if it violates none, or is not a number."""
    value, lowest, highest = parse_number(text), parse_number(low), parse_number(high)
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
        for name, facts in algorithm_facts(algorithm).hyperparameters.items()
        if name not in static
        and (facts.required or any(static.get(other) in values for other, values in facts.required_if.items()))
    ]
    tuned = _tuned_names(ranges) if missing else ()
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


def _without_autotune(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job without Autotune, which sets hyperparameters itself."""
    return of_job_only(request) if request.autotune is None else []


def _runs_a_script(static: Mapping[str, str]) -> bool:
    """Check whether a first-party image runs the user's script, whose hyperparameters are its own and in JSON."""
    return "sagemaker_program" in static


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


@advice("resources-given-once", "C070", source="API_HyperParameterTrainingJobDefinition", basis="inferred")
def resources_given_once(definition: Definition) -> Problem | None:
    """A definition has either a ResourceConfig or a HyperParameterTuningResourceConfig.

    Both members describe the same instances. AWS documents them as alternatives and does not document which of
    them the service uses if both are set.
    """
    if definition.resource_config is None or definition.hyper_parameter_tuning_resource_config is None:
        return None
    return Problem(
        "resource_config",
        expected="no value if HyperParameterTuningResourceConfig is set",
        got="a ResourceConfig",
        hint="remove one of the two",
    )


@advice("resources-given", "C071", source="API_HyperParameterTrainingJobDefinition", basis="inferred")
def resources_given(definition: Definition) -> Problem | None:
    """A definition has a ResourceConfig or a HyperParameterTuningResourceConfig.

    Both members are optional in the API model, but a training job cannot start without instances. The service
    probably rejects the request.
    """
    if definition.resource_config is not None or definition.hyper_parameter_tuning_resource_config is not None:
        return None
    return Problem(
        "hyper_parameter_tuning_resource_config",
        expected="instances and storage, here or in ResourceConfig",
        got="neither",
        hint="set an instance type, an instance count and a volume size",
    )


DEFINITION = (
    static_or_tuned.for_parts(of_definition),
    static_or_automatic.for_parts(of_definition),
    at_most_100_hyperparameters.for_parts(of_definition),
    no_credentials_in_hyperparameters,
    no_credentials_in_environment,
    resources_given,
    resources_given_once,
    reserved_hyperparameter_left_out,
    algorithm_lets_it_be_tuned.for_parts(ranges_of_definition),
    algorithm_has_what_it_needs.for_parts(of_definition),
    built_in_takes_plain_text,
)
REQUEST = (
    static_or_tuned.for_parts(of_job),
    static_or_automatic.for_parts(of_job),
    at_most_100_hyperparameters.for_parts(of_job_only),
    algorithm_lets_it_be_tuned.for_parts(ranges_of_job),
    algorithm_has_what_it_needs.for_parts(_without_autotune),
)
