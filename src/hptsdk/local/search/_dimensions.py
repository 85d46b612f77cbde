"""The dimensions that a search varies: categories, integers and real numbers; and the choices of Autotune."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import effective_scaling, has_ranges, parse_number
from hptsdk.shapes import ContinuousParameterRange, IntegerParameterRange

if TYPE_CHECKING:
    from hptsdk.shapes import (
        AutoParameter,
        CreateHyperParameterTuningJobRequest,
        HyperParameterTrainingJobDefinition,
        ParameterRanges,
    )


@attrs.frozen
class Categories:
    """A categorical hyperparameter. Its values have equal probabilities and no duplicates."""

    name: str
    values: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.values)

    def at(self, share: float) -> str:
        """Return the value at a share of the list, from 0 to less than 1."""
        return self.values[min(int(share * self.size), self.size - 1)]

    def nth(self, index: int) -> str:
        return self.values[index]

    def contains(self, text: str) -> bool:
        return text in self.values


@attrs.frozen
class Integers:
    """An integer hyperparameter from `low` to `high`, both included, on a linear or a logarithmic scale."""

    name: str
    low: int
    high: int
    logarithmic: bool

    @property
    def size(self) -> int:
        return self.high - self.low + 1

    def at(self, share: float) -> str:
        """Return the integer at a share of the range, from 0 to less than 1."""
        if not self.logarithmic:
            return str(self.low + min(int(share * self.size), self.size - 1))
        value = round(_interpolate_logarithm(self.low - 0.5, self.high + 0.5, share))
        return str(min(max(value, self.low), self.high))

    def nth(self, index: int) -> str:
        """Return the integer with an index, counted from the lowest."""
        return str(self.low + index)

    def contains(self, text: str) -> bool:
        value = _parse_float(text)
        return self.low <= value <= self.high and value.is_integer()


@attrs.frozen
class Reals:
    """A real hyperparameter from `low` to `high`, both included.

    Its scaling is "Linear", "Logarithmic", or "ReverseLogarithmic", which is the logarithm of the distance from 1.
    """

    name: str
    low: float
    high: float
    scaling: str

    size: None = None

    def at(self, share: float) -> str:
        """Return the number at a share of the range (0 to less than 1), as the shortest text that is equal to it."""
        match self.scaling:
            case "Logarithmic":
                value = _interpolate_logarithm(self.low, self.high, share)
            case "ReverseLogarithmic":
                value = 1 - _interpolate_logarithm(1 - self.low, 1 - self.high, share)
            case _:
                # low + share * (high - low) overflows if the bounds are the extreme values of a double
                value = self.low * (1 - share) + self.high * share
        return repr(self.clamp(value))

    def clamp(self, value: float) -> float:
        """Return the number of the range that is closest to a value."""
        return min(max(value, self.low), self.high)

    def contains(self, text: str) -> bool:
        return self.low <= _parse_float(text) <= self.high


Dimension = Categories | Integers | Reals
"""One hyperparameter that a search varies."""


def _interpolate_logarithm(low: float, high: float, share: float) -> float:
    return math.exp(math.log(low) * (1 - share) + math.log(high) * share)


def _parse_float(text: str) -> float:
    """Parse a string as a number; NaN, which is outside of every range, if it is not a number."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def dimensions_of(ranges: ParameterRanges | None) -> tuple[Dimension, ...]:
    """Return the ranges of a request as dimensions: categories, integers, then real numbers, each in their order."""
    if ranges is None:
        return ()
    return (
        *(Categories(r.name, tuple(dict.fromkeys(r.values))) for r in ranges.categorical_parameter_ranges or ()),
        *(_numeric(r) for r in ranges.integer_parameter_ranges or ()),
        *(_numeric(r) for r in ranges.continuous_parameter_ranges or ()),
    )


def _numeric(numeric: IntegerParameterRange | ContinuousParameterRange) -> Integers | Reals:
    """Return a numeric range as a dimension.

    Raises:
        ValueError: a bound is not a number.
    """
    low, high = parse_number(numeric.min_value), parse_number(numeric.max_value)
    if low is None or high is None:
        raise ValueError(f"the bounds of {numeric.name} are not numbers")
    scaling = effective_scaling(numeric.scaling_type, low, high)
    if isinstance(numeric, IntegerParameterRange):
        return Integers(numeric.name, math.ceil(low), math.floor(high), scaling == "Logarithmic")
    return Reals(numeric.name, float(low), float(high), scaling)


_TRAINING_JOBS = 20

# The range of a hint goes from the hint divided by this to the hint times this.
_SPREAD = 10


def apply_autotune(request: CreateHyperParameterTuningJobRequest) -> CreateHyperParameterTuningJobRequest:
    """Return a request with the choices of Autotune: strategy, early stopping, number of training jobs, and ranges.

    A hint that is 0 or not a number becomes a static hyperparameter. A request without Autotune is returned as it is.

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
            "Autotune has no ranges to search: add ranges, or AutoParameters whose ValueHint is a number except 0."
        )
    return applied


def _with_choices(
    definition: HyperParameterTrainingJobDefinition, common: ParameterRanges | None
) -> HyperParameterTrainingJobDefinition:
    """Return a definition with chosen ranges, and with the other hints as static hyperparameters."""
    own = definition.hyper_parameter_ranges
    hints = [*((common and common.auto_parameters) or ()), *((own and own.auto_parameters) or ())]
    static = dict(definition.static_hyper_parameters or {})
    static |= {hint.name: hint.value_hint for hint in hints if _chosen_range(hint) is None}
    return attrs.evolve(definition, hyper_parameter_ranges=_chosen_ranges(own), static_hyper_parameters=static or None)


def _chosen_ranges(ranges: ParameterRanges | None) -> ParameterRanges | None:
    """Return ranges with chosen ranges in place of AutoParameters."""
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
    """Return the range around a hint; None if the hint is 0 or not a number."""
    value = parse_number(hint.value_hint)
    if value is None or value == 0:
        return None
    if value == value.to_integral_value() and not set(hint.value_hint.lower()) & set(".e"):
        # a tenth of a small integer is 0
        low, high = sorted((round(value / _SPREAD) or (1 if value > 0 else -1), int(value * _SPREAD)))
        return IntegerParameterRange(name=hint.name, min_value=str(low), max_value=str(high))
    lowest, highest = sorted((value / _SPREAD, value * _SPREAD))
    return ContinuousParameterRange(name=hint.name, min_value=repr(float(lowest)), max_value=repr(float(highest)))
