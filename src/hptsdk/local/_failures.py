"""The outcome of a training job that failed, with the reason that the API shows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hptsdk.local._state import Outcome

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FAULT", "failed", "failure_of"]

FAULT = (
    "The local service failed. The traceback is in its log: the standard error of `hptsdk local serve`, or the logger "
    "hptsdk.local of the Python program that opened it."
)
"""The message of what fails by a fault of the service."""

# The longest FailureReason that the API allows, in characters.
_LONGEST_REASON = 1024

# How many bytes and lines of the end of a log are read.
_TAIL, _LINES = 600, 5

# A program that a signal ended has this plus the signal's number as its exit code, as in a shell.
_SIGNALLED = 128


def failed(kind: str, reason: str, *, tail: str = "") -> Outcome:
    """Create the outcome of a failure; the reason is cut to what the API allows."""
    head = f"{kind}: {reason}"[: _LONGEST_REASON - len(tail)]
    return Outcome("Failed", "Failed", "Training job failed", failure_reason=head + tail)


def failure_of(code: int, file: Path, log: Path, feeding: Exception | None) -> Outcome:
    """Create the outcome of a program that failed.

    Args:
        code: its exit status, negative for a signal.
        file: where it may have written the reason; without that, the end of its log is the reason.
        log: its log.
        feeding: what went wrong as its channels were fed.
    """
    tail = f", exit code: {code if code > 0 else _SIGNALLED - code}"
    if feeding is not None:
        return failed("ClientError", f"the data could not be fed: {feeding}", tail=tail)
    if file.is_file() and not file.is_symlink():
        with file.open("rb") as content:
            reason = content.read(4 * _LONGEST_REASON).decode(errors="replace")[:_LONGEST_REASON]
    else:
        reason = _end_of(log)
    return failed("AlgorithmError", reason.replace("\0", ""), tail=tail)


def _end_of(log: Path) -> str:
    with log.open("rb") as content:
        content.seek(max(0, os.fstat(content.fileno()).st_size - _TAIL))
        lines = content.read().decode(errors="replace").strip().splitlines()
    return "\n".join(lines[-_LINES:])
