"""The calls of a client, which it shares with its handles, and checks of their arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs

from hptsdk import errors, shapes
from hptsdk._validation import Shape, with_article
from hptsdk.client._creation import mismatch
from hptsdk.client._job import TuningJob
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.transport import BotocoreTransport, HasEndpoint
from hptsdk.wire import Template, from_wire, to_wire

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

__all__ = ["Calls", "check_mapping", "check_request"]

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


_REQUEST = CreateHyperParameterTuningJobRequest.__name__


def check_request(value: object, method: str) -> None:
    """Check whether the argument of a method of the client is a request.

    Raises:
        TypeError: the value is of another class; the message explains how to create a request.
    """
    if not isinstance(value, CreateHyperParameterTuningJobRequest):
        got = "None" if value is None else _class_name(value)
        raise TypeError(f"{method}: expected a {_REQUEST}, got {got}; {_hint(value, method)}")


def _hint(value: object, method: str) -> str:
    """Return how to create a request from a value of another class."""
    match value:
        case Mapping():
            return f"use hptsdk.from_wire(hptsdk.shapes.{_REQUEST}, ...)"
        case str() | bytes():
            return f"use hptsdk.loads(hptsdk.shapes.{_REQUEST}, ...)"
        case Template():
            still_open = ", ".join(f"{member.path} ({member.text})" for member in value.placeholders)
            return f"fill the template first with .fill({{...}}): {still_open}"
        case TuningJob():
            return "use its request()"
        case _ if hasattr(value, "build") and not isinstance(value, type):
            return f"call its build() first, as in client.{method}(job.build())"
        case _:
            return "create one with hptsdk.tuning_job(...)...build()"


def check_mapping(value: object, method: str, argument: str) -> None:
    """Check whether an argument is a mapping or None.

    Raises:
        TypeError: the value is of another class.
    """
    if value is not None and not isinstance(value, Mapping):
        raise TypeError(f"{method}: expected a mapping as {argument}, got {_class_name(value)}")


def _class_name(value: object) -> str:
    return with_article(type(value).__name__)
