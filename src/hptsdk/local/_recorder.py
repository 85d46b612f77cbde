"""`Recorder`, which records the requests for jobs that other clients send, and runs nothing."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import threading
import time
from configparser import ConfigParser
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from botocore.credentials import Credentials
from botocore.session import Session
from typing_extensions import override

from hptsdk._validation import is_dict
from hptsdk.advice import advise
from hptsdk.errors import InvalidShapeError
from hptsdk.local.descriptions import wire_names
from hptsdk.local.http import Application, JsonService, Server, Signatures, Sts, training_job_definition, violated
from hptsdk.local.jobs import ACCOUNT, TRAINING_JOB, TUNING_JOB
from hptsdk.local.process import Storage
from hptsdk.local.s3 import S3
from hptsdk.shapes import CreateHyperParameterTuningJobRequest, ObjectiveStatusCounters, TrainingJobStatusCounters
from hptsdk.transport import (
    SDK_CONFIGURATION,
    Refusal,
    bad_request,
    client_environment,
    job_name_in_use,
    job_not_found,
    sdk_configuration,
    training_job_name_in_use,
    training_job_not_found,
)
from hptsdk.wire import from_wire, valid_parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from hptsdk._validation import Shape
    from hptsdk.advice import Advice
    from hptsdk.errors import Violation
    from hptsdk.local.http import Request, Response, Service, Signature

_TUNING = "HyperParameterTuningJob"

# Variables of other endpoints or keys.
_REMOVED = re.compile("AWS_(ENDPOINT_URL|IGNORE_CONFIGURED|USE_(DUALSTACK|FIPS)|SE(CURITY|SSION)_TOKEN|CREDENTIAL_EXP)")

# The region of a program if neither its environment nor its profile has one.
_REGION = "us-east-1"


@attrs.frozen(kw_only=True)
class RecordedRequest:
    """A request that a client has sent to a `Recorder`.

    Attributes:
        operation: "CreateHyperParameterTuningJob" or "CreateTrainingJob".
        body: the members of the request as they were sent. They may contain secrets.
        violations: the violations of the constraints and rules of hptsdk; empty if the request is valid.
        advice: the advice about the valid parts of the request; empty for an invalid or serverless training job.
    """

    operation: str
    body: dict[str, Any] = attrs.field(repr=False)
    violations: tuple[Violation, ...]
    advice: tuple[Advice, ...]

    @property
    def job_name(self) -> str:
        """The name of the job; empty if the request has none."""
        return f"{self.body.get(self.operation.removeprefix('Create') + 'Name', '')}"


class Recorder:
    """A service on this machine that records requests for jobs, and runs nothing. Linux and macOS only.

    It has Create, Describe and Stop of tuning jobs and training jobs, ListTrainingJobsForHyperParameterTuningJob and
    ListTags. Each job has the status Stopped, without results. An invalid request is rejected with a
    ValidationException. S3 has the objects that clients have stored, and STS has GetCallerIdentity. Other operations
    are rejected.

    Raises:
        RuntimeError: the system is neither Linux nor macOS.

    Example:
        >>> import subprocess
        >>> from hptsdk.local import Recorder
        >>> with Recorder() as recorder:
        ...     result = subprocess.run(["true"], env=recorder.environment())
        >>> recorder.requests
        ()
    """

    def __init__(self) -> None:
        if os.name != "posix":
            raise RuntimeError("the recorder runs on Linux and macOS only")
        self._keys = f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
        with ExitStack() as opened:
            self._root = root = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="hptsdk-")))
            for name in ("buckets", "uploads"):
                (root / name).mkdir()
            region = _write_configuration(root, self._keys)
            self._operations = _Operations(region)
            s3 = S3(_Buckets(root, {}, {}), root, account=ACCOUNT, region=region, check_root=lambda: None)
            opened.callback(s3.close)
            sts, sagemaker = Sts(ACCOUNT, self._keys[0]), JsonService(self._operations.call, "SageMaker")
            services: dict[str, Service] = {"sagemaker": sagemaker, "s3": s3, "sts": sts}
            other, signatures = _OtherServices(self._operations, sts), Signatures(Credentials(*self._keys))
            self._server = Server(Application(services, signatures, root / "uploads", other), 0)
            opened.callback(self._server.close)
            self._server.start()
            self._opened = opened.pop_all()

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The requests for tuning jobs and training jobs so far, valid or not, in the order in which they arrived."""
        return tuple(self._operations.requests)

    @property
    def refused(self) -> tuple[str, ...]:
        """The missing operations of SageMaker and services that were called: "sagemaker CreateModel", "iam", each once.

        Calls of CloudWatch Logs are omitted.
        """
        return tuple(self._operations.refused)

    def environment(self) -> dict[str, str]:
        """Return the environment for a program whose clients of AWS call the recorder.

        It is the environment of this process with the address of the recorder for all services, and with keys that only
        the recorder accepts. Profiles of the AWS configuration have only their names, regions and these keys.

        Returns:
            The variables by name, for `subprocess.run(..., env=...)`.
        """
        url, root = f"http://127.0.0.1:{self._server.port}", self._root
        own = {name: value for name, value in os.environ.items() if not _REMOVED.match(name)}
        added = client_environment(root, url, _REGION, self._keys)
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            del added[name]  # the environment or the profile has the region
        # in place of the administrator's, because the user's own changes what the SDK sends
        added["SAGEMAKER_ADMIN_CONFIG_OVERRIDE"] = added.pop("SAGEMAKER_USER_CONFIG_OVERRIDE")
        return {
            **own,
            **added,
            "AWS_ENDPOINT_URL": url,
            "AWS_CONFIG_FILE": str(root / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(root / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def close(self) -> None:
        """Close the recorder, and delete what clients have stored. The recorded requests remain."""
        self._opened.close()

    def __enter__(self) -> Self:
        """Return the recorder."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the recorder."""
        self.close()


def _write_configuration(root: Path, keys: tuple[str, str]) -> str:
    """Write the configuration for clients, and return the region of a client without a profile.

    Each profile has the keys, because a client with a profile does not read those of the environment.
    """
    session, parser = Session(), ConfigParser(interpolation=None)
    profiles: dict[str, dict[str, Any]] = {"default": {}, **session.full_config["profiles"]}
    for name, profile in profiles.items():
        parser[name if name == "default" else f"profile {name}"] = {
            "aws_access_key_id": keys[0],
            "aws_secret_access_key": keys[1],
            "region": f"{profile.get('region') or _REGION}",
        }
    with (root / "config").open("w", encoding="utf-8") as file:
        parser.write(file)
    region: str = session.get_config_variable("region") or os.environ.get("AWS_REGION") or _REGION
    (root / SDK_CONFIGURATION).write_text(sdk_configuration(f"sagemaker-{region}-{ACCOUNT}"))
    return region


class _Buckets(Storage):
    """Buckets of all names: a program can store objects in the buckets of its account."""

    @override
    def bucket(self, name: str) -> Path:
        folder = super().bucket(name)
        folder.mkdir(exist_ok=True)
        return folder


class _Operations:
    """The operations of SageMaker that the recorder has."""

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
            Refusal: the request is rejected, or the recorder does not have the operation.
        """
        kind = _TUNING if operation.endswith(_TUNING) else "TrainingJob"
        name = f"{body.get(f'{kind}Name')}"
        resource = TUNING_JOB if kind == _TUNING else TRAINING_JOB
        arn = f"arn:aws:sagemaker:{self._region}:{ACCOUNT}:{resource}/{name.lower()}"
        action = operation.removesuffix(kind)
        with self._lock:
            if action == "Create":
                return self._create(kind, arn, dict(body))
            if action == "ListTags":
                return {"Tags": self._tags.get(f"{body.get('ResourceArn')}", [])}
            if action not in ("Describe", "Stop", "ListTrainingJobsFor"):
                self.refused[f"sagemaker {operation}"] = None
                message = f"hptsdk only records requests for jobs, and does not have the operation {operation}."
                raise Refusal("UnknownOperationException", message)
            if arn not in self._jobs:
                raise job_not_found(name) if kind == _TUNING else training_job_not_found()
            if action == "Stop":
                raise bad_request(f"The job {name} is already Stopped.")
            return self._jobs[arn] if action == "Describe" else {"TrainingJobSummaries": []}

    def _create(self, kind: str, arn: str, body: dict[str, Any]) -> dict[str, Any]:
        """Record a request, and return the response to it."""
        request = _recorded(f"Create{kind}", body)
        self.requests.append(request)
        if request.violations:
            raise violated(request.violations)
        if arn in self._jobs:
            raise job_name_in_use(request.job_name) if kind == _TUNING else training_job_name_in_use(arn)
        now, created = time.time(), {f"{kind}Arn": arn}
        self._tags[arn] = body.get("Tags", [])
        self._jobs[arn] = {
            **{name: value for name, value in body.items() if name != "Tags"},
            **created,
            f"{kind}Status": "Stopped",
            "CreationTime": now,
            "LastModifiedTime": now,
            **(_TUNING_RESULT if kind == _TUNING else _training_result(body, now)),
        }
        return created


_TUNING_RESULT = {
    "TrainingJobStatusCounters": dict.fromkeys(wire_names(TrainingJobStatusCounters), 0),
    "ObjectiveStatusCounters": dict.fromkeys(wire_names(ObjectiveStatusCounters), 0),
}


def _training_result(body: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Return further members of the description of a training job that has ended without running."""
    output = body.get("OutputDataConfig")
    prefix = f"{output.get('S3OutputPath')}".rstrip("/") if is_dict(output) else ""
    message = "The request was recorded. Nothing was run."
    return {
        "SecondaryStatus": "Stopped",
        "SecondaryStatusTransitions": [
            {"Status": "Stopped", "StartTime": now, "EndTime": now, "StatusMessage": message}
        ],
        "ModelArtifacts": {"S3ModelArtifacts": f"{prefix}/{body.get('TrainingJobName')}/output/model.tar.gz"},
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
        elif "AlgorithmSpecification" in body:  # a serverless training job has none
            request = training_job_definition(body)
    except InvalidShapeError as error:
        violations = error.violations
        request = valid_parts_of(CreateHyperParameterTuningJobRequest, body) if is_tuning else None
    paths = {violation.path for violation in violations}
    advice = () if request is None else tuple(item for item in advise(request) if item.path not in paths)
    return RecordedRequest(operation=operation, body=body, violations=violations, advice=advice)


class _OtherServices(JsonService):
    """The services that the recorder does not have. It rejects their requests, as JSON or in the query protocol.

    Args:
        operations: the operations, which record the names of the services.
        query: the service that writes errors in the query protocol.
    """

    methods = frozenset({"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"})

    def __init__(self, operations: _Operations, query: Service) -> None:
        super().__init__(operations.call, "")
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
