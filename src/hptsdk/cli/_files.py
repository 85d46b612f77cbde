"""Requests as files: JSON or YAML, from disk or standard input; where in a file something stands is looked up late."""

from __future__ import annotations

import json
import re
import shlex
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, cast

from hptsdk import errors, loads
from hptsdk._validation import shown
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.wire import from_wire, valid_parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Place", "RequestFile", "UnreadableError"]

Place = tuple[int, int]

TextOrBytes = TypeVar("TextOrBytes", str, bytes)

_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[]+)')

# A larger file is refused unread, as the local service refuses a larger request. Those of people have a few kilobytes.
_LARGEST = 4 << 20

# A larger text is not parsed as YAML, which takes 25 seconds for it.
_LARGEST_YAML = 1 << 20

# Some editors begin a file with it.
_MARK = "\ufeff"


class UnreadableError(Exception):
    """A file is no JSON or YAML document, or can't be read."""

    def __init__(self, name: str, place: Place, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.place = place
        self.message = message

    def __str__(self) -> str:
        """Say where and what."""
        return f"{self.name}:{self.place[0]}:{self.place[1]}: {self.message}"


def _text_of(name: str) -> str:
    with Path(name).open("rb") as file:
        return _small(file.read(_LARGEST + 1)).decode().removeprefix(_MARK)


def _small(content: TextOrBytes) -> TextOrBytes:
    if len(content) > _LARGEST:
        raise OSError("expected at most 4 MiB, got more; check that this is the file of a request")
    return content


def _standard_input() -> str:
    stream = cast("TextIO | None", sys.stdin)
    if stream is None:
        raise OSError("standard input is closed")
    return _small(stream.read(_LARGEST + 1)).removeprefix(_MARK)


class RequestFile:
    """One file; that it can't be read shows when its request is wanted.

    Args:
        name: its path, or "-" for standard input.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self._members: dict[int, dict[str, tuple[Any, Place]]] = {}  # of each node by its identity
        self._unread: Exception | None = None
        try:
            self.text = _standard_input() if name == "-" else _text_of(name)
        except (OSError, UnicodeDecodeError) as error:
            self._unread = error

    @property
    def _is_yaml(self) -> bool:
        return self.name.endswith((".yaml", ".yml")) or not self.text.lstrip().startswith("{")

    def request(self) -> CreateHyperParameterTuningJobRequest:
        """Read the request.

        Raises:
            UnreadableError: it can't be read, or is no document.
            InvalidShapeError: the request is not valid.
        """
        if self._unread is not None:
            said = getattr(self._unread, "strerror", None) or f"{self._unread}"
            raise UnreadableError(self.name, (1, 1), f"it can't be read: {said}") from self._unread
        if self.name.endswith(".py"):
            name = f"./{self.name}" if self.name.startswith("-") else self.name
            mend = f"run it and write its request as YAML with: hptsdk convert {shlex.quote(name)} --to yaml"
            raise UnreadableError(self.name, (1, 1), f"expected JSON or YAML, got Python; {mend}")
        if not self._is_yaml:
            try:
                return loads(CreateHyperParameterTuningJobRequest, self.text)
            except errors.InvalidShapeError as error:
                if [violation.rule for violation in error.violations] == ["json"]:
                    raise self._no_json(error) from error
                raise
        return from_wire(CreateHyperParameterTuningJobRequest, self._from_yaml())

    def valid_parts(self) -> CreateHyperParameterTuningJobRequest | None:
        """Return what is valid of a request that `request` refused, for advice."""
        document = self._from_yaml() if self._is_yaml else json.loads(self.text)
        return valid_parts_of(CreateHyperParameterTuningJobRequest, document)

    def _no_json(self, error: errors.InvalidShapeError) -> UnreadableError:
        try:
            json.loads(self.text)
        except json.JSONDecodeError as fault:
            return UnreadableError(self.name, (fault.lineno, fault.colno), f"it is no JSON: {fault.msg}")
        except (ValueError, RecursionError):
            pass  # what only the strict reader refuses is said by it
        said = error.violations[0].message.removeprefix(f"{CreateHyperParameterTuningJobRequest.__name__}: ")
        return UnreadableError(self.name, (1, 1), said.removesuffix(" [json]"))

    def _from_yaml(self) -> dict[str, Any]:
        from hptsdk.cli._yaml_reading import UnreadableYamlError, data_of  # takes long to import

        try:
            found = data_of(self._tree)
        except UnreadableYamlError as error:
            raise UnreadableError(self.name, error.place, f"{error}") from error
        if not isinstance(found, dict):
            got = "nothing" if found is None else "text" if isinstance(found, str) else shown(found)
            raise UnreadableError(self.name, (1, 1), f"expected the members of a request, got {got}")
        return cast("dict[str, Any]", found)

    # --- where things stand ---

    @cached_property
    def _tree(self) -> Any:  # noqa: ANN401 - ruamel's nodes
        from hptsdk.cli._yaml_reading import UnreadableYamlError, tree_of  # takes long to import

        if len(self.text) > _LARGEST_YAML:
            raise UnreadableYamlError("expected at most 1 MiB of YAML, got more; write it as JSON", None)
        # JSON is YAML, so one reader knows the places of both; tabs are blanks of the same width to it
        return tree_of(self.text if self._is_yaml else self.text.replace("\t", " "))

    @cached_property
    def _places(self) -> Any:  # noqa: ANN401 - ruamel's nodes
        from hptsdk.cli._yaml_reading import UnreadableYamlError  # takes long to import

        try:
            return self._tree
        except UnreadableYamlError:
            return None  # a place is a help; without one the message stands at the top

    def place(self, path: str) -> Place:
        """Find the line and column, from 1, of what a path names; of what holds it, where it is not there."""
        node = self._places
        place = _mark(node)
        for step in _steps(path):
            found = self._child(node, step)
            if found is None:
                break
            node, place = found
        return place

    def _child(self, node: Any, step: str | int) -> tuple[Any, Place] | None:  # noqa: ANN401 - ruamel's nodes
        """Return what is one step down, and its place, which for a member is that of its name."""
        if not isinstance(getattr(node, "value", None), list):
            return None
        values: list[Any] = node.value
        if isinstance(step, int):
            if step < len(values) and not isinstance(values[step], tuple):
                return values[step], _mark(values[step])
            return None
        if id(node) not in self._members:
            entries = cast("list[tuple[Any, Any]]", [entry for entry in values if isinstance(entry, tuple)])
            # of members that are merged into others, the last counts
            self._members[id(node)] = {name.value: (value, _mark(name)) for name, value in entries}
        return self._members[id(node)].get(step)


def _steps(path: str) -> Sequence[str | int]:
    return [
        json.loads(f'"{match[1]}"') if match[1] is not None else int(match[2]) if match[2] is not None else match[3]
        for match in _STEP.finditer(path)
    ]


def _mark(node: Any) -> Place:  # noqa: ANN401 - ruamel's nodes
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node is not None else (1, 1)
