"""The fast constructor and check of a class, written as source from its members and rules.

Their own variables begin with an underscore, since the arguments of a constructor are named as the members are.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import update_wrapper
from typing import TYPE_CHECKING, cast

import attrs

from hptsdk._validation._arguments import check_arguments
from hptsdk._validation._conversion import HIGHEST, LOWEST, encodable
from hptsdk._validation._frozen_map import FrozenMap
from hptsdk._validation._members import Member, Type, members_of
from hptsdk._validation._reference import put, refuse, settle, settle_aside
from hptsdk._validation._rules import apply_rules_to_valid_parts, waived_ids
from hptsdk._validation._source import made_function
from hptsdk.constraints import OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import MemberDescriptorType

    from hptsdk._validation._problems import Problem
    from hptsdk._validation._rules import Rule
    from hptsdk._validation._shape import Shape

    Check = Callable[..., list[Problem] | None]

__all__ = ["aside_slot", "bounds", "common_names", "guard", "made_check", "made_constructor", "needs_of"]


def made_check(cls: type[Shape]) -> Check:
    """Write the check of a class: it raises what it finds, or with `collect` returns it."""
    names = common_names()
    body = ["_found = settle_aside(self) if collect else None"]
    for index, member in enumerate(members_of(cls)):
        body.append(f"_value = self.{member.attribute}")
        body += _frozen_lines(member, f"put(self, {member.attribute!r}, _value)")
        body += _member_lines(index, member, names)
    body += rule_lines(cls, names)
    body += ["if _found is None:", "    put(self, '_aside', None)", "elif not collect:", "    refuse(self, _found)"]
    body += ["return _found"]
    return cast("Check", made_function(f"check_{cls.__name__}", "self, collect=False", body, names))


def made_constructor(cls: type[Shape]) -> Callable[..., None]:
    """Write a constructor that does what attrs' own and the check do one after the other, in one go."""
    names = common_names() | {"NOTHING": attrs.NOTHING, "check_arguments": check_arguments, "cls": cls}
    # an argument that is missing passes no test of its type, so that only a wrong call is checked for it
    body = ["if _unknown:", "    check_arguments(cls, _unknown)", "_found = None"]
    for index, member in enumerate(members_of(cls)):
        names[f"keep_{index}"] = cls.__dict__[member.attribute].__set__
        body.append(f"_value = {member.attribute}")
        body += _frozen_lines(member, "")
        body.append(f"keep_{index}(self, _value)")
        body += _member_lines(index, member, names)
    body += rule_lines(cls, names)
    required = [m.attribute for m in members_of(cls) if m.required]
    body += [
        "if _found is not None:",
        f"    check_arguments(cls, dict({', '.join(f'{name}={name}' for name in required)}))",
    ]
    body += ["    refuse(self, _found)", "keep_aside(self, None)"]
    names["keep_aside"] = aside_slot(cls).__set__
    defaults = {m.attribute: "NOTHING" if m.required else "None" for m in members_of(cls)}
    arguments = ["self", "*", *(f"{name}={default}" for name, default in defaults.items()), "**_unknown"]
    made = cast("Callable[..., None]", made_function(f"init_{cls.__name__}", ", ".join(arguments), body, names))
    # people and tools see the signature of attrs' own
    return update_wrapper(made, cls.__init__)


def aside_slot(cls: type[Shape]) -> MemberDescriptorType:
    return cast(
        "MemberDescriptorType", next(base.__dict__["_aside"] for base in cls.__mro__ if "_aside" in base.__dict__)
    )


def common_names() -> dict[str, object]:
    return {
        "FrozenMap": FrozenMap,
        "UTC": UTC,
        "apply_rules_to_valid_parts": apply_rules_to_valid_parts,
        "datetime": datetime,
        "encodable": encodable,
        "note_problems": note_problems,
        "put": put,
        "refuse": refuse,
        "settle": settle,
        "settle_aside": settle_aside,
    }


def rule_lines(cls: type[Shape], names: dict[str, object]) -> Iterator[str]:
    """Write the calls of the rules; those of a shape with problems are applied to its valid parts."""
    rules = [rule for rule in cls.RULES if rule.level == "error"]
    if not rules:
        return
    yield "if _found is not None:"
    yield "    _found = _found + apply_rules_to_valid_parts(self, _found)"
    yield "else:"
    for index, rule in enumerate(rules):
        names[f"rule_{index}"] = rule
        names[f"rule_{index}_check"] = rule.check
        yield f"    if {needs_of(cls, rule, 'self')}(_broken := rule_{index}_check(self)):"
        yield f"        _found = note_problems(rule_{index}, _broken, _found)"


