"""The processes of a training job: that of its program, or those of its containers.

The process of a program has a session of its own, and a variable by which it is recognized after a crash. If the
program is isolated, the process is its launcher. Its child is process 1 of the program's namespace, and the child of
that is the program. All processes in the namespace end with process 1, and that ends with the launcher.

A container is a process of its engine's command line, `docker run` or `podman run`, which passes signals on, writes the
output of the container, and ends with its exit code. So it has the same log, metrics and time limits.
"""

from __future__ import annotations

import csv
import errno
import io
import logging
import os
import select
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from hptsdk.local._files import last_lines, open_log, open_regular, walk
from hptsdk.local.process._container_engine import ContainerEngineError
from hptsdk.local.process._environment import NONCE
from hptsdk.local.process._isolation import ML_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from hptsdk.local.process._container_engine import ContainerEngine

_logger = logging.getLogger("hptsdk.local")

# Seconds in which a killed process must end, and between two checks whether it has ended.
_KILL_SECONDS, _PAUSE = 10, 0.002

# Seconds between two checks whether a command has to be stopped.
_TICK = 0.1


class TrainingProcess:
    """The process of one attempt of a training job. Its output is appended to a file.

    Args:
        command: the program and its arguments.
        environment: all its environment variables. Its descendants are recognized by HPTSDK_TRAINING_JOB, if it is set.
        folder: its working directory; with isolation, the prefix sets another.
        log: the file for its output.
        prefix: the beginning of the command that isolates the program. Defaults to no isolation.

    Raises:
        OSError: the program cannot be started.
        ValueError: an argument is invalid, for example with a NUL character.
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
        output = open_log(log)
        try:
            os.set_blocking(output, True)
            self._popen = subprocess.Popen(
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
        self._nonce = environment.get(NONCE)
        self._is_isolated = bool(prefix)

    def wait(self, seconds: float) -> int | None:
        """Wait at most `seconds`; return the exit code, negative if a signal ended the process, or None if it runs."""
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
            thoroughly: whether to kill also the descendants that left the session. Defaults to False.
        """
        first_processes = self._first_processes()
        for process in first_processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if not first_processes:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        if thoroughly and not self._is_isolated and self._nonce is not None:
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
    """Kill every process whose variable HPTSDK_TRAINING_JOB begins with a string, and wait until they have ended.

    It reads the environment of all processes of this user, which takes milliseconds.

    Raises:
        TimeoutError: a process does not end within 10 seconds.
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
                raise TimeoutError(
                    f"process {process.pid} of a training job still runs {_KILL_SECONDS} seconds after SIGKILL"
                )
            time.sleep(_PAUSE)


def _children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return process.children()
    return []


def _is_alive(process: psutil.Process) -> bool:
    # a zombie has ended, even if its parent never waits for it
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


ENGINE_CODES = (125, 126, 127)
"""Exit codes of an engine: it cannot create the container, cannot start its program, or the program is missing."""


def mount_option(source: Path, target: str, *, is_read_only: bool = False) -> str:
    """Return the option of `docker run` that mounts a folder at a path; a path with a comma is quoted."""
    text = io.StringIO()
    fields = ["type=bind", f"source={source}", f"destination={target}", *(["readonly"] if is_read_only else [])]
    csv.writer(text, lineterminator="").writerow(fields)
    return f"--mount={text.getvalue()}"


def run_logged(
    command: Sequence[str],
    log: Path,
    check: Callable[[], None],
    *,
    failure: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command that prepares a training job, and append its output to a log.

    Args:
        command: the command and its arguments.
        log: the log of the training job.
        check: raises an exception if the command has to be stopped.
        failure: the beginning of the message if it fails; its last lines follow, or its exit code if it has none.
        folder: its working directory. Defaults to that of the service.
        environment: its environment variables. Defaults to those of the service.

    Raises:
        OSError: it cannot be started.
        ValueError: it fails.
    """
    with log.open("ab") as output:
        start = output.tell()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            while process.poll() is None:
                check()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_TICK)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        with open_regular(log) as file:
            file.seek(start)
            raise ValueError(failure + (last_lines(file.read(), 5) or f"exit code {process.returncode}"))


class ContainerProcess:
    """The containers of one attempt of a training job, one for each host.

    Args:
        engine: their engine.
        base: the folder that they have as `/opt/ml`.
        image: their image.
        network: the network that they share; None for one host.

    Attributes:
        variables: the file with their environment variables.
    """

    def __init__(self, engine: ContainerEngine, base: Path, image: str, network: str | None) -> None:
        self.variables: Path | None = None
        self._engine = engine
        self._base = base
        self._image = image
        self._network = network
        self._clients: dict[str, TrainingProcess] = {}
        self._codes: dict[str, int] = {}

    def add(self, name: str, client: TrainingProcess) -> None:
        """Add a container and the process of `docker run` that started it."""
        self._clients[name] = client

    def wait(self, seconds: float) -> int | None:
        """Wait at most `seconds` for the end of the containers.

        Returns:
            The exit code of the first that failed, even if others run; 0 if all have succeeded; None otherwise.
        """
        for name, client in self._clients.items():
            if name not in self._codes:
                if (code := client.wait(seconds)) is not None:
                    self._codes[name] = code
                seconds = 0
        failed = [code for code in self._codes.values() if code]
        return failed[0] if failed else 0 if len(self._codes) == len(self._clients) else None

    def terminate(self) -> None:
        """Send SIGTERM to the main process of each container."""
        for client in self._clients.values():
            # the engine passes it on
            client.terminate()

    def kill(self, *, thoroughly: bool = False) -> None:  # noqa: ARG002 - as `TrainingProcess.kill`
        """Kill and remove the containers that have not ended by themselves, and remove their network.

        All processes in a container end with it. An error of the engine is logged and not raised.
        """
        self.wait(0)
        left = [name for name in self._clients if self._codes.get(name, -1) < 0 or self._codes[name] in ENGINE_CODES]
        for client in self._clients.values():
            client.kill()
        try:
            self._engine.remove(left)
            left.clear()
            if self._network is not None:
                self._engine.call("network", "rm", self._network)
                self._network = None
        except ContainerEngineError as error:
            names = [f"container {name}" for name in left] + ([f"network {self._network}"] if self._network else [])
            _logger.warning("%s may remain until the root opens again: %s", ", ".join(names), error)
        self._restore_owner()

    def _restore_owner(self) -> None:
        """Change the owner of the files that another user created, so that the service can read and remove them."""
        user = os.geteuid()
        try:
            if user == 0 or all((self._base / name).lstat().st_uid == user for name, _ in walk(self._base, [])):
                return
            # root in a container of a rootless engine is the user who runs it; Podman is rootless for a user
            is_rootless = self._engine.name == "podman" or "rootless" in self._engine.call(
                "info", "--format={{.SecurityOptions}}"
            )
            owner = "0:0" if is_rootless else f"{user}:{os.getegid()}"
            options = ["--rm", "--pull=never", "--network=none", "--user=0", "--security-opt=label=disable"]
            options += ["--entrypoint=chown", mount_option(self._base, ML_FOLDER)]
            self._engine.call("run", *options, self._image, "-R", owner, ML_FOLDER)
        except (ContainerEngineError, OSError, ValueError) as error:
            _logger.warning("%s may have files of other users, whose owner was not changed: %s", self._base, error)

    def close(self) -> None:
        """Release the resources of containers that have ended, and remove the file with their variables."""
        for client in self._clients.values():
            client.close()
        if self.variables is not None:
            self.variables.unlink(missing_ok=True)
