"""Base of the conformance tests: the transport, new jobs, optional capabilities, and creates whose response is lost."""

from __future__ import annotations

import time
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar
from uuid import uuid4

import attrs
import pytest

import hptsdk
from hptsdk import errors
from hptsdk.testing._clock import PretendClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hptsdk.client import TuningClient, TuningJob
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.transport import Transport

__all__ = ["CREATE", "DESCRIBE", "Capability", "ConformanceBase", "LostAnswerConformance", "job_named", "needs"]

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
"""A capability that the service of a transport can be without. Other capabilities are required."""

TestT = TypeVar("TestT", bound="Callable[..., object]")


def needs(capability: Capability) -> Callable[[TestT], TestT]:
    """Create a decorator for a test that needs a capability."""

    def mark(test: TestT) -> TestT:
        test.__dict__["needs"] = capability
        return test

    return mark


def job_named(name: str) -> dict[str, Any]:
    """Return a request about the tuning job with this name."""
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
        """Create a small request that the service can run, for a tuning job with this name."""
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

    # --- fixtures and helpers ---

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
    def new_name(self, client: TuningClient) -> Iterator[Callable[[], str]]:
        """Return a function that returns new names; jobs with these names are deleted after the test."""
        names: list[str] = []

        def new_name() -> str:
            names.append(f"c{uuid4().hex[:16]}")
            return names[-1]

        yield new_name
        for name in names:
            for action in (client.get(name).stop, client.get(name).delete):
                # some jobs do not exist, and some services do not have the operation
                with suppress(errors.HptsdkError):
                    action()

    @pytest.fixture
    def name(self, new_name: Callable[[], str]) -> str:
        """Return a name that no job has."""
        return new_name()

    @pytest.fixture
    def job(self, client: TuningClient, name: str) -> TuningJob:
        """Return a new job."""
        return client.create(self.make_request(name))

    def body(self, name: str) -> dict[str, Any]:
        """Return the request in wire form."""
        return hptsdk.to_wire(self.make_request(name))

    def with_other_settings(self, name: str) -> CreateHyperParameterTuningJobRequest:
        """Create a request that differs from `make_request` in one number."""
        request = self.make_request(name)
        config = request.hyper_parameter_tuning_job_config
        limits = config.resource_limits
        more = attrs.evolve(limits, max_number_of_training_jobs=(limits.max_number_of_training_jobs or 1) + 1)
        return attrs.evolve(request, hyper_parameter_tuning_job_config=attrs.evolve(config, resource_limits=more))

    def is_gone(self, client: TuningClient, name: str) -> bool:
        """Wait until a job is deleted, and return whether it is deleted in time."""
        began = time.monotonic()
        while time.monotonic() - began <= self.patience:
            try:
                client.describe(name)
            except errors.ResourceNotFoundError:
                return True
            time.sleep(self.poll)
        return False


# --- lost responses ---

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


class _LossyTransport:
    """A transport that discards the responses of Create, and for which new jobs are not visible at first."""

    def __init__(self, inner: Transport, error: errors.HptsdkError, *, sends: bool, hidden: int) -> None:
        self._inner = inner
        self._error = error
        self._sends = sends
        self._hidden = hidden

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Perform a call, and discard the response if it is a create."""
        if operation == CREATE:
            if self._sends:
                self._inner.call(operation, body)
            # a shared exception would collect the tracebacks of all tests
            raise copy(self._error)
        if operation == DESCRIBE and self._hidden > 0:
            self._hidden -= 1
            raise errors.ResourceNotFoundError("not visible yet", code="ResourceNotFound", operation=operation)
        return self._inner.call(operation, body)


class LostAnswerConformance(ConformanceBase):
    """Tests that the client finds a job whose response was lost."""

    @pytest.fixture
    def lossy_client(self, transport: Transport) -> Callable[..., TuningClient]:
        """Return a function that creates a client whose calls of `create` end with an error."""

        def lossy_client(error: str = "no answer", *, sends: bool = True, hidden: int = 0) -> TuningClient:
            lossy = _LossyTransport(transport, _ERRORS[error], sends=sends, hidden=hidden)
            return hptsdk.TuningClient(transport=lossy, clock=PretendClock())

        return lossy_client

    @pytest.mark.parametrize("error", _ERRORS)
    def test_a_job_is_found_after_a_lost_response(
        self, error: str, lossy_client: Callable[..., TuningClient], name: str
    ) -> None:
        """The result is the job with its ARN."""
        job = lossy_client(error).create(self.make_request(name))
        assert job.arn.lower().endswith(f"/{name.lower()}")

    @pytest.mark.parametrize("error", _ERRORS)
    def test_the_outcome_of_a_lost_request_is_unknown(
        self, error: str, lossy_client: Callable[..., TuningClient], name: str
    ) -> None:
        """A job that does not exist does not prove that the request was rejected."""
        with pytest.raises(errors.OutcomeUnknownError, match="no job with this name was found"):
            lossy_client(error, sends=False).create(self.make_request(name))

    def test_a_job_that_is_not_visible_at_first_is_found(
        self, lossy_client: Callable[..., TuningClient], name: str
    ) -> None:
        """Describe is called more than once."""
        assert lossy_client(hidden=3).create(self.make_request(name)).name == name

    def test_a_different_job_with_the_name_is_a_conflict_after_a_lost_response(
        self, lossy_client: Callable[..., TuningClient], name: str, transport: Transport
    ) -> None:
        """The job with the name is compared with the request."""
        transport.call(CREATE, hptsdk.to_wire(self.with_other_settings(name)))
        with pytest.raises(errors.JobConflictError, match="MaxNumberOfTrainingJobs"):
            lossy_client(sends=False).create(self.make_request(name))

    def test_create_and_describe_return_the_arn_and_the_name(self, name: str, transport: Transport) -> None:
        """The ARN is the same in both responses, and Describe returns the name."""
        created = transport.call(CREATE, self.body(name))
        described = transport.call(DESCRIBE, job_named(name))
        assert created["HyperParameterTuningJobArn"] == described["HyperParameterTuningJobArn"]
        assert str(described["HyperParameterTuningJobName"]).lower() == name.lower()
