"""Advice about requests that AWS allows and that are likely mistakes. Its rules are in `hptsdk.rules`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from hptsdk._validation import (
    Shape,
    apply_groups,
    cache_by_class,
    check_shape,
    format_value,
    group_rules,
    is_tuple,
    members_of,
)

if TYPE_CHECKING:
    from hptsdk._validation import MemberInfo, Problem, RuleGroup

__all__ = ["Advice", "AdviceWarning", "Quotas", "advise"]

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
    """The quotas of an account: maximum numbers, of which AWS increases some on request.

    Attributes:
        max_training_jobs: training jobs of a tuning job with a strategy other than Random. Defaults to 750.
        max_random_training_jobs: training jobs of a tuning job with the strategy Random. Defaults to 750.
        max_parallel_jobs: training jobs of a tuning job that run at the same time. Defaults to 10.
        max_metrics: metric definitions of a tuning job. Defaults to 20.
        max_tuning_jobs: tuning jobs that run at the same time. Defaults to 100. Only the local service uses it.

    The defaults are the quotas of a new account.

    Raises:
        TypeError: a quota is not an integer.

    See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html
    """

    max_metrics: int = 20
    max_parallel_jobs: int = 10
    max_random_training_jobs: int = 750
    max_training_jobs: int = 750
    max_tuning_jobs: int = 100

    def __attrs_post_init__(self) -> None:
        """Check the types of the quotas."""
        for name, value in attrs.asdict(self).items():
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(f"Quotas: expected an integer as {name}, got {format_value(value)}")

    @classmethod
    def highest(cls, **others: int) -> Quotas:
        """Return the highest quotas that AWS grants.

        Args:
            **others: quotas with other values.

        Example:
            >>> import hptsdk
            >>> hptsdk.Quotas.highest(max_metrics=20).max_parallel_jobs
            100
        """
        return cls(**_HIGHEST | others)


# The rules that do not apply to a local service, which accepts images of any name.
_NOT_LOCAL = frozenset({"image-is-in-ecr"})

_DEFAULTS = Quotas()


@attrs.frozen(kw_only=True)
class Advice:
    """One piece of advice about a request.

    Attributes:
        rule: the id of the rule, as in `hptsdk.schema.rules()`.
        path: the path in the names of AWS, as in ``TrainingJobDefinition.RetryStrategy``; empty for the whole request.
        message: a line in the form of `Violation.message`, with what is recommended after "expected".
        source: what documents the rule, as in `hptsdk.schema.RuleInfo`.
    """

    rule: str
    path: str
    message: str
    source: str


class AdviceWarning(UserWarning):
    """The warning of `TuningClient.create` about one piece of advice. Its text is the message of the advice.

    The filters of the module `warnings` apply to it.

    Attributes:
        advice: the advice.

    Example:
        >>> import warnings
        >>> import hptsdk
        >>> warnings.simplefilter("error", hptsdk.AdviceWarning)  # create raises it and sends nothing
    """

    def __init__(self, advice: Advice) -> None:
        super().__init__(advice)
        self.advice = advice

    def __str__(self) -> str:
        """Return the message of the advice."""
        return self.advice.message


def advise(request: Shape, *, quotas: Quotas | None = None) -> tuple[Advice, ...]:
    """Return the advice about a request or a part of one; an empty tuple if there is none.

    Args:
        request: a shape of any class.
        quotas: the quotas of the account. Defaults to None, for those of a new account.

    Raises:
        TypeError: `request` is not a shape, or `quotas` is not an instance of `Quotas`.

    Example:
        >>> import hptsdk
        >>> hptsdk.advise(hptsdk.shapes.AutoParameter(name="", value_hint="1"))[0].rule
        'range-has-a-name'
    """
    check_shape(request)
    if quotas is not None and not isinstance(quotas, Quotas):  # pyright: ignore[reportUnnecessaryIsInstance]
        # a rule that raises an exception is ignored, so there would be no advice about a quota of another type
        raise TypeError(f"advise: expected hptsdk.Quotas as quotas, got {format_value(quotas)}")
    name = type(request).__name__
    violations = (problem.violation(name) for problem in _problems(request, quotas or _DEFAULTS))
    advice = (Advice(rule=v.rule, path=v.path, message=v.message, source=v.source) for v in violations)
    # the ranges of a definition and those of its job can have the same problem
    return tuple(dict.fromkeys(advice))


def advice_before_create(request: Shape, *, quotas: Quotas | None = None, is_local: bool) -> tuple[Advice, ...]:
    """Return the advice about a request before it is sent to a local service or to AWS."""
    return tuple(advice for advice in advise(request, quotas=quotas) if not is_local or advice.rule not in _NOT_LOCAL)


def _problems(shape: Shape, quotas: Quotas) -> list[Problem]:
    """Apply the rules of level "advice" to a shape and to all its parts."""
    groups, members = _groups_and_members(type(shape))
    problems = apply_groups(groups, shape, quotas)
    for member in members:
        value: object = getattr(shape, member.attribute, None)
        if value is None:
            continue
        if isinstance(value, Shape):
            for problem in _problems(value, quotas):  # faster in 3.11 than a comprehension, which is a function
                problems.append(problem.within(member.wire_name))
        elif is_tuple(value):
            for index, item in enumerate(value):
                if isinstance(item, Shape):
                    for problem in _problems(item, quotas):
                        problems.append(problem.within(member.wire_name, index))
    return problems


@cache_by_class
def _groups_and_members(cls: type[Shape]) -> tuple[list[RuleGroup], list[MemberInfo]]:
    """Return the rules of level "advice" of a structure in groups, and its members with parts that have such rules."""
    parts = [(member, (member.type.item or member.type).shape) for member in members_of(cls)]
    members = [member for member, part in parts if part is not None and any(_groups_and_members(part))]
    return group_rules(cls, "advice"), members
