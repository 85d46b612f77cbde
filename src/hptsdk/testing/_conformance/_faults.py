"""Conformance tests for lost responses, responses of proxies, and error responses, for a transport over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import hptsdk
from hptsdk import errors
from hptsdk.testing._clock import PretendClock
from hptsdk.testing._conformance._base import CREATE, ConformanceBase
from hptsdk.testing._faulty_server import FaultyServer
from hptsdk.transport import is_outcome_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk.client import TuningClient
    from hptsdk.testing._faults import Fault
    from hptsdk.transport import Transport

__all__ = ["FaultConformance"]

_UNDECIDED: list[Fault] = [
    "hang up after acting",
    "reset in mid-answer",
    "cut the answer short",
    "fail after acting",
    "fail with a page after acting",
    "answer status 302 after acting",
    "answer status 408 after acting",
    "answer status 418 after acting",
    "answer status 425 after acting",
    "answer nonsense",
    "answer broken JSON",
]
_OTHER_JOBS: list[Fault] = ["answer about another job", "answer with an ARN of another type"]
_NOT_FOUND: Fault = "answer that the job does not exist"
_REFUSALS: dict[Fault, type[errors.ServiceError]] = {
    "answer that a limit is exceeded": errors.ResourceLimitExceededError,
    "answer that the request is invalid": errors.ValidationRefusedError,
    "answer that access is denied": errors.AccessDeniedError,
    "answer that the token has expired": errors.CredentialsRejectedError,
}


def _every(fault: Fault) -> list[Fault]:
    """Return a fault for each attempt of a call."""
    return [fault] * 20


class FaultConformance(ConformanceBase):
    """Tests of a transport with a server on 127.0.0.1 that simulates faults. Subclass it to test a transport.

    Example:
        >>> from hptsdk.transport import BotocoreTransport
        >>> class TestMyTransport(FaultConformance):
        ...     def make_transport(self, url):
        ...         return BotocoreTransport("us-east-1", endpoint_url=url)
    """

    def make_transport(self, url: str) -> Transport:
        """Create the transport to test, for this URL; a subclass must override this method."""
        raise NotImplementedError(f"{type(self).__name__} must override make_transport")

    @pytest.fixture
    def server(self) -> Iterator[FaultyServer]:
        """Return the server."""
        with FaultyServer() as server:
            yield server

    @pytest.fixture
    def transport(self, server: FaultyServer) -> Iterator[Transport]:
        """Return the transport, which is closed after the test."""
        transport = self.make_transport(server.url)
        yield transport
        if callable(close := getattr(transport, "close", None)):
            close()

    @pytest.fixture
    def client(self, transport: Transport) -> TuningClient:
        """Return a client that uses the transport, and whose clock does not wait."""
        return hptsdk.TuningClient(transport=transport, clock=PretendClock())

    @pytest.mark.parametrize("fault", [*_UNDECIDED, *_OTHER_JOBS])
    def test_a_job_is_found_after_an_undecided_response(
        self, fault: Fault, server: FaultyServer, client: TuningClient, name: str
    ) -> None:
        """The job is created once, and it is the result."""
        server.faults.append(fault)
        assert client.create(self.make_request(name)).arn.endswith(f"/{name}")
        assert server.service.acted.count(CREATE) == 1

    @pytest.mark.parametrize("fault", _UNDECIDED)
    def test_the_outcome_is_unknown_after_undecided_responses_only(
        self, fault: Fault, server: FaultyServer, transport: Transport, name: str
    ) -> None:
        """The error states that the service may have acted."""
        server.faults.extend(_every(fault))
        with pytest.raises(errors.HptsdkError) as raised:
            transport.call(CREATE, self.body(name))
        server.faults.clear()
        assert isinstance(raised.value, errors.ServiceError | errors.TransportError)
        assert is_outcome_unknown(raised.value)

    @pytest.mark.parametrize("refusal", _REFUSALS)
    def test_the_outcome_is_unknown_after_a_lost_response_and_an_error_response(
        self, refusal: Fault, server: FaultyServer, client: TuningClient, name: str
    ) -> None:
        """The job may exist, although Describe does not find it."""
        server.faults.extend(["hang up after acting", refusal, *_every(_NOT_FOUND)])
        with pytest.raises(errors.OutcomeUnknownError):
            client.create(self.make_request(name))
        server.faults.clear()

    @pytest.mark.parametrize(("refusal", "cls"), _REFUSALS.items())
    def test_an_error_response_to_each_attempt_is_raised(
        self,
        refusal: Fault,
        cls: type[errors.ServiceError],
        server: FaultyServer,
        transport: Transport,
        name: str,
    ) -> None:
        """The error is that of the response, and no attempt is unanswered."""
        server.faults.extend(_every(refusal))
        with pytest.raises(cls) as raised:
            transport.call(CREATE, self.body(name))
        server.faults.clear()
        assert raised.value.unanswered == 0

    def test_a_refused_connection_raises_not_sent(self, server: FaultyServer, transport: Transport, name: str) -> None:
        """No attempt was sent."""
        server.refuse_connections()
        with pytest.raises(errors.NotSentError):
            transport.call(CREATE, self.body(name))
        server.accept_connections()

    def test_a_description_of_another_job_is_an_error(
        self, server: FaultyServer, client: TuningClient, name: str
    ) -> None:
        """The response is not used as the description of the job."""
        job = client.create(self.make_request(name))
        server.faults.append("answer about another job")
        with pytest.raises(errors.UnexpectedResponseError):
            job.describe()
