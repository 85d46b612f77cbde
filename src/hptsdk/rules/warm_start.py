"""Rules of a warm start that need no description of its parents.

See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-warm-start.html.

Example:
    >>> from hptsdk import errors, shapes
    >>> try:
    ...     shapes.ParentHyperParameterTuningJob()
    ... except errors.InvalidShapeError as error:
    ...     print(error.violations[0].rule)
    parent-has-a-name
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, rule, shown
from hptsdk.rules._duplicates import duplicates

if TYPE_CHECKING:
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterTuningJobWarmStartConfig,
        ParentHyperParameterTuningJob,
    )

__all__ = ["PARENT", "REQUEST", "WARM_START_CONFIG"]


@rule("parent-has-a-name", "F136", source="API_ParentHyperParameterTuningJob", basis="inferred")
def parent_has_a_name(parent: ParentHyperParameterTuningJob) -> Problem | None:
    """A parent has the name of a tuning job.

    The name is the only member, and it is optional in the API model. A rejection is inferred, because the
    structure without it refers to no tuning job.
    """
    if parent.hyper_parameter_tuning_job_name is not None:
        return None
    return Problem(
        "hyper_parameter_tuning_job_name", expected="the name of a tuning job", got="nothing", hint="set the name"
    )


@rule("parents-differ", "C054", source="API_HyperParameterTuningJobWarmStartConfig", basis="inferred")
def parents_differ(warm_start: HyperParameterTuningJobWarmStartConfig) -> list[Problem] | None:
    """The names of the parents differ by more than upper and lower case.

    A parent that occurs twice adds no results. A rejection is inferred; the SDK of AWS keeps parents in a set.
    Names of tuning jobs are not case-sensitive.

    Example:
        Two parents with the names "first" and "First".
    """
    names = [parent.hyper_parameter_tuning_job_name for parent in warm_start.parent_hyper_parameter_tuning_jobs]
    return duplicates(
        names,
        "parent_hyper_parameter_tuning_jobs",
        "hyper_parameter_tuning_job_name",
        hint="remove it",
        ignore_case=True,
    )


@rule(
    "no-parent-of-itself",
    "C053",
    source="dg/automatic-model-tuning-warm-start",
    basis="inferred",
    needs=("warm_start_config",),
)
def no_parent_of_itself(request: CreateHyperParameterTuningJobRequest) -> list[Problem] | None:
    """A parent does not have the name of the new tuning job, because parents have ended; case is ignored.

    The new job does not exist yet when the service reads its parents, or another job with its name exists, which
    the service rejects as a duplicate. Either way the request fails.

    Example:
        `HyperParameterTuningJobName` "second" in the request and in one of its parents.
    """
    if request.warm_start_config is None:
        return None
    own = request.hyper_parameter_tuning_job_name.lower()
    return [
        Problem(
            "warm_start_config",
            "parent_hyper_parameter_tuning_jobs",
            index,
            "hyper_parameter_tuning_job_name",
            expected="the name of another tuning job",
            got=shown(parent.hyper_parameter_tuning_job_name),
            hint="use another name for the new tuning job",
        )
        for index, parent in enumerate(request.warm_start_config.parent_hyper_parameter_tuning_jobs)
        if (parent.hyper_parameter_tuning_job_name or "").lower() == own
    ] or None


PARENT = (parent_has_a_name,)
WARM_START_CONFIG = (parents_differ,)
REQUEST = (no_parent_of_itself,)
