"""The process of a training program, and the metrics in its log, which are read while it runs.

The process has a session of its own and a mark by which it is recognized after a crash. That of an isolated program is
its launcher. Its child is process 1 of the program's namespace, and the child of that is the program. All processes in
the namespace end with process 1, and that ends with the launcher.

The first match of a metric's regex in each line of the log is used: the value of its first group, if that is a finite
number.
"""

from __future__ import annotations

import errno
import math
import os
import re
import select
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import psutil
import regex

from hptsdk.local.process._environment import NONCE
from hptsdk.rules.facts.regexes import expanded_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hptsdk.local.process._log_lines import LogTimes
    from hptsdk.shapes import MetricDefinition

__all__ = ["CompiledMetric", "LogReader", "MetricValue", "TrainingProcess", "compile_metrics", "end_processes"]

# Seconds in which a killed process must end, and between two checks whether it has ended.
_KILL_SECONDS, _PAUSE = 10, 0.002


class TrainingProcess:
    """One attempt of a training job. Its output is appended to a file.

    Args:
        command: the program and its arguments.
        environment: all its environment variables, with its nonce if its descendants are recognized by it.
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
        self._nonce = environment.get(NONCE)
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
    with suppress(psutil.NoSuchProcess):
        return process.children()
    return []


def _is_alive(process: psutil.Process) -> bool:
    # a zombie has ended, even if its parent never waits for it
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


# The bytes that are read at a time, and the longest line.
_BLOCK, _MAX_LINE = 1 << 20, 1 << 16
_LINE_ENDS = re.compile(r"[\r\n]+")

# The regex engine expands counted repeats: (a{1000}){1000} takes gigabytes. The API allows at most 500 characters.
_MAX_EXPANDED = 2_000

# A tab in the logs of SageMaker, which the regexes of its own algorithms match.
_TAB_CODE = "#011"

# Seconds after which a search in one line is aborted.
_TIMEOUT = 0.25


class MetricValue(NamedTuple):
    """One value of a metric.

    Attributes:
        name: the metric.
        value: the value.
        time: the time at which it was read, in seconds since the epoch.
    """

    name: str
    value: float
    time: float


class CompiledMetric(NamedTuple):
    """A metric and its compiled regex.

    Attributes:
        name: the metric.
        pattern: the regex.
        has_tab_code: whether the regex matches lines in which a tab is `#011`.
    """

    name: str
    pattern: regex.Pattern[str]
    has_tab_code: bool = False


def compile_metrics(definitions: Iterable[MetricDefinition]) -> tuple[CompiledMetric, ...]:
    """Compile the regexes of metrics.

    Raises:
        ValueError: a regex is invalid or too large.
    """
    metrics: list[CompiledMetric] = []
    for definition in definitions:
        if expanded_size(definition.regex) > _MAX_EXPANDED:
            raise ValueError(
                f"The regex of metric {definition.name} can't be used: with its counted repeats expanded it has more"
                f" than {_MAX_EXPANDED:,} characters. Use smaller counts, or + or * instead."
            )
        try:
            pattern = regex.compile(definition.regex, cache_pattern=False)
            metrics.append(CompiledMetric(definition.name, pattern, _TAB_CODE in definition.regex))
        except regex.error as error:
            raise ValueError(f"The regex of metric {definition.name} can't be used: {error}") from error
    return tuple(metrics)


def _lines(text: str) -> Iterator[str]:
    """Return the lines of a log; a longer line than the longest is returned in parts."""
    for line in _LINE_ENDS.split(text):
        for begin in range(0, len(line), _MAX_LINE):
            yield line[begin : begin + _MAX_LINE]


class LogReader:
    """A reader of a growing log, which continues at the position where it stopped.

    Args:
        file: the open log; a program that replaces the file has no effect on it.
        metrics: the metrics to search.
        times: receives the times at which the log is read. Defaults to None.

    Attributes:
        disabled: the metrics whose regex took too long; they are no longer searched.
    """

    def __init__(self, file: BinaryIO, metrics: Iterable[CompiledMetric], times: LogTimes | None = None) -> None:
        self._file = file
        self._metrics = list(metrics)
        self._times = times
        self._offset = 0
        self._incomplete = b""
        self.disabled: list[str] = []

    def read(self, *, has_ended: bool = False) -> tuple[list[MetricValue], bool]:
        """Read the next block.

        Args:
            has_ended: whether the program has ended, so that the last line is complete without a line end. Defaults
                to False.

        Returns:
            The metric values in it, and whether more can be read now.

        Raises:
            OSError: the log cannot be read.
        """
        block = os.pread(self._file.fileno(), _BLOCK, self._offset)
        self._offset += len(block)
        if block and self._times is not None:
            self._times.add(self._offset, time.time())
        more = len(block) == _BLOCK
        content = self._incomplete + block
        end = max(content.rfind(b"\n"), content.rfind(b"\r")) + 1
        if (has_ended and not more) or len(content) - end > _MAX_LINE:
            end = len(content)
        self._incomplete = content[end:]
        return self._values(content[:end].decode(errors="replace")), more

    def _values(self, text: str) -> list[MetricValue]:
        at, values = round(time.time(), 3), list[MetricValue]()
        for line in _lines(text) if self._metrics else ():
            coded = line.replace("\t", _TAB_CODE)
            for metric in tuple(self._metrics):
                if (value := self._value(metric, coded if metric.has_tab_code else line)) is not None:
                    values.append(MetricValue(metric.name, value, at))
        return values

    def _value(self, metric: CompiledMetric, line: str) -> float | None:
        """Return the value of a metric in a line; None if there is none. A regex that takes too long is disabled."""
        try:
            match = metric.pattern.search(line, timeout=_TIMEOUT, concurrent=True)
        except TimeoutError:
            self._metrics.remove(metric)
            self.disabled.append(metric.name)
            return None
        if match is None or not match.re.groups or match.group(1) is None:
            return None
        try:
            value = float(match.group(1))
        except ValueError:
            return None
        return value if math.isfinite(value) else None
