"""What is allowed in a request but likely wrong."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import attrs

from hptsdk._validation import (
    Quotas,
    Shape,
    breaches_of,
    late_function,
    made_function,
    members_of,
    once_a_class,
    waived_ids,
)
from hptsdk._validation._applying import STUMBLED, breach_problem, needs_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hptsdk._validation import Breach, Problem, Rule

    Adviser = Callable[[Shape, Quotas], list[Problem]]

__all__ = ["Advice", "Quotas", "advise"]

_DEFAULTS = Quotas()


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
    found = _adviser_of(type(request))(request, quotas or _DEFAULTS)
    if not found:
        return ()
    waived, name = waived_ids(), type(request).__name__
    violations = [problem.violation(name) for problem in found if problem.rule not in waived]
    return tuple(Advice(rule=v.rule, path=v.path, message=v.message, source=v.source) for v in violations)


@once_a_class
def _adviser_of(cls: type[Shape]) -> Adviser:
    """Write the function that goes over a shape and all that it holds, since most of it finds nothing."""
    names: dict[str, object] = {"noted": _noted, "with_care": _with_care}
    body = ["if shape._aside is not None: return with_care(shape, quotas)", "found = []"]
    for index, rule in enumerate(rule for rule in cls.RULES if rule.level == "advice"):
        names[f"rule_{index}"], names[f"check_{index}"] = rule, rule.check
        call = f"check_{index}(shape, quotas)" if rule.takes_quotas else f"check_{index}(shape)"
        body.append(f"if {needs_of(cls, rule, 'shape')}(broken := {call}): found += noted(rule_{index}, broken)")
    for member in members_of(cls):
        held = (member.type.item or member.type).shape
        if held is None or _is_silent(held):
            continue
        adviser = late_function(f"advise_{held.__name__}", names, partial(_adviser_of, held))
        if member.type.kind == "list":
            body += [
                f"for index, item in enumerate(shape.{member.attribute} or ()):",
                f"    if (inner := {adviser}(item, quotas)):",
                f"        found += [problem.within(index).within({member.wire!r}) for problem in inner]",
            ]
        else:
            body += [
                f"if (value := shape.{member.attribute}) is not None and (inner := {adviser}(value, quotas)):",
                f"    found += [problem.within({member.wire!r}) for problem in inner]",
            ]
    return cast("Adviser", made_function(f"advise_{cls.__name__}", "shape, quotas", [*body, "return found"], names))


def _is_silent(cls: type[Shape]) -> bool:
    """Tell whether there is no advice about a shape that holds no other."""
    if any(rule.level == "advice" for rule in cls.RULES):
        return False
    return all((member.type.item or member.type).shape is None for member in members_of(cls))


def _noted(rule: Rule, broken: Breach | list[Breach]) -> list[Problem]:
    return [breach_problem(rule, breach) for breach in breaches_of(broken)]


def _with_care(shape: Shape, quotas: Quotas) -> list[Problem]:
    """Return the advice about an unchecked shape.

    It can hold anything, and may be without its invalid members, so a rule that fails on it is not decided.
    """
    found: list[Problem] = []
    for rule in type(shape).RULES:
        if rule.level == "advice":
            try:
                found += _noted(rule, list(rule.breaches(shape, quotas)))
            except STUMBLED:
                continue
    for member in members_of(type(shape)):
        value: object = getattr(shape, member.attribute, None)
        if isinstance(value, Shape):
            found += [problem.within(member.wire) for problem in _adviser_of(type(value))(value, quotas)]
        elif isinstance(value, tuple):
            for index, item in enumerate(cast("tuple[object, ...]", value)):
                if isinstance(item, Shape):
                    inner = _adviser_of(type(item))(item, quotas)
                    found += [problem.within(index).within(member.wire) for problem in inner]
    return found
