"""Work done in a forked copy of this process, which may loop, crash or be left in any state."""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import time
import traceback
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# A mutant may well allocate without end.
MOST_MEMORY = 3 * 2**30


class ChildError(RuntimeError):
    """The work failed by itself, with this traceback."""


def in_child(work: Callable[[], T], seconds: float) -> T | None:
    """Run a function in a fork, and give what it gives; None where the process died or took longer.

    Raises:
        ChildError: the function raised something.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(work, writing)
    os.close(writing)
    try:
        answer = _read(reading, time.monotonic() + seconds)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if answer is None:
        return None
    raised, found = pickle.loads(answer)  # noqa: S301 - written by the child
    if raised:
        raise ChildError(raised)
    return cast("T", found)


def _be_child(work: Callable[[], object], writing: int) -> None:
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        answer = pickle.dumps(_outcome(work))
        while answer:
            answer = answer[os.write(writing, answer) :]
    finally:
        os._exit(0)


def _outcome(work: Callable[[], object]) -> tuple[str, object]:
    try:
        return "", work()
    except BaseException:  # noqa: BLE001 - told by the parent
        return traceback.format_exc(), None


def _read(reading: int, until: float) -> bytes | None:
    """Read until the end; None where that takes too long, or nothing comes."""
    found = b""
    while (left := until - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            part = os.read(reading, 2**16)
            if not part:
                return found or None
            found += part
    return None
