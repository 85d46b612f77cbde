"""Rules of the hyperparameters, the environment and the resources of a definition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hptsdk._validation import RESERVED, Problem, advice, format_value, rule
from hptsdk.rules import conflicts
from hptsdk.rules.definitions import WITH_RANGES, of_definition, of_job, of_job_only
from hptsdk.rules.range_values import count_ranges, range_names, tuned_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.shapes import HyperParameterTrainingJobDefinition as Definition, ParameterRanges as Ranges

# The highest number of static and tuned hyperparameters, including the one that automatic model tuning adds.
MAX_HYPERPARAMETERS = 100

_CREDENTIALS = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token"})
_LENGTHS = frozenset(map(len, _CREDENTIALS))
_KEY_ID = r"(?a)\b(AKIA|ASIA)[A-Z0-9]{16}\b"


def _static_problems(names: list[str], expected: str) -> list[Problem] | None:
    return [
        Problem(
            "static_hyper_parameters", (name,), expected=expected, got="a static value", hint="remove one of the two"
        )
        for name in dict.fromkeys(names)
    ]


@rule(
    "static-or-tuned",
    "C046",
    source="aws/sagemaker-python-sdk src/sagemaker/tuner.py",
    basis="inferred",
    needs=("static_hyper_parameters", *WITH_RANGES),
)
def static_or_tuned(definition: Definition, ranges: Ranges | None) -> list[Problem] | None:
    """A hyperparameter is static or has a range, not both.

    Each training job receives one value for each name, so a fixed value contradicts a range. The SageMaker Python SDK
    removes the static value before it sends a request.

    Example:
        `StaticHyperParameters` {"depth": "6"} and "depth" in `IntegerParameterRanges`.
    """
    static = definition.static_hyper_parameters
    if static is None or ranges is None:
        return None
    names = [name for name in range_names(ranges) if name in static]
    return _static_problems(names, "no static value for a hyperparameter with a range") if names else None


@rule(
    "static-or-automatic",
    "C109",
    source="aws/sagemaker-python-sdk src/sagemaker/tuner.py",
    basis="inferred",
    needs=("static_hyper_parameters", *WITH_RANGES),
)
def static_or_automatic(definition: Definition, ranges: Ranges | None) -> list[Problem] | None:
    """A hyperparameter is static or in AutoParameters, not both.

    Autotune chooses values for the hyperparameters of this list, so a fixed value is a contradiction.
    The SageMaker Python SDK separates the two before it sends a request.

    Example:
        `StaticHyperParameters` {"depth": "6"} and "depth" in `AutoParameters`.
    """
    static = definition.static_hyper_parameters
    if static is None or ranges is None or not ranges.auto_parameters:
        return None
    names = [item.name for item in ranges.auto_parameters if item.name in static]
    return _static_problems(names, "no static value for a hyperparameter of AutoParameters")


@rule("at-most-100-hyperparameters", "C048", source="dg/automatic-model-tuning-define-ranges", needs=WITH_RANGES)
def at_most_100_hyperparameters(definition: Definition, ranges: Ranges | None) -> Problem | None:
    """A training job has at most 100 hyperparameters: static, tuned, and the one that automatic model tuning adds.

    The service adds the hyperparameter that contains the name of the objective metric, so 99 remain. AWS
    documents the limit. A name that is set in two places counts once.

    Example:
        90 items of `StaticHyperParameters` and 10 ranges.
    """
    static = definition.static_hyper_parameters or ()
    # the sum with repetitions is fast, and rarely reaches the maximum
    if len(static) + count_ranges(ranges) < MAX_HYPERPARAMETERS:
        return None
    total = len({RESERVED, *static} | tuned_names(ranges))
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
    """_tuning_objective_metric is no static hyperparameter, because SageMaker adds it to each training job.

    It is not known whether the service replaces the value or rejects the request. The hyperparameter is present if
    static values were copied from the description of a training job.

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
            got=format_value(entries[name], secret=True),
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


@advice("resources-given-once", "C070", source="API_HyperParameterTrainingJobDefinition", basis="inferred")
def resources_given_once(definition: Definition) -> list[Problem] | None:
    """A definition has only one of ResourceConfig and HyperParameterTuningResourceConfig.

    Both members describe the same instances. AWS documents them as alternatives and does not document which of
    them the service uses if both are set.
    """
    if definition.hyper_parameter_tuning_resource_config is None:
        return None
    return conflicts(definition, "HyperParameterTuningResourceConfig", "resource_config")


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
        got="nothing",
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
)
REQUEST = (
    static_or_tuned.for_parts(of_job),
    static_or_automatic.for_parts(of_job),
    at_most_100_hyperparameters.for_parts(of_job_only),
)
