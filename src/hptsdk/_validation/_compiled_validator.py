"""The compiled validator of a class: source text generated from its members, constraints and rules.

This is the only module that executes generated source text. Each member is tested by inline expressions;
`validate_member` of the reference validator is called if a value does not pass.
"""

from __future__ import annotations

import linecache
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hptsdk._validation._members import MemberInfo, TypeInfo, members_of
from hptsdk._validation._plain_values import HIGHEST, LOWEST, FrozenMap, encodable
from hptsdk._validation._rules import apply_rules
from hptsdk._validation._shape import Shape
from hptsdk._validation._validators import validate, validate_member, validate_reference
from hptsdk.constraints import Constraint, Entries, Items, Length, OneOf, Pattern, Range, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation._validators import Validator

# The objects that generated source refers to, by name.
Names = dict[str, Any]

# Expressions that are equivalent to a full match of a pattern, and faster.
_EXPRESSIONS = {".*": '"\\n" not in {0}', ".+": '{0} and "\\n" not in {0}', r"[\S\s]*": "True"}


def compile_validator(cls: type[Shape]) -> Validator:
    """Return the compiled validator of a class."""
    names: Names = {
        "FrozenMap": FrozenMap,
        "UTC": UTC,
        "apply_rules": apply_rules,
        "datetime": datetime,
        "encodable": encodable,
        "set_extra": vars(Shape)["_extra"].__set__,  # faster than object.__setattr__
        "validate_member": validate_member,
        "validate": validate,
        "validate_reference": validate_reference,
    }
    lines = [line for index, member in enumerate(members_of(cls)) for line in _member_lines(cls, index, member, names)]
    lines += _rule_lines(cls, names)
    lines += ["if not problems: set_extra(shape, None)"]
    name = f"validate_{cls.__name__}"
    source = f"def {name}(shape, problems):\n  count = len(problems)\n  try:\n"
    source += "".join(f"    {line}\n" for line in lines)
    # the methods of a value can raise any exception; the reference validator handles it
    source += "  except Exception:\n    del problems[count:]\n    validate_reference(shape, problems)\n"
    file = f"<hptsdk {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)  # for tracebacks
    exec(compile(source, file, "exec"), names)  # noqa: S102 - no part of the source comes from a caller
    validator: Validator = names[name]
    return validator


def _member_lines(cls: type[Shape], index: int, member: MemberInfo, names: Names) -> Iterator[str]:
    names[f"member_{index}"] = member
    kind = member.type
    call = f"validate_member(shape, member_{index}, value, problems)"
    yield f"value = shape.{member.attribute}"
    if kind.item is not None:
        # copied, so that later changes of the argument do not change the shape
        names[f"set_{index}"] = getattr(cls, member.attribute).__set__
        argument, copy = ("dict", "FrozenMap(value.copy())") if kind.key else ("list", "tuple(value)")
        yield f"if value.__class__ is {argument}:"
        yield f"    value = {copy}"
        yield f"    set_{index}(shape, value)"
    optional = "" if member.required else "value is not None and "
    if kind.shape is not None:
        names[kind.shape.__name__] = kind.shape
        yield f"if value.__class__ is {kind.shape.__name__}:"
        yield "    if value._extra is not None:"
        yield "        for problem in validate(value):"
        yield f"            problems.append(problem.within({member.wire_name!r}))"
        yield "else:" if member.required else "elif value is not None:"
        yield f"    {call}"
    elif kind.item is not None:
        loop, test = "for item in value:", _test(kind.item, "item", names)
        if kind.key is not None:
            loop = "for key, item in value._entries.items():"
            test = f"{_test(kind.key, 'key', names)} and {test}"
        yield f"if {_test(kind, 'value', names)}:"
        yield f"    {loop}"
        yield f"        if not ({test}):"
        yield f"            {call}"
        yield "            break"
        yield "else:" if member.required else "elif value is not None:"
        yield f"    {call}"
    else:
        yield f"if {optional}not ({_test(kind, 'value', names)}): {call}"


