"""A request as a step of Amazon SageMaker Pipelines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hptsdk.export._documents import Document
from hptsdk.wire import to_wire

if TYPE_CHECKING:
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest

__all__ = ["convert", "step"]


def convert(request: CreateHyperParameterTuningJobRequest) -> Document:
    """Return the JSON of a step of the type Tuning, with the name of the tuning job."""
    document, notes = step(request, request.hyper_parameter_tuning_job_name)
    return Document(json.dumps(document, indent=2, ensure_ascii=False), notes)


def step(request: CreateHyperParameterTuningJobRequest, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a step of a pipeline definition.

    Source: https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/

    Args:
        request: a valid request.
        name: the name of the step.
    """
    arguments = to_wire(request)
    del arguments["HyperParameterTuningJobName"]
    note = "HyperParameterTuningJobName: omitted, because a pipeline names the tuning jobs that it creates"
    return {"Name": name, "Type": "Tuning", "Arguments": arguments}, (note,)
