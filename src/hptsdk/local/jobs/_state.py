"""The configuration of a service, and the state and the end of a training job."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import attrs

from hptsdk.local._files import last_lines, open_below, open_regular
from hptsdk.local.search import unchanging_cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hptsdk.enums import Sampler
    from hptsdk.local.jobs._store import Row
    from hptsdk.local.process import Storage, TrainingEnvironment
    from hptsdk.local.search import DefinitionSearch

TUNING_JOB, TRAINING_JOB = "hyper-parameter-tuning-job", "training-job"

ACCOUNT = "123456789012"
"""The ID of the AWS account in ARNs."""

# Seconds in which a program must end when the service closes.
_CLOSING_GRACE = 5.0


@attrs.frozen(kw_only=True)
class ServiceConfig:
    """The configuration of a service.

    The attributes are arguments of `LocalService`, except:

    Attributes:
        storage: the folders of buckets and file systems.
        region: the AWS region.
        root_id: the ID of the root, which the environment of its programs contains.
        working_folder: the folder in which the programs were passed, the beginning of their PYTHONPATH. Defaults to
            the current folder.
        environment: the environment variables of the service.
        program_environment: the variables with which programs call S3 and STS; set when the server is created.
    """

    root: Path
    storage: Storage
    region: str
    stop_grace: float
    root_id: str
    keep_folders: bool
    max_parallel: int
    sampler: Sampler
    working_folder: Path = attrs.field(factory=Path.cwd)
    environment: Mapping[str, str] = attrs.field(factory=os.environ.copy, init=False)
    program_environment: dict[str, str] = attrs.field(factory=dict[str, str], init=False)

    @property
    def jobs_folder(self) -> Path:
        """The folder with the folders of training jobs."""
        return self.root / "training-jobs"

    @property
    def closing_grace(self) -> float:
        """The seconds between SIGTERM and SIGKILL while the service closes."""
        return min(self.stop_grace, _CLOSING_GRACE)

    def arn(self, resource_type: str, name: str) -> str:
        """Return the ARN of a `TUNING_JOB` or `TRAINING_JOB`, in which SageMaker writes its name in lower case."""
        return f"arn:aws:sagemaker:{self.region}:{ACCOUNT}:{resource_type}/{name.lower()}"


def now() -> float:
    """Return the current time in seconds since 1970, rounded to milliseconds, as it is stored and returned."""
    return round(time.time(), 3)


class ServiceClosedError(Exception):
    """The service closes: a training job that runs continues when the root is opened again."""


class StoppedError(Exception):
    """A training job was stopped before its program started."""


@attrs.define
class Stopwatch:
    """The seconds for which a job has run, independent of changes of the system time.

    Attributes:
        before: the seconds that it ran until the latest stop.
    """

    before: float = 0.0
    _since: float | None = attrs.field(default=None, init=False)

    def start(self) -> None:
        """Start counting, if it does not count already."""
        if self._since is None:
            self._since = time.monotonic()

    def stop(self) -> None:
        """Stop counting until the next start."""
        self.before, self._since = self.seconds, None

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return self.before + (0.0 if self._since is None else time.monotonic() - self._since)


@attrs.define
class TrainingJob:
    """The state of a training job. Times are in seconds since 1970.

    Attributes:
        id: the ID of its row.
        number: its number in the tuning job, from 1.
        definition: the index of its definition.
        tuned: the values that the search chose, by hyperparameter.
        attempts: the number of attempts, including the current one.
        started: when its data was first downloaded since the service was opened; otherwise None.
        clock: the seconds for which it has run.
        transitions: its secondary status transitions.
        changed: when the latest transition began or ended; no later one has an earlier time.
        index: its index among the training jobs of its definition, from 0.
        stop_status: the SecondaryStatus of its end, such as MaxRuntimeExceeded, if it is being stopped; otherwise None.
        is_stopped_early: whether the search stops it early.
        finals: the last value of each metric and its time, by name.
        stored_values: the number of stored metric values.
        was_interrupted: whether it must start again, because an earlier service ended before it did.
    """

    id: int
    number: int
    name: str
    definition: int
    tuned: dict[str, str]
    attempts: int = 1
    started: float | None = None
    clock: Stopwatch = attrs.field(factory=Stopwatch)
    transitions: list[dict[str, object]] = attrs.field(factory=list[dict[str, object]])
    changed: float = 0.0
    index: int = 0
    stop_status: str | None = None
    is_stopped_early: bool = False
    finals: dict[str, tuple[float, float]] = attrs.field(factory=dict[str, tuple[float, float]])
    stored_values: int = 0
    was_interrupted: bool = False

    def enter(self, status: str, message: str) -> None:
        """Begin a secondary status."""
        self._leave()
        self.transitions.append({"Status": status, "StartTime": self.changed, "StatusMessage": message})

    def end(self, status: str, message: str) -> None:
        """Begin and end the last secondary status."""
        self.enter(status, message)
        self._leave()

    def _leave(self) -> None:
        # a system time that is set back does not make a status end before it began
        self.changed = max(self.changed, now())
        if self.transitions:
            self.transitions[-1].setdefault("EndTime", self.changed)


INTERNAL_FAILURE = (
    "The local service failed. The traceback is in its log: the standard error of `hptsdk local serve`, or the logger "
    "hptsdk.local of the Python program that opened it."
)
"""The failure reason for an unexpected error in the service."""

_MAX_REASON = 1024
"""The longest FailureReason that the API allows, in characters."""

_TAIL_BYTES, _TAIL_LINES = 600, 5

# A program that runs for fewer seconds than this has not begun to train.
_IMMEDIATELY = 10


@attrs.frozen
class Outcome:
    """The outcome of a training job.

    Attributes:
        status: the status of the training job.
        secondary: its secondary status.
        message: the message of its last transition.
        failure_reason: the FailureReason of the API; None if it did not fail.
        objective: the last value of its objective metric; None if it has none or failed.
    """

    status: str
    secondary: str
    message: str
    failure_reason: str | None = None
    objective: float | None = None

    @property
    def summary(self) -> str:
        """The outcome for the log: with the type of a failure, without its text, which a program may have written."""
        if self.failure_reason is not None:
            return f"{self.status} with {self.failure_reason.partition(':')[0]}"
        return self.status if self.objective is None else f"{self.status} with the objective {self.objective}"

    @property
    def is_retryable(self) -> bool:
        """Whether it failed with InternalServerError, which neither the program nor the request caused."""
        return (self.failure_reason or "").startswith("InternalServerError")

    def immediate_failure(self, job: TrainingJob, *, earlier: float) -> str | None:
        """Return why a program failed before it could continue an interrupted training job; otherwise None.

        Args:
            job: the training job.
            earlier: the seconds for which it ran before the interruption.
        """
        seconds = job.clock.seconds - job.clock.before
        return unchanging_cause(self.failure_reason or "") if seconds < max(earlier, _IMMEDIATELY) else None

    @classmethod
    def of(cls, job: TrainingJob, objective: float | None) -> Outcome:
        """Return the outcome of a training job whose program was stopped or has succeeded."""
        if job.stop_status is None:
            return cls("Completed", "Completed", "Training job completed", objective=objective)
        message = "Training job stopped"
        if job.is_stopped_early:
            message = "Training job stopped early"
        elif job.stop_status == "MaxRuntimeExceeded":
            message = "Training job runtime exceeded MaxRuntimeInSeconds"
        return cls("Stopped", job.stop_status, message, objective=objective)

    @classmethod
    def failed(cls, error_type: str, reason: str, *, tail: str = "") -> Outcome:
        """Return the outcome of a failure; the reason is cut to the length that the API allows.

        Args:
            error_type: the type of the error, such as AlgorithmError.
            reason: the reason.
            tail: the end of the reason, which is never cut. Defaults to none.
        """
        # file names may have bytes that are not text, which neither the store nor JSON can hold
        text = f"{error_type}: {reason}".replace("\0", "").encode(errors="backslashreplace").decode()
        text = text[: _MAX_REASON - len(tail)]
        return cls("Failed", "Failed", "Training job failed", failure_reason=text + tail)

    @classmethod
    def of_failed_program(cls, code: int, environment: TrainingEnvironment, log: BinaryIO) -> Outcome:
        """Return the outcome of a program that failed.

        It has the content of `output/failure`, or the end of the log if that cannot be read, or an error of the engine.

        Args:
            code: the exit code of its process.
            environment: has its base folder.
            log: its output.
        """
        try:
            with open_below(environment.base, "output/failure") as content:
                reason = content.read(4 * _MAX_REASON).decode(errors="replace")[:_MAX_REASON]
        except OSError:
            reason = _tail(log)
        error_type, text, tail = environment.failure(code, reason)
        return cls.failed(error_type, text, tail=tail)


def _tail(log: BinaryIO) -> str:
    size = os.fstat(log.fileno()).st_size
    return last_lines(os.pread(log.fileno(), _TAIL_BYTES, max(0, size - _TAIL_BYTES)), _TAIL_LINES)


def failure_reason(reason: str, jobs: Iterable[Row], definitions: Sequence[DefinitionSearch], folder: Path) -> str:
    """Return the failure reason of a tuning job.

    If a training job has completed, it also has the regex of the objective metric and the end of the log.

    Args:
        reason: that of SageMaker.
        jobs: the rows of its training jobs.
        definitions: the searches over its definitions.
        folder: has the folders of training jobs.
    """
    completed = [job for job in jobs if job["status"] == "Completed"]
    if not completed:
        return reason[:_MAX_REASON]
    search, log = definitions[int(completed[-1]["definition"])], folder / completed[-1]["name"] / "log.txt"
    name = search.objective.metric_name
    patterns = [metric.pattern.pattern for metric in search.metrics if metric.name == name]
    try:
        with open_regular(log) as file:
            lines = _tail(file)
    except OSError:
        lines = ""
    end = f"ends with:\n{lines}" if lines else "is empty."
    text = f"{reason} The Regex of {name} is {', '.join(patterns)}. The output of a training job, in {log}, {end}"
    return text.replace("\0", "")[:_MAX_REASON]
