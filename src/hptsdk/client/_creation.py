"""The creation of a tuning job, at most once, also if a response is lost."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal, get_args

from hptsdk import errors, scalars
from hptsdk._validation import format_value
from hptsdk.client._job import TuningJob
from hptsdk.client._request_comparison import differences
from hptsdk.transport import Redaction, is_outcome_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hptsdk.client._calls import Calls
    from hptsdk.client._polling import Clock
    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse

__all__ = ["create_job", "describe_existing", "mismatch", "outcome_unknown"]

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


# The pauses in seconds between calls of Describe, which may not return a new job immediately.
_PAUSES = (1.0, 2.0, 4.0)

_CHECK = "check the endpoint and the proxy settings"


def mismatch(name: str, *, described: object = None, arn: object = None, redact: Callable[[str], str] = str) -> str:
    """Compare the name and the ARN in a response with those of the requested tuning job.

    Args:
        name: the name of the tuning job in the request. Names are not case sensitive.
        described: the name in the response; None if it has none.
        arn: the ARN in the response; None if it has none.
        redact: redacts secrets in a string. Defaults to no redaction.

    Returns:
        A sentence about the difference; empty text if the response is about the requested job.
    """
    if described is not None and str(described).lower() != name.lower():
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


def describe_existing(
    describe: Callable[[str], DescribeHyperParameterTuningJobResponse], name: str, clock: Clock
) -> DescribeHyperParameterTuningJobResponse:
    """Describe a tuning job that exists or may exist. Repeat the call for some seconds while it is not found.

    Raises:
        ResourceNotFoundError: all calls had this error.
        UnexpectedResponseError: the response is about another job, or has no name, ARN or configuration.
    """
    for pause in _PAUSES:
        try:
            return _complete(describe(name))
        except errors.ResourceNotFoundError:
            clock.sleep(pause)
    return _complete(describe(name))


def _complete(response: DescribeHyperParameterTuningJobResponse) -> DescribeHyperParameterTuningJobResponse:
    """Return the response if it has a name, an ARN and a configuration. Responses are not validated.

    Raises:
        UnexpectedResponseError: one of these members is missing.
    """
    required: dict[str, object] = {
        "HyperParameterTuningJobName": response.hyper_parameter_tuning_job_name,
        "HyperParameterTuningJobArn": response.hyper_parameter_tuning_job_arn,
        "HyperParameterTuningJobConfig": response.hyper_parameter_tuning_job_config,
    }
    if missing := [name for name, value in required.items() if not value]:
        text = f"the response has no {' and no '.join(missing)}; {_CHECK}"
        raise errors.UnexpectedResponseError(text, operation="DescribeHyperParameterTuningJob")
    return response


def outcome_unknown(
    name: str,
    body: Mapping[str, Any],
    *,
    create_error: errors.ServiceError | errors.TransportError,
    describe_error: errors.ServiceError | errors.TransportError,
    options: Sequence[str] | None,
) -> errors.OutcomeUnknownError:
    """Create the error for a tuning job that may have been created and that Describe did not return.

    Args:
        name: the name of the tuning job.
        body: the request, whose secrets are redacted.
        create_error: the error that leaves the outcome unknown.
        describe_error: the error of Describe.
        options: the options of the command line for the same service; None if it cannot call it.
    """
    redact = Redaction(body).apply
    if isinstance(describe_error, errors.ResourceNotFoundError):
        lookup = f"no job with this name was found in {sum(_PAUSES):g} seconds"
    else:
        lookup = f"the call of Describe failed: {type(describe_error).__name__}: {redact(str(describe_error))}"
    text = (
        f"the tuning job {name} may exist: the outcome of an attempt to create it is unknown, and {lookup}. Check with "
        f"client.get({name!r}).describe() before you create it again. Do not choose another name: that can create a "
        f"second job. Create ended with {type(create_error).__name__}: {redact(str(create_error))}"
    )
    error = errors.OutcomeUnknownError(
        text,
        operation="CreateHyperParameterTuningJob",
        may_have_been_sent=True,
        attempts=create_error.attempts,
    )
    if options is not None:
        error.command = shlex.join(["hptsdk", "describe", name, *options])
    return error
