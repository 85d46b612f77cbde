"""What a service in memory refuses, keeps, sorts and pages of what it is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from hptsdk import schema, shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hptsdk.schema import MemberInfo

__all__ = ["found_jobs", "found_training_jobs", "one_page", "refusal_of"]

# What the operations give at once where nothing is said.
_PAGE = 10
_METRIC = "FinalHyperParameterTuningJobObjectiveMetric"

Item = dict[str, Any]


# --- what is refused ---


def refusal_of(operation: str, body: Mapping[str, Any]) -> str:
    """Tell which of a body's own members the service would refuse; empty where there is none.

    What lies within structures is not looked at: a request that hptsdk made is right there already.
    """
    cls = getattr(shapes, f"{operation}Request", None) or getattr(shapes, f"{operation}Input", None)
    members = schema.of(cls).members if cls else ()
    wrong = [text for member in members for text in _wrong(member, body.get(member.wire_name))]
    if not str(body.get("NextToken", "0")).isdecimal():
        wrong.append("Value at 'nextToken' is no token of this service")
    errors = f"{len(wrong)} validation error{'' if len(wrong) == 1 else 's'} detected: "
    return errors + "; ".join(wrong) if wrong else ""


def _wrong(member: MemberInfo, value: object) -> Iterator[str]:
    place = f"'{member.wire_name[:1].lower()}{member.wire_name[1:]}'"
    if value is None:
        if member.required:
            yield f"Value null at {place} failed to satisfy constraint: Member must not be null"
    elif member.type.kind in {"text", "integer"}:
        known, right = member.type.known_values, str if member.type.kind == "text" else int
        if not isinstance(value, right) or not all(c.holds(value) for c in member.type.constraints):
            yield f"Value at {place} failed to satisfy constraint"
        elif known and value not in known:
            yield f"Value at {place} failed to satisfy constraint: Member must satisfy enum value set: {known}"


# --- what is found ---


def found_jobs(jobs: Iterable[Item], body: Mapping[str, Any]) -> list[Item]:
    """Give the summaries of those tuning jobs that a ListHyperParameterTuningJobs asks for, in its order."""
    found = [_summary(job) for job in jobs if _asked_for(job, body)]
    keys: dict[str, Callable[[Item], Any]] = {
        "Name": lambda job: job["HyperParameterTuningJobName"],
        "Status": lambda job: job["HyperParameterTuningJobStatus"],
        "CreationTime": lambda job: _seconds(job["CreationTime"]),
    }
    return _in_order(found, keys, body)


def found_training_jobs(summaries: Iterable[Item], body: Mapping[str, Any]) -> list[Item]:
    """Give those training jobs that a ListTrainingJobsForHyperParameterTuningJob asks for, in its order."""
    status, by_metric = body.get("StatusEquals"), body.get("SortBy") == "FinalObjectiveMetricValue"
    found = [
        job for job in summaries if status in (None, job["TrainingJobStatus"]) and (job.get(_METRIC) or not by_metric)
    ]
    keys: dict[str, Callable[[Item], Any]] = {
        "Name": lambda job: job["TrainingJobName"],
        "Status": lambda job: job["TrainingJobStatus"],
        "CreationTime": lambda job: _seconds(job["CreationTime"]),
        "FinalObjectiveMetricValue": lambda job: job[_METRIC]["Value"],
    }
    return _in_order(found, keys, body)


def _asked_for(job: Item, body: Mapping[str, Any]) -> bool:
    part, status = str(body.get("NameContains", "")), body.get("StatusEquals")
    created, modified = job["CreationTime"], job.get("LastModifiedTime", job["CreationTime"])
    return (
        part in str(job["HyperParameterTuningJobName"])
        and status in (None, job["HyperParameterTuningJobStatus"])
        and _between(created, body.get("CreationTimeAfter"), body.get("CreationTimeBefore"))
        and _between(modified, body.get("LastModifiedTimeAfter"), body.get("LastModifiedTimeBefore"))
    )


def _between(time: object, after: object, before: object) -> bool:
    at = _seconds(time)
    return (after is None or at > _seconds(after)) and (before is None or at < _seconds(before))


def _seconds(time: Any) -> float:  # noqa: ANN401 - a datetime, or epoch seconds as they come over the wire
    return time.timestamp() if isinstance(time, datetime) else float(time)


# What a summary has of a job's members, beside those of its own name.
_SUMMARIZED = (
    "CreationTime",
    "HyperParameterTuningEndTime",
    "LastModifiedTime",
    "TrainingJobStatusCounters",
    "ObjectiveStatusCounters",
)


def _summary(job: Item) -> Item:
    config = job["HyperParameterTuningJobConfig"]
    own = [n for n in job if n.startswith("HyperParameterTuningJob") and not n.endswith("Config")]
    return {
        **{name: job[name] for name in (*own, *_SUMMARIZED) if name in job},
        "Strategy": config["Strategy"],
        **({"ResourceLimits": config["ResourceLimits"]} if "ResourceLimits" in config else {}),
    }


def _in_order(found: list[Item], keys: Mapping[str, Callable[[Item], Any]], body: Mapping[str, Any]) -> list[Item]:
    return sorted(found, key=keys[body.get("SortBy") or "Name"], reverse=body.get("SortOrder") == "Descending")


def one_page(items: Sequence[Item], name: str, body: Mapping[str, Any]) -> Item:
    """Cut one page out of a list; the token is where the next one begins."""
    begin = int(body.get("NextToken", 0))
    end = begin + int(body.get("MaxResults", _PAGE))
    answer: Item = {name: list(items[begin:end])}
    return answer | ({"NextToken": str(end)} if end < len(items) else {})
