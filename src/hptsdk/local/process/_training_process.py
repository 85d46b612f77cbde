"""A training program as a process: in a session of its own, known again after a crash, ended with all it began."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import psutil

from hptsdk.local.process._container import NONCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["TrainingProcess", "end_leftovers"]

# How long a killed process may take to go, and how often it is looked at, in seconds.
_PATIENCE, _PAUSE = 10, 0.002


class TrainingProcess:
    """One attempt of a training job; its output goes to a file.

    Args:
        command: the program and its arguments.
        environment: all of its variables, its nonce among them.
        folder: where it starts.
        log: what its output is appended to.

    Raises:
        OSError: it can't be started.
        ValueError: an argument has a NUL in it.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        output = os.open(log, flags, 0o600)
        try:
            # a FIFO would have blocked only as it was opened; the program's own output blocks as usual
            os.set_blocking(output, True)
            self._popen = subprocess.Popen(  # noqa: S603 - what the owner of the service named, and no shell
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(output)
        self.pid = self._popen.pid
        self._watch = os.pidfd_open(self.pid) if hasattr(os, "pidfd_open") else None
        self._nonce = environment[NONCE]

    def wait(self, seconds: float) -> int | None:
        """Wait for its end; its exit status, negative for a signal, or None if it runs on."""
        if self._watch is not None:
            poll = select.poll()
            poll.register(self._watch, select.POLLIN)
            poll.poll(seconds * 1000)
            return self._popen.poll()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._popen.wait(seconds)
        return None

    def terminate(self) -> None:
        """Ask the program itself to end, as a container's main process is asked."""
        self._popen.terminate()

    def kill(self, *, thoroughly: bool = False) -> None:
        """End whatever is left of it; thoroughly, also what left its session."""
        _kill_session(self.pid)
        if thoroughly:
            end_leftovers(self._nonce)
        self._popen.wait()

    def close(self) -> None:
        """Let go of it once it has ended."""
        if self._watch is not None:
            os.close(self._watch)
            self._watch = None


def _kill_session(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_leftovers(nonce: str) -> None:
    """End every process that was started under a nonce that begins so, and wait until they are gone.

    It looks at the variables of all processes of this user, so it costs milliseconds.

    Raises:
        TimeoutError: one does not go.
    """
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(NONCE, "").startswith(nonce):
                process.kill()
                found.append(process)
    end = time.monotonic() + _PATIENCE
    for process in found:
        while _lives(process):
            if time.monotonic() > end:
                raise TimeoutError(f"process {process.pid} of an earlier training job does not end")
            time.sleep(_PAUSE)


def _lives(process: psutil.Process) -> bool:
    # nobody may ever ask what became of one that has ended
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
