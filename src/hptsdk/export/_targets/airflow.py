"""A request as an operator of Apache Airflow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hptsdk._validation import Shape
from hptsdk.export import Document, document_of
from hptsdk.export._code import Call, format_expression
from hptsdk.export._values import values_in

if TYPE_CHECKING:
    from hptsdk.export import Request

_IMPORT = "from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTuningOperator\n"

# What Airflow renders in the strings of a config.
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")


def convert(request: Request) -> Document:
    """Return the code of a SageMakerTuningOperator. Its task id is the name of the job, or `tune` for a template."""
    document, notes = config(request)
    name = request.hyper_parameter_tuning_job_name if isinstance(request, Shape) else "tune"
    call = Call("SageMakerTuningOperator", (), {"task_id": name, "config": document})
    return Document(f"{_IMPORT}\ntune = {format_expression(call, before=len('tune = '))}\n", notes)


def config(request: Request) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the `config` of the operator, and its notes; see `hptsdk.export.airflow`."""
    document = document_of(request, "airflow")
    notes: list[str] = []
    if isinstance(request, Shape):  # the expressions of a template are meant as such
        texts = [path for path, value in values_in(document) if isinstance(value, str) and _TEMPLATE.search(value)]
        notes = [f"{path}: Airflow renders this text as a Jinja template" for path in texts]
    if "InputDataConfig" not in document.get("TrainingJobDefinition", {}):
        # the hook checks the S3 inputs of this definition, and raises KeyError if there are none
        notes.append("TrainingJobDefinition.InputDataConfig: the hook of Airflow fails without it")
    return document, tuple(notes)
