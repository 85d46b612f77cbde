"""Work on many things shared among processes that begin as copies of this one, so that nothing is imported again."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["side_by_side"]

T = TypeVar("T")

# Beginning a process takes about as long as looking at so many good files.
_WORTH_A_PROCESS = 100


class _Helper(NamedTuple):
    process: int
    answers: int
    part: Sequence[str]


def side_by_side(work: Callable[[Sequence[str]], list[T]], names: Sequence[str]) -> list[T]:
    """Do the work on names, and give what comes of all in their order.

    Args:
        work: what is done on some of them; what it gives can be pickled.
        names: of what it is done on.
    """
    count = min(_processors(), len(names) // _WORTH_A_PROCESS) if _can_fork() else 1
    if count < 2:  # noqa: PLR2004 - nobody to share with
        return work(names)
    size = -(-len(names) // count)
    parts = [names[begin : begin + size] for begin in range(0, len(names), size)]
    helpers = [_begun(work, part) for part in parts[1:]]
    try:
        found = [*work(parts[0])]
        for helper in helpers:
            found += _answer(helper, work)
        return found
    finally:
        for helper in helpers:
            _end(helper)


def _can_fork() -> bool:
    # on macOS, libraries of the system do not live through it; nor do threads, anywhere
    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begun(work: Callable[[Sequence[str]], list[T]], part: Sequence[str]) -> _Helper:
    answers, answering = os.pipe()
    process = os.fork()
    if process:
        os.close(answering)
        return _Helper(process, answers, part)
    try:
        os.close(answers)
        with os.fdopen(answering, "wb") as pipe:
            pickle.dump(work(part), pipe)
    finally:  # at once and without a word: what is not done here, the other process does
        os._exit(0)


def _answer(helper: _Helper, work: Callable[[Sequence[str]], list[T]]) -> list[T]:
    """Wait for what a helper gives; where it fails, do its part here, so that why is told here too."""
    with os.fdopen(helper.answers, "rb", closefd=False) as pipe, suppress(EOFError, pickle.UnpicklingError):
        return cast("list[T]", pickle.load(pipe))  # noqa: S301 - our own process wrote it
    return work(helper.part)


def _end(helper: _Helper) -> None:
    os.close(helper.answers)
    os.waitpid(helper.process, 0)
