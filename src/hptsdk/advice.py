"""What is allowed in a request but likely wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import attrs

from hptsdk._source import once_a_class
from hptsdk.rules._base import Quotas, breaches_of, waived_ids
from hptsdk.shapes._base import Shape
from hptsdk.shapes._rules import STUMBLED, breach_problem
from hptsdk.shapes._types import members_of

if TYPE_CHECKING:
    from hptsdk.shapes._problems import Problem

__all__ = ["Advice", "Quotas", "advise"]


@attrs.frozen(kw_only=True)
class Advice:
    """One thing that is allowed but likely wrong.

    Attributes:
        rule: the id of the rule.
        path: where, in the wire's terms; empty for the whole.
        message: what would be better, what is there, and how to mend it.
        source: the page or thread that says so.
    """

    rule: str
    path: str
    message: str
    source: str


def advise(request: Shape, *, quotas: Quotas | None = None) -> tuple[Advice, ...]:
    """Look for what is allowed but likely wrong in a request, or in any part of one.

    Args:
        request: what to look at.
        quotas: those of the account, where AWS has raised some.

    Example:
        >>> import hptsdk
        >>> hptsdk.advise(hptsdk.shapes.AutoParameter(name="", value_hint="1"))[0].rule
        'range-has-a-name'
    """
    if not isinstance(cast("object", request), Shape):
        hint = "; call its build() first" if hasattr(request, "build") else ""
        raise TypeError(f"expected a shape, got {type(request).__name__}{hint}")
    waived = waived_ids()
    name = type(request).__name__
    found = (problem for problem in _problems(request, quotas or Quotas()) if problem.rule not in waived)
    violations = [problem.violation(name) for problem in found]
    return tuple(Advice(rule=v.rule, path=v.path, message=v.message, source=v.source) for v in violations)


class _Plan:
    """Where in a class, and in what it holds, there is advice; a rule with those of its needs that the class has."""

    __slots__ = ("parts", "rules")

    def __init__(self, cls: type[Shape]) -> None:
        self.rules = [
            (rule, [name for name in rule.needs if hasattr(cls, name)]) for rule in cls.RULES if rule.level == "advice"
        ]
        self.parts: list[tuple[str, str]] = []
        for member in members_of(cls):
            held = (member.type.item or member.type).shape
            if held is not None and not _plan_of(held).is_empty:
                self.parts.append((member.attribute, member.wire))

    @property
    def is_empty(self) -> bool:
        return not self.rules and not self.parts


@once_a_class
def _plan_of(cls: type[Shape]) -> _Plan:
    return _Plan(cls)


def _problems(shape: Shape, quotas: Quotas) -> list[Problem]:
    """Apply the rules of a shape and of all that it holds; most find nothing, so that case is short."""
    plan = _plan_of(type(shape))
    found = _own_problems(shape, plan, quotas)
    for attribute, wire in plan.parts:
        value: object = getattr(shape, attribute)
        if isinstance(value, Shape):
            found += [problem.within(wire) for problem in _problems(value, quotas)]
        elif isinstance(value, tuple):
            for index, item in enumerate(cast("tuple[object, ...]", value)):
                if isinstance(item, Shape):
                    found += [problem.within(index).within(wire) for problem in _problems(item, quotas)]
    return found


def _own_problems(shape: Shape, plan: _Plan, quotas: Quotas) -> list[Problem]:
    found: list[Problem] = []
    for rule, needs in plan.rules:
        for name in needs:
            if getattr(shape, name) is None:
                break
        else:
            try:
                broken = rule.check(shape, quotas) if rule.takes_quotas else rule.check(shape)
            except STUMBLED:
                if shape._aside is None:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - whether it was checked
                    raise
                continue  # a part of a response can hold anything, so the rule is undecided
            if broken is not None:
                found += [breach_problem(rule, breach) for breach in breaches_of(broken)]
    return found
