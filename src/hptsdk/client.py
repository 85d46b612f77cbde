"""The client: creates tuning jobs and hands out handles to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk.shapes import (
    CreateHyperParameterTuningJobRequest,
    CreateHyperParameterTuningJobResponse,
    DescribeHyperParameterTuningJobRequest,
    DescribeHyperParameterTuningJobResponse,
)
from hptsdk.transport import BotocoreTransport, Transport
from hptsdk.wire import from_wire, to_wire

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from botocore.config import Config

__all__ = ["TuningClient", "TuningJob"]


class TuningClient:
    """Creates tuning jobs on Amazon SageMaker, or on whatever answers at `endpoint_url`.

    Thread-safe, and a context manager that closes its connections.

    Args:
        region_name: the region, where the session has none or another.
        session: a boto3 or botocore session; credentials, profiles, retries and proxies are botocore's own.
        endpoint_url: where to call instead of the region's endpoint.
        config: botocore's configuration.
        transport: what makes the calls, in place of all the above.

    Example:
        >>> import hptsdk
        >>> client = hptsdk.TuningClient(region_name="us-east-1")
    """

    def __init__(
        self,
        region_name: str | None = None,
        *,
        session: object | None = None,
        endpoint_url: str | None = None,
        config: Config | None = None,
        transport: Transport | None = None,
    ) -> None:
        if transport is not None and (region_name or session or endpoint_url or config):
            message = (
                "transport takes the place of region_name, session, endpoint_url and config; give one or the others"
            )
            raise TypeError(message)
        self._transport = transport or BotocoreTransport(
            region_name, session=session, endpoint_url=endpoint_url, config=config
        )

    def create(self, request: CreateHyperParameterTuningJobRequest) -> TuningJob:
        """Create a tuning job.

        Raises:
            ResourceInUseError: there is a job of this name.
            ServiceError: the service refused it for another reason.
            NotSentError: no connection was made.
            OutcomeUnknownError: no answer came.
        """
        answer = self._transport.call("CreateHyperParameterTuningJob", to_wire(request))
        arn = from_wire(CreateHyperParameterTuningJobResponse, answer).hyper_parameter_tuning_job_arn
        return TuningJob(self, request.hyper_parameter_tuning_job_name, arn)

    def get(self, name: str) -> TuningJob:
        """Make the handle of a job by its name; sends nothing."""
        return TuningJob(self, name)

    def describe(self, name: str) -> DescribeHyperParameterTuningJobResponse:
        """Describe a tuning job by name.

        Raises:
            ResourceNotFoundError: there is none.
        """
        query = DescribeHyperParameterTuningJobRequest(hyper_parameter_tuning_job_name=name)
        answer = self._transport.call("DescribeHyperParameterTuningJob", to_wire(query))
        return from_wire(DescribeHyperParameterTuningJobResponse, answer)

    def close(self) -> None:
        """Close the connections."""
        if isinstance(self._transport, BotocoreTransport):
            self._transport.close()

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


class TuningJob:
    """A handle to a tuning job: its name, and the calls about it."""

    def __init__(self, client: TuningClient, name: str, arn: str | None = None) -> None:
        self._client = client
        self._name = name
        self._arn = arn

    @property
    def name(self) -> str:
        """The job's name."""
        return self._name

    @property
    def arn(self) -> str:
        """The job's ARN; described on first use where it is not known."""
        if self._arn is None:
            self._arn = self.describe().hyper_parameter_tuning_job_arn
        return self._arn

    def describe(self) -> DescribeHyperParameterTuningJobResponse:
        """Ask the service for the job's state.

        Raises:
            ResourceNotFoundError: there is no such job.
        """
        return self._client.describe(self._name)

    def __repr__(self) -> str:
        """Show the name."""
        return f"TuningJob(name={self._name!r})"
