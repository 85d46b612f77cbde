"""The configuration of a service, the objects that its tuning jobs share, and the state of a training job."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from hptsdk.local._programs import Program
from hptsdk.local.process import lost_isolation
from hptsdk.transport import MissingProgram

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from hptsdk.local._program_map import Programs
    from hptsdk.local._programs import AnyProgram
    from hptsdk.local.jobs._engine import Slots
    from hptsdk.local.jobs._store import Store
    from hptsdk.local.process import Storage
    from hptsdk.local.search import Sampler
    from hptsdk.shapes import HyperParameterTrainingJobDefinition

__all__ = [
    "ACCOUNT",
    "TRAINING_JOB",
    "TUNING_JOB",
    "JobPrograms",
    "ServiceClosedError",
    "ServiceConfig",
    "ServiceContext",
    "StoppedError",
    "Stopwatch",
    "TrainingJob",
    "now",
]

# The resource types in ARNs.
TUNING_JOB, TRAINING_JOB = "hyper-parameter-tuning-job", "training-job"

ACCOUNT = "123456789012"
"""The ID of the AWS account in ARNs."""

# Seconds in which a program must end when the service closes.
_CLOSING_GRACE = 5.0


@attrs.frozen(kw_only=True)
class ServiceConfig:
    """The configuration of a service.

    Attributes:
        root: the folder of the service.
        storage: the folders of buckets and file systems.
        region: the AWS region.
        stop_grace: the seconds between SIGTERM and SIGKILL when a program is stopped.
        mark: the mark of the root, which the environment of its programs has.
        keep_folders: whether to keep the folders of training jobs that have ended.
        max_parallel: the maximum number of training jobs that run at a time.
        sampler: the sampler of Bayesian searches.
        working_folder: the folder on the path of Python; that in which the programs were passed. Defaults to the
            current one.
        environment: the environment variables of the service.
        program_environment: the variables with which programs call S3 and STS; set when the server is created.
    """

    root: Path
    storage: Storage
    region: str
    stop_grace: float
    mark: str
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
        """Return the ARN of a job; SageMaker writes names in ARNs in lower case.

        Args:
            resource_type: `TUNING_JOB` or `TRAINING_JOB`.
            name: the name of the job.
        """
        return f"arn:aws:sagemaker:{self.region}:{ACCOUNT}:{resource_type}/{name.lower()}"


@attrs.frozen
class ServiceContext:
    """The objects that the tuning jobs of a service share.

    Attributes:
        config: the configuration of the service.
        store: the stored jobs.
        programs: the programs of images and algorithms.
        slots: the slots for training jobs.
        closing: set when the service closes.
    """

    config: ServiceConfig
    store: Store
    programs: Programs
    slots: Slots
    closing: threading.Event


class JobPrograms:
    """The programs of one tuning job. A program that cannot continue it is treated as missing.

    Args:
        programs: the programs of the service.
        tuning_job: the name of the tuning job.
        definitions: its definitions.
        is_isolated: whether its programs are isolated, as they were when it was created.
    """

    def __init__(
        self,
        programs: Programs,
        tuning_job: str,
        definitions: Sequence[HyperParameterTrainingJobDefinition],
        *,
        is_isolated: bool,
    ) -> None:
        self._programs = programs
        self._tuning_job = tuning_job
        self._definitions = definitions
        self._is_isolated = is_isolated
        self._rejected: list[tuple[AnyProgram, str]] = []

    def of(self, definition: HyperParameterTrainingJobDefinition) -> AnyProgram | None:
        """Return the program of a definition; None if it is missing."""
        return self._programs.of(definition.algorithm_specification)

    def missing(self) -> list[MissingProgram]:
        """Return the programs that are missing or cannot continue the tuning job."""
        missing: list[MissingProgram] = []
        for definition in self._definitions:
            algorithm, program = definition.algorithm_specification, self.of(definition)
            reason = "" if program is None else self._problem(program, definition)
            if program is None or reason:
                names = algorithm.training_image, algorithm.algorithm_name
                missing.append(MissingProgram(*names, (self._tuning_job,), reason))
        return missing

    def _problem(self, program: AnyProgram, definition: HyperParameterTrainingJobDefinition) -> str:
        """Return why a program cannot continue the tuning job; empty text if it can."""
        reasons = [reason for rejected, reason in self._rejected if rejected is program]
        if not reasons and self._is_isolated and isinstance(program, Program):
            reasons.append(lost_isolation(program, definition))
        return next(iter(reasons), "")

    def reject(self, program: AnyProgram, reason: str) -> None:
        """Treat a program as missing until another is added in its place.

        Args:
            program: the program.
            reason: why it cannot continue the tuning job.
        """
        self._rejected.append((program, reason))


def now() -> float:
    """Return the time as it is stored and returned: in seconds since the epoch, to the millisecond."""
    return round(time.time(), 3)


class ServiceClosedError(Exception):
    """The service closes: a training job that runs continues when the root is opened again."""


class StoppedError(Exception):
    """A training job was stopped before its program started."""


@attrs.define
class Stopwatch:
    """The seconds for which a job has run, independent of changes of the system time.

    Attributes:
        before: the seconds that it ran before the latest start.
    """

    before: float = 0.0
    _since: float | None = attrs.field(default=None, init=False)

    def start(self) -> None:
        """Start to count, unless it counts already."""
        if self._since is None:
            self._since = time.monotonic()

    def stop(self) -> None:
        """Stop to count, until the next start."""
        self.before, self._since = self.seconds, None

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return self.before + (0.0 if self._since is None else time.monotonic() - self._since)


@attrs.define
class TrainingJob:
    """The state of a training job.

    Attributes:
        id: the ID of its row.
        number: its number in the tuning job, from 1.
        name: its name.
        definition: the index of its definition.
        tuned: the values that the search chose.
        attempts: the number of attempts, with the current one.
        started: the time at which training started, since the service was opened.
        clock: the seconds for which it trained, in all attempts.
        transitions: its secondary status transitions.
        changed: the time of the latest transition; no later transition has an earlier time.
        index: its index among the training jobs of its definition, from 0.
        stop_status: the secondary status with which it is to be stopped; None if it is not to be stopped.
        is_stopped_early: whether the search stops it early.
        finals: the last value of each metric, and its time.
        stored_values: the number of stored metric values.
        was_interrupted: whether an earlier service ended before it did, so that its logs are to be read again.
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
