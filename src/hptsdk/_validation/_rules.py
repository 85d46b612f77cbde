"""Rules between members: how they are declared, waived and applied."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import attrs

from hptsdk._validation._members import wire_name
from hptsdk._validation._problems import Problem, Step, guide_page, shape_page, valid_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from hptsdk._validation._shape import Shape

Level = Literal["error", "advice"]
Basis = Literal["documented", "observed", "inferred"]

Result = Problem | list[Problem] | None
"""What the function of a rule returns."""

Part = tuple[tuple[Step, ...], tuple[Any, ...]]
"""A part of a shape: its path, and the arguments with which the function of a rule validates it."""

# The highest quotas on dg/automatic-model-tuning-limits, column "Can be increased to", or the default if a quota cannot
# be increased. That page says 20 metrics, but the API reference (MetricDefinitionList) and
# dg/automatic-model-tuning-define-metrics-variables say 40.
_HIGHEST = {
    "max_training_jobs": 750,
    "max_random_training_jobs": 10_000,
    "max_parallel_jobs": 100,
    "max_metrics": 40,
    "max_tuning_jobs": 100,
}


@attrs.define(kw_only=True, eq=False)
class Quotas:
    """Quotas of an account. Each defaults to the quota of a new account; AWS increases some on request.

    Attributes:
        max_training_jobs: training jobs of one tuning job with a strategy other than Random. Defaults to 750.
        max_random_training_jobs: training jobs of one tuning job with the strategy Random. Defaults to 750.
        max_parallel_jobs: training jobs of one tuning job that run at the same time. Defaults to 10.
        max_metrics: metrics of one tuning job. Defaults to 20.
        max_tuning_jobs: tuning jobs that run at the same time. Defaults to 100. Only the local service uses it.

    See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html
    """

    max_metrics: int = 20
    max_parallel_jobs: int = 10
    max_random_training_jobs: int = 750
    max_training_jobs: int = 750
    max_tuning_jobs: int = 100

    @classmethod
    def highest(cls, **others: int) -> Quotas:
        """Return the highest quotas that AWS grants.

        Args:
            **others: quotas with other values.

        Example:
            >>> Quotas.highest(max_metrics=20).max_parallel_jobs
            100
        """
        return cls(**_HIGHEST | others)


_NOT_A_MEMBER = object()


class Rule:
    """A rule; its sentence is the first line of the docstring of its function.

    Attributes:
        id: its id in violations and in `hptsdk.waived`.
        refs: the ids of the mistakes that it covers, such as "C099". Several rules can cover one.
        level: an error is raised when a shape is constructed; advice is returned by `hptsdk.advise`.
        basis: whether AWS documents it, was observed to enforce it, or it is inferred.
        needs: members without which it cannot be violated. It is not applied if one of them is None.
        check: the function, which returns problems or None.
        takes_quotas: whether the function takes the quotas of the account.
        parts: returns the parts of a shape that the function of this rule validates. Defaults to None if it validates
            the shape itself.
    """

    __slots__ = ("_function", "_source", "basis", "check", "id", "level", "needs", "parts", "refs", "takes_quotas")

    def __init__(
        self,
        id_: str,
        refs: tuple[str, ...],
        *,
        level: Level,
        basis: Basis,
        source: str,
        needs: tuple[str, ...],
        function: Callable[..., Result],
        parts: Callable[[Any], Iterable[Part]] | None = None,
    ) -> None:
        self.id, self.refs, self.needs, self.parts = id_, refs, needs, parts
        self.level: Level = level
        self.basis: Basis = basis
        self._source, self._function = source, function
        self.check: Callable[..., Result] = function
        self.takes_quotas = parts is None and function.__code__.co_argcount > 1
        if parts is not None:

            def check_parts(shape: object) -> list[Problem]:
                return self._problems_of(parts(shape))

            self.check = check_parts

    @property
    def sentence(self) -> str:
        """What the rule requires or advises."""
        return (self._function.__doc__ or "").strip().partition("\n")[0]

    @property
    def source(self) -> str:
        """The page or thread; the address of a page of the SageMaker documentation."""
        if self._source.startswith("API_"):
            return shape_page(self._source.removeprefix("API_"))
        return guide_page(self._source) if self._source.startswith("dg/") else self._source

    def problems(
        self, shape: Shape, quotas: Quotas | None = None, known_parts: dict[object, Iterable[Part]] | None = None
    ) -> list[Problem]:
        """Apply the rule to a shape.

        Args:
            shape: the shape.
            quotas: the quotas of the account. Defaults to those of a new account.
            known_parts: the parts of the shape by the function that returned them, which other rules have used. Parts
                that are missing are added. Defaults to none.
        """
        for name in self.needs:
            if getattr(shape, name, _NOT_A_MEMBER) is None:
                return []
        result: Result
        if self.parts is not None and known_parts is not None:
            if (parts := known_parts.get(self.parts)) is None:
                parts = known_parts[self.parts] = tuple(self.parts(shape))
            result = self._problems_of(parts) if parts else None
        else:
            result = self.check(shape, quotas) if self.takes_quotas and quotas else self.check(shape)
        return self.complete(result) if result else []

    def _problems_of(self, parts: Iterable[Part]) -> list[Problem]:
        """Apply the function of the rule to parts of a shape."""
        problems: list[Problem] = []
        for path, arguments in parts:
            if result := self._function(*arguments):
                more = [result] if isinstance(result, Problem) else result
                problems += [problem.within(*path) for problem in more]
        return problems

    def for_parts(self, parts: Callable[[Any], Iterable[Part]]) -> Rule:
        """Return the same rule for a shape that contains what the function of this rule validates.

        Args:
            parts: returns the parts of a shape that the function validates.
        """
        return Rule(
            self.id,
            self.refs,
            level=self.level,
            basis=self.basis,
            source=self._source,
            needs=self.needs,
            function=self._function,
            parts=parts,
        )

    def complete(self, result: Problem | list[Problem]) -> list[Problem]:
        """Return the problems that the function returned, with the id and source of the rule and wire names."""
        problems = [result] if isinstance(result, Problem) else result
        for problem in problems:
            problem.rule, problem.source, problem.is_of_rule = self.id, self.source, True
            problem.path = [wire_name(step) if isinstance(step, str) else step for step in problem.path]
        return problems

    def __repr__(self) -> str:
        """Return the id in angle brackets."""
        return f"<Rule {self.id}>"


def rule(
    id_: str,
    *refs: str,
    source: str,
    basis: Basis = "documented",
    needs: tuple[str, ...] = (),
    level: Level = "error",
) -> Callable[[Callable[..., Result]], Rule]:
    """Create a decorator that makes a function of a shape a rule."""
    return lambda function: Rule(id_, refs, level=level, basis=basis, source=source, needs=needs, function=function)


advice = partial(rule, level="advice")
"""The same for a rule of level "advice"; its function takes a shape and optionally the quotas of the account."""


_waived: ContextVar[frozenset[str]] = ContextVar("hptsdk_waived", default=frozenset())


def waived_ids() -> frozenset[str]:
    """Return the ids of the rules that are not applied in this thread or task."""
    return _waived.get()


@contextmanager
def waiving(ids: frozenset[str]) -> Generator[None]:
    """Do not apply these rules in this thread or task until the block ends."""
    token = _waived.set(_waived.get() | ids)
    try:
        yield
    finally:
        _waived.reset(token)


def apply_rules(shape: Shape) -> list[Problem]:
    """Apply the rules of level "error" to a shape whose members are valid."""
    waived = waived_ids()
    rules = (rule for rule in type(shape).RULES if rule.level == "error" and rule.id not in waived)
    return [problem for rule in rules for problem in rule.problems(shape)]


# What a rule raises if a member that it reads is missing or of another type.
UNDECIDED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def apply_rules_to_valid_parts(shape: Shape, problems: list[Problem]) -> list[Problem]:
    """Apply the rules of level "error" to a shape with problems, so that one error reports all violations.

    A rule that reads an invalid member is not decided, so that no consequence of a problem is reported.
    """
    parts = valid_parts(shape, problems)
    more: list[Problem] = []
    for rule in type(shape).RULES:
        if rule.level == "error" and rule.id not in waived_ids():
            try:
                more += rule.problems(parts)
            except UNDECIDED:
                continue
    return more
