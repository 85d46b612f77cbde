"""The client, which creates and lists tuning jobs and returns handles to them."""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, Any, Literal

from hptsdk import errors, shapes
from hptsdk._validation import format_value, is_mapping, suggestion, with_article
from hptsdk._validation.call_arguments import names_arguments, suggests_arguments
from hptsdk.advice import AdviceWarning, advice_before_create
from hptsdk.builder import training_from
from hptsdk.client._calls import Calls, check_request
from hptsdk.client._creation import create_job, merge_members, warm_start_violations
from hptsdk.client._job import TuningJob
from hptsdk.transport import BotocoreTransport, HasConnections, Transport
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import Self

    from botocore.config import Config

    from hptsdk.advice import Quotas
    from hptsdk.builder import TrainingBuilder
    from hptsdk.client._calls import Clock
    from hptsdk.enums import HyperParameterTuningJobSortByOptions, HyperParameterTuningJobStatus, SortOrder


class TuningClient:
    """A client for the tuning jobs of Amazon SageMaker, or of another service at `endpoint_url`.

    It is thread-safe if its transport is. As a context manager it closes its connections at the end of the block. A
    method that calls the service raises ServiceError if the call is rejected, and TransportError if there is no valid
    response.

    Args:
        region_name: the AWS region. Defaults to the region of the session.
        session: a boto3 or botocore session, which has the credentials and the profile. Defaults to a new one.
        endpoint_url: the URL to call. Defaults to the endpoint of the region.
        config: botocore's configuration, such as time-outs, retries and proxies. Defaults to that of the session.
        transport: the transport to use instead of botocore. It replaces all arguments above. Defaults to a
            `BotocoreTransport`.
        clock: the clock for all pauses, such as those of `TuningJob.wait`. Defaults to the module `time`.
        poll: the default of the argument `poll` of `TuningJob.wait`, in seconds. Defaults to 10.
        quotas: the quotas of the account, for the warnings of `create`. Defaults to those of a new account.

    Raises:
        TypeError: `transport` is passed with an argument that it replaces, or `session` is not a session.

    Example:
        >>> import hptsdk
        >>> client = hptsdk.TuningClient(region_name="us-east-1")
        >>> client
        TuningClient(BotocoreTransport(region_name='us-east-1'))
    """

    @suggests_arguments
    def __init__(
        self,
        region_name: str | None = None,
        *,
        session: object | None = None,
        endpoint_url: str | None = None,
        config: Config | None = None,
        transport: Transport | None = None,
        clock: Clock | None = None,
        poll: float = 10.0,
        quotas: Quotas | None = None,
    ) -> None:
        if transport is None:
            transport = BotocoreTransport(region_name, session=session, endpoint_url=endpoint_url, config=config)
        elif region_name or session or endpoint_url or config:
            raise TypeError("pass either transport= or region_name=, session=, endpoint_url= and config=")
        self._calls = Calls(transport, clock=clock or time, poll=poll)
        self._quotas = quotas

    @property
    def local_root(self) -> str | None:
        """The root folder, for a client of `LocalService.client` or `hptsdk.local.read_root`; None for any other."""
        return self._calls.local_root

    @local_root.setter
    def local_root(self, root: str | None) -> None:
        self._calls.local_root = root

    @suggests_arguments
    def create(
        self,
        request: shapes.CreateHyperParameterTuningJobRequest,
        *,
        if_exists: Literal["error", "return"] = "error",
        extra_body: Mapping[str, Any] | None = None,
    ) -> TuningJob:
        """Create a tuning job, at most once, even if the response is lost.

        If an attempt has no response or the service fails, the client calls Describe, with pauses of 1, 2 and 4 seconds
        while the job is not found. A job with the same settings is returned. Tags are not compared.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html

        Args:
            request: the result of `hptsdk.tuning_job(...)...build()` or of the constructor of the shape.
            if_exists: "error" to raise ResourceInUseError if a job with this name exists, or "return" to return the job
                if it has the same settings. Defaults to "error".
            extra_body: members to add to the request by their AWS names, such as those that hptsdk does not model.
                Structures are merged; any other value replaces the existing one. Defaults to none.

        Returns:
            The handle to the tuning job.

        Warns:
            AdviceWarning: once for each piece of advice about the request, before the request is sent. If a filter
                turns a warning into an error, nothing is sent.

        Raises:
            TypeError: the request or the quotas of the client are of another class, or `extra_body` is not a mapping or
                has values that are neither JSON nor datetimes.
            ValueError: `if_exists` is neither "error" nor "return".
            ResourceInUseError: a job with this name exists, and `if_exists` is "error".
            JobConflictError: a job with this name has other settings, and `if_exists` is "return", an attempt had no
                response, or the service failed.
            ServiceError: the service rejected the request for another reason, or Describe of the existing job. Nothing
                was created.
            NotSentError: no attempt was sent, so nothing was created.
            OutcomeUnknownError: the job may exist: Describe did not return it. Check with
                ``client.get(name).describe()`` before you create the job again; do not choose another name.
            UnexpectedResponseError: Describe did not return the existing job.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> arn = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/demo"
            >>> client = hptsdk.TuningClient(transport=StubTransport({"HyperParameterTuningJobArn": arn}))
            >>> training = hptsdk.training(
            ...     image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            ...     role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            ...     output="s3://amzn-s3-demo-bucket/out/",
            ...     instance_type="ml.m5.xlarge",
            ...     instance_count=1,
            ...     volume_size_in_gb=30,
            ...     max_runtime_in_seconds=3600,
            ... ).metric("loss", "loss=([-+0-9.eE]+)")
            >>> job = hptsdk.tuning_job("demo", training, minimize="loss", max_jobs=10, max_parallel_jobs=2)
            >>> client.create(job.continuous("lr", 0.001, 0.1).build())
            TuningJob(name='demo')
        """
        if if_exists not in ("error", "return"):
            got = f"{format_value(if_exists)}{suggestion(if_exists, ('error', 'return'))}"
            raise ValueError(f"if_exists: expected 'error' or 'return', got {got}")
        if extra_body is not None and not is_mapping(extra_body):
            raise TypeError(f"create: expected a mapping as extra_body, got {with_article(type(extra_body).__name__)}")
        check_request(request, "client.create(job.build())")
        for advice in advice_before_create(request, quotas=self._quotas, is_local=self.local_root is not None):
            warnings.warn(AdviceWarning(advice), stacklevel=3)  # at the caller of the decorated method
        body = merge_members(to_wire(request), extra_body)
        name = str(body["HyperParameterTuningJobName"])
        return create_job(self._calls, name, body, if_exists=if_exists)

    def check_warm_start(self, request: shapes.CreateHyperParameterTuningJobRequest) -> tuple[errors.Violation, ...]:
        """Validate a warm start against its parent tuning jobs. Calls Describe for each parent.

        Returns:
            The violations. A request without a warm start has none, and no call is made.

        Raises:
            TypeError: the request is of another class.
            ServiceError: the service rejected a call of Describe. A parent that does not exist is a violation instead.
        """
        check_request(request, "client.check_warm_start(job.build())")
        return warm_start_violations(request, self.describe)

    def get(self, name: str) -> TuningJob:
        """Return the handle to a tuning job by its name, without a call of the service.

        Raises:
            InvalidShapeError: no tuning job can have this name.

        Example:
            >>> import hptsdk
            >>> hptsdk.TuningClient(region_name="us-east-1").get("churn-2026-11")
            TuningJob(name='churn-2026-11')
        """
        query = shapes.DescribeHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=name)
        return TuningJob(self._calls, query.hyper_parameter_tuning_job_name)

    @names_arguments(page_size="MaxResults")
    def list(
        self,
        *,
        name_contains: str | None = None,
        status_equals: HyperParameterTuningJobStatus | None = None,
        creation_time_after: datetime | None = None,
        creation_time_before: datetime | None = None,
        last_modified_time_after: datetime | None = None,
        last_modified_time_before: datetime | None = None,
        sort_by: HyperParameterTuningJobSortByOptions | None = None,
        sort_order: SortOrder | None = None,
        page_size: int | None = None,
    ) -> Iterator[shapes.HyperParameterTuningJobSummary]:
        """List the tuning jobs of the account in the region. A page is requested when its first job is needed.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListHyperParameterTuningJobs.html

        Args:
            name_contains: only jobs whose name contains this text. The filters default to None, for all jobs.
            status_equals: only jobs with this status.
            creation_time_after: only jobs created after this time, an aware datetime like the next three.
            creation_time_before: only jobs created before this time.
            last_modified_time_after: only jobs changed after this time.
            last_modified_time_before: only jobs changed before this time.
            sort_by: "Name", "Status" or "CreationTime". Defaults to "Name".
            sort_order: "Ascending" or "Descending". Defaults to "Ascending".
            page_size: the maximum number of jobs in a page, from 1 to 100. Defaults to 10.

        Raises:
            InvalidShapeError: the service would reject an argument.
            ServiceError: the service rejected the call; raised when a page is requested.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> client = hptsdk.TuningClient(transport=StubTransport({"HyperParameterTuningJobSummaries": []}))
            >>> [job.hyper_parameter_tuning_job_name for job in client.list(status_equals="InProgress")]
            []
        """
        query = shapes.ListHyperParameterTuningJobsRequest(
            name_contains=name_contains,
            status_equals=status_equals,
            creation_time_after=creation_time_after,
            creation_time_before=creation_time_before,
            last_modified_time_after=last_modified_time_after,
            last_modified_time_before=last_modified_time_before,
            sort_by=sort_by,
            sort_order=sort_order,
            max_results=page_size,
        )
        pages = self._calls.pages("ListHyperParameterTuningJobs", query, shapes.ListHyperParameterTuningJobsResponse)
        return (summary for page in pages for summary in page.hyper_parameter_tuning_job_summaries or ())

    def describe(self, name: str) -> shapes.DescribeHyperParameterTuningJobResponse:
        """Describe a tuning job by its name.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeHyperParameterTuningJob.html

        Raises:
            InvalidShapeError: no tuning job can have this name.
            ResourceNotFoundError: the tuning job does not exist.
            UnexpectedResponseError: the response is about another job.

        Example:
            >>> import hptsdk
            >>> from hptsdk.testing import StubTransport
            >>> response = {"HyperParameterTuningJobName": "demo", "HyperParameterTuningJobStatus": "InProgress"}
            >>> client = hptsdk.TuningClient(transport=StubTransport(response))
            >>> client.describe("demo").hyper_parameter_tuning_job_status
            'InProgress'
        """
        return self._calls.describe(name)

    def training_from(self, name: str) -> TrainingBuilder:
        """Describe a training job, and create the builder of a definition from it; see `hptsdk.training_from`.

        Warns:
            UserWarning: the training job has parts that a definition cannot have.

        Raises:
            InvalidShapeError: no training job can have this name, the training job has no image and no algorithm, or
                a value violates a constraint.
            ResourceNotFoundError: the training job does not exist.
        """
        return training_from(self.describe_training_job(name))

    def describe_training_job(self, name: str) -> shapes.DescribeTrainingJobResponse:
        """Describe a training job by its name.

        See https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html

        Raises:
            InvalidShapeError: no training job can have this name.
            ResourceNotFoundError: the training job does not exist.
        """
        return self._calls.describe_training_job(name)

    def command_options(self) -> tuple[str, ...] | None:
        """Return the options with which the command `hptsdk` calls the same service; None if they are not known.

        Example:
            >>> import hptsdk
            >>> hptsdk.TuningClient(region_name="us-east-1").command_options()
            ('--region', 'us-east-1')
        """
        return self._calls.command_options()

    def close(self) -> None:
        """Close the connections of the transport, if it has a method `close`."""
        if isinstance(self._calls.transport, HasConnections):
            self._calls.transport.close()

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections of the transport."""
        self.close()

    def __repr__(self) -> str:
        """Return the class and the transport."""
        return f"TuningClient({self._calls.transport!r})"
