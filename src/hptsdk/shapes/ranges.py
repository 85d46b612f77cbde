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
    """Hyperparameter to vary."""
    min_value: ParameterValue
    """Lower end of the range, as decimal text."""
    max_value: ParameterValue
    """Upper end of the range, as decimal text."""
    scaling_type: HyperParameterScalingType | None = None
    """Scale of the search; logarithmic needs values above 0, reverse logarithmic values from 0 to below 1."""


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
    """Hyperparameter to vary."""
    min_value: ParameterValue
    """Lowest value to try, as decimal text."""
    max_value: ParameterValue
    """Highest value to try, as decimal text."""
    scaling_type: HyperParameterScalingType | None = None
    """Scale of the search; logarithmic needs values above 0, and reverse logarithmic is not for integers."""


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
    """Hyperparameter to vary."""
    values: ParameterValues
    """Values to choose from, without repeats."""


CategoricalParameterRanges = Annotated[Sequence[CategoricalParameterRange], Items(0, 30)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AutoParameter(Shape):
    """A hyperparameter whose range Autotune chooses, if eligible.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoParameter.html
    """

    RULES = ranges.AUTO

    name: ParameterKey
    """Hyperparameter to vary."""
    value_hint: ParameterValue
    """A plausible value, from which the service picks the range."""


AutoParameters = Annotated[Sequence[AutoParameter], Items(0, 100)]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ParameterRanges(Shape):
    """All hyperparameters that a search varies, by type.

    The limit on their number counts integer, continuous and categorical ranges together.

    See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ParameterRanges.html
    """

    RULES = ranges.PARAMETER_RANGES

    integer_parameter_ranges: IntegerParameterRanges | None = None
    """Hyperparameters with whole-number values."""
    continuous_parameter_ranges: ContinuousParameterRanges | None = None
    """Hyperparameters with floating-point values."""
    categorical_parameter_ranges: CategoricalParameterRanges | None = None
    """Hyperparameters with a fixed set of values; the only type that the Grid strategy takes."""
    auto_parameters: AutoParameters | None = None
    """Hyperparameters whose ranges are left to Autotune."""
