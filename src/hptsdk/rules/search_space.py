"""Rules of the ranges within a whole request: that there are any, in one place, and that the strategy can take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Breach, advice, member_text, rule, shown
from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import grid_size, has_ranges
from hptsdk.rules.tuning import numeric_ranges

if TYPE_CHECKING:
    from hptsdk._validation import Step
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, ParameterRanges

_OF_THE_JOB = ("hyper_parameter_tuning_job_config", "parameter_ranges")


@rule("something-to-search", "C011", "C012", source="aws/sagemaker-python-sdk src/sagemaker/tuner.py")
def something_to_search(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """There is a range to search, in the job or in a definition, unless Autotune chooses them."""
    if request.autotune is not None or has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    definition = request.training_job_definition
    if definition is not None and has_ranges(definition.hyper_parameter_ranges):
        return None
    for item in request.training_job_definitions or ():
        if has_ranges(item.hyper_parameter_ranges):
            return None
    return Breach(
        *_OF_THE_JOB,
        expected="a range of at least one hyperparameter",
        got="nothing to search",
        hint="add a range, or Autotune",
    )


@advice(
    "definitions-have-ranges",
    "C013",
    source="API_HyperParameterTrainingJobDefinition",
    basis="inferred",
    needs=("training_job_definitions",),
)
def definitions_have_ranges(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """Where there are ranges at all, each definition of a list has some, unless Autotune chooses them."""
    if request.autotune is not None or something_to_search.check(request) is not None:
        return None
    return [
        Breach(
            "training_job_definitions",
            index,
            "hyper_parameter_ranges",
            expected="a range of at least one hyperparameter",
            got="nothing to search",
            hint="add a range, or take the definition out",
        )
        for index, definition in enumerate(request.training_job_definitions or ())
        if not has_ranges(definition.hyper_parameter_ranges)
    ]


@advice(
    "ranges-in-the-definitions-only",
    "C006",
    source="API_HyperParameterTuningJobConfig",
    basis="inferred",
    needs=("training_job_definitions",),
)
def ranges_in_the_definitions_only(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """A job with a list of definitions has its ranges there, and none of its own."""
    if not has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    return Breach(
        *_OF_THE_JOB,
        expected="nothing with TrainingJobDefinitions",
        got="ranges",
        hint="move them to the HyperParameterRanges of the definitions",
    )


@advice(
    "ranges-in-one-place",
    "C007",
    source="API_HyperParameterTrainingJobDefinition",
    basis="inferred",
    needs=("training_job_definition",),
)
def ranges_in_one_place(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """The ranges of a job of one definition stand in the job or in the definition, not in both."""
    definition = request.training_job_definition
    if definition is None or not has_ranges(definition.hyper_parameter_ranges):
        return None
    if not has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    return Breach(
        "training_job_definition",
        "hyper_parameter_ranges",
        expected="nothing beside the ParameterRanges of the job",
        got="ranges",
        hint="move them there",
    )


# Under the id of the same rule for the ranges of the job: whoever waives one waives both.
@rule("grid-takes-only-categories", "C026", "C027", source="dg/automatic-model-tuning-how-it-works")
def grid_definitions_take_only_categories(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """The strategy Grid searches categorical ranges only."""
    if request.hyper_parameter_tuning_job_config.strategy != "Grid":
        return None
    return [
        breach
        for path, definition in definitions_of(request)
        if definition.hyper_parameter_ranges is not None
        for breach in numeric_ranges(definition.hyper_parameter_ranges, (*path, "hyper_parameter_ranges"))
    ] or None


# Likewise.
@rule("grid-runs-each-combination-once", "C028", source="dg/automatic-model-tuning-how-it-works")
def grid_definitions_run_each_combination_once(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """The number of training jobs of a grid, where given, is that of its combinations."""
    config = request.hyper_parameter_tuning_job_config
    jobs = config.resource_limits.max_number_of_training_jobs
    if config.strategy != "Grid" or jobs is None or has_ranges(config.parameter_ranges):
        return None
    sizes: list[int] = []
    for _, definition in definitions_of(request):
        size = grid_size(definition.hyper_parameter_ranges) if definition.hyper_parameter_ranges is not None else None
        if size is None:
            return None
        sizes.append(size)
    # whether the number counts all definitions together or those of each is said nowhere
    if not sizes or jobs == sum(sizes) or jobs in sizes:
        return None
    return Breach(
        "hyper_parameter_tuning_job_config",
        "resource_limits",
        "max_number_of_training_jobs",
        expected=f"{sum(sizes)}, the number of combinations",
        got=shown(jobs),
        hint="leave it out",
    )


@rule("auto-parameters-need-autotune", "C107", source="API_ParameterRanges")
def auto_parameters_need_autotune(request: CreateHyperParameterTuningJobRequest) -> list[Breach] | None:
    """Ranges are left to Autotune only where it is on."""
    if request.autotune is not None:
        return None
    found: list[Breach] = []
    ranges = request.hyper_parameter_tuning_job_config.parameter_ranges
    if ranges is not None and ranges.auto_parameters:
        found.append(_auto_parameters(ranges, _OF_THE_JOB))
    definition = request.training_job_definition
    if definition is not None and (ranges := definition.hyper_parameter_ranges) is not None and ranges.auto_parameters:
        found.append(_auto_parameters(ranges, ("training_job_definition", "hyper_parameter_ranges")))
    for index, item in enumerate(request.training_job_definitions or ()):
        if (ranges := item.hyper_parameter_ranges) is not None and ranges.auto_parameters:
            found.append(_auto_parameters(ranges, ("training_job_definitions", index, "hyper_parameter_ranges")))
    return found or None


def _auto_parameters(ranges: ParameterRanges, path: tuple[Step, ...]) -> Breach:
    return Breach(
        *path,
        "auto_parameters",
        expected="nothing without Autotune",
        got=member_text(ranges.auto_parameters),
        hint="add Autotune with the mode Enabled, or give ranges",
    )


@advice("something-for-autotune", "C108", source="API_Autotune", basis="inferred", needs=("autotune",))
def something_for_autotune(request: CreateHyperParameterTuningJobRequest) -> Breach | None:
    """Autotune has hyperparameters to work on: ranges, auto parameters or static ones."""
    definitions = definitions_of(request)
    if not definitions or has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    if any(has_ranges(item.hyper_parameter_ranges) or item.static_hyper_parameters for _, item in definitions):
        return None
    return Breach(
        *_OF_THE_JOB,
        expected="AutoParameters or ranges, or else static hyperparameters",
        got="none of them",
        hint="name the hyperparameters to tune in AutoParameters",
    )
