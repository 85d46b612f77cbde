"""What a tuning job can cost at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["largest_cost"]

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_LONGEST_JOB = 30 * _DAY


def largest_cost(request: CreateHyperParameterTuningJobRequest) -> str:
    """Say how many instance-hours a job can take at most."""
    limits = request.hyper_parameter_tuning_job_config.resource_limits
    parts = [request.training_job_definition] if request.training_job_definition else []
    definitions = [*parts, *(request.training_job_definitions or ())]
    instances = max(_instances(definition) for definition in definitions)
    longest = max(definition.stopping_condition.max_runtime_in_seconds or _DAY for definition in definitions)
    parallel = limits.max_parallel_training_jobs
    whole = limits.max_runtime_in_seconds or _LONGEST_JOB
    seconds = whole * parallel
    said = f"{_time(whole)} x {parallel} in parallel"
    if limits.max_number_of_training_jobs and limits.max_number_of_training_jobs * longest < seconds:
        seconds = limits.max_number_of_training_jobs * longest
        said = f"{_counted(limits.max_number_of_training_jobs, 'training job')} x {_time(longest)}"
    hours = seconds * instances / _HOUR
    return f"worst case: {hours:,.1f} instance-hours ({said} x {_counted(instances, 'instance')})"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _time(seconds: int) -> str:
    """Write a time in the largest unit that it has a whole number of."""
    for unit, name in ((_HOUR, "h"), (_MINUTE, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


def _instances(definition: object) -> int:
    simple = getattr(definition, "resource_config", None)
    tuning = getattr(definition, "hyper_parameter_tuning_resource_config", None)
    counts = [1]
    for part in (simple, tuning):
        if part is not None:
            counts.append(part.instance_count or 1)
            counts += [item.instance_count or 1 for item in getattr(part, "instance_configs", None) or ()]
            counts += [item.instance_count or 1 for item in getattr(part, "instance_preferences", None) or ()]
            groups = getattr(part, "instance_groups", None) or ()
            counts.append(sum(group.instance_count for group in groups))
    return max(counts)
