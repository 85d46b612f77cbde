"""The metrics in the log of a training program, read while it runs.

The first match of a metric's regex in each line is used: the value of its first group, if that is a finite number.
"""

from __future__ import annotations

import math
import os
import re
import time
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import regex

from hptsdk.rules.facts.regexes import expanded_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hptsdk.shapes import MetricDefinition

__all__ = ["CompiledMetric", "LogReader", "MetricValue", "compile_metrics"]

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

    Attributes:
        disabled: the metrics whose regex took too long; they are no longer searched.
    """

    def __init__(self, file: BinaryIO, metrics: Iterable[CompiledMetric]) -> None:
        self._file = file
        self._metrics = list(metrics)
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
        more = len(block) == _BLOCK
        content = self._incomplete + block
        end = max(content.rfind(b"\n"), content.rfind(b"\r")) + 1
        if (has_ended and not more) or len(content) - end > _MAX_LINE:
            end = len(content)
        self._incomplete = content[end:]
        return self._values(content[:end].decode(errors="replace")), more

    def _values(self, text: str) -> list[MetricValue]:
        """Return the metric values in complete lines."""
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
