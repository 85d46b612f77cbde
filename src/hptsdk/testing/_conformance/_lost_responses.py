"""Conformance tests of a create whose answer is lost, for any transport: the answer is dropped behind it."""
# ruff: noqa: S101 - it is made of tests

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import pytest

import hptsdk
from hptsdk import errors
from hptsdk.testing._clock import PretendClock
from hptsdk.testing._conformance._base import ConformanceBase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hptsdk.client import TuningClient
    from hptsdk.transport import Transport

__all__ = ["LostAnswerConformance"]

CREATE, DESCRIBE = "CreateHyperParameterTuningJob", "DescribeHyperParameterTuningJob"

# What a create can end with after an attempt that was not answered.
_ENDINGS: dict[str, errors.ServiceError | errors.TransportError] = {
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


class _Losing:
    """A transport that drops the answers of Create, and does not see a job at first."""

    def __init__(self, inner: Transport, ending: errors.HptsdkError, *, sends: bool = True, unseen: int = 0) -> None:
        self._inner = inner
        self._ending = ending
        self._sends = sends
        self._unseen = unseen

    def call(self, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make a call, and drop its answer if it is a create."""
        if operation == CREATE:
            if self._sends:
                self._inner.call(operation, body)
            # one error for all tests would collect their tracebacks
            raise copy(self._ending)
        if operation == DESCRIBE and self._unseen > 0:
            self._unseen -= 1
            raise errors.ResourceNotFoundError("not seen yet", code="ResourceNotFound", operation=operation)
        return self._inner.call(operation, body)


class LostAnswerConformance(ConformanceBase):
    """Checks that a transport and its service let the client find a job whose answer was lost."""

    @pytest.fixture
    def losing(self, transport: Transport) -> Callable[..., TuningClient]:
        """Return a function that makes a client whose creates end with an error."""

        def losing(ending: str = "no answer", **options: Any) -> TuningClient:  # noqa: ANN401 - those of the transport
            dropping = _Losing(transport, _ENDINGS[ending], **options)
            return hptsdk.TuningClient(transport=dropping, clock=PretendClock())

        return losing

    @pytest.mark.parametrize("ending", _ENDINGS)
    def test_a_job_whose_answer_was_lost_is_found(
        self, ending: str, losing: Callable[..., TuningClient], name: str
    ) -> None:
        """The job is the result, with its ARN."""
        job = losing(ending).create(self.make_request(name))
        assert job.arn.lower().endswith(f"/{name.lower()}")

    @pytest.mark.parametrize("ending", _ENDINGS)
    def test_a_lost_request_is_an_unknown_outcome(
        self, ending: str, losing: Callable[..., TuningClient], name: str
    ) -> None:
        """A job that is not there is not taken for refused."""
        with pytest.raises(errors.OutcomeUnknownError, match="no job of this name was found"):
            losing(ending, sends=False).create(self.make_request(name))

    def test_a_lost_job_that_is_seen_late_is_found(self, losing: Callable[..., TuningClient], name: str) -> None:
        """Describe is called more than once."""
        assert losing(unseen=3).create(self.make_request(name)).name == name

    def test_another_job_is_not_taken_for_the_lost_one(
        self, losing: Callable[..., TuningClient], name: str, transport: Transport
    ) -> None:
        """A job of other settings under the name is a conflict."""
        transport.call(CREATE, hptsdk.to_wire(self.with_other_settings(name)))
        with pytest.raises(errors.JobConflictError, match="MaxNumberOfTrainingJobs"):
            losing(sends=False).create(self.make_request(name))

    def test_the_answers_of_create_and_describe_are_about_the_job(self, name: str, transport: Transport) -> None:
        """Both have the ARN of the job, and Describe has its name."""
        created = transport.call(CREATE, self.body(name))
        described = transport.call(DESCRIBE, {"HyperParameterTuningJobName": name})
        assert created["HyperParameterTuningJobArn"] == described["HyperParameterTuningJobArn"]
        assert str(described["HyperParameterTuningJobName"]).lower() == name.lower()
