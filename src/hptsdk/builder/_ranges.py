"""Builder methods for the ranges of hyperparameters, and the ranges that AWS recommends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal

from hptsdk._validation import closest, is_sequence, names_arguments
from hptsdk.builder._partial_shape import PartialShape
from hptsdk.builder._repr import Number, format_all, format_integer, format_number, format_text
from hptsdk.rules.facts.algorithms import algorithm_facts, algorithm_names
from hptsdk.rules.range_values import parse_number
from hptsdk.shapes import (
    AutoParameter,
    CategoricalParameterRange,
    ContinuousParameterRange,
    IntegerParameterRange,
    ParameterRanges,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from hptsdk._validation import Step
    from hptsdk.enums import HyperParameterScalingType
    from hptsdk.rules.facts.algorithms.model import Hyperparameter

__all__ = ["RangeMethods", "default_ranges"]

_LISTS = {
    AutoParameter: "auto_parameters",
    CategoricalParameterRange: "categorical_parameter_ranges",
    ContinuousParameterRange: "continuous_parameter_ranges",
    IntegerParameterRange: "integer_parameter_ranges",
}

Range = AutoParameter | CategoricalParameterRange | ContinuousParameterRange | IntegerParameterRange
NumericRange = type[ContinuousParameterRange] | type[IntegerParameterRange]


class RangeMethods(ABC):
    """The methods that add ranges of hyperparameters."""

    @abstractmethod
    def _ranges(self) -> ParameterRanges | None:
        """Return the ranges."""

    @abstractmethod
    def _with_ranges(self, ranges: ParameterRanges) -> Self:
        """Return a new builder with these ranges."""

    @names_arguments(low="MinValue", high="MaxValue", scaling="ScalingType")
    def continuous(
        self,
        name: str,
        low: Number,
        high: Number,
        *,
        scaling: HyperParameterScalingType | None = None,
    ) -> Self:
        """Add a range of real numbers.

        Args:
            name: the name of the hyperparameter.
            low: the smallest value.
            high: the largest value.
            scaling: ``"Auto"``, ``"Linear"``, ``"Logarithmic"`` or ``"ReverseLogarithmic"``. SageMaker chooses if it is
                not set.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a bound is not a finite number, the bounds violate a rule, or the name has a range.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html.
        """
        return self._add_numeric(ContinuousParameterRange, name, (low, high), scaling, format_number)

    @names_arguments(low="MinValue", high="MaxValue", scaling="ScalingType")
    def integer(
        self,
        name: str,
        low: Number,
        high: Number,
        *,
        scaling: Literal["Auto", "Linear", "Logarithmic"] | None = None,
    ) -> Self:
        """Add a range of integers.

        Args:
            name: the name of the hyperparameter.
            low: the smallest value.
            high: the largest value.
            scaling: ``"Auto"``, ``"Linear"`` or ``"Logarithmic"``. SageMaker chooses if it is not set.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a bound is not a whole number, the bounds violate a rule, or the name has a range.

        See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html.
        """
        return self._add_numeric(IntegerParameterRange, name, (low, high), scaling, format_integer)

    @names_arguments()
    def categorical(self, name: str, values: Sequence[str | Number]) -> Self:
        """Add a set of values.

        Args:
            name: the name of the hyperparameter.
            values: 1 to 30 values; numbers are formatted as text.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: a value is neither text nor a number, two values are equal, or the name has a range.
        """
        cls = CategoricalParameterRange
        return self._add(cls(name=name, values=_texts(values, PartialShape(cls, name=name))))

    @names_arguments(hint="ValueHint")
    def auto(self, name: str, hint: str | Number) -> Self:
        """Let Autotune choose the range of a hyperparameter; needs `autotune` on the job.

        Args:
            name: the name of the hyperparameter.
            hint: a value in the range; a number is formatted as text.

        Returns:
            A new builder.

        Raises:
            InvalidShapeError: the hint is neither text nor a number, or the name has a range.
        """
        others = PartialShape(AutoParameter, name=name)
        (value,) = format_all(AutoParameter, [(("ValueHint",), hint)], format_text, others=others)
        return self._add(AutoParameter(name=name, value_hint=value))

    def _add_numeric(
        self,
        cls: NumericRange,
        name: str,
        bounds: tuple[Number, Number],
        scaling: HyperParameterScalingType | None,
        formatter: Callable[[object], str],
    ) -> Self:
        values = [(("MinValue",), bounds[0]), (("MaxValue",), bounds[1])]
        others = PartialShape(cls, name=name, scaling_type=scaling)
        low, high = format_all(cls, values, formatter, others=others)
        return self._add(cls(name=name, min_value=low, max_value=high, scaling_type=scaling))

    def _add(self, added: Range) -> Self:
        ranges = self._ranges()
        lists = {name: (getattr(ranges, name) or ()) if ranges else () for name in _LISTS.values()}
        lists[_LISTS[type(added)]] = (*lists[_LISTS[type(added)]], added)
        return self._with_ranges(ParameterRanges(**{name: items for name, items in lists.items() if items}))


def _texts(values: object, others: PartialShape) -> Any:  # noqa: ANN401 - invalid values have any type
    """Format the values of a categorical range; any other value is reported when the range is validated."""
    if not is_sequence(values):
        return values
    paths: list[tuple[tuple[Step, ...], object]] = [(("Values", index), value) for index, value in enumerate(values)]
    return format_all(others.cls, paths, format_text, others=others)


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
