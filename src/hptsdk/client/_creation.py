"""The creation of a tuning job, at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from hptsdk import errors
from hptsdk.client._idempotency import describe_existing, mismatch, outcome_unknown
from hptsdk.client._job import TuningJob
from hptsdk.client._request_comparison import differences
from hptsdk.transport import Redaction, is_outcome_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hptsdk.client._calls import Calls

__all__ = ["create_job"]

_NAME_IN_USE = (
    "A name can be used once. Create a unique name with hptsdk.unique_name, or pass if_exists='return' to get the "
    "existing job if it has the same settings."
)


def create_job(calls: Calls, name: str, body: Mapping[str, Any], *, if_exists: Literal["error", "return"]) -> TuningJob:
    """Create a tuning job, at most once; see `TuningClient.create`."""
    try:
        arn = _create(calls, name, body)
    except (errors.ServiceError, errors.TransportError) as error:
        if is_outcome_unknown(error):
            return _job_after_lost_response(calls, name, body, error)
        if isinstance(error, errors.ResourceInUseError):
            if if_exists == "return":
                return _existing_job(calls, name, body)
            error.add_note(_NAME_IN_USE)
        raise
    return TuningJob(calls, name, arn)


def _create(calls: Calls, name: str, body: Mapping[str, Any]) -> str:
    """Create the job and return its ARN from the response."""
    operation = "CreateHyperParameterTuningJob"
    arn = calls.transport.call(operation, body).get("HyperParameterTuningJobArn") or ""
    if problem := mismatch(name, arn=arn, redact=lambda text: Redaction(body).apply(text)):
        raise errors.UnexpectedResponseError(problem, operation=operation)
    return str(arn)


def _existing_job(calls: Calls, name: str, body: Mapping[str, Any]) -> TuningJob:
    """Return the existing job if it has the settings of the request."""
    described = describe_existing(calls.describe, name, calls.clock)
    if paths := differences(body, described):
        raise errors.JobConflictError(name, differences=paths)
    return TuningJob(calls, name, described.hyper_parameter_tuning_job_arn)


def _job_after_lost_response(
    calls: Calls, name: str, body: Mapping[str, Any], create_error: errors.ServiceError | errors.TransportError
) -> TuningJob:
    """Return the job that an attempt without a response created.

    Raises:
        OutcomeUnknownError: Describe did not return the job.
        JobConflictError: the existing job has other settings.
    """
    try:
        return _existing_job(calls, name, body)
    except (errors.ServiceError, errors.TransportError) as error:
        raise outcome_unknown(
            name, body, create_error=create_error, describe_error=error, options=calls.command_options
        ) from create_error
