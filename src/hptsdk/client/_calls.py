"""The calls of a client and of its handles, and checks of their arguments and responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar, get_args

import attrs

from hptsdk import errors, scalars, shapes
from hptsdk._validation import Shape, format_value, wire_name, with_article
from hptsdk.client._job import TuningJob
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.transport import BotocoreTransport, HasEndpoint
from hptsdk.wire import Template, from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from hptsdk.transport import Transport

    ListRequest: TypeAlias = (
        shapes.ListHyperParameterTuningJobsRequest
        | shapes.ListTrainingJobsForHyperParameterTuningJobRequest
        | shapes.ListTagsInput
    )

ResponseT = TypeVar("ResponseT", bound=Shape)
# names, so that their classes are not loaded here
PageT = TypeVar(
    "PageT",
    "shapes.ListHyperParameterTuningJobsResponse",
    "shapes.ListTrainingJobsForHyperParameterTuningJobResponse",
    "shapes.ListTagsOutput",
)


class Clock(Protocol):
    """A clock that measures time and sleeps, such as the module `time`. Tests can use `hptsdk.testing.PretendClock`.

    Example:
        >>> import hptsdk
        >>> from hptsdk.testing import PretendClock, StubTransport
        >>> client = hptsdk.TuningClient(transport=StubTransport(), clock=PretendClock())
    """

    def monotonic(self) -> float:
        """Return the seconds since a fixed point in time."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Sleep for a number of seconds."""
        ...


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
        """Call an operation without reading its response."""
        self.transport.call(operation, to_wire(request))

    def request(self, operation: str, request: Shape, cls: type[ResponseT]) -> ResponseT:
        """Call an operation and return its response."""
        return from_wire(cls, self.transport.call(operation, to_wire(request)))

    def describe_training_job(self, name: str) -> shapes.DescribeTrainingJobResponse:
        """Describe a training job."""
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

    def describe(self, name: str, *required: str) -> shapes.DescribeHyperParameterTuningJobResponse:
        """Describe a tuning job by its name. See `TuningClient.describe` for the errors.

        Responses are not validated; only the `required` members, by their attribute names, may not be missing.
        """
        operation = "DescribeHyperParameterTuningJob"
        request = shapes.DescribeHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=name)
        response = self.request(operation, request, shapes.DescribeHyperParameterTuningJobResponse)
        described, arn = response.hyper_parameter_tuning_job_name, response.hyper_parameter_tuning_job_arn
        if problem := mismatch(name, described=described, arn=arn):
            raise errors.UnexpectedResponseError(problem, operation=operation)
        if missing := [wire_name(member) for member in required if not getattr(response, member)]:
            text = f"the response has no {' and no '.join(missing)}; {_CHECK}"
            raise errors.UnexpectedResponseError(text, operation=operation)
        return response

    @property
    def endpoint_url(self) -> str | None:
        """The URL of the calls; None if it is not known."""
        return self.transport.endpoint_url if isinstance(self.transport, HasEndpoint) else None

    def command_options(self) -> tuple[str, ...] | None:
        """Return the options of the command `hptsdk`; see `TuningClient.command_options`."""
        if self.local_root is not None:
            return "--local", self.local_root
        return self.transport.command_options() if isinstance(self.transport, BotocoreTransport) else None


_REQUEST = CreateHyperParameterTuningJobRequest.__name__


def check_request(value: object, usage: str) -> None:
    """Check whether the argument of a function is a request.

    Args:
        value: the argument.
        usage: a call of the function with `job.build()`, for the hint.

    Raises:
        TypeError: the value is of another class.
    """
    if not isinstance(value, CreateHyperParameterTuningJobRequest):
        got = "None" if value is None else with_article(type(value).__name__)
        function = usage.partition("(")[0].rpartition(".")[2]
        raise TypeError(f"{function}: expected a {_REQUEST}, got {got}; {_hint(value, usage)}")


def _hint(value: object, usage: str) -> str:
    """Return how to create a request from a value of another class."""
    match value:
        case Mapping():
            return f"use hptsdk.from_wire(hptsdk.shapes.{_REQUEST}, ...)"
        case str() | bytes():
            return f"use hptsdk.loads(hptsdk.shapes.{_REQUEST}, ...)"
        case Template():
            still_open = ", ".join(f"{member.path} ({member.text})" for member in value.placeholders)
            return f"fill its placeholders with .fill({{...}}): {still_open}" if still_open else "use its fill({})"
        case TuningJob():
            return "use its request(); a second job needs another name"
        case _ if hasattr(value, "build") and not isinstance(value, type):
            return f"call its build() first, as in {usage}"
        case _:
            return "create one with hptsdk.tuning_job(...)...build()"


_CHECK = "check the endpoint and the proxy settings"


def mismatch(name: str, *, described: object = None, arn: object = None, redact: Callable[[str], str] = str) -> str:
    """Return how the name or the ARN in a response differs from the requested one; empty text if neither does."""
    if described is not None and str(described).lower() != name.lower():  # names are not case sensitive
        problem = f"expected the tuning job {format_value(name)}, got {format_value(redact(str(described)))}"
    elif arn is not None and not _is_arn_of(arn, name):
        problem = f"expected the ARN of the tuning job {format_value(name)}, got {format_value(redact(str(arn)))}"
    else:
        return ""
    return f"the response is about another job: {problem}; {_CHECK}"


def _is_arn_of(arn: object, name: str) -> bool:
    """Check whether a value is a valid ARN of the tuning job with this name."""
    _, *constraints = get_args(scalars.HyperParameterTuningJobArn)
    is_arn = isinstance(arn, str) and all(constraint.holds(arn) for constraint in constraints)
    return is_arn and str(arn).partition("/")[2].lower() == name.lower()
