"""Everything that hptsdk raises.

::

    HptsdkError
    ├── InvalidShapeError(ValueError)     a shape or document that the service would refuse
    ├── ServiceError                      the service answered, and refused
    │   ├── ResourceInUseError            a job of this name exists
    │   ├── ResourceLimitExceededError    a quota of the account
    │   ├── ResourceNotFoundError         no such job
    │   ├── ValidationRefusedError        what only the service could know
    │   ├── ThrottledError                too many calls
    │   ├── AccessDeniedError             the caller may not
    │   ├── CredentialsRejectedError      the caller is not who it says
    │   └── ServiceUnavailableError       the service's own fault
    ├── TransportError                    no answer to the call
    │   ├── NotSentError                  no attempt got past connecting
    │   ├── OutcomeUnknownError           an attempt was sent, and it is not known whether the service acted
    │   └── UnexpectedResponseError       the response is about another job, or lacks what it must have
    ├── TuningJobFailed                   a job that was waited for failed
    ├── WaitTimeout(TimeoutError)         a job did not end in time
    └── JobConflictError                  a job of this name exists with other settings

All of them pickle. None of them shows a value of an Environment or StaticHyperParameters entry, nor a credential.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hptsdk.shapes import DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobSummary

__all__ = [
    "AccessDeniedError",
    "CredentialsRejectedError",
    "HptsdkError",
    "InvalidShapeError",
    "JobConflictError",
    "NotSentError",
    "OutcomeUnknownError",
    "ResourceInUseError",
    "ResourceLimitExceededError",
    "ResourceNotFoundError",
    "ServiceError",
    "ServiceUnavailableError",
    "ThrottledError",
    "TransportError",
    "TuningJobFailed",
    "UnexpectedResponseError",
    "ValidationRefusedError",
    "Violation",
    "WaitTimeout",
]

# A message lists this many violations; the rest are counted, and all are in the attribute.
_LISTED = 50


def escaped(text: str) -> str:
    """Return a text with an escape for each character that cannot be printed, except ends of lines and tabs.

    No text that a service, a file or a program sent can then move the cursor of a terminal, or color it.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


@attrs.frozen(kw_only=True)
class Violation:
    """One thing that is wrong with a shape or document.

    Attributes:
        shape: the class that was being built.
        path: where in it, in the wire's terms: ``TrainingJobDefinitions[3].InputDataConfig[0].ChannelName``; empty
            for the whole.
        rule: the id of the constraint or rule that is broken.
        expected: what would be right.
        got: what is there, shortened; of a value that may be a secret only the length.
        hint: how to mend it, or empty.
        source: the page that says so.
        argument: the builder's call and argument that the value came from, as ``training(role_arn=…)``, or empty.
    """

    shape: str
    path: str
    rule: str
    expected: str
    got: str
    hint: str = ""
    source: str
    argument: str = ""

    @property
    def message(self) -> str:
        """All of it in one line, as ``Shape.member: expected WHAT, got VALUE [rule]``, after the argument, if any."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        hint = f"; {self.hint}" if self.hint else ""
        argument = f"{self.argument}: " if self.argument else ""
        where = f"{argument}{self.shape}{joint}{self.path}"
        return escaped(f"{where}: expected {self.expected}, got {self.got}{hint} [{self.rule}]")


_ErrorT = TypeVar("_ErrorT", bound="HptsdkError")


def _restore(cls: type[_ErrorT], args: tuple[object, ...], state: dict[str, object]) -> _ErrorT:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class HptsdkError(Exception):
    """The root of all that hptsdk raises."""

    def __str__(self) -> str:
        """Return the message, with characters that control a terminal written as escapes."""
        return escaped(super().__str__())

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the parts as well as the text, whatever arguments the class takes."""
        return _restore, (type(self), self.args, self.__dict__.copy())


class InvalidShapeError(HptsdkError, ValueError):
    """A shape, or a document on its way to one, that breaks constraints or rules.

    Attributes:
        violations: everything that is wrong, in the order of the members.
    """

    violations: tuple[Violation, ...]

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        lines = [v.message for v in self.violations[:_LISTED]]
        if (more := len(self.violations) - _LISTED) > 0:
            lines.append(f"… and {more} more")
        super().__init__(lines[0] if len(lines) == 1 else f"{len(self.violations)} violations\n  " + "\n  ".join(lines))


class ServiceError(HptsdkError):
    """The service answered with an error; `__cause__` is botocore's own.

    Attributes:
        code: the service's error code, as in ``ResourceLimitExceeded``.
        message: the service's text.
        operation: the call, as in ``CreateHyperParameterTuningJob``.
        request_id: what AWS support asks for, or None.
        status_code: of the HTTP response, or None.
        is_retry_safe: whether the same call can be made again without doing anything twice.
        attempts: how often the call was sent.
        counted_unanswered: how many of the attempts may have been acted on, since no answer came or one of a failing
            service; None where nobody counted.
    """

    attempts = 1
    counted_unanswered: int | None = None
    # what a class of its own says where the maker does not
    _RETRY_SAFE = False

    def __init__(  # noqa: PLR0913 - these are its parts, by name
        self,
        message: str = "",
        *,
        code: str = "Unknown",
        operation: str = "",
        request_id: str | None = None,
        status_code: int | None = None,
        is_retry_safe: bool | None = None,
        attempts: int = 1,
        unanswered: int | None = None,
    ) -> None:
        place = f"{operation}: " if operation else ""
        super().__init__(f"{place}{message or 'the service gave no reason'} [{code}]")
        self.message = message
        self.code = code
        self.operation = operation
        self.request_id = request_id
        self.status_code = status_code
        self.is_retry_safe = self._RETRY_SAFE if is_retry_safe is None else is_retry_safe
        self.attempts = attempts
        self.counted_unanswered = unanswered

    @property
    def unanswered(self) -> int:
        """How many attempts may have been acted on, as counted, or else all but the last."""
        return self.attempts - 1 if self.counted_unanswered is None else self.counted_unanswered


