"""Run a function in a fork of this process, because a mutant may loop, crash or change any global state."""

from __future__ import annotations

import math
import os
import pickle
import resource
import select
import signal
import time
import traceback
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# The limit of the memory in bytes, because a mutant can allocate memory without end.
MEMORY_LIMIT = 3 * 2**30

# The limit of the elapsed time is the limit of the processor time, times this number. A mutant can wait without end.
WAITING = 20


class ForkError(RuntimeError):
    """The function raised an exception. The text is its traceback."""


def run_in_fork(work: Callable[[], T], seconds: float) -> T | None:
    """Return the result of a function that runs in a fork; None if the fork died or did not end in time.

    Args:
        work: the function.
        seconds: the limit of its processor time, rounded up to whole seconds.

    Raises:
        ForkError: The function raised an exception.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run_child(work, writer, math.ceil(seconds))
    os.close(writer)
    try:
        message = _read(reader, time.monotonic() + WAITING * seconds)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if message is None:
        return None
    outcome: tuple[str, T] = pickle.loads(message)  # noqa: S301 - the fork wrote it
    error, result = outcome
    if error:
        raise ForkError(error)
    return result


def _run_child(work: Callable[[], object], writer: int, seconds: int) -> None:
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        message = pickle.dumps(_outcome(work))
        while message:
            message = message[os.write(writer, message) :]
    finally:
        os._exit(0)


def _outcome(work: Callable[[], object]) -> tuple[str, object]:
    try:
        return "", work()
    except BaseException:  # noqa: BLE001 - the parent raises it
        return traceback.format_exc(), None


def _read(reader: int, deadline: float) -> bytes | None:
    """Return all bytes of a pipe; None if there are none, or if the pipe is not closed before the deadline.

    The deadline is a time of `time.monotonic()`.
    """
    message = b""
    while (timeout := deadline - time.monotonic()) > 0:
        if select.select([reader], [], [], timeout)[0]:
            part = os.read(reader, 2**16)
            if not part:
                return message or None
            message += part
    return None