def needs_of(cls: type[Shape], rule: Rule, shape: str) -> str:
    """Write what has to be there for a rule to be broken, as the beginning of a condition."""
    return "".join(f"{shape}.{name} is not None and " for name in rule.needs if hasattr(cls, name))


def note_problems(rule: Rule, broken: Problem | list[Problem], found: list[Problem] | None) -> list[Problem] | None:
    if rule.id in waived_ids():
        return found
    return [*(found or ()), *rule.complete(broken)]


def bounds(kind: Type, value: str, names: dict[str, object]) -> list[str]:
    """Write the tests of the constraints of a type."""
    return [e for c in kind.constraints if (e := c.expression(value, names)) != "True"]


def guard(kind: Type, value: str, names: dict[str, object]) -> str:  # noqa: PLR0911 - one answer for each kind
    """Write the test for a value of a kind that needs no loop."""
    limits = bounds(kind, value, names)
    match kind.kind:
        case "text":
            if not any(isinstance(c, OneOf) for c in kind.constraints):
                limits.append(f"({value}.isascii() or encodable({value}))")
            return " and ".join([f"{value}.__class__ is str", *limits])
        case "integer":
            return " and ".join([f"{value}.__class__ is int", f"{LOWEST} <= {value} <= {HIGHEST}", *limits])
        case "number":  # inf - inf is nan, so only a finite number less itself is 0
            finite = f"({value}.__class__ is float and {value} - {value} == 0.0"
            whole = f"{value}.__class__ is int and {LOWEST} <= {value} <= {HIGHEST})"
            return " and ".join([f"{finite} or {whole}", *limits])
        case "boolean":
            return f"({value} is True or {value} is False)"
        case "timestamp":
            return f"{value}.__class__ is datetime and {value}.tzinfo is UTC"
        case "structure":
            name = cast("type[Shape]", kind.shape).__name__
            names[name] = kind.shape
            # an unchecked part of a response or document is checked on the way
            unchecked = f"{value}._aside is None or {value}.__attrs_post_init__(True) is None"
            return f"{value}.__class__ is {name} and ({unchecked})"
        case "list":
            return " and ".join([f"{value}.__class__ is tuple", *limits])
        case "map":
            return " and ".join([f"{value}.__class__ is FrozenMap", *limits])


def _frozen_lines(member: Member, keep: str) -> Iterator[str]:
    """Make a tuple of a list and a frozen map of a dict, so that later changes of theirs change nothing."""
    if member.type.kind == "list":
        yield "if _value.__class__ is list:"
        yield "    _value = tuple(_value)"
    elif member.type.kind == "map":
        yield "if _value.__class__ is dict:"
        yield "    _value = FrozenMap(_value.copy())"
    else:
        return
    if keep:
        yield f"    {keep}"


def _member_lines(index: int, member: Member, names: dict[str, object]) -> Iterator[str]:
    names[f"member_{index}"] = member
    kind = member.type
    settled = f"_found = settle(self, member_{index}, _value, _found)"
    passes = guard(kind, "_value", names)
    if kind.kind == "structure":
        name = cast("type[Shape]", kind.shape).__name__
        yield f"if _value.__class__ is {name}:"
        yield "    if _value._aside is not None and (_inner := _value.__attrs_post_init__(True)):"
        yield f"        _found = (_found or []) + [problem.within({member.wire!r}) for problem in _inner]"
        yield "else:" if member.required else "elif _value is not None:"
        yield f"    {settled}"
        return
    if kind.kind not in {"list", "map"}:
        optional = "" if member.required else "_value is not None and "
        yield f"if {optional}not ({passes}):"
        yield f"    {settled}"
        return
    loop, inner = "for _item in _value:", guard(cast("Type", kind.item), "_item", names)
    if kind.kind == "map":
        loop = "for _key, _item in _value._entries.items():"
        inner = f"{guard(cast('Type', kind.key), '_key', names)} and {inner}"
    yield f"if {passes}:"
    yield f"    {loop}"
    yield f"        if not ({inner}):"
    yield f"            {settled}"
    yield "            break"
    yield "else:" if member.required else "elif _value is not None:"
    yield f"    {settled}"
