"""Files with a request: JSON, YAML or Python, from the disk or from standard input."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import sys
import traceback
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hptsdk import loads
from hptsdk._validation import format_value, is_dict
from hptsdk.cli._output import UnreadableError
from hptsdk.errors import InvalidShapeError
from hptsdk.shapes import CreateHyperParameterTuningJobRequest
from hptsdk.wire import from_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk.cli._output import Position
    from hptsdk.cli._yaml import Node

_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[]+)')

_UNQUOTED = re.compile(r"[:,\[-]\s*(\{\{[^\"']*?\}\}|\{%[^\"']*?%\}|\$\{\w+\})")

# Larger files are rejected before they are parsed.
_MAX_BYTES = 4 << 20

# The size that most files do not exceed.
_SMALL = 1 << 16

# Larger files are not parsed as YAML, because parsing them takes 25 seconds or more.
_MAX_YAML = 1 << 20


def _content(name: str) -> bytes:
    """Read a file; "-" is standard input."""
    if name != "-":
        with open(name, "rb") as file:  # noqa: PTH123 - a Path takes as long as reading a small file
            # a read of at most 4 MiB allocates them, which takes longer than reading a small file
            content = file.read(_SMALL)
            if len(content) == _SMALL:
                content += file.read(_MAX_BYTES + 1 - _SMALL)
    elif sys.stdin is None:
        raise OSError("standard input is closed")
    else:
        content = sys.stdin.buffer.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise OSError("expected at most 4 MiB, got more; check that the file contains a request")
    return content


class RequestFile:
    """One file with a request.

    A file whose name ends with .yaml or .yml, or that does not begin with a brace, is YAML; any other file is JSON.

    Args:
        name: its path, or "-" for standard input.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._members: dict[int, dict[str, tuple[Node, Position]]] = {}  # by the identity of the mapping node

    @cached_property
    def text(self) -> str:
        """The text of the file."""
        try:
            return _content(self.name).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or f"{error}"
            raise UnreadableError(f"the file cannot be read: {reason}") from error

    @property
    def _is_yaml(self) -> bool:
        return self.name.endswith((".yaml", ".yml")) or not self.text.lstrip().startswith("{")

    def request(self) -> CreateHyperParameterTuningJobRequest:
        """Parse and validate the request.

        Raises:
            UnreadableError: the file cannot be read, or is not a mapping in JSON or YAML.
            InvalidShapeError: the request is not valid.
        """
        text = self.text
        if self.name.endswith(".py"):
            path = Path(self.name)
            name = f"./{path}" if self.name.startswith("-") else self.name
            command = f"{shlex.join(['hptsdk', 'convert', name, '--to', 'yaml'])} > {shlex.quote(path.stem)}.yaml"
            message = f"expected JSON or YAML, got Python; run it and write its request as YAML with: {command}"
            raise UnreadableError(message)
        if self._is_yaml:
            return from_wire(CreateHyperParameterTuningJobRequest, self._from_yaml())
        try:
            return loads(CreateHyperParameterTuningJobRequest, text)
        except InvalidShapeError as error:
            if [violation.rule for violation in error.violations] == ["json"]:
                raise self._invalid_json(error) from error
            raise

    def document(self) -> object:
        """Return the content of the file, which is not validated.

        Raises:
            UnreadableError: the file cannot be read, or is not a mapping in JSON or YAML.
        """
        if self._is_yaml:
            return self._from_yaml()
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise UnreadableError(f"invalid JSON: {error}") from error

    def _invalid_json(self, error: InvalidShapeError) -> UnreadableError:
        try:
            json.loads(self.text)
        except json.JSONDecodeError as fault:
            return UnreadableError(f"invalid JSON: {fault.msg}", (fault.lineno, fault.colno))
        except (ValueError, RecursionError):
            pass  # the reason is in the message of `loads`
        message = error.violations[0].message.removeprefix(f"{CreateHyperParameterTuningJobRequest.__name__}: ")
        return UnreadableError(message.removesuffix(" [json]"))

    def _from_yaml(self) -> dict[str, object]:
        from hptsdk.cli._yaml import construct

        document = construct(self._root)
        if not is_dict(document):
            got = "nothing" if document is None else "text" if isinstance(document, str) else format_value(document)
            raise UnreadableError(f"expected a mapping of members, got {got}")
        return document

    # --- positions ---

    @cached_property
    def _root(self) -> Node | None:
        from hptsdk.cli._yaml import compose

        if len(self.text) > _MAX_YAML:
            raise UnreadableError("expected at most 1 MiB of YAML, got more; write it as JSON")
        # a JSON document is a YAML document, except for tabs: one parser finds the positions in both formats
        return compose(self.text if self._is_yaml else self.text.replace("\t", " "))

    def position(self, path: str) -> Position:
        """Return the position of a member.

        Args:
            path: the path of a violation, such as "TrainingJobDefinition.InputDataConfig[0].ChannelName".

        Returns:
            Line and column, from 1, of the name of the member or of its closest parent in the file; (1, 1) if the file
            cannot be parsed.
        """
        from hptsdk.cli._yaml import position_of

        try:
            node = self._root
        except UnreadableError:
            return 1, 1
        position = position_of(node)
        for step in _steps(path):
            child = self._child(node, step)
            if child is None:
                break
            node, position = child
        return position

    def _child(self, node: Node | None, step: str | int) -> tuple[Node, Position] | None:
        """Return a member with the position of its name, or an item with its own position."""
        from hptsdk.cli._yaml import items, members, position_of

        if isinstance(step, int):
            children = items(node)
            return (children[step], position_of(children[step])) if step < len(children) else None
        if id(node) not in self._members:
            self._members[id(node)] = members(node)
        members_of_node = self._members[id(node)]
        return members_of_node.get(step) or members_of_node.get(f"{step}.$")  # a path in a template of Step Functions

    def placeholder_hint(self, position: Position) -> str:
        """Return "; " and a hint to quote the first placeholder in a line; an empty string if none is recognized."""
        try:
            [line] = self.text.splitlines()[position[0] - 1 : position[0]]
        except (UnreadableError, ValueError):
            return ""
        match = _UNQUOTED.search(line)
        return f'; put the placeholder in quotes: "{match[1]}"' if match else ""


