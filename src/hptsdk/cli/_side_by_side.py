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

# For fewer files each, another process is not worth its beginning.
_WORTH_A_PROCESS = 100


class _Helper(NamedTuple):
    process: int
    answers: int
    part: Sequence[str]


def side_by_side(work: Callable[[Sequence[str]], list[T]], files: Sequence[str]) -> list[T]:
    """Do the work on files, and give what comes of all in their order.

    Args:
        work: what is done on some of them; what it gives can be pickled.
        files: their names.

    Raises:
        RuntimeError: a helper failed that had something which can be read but once, such as a pipe.
    """
    count = min(_processors(), len(files) // _WORTH_A_PROCESS)
    if count < 2 or not _can_fork():  # noqa: PLR2004 - nobody to share with
        return work(files)
    found = [*work(files[:1])]  # what is made once, of classes say, helpers have from the beginning
    size = -(-len(files[1:]) // count)
    first, *parts = [files[begin : begin + size] for begin in range(1, len(files), size)]
    helpers: list[_Helper] = []
    try:
        with suppress(OSError):  # as many as there may be
            for part in parts:
                helpers.append(_begun(work, part))  # noqa: PERF401 - those that began stay, where the next can not
        found += work(first)
        for helper in helpers:
            found += _answer(helper, work)
        for part in parts[len(helpers) :]:
            found += work(part)
        return found
    finally:
        _end(helpers)


def _can_fork() -> bool:
    # on macOS, libraries of the system do not live through it; nor do threads, anywhere
    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begun(work: Callable[[Sequence[str]], list[T]], part: Sequence[str]) -> _Helper:
    answers, answering = os.pipe()
    here = os.getpid()
    try:
        process = os.fork()
        if process:
            return _Helper(process, answers, part)
        os.close(answers)
        with os.fdopen(answering, "wb", closefd=False) as pipe:
            pickle.dump(work(part), pipe)
    except OSError:
        os.close(answers)
        raise
    finally:
        if os.getpid() != here:  # at once and without a word: what is not done here, the first process does
            os._exit(0)
        os.close(answering)
    raise AssertionError("a helper has ended before it comes here")


def _answer(helper: _Helper, work: Callable[[Sequence[str]], list[T]]) -> list[T]:
    """Wait for what a helper gives; where it fails, do its part here, so that why is told here too."""
    with os.fdopen(helper.answers, "rb", closefd=False) as pipe, suppress(EOFError, pickle.UnpicklingError):
        return cast("list[T]", pickle.load(pipe))  # noqa: S301 - our own process wrote it
    if not all(map(os.path.isfile, helper.part)):
        raise RuntimeError("a process that helped has failed, and what it read cannot be read again: give fewer files")
    return work(helper.part)


def _end(helpers: Sequence[_Helper]) -> None:
    """Leave nothing of helpers; those that still write, after an interrupt here say, find that nobody reads."""
    for helper in helpers:  # all before any is waited for: each holds the pipes of those before it
        os.close(helper.answers)
    for helper in helpers:
        with suppress(ChildProcessError):  # gone by itself, where whoever began this process ignores SIGCHLD
            os.waitpid(helper.process, 0)
