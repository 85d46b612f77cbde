"""The objective, from the one of two arguments that names its metric."""

from hptsdk._validation import Shape
from hptsdk.builder._partial_shape import raw
from hptsdk.shapes import HyperParameterTuningJobObjective

__all__ = ["objective"]


def objective(minimize: str | None, maximize: str | None) -> Shape:
    """Make it, to be checked with what it is put into.

    Raises:
        TypeError: both are given, or neither.
    """
    if minimize is not None and maximize is None:
        return raw(HyperParameterTuningJobObjective, type="Minimize", metric_name=minimize)
    if maximize is not None and minimize is None:
        return raw(HyperParameterTuningJobObjective, type="Maximize", metric_name=maximize)
    message = "pass exactly one of minimize= and maximize=, with the name of the metric"
    raise TypeError(message)
