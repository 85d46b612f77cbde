"""A service that has tuning jobs in memory, and a transport that calls it."""

from __future__ import annotations

import threading
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from hptsdk import schema, shapes
from hptsdk._validation import ENDED
from hptsdk.testing._simulation import REQUEST_ID, ErrorResponse
from hptsdk.transport import Refusal, bad_request, job_name_in_use, job_not_found, service_error, training_job_not_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hptsdk.errors import HptsdkError
    from hptsdk.schema import MemberInfo

_ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/{}"
_START_TIME = 1790000000.0
_PAGE_SIZE = 10

_NAME, _STATUS = "HyperParameterTuningJobName", "HyperParameterTuningJobStatus"
_METRIC = "FinalHyperParameterTuningJobObjectiveMetric"

Document = dict[str, Any]


class MemoryService:
    """A service that has tuning jobs and their tags in memory, with the errors of SageMaker. Thread-safe.

    It has the operations that create, list, describe, stop, delete and tag tuning jobs, and list and describe their
    training jobs. A job can be stopped and deleted at any time. The time of the service advances by one second with
    each successful call. The status of a job changes only by `statuses`, by a change of `jobs`, or by a Stop call while
    it runs: then it is Stopping in the next Describe, and Stopped in later ones.

    Attributes:
        jobs: by the name of a job in lower case, the response of Describe. A test may change it.
        statuses: likewise, the statuses for the next calls of Describe, in order; the last one stays.
        training_jobs: likewise, the summaries of training jobs, which DescribeTrainingJob also returns.
        acted: the operations that succeeded, in order.

    Example:
        >>> from hptsdk.testing import MemoryService
        >>> service = MemoryService()
        >>> service.statuses["demo"] = ["InProgress", "Completed"]
    """

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.statuses: dict[str, list[str]] = {}
        self.training_jobs: dict[str, list[dict[str, Any]]] = {}
        self.acted: list[str] = []
        self._tags: dict[str, dict[str, str]] = {}
        self._now = _START_TIME
        self._lock = threading.Lock()
        self._operations: dict[str, Callable[[Document], Document]] = {
            "AddTags": self._add_tags,
            "CreateHyperParameterTuningJob": self._create,
            "DeleteHyperParameterTuningJob": self._delete,
            "DeleteTags": self._delete_tags,
            "DescribeHyperParameterTuningJob": self._describe,
            "DescribeTrainingJob": self._describe_training_job,
            "ListHyperParameterTuningJobs": self._list,
            "ListTags": self._list_tags,
            "ListTrainingJobsForHyperParameterTuningJob": self._list_training_jobs,
            "StopHyperParameterTuningJob": self._stop,
        }

    def call(self, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Perform an operation.

        Args:
            operation: its name, as in ``"CreateHyperParameterTuningJob"``.
            body: the request in wire form; it is copied.

        Returns:
            The response in wire form, which the caller may change.

        Raises:
            Refusal: the response is an error, or the service does not have the operation.
        """
        perform = self._operations.get(operation)
        if perform is None:
            raise Refusal("UnknownOperationException", f"MemoryService does not have the operation {operation}")
        if violations := list(_violations(operation, body)):
            errors = f"{len(violations)} validation error{'' if len(violations) == 1 else 's'} detected: "
            raise bad_request(errors + "; ".join(violations))
        with self._lock:
            response = deepcopy(perform(deepcopy(dict(body))))
            self._now += 1
            self.acted.append(operation)
            return response

    def _create(self, body: Document) -> Document:
        name = str(body[_NAME])
        if name.lower() in self.jobs:
            raise job_name_in_use(name)
        arn = _ARN.format(name.lower())
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in body.pop("Tags", ())}
        self.jobs[name.lower()] = {
            **body,
            "HyperParameterTuningJobArn": arn,
            _STATUS: "InProgress",
            "CreationTime": self._now,
            "LastModifiedTime": self._now,
            "TrainingJobStatusCounters": {"Completed": 0, "InProgress": 0},
            "ObjectiveStatusCounters": {"Succeeded": 0, "Pending": 0, "Failed": 0},
        }
        return {"HyperParameterTuningJobArn": arn}

    def _describe(self, body: Document) -> Document:
        key, job = self._job(body)
        if statuses := self.statuses.get(key):
            self._set_status(job, statuses.pop(0) if len(statuses) > 1 else statuses[0])
        return job

    def _list(self, body: Document) -> Document:
        summaries = [summary_of(job) for job in self.jobs.values() if _is_selected(job, body)]
        return _page(_sorted(summaries, "HyperParameterTuningJob", body), "HyperParameterTuningJobSummaries", body)

    def _stop(self, body: Document) -> Document:
        key, job = self._job(body)
        if job[_STATUS] not in ENDED:
            self._set_status(job, "Stopping")
            self.statuses[key] = ["Stopping", "Stopped"]
        return {}

    def _delete(self, body: Document) -> Document:
        key, job = self._job(body)
        del self.jobs[key]
        self._tags.pop(job["HyperParameterTuningJobArn"], None)
        self.statuses.pop(key, None)
        return {}

    def _job(self, body: Document) -> tuple[str, Document]:
        """Return the job that a request names, with its key."""
        name = str(body[_NAME])
        if name.lower() not in self.jobs:
            raise job_not_found(name)
        return name.lower(), self.jobs[name.lower()]

    def _set_status(self, job: Document, status: str) -> None:
        if job[_STATUS] == status:
            return
        job |= {_STATUS: status, "LastModifiedTime": self._now}
        if status in ENDED:
            job["HyperParameterTuningEndTime"] = self._now

    def _list_training_jobs(self, body: Document) -> Document:
        key, _ = self._job(body)
        status, by_metric = body.get("StatusEquals"), body.get("SortBy") == "FinalObjectiveMetricValue"
        summaries = [
            job
            for job in self.training_jobs.get(key, ())
            if status in (None, job["TrainingJobStatus"]) and (job.get(_METRIC) or not by_metric)
        ]
        return _page(_sorted(summaries, "TrainingJob", body), "TrainingJobSummaries", body)

    def _describe_training_job(self, body: Document) -> Document:
        for summaries in self.training_jobs.values():
            for summary in summaries:
                if summary["TrainingJobName"] == body["TrainingJobName"]:
                    return summary
        raise training_job_not_found()

    def _add_tags(self, body: Document) -> Document:
        tags = self._tags.setdefault(str(body["ResourceArn"]), {})
        tags.update({tag["Key"]: tag["Value"] for tag in body["Tags"]})
        return {"Tags": _tag_list(tags)}

    def _list_tags(self, body: Document) -> Document:
        return _page(_tag_list(self._tags.get(str(body["ResourceArn"]), {})), "Tags", body)

    def _delete_tags(self, body: Document) -> Document:
        for key in body["TagKeys"]:
            self._tags.get(str(body["ResourceArn"]), {}).pop(key, None)
        return {}


def _violations(operation: str, body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the violations of the members of a request; members of nested structures are not validated."""
    cls = getattr(shapes, f"{operation}Request", None) or getattr(shapes, f"{operation}Input", None)
    for member in schema.of(cls).members if cls else ():
        if violation := _violation(member, body.get(member.wire_name)):
            yield f"Value {violation}"
    if not str(body.get("NextToken", "0")).isdecimal():
        yield "Value at 'nextToken' is not a token of this service"


def _violation(member: MemberInfo, value: object) -> str:
    name = f"'{member.wire_name[:1].lower()}{member.wire_name[1:]}'"
    if value is None:
        return f"null at {name} failed to satisfy constraint: Member must not be null" if member.required else ""
    if member.type.kind not in {"text", "integer"}:
        return ""
    values, cls = member.type.known_values, str if member.type.kind == "text" else int
    if not isinstance(value, cls) or not all(constraint.holds(value) for constraint in member.type.constraints):
        return f"at {name} failed to satisfy constraint"
    if values and value not in values:
        return f"at {name} failed to satisfy constraint: Member must satisfy enum value set: {values}"
    return ""


def _is_selected(job: Document, body: Document) -> bool:
    """Check whether a job matches the filters of ListHyperParameterTuningJobs."""
    modified = job.get("LastModifiedTime", job["CreationTime"])
    return (
        str(body.get("NameContains", "")) in str(job[_NAME])
        and body.get("StatusEquals") in (None, job[_STATUS])
        and _is_between(job["CreationTime"], body.get("CreationTimeAfter"), body.get("CreationTimeBefore"))
        and _is_between(modified, body.get("LastModifiedTimeAfter"), body.get("LastModifiedTimeBefore"))
    )


def _is_between(time: object, after: object, before: object) -> bool:
    seconds = epoch_seconds(time)
    return (after is None or seconds > epoch_seconds(after)) and (before is None or seconds < epoch_seconds(before))


def epoch_seconds(time: object) -> float:
    """Convert a time to epoch seconds, which it may be already."""
    return time.timestamp() if isinstance(time, datetime) else float(str(time))


def summary_of(job: Document) -> Document:
    """Return the summary of a tuning job, as ListHyperParameterTuningJobs returns it, from its description."""
    config = job["HyperParameterTuningJobConfig"]
    names = [member.wire_name for member in schema.of(shapes.HyperParameterTuningJobSummary).members]
    values = {name: config[name] for name in ("Strategy", "ResourceLimits") if name in config} | job
    return {name: values[name] for name in names if name in values}


def _sorted(summaries: Iterable[Document], resource: str, body: Document) -> list[Document]:
    """Sort summaries of a resource by the member that the request chooses."""

    def key(summary: Document) -> Any:
        match body.get("SortBy") or "Name":
            case "FinalObjectiveMetricValue":
                return summary[_METRIC]["Value"]
            case "CreationTime":
                return epoch_seconds(summary["CreationTime"])
            case name:
                return summary[f"{resource}{name}"]

    return sorted(summaries, key=key, reverse=body.get("SortOrder") == "Descending")


def _page(items: Sequence[Document], name: str, body: Document) -> Document:
    """Return one page of a list; the token is the index of the next item."""
    start = int(body.get("NextToken", 0))
    end = start + int(body.get("MaxResults", _PAGE_SIZE))
    return {name: list(items[start:end])} | ({"NextToken": str(end)} if end < len(items) else {})


def _tag_list(tags: Mapping[str, str]) -> list[Document]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class Call(NamedTuple):
    """One call of a `MemoryTransport` or a `StubTransport`.

    Attributes:
        operation: as in ``"CreateHyperParameterTuningJob"``.
        body: a copy of the request.
    """

    operation: str
    body: Mapping[str, Any]


class MemoryTransport:
    """A transport that calls a `MemoryService`, without faults.

    Args:
        service: the service. Defaults to a new one.

    Attributes:
        service: the service.
        calls: the calls, in order.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import MemoryTransport
        >>> list(hptsdk.TuningClient(transport=MemoryTransport()).list())
        []
    """

    def __init__(self, service: MemoryService | None = None) -> None:
        self.service = service or MemoryService()
        self.calls: list[Call] = []

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Record a call, and return the response of the service.

        Raises:
            ServiceError: the response is an error.
        """
        self.calls.append(Call(operation, deepcopy(dict(body))))
        try:
            return self.service.call(operation, body)
        except Refusal as refusal:
            raise refused(operation, ErrorResponse.of(refusal)) from refusal


def refused(operation: str, refusal: ErrorResponse, *, attempts: int = 1, unanswered: int = 0) -> HptsdkError:
    """Return the error that an error response causes."""
    return service_error(
        refusal.code,
        refusal.message,
        operation=operation,
        status=refusal.status,
        # the page of a proxy has no request id
        request_id=REQUEST_ID if refusal.content is None else None,
        attempts=attempts,
        unanswered=unanswered,
    )