class ResourceInUseError(ServiceError):
    """A job of this name exists already; names are not case sensitive."""


class ResourceLimitExceededError(ServiceError):
    """A quota of the account stands in the way."""


class ResourceNotFoundError(ServiceError):
    """There is no job of this name."""


class ValidationRefusedError(ServiceError):
    """The service refused the request for something that only it could know."""


class ThrottledError(ServiceError):
    """Too many calls; the retries are used up."""

    _RETRY_SAFE = True


class AccessDeniedError(ServiceError):
    """The caller's identity is known, and may not do this."""


class CredentialsRejectedError(ServiceError):
    """The service does not accept the caller's credentials or signature."""


class ServiceUnavailableError(ServiceError):
    """The service failed for a reason of its own; the retries are used up."""

    @property
    def unanswered(self) -> int:
        """How many attempts may have been acted on, as counted, or else all: the service can fail after it acted."""
        return self.attempts if self.counted_unanswered is None else self.counted_unanswered


class TransportError(HptsdkError):
    """No answer to the call came; `__cause__` is botocore's own error.

    Attributes:
        operation: the call.
        may_have_been_sent: whether the service may have acted.
        attempts: how often the call was tried.
    """

    # what a class of its own says where the maker does not
    _MAY_HAVE_BEEN_SENT = True
    _ATTEMPTS = 0

    def __init__(
        self,
        message: str = "",
        *,
        operation: str = "",
        may_have_been_sent: bool | None = None,
        attempts: int | None = None,
    ) -> None:
        super().__init__(f"{operation}: {message}" if operation else message)
        self.operation = operation
        self.may_have_been_sent = self._MAY_HAVE_BEEN_SENT if may_have_been_sent is None else may_have_been_sent
        self.attempts = self._ATTEMPTS if attempts is None else attempts


class NotSentError(TransportError):
    """No attempt got past connecting, so the service knows nothing of the call."""

    _MAY_HAVE_BEEN_SENT = False


class OutcomeUnknownError(TransportError):
    """At least one attempt was sent without an answer of the service, so the service may have acted.

    The answer of a proxy or of another service is no answer of the service. A refusal of a later attempt, which is then
    `__cause__`, does not tell what the service did before.

    Attributes:
        command: the command that describes the tuning job; None if there is none.
    """

    command: str | None = None
    _ATTEMPTS = 1


class UnexpectedResponseError(TransportError):
    """The response is about another tuning job than the call, or lacks what every response has."""

    _ATTEMPTS = 1


class TuningJobFailed(HptsdkError):  # noqa: N818 - it names what happened to the job, not an error of the caller
    """The tuning job that was waited for failed.

    Attributes:
        job_name: its name.
        status: its last status.
        failure_reason: the service's text, or None.
        response: the last Describe response; the values of Environment and StaticHyperParameters are hidden.
        failed_training_jobs: the first few training jobs that failed, with their reasons; the message tells equal
            reasons once.
    """

    def __init__(
        self,
        job_name: str,
        *,
        response: DescribeHyperParameterTuningJobResponse,
        failed_training_jobs: Sequence[HyperParameterTrainingJobSummary] = (),
    ) -> None:
        self.job_name = job_name
        self.status: str = response.hyper_parameter_tuning_job_status
        self.failure_reason = response.failure_reason
        self.response = response
        self.failed_training_jobs = tuple(failed_training_jobs)
        lines = [f"tuning job {job_name} ended as {self.status}: {self.failure_reason or 'no reason given'}"]
        names: dict[str, list[str]] = {}
        for job in self.failed_training_jobs:
            names.setdefault(job.failure_reason or "no reason given", []).append(f"{job.training_job_name}")
        lines += [f"{', '.join(named)}: {reason}" for reason, named in names.items()]
        super().__init__("\n  ".join(lines))


class WaitTimeout(HptsdkError, TimeoutError):  # noqa: N818 - as the built-in TimeoutError's subclass it needs no suffix
    """A tuning job did not end in the time that it was waited for; the job goes on.

    Attributes:
        job_name: its name.
        timeout: seconds that were waited.
        response: the last Describe response, or None; the values of Environment and StaticHyperParameters are hidden.
    """

    def __init__(
        self, job_name: str, *, timeout: float, response: DescribeHyperParameterTuningJobResponse | None = None
    ) -> None:
        status = response.hyper_parameter_tuning_job_status if response else "not known"
        super().__init__(f"tuning job {job_name} did not end within {timeout:g} seconds; its status is {status}")
        self.job_name = job_name
        self.timeout = timeout
        self.response = response


class JobConflictError(HptsdkError):
    """A tuning job of this name exists with other settings.

    Attributes:
        job_name: its name.
        differences: the paths that differ, in the wire's terms; no values, since they may be secrets.
    """

    def __init__(self, job_name: str, *, differences: Sequence[str]) -> None:
        super().__init__(
            f"a tuning job named {job_name} exists with other settings; they differ at {', '.join(differences)}"
        )
        self.job_name = job_name
        self.differences = tuple(differences)
