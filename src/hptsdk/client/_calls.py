"""The calls of a client, which it shares with its handles to tuning jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import attrs

from hptsdk import errors, shapes
from hptsdk._validation import Shape
from hptsdk.client._idempotency import mismatch
from hptsdk.transport import BotocoreTransport, HasEndpoint
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from hptsdk.client._polling import Clock
    from hptsdk.transport import Transport

    ListRequest: TypeAlias = (
        shapes.ListHyperParameterTuningJobsRequest
        | shapes.ListTrainingJobsForHyperParameterTuningJobRequest
        | shapes.ListTagsInput
    )

__all__ = ["Calls"]

ResponseT = TypeVar("ResponseT", bound=Shape)
# names, so that their classes are not loaded here
PageT = TypeVar(
    "PageT",
    "shapes.ListHyperParameterTuningJobsResponse",
    "shapes.ListTrainingJobsForHyperParameterTuningJobResponse",
    "shapes.ListTagsOutput",
)


@attrs.define
class Calls:
    """The calls of a client.

    Attributes:
        transport: the transport of the client.
        clock: the clock for waits.
        poll: the default number of seconds between the first two calls of a wait.
        local_root: the root folder of the called local service. Defaults to None, for any other service.
    """

    transport: Transport
    clock: Clock
    poll: float
    local_root: str | None = None

    def send(self, operation: str, request: Shape) -> None:
        """Call an operation whose response has no members."""
        self.transport.call(operation, to_wire(request))

    def request(self, operation: str, request: Shape, cls: type[ResponseT]) -> ResponseT:
        """Call an operation and return its response."""
        return from_wire(cls, self.transport.call(operation, to_wire(request)))

    def describe_training_job(self, name: str) -> shapes.DescribeTrainingJobResponse:
        """Describe a training job.

        Raises:
            InvalidShapeError: no training job can have this name.
        """
        query = shapes.DescribeTrainingJobRequest(training_job_name=name)
        return self.request("DescribeTrainingJob", query, shapes.DescribeTrainingJobResponse)

    def pages(self, operation: str, request: ListRequest, cls: type[PageT]) -> Iterator[PageT]:
        """Call a list operation until the last page, and yield each page.

        Raises:
            ServiceError: the next token of a page is the one that was sent, so the pages would never end.
        """
        while True:
            page = self.request(operation, request, cls)
            yield page
            if not page.next_token:
                return
            if page.next_token == request.next_token:
                raise errors.ServiceError(
                    "the service returned the same NextToken again", code="InvalidNextToken", operation=operation
                )
            request = attrs.evolve(request, next_token=page.next_token)

    def describe(self, name: str) -> shapes.DescribeHyperParameterTuningJobResponse:
        """Describe a tuning job by its name.

        Raises:
            ResourceNotFoundError: the tuning job does not exist.
            UnexpectedResponseError: the response is about another job.
        """
        operation = "DescribeHyperParameterTuningJob"
        request = shapes.DescribeHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=name)
        response = self.request(operation, request, shapes.DescribeHyperParameterTuningJobResponse)
        described, arn = response.hyper_parameter_tuning_job_name, response.hyper_parameter_tuning_job_arn
        if problem := mismatch(name, described=described, arn=arn):
            raise errors.UnexpectedResponseError(problem, operation=operation)
        return response

    @property
    def endpoint_url(self) -> str | None:
        """The URL of the calls; None if it is not known."""
        return self.transport.endpoint_url if isinstance(self.transport, HasEndpoint) else None

    @property
    def command_options(self) -> tuple[str, ...] | None:
        """The options of the command line for the same service; None if it cannot call this service."""
        if self.local_root is not None:
            return "--local", self.local_root
        return self.transport.command_options() if isinstance(self.transport, BotocoreTransport) else None
