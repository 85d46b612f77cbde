"""The rules of a shape within its check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation._members import wire_name
from hptsdk._validation._problems import Problem
from hptsdk._validation._rules import Breach, Rule, breaches_of, waived_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hptsdk._validation._shape import Shape

    Found = list[Problem] | None

__all__ = ["STUMBLED", "apply", "apply_to_valid_parts", "breach_problem", "needs_of", "note_breaches", "rule_lines"]

# What a rule raises that is applied to something other than it expects.
STUMBLED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def rule_lines(cls: type[Shape], names: dict[str, object]) -> Iterator[str]:
    """Write the calls of the rules; those of a shape with problems are applied to its valid parts."""
    rules = [rule for rule in cls.RULES if rule.level == "error"]
    if not rules:
        return
    yield "if _found is not None:"
    yield "    _found = apply_to_valid_parts(self, _found)"
    yield "else:"
    for index, rule in enumerate(rules):
        names[f"rule_{index}"] = rule
        names[f"rule_{index}_check"] = rule.check
        yield f"    if {needs_of(cls, rule, 'self')}(_broken := rule_{index}_check(self)):"
        yield f"        _found = note_breaches(rule_{index}, _broken, _found)"


def needs_of(cls: type[Shape], rule: Rule, shape: str) -> str:
    """Write what has to be there for a rule to be broken, as the beginning of a condition."""
    return "".join(f"{shape}.{name} is not None and " for name in rule.needs if hasattr(cls, name))


def note_breaches(rule: Rule, broken: Breach | list[Breach], found: Found) -> Found:
    if rule.id in waived_ids():
        return found
    return [*(found or ()), *(breach_problem(rule, breach) for breach in breaches_of(broken))]


def breach_problem(rule: Rule, breach: Breach) -> Problem:
    """Write a breach down, its path in the wire's terms."""
    path = [wire_name(step) if isinstance(step, str) else step for step in breach.path]
    return Problem(rule.id, breach.expected, breach.got, source=rule.source, hint=breach.hint, path=path, of_rule=True)


def apply(shape: Shape) -> Found:
    """Apply the rules to a shape that has no faults."""
    found: Found = None
    for rule in type(shape).RULES:
        if rule.level == "error" and (breaches := list(rule.breaches(shape))):
            found = note_breaches(rule, breaches, found)
    return found


def apply_to_valid_parts(shape: Shape, found: Found) -> Found:
    """Apply the rules to a shape that has problems, so that all violations are reported together.

    A rule that reads an invalid member is not decided, so that no consequence of a problem is reported.
    """
    from hptsdk._validation._valid_parts import valid_parts  # only needed once something is wrong

    parts = valid_parts(shape, found or ())
    for rule in type(shape).RULES:
        if rule.level == "error":
            try:
                breaches = list(rule.breaches(parts))
            except STUMBLED:
                continue
            found = note_breaches(rule, breaches, found) if breaches else found
    return found