def _test(kind: TypeInfo, value: str, names: Names) -> str:
    """Return an expression that is true only for valid values; the items of a list or map are not tested."""
    constraints = [e for constraint in kind.constraints if (e := _expression(constraint, value, names)) != "True"]
    return " and ".join([*_type_tests(kind, value, names), *constraints])


def _type_tests(kind: TypeInfo, value: str, names: Names) -> list[str]:  # noqa: PLR0911 - one result for each kind
    if kind.shape is not None:
        name = kind.shape.__name__
        names[name] = kind.shape
        return [f"{value}.__class__ is {name} and ({value}._extra is None or not validate({value}))"]
    is_64_bit = f"{LOWEST} <= {value} <= {HIGHEST}"
    match kind.kind:
        case "text":
            is_enumeration = any(isinstance(constraint, OneOf) for constraint in kind.constraints)
            has_utf8 = [] if is_enumeration else [f"({value}.isascii() or encodable({value}))"]
            return [f"{value}.__class__ is str", *has_utf8]
        case "integer":
            return [f"{value}.__class__ is int", is_64_bit]
        case "number":  # inf - inf and nan - nan are nan
            is_finite = f"{value}.__class__ is float and {value} - {value} == 0.0"
            return [f"({is_finite} or {value}.__class__ is int and {is_64_bit})"]
        case "boolean":
            return [f"({value} is True or {value} is False)"]
        case "timestamp":
            return [f"{value}.__class__ is datetime and {value}.tzinfo is UTC"]
        case "list":
            return [f"{value}.__class__ is tuple"]
        case "map" | "structure":
            return [f"{value}.__class__ is FrozenMap"]


def _expression(constraint: Constraint, value: str, names: Names) -> str:
    """Return an expression that is true if a value of the correct type satisfies a constraint."""
    name = f"constraint_{len(names)}"
    match constraint:
        case Range():
            return _bounds_expression(constraint.minimum, value, constraint.maximum)
        case Length() | Items() | Entries():
            # a length is never below 0
            return _bounds_expression(constraint.minimum or None, f"len({value})", constraint.maximum)
        case Pattern(regex=regex) if regex in _EXPRESSIONS:
            return _EXPRESSIONS[regex].format(value)
        case Secret():
            return "True"
        case OneOf(values=values):
            names[name] = frozenset(values)
            return f"{value} in {name}"
        case Pattern(compiled=compiled):
            names[name] = compiled.fullmatch
        case _:
            names[name] = constraint.holds
    return f"{name}({value})"


def _bounds_expression(minimum: float | None, value: str, maximum: float | None) -> str:
    lower = "" if minimum is None else f"{minimum} <= "
    upper = "" if maximum is None else f" <= {maximum}"
    return f"{lower}{value}{upper}" if lower or upper else "True"


def _rule_lines(cls: type[Shape], names: Names) -> Iterator[str]:
    """Yield the lines that apply the rules of level "error"; if there are problems, to the valid parts."""
    rules = [rule for rule in cls.RULES if rule.level == "error"]
    if not rules:
        return
    yield "if problems:"
    yield "    problems += apply_rules(shape, problems)"
    yield "else:"
    for index, rule in enumerate(rules):
        names[f"rule_{index}"] = rule
        names[f"check_{index}"] = rule.function
        names[f"parts_{index}"] = rule.parts
        needs = "".join(f"shape.{name} is not None and " for name in rule.needs if hasattr(cls, name))
        if rule.parts is None:
            yield f"    if {needs}(result := check_{index}(shape)): problems += rule_{index}.complete(result)"
        else:
            yield f"    if {needs}(parts := parts_{index}(shape)):"
            yield "        for path, arguments in parts:"
            yield f"            if result := check_{index}(*arguments):"
            yield f"                problems += rule_{index}.complete(result, path)"
