"""Conformance tests for creates whose response is lost: the tests discard the response of the transport."""
# ruff: noqa: S101 - these are tests

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import pytest

import hptsdk
from hptsdk import errors
from hptsdk.testing._clock import PretendClock
from hptsdk.testing._conformance._base import CREATE, DESCRIBE, ConformanceBase, job_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk.client import TuningClient
    from hptsdk.transport import Transport

__all__ = ["LostAnswerConformance"]

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
