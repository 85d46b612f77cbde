"""Rules of the ranges of a whole request: whether it has any, and whether they are in the right place.

See https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hptsdk._validation import Problem, advice, member_text, rule
from hptsdk.rules.definitions import definitions_of
from hptsdk.rules.range_values import has_ranges

if TYPE_CHECKING:
    from hptsdk._validation import Step
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, ParameterRanges

__all__ = ["REQUEST"]

_JOB_RANGES = ("hyper_parameter_tuning_job_config", "parameter_ranges")


@rule("something-to-search", "C011", "C012", source="aws/sagemaker-python-sdk src/sagemaker/tuner.py")
def something_to_search(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """The job or a definition has a range, unless Autotune chooses the ranges.

    Without a range all training jobs would be equal. The SDK of AWS rejects such a request before it is sent.
    Empty lists of ranges count as none.

    Example:
        `ParameterRanges` {}, and no `Autotune`.
    """
    if request.autotune is not None or has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    if any(has_ranges(definition.hyper_parameter_ranges) for _, definition in definitions_of(request)):
        return None
    return Problem(
        *_JOB_RANGES, expected="a range of at least one hyperparameter", got="no range", hint="add a range, or Autotune"
    )


@advice(
    "definitions-have-ranges",
    "C013",
    source="API_HyperParameterTrainingJobDefinition",
    basis="inferred",
    needs=("training_job_definitions",),
)
def definitions_have_ranges(request: CreateHyperParameterTuningJobRequest) -> list[Problem] | None:
    """Each item of TrainingJobDefinitions has a range if any item has one, unless Autotune chooses the ranges.

    A definition without ranges trains the same model repeatedly. The service may accept it, so this is advice;
    `something-to-search` reports a request without any range.
    """
    if request.autotune is not None or something_to_search.check(request) is not None:
        return None
    return [
        Problem(
            "training_job_definitions",
            index,
            "hyper_parameter_ranges",
            expected="a range of at least one hyperparameter",
            got="no range",
            hint="add a range, or remove the definition",
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
def ranges_in_the_definitions_only(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """A job with TrainingJobDefinitions has its ranges in the definitions.

    The ranges of the job belong to a single definition. With a list of definitions it is not documented whether
    the service ignores or rejects them. The SDKs of AWS never send both.
    """
    if not has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    return Problem(
        *_JOB_RANGES,
        expected="no ranges with TrainingJobDefinitions",
        got="ranges",
        hint="move them to HyperParameterRanges of the definitions",
    )


@advice(
    "ranges-in-one-place",
    "C007",
    source="API_HyperParameterTrainingJobDefinition",
    basis="inferred",
    needs=("training_job_definition",),
)
def ranges_in_one_place(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """A job with TrainingJobDefinition has its ranges either in the job or in the definition.

    It is not documented which of the two the service uses, whether it merges them, or whether it rejects both.
    The SDKs of AWS use ParameterRanges for a single definition.
    """
    definition = request.training_job_definition
    if definition is None or not has_ranges(definition.hyper_parameter_ranges):
        return None
    if not has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    return Problem(
        "training_job_definition",
        "hyper_parameter_ranges",
        expected="no ranges if ParameterRanges of the job is set",
        got="ranges",
        hint="move them to ParameterRanges",
    )


@rule("auto-parameters-need-autotune", "C107", source="API_ParameterRanges")
def auto_parameters_need_autotune(request: CreateHyperParameterTuningJobRequest) -> list[Problem] | None:
    """AutoParameters needs Autotune.

    These are the hyperparameters for which Autotune chooses ranges. AWS documents the list for Autotune only;
    without Autotune there is nothing that chooses.

    Example:
        `AutoParameters` [{"Name": "depth", "ValueHint": "6"}] without `Autotune`.
    """
    if request.autotune is not None:
        return None
    owners: list[tuple[tuple[Step, ...], ParameterRanges | None]] = [
        (_JOB_RANGES, request.hyper_parameter_tuning_job_config.parameter_ranges)
    ]
    for path, definition in definitions_of(request):
        owners.append(((*path, "hyper_parameter_ranges"), definition.hyper_parameter_ranges))
    return [
        Problem(
            *path,
            "auto_parameters",
            expected="no value without Autotune",
            got=member_text(ranges.auto_parameters),
            hint="add Autotune with the mode Enabled, or use ranges",
        )
        for path, ranges in owners
        if ranges is not None and ranges.auto_parameters
    ]


@advice("something-for-autotune", "C108", source="API_Autotune", basis="inferred", needs=("autotune",))
def something_for_autotune(request: CreateHyperParameterTuningJobRequest) -> Problem | None:
    """A job with Autotune has ranges, AutoParameters or static hyperparameters.

    Autotune chooses ranges, limits and strategy for hyperparameters that the request names. If it names none,
    there is probably nothing to tune. How the service reacts is not documented.

    Example:
        `Autotune` {"Mode": "Enabled"} without ranges and without `StaticHyperParameters`.
    """
    definitions = definitions_of(request)
    if not definitions or has_ranges(request.hyper_parameter_tuning_job_config.parameter_ranges):
        return None
    if any(has_ranges(item.hyper_parameter_ranges) or item.static_hyper_parameters for _, item in definitions):
        return None
    return Problem(
        *_JOB_RANGES,
        expected="AutoParameters, ranges or static hyperparameters",
        got="none of them",
        hint="list the hyperparameters to tune in AutoParameters",
    )


REQUEST = (
    something_to_search,
    auto_parameters_need_autotune,
    ranges_in_the_definitions_only,
    ranges_in_one_place,
    definitions_have_ranges,
    something_for_autotune,
)
