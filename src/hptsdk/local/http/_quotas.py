"""The quotas of SageMaker that the local service applies to tuning jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hptsdk.advice import Quotas
from hptsdk.rules.definitions import definitions_of
from hptsdk.transport import Refusal

if TYPE_CHECKING:
    import sqlite3

    from hptsdk.local.search import Plan
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["changed_quotas", "check_quotas", "check_unfinished", "quotas_of"]

# The names of the quotas on the page dg/automatic-model-tuning-limits, and what each counts.
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


def quotas_of(quotas: Quotas | None) -> Quotas:
    """Return the quotas that a service applies: the highest ones for None.

    Raises:
        TypeError: they are no `Quotas`, or one is no whole number.
    """
    found = Quotas.highest() if quotas is None else quotas
    if not isinstance(cast("object", found), Quotas):
        raise TypeError(f"quotas: expected hptsdk.Quotas or None, got {type(found).__name__}")
    for name in _NAMES:
        value: object = getattr(found, name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"quotas: {name}: expected a whole number, got {value!r}")
    return found


def changed_quotas(quotas: Quotas) -> dict[str, int]:
    """Return the quotas that are not the highest ones."""
    highest = Quotas.highest()
    return {name: value for name in _NAMES if (value := getattr(quotas, name)) != getattr(highest, name)}


def check_quotas(request: CreateHyperParameterTuningJobRequest, plan: Plan, quotas: Quotas) -> None:
    """Check what a tuning job asks for against the quotas.

    Raises:
        Refusal: it is above one of them.
    """
    is_random = plan.config.strategy == "Random"
    metrics = [
        len(definition.algorithm_specification.metric_definitions or ()) for _, definition in definitions_of(request)
    ]
    _check(quotas, "max_parallel_jobs", plan.max_parallel)
    _check(quotas, "max_random_training_jobs" if is_random else "max_training_jobs", plan.max_jobs or 0)
    _check(quotas, "max_metrics", max(metrics))


def check_unfinished(connection: sqlite3.Connection, quotas: Quotas) -> None:
    """Check that one more tuning job may be created.

    Raises:
        Refusal: there are as many unfinished tuning jobs as the quota.
    """
    (count,) = connection.execute("SELECT count(*) FROM tuning_jobs WHERE ended IS NULL").fetchone()
    _check(quotas, "max_tuning_jobs", 1, used=count)


def _check(quotas: Quotas, quota: str, count: int, *, used: int = 0) -> None:
    most: int = getattr(quotas, quota)
    if used + count > most:
        name, unit = _NAMES[quota]
        raise Refusal(
            "ResourceLimitExceeded",
            f"The account-level service limit '{name}' is {most} {unit}, with current utilization of {used} {unit} "
            f"and a request delta of {count} {unit}. Please use AWS Service Quotas to request an increase for this "
            f"quota. Open the local service with quotas=hptsdk.Quotas.highest({quota}={used + count}), in a shell "
            f"with --quota {quota}={used + count}.",
        )
