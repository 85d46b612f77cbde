"""The outcome of a training job that failed, with the reason that the API shows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from hptsdk.local._trees import open_below
from hptsdk.local.jobs._state import Outcome

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
    # names of files may have bytes that are no text, which neither the state file nor JSON can hold
    text = f"{kind}: {reason}".replace("\0", "").encode(errors="backslashreplace").decode()
    head = text[: _LONGEST_REASON - len(tail)]
    return Outcome("Failed", "Failed", "Training job failed", failure_reason=head + tail)


def failure_of(code: int, base: Path, log: BinaryIO) -> Outcome:
    """Create the outcome of a program that failed.

    Args:
        code: its exit status, negative for a signal.
        base: its folder; it may have written the reason to `output/failure`, or the end of its log is the reason.
        log: its log.
    """
    tail = f", exit code: {code if code > 0 else _SIGNALLED - code}"
    try:
        with open_below(base, "output/failure") as content:
            reason = content.read(4 * _LONGEST_REASON).decode(errors="replace")[:_LONGEST_REASON]
    except OSError:
        reason = _end_of(log)
    return failed("AlgorithmError", reason, tail=tail)


def _end_of(log: BinaryIO) -> str:
    size = os.fstat(log.fileno()).st_size
    lines = os.pread(log.fileno(), _TAIL, max(0, size - _TAIL)).decode(errors="replace").strip().splitlines()
    return "\n".join(lines[-_LINES:])
