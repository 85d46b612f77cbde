"""The end of a training job: its outcome, its failure reason, and the upload of its model and output."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

import attrs

from hptsdk.local._files import is_empty, open_below, open_regular
from hptsdk.local.process import copy_tree, pack, within
from hptsdk.local.search import unchanging_cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hptsdk.local.jobs._state import TrainingJob
    from hptsdk.local.jobs._store import Row
    from hptsdk.local.process import TrainingEnvironment
    from hptsdk.local.search import DefinitionSearch
    from hptsdk.shapes import OutputDataConfig

__all__ = [
    "INTERNAL_FAILURE",
    "MAX_REASON",
    "Outcome",
    "failed",
    "failure_reason",
    "immediate_failure",
    "outcome_of",
    "program_failed",
    "upload",
]

INTERNAL_FAILURE = (
    "The local service failed. The traceback is in its log: the standard error of `hptsdk local serve`, or the logger "
    "hptsdk.local of the Python program that opened it."
)
"""The failure reason for an unexpected error in the service."""

MAX_REASON = 1024
"""The longest FailureReason that the API allows, in characters."""

# The number of bytes and of lines at the end of a log that are used as a failure reason.
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
        objective: the last value of its objective metric; None if it has none.
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
        """Whether neither the program nor the request caused the failure."""
        return (self.failure_reason or "").startswith("InternalServerError")


def outcome_of(job: TrainingJob, objective: float | None) -> Outcome:
    """Return the outcome of a training job whose program was stopped or has succeeded."""
    if job.stop_status is None:
        return Outcome("Completed", "Completed", "Training job completed", objective=objective)
    message = "Training job stopped"
    if job.is_stopped_early:
        message = "Training job stopped early"
    elif job.stop_status == "MaxRuntimeExceeded":
        message = "Training job runtime exceeded MaxRuntimeInSeconds"
    return Outcome("Stopped", job.stop_status, message, objective=objective)


def failed(error_type: str, reason: str, *, tail: str = "") -> Outcome:
    """Return the outcome of a failure; the reason is cut to the length that the API allows.

    Args:
        error_type: the type of the error, such as AlgorithmError.
        reason: the reason.
        tail: the end of the reason, which is never cut. Defaults to none.
    """
    # file names may have bytes that are not text, which neither the store nor JSON can hold
    text = f"{error_type}: {reason}".replace("\0", "").encode(errors="backslashreplace").decode()
    text = text[: MAX_REASON - len(tail)]
    return Outcome("Failed", "Failed", "Training job failed", failure_reason=text + tail)


def program_failed(code: int, environment: TrainingEnvironment, log: BinaryIO) -> Outcome:
    """Return the outcome of a program that failed.

    The reason is the content of `output/failure` in its base folder, or the end of the log if that is missing.

    Args:
        code: its exit code, negative for a signal.
        environment: its environment.
        log: its log.
    """
    try:
        with open_below(environment.base, "output/failure") as content:
            reason = content.read(4 * MAX_REASON).decode(errors="replace")[:MAX_REASON]
    except OSError:
        reason = _last_lines(log)
    error_type, text, tail = environment.failure(code, reason)
    return failed(error_type, text, tail=tail)


def immediate_failure(job: TrainingJob, outcome: Outcome, *, earlier: float) -> str | None:
    """Return why a program failed before it could continue an interrupted training job; None if it did not.

    Args:
        job: the training job.
        outcome: its outcome.
        earlier: the seconds for which it ran before the interruption.
    """
    seconds = job.clock.seconds - job.clock.before
    return unchanging_cause(outcome.failure_reason or "") if seconds < max(earlier, _IMMEDIATELY) else None


def _last_lines(log: BinaryIO) -> str:
    size = os.fstat(log.fileno()).st_size
    end = os.pread(log.fileno(), _TAIL_BYTES, max(0, size - _TAIL_BYTES)).decode(errors="replace")
    return "\n".join(end.strip().splitlines()[-_TAIL_LINES:])


def failure_reason(reason: str, jobs: Iterable[Row], definitions: Sequence[DefinitionSearch], folder: Path) -> str:
    """Return the failure reason of a tuning job: without an objective, with the regex, and output it does not match.

    Args:
        reason: the failure reason of SageMaker.
        jobs: its training jobs.
        definitions: the searches over its definitions.
        folder: the folder with the folders of training jobs.
    """
    completed = [job for job in jobs if job["status"] == "Completed"]
    if not completed:
        return reason[:MAX_REASON]
    search, log = definitions[int(completed[-1]["definition"])], folder / completed[-1]["name"] / "log.txt"
    name = search.objective.metric_name
    patterns = [metric.pattern.pattern for metric in search.metrics if metric.name == name]
    try:
        with open_regular(log) as file:
            lines = _last_lines(file)
    except OSError:
        # the program may have removed or replaced it
        lines = ""
    end = f"ends with:\n{lines}" if lines else "is empty."
    output = f"The output of the last training job, in {log}, {end}"
    text = f"{reason} The Regex of {name} is {', '.join(patterns)}. {output}"
    return text.replace("\0", "")[:MAX_REASON]


def upload(base: Path, output: OutputDataConfig, target: Path) -> None:
    """Upload the model and the output of a program.

    Raises:
        OSError: a file cannot be read or written.
        UnsafePathError: a link points outside the base folder, or outside the target.
        ValueError: folders are nested too deeply.
    """
    for part in target.rglob(".*.part"):
        # an upload that a crash ended left it
        part.unlink(missing_ok=True)
    for name, folder in (("model", "model"), ("output", "output/data")):
        source = within(base, folder)
        if name == "output" and is_empty(source):
            continue
        if output.compression_type == "NONE":
            copy_tree(source, target / name)
        else:
            pack(source, target / f"{name}.tar.gz")
