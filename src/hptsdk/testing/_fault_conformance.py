"""The base class of the conformance tests of transports, and the tests of lost responses and faults of the network."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar
from uuid import uuid4

import attrs
import pytest

import hptsdk
from hptsdk import errors
from hptsdk.testing._faulty_server import FaultyServer
from hptsdk.testing._simulation import PretendClock
from hptsdk.transport import is_outcome_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hptsdk.client import TuningClient, TuningJob
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.testing._simulation import Fault
    from hptsdk.transport import Transport

CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"

Capability = Literal[
    "names without case",
    "creating from threads",
    "unmodelled members",
    "validation",
    "lists",
    "times in lists",
    "training jobs",
    "stopping",
    "deleting",
    "tags",
]
"""A capability that the service of a transport may lack: a key of `TransportConformance.absent`.

"names without case": names that differ only in case are the same. "creating from threads": of several simultaneous
creates with one name, exactly one succeeds. "unmodelled members": Describe returns members that hptsdk does not model.
"validation": invalid requests are rejected. "times in lists": lists have filters by time.
"""

TestT = TypeVar("TestT", bound="Callable[..., object]")


def needs(capability: Capability) -> Callable[[TestT], TestT]:
    """Create a decorator for a test that needs a capability."""

    def mark(test: TestT) -> TestT:
        test.__dict__["needs"] = capability
        return test

    return mark


def job_named(name: str) -> dict[str, Any]:
    """Return the body of a request that names a tuning job."""
    return {"HyperParameterTuningJobName": name}


class ConformanceBase:
    """Base class of the conformance tests, which stops and deletes their tuning jobs after each test."""

    absent: ClassVar[Mapping[Capability, str]] = {}
    patience: ClassVar[float] = 60.0
    poll: ClassVar[float] = 0.05

    @pytest.fixture
    def transport(self) -> Transport:
        """Return the transport to test; a subclass must override this fixture."""
        raise NotImplementedError(f"{type(self).__name__} must override the fixture transport")

    def make_request(self, name: str) -> CreateHyperParameterTuningJobRequest:
        """Create a small request for a tuning job with this name."""
        training = hptsdk.training(
            image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1",
            role_arn="arn:aws:iam::123456789012:role/SageMakerRole",
            output="s3://amzn-s3-demo-bucket/out/",
            instance_type="ml.m5.xlarge",
            instance_count=1,
            volume_size_in_gb=30,
            max_runtime_in_seconds=3600,
        ).metric("loss", "loss=([-+0-9.eE]+)")
        job = hptsdk.tuning_job(name, training, minimize="loss", max_jobs=2, max_parallel_jobs=1)
        return job.continuous("lr", 0.001, 0.1).build()

    @pytest.fixture(autouse=True)
    def _capability(self, request: pytest.FixtureRequest) -> None:
        self.skip_without(getattr(request.function, "needs", None))

    def skip_without(self, capability: Capability | None) -> None:
        """Skip the test if a capability is missing, with the reason from `absent`."""
        if capability and (reason := self.absent.get(capability)):
            pytest.skip(f"{capability}: {reason}")

    @pytest.fixture
    def client(self, transport: Transport) -> TuningClient:
        """Return a client that uses the transport."""
        return hptsdk.TuningClient(transport=transport)

    @pytest.fixture
    def new_name(self, client: TuningClient) -> Iterator[Callable[..., str]]:
        """Return a function that returns new names; tuning jobs with these names are deleted after the test."""
        names: list[str] = []

        def new_name(start: str = "c") -> str:
            names.append(f"{start}{uuid4().hex[:16]}")
            return names[-1]

        yield new_name
        for name in names:
            for action in (client.get(name).stop, client.get(name).delete):
                # some jobs do not exist, and some services do not have the operation
                with suppress(errors.HptsdkError):
                    action()

    @pytest.fixture
    def name(self, new_name: Callable[..., str]) -> str:
        """Return a name that no tuning job has."""
        return new_name()

    @pytest.fixture
    def job(self, client: TuningClient, name: str) -> TuningJob:
        """Create a tuning job, and return it."""
        return client.create(self.make_request(name))

    def body(self, name: str) -> dict[str, Any]:
        """Return the request of `make_request` in wire form."""
        return hptsdk.to_wire(self.make_request(name))

    def with_other_settings(self, name: str) -> CreateHyperParameterTuningJobRequest:
        """Create a request that differs from `make_request` in one number."""
        request = self.make_request(name)
        config = request.hyper_parameter_tuning_job_config
        limits = config.resource_limits
        more = attrs.evolve(limits, max_number_of_training_jobs=(limits.max_number_of_training_jobs or 1) + 1)
        return attrs.evolve(request, hyper_parameter_tuning_job_config=attrs.evolve(config, resource_limits=more))


# The errors with which a create can end after an attempt without a response.
_ERRORS: dict[str, errors.ServiceError | errors.TransportError] = {
    "no answer": errors.OutcomeUnknownError("no response", operation=CREATE, attempts=1),
    "unavailable": errors.ServiceUnavailableError("try again later", code="ServiceUnavailable", operation=CREATE),
    **{
        cls.__name__: cls("refused", code="Refused", operation=CREATE, attempts=2, unanswered=1)
        for cls in (
            errors.ThrottledError,
            errors.ResourceLimitExceededError,
            errors.ValidationRefusedError,
            errors.AccessDeniedError,
            errors.CredentialsRejectedError,
            errors.ResourceInUseError,
        )
    },
}


@attrs.define
class _LossyTransport:
    """A transport that raises an error for Create, and for which jobs are not visible at first."""

    inner: Transport
    error: errors.HptsdkError
    sends: bool
    hidden: int

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if operation == CREATE:
            if self.sends:
                self.inner.call(operation, body)
            # a shared exception would collect the tracebacks of all tests
            raise copy(self.error)
        if operation == DESCRIBE and self.hidden > 0:
            self.hidden -= 1
            raise errors.ResourceNotFoundError("not visible yet", code="ResourceNotFound", operation=operation)
        return self.inner.call(operation, body)


class LostResponseConformance(ConformanceBase):
    """Tests of the client after a Create call whose response was lost."""

    def lossy_client(
        self, transport: Transport, error: str = "no answer", *, sends: bool = True, hidden: int = 0
    ) -> TuningClient:
        """Create a client whose transport raises an error for Create.

        Args:
            transport: the transport for all calls.
            error: a key of `_ERRORS`.
            sends: whether the service gets the request.
            hidden: the number of Describe calls that do not find the job.
        """
        lossy = _LossyTransport(transport, _ERRORS[error], sends, hidden)
        return hptsdk.TuningClient(transport=lossy, clock=PretendClock())

    @pytest.mark.parametrize("error", _ERRORS)
    def test_a_job_is_found_after_a_lost_response(self, error: str, transport: Transport, name: str) -> None:
        job = self.lossy_client(transport, error).create(self.make_request(name))
        assert job.arn.lower().endswith(f"/{name.lower()}")

    @pytest.mark.parametrize("error", _ERRORS)
    def test_the_outcome_of_a_lost_request_is_unknown(self, error: str, transport: Transport, name: str) -> None:
        """A missing job does not prove that the request was rejected."""
        with pytest.raises(errors.OutcomeUnknownError, match="no job with this name was found"):
            self.lossy_client(transport, error, sends=False).create(self.make_request(name))

    def test_a_job_that_is_not_visible_at_first_is_found(self, transport: Transport, name: str) -> None:
        assert self.lossy_client(transport, hidden=3).create(self.make_request(name)).name == name

    def test_a_different_job_with_the_name_is_a_conflict_after_a_lost_response(
        self, transport: Transport, name: str
    ) -> None:
        transport.call(CREATE, hptsdk.to_wire(self.with_other_settings(name)))
        with pytest.raises(errors.JobConflictError, match="MaxNumberOfTrainingJobs"):
            self.lossy_client(transport, sends=False).create(self.make_request(name))


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
    """Tests of a transport with a server on 127.0.0.1 that simulates faults.

    To test a transport, subclass this and override `make_transport`. If the transport signs requests, it needs
    credentials, which may be invalid.

    Example:
        >>> from hptsdk.testing import FaultConformance
        >>> from hptsdk.transport import BotocoreTransport
        >>> class TestMyTransport(FaultConformance):
        ...     def make_transport(self, url):
        ...         return BotocoreTransport("us-east-1", endpoint_url=url)
    """

    def make_transport(self, url: str) -> Transport:
        """Create the transport to test.

        Args:
            url: the URL of the server, which the transport must call.
        """
        raise NotImplementedError(f"{type(self).__name__} must override make_transport")

    @pytest.fixture
    def server(self) -> Iterator[FaultyServer]:
        """Return a `FaultyServer`, which is closed after the test."""
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
        server.faults.append(fault)
        assert client.create(self.make_request(name)).arn.endswith(f"/{name}")
        assert server.service.acted.count(CREATE) == 1

    @pytest.mark.parametrize("fault", _UNDECIDED)
    def test_the_outcome_is_unknown_after_undecided_responses_only(
        self, fault: Fault, server: FaultyServer, transport: Transport, name: str
    ) -> None:
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
        server.faults.extend(["hang up after acting", refusal, *_every("answer that the job does not exist")])
        with pytest.raises(errors.OutcomeUnknownError):
            client.create(self.make_request(name))
        server.faults.clear()

    @pytest.mark.parametrize(("refusal", "cls"), _REFUSALS.items())
    def test_an_error_response_to_each_attempt_is_raised(
        self, refusal: Fault, cls: type[errors.ServiceError], server: FaultyServer, transport: Transport, name: str
    ) -> None:
        server.faults.extend(_every(refusal))
        with pytest.raises(cls) as raised:
            transport.call(CREATE, self.body(name))
        server.faults.clear()
        assert raised.value.unanswered == 0

    def test_a_refused_connection_raises_not_sent(self, server: FaultyServer, transport: Transport, name: str) -> None:
        server.refuse_connections()
        with pytest.raises(errors.NotSentError):
            transport.call(CREATE, self.body(name))
        server.accept_connections()

    def test_a_description_of_another_job_is_an_error(
        self, server: FaultyServer, client: TuningClient, name: str
    ) -> None:
        job = client.create(self.make_request(name))
        server.faults.append("answer about another job")
        with pytest.raises(errors.UnexpectedResponseError):
            job.describe()
