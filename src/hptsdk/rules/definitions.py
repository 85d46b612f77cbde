"""The training job definitions of a request, with their paths and their ranges.

Some rules compare a definition with the ranges that its training jobs search. These are ranges of the definition itself
or, if a tuning job has one definition, ranges of the job. Such a rule is one function of the definition and the ranges,
which `Rule.for_parts` applies to both shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk._validation import Part, Step
    from hptsdk.shapes import (
        CreateHyperParameterTuningJobRequest as Request,
        HyperParameterTrainingJobDefinition as Definition,
    )

__all__ = [
    "definitions_of",
    "of_definition",
    "of_job",
    "of_job_only",
    "ranges_of_definition",
    "ranges_of_job",
]


def definitions_of(request: Request) -> list[tuple[tuple[Step, ...], Definition]]:
    """Return the definitions of a request, each with its path.

    Args:
        request: a request with TrainingJobDefinition or TrainingJobDefinitions.

    Returns:
        Pairs of a path, such as `("training_job_definitions", 0)`, and the definition at this path. The list is empty
        if the request has no definition, which is possible for one that other problems make invalid.
    """
    definitions: list[tuple[tuple[Step, ...], Definition]] = []
    if request.training_job_definition is not None:
        definitions.append((("training_job_definition",), request.training_job_definition))
    for index, definition in enumerate(request.training_job_definitions or ()):
        definitions.append((("training_job_definitions", index), definition))
    return definitions


def of_definition(definition: Definition) -> list[Part]:
    """Return a definition and its own ranges.

    Rules of a definition use it with problems at the path of the definition.

    Args:
        definition: any definition; its ranges are None if they are not set.
    """
    return [((), (definition, definition.hyper_parameter_ranges))]


def of_job(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job of one definition.

    Rules of a request use it with problems at the path of the definition. A rule that compares names uses it even
    if the definition has ranges of its own, because both sets of ranges must be valid.

    Args:
        request: any request. One with TrainingJobDefinitions has no part, because each definition has its ranges.
    """
    definition = request.training_job_definition
    if definition is None:
        return []
    ranges = request.hyper_parameter_tuning_job_config.parameter_ranges
    return [(("training_job_definition",), (definition, ranges))]


def of_job_only(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job of one definition that has no ranges of its own.

    A rule that counts or requires something uses it instead of `of_job`, so that a problem is not reported twice.

    Args:
        request: any request.
    """
    definition = request.training_job_definition
    return of_job(request) if definition is not None and definition.hyper_parameter_ranges is None else []


def ranges_of_definition(definition: Definition) -> list[Part]:
    """Return a definition and its own ranges, at the path of the ranges."""
    return [(("hyper_parameter_ranges",), (definition, definition.hyper_parameter_ranges))]


def ranges_of_job(request: Request) -> list[Part]:
    """Return the definition and the ranges of a job of one definition, at the path of the ranges."""
    return [(("hyper_parameter_tuning_job_config", "parameter_ranges"), arguments) for _, arguments in of_job(request)]
