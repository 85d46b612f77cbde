"""What Autotune chooses where a request leaves it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import has_ranges, parse_number
from hptsdk.shapes import (
    AutoParameter,
    ContinuousParameterRange,
    IntegerParameterRange,
    ParameterRanges,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, HyperParameterTrainingJobDefinition

__all__ = ["chosen", "has_something_to_search"]

_TRAINING_JOBS = 20
# A hint is searched from this many times smaller to this many times larger.
_SPREAD = 10


def chosen(request: CreateHyperParameterTuningJobRequest) -> CreateHyperParameterTuningJobRequest:
    """Fill in what Autotune leaves open: strategy, early stopping, number of training jobs, and ranges around hints.

    A hint that is no number can't be searched around, and becomes a static hyperparameter.

    Raises:
        InvalidShapeError: what was chosen does not go with the rest of the request.
    """
    config = request.hyper_parameter_tuning_job_config
    limits = config.resource_limits
    single = request.training_job_definition
    config = attrs.evolve(
        config,
        strategy="Bayesian",
        strategy_config=None,
        training_job_early_stopping_type=config.training_job_early_stopping_type or ("Auto" if single else None),
        resource_limits=attrs.evolve(
            limits, max_number_of_training_jobs=limits.max_number_of_training_jobs or _TRAINING_JOBS
        ),
        parameter_ranges=_ranges(config.parameter_ranges),
    )
    fixed = _fixed(request.hyper_parameter_tuning_job_config.parameter_ranges)
    several = request.training_job_definitions
    return attrs.evolve(
        request,
        hyper_parameter_tuning_job_config=config,
        training_job_definition=_definition(single, fixed) if single else None,
        training_job_definitions=[_definition(each, fixed) for each in several] if several else None,
    )


def has_something_to_search(request: CreateHyperParameterTuningJobRequest) -> bool:
    """Tell whether there are ranges once Autotune has chosen."""
    return has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges) or any(
        has_ranges(definition.hyper_parameter_ranges) for _, definition in definitions_of(request)
    )


def _definition(
    definition: HyperParameterTrainingJobDefinition, fixed: dict[str, str]
) -> HyperParameterTrainingJobDefinition:
    own = {**fixed, **_fixed(definition.hyper_parameter_ranges)}
    static = {**(definition.static_hyper_parameters or {}), **own}
    return attrs.evolve(
        definition,
        hyper_parameter_ranges=_ranges(definition.hyper_parameter_ranges),
        static_hyper_parameters=static or None,
    )


def _fixed(ranges: ParameterRanges | None) -> dict[str, str]:
    """Give the hints that can't be searched around."""
    hints = ranges.auto_parameters if ranges else None
    return {hint.name: hint.value_hint for hint in hints or () if _range(hint) is None}


def _ranges(ranges: ParameterRanges | None) -> ParameterRanges | None:
    if ranges is None or not ranges.auto_parameters:
        return ranges
    found = [made for hint in ranges.auto_parameters if (made := _range(hint)) is not None]
    integers = [*(ranges.integer_parameter_ranges or ())]
    integers += [made for made in found if isinstance(made, IntegerParameterRange)]
    reals = [
        *(ranges.continuous_parameter_ranges or ()),
        *(r for r in found if isinstance(r, ContinuousParameterRange)),
    ]
    return attrs.evolve(
        ranges,
        auto_parameters=None,
        integer_parameter_ranges=integers or None,
        continuous_parameter_ranges=reals or None,
    )


def _range(hint: AutoParameter) -> IntegerParameterRange | ContinuousParameterRange | None:
    value = parse_number(hint.value_hint)
    if value is None or value == 0:
        return None
    low, high = sorted((value / _SPREAD, value * _SPREAD))
    if _is_written_whole(hint.value_hint, value):
        # a tenth of a small number is none
        ends = sorted((round(value / _SPREAD) or (1 if value > 0 else -1), int(value * _SPREAD)))
        return IntegerParameterRange(name=hint.name, min_value=str(ends[0]), max_value=str(ends[1]))
    return ContinuousParameterRange(name=hint.name, min_value=repr(float(low)), max_value=repr(float(high)))


def _is_written_whole(text: str, value: Decimal) -> bool:
    return value == value.to_integral_value() and not set(text.lower()) & set(".e")
