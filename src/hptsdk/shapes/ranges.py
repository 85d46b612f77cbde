"""Hyperparameter ranges that a tuning job searches."""

from collections.abc import Sequence
from typing import Annotated

import attrs

from hptsdk._validation import Shape
from hptsdk.constraints import Items
from hptsdk.enums import HyperParameterScalingType
from hptsdk.rules import ranges
from hptsdk.scalars import ParameterKey, ParameterValue, ParameterValues


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ContinuousParameterRange(Shape):
    """A range of floating-point values for one hyperparameter.

    Example:
        ContinuousParameterRange(name="eta", min_value="0.001", max_value="0.5", scaling_type="Logarithmic")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContinuousParameterRange.html
    """

    RULES = ranges.CONTINUOUS

    name: ParameterKey
    """Name of the hyperparameter."""
    min_value: ParameterValue
    """Smallest value, as decimal text."""
    max_value: ParameterValue
    """Largest value, as decimal text."""
    scaling_type: HyperParameterScalingType | None = None
    """Scaling of the search. Logarithmic requires values above 0, ReverseLogarithmic values from 0 to below 1."""


ContinuousParameterRanges = Annotated[Sequence[ContinuousParameterRange], Items(0, 30)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class IntegerParameterRange(Shape):
    """A range of whole numbers for one hyperparameter.

    Example:
        IntegerParameterRange(name="max_depth", min_value="3", max_value="10")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_IntegerParameterRange.html
    """

    RULES = ranges.INTEGER

    name: ParameterKey
    """Name of the hyperparameter."""
    min_value: ParameterValue
    """Smallest value, as decimal text."""
    max_value: ParameterValue
    """Largest value, as decimal text."""
    scaling_type: HyperParameterScalingType | None = None
    """Scaling of the search. Logarithmic requires values above 0; ReverseLogarithmic is not allowed for integers."""


IntegerParameterRanges = Annotated[Sequence[IntegerParameterRange], Items(0, 30)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CategoricalParameterRange(Shape):
    """A set of text values for one hyperparameter.

    Example:
        CategoricalParameterRange(name="optimizer", values=["adam", "sgd"])

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CategoricalParameterRange.html
    """

    RULES = ranges.CATEGORICAL

    name: ParameterKey
    """Name of the hyperparameter."""
    values: ParameterValues
    """Values of the hyperparameter, each once."""


CategoricalParameterRanges = Annotated[Sequence[CategoricalParameterRange], Items(0, 30)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AutoParameter(Shape):
    """A hyperparameter whose range Autotune chooses.

    Example:
        AutoParameter(name="learning_rate", value_hint="0.1")

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoParameter.html
    """

    RULES = ranges.AUTO

    name: ParameterKey
    """Name of the hyperparameter."""
    value_hint: ParameterValue
    """Example of a value, as text, from which Autotune chooses the range."""


AutoParameters = Annotated[Sequence[AutoParameter], Items(0, 100)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ParameterRanges(Shape):
    """The hyperparameters that a tuning job searches, by the type of their ranges.

    It has at most 30 integer, continuous and categorical ranges together.

    Example:
        ParameterRanges(
            continuous_parameter_ranges=[ContinuousParameterRange(name="eta", min_value="0.01", max_value="0.3")],
            integer_parameter_ranges=[IntegerParameterRange(name="max_depth", min_value="3", max_value="10")],
        )

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ParameterRanges.html
    """

    RULES = ranges.PARAMETER_RANGES

    integer_parameter_ranges: IntegerParameterRanges | None = None
    """Hyperparameters with whole-number values."""
    continuous_parameter_ranges: ContinuousParameterRanges | None = None
    """Hyperparameters with floating-point values."""
    categorical_parameter_ranges: CategoricalParameterRanges | None = None
    """Hyperparameters with a set of values; the only type of range that the Grid strategy allows."""
    auto_parameters: AutoParameters | None = None
    """Hyperparameters whose ranges Autotune chooses."""
