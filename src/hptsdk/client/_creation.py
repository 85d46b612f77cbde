"""The creation of a tuning job at most once, even if the response is lost, and the check of a warm start."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal

from hptsdk import errors
from hptsdk._validation import UNDECIDED, Rule, is_mapping, violations
from hptsdk.client._calls import mismatch
from hptsdk.client._job import TuningJob
from hptsdk.client._request_comparison import differences
from hptsdk.rules.warm_start import OF_ALL_PARENTS, OF_EACH_PARENT, parent_exists
from hptsdk.transport import Redaction, is_outcome_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hptsdk import shapes
    from hptsdk._validation import Problem
    from hptsdk.client._calls import Calls
    from hptsdk.errors import Violation
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, DescribeHyperParameterTuningJobResponse

_NAME_IN_USE = (
    "A name can be used once. Create a unique name with hptsdk.unique_name(prefix), or pass if_exists='return' to get "
    "the existing job if it has the same settings."
)

# The members that the response about an existing job must have.
_REQUIRED = ("hyper_parameter_tuning_job_name", "hyper_parameter_tuning_job_arn", "hyper_parameter_tuning_job_config")

# The pauses in seconds between calls of Describe, which may not return a new job immediately.
_PAUSES = (1.0, 2.0, 4.0)


def merge_members(body: Mapping[str, Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a request with further members. Structures are merged; any other value replaces the existing one."""
    merged = dict(body)
    for name, value in (extra or {}).items():
        existing = merged.get(name)
        merged[name] = merge_members(existing, value) if is_mapping(existing) and is_mapping(value) else value
    return merged


def create_job(calls: Calls, name: str, body: Mapping[str, Any], *, if_exists: Literal["error", "return"]) -> TuningJob:
    """Create a tuning job, at most once; see `TuningClient.create`."""
    try:
        arn = _create(calls, name, body)
    except (errors.ServiceError, errors.TransportError) as error:
        if is_outcome_unknown(error):
            try:
                return _existing_job(calls, name, body)
            except (errors.ServiceError, errors.TransportError) as describe_error:
                raise _outcome_unknown(calls, name, body, error, describe_error) from error
        if isinstance(error, errors.ResourceInUseError):
            if if_exists == "return":
                return _existing_job(calls, name, body)
            error.add_note(_NAME_IN_USE)
        raise
    return TuningJob(calls, name, arn)


def _create(calls: Calls, name: str, body: Mapping[str, Any]) -> str:
    """Create the job and return its ARN from the response."""
    operation = "CreateHyperParameterTuningJob"
    # not `calls.request`, because the body can have members that hptsdk does not model
    arn = calls.transport.call(operation, body).get("HyperParameterTuningJobArn") or ""
    # the strings of the request are collected only if there is a mismatch
    if problem := mismatch(name, arn=arn, redact=lambda text: Redaction(body).apply(text)):
        raise errors.UnexpectedResponseError(problem, operation=operation)
    return str(arn)


def _existing_job(calls: Calls, name: str, body: Mapping[str, Any]) -> TuningJob:
    """Return the existing job, or raise JobConflictError if its settings differ."""
    described = _describe_existing(calls, name)
    if paths := differences(body, described):
        raise errors.JobConflictError(name, differences=paths)
    return TuningJob(calls, name, described.hyper_parameter_tuning_job_arn)


def _describe_existing(calls: Calls, name: str) -> shapes.DescribeHyperParameterTuningJobResponse:
    """Describe a tuning job that exists or may exist. Repeat the call after `_PAUSES` while it is not found."""
    for pause in _PAUSES:
        try:
            return calls.describe(name, *_REQUIRED)
        except errors.ResourceNotFoundError:
            calls.clock.sleep(pause)
    return calls.describe(name, *_REQUIRED)


def _outcome_unknown(
    calls: Calls,
    name: str,
    body: Mapping[str, Any],
    create_error: errors.ServiceError | errors.TransportError,
    describe_error: errors.ServiceError | errors.TransportError,
) -> errors.OutcomeUnknownError:
    """Create the error for a tuning job that may have been created and that Describe did not return."""
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
        text, operation="CreateHyperParameterTuningJob", may_have_been_sent=True, attempts=create_error.attempts
    )
    if (options := calls.command_options()) is not None:
        error.command = shlex.join(["hptsdk", "describe", name, *options])
    return error


# --- the warm start ---


def warm_start_violations(
    request: CreateHyperParameterTuningJobRequest, describe: Callable[[str], DescribeHyperParameterTuningJobResponse]
) -> tuple[Violation, ...]:
    """Return the violations of a warm start; none without one. `describe` is called with the name of each parent."""
    return violations(type(request), _problems(request, describe))


def _problems(
    request: CreateHyperParameterTuningJobRequest, describe: Callable[[str], DescribeHyperParameterTuningJobResponse]
) -> Iterator[Problem]:
    """Yield the problems of each parent, and then those of all parents together."""
    if request.warm_start_config is None:
        return
    existing: list[DescribeHyperParameterTuningJobResponse] = []
    for index, parent in enumerate(request.warm_start_config.parent_hyper_parameter_tuning_jobs):
        path = ("WarmStartConfig", "ParentHyperParameterTuningJobs", index)
        name = parent.hyper_parameter_tuning_job_name or ""
        try:
            described = describe(name)
        except errors.ResourceNotFoundError:
            yield from _problems_of(parent_exists, path, name)
            continue
        existing.append(described)
        for rule in OF_EACH_PARENT:
            try:
                yield from list(_problems_of(rule, path, request, described))
            except UNDECIDED:  # a member that the rule needs is missing or has another type
                continue
    for rule in OF_ALL_PARENTS:
        yield from _problems_of(rule, ("WarmStartConfig",), request, existing)


def _problems_of(rule: Rule, path: tuple[str | int, ...], *arguments: object) -> Iterator[Problem]:
    """Yield the problems that a rule finds, with their paths in the request."""
    if problems := rule.function(*arguments):
        yield from (problem.within(*path) for problem in rule.complete(problems))
