"""The process of a training program, with a session of its own and a mark by which it is recognized after a crash.

The process of an isolated program is that of its launcher. Its child is process 1 of the program's namespace, and the
child of that is the program. All processes in the namespace end with process 1, and that ends with the launcher.
"""

from __future__ import annotations

import errno
import os
import select
import shutil
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
        folder: its working directory. With isolation, the prefix has another.
        log: the file for its output.
        prefix: the beginning of the command that isolates the program. Defaults to no isolation.

    Raises:
        OSError: the program cannot be started.
        ValueError: an argument contains a NUL character.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        prefix: Sequence[str] = (),
    ) -> None:
        if prefix and shutil.which(command[0], path=environment.get("PATH")) is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), command[0])
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        output = os.open(log, flags, 0o600)
        try:
            # non-blocking only to open it, in case it is a FIFO
            os.set_blocking(output, True)
            self._popen = subprocess.Popen(  # noqa: S603 - the command of the service's owner, without a shell
                [*prefix, *command],
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
        self._is_isolated = bool(prefix)

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
        # the launcher does not pass a signal on; before it has started the program, it ends itself
        programs = [program for first in self._first_processes() for program in _children(first)]
        for program in programs:
            with suppress(psutil.NoSuchProcess):
                program.terminate()
        if not programs:
            self._popen.terminate()

    def kill(self, *, thoroughly: bool = False) -> None:
        """Kill all processes of its session; with isolation, all processes in its namespace.

        Args:
            thoroughly: whether to kill also processes that left the session. Defaults to False.
        """
        first_processes = self._first_processes()
        for process in first_processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if not first_processes:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        if thoroughly and not self._is_isolated:
            end_processes(self._nonce)
        # the launcher ends after the last process in the namespace
        self._popen.wait()

    def _first_processes(self) -> list[psutil.Process]:
        """Return process 1 of the namespace of an isolated program that runs, as a list of at most one."""
        if not self._is_isolated or self._popen.poll() is not None:
            return []
        with suppress(psutil.NoSuchProcess):
            return _children(psutil.Process(self._popen.pid))
        return []

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


def _children(process: psutil.Process) -> list[psutil.Process]:
    """Return the processes that a process has started; none if it has ended."""
    with suppress(psutil.NoSuchProcess):
        return process.children()
    return []


def _is_alive(process: psutil.Process) -> bool:
    """Check whether a process still runs."""
    # a zombie has ended, even if its parent never waits for it
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
