"""Descriptions of tuning jobs in events of Amazon EventBridge and in results of AWS Step Functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hptsdk._validation import format_value, is_list, is_mapping, members_of
from hptsdk.wire._documents import from_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk._validation import Shape, TypeInfo
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["from_event"]

# Times after the year 5138 in seconds, so these are milliseconds.
_LEAST_MILLISECONDS = 100_000_000_000


def from_event(event: Mapping[str, Any]) -> DescribeHyperParameterTuningJobResponse:
    """Create the description of a tuning job from an event of Amazon EventBridge or a result of AWS Step Functions.

    Both contain the members of a Describe response. Their times are milliseconds since 1970, and their tags, a mapping,
    are in `unmodelled`.

    See https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html

    Args:
        event: the event "SageMaker HyperParameter Tuning Job State Change", its `detail`, or the result of a state.

    Raises:
        TypeError: `event` is not a mapping.
        ValueError: it is about something else.

    Example:
        >>> import hptsdk
        >>> event = {
        ...     "detail-type": "SageMaker HyperParameter Tuning Job State Change",
        ...     "detail": {
        ...         "HyperParameterTuningJobName": "churn",
        ...         "HyperParameterTuningJobStatus": "Completed",
        ...         "CreationTime": 1764100800000,
        ...         "Tags": {"team": "growth"},
        ...     },
        ... }
        >>> job = hptsdk.from_event(event)
        >>> job.hyper_parameter_tuning_job_status, f"{job.creation_time:%Y-%m-%d}", job.unmodelled["Tags"]["team"]
        ('Completed', '2025-11-25', 'growth')
    """
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

    if not is_mapping(event):
        raise TypeError(f"from_event: expected a mapping, got {format_value(event)}")
    detail = event.get("detail", event)
    if not is_mapping(detail) or "HyperParameterTuningJobName" not in detail:
        got = event.get("detail-type")
        kind = format_value(got) if got else "a mapping without HyperParameterTuningJobName"
        raise ValueError(f"from_event: expected an event about a hyperparameter tuning job, got {kind}")
    return from_wire(
        DescribeHyperParameterTuningJobResponse, _in_seconds(DescribeHyperParameterTuningJobResponse, detail)
    )


def _in_seconds(cls: type[Shape], document: Mapping[Any, object]) -> dict[str, object]:
    """Return a document with its times in seconds."""
    types = {member.wire_name: member.type for member in members_of(cls)}
    return {f"{name}": _converted(types.get(name), value) for name, value in document.items()}


def _converted(kind: TypeInfo | None, value: object) -> object:
    if kind is None:
        return value
    if kind.shape and is_mapping(value):
        return _in_seconds(kind.shape, value)
    if kind.item and is_list(value):
        return [_converted(kind.item, item) for item in value]
    if kind.kind == "timestamp" and isinstance(value, int | float) and abs(value) >= _LEAST_MILLISECONDS:
        return value / 1000
    return value
