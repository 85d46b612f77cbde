"""The methods that add hyperparameters to search, which jobs and named definitions share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, cast

from hptsdk._validation import names_arguments
from hptsdk.builder._formatting import Number, as_number, as_text, as_whole_number, texts
from hptsdk.builder._partial_shape import Partial
from hptsdk.shapes import (
    AutoParameter,
    CategoricalParameterRange,
    ContinuousParameterRange,
    IntegerParameterRange,
    ParameterRanges,
)

if TYPE_CHECKING:
    from typing import Self

    from hptsdk.enums import HyperParameterScalingType

__all__ = ["RangeMethods"]

_LISTS = {
    AutoParameter: "auto_parameters",
    CategoricalParameterRange: "categorical_parameter_ranges",
    ContinuousParameterRange: "continuous_parameter_ranges",
    IntegerParameterRange: "integer_parameter_ranges",
}

Range = AutoParameter | CategoricalParameterRange | ContinuousParameterRange | IntegerParameterRange


class RangeMethods(ABC):
    """Adds hyperparameters to search."""

    @abstractmethod
    def _ranges(self) -> ParameterRanges | None:
        """Give the ranges so far."""

    @abstractmethod
    def _with_ranges(self, ranges: ParameterRanges) -> Self:
        """Give a new builder with these ranges."""

    @names_arguments(low="MinValue", high="MaxValue", scaling="ScalingType")
    def continuous(
        self,
        name: str,
        low: Number,
        high: Number,
        *,
        scaling: HyperParameterScalingType | None = None,
    ) -> Self:
        """Search a range of real values.

        Args:
            name: the hyperparameter.
            low: smallest value.
            high: largest value.
            scaling: how values are spread over the range; left out, SageMaker chooses.

        Raises:
            InvalidShapeError: a bound is no finite number, or the name has a range already.
        """
        given = [(("MinValue",), low), (("MaxValue",), high)]
        beside = Partial(ContinuousParameterRange, name=name, scaling_type=scaling)
        minimum, maximum = texts(ContinuousParameterRange, given, as_number, beside=beside)
        return self._add(
            ContinuousParameterRange(name=name, min_value=minimum, max_value=maximum, scaling_type=scaling)
        )

    @names_arguments(low="MinValue", high="MaxValue", scaling="ScalingType")
    def integer(
        self,
        name: str,
        low: Number,
        high: Number,
        *,
        scaling: Literal["Auto", "Linear", "Logarithmic"] | None = None,
    ) -> Self:
        """Search a range of integers.

        Args:
            name: the hyperparameter.
            low: smallest value.
            high: largest value.
            scaling: how values are spread over the range; left out, SageMaker chooses.

        Raises:
            InvalidShapeError: a bound is no whole number, or the name has a range already.
        """
        given = [(("MinValue",), low), (("MaxValue",), high)]
        beside = Partial(IntegerParameterRange, name=name, scaling_type=scaling)
        minimum, maximum = texts(IntegerParameterRange, given, as_whole_number, beside=beside)
        return self._add(IntegerParameterRange(name=name, min_value=minimum, max_value=maximum, scaling_type=scaling))

    @names_arguments()
    def categorical(self, name: str, values: Sequence[str | Number]) -> Self:
        """Search a set of values; numbers among them are written as text.

        Raises:
            InvalidShapeError: a value is neither text nor a number, or the name has a range already.
        """
        cls = CategoricalParameterRange
        if isinstance(cast("object", values), Sequence) and not isinstance(values, str | bytes | bytearray):
            values = texts(
                cls,
                [(("Values", place), value) for place, value in enumerate(values)],
                as_text,
                beside=Partial(cls, name=name),
            )
        return self._add(cls(name=name, values=cast("Sequence[str]", values)))

    @names_arguments(hint="ValueHint")
    def auto(self, name: str, hint: str | Number) -> Self:
        """Let Autotune choose a range for a hyperparameter.

        Args:
            name: the hyperparameter.
            hint: a value to search around.

        Raises:
            InvalidShapeError: the hint is neither text nor a number, or the name has a range already.
        """
        (value,) = texts(AutoParameter, [(("ValueHint",), hint)], as_text, beside=Partial(AutoParameter, name=name))
        return self._add(AutoParameter(name=name, value_hint=value))

    def _add(self, added: Range) -> Self:
        ranges = self._ranges()
        lists = {name: (getattr(ranges, name) or ()) if ranges else () for name in _LISTS.values()}
        where = _LISTS[type(added)]
        lists[where] = (*lists[where], added)
        return self._with_ranges(ParameterRanges(**{name: items for name, items in lists.items() if items}))
