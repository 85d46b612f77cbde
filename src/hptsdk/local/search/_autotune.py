"""Autotune: the values that are chosen for members that a request does not set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import has_ranges, parse_number
from hptsdk.shapes import ContinuousParameterRange, IntegerParameterRange

if TYPE_CHECKING:
    from hptsdk.shapes import (
        AutoParameter,
        CreateHyperParameterTuningJobRequest,
        HyperParameterTrainingJobDefinition,
        ParameterRanges,
    )

__all__ = ["apply_autotune"]

_TRAINING_JOBS = 20

# The range of a hint goes from the hint divided by this to the hint times this.
_SPREAD = 10


def apply_autotune(request: CreateHyperParameterTuningJobRequest) -> CreateHyperParameterTuningJobRequest:
    """Return a request with the choices of Autotune: strategy, early stopping, number of training jobs, and ranges.

    A hint that is not a number becomes a static hyperparameter. A request without Autotune is returned as it is.

    Raises:
        InvalidShapeError: the choices conflict with the rest of the request.
        ValueError: there are no ranges to search.
    """
    if request.autotune is None:
        return request
    config = request.hyper_parameter_tuning_job_config
    limits, ranges = config.resource_limits, config.parameter_ranges
    single, several = request.training_job_definition, request.training_job_definitions
    applied = attrs.evolve(
        request,
        hyper_parameter_tuning_job_config=attrs.evolve(
            config,
            strategy="Bayesian",
            strategy_config=None,
            training_job_early_stopping_type=config.training_job_early_stopping_type or ("Auto" if single else None),
            resource_limits=attrs.evolve(
                limits, max_number_of_training_jobs=limits.max_number_of_training_jobs or _TRAINING_JOBS
            ),
            parameter_ranges=_chosen_ranges(ranges),
        ),
        training_job_definition=_with_choices(single, ranges) if single else None,
        training_job_definitions=[_with_choices(each, ranges) for each in several] if several else None,
    )
    own = [definition.hyper_parameter_ranges for _, definition in definitions_of(applied)]
    if not any(map(has_ranges, (applied.hyper_parameter_tuning_job_config.parameter_ranges, *own))):
        raise ValueError(
            "Autotune has no ranges to search here: add ranges, or AutoParameters whose ValueHint is a number."
        )
    return applied


def _with_choices(
    definition: HyperParameterTrainingJobDefinition, common: ParameterRanges | None
) -> HyperParameterTrainingJobDefinition:
    """Return a definition with chosen ranges, and with the hints that are not numbers as static hyperparameters."""
    own = definition.hyper_parameter_ranges
    hints = [*((common and common.auto_parameters) or ()), *((own and own.auto_parameters) or ())]
    static = dict(definition.static_hyper_parameters or {})
    static |= {hint.name: hint.value_hint for hint in hints if _chosen_range(hint) is None}
    return attrs.evolve(definition, hyper_parameter_ranges=_chosen_ranges(own), static_hyper_parameters=static or None)


def _chosen_ranges(ranges: ParameterRanges | None) -> ParameterRanges | None:
    """Return ranges with those that are chosen for the hints."""
    if ranges is None or not ranges.auto_parameters:
        return ranges
    integers, reals = list(ranges.integer_parameter_ranges or ()), list(ranges.continuous_parameter_ranges or ())
    for hint in ranges.auto_parameters:
        match _chosen_range(hint):
            case IntegerParameterRange() as chosen:
                integers.append(chosen)
            case ContinuousParameterRange() as chosen:
                reals.append(chosen)
            case None:
                pass
    return attrs.evolve(
        ranges,
        auto_parameters=None,
        integer_parameter_ranges=integers or None,
        continuous_parameter_ranges=reals or None,
    )


def _chosen_range(hint: AutoParameter) -> IntegerParameterRange | ContinuousParameterRange | None:
    """Return the range around a hint; None if the hint is not a number, or 0."""
    value = parse_number(hint.value_hint)
    if value is None or value == 0:
        return None
    if value == value.to_integral_value() and not set(hint.value_hint.lower()) & set(".e"):
        # a tenth of a small integer is 0
        low, high = sorted((round(value / _SPREAD) or (1 if value > 0 else -1), int(value * _SPREAD)))
        return IntegerParameterRange(name=hint.name, min_value=str(low), max_value=str(high))
    lowest, highest = sorted((value / _SPREAD, value * _SPREAD))
    return ContinuousParameterRange(name=hint.name, min_value=repr(float(lowest)), max_value=repr(float(highest)))
