"""The largest possible cost of a tuning job, in instance-hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import counted
from hptsdk.rules.definitions import clusters_of, definitions_of

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_LONGEST_JOB = 30 * _DAY


def largest_cost(request: CreateHyperParameterTuningJobRequest) -> str:
    """Return the maximum number of instance-hours of a tuning job, and how it is calculated.

    The result is the smaller of two products: the number of training jobs times their longest runtime, and the number
    of parallel training jobs times the runtime of the tuning job. A tuning job runs for at most 30 days.

    Args:
        request: a valid request.

    Returns:
        Text such as "worst case: 20.0 instance-hours (4 training jobs x 5 h x 1 instance)".

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html
    """
    limits = request.hyper_parameter_tuning_job_config.resource_limits
    definitions = [definition for _, definition in definitions_of(request)]
    clusters = [cluster for definition in definitions for cluster in clusters_of(definition)]
    # a missing or invalid number counts as one instance
    instances = max([1, *(sum(item.number or 0 for item in cluster) for cluster in clusters)])
    longest = max(definition.stopping_condition.max_runtime_in_seconds or _DAY for definition in definitions)
    jobs, parallel = limits.max_number_of_training_jobs, limits.max_parallel_training_jobs
    runtime = limits.max_runtime_in_seconds or _LONGEST_JOB
    seconds, factors = runtime * parallel, f"{_time(runtime)} x {parallel} in parallel"
    if jobs and jobs * longest < seconds:
        seconds, factors = jobs * longest, f"{counted(jobs, 'training job')} x {_time(longest)}"
    hours = seconds * instances / _HOUR
    return f"worst case: {hours:,.1f} instance-hours ({factors} x {counted(instances, 'instance')})"


def _time(seconds: int) -> str:
    """Format a time in the largest unit of which it is a multiple."""
    for unit, name in ((_HOUR, "h"), (_MINUTE, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"
