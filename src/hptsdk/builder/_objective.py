"""The objective, from the one of two arguments that names its metric."""

from hptsdk.shapes import HyperParameterTuningJobObjective

__all__ = ["objective"]


def objective(minimize: str | None, maximize: str | None) -> HyperParameterTuningJobObjective:
    """Make it.

    Raises:
        TypeError: both are given, or neither.
    """
    if minimize is not None and maximize is None:
        return HyperParameterTuningJobObjective(type="Minimize", metric_name=minimize)
    if maximize is not None and minimize is None:
        return HyperParameterTuningJobObjective(type="Maximize", metric_name=maximize)
    message = "give exactly one of minimize= and maximize=, the name of the metric"
    raise TypeError(message)
