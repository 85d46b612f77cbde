"""The metric definitions of a training job: those of its request, or those of its first-party algorithm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.schema import algorithm_of
from hptsdk.shapes import MetricDefinition

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["algorithm_metrics"]


def algorithm_metrics(image: str | None, hyperparameters: Mapping[str, str] | None) -> tuple[MetricDefinition, ...]:
    """Return the metric definitions of the first-party algorithm that an image runs.

    Args:
        image: the training image; None for an algorithm resource.
        hyperparameters: the static hyperparameters.

    Returns:
        The definitions whose regexes are published; none if the image is custom, or runs a script.
    """
    algorithm = algorithm_of(image) if image else None
    if algorithm is None or algorithm.runs_script(hyperparameters or ()):
        return ()
    metrics = algorithm.metrics.values()
    return tuple(MetricDefinition(name=each.name, regex=each.regex) for each in metrics if each.regex is not None)
