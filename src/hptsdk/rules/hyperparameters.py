"""Rules of the hyperparameters of a job of one definition: static ones in the definition, ranges in the job.

Each has the id of the same rule for a definition with ranges of its own, so that whoever waives one waives both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import RESERVED, Breach, advice, rule
from hptsdk.rules.range_values import count_ranges
from hptsdk.rules.training import (
    MOST_HYPERPARAMETERS,
    count_of_hyperparameters,
    missing_breaches,
    missing_hyperparameters,
    names_static_and_auto,
    names_static_and_tuned,
    untunable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, ParameterRanges

_RANGES = ("hyper_parameter_tuning_job_config", "parameter_ranges")
_STATIC = ("training_job_definition", "static_hyper_parameters")


def _sides(request: CreateHyperParameterTuningJobRequest) -> tuple[Mapping[str, str] | None, ParameterRanges | None]:
    """Give the static hyperparameters of the one definition and the ranges of the job."""
    definition = request.training_job_definition
    static = definition.static_hyper_parameters if definition is not None else None
    return static, request.hyper_parameter_tuning_job_config.parameter_ranges


def _dropping(names: list[str], expected: str) -> list[Breach] | None:
    return [
        Breach(*_STATIC, (name,), expected=expected, got="a static value", hint="drop one of the two")
        for name in dict.fromkeys(names)
    ] or None


@rule(
    "static-or-tuned",
    "C046",
    source="aws/sagemaker-python-sdk src/sagemaker/tuner.py",
    basis="inferred",
    needs=("training_job_definition",),
)
def static_or_tuned_by_the_job(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """A hyperparameter is static or has a range, not both."""
    names = names_static_and_tuned(*_sides(request))
    return _dropping(names, "nothing for a hyperparameter that has a range") if names else None


@rule(
    "static-or-automatic",
    "C109",
    source="aws/sagemaker-python-sdk src/sagemaker/tuner.py",
    basis="inferred",
    needs=("training_job_definition",),
)
def static_or_automatic_in_the_job(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """A hyperparameter is static or left to Autotune, not both."""
    names = names_static_and_auto(*_sides(request))
    return _dropping(names, "nothing for one of AutoParameters") if names else None


@rule(
    "at-most-100-hyperparameters",
    "C048",
    source="dg/automatic-model-tuning-define-ranges",
    needs=("training_job_definition",),
)
def at_most_100_hyperparameters_with_the_job(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A training job has at most 100 hyperparameters, static, tuned, and the one that AMT adds."""
    static, ranges = _sides(request)
    if len(static or ()) + count_ranges(ranges) < MOST_HYPERPARAMETERS or _definition_has_ranges(request):
        return None
    total = count_of_hyperparameters(static, ranges)
    if total <= MOST_HYPERPARAMETERS:
        return None
    return Breach(
        *_STATIC,
        expected=f"at most {MOST_HYPERPARAMETERS} with the tuned ones and AMT's own {RESERVED}",
        got=f"{total}",
        hint="drop some, or put several into one",
    )


def _definition_has_ranges(request: CreateHyperParameterTuningJobRequest) -> bool:
    """Tell whether the one definition has ranges of its own, and so the rules of definitions apply."""
    definition = request.training_job_definition
    return definition is not None and definition.hyper_parameter_ranges is not None


@advice(
    "algorithm-lets-it-be-tuned",
    "C125",
    source="aws/sagemaker-xgboost-container#121",
    basis="observed",
    needs=("training_job_definition",),
)
def algorithm_lets_the_job_tune_it(request: CreateHyperParameterTuningJobRequest) -> list[Breach]:
    """A built-in algorithm is tuned by the hyperparameters that it lets vary, within what it takes."""
    if request.training_job_definition is None:
        return []
    image = request.training_job_definition.algorithm_specification.training_image
    found = untunable(image, request.hyper_parameter_tuning_job_config.parameter_ranges)
    return found and [
        Breach(*_RANGES, *breach.path, expected=breach.expected, got=breach.got, hint=breach.hint) for breach in found
    ]


@advice(
    "algorithm-has-what-it-needs",
    "C126",
    source="aws/sagemaker-python-sdk#132",
    basis="observed",
    needs=("training_job_definition",),
)
def algorithm_has_what_it_needs_of_the_job(request: CreateHyperParameterTuningJobRequest) -> list[Breach]:
    """A built-in algorithm gets the hyperparameters without which its training fails."""
    definition = request.training_job_definition
    if definition is None or definition.hyper_parameter_ranges is not None or request.autotune is not None:
        return []
    missing = missing_hyperparameters(definition.algorithm_specification.training_image, *_sides(request))
    return missing_breaches(missing, "training_job_definition") if missing else []
