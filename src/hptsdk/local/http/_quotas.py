"""The quotas of SageMaker that the local service applies to tuning jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.advice import Quotas
from hptsdk.rules.definitions import definitions_of
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    import sqlite3

    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["changed_quotas", "check_quotas", "check_unfinished", "validate_quotas"]

# The names of the quotas on the page dg/automatic-model-tuning-limits, and the unit of each.
_NAMES = {
    "max_training_jobs": ("Number of training jobs per hyperparameter tuning job", "Training Jobs"),
    "max_random_training_jobs": (
        "[Random search] Number of training jobs per hyperparameter tuning job",
        "Training Jobs",
    ),
    "max_parallel_jobs": ("Number of parallel training jobs per hyperparameter tuning job", "Training Jobs"),
    "max_metrics": ("Number of metrics defined per hyperparameter tuning job", "Metrics"),
    "max_tuning_jobs": ("Number of parallel (concurrent) hyperparameter tuning jobs", "Hyperparameter Tuning Jobs"),
}


def validate_quotas(quotas: object) -> Quotas:
    """Return the quotas of a service; for None, the highest ones.

    Raises:
        TypeError: they are not `Quotas`, or one is not an integer.
    """
    if quotas is None:
        return Quotas.highest()
    if not isinstance(quotas, Quotas):
        raise TypeError(f"quotas: expected hptsdk.Quotas or None, got {type(quotas).__name__}")
    for name in _NAMES:
        value: object = getattr(quotas, name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"quotas: {name}: expected an integer, got {value!r}")
    return quotas


def changed_quotas(quotas: Quotas) -> dict[str, int]:
    """Return the quotas that differ from the highest ones."""
    highest = Quotas.highest()
    return {name: value for name in _NAMES if (value := getattr(quotas, name)) != getattr(highest, name)}


def check_quotas(request: CreateHyperParameterTuningJobRequest, training_jobs: int, quotas: Quotas) -> None:
    """Check a request against the quotas.

    Args:
        request: the request, with the choices of Autotune.
        training_jobs: the maximum number of training jobs of the tuning job; 0 if it has no limit.
        quotas: the quotas.

    Raises:
        Refusal: it exceeds one of them.
    """
    config = request.hyper_parameter_tuning_job_config
    algorithms = [definition.algorithm_specification for _, definition in definitions_of(request)]
    _check(quotas, "max_parallel_jobs", config.resource_limits.max_parallel_training_jobs)
    _check(quotas, "max_random_training_jobs" if config.strategy == "Random" else "max_training_jobs", training_jobs)
    _check(quotas, "max_metrics", max(len(algorithm.metric_definitions or ()) for algorithm in algorithms))


def check_unfinished(connection: sqlite3.Connection, quotas: Quotas) -> None:
    """Check whether one more tuning job can be created.

    Raises:
        Refusal: the number of unfinished tuning jobs has reached the quota.
    """
    (count,) = connection.execute("SELECT count(*) FROM tuning_jobs WHERE ended IS NULL AND NOT deleted").fetchone()
    _check(quotas, "max_tuning_jobs", 1, used=count)


def _check(quotas: Quotas, quota: str, count: int, *, used: int = 0) -> None:
    """Check a count against a quota.

    Raises:
        Refusal: it is exceeded; the message is the one of SageMaker, with what to do in the local service.
    """
    limit: int = getattr(quotas, quota)
    if used + count > limit:
        name, unit = _NAMES[quota]
        raise Refusal(
            "ResourceLimitExceeded",
            f"The account-level service limit '{name}' is {limit} {unit}, with current utilization of {used} {unit} "
            f"and a request delta of {count} {unit}. Please use AWS Service Quotas to request an increase for this "
            f"quota. Open the local service with quotas=hptsdk.Quotas.highest({quota}={used + count}), in a shell "
            f"with --quota {quota}={used + count}.",
        )
