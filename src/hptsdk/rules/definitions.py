"""The training job definitions of a request, with their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hptsdk._validation import Step
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest, HyperParameterTrainingJobDefinition

__all__ = ["definitions_of"]


def definitions_of(
    request: CreateHyperParameterTuningJobRequest,
) -> list[tuple[tuple[Step, ...], HyperParameterTrainingJobDefinition]]:
    """Return the definitions with their paths: the single one and those of the list."""
    definitions: list[tuple[tuple[Step, ...], HyperParameterTrainingJobDefinition]] = []
    if request.training_job_definition is not None:
        definitions.append((("training_job_definition",), request.training_job_definition))
    if request.training_job_definitions is not None:
        for index, definition in enumerate(request.training_job_definitions):
            definitions.append((("training_job_definitions", index), definition))
    return definitions