def _steps(path: str) -> Iterator[str | int]:
    """Split a path into names and indices."""
    for match in _STEP.finditer(path):
        quoted, index, name = match.groups()
        yield json.loads(f'"{quoted}"') if quoted is not None else int(index) if index is not None else name


# --- Python files ---


def request_of_python_file(path: str) -> CreateHyperParameterTuningJobRequest:
    """Run a Python file, and return the request in its variable `request`, or in the only variable with one.

    Raises:
        OSError: the file cannot be read.
        ValueError: the program fails, or has no such request.
    """
    with Path(path).open("rb"):
        pass  # an OSError that is raised after this point comes from the program
    try:
        names = runpy.run_path(path, run_name="__hptsdk__")
    except (Exception, SystemExit) as error:
        raise ValueError(_failure(path, error)) from error
    requests = {name: value for name, value in names.items() if isinstance(value, CreateHyperParameterTuningJobRequest)}
    if "request" in requests:
        return requests["request"]
    if len(requests) != 1:
        got = ", ".join(requests) or "none"
        hint = "assign the result of build() to a global variable request"
        raise ValueError(f"{path}: expected one request, got {got}; {hint}")
    return next(iter(requests.values()))


def _failure(path: str, error: BaseException) -> str:
    """Return the file, the line if it is known, and the error of a Python file that failed."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        return f"{error.filename}:{error.lineno or 1}: {type(error).__name__}: {error.msg}"
    lines = [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if Path(frame.f_code.co_filename).absolute() == Path(path).absolute()
    ]
    location = ":".join([path, *map(str, lines[-1:])])
    return f"{location}: {''.join(traceback.format_exception_only(error)).strip()}"
