"""A request as a step of Amazon SageMaker Pipelines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hptsdk._validation import Shape
from hptsdk.export import Document, document_of

if TYPE_CHECKING:
    from hptsdk.export import Request


def convert(request: Request) -> Document:
    """Return the JSON of a step of the type Tuning, with the name of the tuning job, or `Tune` for a template."""
    name = request.hyper_parameter_tuning_job_name if isinstance(request, Shape) else "Tune"
    document, notes = step(request, name)
    return Document(json.dumps(document, indent=2, ensure_ascii=False), notes)


def step(request: Request, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a step of a pipeline definition with its note; see `hptsdk.export.pipelines_step`.

    Source: https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
    """
    arguments = document_of(request, "pipelines")
    arguments.pop("HyperParameterTuningJobName", None)
    note = "HyperParameterTuningJobName: omitted, because a pipeline names the tuning jobs that it creates"
    return {"Name": name, "Type": "Tuning", "Arguments": arguments}, (note,)
