"""The tuning-job operations in memory: enough of the service to create, look up, stop and delete jobs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MemoryService", "Refusal"]

_ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/{}"
_PAGE = 10


class Refusal(Exception):  # noqa: N818 - an answer of the service, not an error of ours
    """An error that the service answers with."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message, status)
        self.code = code
        self.message = message
        self.status = status

    def __str__(self) -> str:
        """Give the code and the text."""
        return f"{self.code}: {self.message}"


class MemoryService:
    """Jobs by name, as the service keeps them; thread-safe.

    Attributes:
        jobs: what Describe answers, by the job's name in lower case; a test may change it.
        statuses: for a job, the statuses that the next Describe calls give, one after another; the last one stays.
        training_jobs: for a job, the summaries that ListTrainingJobsForHyperParameterTuningJob answers.
        acted: the operations that were carried out, in order.
    """

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.statuses: dict[str, list[str]] = {}
        self.training_jobs: dict[str, list[dict[str, Any]]] = {}
        self.acted: list[str] = []
        self._tags: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()

    def call(self, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Carry an operation out.

        Raises:
            Refusal: the service would not.
        """
        method = getattr(self, f"_{operation}", None)
        if method is None:
            raise Refusal("UnknownOperationException", f"there is no operation {operation}")
        with self._lock:
            answer = cast("dict[str, Any]", method(body))
            self.acted.append(operation)
            return answer

    def _CreateHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        name = str(body["HyperParameterTuningJobName"])
        if name.lower() in self.jobs:
            raise Refusal("ResourceInUse", f"A hyperparameter tuning job with the name, {name}, already exists.")
        arn = _ARN.format(name.lower())
        self.jobs[name.lower()] = {
            **{k: v for k, v in body.items() if k != "Tags"},
            "HyperParameterTuningJobArn": arn,
            "HyperParameterTuningJobStatus": "InProgress",
            "CreationTime": 1790000000.0 + len(self.jobs),
            "TrainingJobStatusCounters": {"Completed": 0, "InProgress": 0},
            "ObjectiveStatusCounters": {"Succeeded": 0, "Pending": 0, "Failed": 0},
        }
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in body.get("Tags", ())}
        return {"HyperParameterTuningJobArn": arn}

    def _job(self, body: Mapping[str, Any]) -> dict[str, Any]:
        name = str(body["HyperParameterTuningJobName"])
        if name.lower() not in self.jobs:
            raise Refusal("ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}.")
        return self.jobs[name.lower()]

    def _DescribeHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        job = self._job(body)
        if script := self.statuses.get(str(job["HyperParameterTuningJobName"]).lower()):
            job["HyperParameterTuningJobStatus"] = script.pop(0) if len(script) > 1 else script[0]
        return dict(job)

    def _ListHyperParameterTuningJobs(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        part = str(body.get("NameContains", ""))
        summaries = [
            {
                **{k: job[k] for k in job if k.startswith("HyperParameterTuningJob") and not k.endswith("Config")},
                "Strategy": job["HyperParameterTuningJobConfig"]["Strategy"],
                "CreationTime": job["CreationTime"],
                "TrainingJobStatusCounters": job["TrainingJobStatusCounters"],
                "ObjectiveStatusCounters": job["ObjectiveStatusCounters"],
            }
            for job in self.jobs.values()
            if part in str(job["HyperParameterTuningJobName"])
        ]
        return _page(summaries, "HyperParameterTuningJobSummaries", body)

    def _ListTrainingJobsForHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        job = self._job(body)
        status = body.get("StatusEquals")
        summaries = self.training_jobs.get(str(job["HyperParameterTuningJobName"]).lower(), [])
        found = [s for s in summaries if status is None or s["TrainingJobStatus"] == status]
        return _page(found, "TrainingJobSummaries", body)

    def _StopHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        self._job(body)["HyperParameterTuningJobStatus"] = "Stopping"
        return {}

    def _DeleteHyperParameterTuningJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        job = self._job(body)
        del self.jobs[str(job["HyperParameterTuningJobName"]).lower()]
        return {}

    def _DescribeTrainingJob(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        for summaries in self.training_jobs.values():
            for summary in summaries:
                if summary["TrainingJobName"] == body["TrainingJobName"]:
                    return dict(summary)
        # this operation answers so, against the API model
        raise Refusal("ValidationException", "Requested resource not found.")

    def _AddTags(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        known = self._tags.setdefault(str(body["ResourceArn"]), {})
        known.update({tag["Key"]: tag["Value"] for tag in body["Tags"]})
        return {"Tags": [{"Key": k, "Value": v} for k, v in known.items()]}

    def _ListTags(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        known = self._tags.get(str(body["ResourceArn"]), {})
        return _page([{"Key": k, "Value": v} for k, v in known.items()], "Tags", body)

    def _DeleteTags(self, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation
        known = self._tags.get(str(body["ResourceArn"]), {})
        for key in body["TagKeys"]:
            known.pop(key, None)
        return {}


def _page(items: list[dict[str, Any]], name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Cut one page out of a list; the token is where the next one begins."""
    begin = int(body.get("NextToken", 0))
    end = begin + int(body.get("MaxResults", _PAGE))
    answer: dict[str, Any] = {name: items[begin:end]}
    return answer | ({"NextToken": str(end)} if end < len(items) else {})
