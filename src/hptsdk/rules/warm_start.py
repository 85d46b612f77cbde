"""Rules of the warm start that are decidable without its parents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, repeated, rule, shown

if TYPE_CHECKING:
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest,
        HyperParameterTuningJobWarmStartConfig,
        ParentHyperParameterTuningJob,
    )


@rule("parent-has-a-name", "F136", source="API_ParentHyperParameterTuningJob", basis="inferred")
def parent_has_a_name(parent: ParentHyperParameterTuningJob) -> Breach | None:
    """A parent is a tuning job's name."""
    if parent.hyper_parameter_tuning_job_name is not None:
        return None
    return Breach("hyper_parameter_tuning_job_name", expected="the name of a tuning job", got="nothing", hint="give it")


@rule("parents-differ", "C054", source="API_HyperParameterTuningJobWarmStartConfig", basis="inferred")
def parents_differ(warm_start: HyperParameterTuningJobWarmStartConfig) -> list[Breach] | None:
    """Each parent is named once; names differ by more than their case."""
    parents = warm_start.parent_hyper_parameter_tuning_jobs
    if len(parents) == 1:
        return None
    names = [(parent.hyper_parameter_tuning_job_name or "").lower() for parent in parents]
    return [
        Breach(
            "parent_hyper_parameter_tuning_jobs",
            index,
            "hyper_parameter_tuning_job_name",
            expected="a parent not named before",
            got=shown(parents[index].hyper_parameter_tuning_job_name),
            hint="drop it",
        )
        for index, name in repeated(names)
        if name
    ] or None


@rule(
    "no-parent-of-itself",
    "C053",
    source="dg/automatic-model-tuning-warm-start",
    basis="inferred",
    needs=("warm_start_config",),
)
def no_parent_of_itself(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """A tuning job does not learn from a job of its own name, case ignored: parents have ended."""
    if request.warm_start_config is None:
        return None
    own = request.hyper_parameter_tuning_job_name.lower()
    return [
        Breach(
            "warm_start_config",
            "parent_hyper_parameter_tuning_jobs",
            index,
            "hyper_parameter_tuning_job_name",
            expected="the name of another tuning job",
            got=shown(parent.hyper_parameter_tuning_job_name),
            hint="choose another name for the new job",
        )
        for index, parent in enumerate(request.warm_start_config.parent_hyper_parameter_tuning_jobs)
        if (parent.hyper_parameter_tuning_job_name or "").lower() == own
    ] or None
