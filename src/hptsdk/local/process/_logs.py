"""Metrics out of what a training program prints, as it prints it.

A line's first match of a definition's regex counts, and of it the first group, where that is a finite number.
"""

from __future__ import annotations

import math
import os
import re
import time
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import regex

from hptsdk.rules.facts.regex_size import expanded_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hptsdk.shapes import MetricDefinition

__all__ = ["Emission", "LogReader", "Watched", "compiled"]

_PIECE = 1 << 20
_LONGEST = 1 << 16
_ENDS = re.compile(r"[\r\n]+")

# The engine writes counted repeats out: (a{1000}){1000} takes gigabytes. No regex of SageMaker has over 500 characters.
_LARGEST_REGEX = 2_000

# A regex that takes longer over one line than this never ends, as far as anyone here will know.
_PATIENCE = 0.25


class Emission(NamedTuple):
    """One value of a metric."""

    name: str
    value: float
    time: float


class Watched(NamedTuple):
    """A metric and how it is found in a line."""

    name: str
    pattern: regex.Pattern[str]


def compiled(definitions: Iterable[MetricDefinition]) -> tuple[Watched, ...]:
    """Make the patterns of a definition's metrics.

    Raises:
        ValueError: one can't be used.
    """
    found: list[Watched] = []
    for definition in definitions:
        if expanded_size(definition.regex) > _LARGEST_REGEX:
            raise ValueError(
                f"The regex of metric {definition.name} can't be used: with its counted repeats written out it has more"
                f" than {_LARGEST_REGEX:,} characters. Use smaller counts, or + or * in their place."
            )
        try:
            found.append(Watched(definition.name, regex.compile(definition.regex, cache_pattern=False)))
        except regex.error as error:
            raise ValueError(f"The regex of metric {definition.name} can't be used: {error}") from error
    return tuple(found)


def _lines(text: str) -> Iterator[str]:
    """Split a log; what is longer than any line that a person would read comes in parts."""
    for line in _ENDS.split(text):
        if len(line) <= _LONGEST:
            yield line
        else:
            yield from (line[begin : begin + _LONGEST] for begin in range(0, len(line), _LONGEST))


class LogReader:
    """Reads a growing log from where it stopped.

    Args:
        file: the log; it stays the same, whatever a program puts in its place.
        watched: what to look for.

    Attributes:
        given_up: metrics whose regex took too long; they are looked for no more.
    """

    def __init__(self, file: BinaryIO, watched: Iterable[Watched]) -> None:
        self._file = file
        self._watched = list(watched)
        self._offset = 0
        self._tail = b""
        self.given_up: list[str] = []

    def read(self, *, whole: bool = False) -> tuple[list[Emission], bool]:
        """Read one piece on.

        Args:
            whole: whether the program has ended, so that the last line is one without an end as well.

        Returns:
            What was found in it, and whether there is more to read now.

        Raises:
            OSError: the log can't be read.
        """
        piece = os.pread(self._file.fileno(), _PIECE, self._offset)
        self._offset += len(piece)
        more = len(piece) == _PIECE
        content = self._tail + piece
        end = max(content.rfind(b"\n"), content.rfind(b"\r")) + 1
        if (whole and not more) or len(content) - end > _LONGEST:
            end = len(content)
        self._tail = content[end:]
        return (self._found(content[:end].decode(errors="replace")) if self._watched and end else []), more

    def _found(self, text: str) -> list[Emission]:
        at, found = round(time.time(), 3), list[Emission]()
        for line in _lines(text):
            for watched in tuple(self._watched):
                if (value := self._value(watched, line)) is not None:
                    found.append(Emission(watched.name, value, at))
        return found

    def _value(self, watched: Watched, line: str) -> float | None:
        try:
            match = watched.pattern.search(line, timeout=_PATIENCE, concurrent=True)
        except TimeoutError:
            self._watched.remove(watched)
            self.given_up.append(watched.name)
            return None
        if match is None or not match.re.groups or match.group(1) is None:
            return None
        try:
            value = float(match.group(1))
        except ValueError:
            return None
        return value if math.isfinite(value) else None
