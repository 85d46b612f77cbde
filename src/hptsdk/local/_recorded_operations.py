"""The operations of a recorder: the requests for jobs, and what clients need to wait for the end of jobs."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import attrs
from typing_extensions import override

from hptsdk.advice import advise
from hptsdk.errors import InvalidShapeError
from hptsdk.local.http import JsonService, training_job_definition, violated
from hptsdk.local.jobs import ACCOUNT
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.transport import (
    Refusal,
    bad_request,
    job_name_in_use,
    job_not_found,
    training_job_name_in_use,
    training_job_not_found,
)
from hptsdk.wire import from_wire, valid_parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk._validation import Shape
    from hptsdk.advice import Advice
    from hptsdk.errors import Violation
    from hptsdk.local.http import Request, Response, Service, Signature

__all__ = ["OtherServices", "RecordedOperations", "RecordedRequest"]

_TUNING, _TRAINING = "HyperParameterTuningJob", "TrainingJob"

_NOTHING_RAN = "The request was recorded. Nothing was run."


@attrs.frozen(kw_only=True)
class RecordedRequest:
    """A request that a client has sent to a `Recorder`.

    Attributes:
        operation: "CreateHyperParameterTuningJob" or "CreateTrainingJob".
        body: the members of the request as they were sent. They may contain secrets.
        violations: the violations of the constraints and rules of hptsdk; the client got a ValidationException if there
            are some. For a training job, those of the members that a tuning job has, too.
        advice: the advice about the valid parts of the request.
    """

    operation: str
    body: dict[str, Any] = attrs.field(repr=False)
    violations: tuple[Violation, ...]
    advice: tuple[Advice, ...]

    @property
    def job_name(self) -> str:
        """The name of the job; empty if the request has none."""
        return f"{self.body.get(self.operation.removeprefix('Create') + 'Name', '')}"


class RecordedOperations:
    """The operations of SageMaker that clients need to create jobs and to wait for their end.

    Args:
        region: the region in the ARNs of jobs.
    """

    def __init__(self, region: str) -> None:
        self.requests: list[RecordedRequest] = []
        self.refused: dict[str, None] = {}
        self._region = region
        self._jobs: dict[str, dict[str, Any]] = {}
        self._tags: dict[str, object] = {}
        self._lock = threading.Lock()

    def call(self, operation: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Return the response of an operation.

        Raises:
            Refusal: the request is invalid, or the recorder does not have the operation.
        """
        kind = _TUNING if operation.endswith(_TUNING) else _TRAINING
        with self._lock:
            match operation.removesuffix(kind):
                case "Create":
                    return self._create(kind, dict(body))
                case "Describe":
                    return self._job(kind, body)
                case "Stop":
                    job = self._job(kind, body)
                    raise bad_request(f"The job {job[f'{kind}Name']} is already Stopped.")
                case "ListTrainingJobsFor":
                    self._job(kind, body)
                    return {"TrainingJobSummaries": []}
                case "ListTags":
                    return {"Tags": self._tags.get(f"{body.get('ResourceArn')}", [])}
                case _:
                    self.refused[f"sagemaker {operation}"] = None
                    message = f"hptsdk only records requests for jobs, and does not have the operation {operation}."
                    raise Refusal("UnknownOperationException", message)

    def _create(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Record a request, and return the response to it."""
        request = _recorded(f"Create{kind}", body)
        self.requests.append(request)
        if request.violations:
            raise violated(request.violations)
        arn = self._arn(kind, request.job_name)
        if arn in self._jobs:
            raise job_name_in_use(request.job_name) if kind == _TUNING else training_job_name_in_use(arn)
        members, now = dict(body), time.time()
        self._tags[arn] = members.pop("Tags", [])
        self._jobs[arn] = {
            **members,
            f"{kind}Arn": arn,
            f"{kind}Status": "Stopped",
            "CreationTime": now,
            "LastModifiedTime": now,
            **(_tuning_result(now) if kind == _TUNING else _training_result(body, now)),
        }
        return {f"{kind}Arn": arn}

    def _job(self, kind: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Return the description of a job.

        Raises:
            Refusal: the program has not created it.
        """
        name = f"{body.get(f'{kind}Name')}"
        try:
            return self._jobs[self._arn(kind, name)]
        except KeyError:
            raise (job_not_found(name) if kind == _TUNING else training_job_not_found()) from None

    def _arn(self, kind: str, name: str) -> str:
        resource = "hyper-parameter-tuning-job" if kind == _TUNING else "training-job"
        return f"arn:aws:sagemaker:{self._region}:{ACCOUNT}:{resource}/{name.lower()}"


def _tuning_result(now: float) -> dict[str, Any]:
    """Return the members that a response has for a tuning job that has ended without training jobs."""
    statuses = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")
    return {
        "HyperParameterTuningEndTime": now,
        "TrainingJobStatusCounters": dict.fromkeys(statuses, 0),
        "ObjectiveStatusCounters": dict.fromkeys(("Succeeded", "Pending", "Failed"), 0),
    }


def _training_result(body: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Return the members that a response has for a training job that has ended without running."""
    output = f"{body.get('OutputDataConfig', {}).get('S3OutputPath', '')}".rstrip("/")
    model = f"{output}/{body['TrainingJobName']}/output/model.tar.gz"
    transition = {"Status": "Stopped", "StartTime": now, "EndTime": now, "StatusMessage": _NOTHING_RAN}
    return {
        "SecondaryStatus": "Stopped",
        "SecondaryStatusTransitions": [transition],
        "ModelArtifacts": {"S3ModelArtifacts": model},
        "TrainingEndTime": now,
    }


def _recorded(operation: str, body: dict[str, Any]) -> RecordedRequest:
    """Return a request with its violations and advice."""
    request: Shape | None = None
    violations: tuple[Violation, ...] = ()
    is_tuning = operation.endswith(_TUNING)
    try:
        if is_tuning:
            request = from_wire(CreateHyperParameterTuningJobRequest, body)
        elif "AlgorithmSpecification" in body:  # a serverless training job has none, and tuning jobs have no such jobs
            request = training_job_definition(body)
    except InvalidShapeError as error:
        violations = error.violations
        request = valid_parts_of(CreateHyperParameterTuningJobRequest, body) if is_tuning else None
    paths = {violation.path for violation in violations}
    advice = () if request is None else tuple(item for item in advise(request) if item.path not in paths)
    return RecordedRequest(operation=operation, body=body, violations=violations, advice=advice)


class OtherServices(JsonService):
    """The services that the recorder does not have. It refuses their requests, as JSON or in the query protocol.

    Args:
        operations: the operations, which record the names of the services.
        query: the service that writes errors in the query protocol.
    """

    methods = frozenset({"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"})

    def __init__(self, operations: RecordedOperations, query: Service) -> None:
        super().__init__(operations, "")
        self._query = query
        self._refused = operations.refused

    @override
    def call(self, request: Request, signature: Signature) -> Response:
        service = signature.scope.split("/")[2]
        if service == "logs":  # clients that print the log of a training job accept this error, and no other
            raise Refusal("ResourceNotFoundException", "The specified log group does not exist.")
        self._refused[service] = None
        message = f"hptsdk only records requests for jobs of SageMaker, and does not have the service {service}."
        raise Refusal("UnknownOperationException", message)

    @override
    def error(self, request: Request, refusal: Refusal) -> Response:
        is_query = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        return self._query.error(request, refusal) if is_query else super().error(request, refusal)
