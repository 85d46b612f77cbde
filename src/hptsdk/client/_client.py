"""The client: creates tuning jobs, finds them, and hands out handles to them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import attrs

from hptsdk import errors
from hptsdk._validation import Shape, closest, names_arguments, shown, suggests_arguments
from hptsdk.client._arguments import check_mapping, checked_request
from hptsdk.client._comparison import differences, merged
from hptsdk.client._idempotency import description_of, mismatch, outcome_unknown
from hptsdk.client._job import TuningJob
from hptsdk.client._polling import Clock, SystemClock
from hptsdk.client._warm_start import broken_against_parents
from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest,
    DescribeHyperParameterTuningJobRequest,
    DescribeHyperParameterTuningJobResponse,
    HyperParameterTuningJobSummary,
    ListHyperParameterTuningJobsRequest,
    ListHyperParameterTuningJobsResponse,
    ListTagsInput,
    ListTagsOutput,
    ListTrainingJobsForHyperParameterTuningJobRequest,
    ListTrainingJobsForHyperParameterTuningJobResponse,
)
from hptsdk.transport import BotocoreTransport, Redaction, Transport, is_outcome_unknown
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from botocore.config import Config

    from hptsdk.enums import HyperParameterTuningJobSortByOptions, HyperParameterTuningJobStatus, SortOrder

__all__ = ["TuningClient", "TuningJob"]

_NAME_IN_USE = (
    "A name can be used once. Create a unique name with hptsdk.unique_name, or pass if_exists='return' to get the "
    "existing job if it has the same settings."
)

AnswerT = TypeVar("AnswerT", bound=Shape)
PageT = TypeVar(
    "PageT",
    ListHyperParameterTuningJobsResponse,
    ListTrainingJobsForHyperParameterTuningJobResponse,
    ListTagsOutput,
)
Query = ListHyperParameterTuningJobsRequest | ListTrainingJobsForHyperParameterTuningJobRequest | ListTagsInput


class TuningClient:
    """Creates tuning jobs on Amazon SageMaker, or on whatever answers at `endpoint_url`.

    Thread-safe, and a context manager that closes its connections.

    Args:
        region_name: the region, where the session has none or another.
        session: a boto3 or botocore session; credentials, profiles, retries and proxies are botocore's own.
        endpoint_url: where to call instead of the region's endpoint.
        config: botocore's configuration.
        transport: what makes the calls, in place of all the above.
        clock: what `TuningJob.wait` goes by; a test can give one that only pretends to sleep.
        poll: seconds between the first two calls of a `TuningJob.wait` without `poll`.

    Example:
        >>> import hptsdk
        >>> client = hptsdk.TuningClient(region_name="us-east-1")
    """

    @suggests_arguments
    def __init__(  # noqa: PLR0913 - each is for itself
        self,
        region_name: str | None = None,
        *,
        session: object | None = None,
        endpoint_url: str | None = None,
        config: Config | None = None,
        transport: Transport | None = None,
        clock: Clock | None = None,
        poll: float = 10.0,
    ) -> None:
        if transport is not None and (region_name or session or endpoint_url or config):
            message = "pass either transport= or region_name=, session=, endpoint_url= and config="
            raise TypeError(message)
        self._transport = transport or BotocoreTransport(
            region_name, session=session, endpoint_url=endpoint_url, config=config
        )
        self.clock: Clock = clock or SystemClock()
        self.poll = poll
        # the root of the local service that it calls
        self.local_root: str | None = None
        self.log = logging.getLogger("hptsdk")

    # --- jobs ---

    @suggests_arguments
    def create(
        self,
        request: CreateHyperParameterTuningJobRequest,
        *,
        if_exists: Literal["error", "return"] = "error",
        extra_body: Mapping[str, Any] | None = None,
    ) -> TuningJob:
        """Create a tuning job, at most once, even if the response is lost.

        If an attempt was not answered, Describe is called for some seconds, whatever the other attempts ended with: a
        job of this name with the same settings is the result. Tags are not compared.

        Args:
            request: what `hptsdk.tuning_job(...)...build()` or the shapes' constructors make.
            if_exists: for a job of this name that was there before: "error", or "return" that job if it has the same
                settings.
            extra_body: members by wire name to merge into what is sent, for what hptsdk does not model.

        Raises:
            TypeError: the request is of another class; the message says how to make a request of it.
            ResourceInUseError: there is a job of this name.
            JobConflictError: there is one, with other settings.
            ServiceError: the service refused it for another reason, so nothing was created.
            NotSentError: no connection was made, so nothing was created.
            OutcomeUnknownError: the job may exist. An attempt was not answered or the service failed, and no such job
                was found or asking for it failed. Check with ``client.get(name).describe()`` before you create the job
                again; do not choose another name.
        """
        if if_exists not in ("error", "return"):
            hint = closest(if_exists, ("error", "return"))
            got = f"{shown(if_exists)}{'; ' if hint else ''}{hint}"
            raise ValueError(f"if_exists: expected 'error' or 'return', got {got}")
        check_mapping(extra_body, "create", "extra_body")
        body = merged(to_wire(checked_request(request, "create")), extra_body)
        name = str(body["HyperParameterTuningJobName"])
        try:
            arn = self._created_arn(name, body)
        except (errors.ServiceError, errors.TransportError) as error:
            if is_outcome_unknown(error):
                return self._lost_job(name, body, error)
            if isinstance(error, errors.ResourceInUseError):
                if if_exists == "return":
                    return self._same_job(name, body)
                error.add_note(_NAME_IN_USE)
            raise
        return TuningJob(self, name, arn)

    def _created_arn(self, name: str, body: Mapping[str, Any]) -> str:
        """Create the job and return its ARN from the response."""
        operation = "CreateHyperParameterTuningJob"
        arn = self._transport.call(operation, body).get("HyperParameterTuningJobArn") or ""
        if wrong := mismatch(name, arn=arn, redact=lambda text: Redaction(body, ()).apply(text)):
            raise errors.UnexpectedResponseError(wrong, operation=operation)
        return str(arn)

    def _same_job(self, name: str, body: Mapping[str, Any]) -> TuningJob:
        """Return the existing job if it has the settings of the request."""
        described = description_of(self.describe, name, self.clock)
        if paths := differences(body, described):
            raise errors.JobConflictError(name, differences=paths)
        return TuningJob(self, name, described.hyper_parameter_tuning_job_arn)

    def _lost_job(
        self, name: str, body: Mapping[str, Any], lost: errors.ServiceError | errors.TransportError
    ) -> TuningJob:
        """Return the job that an attempt without an answer has created."""
        try:
            return self._same_job(name, body)
        except (errors.ServiceError, errors.TransportError) as error:
            options = self.command_options()
            raise outcome_unknown(name, body, lost=lost, lookup=error, options=options) from lost

    def check_warm_start(self, request: CreateHyperParameterTuningJobRequest) -> tuple[errors.Violation, ...]:
        """Look for what is wrong with a warm start once its parents are known; each is described once.

        A request without a warm start is right, and asks nothing.

        Raises:
            TypeError: the request is of another class.
            ServiceError: the service refused to describe a parent; one that is absent is a violation.
        """
        return broken_against_parents(checked_request(request, "check_warm_start"), self.describe)

    def get(self, name: str) -> TuningJob:
        """Make the handle of a job by its name; sends nothing.

        Raises:
            InvalidShapeError: no job can have that name.
        """
        query = DescribeHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=name)
        return TuningJob(self, query.hyper_parameter_tuning_job_name)

    @names_arguments(page_size="MaxResults")
    def list(  # noqa: PLR0913 - the service's own filters
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
    ) -> Iterator[HyperParameterTuningJobSummary]:
        """Go through the account's tuning jobs, page by page as they are asked for.

        Args:
            name_contains: only jobs whose name has this in it.
            status_equals: only jobs of this status.
            creation_time_after: an aware datetime, as the next three.
            creation_time_before: only jobs created earlier.
            last_modified_time_after: only jobs changed later.
            last_modified_time_before: only jobs changed earlier.
            sort_by: Defaults to Name.
            sort_order: Defaults to Ascending.
            page_size: how many the service gives at once.

        Raises:
            InvalidShapeError: a filter that the service would refuse.
        """
        query = ListHyperParameterTuningJobsRequest(
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
        pages = self.pages("ListHyperParameterTuningJobs", query, ListHyperParameterTuningJobsResponse)
        return (summary for page in pages for summary in page.hyper_parameter_tuning_job_summaries or ())

    def describe(self, name: str) -> DescribeHyperParameterTuningJobResponse:
        """Describe a tuning job by its name.

        Raises:
            ResourceNotFoundError: there is none.
            UnexpectedResponseError: the response is about another job.
        """
        query = DescribeHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=name)
        operation = "DescribeHyperParameterTuningJob"
        response = self.answer(operation, query, DescribeHyperParameterTuningJobResponse)
        described, arn = response.hyper_parameter_tuning_job_name, response.hyper_parameter_tuning_job_arn
        if wrong := mismatch(name, described=described, arn=arn):
            raise errors.UnexpectedResponseError(wrong, operation=operation)
        return response

    # --- calls, which the handles share ---

    def send(self, operation: str, query: Shape) -> None:
        """Make a call whose answer says nothing."""
        self._transport.call(operation, to_wire(query))

    def answer(self, operation: str, query: Shape, cls: type[AnswerT]) -> AnswerT:
        """Make a call and read its answer."""
        return from_wire(cls, self._transport.call(operation, to_wire(query)))

    def pages(self, operation: str, query: Query, cls: type[PageT]) -> Iterator[PageT]:
        """Make calls until the service has no more; it is a loop since a transport has no paginators.

        Raises:
            ServiceError: the service's next token is the one just used, so that the pages would never end.
        """
        while True:
            page = self.answer(operation, query, cls)
            yield page
            if not page.next_token:
                return
            if page.next_token == query.next_token:
                raise errors.ServiceError(
                    "the service returned the next token that it was sent", code="InvalidNextToken", operation=operation
                )
            query = attrs.evolve(query, next_token=page.next_token)

    def command_options(self) -> tuple[str, ...] | None:
        """Return the options with which the command line calls the same service; None if it cannot."""
        if self.local_root is not None:
            return "--local", self.local_root
        return self._transport.command_options() if isinstance(self._transport, BotocoreTransport) else None

    # --- itself ---

    def close(self) -> None:
        """Close the connections."""
        close = getattr(self._transport, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def __repr__(self) -> str:
        """Show what makes the calls."""
        return f"TuningClient({self._transport!r})"
