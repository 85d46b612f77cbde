"""The tuning-job operations in memory: enough of the service to create, look up, stop and delete jobs."""

from __future__ import annotations

import threading
from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

from hptsdk.testing._memory_queries import found_jobs, found_training_jobs, one_page, refusal_of
from hptsdk.transport import Refusal, bad_request, job_name_in_use, job_not_found, training_job_not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MemoryService"]

_ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/{}"
_BEGAN = 1790000000.0
_ENDED = {"Completed", "Failed", "Stopped", "DeleteFailed"}


class MemoryService:
    """Jobs by name, as the service keeps them; thread-safe.

    Its time goes on by a second with each call. A job goes on only as a test says: by `statuses`, or by changing
    `jobs`. One that is stopped is Stopping at the next Describe, and Stopped from then on.

    Attributes:
        jobs: what Describe answers, by the job's name in lower case; a test may change it.
        statuses: for a job, the statuses that the next Describe calls give, one after another; the last one stays.
        training_jobs: for a job, the summaries that ListTrainingJobsForHyperParameterTuningJob answers.
        acted: the operations that were carried out, in order.

    Example:
        >>> service = MemoryService()
        >>> service.statuses["demo"] = ["InProgress", "Completed"]
    """

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.statuses: dict[str, list[str]] = {}
        self.training_jobs: dict[str, list[dict[str, Any]]] = {}
        self.acted: list[str] = []
        self._tags: dict[str, dict[str, str]] = {}
        self._now = _BEGAN
        self._lock = threading.Lock()

    def call(self, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Carry an operation out.

        Raises:
            Refusal: the service would not.
        """
        method = getattr(self, f"_{operation}", None)
        if method is None:
            raise Refusal("UnknownOperationException", f"there is no operation {operation}")
        if refused := refusal_of(operation, body):
            raise bad_request(refused)
        with self._lock:
            # copies on both ways: what is kept here is nobody else's
            answer = cast("dict[str, Any]", method(deepcopy(dict(body))))
            self._now += 1
            self.acted.append(operation)
            return deepcopy(answer)

    # --- tuning jobs ---

    def _CreateHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        name = str(body["HyperParameterTuningJobName"])
        if name.lower() in self.jobs:
            raise job_name_in_use(name)
        arn = _ARN.format(name.lower())
        self.jobs[name.lower()] = {
            **{k: v for k, v in body.items() if k != "Tags"},
            "HyperParameterTuningJobArn": arn,
            "HyperParameterTuningJobStatus": "InProgress",
            "CreationTime": self._now,
            "LastModifiedTime": self._now,
            "TrainingJobStatusCounters": {"Completed": 0, "InProgress": 0},
            "ObjectiveStatusCounters": {"Succeeded": 0, "Pending": 0, "Failed": 0},
        }
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in body.get("Tags", ())}
        return {"HyperParameterTuningJobArn": arn}

    def _job(self, body: Mapping[str, Any]) -> dict[str, Any]:
        name = str(body["HyperParameterTuningJobName"])
        if name.lower() not in self.jobs:
            raise job_not_found(name)
        return self.jobs[name.lower()]

    def _change(self, job: dict[str, Any], status: str) -> None:
        if job["HyperParameterTuningJobStatus"] == status:
            return
        job["HyperParameterTuningJobStatus"] = status
        job["LastModifiedTime"] = self._now
        if status in _ENDED:
            job["HyperParameterTuningEndTime"] = self._now

    def _DescribeHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        job = self._job(body)
        if script := self.statuses.get(str(job["HyperParameterTuningJobName"]).lower()):
            self._change(job, script.pop(0) if len(script) > 1 else script[0])
        return job

    def _ListHyperParameterTuningJobs(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        return one_page(found_jobs(self.jobs.values(), body), "HyperParameterTuningJobSummaries", body)

    def _StopHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        job = self._job(body)
        if job["HyperParameterTuningJobStatus"] not in _ENDED:
            self._change(job, "Stopping")
            self.statuses[str(job["HyperParameterTuningJobName"]).lower()] = ["Stopping", "Stopped"]
        return {}

    def _DeleteHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        job = self._job(body)
        name = str(job["HyperParameterTuningJobName"]).lower()
        del self.jobs[name]
        self._tags.pop(job["HyperParameterTuningJobArn"], None)
        self.statuses.pop(name, None)
        return {}

    # --- training jobs ---

    def _ListTrainingJobsForHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        job = self._job(body)
        summaries = self.training_jobs.get(str(job["HyperParameterTuningJobName"]).lower(), [])
        return one_page(found_training_jobs(summaries, body), "TrainingJobSummaries", body)

    def _DescribeTrainingJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        for summaries in self.training_jobs.values():
            for summary in summaries:
                if summary["TrainingJobName"] == body["TrainingJobName"]:
                    return summary
        raise training_job_not_found()

    # --- tags ---

    def _AddTags(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        known = self._tags.setdefault(str(body["ResourceArn"]), {})
        known.update({tag["Key"]: tag["Value"] for tag in body["Tags"]})
        return {"Tags": [{"Key": k, "Value": v} for k, v in known.items()]}

    def _ListTags(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        known = self._tags.get(str(body["ResourceArn"]), {})
        return one_page([{"Key": k, "Value": v} for k, v in known.items()], "Tags", body)

    def _DeleteTags(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        known = self._tags.get(str(body["ResourceArn"]), {})
        for key in body["TagKeys"]:
            known.pop(key, None)
        return {}
