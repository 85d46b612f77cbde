"""The exceptions of hptsdk. Invalid arguments can also raise TypeError or ValueError.

::

    HptsdkError
    ├── InvalidShapeError(ValueError)
    ├── ServiceError
    │   ├── ResourceInUseError
    │   ├── ResourceLimitExceededError
    │   ├── ResourceNotFoundError
    │   ├── ValidationRefusedError
    │   ├── ThrottledError
    │   ├── AccessDeniedError
    │   ├── CredentialsRejectedError
    │   └── ServiceUnavailableError
    ├── TransportError
    │   ├── NotSentError
    │   ├── OutcomeUnknownError
    │   └── UnexpectedResponseError
    ├── TuningJobFailed
    ├── WaitTimeout(TimeoutError)
    └── JobConflictError

All of them can be pickled. None of them shows a value of `Environment` or `StaticHyperParameters`, or a credential.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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

# The maximum number of violations in a message. The attribute has all of them.
_LISTED = 50


def escaped(text: str) -> str:
    """Return a string with an escape for each character that cannot be printed, except line feeds and tabs.

    Text from a service, a file or a program then cannot control a terminal.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


@attrs.frozen(kw_only=True)
class Violation:
    """One invalid part of a shape or document.

    Attributes:
        shape: the name of the class at which `path` starts, as in ``CreateHyperParameterTuningJobRequest``.
        path: the path in the names of AWS, as in ``TrainingJobDefinitions[3].InputDataConfig[0].ChannelName``; empty
            for the whole shape or document.
        rule: the id of the violated constraint or rule.
        expected: a description of valid values.
        got: the value, shortened; only its type and length if it may be a secret.
        hint: how to correct the value. Defaults to empty.
        source: what documents the constraint or rule, as in `hptsdk.schema.RuleInfo`; "RFC 8259" for JSON.
        argument: the argument of a builder that set the value, as in ``training(role_arn=…)``. Defaults to empty.
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
        """One line: ``Shape.Member: expected WHAT, got VALUE; HINT [rule]``, preceded by the argument if it is set."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        hint = f"; {self.hint}" if self.hint else ""
        argument = f"{self.argument}: " if self.argument else ""
        place = f"{argument}{self.shape}{joint}{self.path}"
        return escaped(f"{place}: expected {self.expected}, got {self.got}{hint} [{self.rule}]")


def _restore(cls: type[HptsdkError], args: tuple[object, ...]) -> HptsdkError:
    error = cls.__new__(cls)
    error.args = args
    return error


