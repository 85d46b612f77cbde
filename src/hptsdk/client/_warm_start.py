"""The validation of a warm start against its parent tuning jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk import errors
from hptsdk._validation import UNDECIDED, Rule, violations, waived_ids
from hptsdk.rules.warm_start import OF_ALL_PARENTS, OF_EACH_PARENT, parent_exists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hptsdk._validation import Problem
    from hptsdk.errors import Violation
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, DescribeHyperParameterTuningJobResponse


def warm_start_violations(
    request: CreateHyperParameterTuningJobRequest,
    describe: Callable[[str], DescribeHyperParameterTuningJobResponse],
) -> tuple[Violation, ...]:
    """Return the violations of a warm start.

    Args:
        request: the request. Without a warm start it has no violations, and no parent is described.
        describe: the function that describes a parent tuning job by its name. It is called once for each parent.
    """
    return violations(type(request), _problems(request, describe))


def _problems(
    request: CreateHyperParameterTuningJobRequest,
    describe: Callable[[str], DescribeHyperParameterTuningJobResponse],
) -> Iterator[Problem]:
    """Yield the problems of each parent, and then those of all parents together."""
    if request.warm_start_config is None:
        return
    existing: list[DescribeHyperParameterTuningJobResponse] = []
    for index, parent in enumerate(request.warm_start_config.parent_hyper_parameter_tuning_jobs):
        path = ("WarmStartConfig", "ParentHyperParameterTuningJobs", index)
        name = parent.hyper_parameter_tuning_job_name or ""
        try:
            described = describe(name)
        except errors.ResourceNotFoundError:
            yield from _problems_of(parent_exists, path, name)
            continue
        existing.append(described)
        for rule in OF_EACH_PARENT:
            try:
                yield from list(_problems_of(rule, path, request, described))
            except UNDECIDED:  # a member that the rule needs is missing or has another type
                continue
    for rule in OF_ALL_PARENTS:
        yield from _problems_of(rule, ("WarmStartConfig",), request, existing)


def _problems_of(rule: Rule, path: tuple[str | int, ...], *arguments: object) -> Iterator[Problem]:
    """Yield the problems that a rule finds, with their paths in the request."""
    if rule.id not in waived_ids() and (problems := rule.function(*arguments)):
        yield from (problem.within(*path) for problem in rule.complete(problems))
