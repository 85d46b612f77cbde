"""Hints in messages about invalid values and unknown members: how to correct them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from itertools import takewhile
from os import PathLike, fspath
from typing import TYPE_CHECKING

from hptsdk._validation._members import members_of
from hptsdk._validation._placeholders import Placeholder, entry_hint, placeholder_hint, placeholder_in
from hptsdk._validation._plain_values import cache_by_class, converted, to_datetime
from hptsdk._validation._problems import Problem, closest, closest_name, format_value, source_of, step_to
from hptsdk._validation._validators import KEY_HINT
from hptsdk.constraints import Length, OneOf, Pattern, S3Address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import TypeIs

    from hptsdk._validation._members import MemberInfo, TypeInfo
    from hptsdk._validation._shape import Shape
    from hptsdk.constraints import Constraint

# Text that may be a name with other separators than hyphens.
_NEARLY_A_NAME = "[-_. a-zA-Z0-9]{1,128}"

# Floats represent all integers below this limit exactly.
_EXACT = 1e15

# A number as text; Python refuses to parse integers of thousands of digits.
_NUMBER = r"\s*[-+]?(\d{1,99}\.?\d{0,99}|\.\d{1,99})([eE][-+]?\d{1,3})?\s*"


def type_hint(kind: TypeInfo, value: object) -> str:
    """Return how to correct a value of the wrong type; empty text if that is not known."""
    is_placeholder = not isinstance(value, str) or (value != "" and placeholder_in(value) == value.strip())
    return (is_placeholder and not kind.is_secret and placeholder_hint(value)) or _hint_of_type(kind, value)


def _hint_of_type(kind: TypeInfo, value: object) -> str:  # noqa: PLR0911 - one result for each kind
    if _is_path(value):
        return _path_hint(kind, fspath(value))
    match kind.kind, value:
        case "integer" | "number", str():
            number = _int_or_float(value)
            return f"write {number}" if _is_valid(kind, number) else ""
        case "integer", int() if not isinstance(value, bool):
            return "use at most 64 bits"
        case "integer", float() if value.is_integer() and abs(value) < _EXACT and _is_valid(kind, int(value)):
            return f"write {value:.0f}"
        case "text", int() | float() if abs(value) < _EXACT and _is_valid(kind, repr(value)):
            # text in double quotes is the same in Python, JSON and YAML; the name of a boolean is not
            is_hidden = kind.is_secret or isinstance(value, bool)
            return "put it in quotes" if is_hidden else f'write "{value!r}"'
        case "list", str():
            return "put it in a list"
        case "structure", Mapping() if kind.shape is not None:
            name = f"hptsdk.shapes.{kind.shape.__name__}"
            return f"build it with {name}(...) or hptsdk.from_wire({name}, ...)"
        case "timestamp", datetime() if value.utcoffset() is None:
            return "use its replace(tzinfo=datetime.UTC) for UTC, or its astimezone() for local time"
        case "timestamp", int() | float() if value > 1 and to_datetime(value / 1000):
            return "use seconds, not milliseconds"
        case _:
            return ""


def _is_path(value: object) -> TypeIs[PathLike[str]]:
    return isinstance(value, PathLike)


def _path_hint(kind: TypeInfo, path: str) -> str:
    """Return the hint for a path object in place of text, or of a structure that holds an S3 address."""
    types = [member.type for member in members_of(kind.shape)] if kind.shape is not None else [kind]
    hints = (constraint.hint(path) for inner in types for constraint in inner.constraints)
    return next(filter(None, hints), "use os.fspath(...)" if _is_valid(kind, path) else "")


def _is_valid(kind: TypeInfo, value: object) -> bool:
    return converted(kind, value) is not None and all(constraint.holds(value) for constraint in kind.constraints)


def _int_or_float(text: str) -> int | float | None:
    """Parse text as an int, or as a float if it is not whole or is large; None if it is not a number."""
    if not re.fullmatch(_NUMBER, text, re.ASCII):
        return None
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def constraint_hint(constraint: Constraint, kind: TypeInfo, value: object) -> str:
    """Return how to correct a value that violates a constraint; empty text if that is not known."""
    if isinstance(value, str) and not kind.is_secret and _is_due_to_a_placeholder(constraint, value):
        return placeholder_hint(value)
    if isinstance(constraint, Length) and isinstance(value, str):
        is_short = len(value) < (constraint.minimum or 0)
        words = next((c.words for c in kind.constraints if isinstance(c, Pattern)), "")
        return f"use {words}" if is_short and words else ""
    if isinstance(constraint, OneOf | Pattern) and isinstance(value, str):
        return constraint.hint(value) or closest(value, kind.known_values) or _with_hyphens(constraint, kind, value)
    return ""


def _is_due_to_a_placeholder(constraint: Constraint, value: str) -> bool:
    """Check whether a placeholder may be the reason for a violation; in an S3 address, one at its start."""
    placeholder = placeholder_in(value)
    return bool(placeholder) and (not isinstance(constraint, S3Address) or value.strip().startswith(placeholder))


def _with_hyphens(constraint: OneOf | Pattern, kind: TypeInfo, text: str) -> str:
    """Suggest hyphens in a name with other separators; empty text if the result is invalid, or secret."""
    if kind.is_secret or not re.fullmatch(_NEARLY_A_NAME, text):
        return ""
    name = re.sub("[-_. ]+", "-", text).strip("-")
    return f"did you mean {name!r}?" if constraint.holds(name) else ""


# --- unknown members ---

_WORD = "[A-Z][a-z]*"


def unknown_member(shape: Shape, name: object, entry: object, *, search: bool) -> Problem:
    """Return the problem of a member that its structure does not have, with a hint, such as the member likely meant.

    Args:
        shape: the structure with the member.
        name: the name of the member.
        entry: its value.
        search: whether to search for a similar name, and for a missing member whose name is the end of this one.
    """
    hint = KEY_HINT if isinstance(name, Placeholder) else entry_hint(name, entry) if isinstance(name, str) else ""
    name = str(name) if isinstance(name, Placeholder) else name
    members = {member.wire_name: member for member in members_of(type(shape))} if search else {}
    meant = next(iter(_members_within(type(shape)).get(name, [])), ()) if isinstance(name, str) else ()
    elsewhere = ""
    if not meant and isinstance(name, str):
        # a missing member whose name is the end of this one, as Name of MetricName
        meant = tuple(member for member in _missing_members(shape) if search and name.endswith(member.wire_name))[:1]
        elsewhere = "" if meant else _belongs_elsewhere(shape, name)
    if not meant and not elsewhere and (similar := closest_name(name, members)):
        meant = (members[similar],)
    path = [member.wire_name for member in meant]
    value: object = shape
    for member in meant:
        value = getattr(value, member.attribute, None)
    if path[:1] == ["TrainingJobDefinition"] and getattr(shape, "training_job_definitions", None) is not None:
        # a request has a single definition or a list
        path, value = ["TrainingJobDefinitions[0]", *path[1:]], shape
    problem = Problem(
        step_to(name),
        expected=f"a member of {type(shape).__name__}",
        got=format_value(name),
        hint=hint or _unknown_hint(name, path),
        rule="unknown-member",
        source=source_of(type(shape)),
        meant=path if value is None else (),
    )
    if elsewhere and not hint:
        problem.hint = partial(_with_its_definition, problem, elsewhere)
    return problem


def _with_its_definition(problem: Problem, hint: str) -> str:
    """Return a hint that names the item of TrainingJobDefinitions, if the problem is in one."""
    match problem.path:
        case ["TrainingJobDefinitions", int() as index, *_]:
            return hint.replace("TrainingJobDefinition", f"TrainingJobDefinitions[{index}]")
        case _:
            return hint


def _missing_members(shape: Shape) -> list[MemberInfo]:
    """Return the required members that are not set."""
    return [
        member for member in members_of(type(shape)) if member.required and getattr(shape, member.attribute) is None
    ]


def _unknown_hint(name: object, path: Sequence[str]) -> str:
    match path:
        case []:
            is_new = isinstance(name, str) and name not in _owners()
            hint = "; if it is new in AWS, only TuningClient.create(..., extra_body=...) can send it"
            return f"remove it{hint if is_new else ''}"
        case [meant]:
            return f"did you mean {meant!r}?"
        case _:
            return f"move it to {'.'.join(path[:-1])}"


def _belongs_elsewhere(shape: Shape, name: str) -> str:
    """Return a hint with the structure in which a member belongs; empty text if there is none, or it is not clear."""
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest as Request

    own = _paths_within(Request).get(type(shape), ())
    places = [path[:-1] for path in _members_within(Request).get(name, ())]
    places.sort(key=lambda path: _shared_steps(path, own), reverse=True)
    # many structures have a member such as Name, and a missing member was probably meant instead
    is_clear = len(re.findall(_WORD, name)) > 1 and not _missing_members(shape)
    if len(places) == 1 or (places and is_clear):
        return f"move it to {'.'.join(member.wire_name for member in places[0]) or 'the request'}"
    if not places and (owner := _owners().get(name)):
        return f"remove it; it is a member of {owner}"
    return ""


def _shared_steps(path: tuple[MemberInfo, ...], other: tuple[MemberInfo, ...]) -> int:
    """Return the number of steps with which both paths begin."""
    return len(list(takewhile(lambda steps: steps[0] is steps[1], zip(path, other, strict=False))))


@cache_by_class
def _paths_within(cls: type[Shape]) -> dict[type[Shape], tuple[MemberInfo, ...]]:
    """Return a structure and its parts, each with the members that lead to it; the shortest path first."""
    paths: dict[type[Shape], tuple[MemberInfo, ...]] = {cls: ()}
    pending = [cls]
    for structure in pending:  # the loop appends to it
        for member in members_of(structure):
            part = (member.type.item or member.type).shape
            if part is not None and part not in paths:
                paths[part] = (*paths[structure], member)
                pending.append(part)
    return paths


@cache_by_class
def _members_within(cls: type[Shape]) -> dict[str, list[tuple[MemberInfo, ...]]]:
    """Return, by name, the paths to the members of a structure and its parts; the shortest path first."""
    places: dict[str, list[tuple[MemberInfo, ...]]] = {}
    for structure, path in _paths_within(cls).items():
        for member in members_of(structure):
            places.setdefault(member.wire_name, []).append((*path, member))
    return places


@lru_cache(maxsize=1)
def _owners() -> dict[object, str]:
    """Return, for each name of a member, the name of the first structure that has it."""
    from hptsdk import shapes

    owners: dict[object, str] = {}
    for name in shapes.__all__:
        for member in members_of(getattr(shapes, name)):
            owners.setdefault(member.wire_name, name)
    return owners
