"""The recommended ranges of built-in algorithms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import closest
from hptsdk.rules.facts.algorithms import algorithm_facts, algorithm_names
from hptsdk.rules.range_values import parse_number
from hptsdk.shapes import (
    CategoricalParameterRange,
    ContinuousParameterRange,
    IntegerParameterRange,
    ParameterRanges,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.enums import HyperParameterScalingType
    from hptsdk.rules.facts.algorithms.model import Hyperparameter

__all__ = ["default_ranges"]


def default_ranges(algorithm: str) -> ParameterRanges:
    """Return the ranges that AWS recommends for tuning a built-in algorithm.

    Each hyperparameter with a recommended range has one here, with the documented bounds, values and scaling, unless it
    has no effect with the recommended values of the others. A scaling that the bounds do not allow is omitted, such as
    `Logarithmic` from 0.

    Args:
        algorithm: the name of the algorithm, such as `"xgboost"`; `hptsdk.schema.algorithms()` lists the names.

    Raises:
        ValueError: there is no algorithm with this name, or AWS documents no ranges for tuning it.

    Example:
        >>> import hptsdk
        >>> ranges = hptsdk.default_ranges("kmeans")
        >>> [(item.name, item.min_value, item.max_value) for item in ranges.integer_parameter_ranges]
        [('epochs', '1', '10'), ('extra_center_factor', '4', '10'), ('mini_batch_size', '3000', '15000')]
    """
    names = algorithm_names()
    if algorithm not in names:
        hint = closest(algorithm, names) or "hptsdk.schema.algorithms() lists the names"
        message = f"no algorithm has the name {algorithm!r}; {hint}"
        raise ValueError(message)
    tunable = algorithm_facts(algorithm).tunable
    facts = [fact for fact in tunable.values() if fact.recommended and _has_effect(fact, tunable)]
    if not facts:
        message = f"{algorithm} cannot be tuned: AWS documents no ranges for its hyperparameters"
        raise ValueError(message)
    continuous = [
        ContinuousParameterRange(name=fact.name, min_value=low, max_value=high, scaling_type=_scaling(fact))
        for fact in facts
        if fact.range == "Continuous"
        for low, high in [fact.recommended]
    ]
    integers = [
        IntegerParameterRange(name=fact.name, min_value=low, max_value=high, scaling_type=_scaling(fact))
        for fact in facts
        if fact.range == "Integer"
        for low, high in [fact.recommended]
    ]
    categorical = [
        CategoricalParameterRange(name=fact.name, values=fact.recommended)
        for fact in facts
        if fact.range == "Categorical"
    ]
    return ParameterRanges(
        continuous_parameter_ranges=continuous or None,
        integer_parameter_ranges=integers or None,
        categorical_parameter_ranges=categorical or None,
    )


def _has_effect(fact: Hyperparameter, tunable: Mapping[str, Hyperparameter]) -> bool:
    """Check whether a hyperparameter has an effect with the recommended values of those on which it depends."""
    return not any(
        other in tunable and tunable[other].recommended and set(values).isdisjoint(tunable[other].recommended)
        for other, values in fact.only_if.items()
    )


def _scaling(fact: Hyperparameter) -> HyperParameterScalingType | None:
    """Return the documented scaling; None if its logarithm does not exist for the lowest value."""
    lowest = parse_number(fact.recommended[0])
    is_logarithmic = fact.scaling == "Logarithmic"
    return None if is_logarithmic and lowest is not None and lowest <= 0 else fact.scaling
