"""A warm start against its parents, each described once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk import errors
from hptsdk._validation import Rule, violations, waived_ids
from hptsdk.rules.parents import OF_ALL_PARENTS, OF_EACH_PARENT, parent_exists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hptsdk._validation import Problem
    from hptsdk.errors import Violation
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, DescribeHyperParameterTuningJobResponse

__all__ = ["broken_against_parents"]


def broken_against_parents(
    request: CreateHyperParameterTuningJobRequest,
    describe: Callable[[str], DescribeHyperParameterTuningJobResponse],
) -> tuple[Violation, ...]:
    """Give what a warm start breaks; a request without one breaks nothing, and describes nothing."""
    return violations(type(request), _problems(request, describe))


def _problems(
    request: CreateHyperParameterTuningJobRequest,
    describe: Callable[[str], DescribeHyperParameterTuningJobResponse],
) -> Iterator[Problem]:
    if request.warm_start_config is None:
        return
    found: list[DescribeHyperParameterTuningJobResponse] = []
    for index, parent in enumerate(request.warm_start_config.parent_hyper_parameter_tuning_jobs):
        where = ("WarmStartConfig", "ParentHyperParameterTuningJobs", index)
        name = parent.hyper_parameter_tuning_job_name or ""
        try:
            described = describe(name)
        except errors.ResourceNotFoundError:
            yield from _placed(parent_exists, parent_exists.check(name), where)
            continue
        found.append(described)
        for rule in OF_EACH_PARENT:
            yield from _placed(rule, _checked(rule, request, described), where)
    for rule in OF_ALL_PARENTS:
        yield from _placed(rule, rule.check(request, found), ("WarmStartConfig",))


def _checked(
    rule: Rule, request: CreateHyperParameterTuningJobRequest, described: DescribeHyperParameterTuningJobResponse
) -> Problem | list[Problem] | None:
    """Apply a rule; what a response lacks or has in another form leaves it undecided."""
    try:
        found: Problem | list[Problem] | None = rule.check(request, described)
    except (AttributeError, TypeError):
        return None
    return found


def _placed(rule: Rule, broken: Problem | list[Problem] | None, where: tuple[str | int, ...]) -> Iterator[Problem]:
    if broken is None or rule.id in waived_ids():
        return
    yield from (problem.within(*where) for problem in rule.complete(broken))
