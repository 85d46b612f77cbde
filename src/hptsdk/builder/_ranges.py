"""Builder methods for the ranges of hyperparameters, of jobs and of named definitions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal

from hptsdk._validation import is_sequence, names_arguments
from hptsdk.builder._formatting import Number, format_all, format_integer, format_number, format_text
from hptsdk.builder._partial_shape import PartialShape
from hptsdk.shapes import (
    AutoParameter,
    CategoricalParameterRange,
    ContinuousParameterRange,
    IntegerParameterRange,
    ParameterRanges,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from hptsdk._validation import Step
    from hptsdk.enums import HyperParameterScalingType

__all__ = ["RangeMethods"]

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
