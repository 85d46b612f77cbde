"""The one check of a shape: each member against its type and constraints, then the rules.

Two speeds have one truth. What is here looks slowly: it takes what is right in another guise (a list for a tuple, a
subclass of str, a part that came out of a response and is unchecked as yet), and writes down what is wrong. `_fast`
writes functions that test members in line with the expressions that the constraints give, and hand over to `settle`
whatever does not pass at once. So a value passes in line only if it passes `examine`, and a test holds that.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from hptsdk._validation._conversion import converted, is_sequence
from hptsdk._validation._formatting import closest_name, count_of, shown, with_article
from hptsdk._validation._frozen_map import FrozenMap
from hptsdk._validation._members import Member, Type, members_of
from hptsdk._validation._plain_values import MOST_ITEMS, exact, plain
from hptsdk._validation._problems import Problem, source_of, step_to, violations
from hptsdk._validation._rules import apply_rules, apply_rules_to_valid_parts
from hptsdk._validation._source import once_a_class
from hptsdk.constraints import Length, OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Sized

    from hptsdk._validation._shape import Shape

    Found = list[Problem] | None
    Check = Callable[..., Found]

__all__ = [
    "check_first",
    "examine",
    "put",
    "refuse",
    "settle",
    "settle_aside",
]

put = object.__setattr__


_UNMODELLED = "what hptsdk does not model can be sent by create(..., extra_body=...)"

# Similar names are searched for so many unknown members of a structure, which takes longer than all else.
_SEARCHED = 200

_EXPECTED = {
    "text": "text",
    "integer": "an integer",
    "number": "a finite number",
    "boolean": "True or False",
    "timestamp": "an aware datetime, epoch seconds, or ISO 8601 text with an offset",
    "list": "a list",
    "map": "a mapping of text to text",
}


# --- the slow look --------------------------------------------------------------------------------------------------


def examine(kind: Type, value: object, source: str) -> tuple[object, list[Problem]]:
    """Check a value in full: give it as it is kept, and all that is wrong with it."""
    try:
        return _examine(kind, value, source)
    except Exception:  # noqa: BLE001 - the methods of a value can raise anything
        return _examine(kind, plain(value), source)


def _examine(kind: Type, value: object, source: str) -> tuple[object, list[Problem]]:
    kept = converted(kind, value)
    if kept is None:
        return value, [_mistyped(kind, value, source)]
    problems = list(_unmet(kind, kept, source))
    if kind.kind == "structure":
        shape = cast("Shape", kept)
        if shape._aside is not None:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the check is the shape's own
            problems += shape.__attrs_post_init__(True) or []  # noqa: FBT003 - the made function takes it by place
    elif kind.kind == "list":
        kept, inner = _examine_list(kind, cast("tuple[object, ...]", kept), source)
        problems += inner
    elif kind.kind == "map":
        kept, inner = _examine_map(kind, cast("FrozenMap[object, object]", kept), source)
        problems += inner
    return kept, problems


def _unmet(kind: Type, kept: object, source: str) -> Iterator[Problem]:
    """Find the constraints that a value does not satisfy; a length that is wrong is not told again as a pattern."""
    cut: str | None = None
    for constraint in kind.constraints:
        if constraint.holds(kept) or (cut is not None and constraint.holds(cut)):
            continue
        from hptsdk._validation._hints import constraint_hint  # only needed once something is wrong

        got = _count(kind, kept) or shown(kept, secret=kind.is_secret)
        hint = partial(constraint_hint, constraint, kind, kept)
        yield Problem(expected=constraint.expected, got=got, hint=hint, rule=constraint.rule, source=source)
        if isinstance(constraint, Length):
            text = cast("str", kept)
            if len(text) < (constraint.minimum or 0):
                return  # too short a text fits few patterns
            cut = text[: int(constraint.maximum or 0)]


def _count(kind: Type, kept: object) -> str:
    """Count the items of a list or the entries of a map."""
    if kind.kind not in {"list", "map"}:
        return ""
    return count_of(cast("Sized", kept), *(("item",) if kind.kind == "list" else ("entry", "entries")))


def _examine_list(kind: Type, value: tuple[object, ...], source: str) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    kept: list[object] = []
    for index, item in enumerate(value):
        new, inner = _examine(cast("Type", kind.item), item, source)
        kept.append(new)
        problems += [problem.within(index) for problem in inner]
    return tuple(kept), problems


def _examine_map(kind: Type, value: FrozenMap[object, object], source: str) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    kept: dict[object, object] = {}
    for key, item in value.items():
        new_key, of_key = _examine(cast("Type", kind.key), key, source)
        new_item, of_item = _examine(cast("Type", kind.item), item, source)
        kept[new_key] = new_item
        for problem in of_key:
            problem.expected = f"a key that is {problem.expected}"
        problems += [problem.within((exact(key),)) for problem in of_key + of_item]
    return FrozenMap(kept), problems


def _mistyped(kind: Type, value: object, source: str) -> Problem:
    from hptsdk._validation._hints import type_hint  # only needed once something is wrong

    if kind.kind == "text" and isinstance(value, str):
        got = shown(value, secret=kind.is_secret)
        return Problem(expected="text without lone surrogates", got=got, rule="encoding", source=source)
    scalar = kind.kind not in {"structure", "list", "map"}
    if kind.kind == "list" and is_sequence(value):
        got = f"{with_article(type(value).__name__)} that cannot be read, or of more than {MOST_ITEMS:,} items"
        return Problem(expected="a list", got=got, rule="type", source=source)
    got = shown(value, secret=kind.is_secret) if scalar or value is None else _size_only(value)
    hint = partial(type_hint, kind, value)
    return Problem(expected=_expected(kind), got=got, hint=hint, rule="type", source=source)


def _size_only(value: object) -> str:
    """Show where a whole structure is wanted: its text may hold secrets, so only its kind shows."""
    return "text" if isinstance(value, str) else shown(value, secret=True)


def _expected(kind: Type, words: str | None = None) -> str:
    if words:
        return words
    if kind.kind == "structure":
        return with_article(cast("type[Shape]", kind.shape).__name__)
    choices = [c.expected for c in kind.constraints if isinstance(c, OneOf)]
    return choices[0] if choices else _EXPECTED[kind.kind]


def settle(shape: Shape, member: Member, value: object, found: Found) -> Found:
    """Look slowly at a member that did not pass at once."""
    source = source_of(type(shape))
    # a constructor has no aside as yet
    if value is None and member.wire in (getattr(shape, "_aside", None) or ()):
        return found  # a null, which is told already
    if value is None and any(len(problem.path) == 1 and problem.meant == [member.wire] for problem in found or ()):
        return found  # a misspelled member, which is reported already
    if value is None:
        # only a constructor has no aside as yet, and is called with a value or None
        got = "None" if getattr(shape, "_aside", None) is None else "nothing"
        problems = [Problem(expected=_expected(member.type), got=got, rule="required", source=source)]
    else:
        kept, problems = examine(member.type, value, source)
        if kept is not value:
            put(shape, member.attribute, kept)
    if not problems:
        return found
    return (found or []) + [problem.within(member.wire) for problem in problems]


def _examine_aside(shape: Shape, aside: Mapping[object, object]) -> list[Problem]:
    """Write down what a document had that is no member, and the nulls where members are."""
    cls = type(shape)
    by_wire = {member.wire: member for member in members_of(cls)}
    problems: list[Problem] = []
    for name in aside:
        if isinstance(name, str) and name in by_wire:
            member = by_wire[name]
            hint = "" if member.required else "leave the member out to omit it"
            expected = _expected(member.type)
            problems.append(Problem(name, expected=expected, got="null", hint=hint, rule="null", source=source_of(cls)))
        else:
            known = by_wire if len(problems) < _SEARCHED else {}
            problems.append(_unknown(shape, name, known).within(step_to(name)))
    return problems


def _unknown(shape: Shape, name: object, known: Mapping[str, Member]) -> Problem:
    """Describe an unknown member, with the one that was likely meant: the same name further in, or a similar name."""
    meant = _members_within(type(shape)).get(name, ()) if isinstance(name, str) else ()
    if not meant and (similar := closest_name(name, known)):
        meant = (known[similar],)
    path = [member.wire for member in meant]
    value: object = shape
    for member in meant:
        value = getattr(value, member.attribute, None)
    return Problem(
        expected=f"a member of {type(shape).__name__}",
        got=shown(name),
        rule="unknown-member",
        source=source_of(type(shape)),
        hint=_did_you_mean(path),
        meant=path if value is None else (),
    )


def _did_you_mean(path: Sequence[str]) -> str:
    match path:
        case []:
            return _UNMODELLED
        case [name]:
            return f"did you mean {name!r}?"
        case _:
            return f"move it to {'.'.join(path[:-1])}"


@once_a_class
def _members_within(cls: type[Shape]) -> dict[str, tuple[Member, ...]]:
    """Return, for each name of a member within a structure, the members that lead to the nearest one."""
    nearest: dict[str, tuple[Member, ...]] = {}
    waiting: list[tuple[tuple[Member, ...], type[Shape]]] = [((), cls)]
    for path, held in waiting:  # grows in the loop; the structures of a request are not recursive
        for member in members_of(held):
            nearest.setdefault(member.wire, (*path, member))
            shape = (member.type.item or member.type).shape
            if shape is not None:
                waiting.append(((*path, member), shape))
    return nearest


def check_first(shape: Shape, *, collect: bool) -> Found:
    """Check slowly: a program that builds one instance of a class need not wait for its fast check."""
    found = settle_aside(shape) if collect else None
    for member in members_of(type(shape)):
        value: object = getattr(shape, member.attribute)
        if value is not None or member.required:
            found = settle(shape, member, value, found)
    found = (apply_rules(shape) or None) if found is None else found + apply_rules_to_valid_parts(shape, found)
    if found is None:
        put(shape, "_aside", None)
        return None
    if not collect:
        refuse(shape, found)
    return found


def settle_aside(shape: Shape) -> Found:
    aside = shape._aside  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the check is the shape's own
    return _examine_aside(shape, aside) if aside else None


def refuse(shape: Shape, found: list[Problem]) -> None:
    from hptsdk.errors import InvalidShapeError  # only needed once something is wrong

    raise InvalidShapeError(violations(type(shape), found))
