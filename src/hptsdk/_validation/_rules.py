"""Rules between members: how they are declared, waived and applied."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import attrs

from hptsdk._validation._members import wire_name
from hptsdk._validation._plain_values import cache_by_class
from hptsdk._validation._problems import Problem, Step, guide_page, shape_page, valid_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from hptsdk._validation._shape import Shape
    from hptsdk.advice import Quotas

Level = Literal["error", "advice"]
Basis = Literal["documented", "observed", "inferred"]

Result = Problem | list[Problem] | None
"""What the function of a rule returns."""

Part = tuple[tuple[Step, ...], tuple[Any, ...]]
"""A part of a shape: its path, and the arguments with which the function of a rule validates it."""


@attrs.frozen(eq=False, repr=False)
class Rule:
    """A rule; its sentence is the first line of the docstring of its function.

    The attributes that are not listed here are those of `hptsdk.schema.RuleInfo`.

    Attributes:
        needs: members without which it cannot be violated. It is not applied if one of them is None.
        function: the function, which returns problems or None.
        parts: returns the parts of a shape that the function validates. Defaults to None, for the shape itself.
    """

    id: str
    refs: tuple[str, ...]
    level: Level
    basis: Basis
    _source: str
    needs: tuple[str, ...]
    function: Callable[..., Result]
    parts: Callable[[Any], Iterable[Part]] | None = None

    @property
    def takes_quotas(self) -> bool:
        """Whether the function takes the quotas of the account."""
        return self.function.__code__.co_varnames[1:2] == ("quotas",)

    @property
    def sentence(self) -> str:
        """What the rule requires or advises."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]

    @property
    def source(self) -> str:
        """The URL of a page of the AWS documentation, or the name of another source."""
        if self._source.startswith("API_"):
            return shape_page(self._source.removeprefix("API_"))
        return guide_page(self._source) if self._source.startswith("dg/") else self._source

    def for_parts(self, parts: Callable[[Any], Iterable[Part]]) -> Rule:
        """Return the same rule for the parts of a shape."""
        return attrs.evolve(self, parts=parts)

    def complete(self, result: Result, path: tuple[Step, ...] = ()) -> list[Problem]:
        """Complete the problems that the function returned: their rule, source and path in wire names.

        Args:
            result: the problems.
            path: the path of the part that the function validated. Defaults to that of the shape.

        Returns:
            The problems; none if the rule is waived.
        """
        if self.id in waived_ids():
            return []
        problems = [result] if isinstance(result, Problem) else result or []
        for problem in problems:
            problem.rule, problem.source, problem.is_of_rule = self.id, self.source, True
            problem.path = [wire_name(step) if isinstance(step, str) else step for step in (*path, *problem.path)]
        return problems

    def __repr__(self) -> str:
        """Return the id in angle brackets."""
        return f"<Rule {self.id}>"


def rule(
    id_: str, *refs: str, source: str, basis: Basis = "documented", needs: tuple[str, ...] = (), level: Level = "error"
) -> Callable[[Callable[..., Result]], Rule]:
    """Create a decorator that makes a function of a shape a rule.

    The arguments are those of `Rule`. For a page of the SageMaker documentation, `source` is `API_NAME` or `dg/NAME`.
    """
    return lambda function: Rule(id_, refs, level, basis, source, needs, function)


advice = partial(rule, level="advice")
"""The same for a rule of level "advice", whose function can have a second argument `quotas`, those of the account."""


_waived: ContextVar[frozenset[str]] = ContextVar("hptsdk_waived", default=frozenset())


def waived_ids() -> frozenset[str]:
    """Return the ids of the rules that report nothing in this thread or task."""
    return _waived.get()


@contextmanager
def waiving(ids: frozenset[str]) -> Generator[None]:
    """Create a context in which these rules report nothing in this thread or task."""
    token = _waived.set(_waived.get() | ids)
    try:
        yield
    finally:
        _waived.reset(token)


# What a rule raises if a member that it reads is missing or of another type.
UNDECIDED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class RuleGroup(NamedTuple):
    """Rules of a structure whose functions have the same arguments.

    Attributes:
        needs: members without which none of the rules can be violated.
        parts: returns the parts of a shape that the functions validate; None if they validate the shape itself.
        takes_quotas: whether the functions take the quotas of the account.
        rules: the rules.
    """

    needs: tuple[str, ...]
    parts: Callable[[Any], Iterable[Part]] | None
    takes_quotas: bool
    rules: list[Rule]


def group_rules(cls: type[Shape], level: Level) -> list[RuleGroup]:
    """Return the rules of one level of a structure, in groups whose functions have the same arguments."""
    groups: dict[Any, list[Rule]] = {}
    for rule in cls.RULES:
        if rule.level == level:
            needs = tuple(name for name in rule.needs if hasattr(cls, name))
            # violations have the order of the rules
            key = needs, rule.parts, rule.takes_quotas, level == "error" and rule.id
            groups.setdefault(key, []).append(rule)
    return [RuleGroup(needs, parts, takes, rules) for (needs, parts, takes, _), rules in groups.items()]


def apply_groups(groups: list[RuleGroup], shape: Shape, quotas: Quotas | None = None) -> list[Problem]:
    """Apply groups of rules to a shape, except those that need a member that is None.

    A rule reports nothing about a part for which it raises one of `UNDECIDED`.
    """
    problems: list[Problem] = []
    for needs, parts_of, takes_quotas, rules in groups:
        for name in needs:
            if getattr(shape, name, None) is None:
                break
        else:
            if parts_of is not None:
                problems += _apply_to_parts(rules, parts_of, shape)
                continue
            for rule in rules:
                try:  # faster than the call with a tuple of arguments that parts need
                    result = rule.function(shape, quotas) if takes_quotas else rule.function(shape)
                except UNDECIDED:
                    continue
                if result:
                    problems += rule.complete(result)
    return problems


def _apply_to_parts(rules: list[Rule], parts_of: Callable[[Any], Iterable[Part]], shape: Shape) -> list[Problem]:
    """Apply rules to the parts of a shape, of which there are none if `parts_of` raises one of `UNDECIDED`."""
    problems: list[Problem] = []
    try:
        parts = tuple(parts_of(shape))
    except UNDECIDED:
        return problems
    for path, arguments in parts:
        for rule in rules:
            try:
                result = rule.function(*arguments)
            except UNDECIDED:
                continue
            if result:
                problems += rule.complete(result, path)
    return problems


@cache_by_class
def _groups_of_errors(cls: type[Shape]) -> list[RuleGroup]:
    return group_rules(cls, "error")


def apply_rules(shape: Shape, problems: list[Problem]) -> list[Problem]:
    """Apply the rules of level "error" to a shape, or to its valid parts if it has problems."""
    return apply_groups(_groups_of_errors(type(shape)), valid_parts(shape, problems) if problems else shape)
