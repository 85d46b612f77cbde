"""The process of a training program, with a session of its own and a mark by which it is recognized after a crash."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from hptsdk.local.process._container import NONCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["TrainingProcess", "end_processes"]

# Seconds in which a killed process must end, and between two checks whether it has ended.
_KILL_SECONDS, _PAUSE = 10, 0.002


class TrainingProcess:
    """One attempt of a training job. Its output is appended to a file.

    Args:
        command: the program and its arguments.
        environment: all its environment variables, with its nonce.
        folder: its working directory.
        log: the file for its output.

    Raises:
        OSError: the program cannot be started.
        ValueError: an argument contains a NUL character.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        output = os.open(log, flags, 0o600)
        try:
            # non-blocking only to open it, in case it is a FIFO
            os.set_blocking(output, True)
            self._popen = subprocess.Popen(  # noqa: S603 - the command of the service's owner, without a shell
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
        self._pidfd = os.pidfd_open(self._popen.pid) if hasattr(os, "pidfd_open") else None
        self._nonce = environment[NONCE]

    def wait(self, seconds: float) -> int | None:
        """Wait for the end of the program; return its exit code, negative for a signal, or None if it still runs."""
        if self._pidfd is not None:
            poll = select.poll()
            poll.register(self._pidfd, select.POLLIN)
            poll.poll(seconds * 1000)
            return self._popen.poll()
        with suppress(subprocess.TimeoutExpired):
            return self._popen.wait(seconds)
        return None

    def terminate(self) -> None:
        """Send SIGTERM to the program itself, as to the main process of a container."""
        self._popen.terminate()

    def kill(self, *, thoroughly: bool = False) -> None:
        """Kill all processes of its session.

        Args:
            thoroughly: whether to kill also processes that left the session. Defaults to False.
        """
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        if thoroughly:
            end_processes(self._nonce)
        self._popen.wait()

    def close(self) -> None:
        """Release the resources of a process that has ended."""
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None


def end_processes(nonce: str) -> None:
    """Kill every process whose nonce begins with a string, and wait until they have ended.

    It reads the environment of all processes of this user, which takes milliseconds.

    Raises:
        TimeoutError: a process does not end.
    """
    killed: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(NONCE, "").startswith(nonce):
                process.kill()
                killed.append(process)
    end = time.monotonic() + _KILL_SECONDS
    for process in killed:
        while _is_alive(process):
            if time.monotonic() > end:
                raise TimeoutError(f"process {process.pid} of an earlier training job does not end")
            time.sleep(_PAUSE)


def _is_alive(process: psutil.Process) -> bool:
    """Check whether a process still runs."""
    # a zombie has ended, even if its parent never waits for it
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
