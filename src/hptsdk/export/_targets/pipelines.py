"""A request as a step of Amazon SageMaker Pipelines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hptsdk._validation import Shape
from hptsdk.export import Document, document_of

if TYPE_CHECKING:
    from hptsdk.export import Request
    from hptsdk.shapes import CreateHyperParameterTuningJobRequest
    from hptsdk.wire import Template


def pipelines_step(
    request: CreateHyperParameterTuningJobRequest | Template[CreateHyperParameterTuningJobRequest], name: str
) -> dict[str, Any]:
    """Return a request as a step of the type Tuning in a pipeline definition of Amazon SageMaker Pipelines.

    The step has no HyperParameterTuningJobName, because a pipeline generates the names of its tuning jobs.

    See https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html

    Args:
        request: a valid request, or a template with the syntax "pipelines".
        name: the name of the step, unique in the pipeline.

    Raises:
        ValueError: the template has another syntax.
    """
    return _step(request, name)[0]


def convert(request: Request) -> Document:
    """Return the JSON of a step of the type Tuning, with the name of the tuning job, or `Tune` for a template."""
    name = request.hyper_parameter_tuning_job_name if isinstance(request, Shape) else "Tune"
    document, notes = _step(request, name)
    return Document(json.dumps(document, indent=2, ensure_ascii=False), notes)


def _step(request: Request, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a step of a pipeline definition with its note.

    Source: https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
    """
    arguments = document_of(request, "pipelines")
    arguments.pop("HyperParameterTuningJobName", None)
    note = "HyperParameterTuningJobName: omitted, because a pipeline names the tuning jobs that it creates"
    return {"Name": name, "Type": "Tuning", "Arguments": arguments}, (note,)