class HptsdkError(Exception):
    """The base class of the exceptions in this module."""

    def __str__(self) -> str:
        """Return the message, with characters that control a terminal written as escapes."""
        return escaped(super().__str__())

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the attributes as well as the message."""
        return _restore, (type(self), self.args), self.__dict__.copy()


class InvalidShapeError(HptsdkError, ValueError):
    """A shape or document violates constraints or rules.

    Attributes:
        violations: all violations. The message has the first 50.

    Example:
        >>> import hptsdk
        >>> hptsdk.shapes.Tag(key="", value="")
        Traceback (most recent call last):
        hptsdk.errors.InvalidShapeError: Tag.Key: expected text of 1 to 128 characters, got '' [length]
    """

    violations: tuple[Violation, ...]

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        lines = [v.message for v in self.violations[:_LISTED]]
        if (more := len(self.violations) - _LISTED) > 0:
            lines.append(f"… and {more} more")
        super().__init__(lines[0] if len(lines) == 1 else f"{len(self.violations)} violations\n  " + "\n  ".join(lines))


class ServiceError(HptsdkError):
    """The service returned an error. `__cause__` is the error of botocore, if it raised one.

    Attributes:
        code: the error code of the service, as in ``ResourceLimitExceeded``. Defaults to ``Unknown``.
        message: the message of the service. Defaults to empty text.
        operation: the operation, as in ``CreateHyperParameterTuningJob``. Defaults to empty text.
        request_id: the id of the request, for AWS support, or None.
        status_code: the status code of the HTTP response, or None.
        is_retry_safe: whether the call can be repeated without having an effect twice. Defaults to False; to
            True for `ThrottledError`.
        attempts: the number of attempts. Defaults to 1.
        counted_unanswered: the argument `unanswered`, the number of attempts that may have had an effect; None if it is
            not set. Use the property `unanswered`.
    """

    _RETRY_SAFE = False

    def __init__(
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
        super().__init__(f"{place}{message or 'the service returned no message'} [{code}]")
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
        """The number of attempts that may have had an effect. Defaults to all but the last, which had this response."""
        return self.attempts - 1 if self.counted_unanswered is None else self.counted_unanswered


class ResourceInUseError(ServiceError):
    """A tuning job with this name already exists. Names are not case-sensitive."""


class ResourceLimitExceededError(ServiceError):
    """A quota of the account is exceeded."""


class ResourceNotFoundError(ServiceError):
    """The resource that the call names does not exist, such as a tuning job or a log group."""


class ValidationRefusedError(ServiceError):
    """The service found something invalid that hptsdk cannot check, such as a role or the status of the tuning job."""


class ThrottledError(ServiceError):
    """The service rejected the call because it received too many calls."""

    _RETRY_SAFE = True


class AccessDeniedError(ServiceError):
    """The credentials are valid but do not allow the call."""


class CredentialsRejectedError(ServiceError):
    """The service rejected the credentials, for example because they have expired, or the signature."""


class ServiceUnavailableError(ServiceError):
    """The service failed, as with HTTP status 500."""

    @property
    def unanswered(self) -> int:
        """The number of attempts that may have had an effect. Defaults to all: the last one may have had one, too."""
        return self.attempts if self.counted_unanswered is None else self.counted_unanswered


class TransportError(HptsdkError):
    """No valid response was received. `__cause__` is the error of botocore, if it raised one.

    Attributes:
        operation: the operation, as in ``CreateHyperParameterTuningJob``. Defaults to empty text.
        may_have_been_sent: whether the call may have had an effect. Defaults to True; to False for
            `NotSentError`.
        attempts: the number of attempts. Defaults to 1 for `OutcomeUnknownError` and `UnexpectedResponseError`, else 0.
    """

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
    """Nothing was sent, for example without credentials, region or connection. The call had no effect."""

    _MAY_HAVE_BEEN_SENT = False


class OutcomeUnknownError(TransportError):
    """At least one attempt was sent and had no clear response of the service, so the call may have had an effect.

    A response of a proxy is not one of the service. If a later attempt had an error response, its error is `__cause__`.

    Attributes:
        command: the command of `hptsdk` that describes the tuning job; None if there is none.
    """

    command: str | None = None
    _ATTEMPTS = 1


class UnexpectedResponseError(TransportError):
    """The response is about another tuning job, or lacks a required member."""

    _ATTEMPTS = 1


class TuningJobFailed(HptsdkError):  # noqa: N818 - the public name describes the outcome of the job
    """A tuning job ended as ``Failed`` or ``DeleteFailed``; raised by `TuningJob.wait`.

    Attributes:
        job_name: the name of the tuning job.
        status: ``Failed`` or ``DeleteFailed``.
        failure_reason: the failure reason of the service; None if it is missing.
        response: the last Describe response, without the values of `Environment` and `StaticHyperParameters`.
        failed_training_jobs: the first five training jobs that failed; empty if none is known.
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
        lines = [f"tuning job {job_name} ended as {self.status}: {self.failure_reason or 'no failure reason'}"]
        names: dict[str, list[str]] = {}
        for job in self.failed_training_jobs:
            names.setdefault(job.failure_reason or "no failure reason", []).append(f"{job.training_job_name}")
        lines += [f"{', '.join(named)}: {reason}" for reason, named in names.items()]
        super().__init__("\n  ".join(lines))


class WaitTimeout(HptsdkError, TimeoutError):  # noqa: N818 - a public name, and a subclass of TimeoutError
    """A tuning job did not end within the time limit of a wait. The tuning job continues.

    Attributes:
        job_name: the name of the tuning job.
        timeout: the time limit in seconds.
        response: the last Describe response, without the values of `Environment` and `StaticHyperParameters`, or None.
    """

    def __init__(
        self, job_name: str, *, timeout: float, response: DescribeHyperParameterTuningJobResponse | None = None
    ) -> None:
        status = response.hyper_parameter_tuning_job_status if response else "unknown"
        super().__init__(f"tuning job {job_name} did not end within {timeout:g} seconds; its status is {status}")
        self.job_name = job_name
        self.timeout = timeout
        self.response = response


class JobConflictError(HptsdkError):
    """A tuning job with this name and other settings exists.

    Attributes:
        job_name: the name of the tuning job.
        differences: the paths that differ, in the names of AWS; without values, which may be secrets.
    """

    def __init__(self, job_name: str, *, differences: Sequence[str]) -> None:
        paths = ", ".join(differences)
        super().__init__(f"a tuning job named {job_name} exists with other settings at {paths}; use another name")
        self.job_name = job_name
        self.differences = tuple(differences)
